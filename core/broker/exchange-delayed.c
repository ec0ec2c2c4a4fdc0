/* A delayed exchange: a message with the header x-delay waits in it for so many milliseconds, and
 * is then routed by the bindings of that moment, as another type does it (AMQP.md 10e.5).
 *
 * Messages leave in the order in which they are due, those of one moment in the order in which they
 * came. Every wait is a timer in a heap of the exchange's own, whose next one is a timer of the
 * broker: many messages that wait make no other timer slower. */
#include "core/base/site.h"
#include "core/broker/argument.h"
#include "core/broker/broker.h"
#include "core/broker/exchange.h"
#include "core/broker/header.h"
#include "core/broker/queue.h"
#include "core/broker/timer.h"
#include "core/broker/vhost.h"

#define TYPE "x-delayed-type"
#define DELAY "x-delay"
#define DELAY_MS_MAX INT64_C(4294967295)
#define NS_PER_MS INT64_C(1000000)

typedef struct {
    GmqExchange *exchange;
    GmqTimers waits; /* of Wait */
    GmqTimer next;   /* of the broker: the first of them */
    GmqRoute route;  /* of those whose time has come */
} Delay;

typedef struct {
    GmqTimer timer; /* first: the heap sees only this */
    Delay *delay;
    GmqMessage *message; /* as it will leave; owned */
} Wait;

/* ---- arguments ---- */

static const GmqExchangeType *
find_router(GmqSlice arguments)
{
    GmqValue type;

    if (!gmq_table_find(arguments, GMQ_SLICE(TYPE), &type) || type.type != GMQ_VALUE_STRING)
        return NULL;

    const GmqExchangeType *found = gmq_exchange_type_find(type.bytes);
    return found == &gmq_exchange_delayed ? NULL : found;
}

static bool
check_arguments(GmqSlice arguments, GmqFault *fault)
{
    const GmqExchangeType *router = find_router(arguments);

    if (router == NULL)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "Invalid argument, '" TYPE "' must be an existing exchange type");
    return router->check_arguments == NULL || router->check_arguments(arguments, fault);
}

static const char *const own_arguments[] = {TYPE, NULL};

/* ---- the messages that wait ---- */

/* How long the message has to wait; 0: not at all. Once it has, its header is negative. */
static int64_t
delay_of(const GmqMessage *message, GmqValue *value)
{
    if (!gmq_message_find_header(message, GMQ_SLICE(DELAY), value) ||
        !gmq_value_is_integer(value) || value->integer > DELAY_MS_MAX)
        return 0;
    return MAX(value->integer, 0);
}

static bool
holds(const GmqExchange *exchange G_GNUC_UNUSED, const GmqMessage *message)
{
    GmqValue ignored;

    return delay_of(message, &ignored) > 0 && !GMQ_BUG(exchange->vhost->host, DELAY_SKIPPED);
}

static void
set_next(Delay *delay)
{
    GmqTimers *timers = gmq_broker_timers(delay->exchange->vhost->broker);
    int64_t due_ns    = gmq_timers_next(&delay->waits);

    if (due_ns == INT64_MAX || GMQ_BUG(delay->exchange->vhost->host, DELAY_ENDLESS))
        gmq_timer_stop(timers, &delay->next);
    else if (delay->next.place == 0 || delay->next.due_ns != due_ns)
        gmq_timer_start(timers, &delay->next, due_ns);
}

static void
free_wait(Wait *wait)
{
    gmq_message_unref(wait->message);
    g_free(wait);
}

/* The message leaves: it never holds itself up again, since its header is negative. */
static void
on_due(GmqTimer *timer)
{
    Wait *wait   = (Wait *)timer;
    Delay *delay = wait->delay;
    GmqFault ignored;

    if (gmq_route_message(&delay->route, delay->exchange, wait->message, &ignored))
        gmq_route_hand_out(&delay->route, wait->message);
    free_wait(wait);
}

static void
on_next(GmqTimer *timer)
{
    Delay *delay  = (Delay *)((char *)timer - offsetof(Delay, next));
    GmqHost *host = delay->exchange->vhost->host;

    gmq_timers_fire(&delay->waits, host->now(host));
    set_next(delay);
}

static uint64_t
note_held(const GmqExchange *exchange, const GmqMessage *message, int64_t delay_ms)
{
    GmqHost *host = exchange->vhost->host;

    if (gmq_host_is_unheard(host))
        return 0;
    return host->note(host, &(GmqEvent){.kind    = GMQ_EVENT_HELD,
                                        .vhost   = &exchange->vhost->name,
                                        .cause   = message->event,
                                        .who     = exchange->name,
                                        .message = message->number,
                                        .count   = (uint64_t)delay_ms});
}

/* Only signed types can say that the wait is over. */
static GmqValueType
signed_type(GmqValueType type)
{
    return type == GMQ_VALUE_U8 || type == GMQ_VALUE_U16 || type == GMQ_VALUE_U32 ? GMQ_VALUE_I64
                                                                                  : type;
}

static void
keep(GmqExchange *exchange, GmqMessage *message)
{
    Delay *delay  = exchange->delay;
    GmqHost *host = exchange->vhost->host;
    Wait *wait    = g_new0(Wait, 1);
    GmqValue value;
    int64_t delay_ms = delay_of(message, &value);

    value.type           = signed_type(value.type);
    value.integer        = -delay_ms;
    wait->delay          = delay;
    wait->timer.fire     = on_due;
    wait->message        = gmq_message_copy_with_header(message, GMQ_SLICE(DELAY), &value);
    wait->message->event = note_held(exchange, message, delay_ms);
    gmq_timer_start(&delay->waits, &wait->timer,
                    host->now(host) + delay_ms * NS_PER_MS / (GMQ_BUG(host, DELAY_SHORT) ? 2 : 1));
    set_next(delay);
}

/* ---- life ---- */

static void *
new_state(GmqExchange *exchange)
{
    Delay *delay = g_new0(Delay, 1);

    delay->exchange  = exchange;
    delay->next.fire = on_next;
    gmq_timers_init(&delay->waits);
    gmq_route_init(&delay->route, exchange->vhost->host);
    return delay;
}

/* What still waits is lost with the exchange. */
static void
free_state(void *data)
{
    Delay *delay = data;

    gmq_timer_stop(gmq_broker_timers(delay->exchange->vhost->broker), &delay->next);
    for (unsigned i = 0; i < delay->waits.heap->len; i++)
        free_wait(g_ptr_array_index(delay->waits.heap, i));
    gmq_timers_clear(&delay->waits);
    gmq_route_clear(&delay->route);
    g_free(delay);
}

/* Without headers no message waits, so a route may be remembered. */
const GmqExchangeType gmq_exchange_delayed = {
    .name            = "x-delayed-message",
    .is_cacheable    = true,
    .find_router     = find_router,
    .check_arguments = check_arguments,
    .own_arguments   = own_arguments,
    .new_state       = new_state,
    .free_state      = free_state,
    .holds           = holds,
    .keep            = keep,
};
