/* A recent history exchange: to all bindings like a fanout, and the last messages once more to
 * each new binding (AMQP.md 10e.4). */
#include "core/broker/argument.h"
#include "core/broker/exchange.h"
#include "core/broker/header.h"
#include "core/broker/queue.h"
#include "core/broker/vhost.h"

#define LENGTH "x-recent-history-length"
#define LENGTH_DEFAULT 20

typedef struct {
    GQueue messages; /* of GmqMessage, oldest first; owned */
    uint64_t length_max;
    GmqRoute route; /* of what is published again to an exchange */
} History;

static bool
check_arguments(GmqSlice arguments, GmqFault *fault)
{
    GmqValue length;

    if (!gmq_table_find(arguments, GMQ_SLICE(LENGTH), &length) ||
        (gmq_value_is_integer(&length) && length.integer > 0))
        return true;

    g_autofree char *text = gmq_argument_format(&length);
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "Invalid argument %s, '" LENGTH "' must be a positive integer", text);
}

static void *
new_state(GmqExchange *exchange)
{
    History *history = g_new0(History, 1);
    GmqValue length;

    history->length_max = gmq_table_find(exchange->arguments, GMQ_SLICE(LENGTH), &length)
                              ? (uint64_t)length.integer
                              : LENGTH_DEFAULT;
    gmq_route_init(&history->route, exchange->vhost->host);
    return history;
}

static void
forget_oldest(History *history)
{
    gmq_message_unref(g_queue_pop_head(&history->messages));
}

static void
free_state(void *data)
{
    History *history = data;

    while (history->messages.length > 0)
        forget_oldest(history);
    gmq_route_clear(&history->route);
    g_free(history);
}

static bool
is_not_stored(const GmqMessage *message)
{
    GmqValue value;

    return gmq_message_find_header(message, GMQ_SLICE("x-recent-history-no-store"), &value) &&
           value.type == GMQ_VALUE_BOOL && value.integer != 0;
}

static void
keep(GmqExchange *exchange, GmqMessage *message)
{
    History *history = exchange->state;

    if (is_not_stored(message))
        return;
    g_queue_push_tail(&history->messages, gmq_message_ref(message));
    if (history->messages.length > history->length_max)
        forget_oldest(history);
}

static void
publish_to_exchange(GmqRoute *route, GmqExchange *exchange, GmqMessage *message)
{
    GmqFault ignored;

    if (gmq_route_message(route, exchange, message, &ignored))
        gmq_route_hand_out(route, message);
}

/* What is kept in a journal for one queue is another message for the next. */
static GmqMessage *
retell(GmqMessage *message)
{
    return gmq_message_id(message) == 0 ? gmq_message_ref(message) : gmq_message_clone(message);
}

/* Through exchanges that are bound in a circle a message comes back here, and is kept once more:
 * only what was there before is told. */
static void
bound(GmqExchange *exchange, const GmqBinding *binding)
{
    History *history = exchange->state;
    unsigned count   = history->messages.length;
    GPtrArray *told  = g_ptr_array_new_full(count, (GDestroyNotify)gmq_message_unref);

    for (GList *link = history->messages.head; link != NULL; link = link->next)
        g_ptr_array_add(told, retell(link->data));
    for (unsigned i = 0; i < told->len; i++) {
        if (binding->queue != NULL)
            gmq_queue_publish(binding->queue, g_ptr_array_index(told, i));
        else
            publish_to_exchange(&history->route, binding->exchange, g_ptr_array_index(told, i));
    }
    g_ptr_array_unref(told);
}

static void
route_to_all(const GmqExchange *exchange, GmqRoute *route)
{
    for (GList *link = exchange->bindings.head; link != NULL; link = link->next)
        gmq_route_take(route, link->data);
}

const GmqExchangeType gmq_exchange_recent_history = {
    .name            = "x-recent-history",
    .is_cacheable    = false, /* each message must be seen */
    .check_arguments = check_arguments,
    .new_state       = new_state,
    .free_state      = free_state,
    .bound           = bound,
    .keep            = keep,
    .route           = route_to_all,
};
