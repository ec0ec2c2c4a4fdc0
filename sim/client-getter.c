/* A client that is sent nothing: it asks for a message (basic.get), works on it, and asks again. */
#include "sim/exponential.h"
#include "sim/hands.h"
#include "sim/world-private.h"

typedef struct {
    GmqSimClient *client;
    GmqHands *hands;
    GmqRandom random; /* of exponential pauses */
    int64_t due_ns;   /* not before this it asks again */
    uint64_t n_empty; /* answers in a row that there is nothing */
    uint64_t ticket;  /* of the next question; 0: none */
    bool is_asking;   /* the answer has not come yet */
} Getter;

/* ---- asking ---- */

static void
on_ask(void *data)
{
    Getter *getter            = data;
    GmqSimClient *client      = getter->client;
    const GmqClientSpec *spec = client->spec;
    int64_t pause_ns =
        spec->ask_exponential ? gmq_exponential(&getter->random, spec->ask_ns) : spec->ask_ns;

    getter->ticket = 0;
    if (__builtin_add_overflow(gmq_sim_client_now(client), pause_ns, &getter->due_ns))
        getter->due_ns = INT64_MAX;
    getter->is_asking = true;
    gmq_client_send(client->amqp, GMQ_SIM_CHANNEL,
                    &(GmqMethod){.id        = GMQ_BASIC_GET,
                                 .basic_get = {
                                     .queue  = gmq_slice_of(spec->from),
                                     .no_ack = spec->ack == GMQ_ACK_AUTO,
                                 }});
    gmq_sim_client_flush(client);
}

/* It asks when its hands are empty, and when its pause is over. */
static void
plan_question(Getter *getter)
{
    GmqSimClient *client = getter->client;

    if (client->state != GMQ_SIM_READY || getter->ticket != 0 || getter->is_asking ||
        !gmq_hands_is_idle(getter->hands))
        return;
    int64_t time_ns = MAX(getter->due_ns, gmq_sim_client_now(client));
    getter->ticket =
        gmq_sim_client_plan(client, time_ns - gmq_sim_client_now(client), GMQ_PHASE_CLIENT,
                            "a client asks for a message", on_ask, getter);
}

static void
on_ready(void *role)
{
    plan_question(role);
}

static void
on_idle(void *role)
{
    plan_question(role);
}

/* ---- answers ---- */

static void
on_got(void *role, const GmqBasicGetOk *got, const GmqClientContent *content)
{
    Getter *getter     = role;
    GmqReceipt receipt = {got->delivery_tag, got->routing_key, got->redelivered};

    getter->is_asking = false;
    getter->n_empty   = 0;
    gmq_hands_take(getter->hands, &receipt, content);
}

static void
on_empty(void *role)
{
    Getter *getter       = role;
    GmqSimClient *client = getter->client;

    getter->is_asking = false;
    getter->n_empty++;
    gmq_sim_client_note(client, (GmqEvent){.kind  = GMQ_EVENT_CLIENT_EMPTY,
                                           .to    = gmq_slice_of(client->spec->from),
                                           .count = getter->n_empty});
    plan_question(getter);
}

/* ---- life ---- */

static const GmqHandsClass hands_class = {.idle = on_idle};

static void *
make(GmqSimClient *client)
{
    Getter *getter        = g_new0(Getter, 1);
    g_autofree char *name = g_strconcat("client/", client->spec->name, "/every", NULL);

    getter->client = client;
    getter->hands  = gmq_hands_new(client, &hands_class, getter);
    gmq_streams_open(client->world->streams, &getter->random, name);
    return getter;
}

static void
forget_question(Getter *getter)
{
    gmq_schedule_forget(getter->client->world->schedule, &getter->ticket);
    getter->is_asking = false;
    getter->n_empty   = 0;
}

static void
free_getter(void *role)
{
    Getter *getter = role;

    forget_question(getter);
    gmq_hands_free(getter->hands);
    g_free(getter);
}

static void
on_lost(void *role)
{
    Getter *getter = role;

    forget_question(getter);
    gmq_hands_lost(getter->hands);
}

static void
on_died(void *role)
{
    Getter *getter = role;

    forget_question(getter);
    gmq_hands_died(getter->hands);
}

/* What waits in the queue will be asked for. */
static bool
is_busy(const void *role)
{
    const Getter *getter       = role;
    const GmqSimClient *client = getter->client;
    const GmqQueueTally *queue = gmq_tally_queue(client->world->tally, client->spec->from);

    return gmq_hands_is_busy(getter->hands) || (queue != NULL && queue->ready > 0);
}

const GmqRoleClass gmq_getter_class = {
    .make    = make,
    .free    = free_getter,
    .ready   = on_ready,
    .lost    = on_lost,
    .died    = on_died,
    .got     = on_got,
    .empty   = on_empty,
    .is_busy = is_busy,
};
