/* What a producer does with confirms, and without them. */
#include "sim/producer.h"

static void on_timeout(void *data);

static GmqSentPublish *
sent_at(const GmqProducer *producer, unsigned index)
{
    return &g_array_index(producer->sent, GmqSentPublish, index);
}

static bool
is_awaited(const GmqSentPublish *sent)
{
    return !sent->is_answered && !sent->is_given_up;
}

static bool
is_to_be_repeated(const GmqProducer *producer)
{
    GmqThen then = producer->spec->then;
    return then == GMQ_THEN_REPUBLISH || then == GMQ_THEN_RECONNECT;
}

/* The oldest publish without an answer decides when waiting ends. */
static void
plan_timeout(GmqProducer *producer)
{
    int64_t time_ns = INT64_MAX;

    if (producer->spec->timeout_ns == 0)
        return;
    gmq_schedule_forget(producer->client->world->schedule, &producer->timeout_ticket);
    for (unsigned i = 0; i < producer->sent->len && time_ns == INT64_MAX; i++) {
        const GmqSentPublish *sent = sent_at(producer, i);

        if (is_awaited(sent) &&
            __builtin_add_overflow(sent->sent_ns, producer->spec->timeout_ns, &time_ns))
            time_ns = INT64_MAX;
    }
    if (time_ns != INT64_MAX)
        producer->timeout_ticket =
            gmq_sim_client_plan(producer->client, time_ns - gmq_sim_client_now(producer->client),
                                GMQ_PHASE_CLIENT, "a confirm is late", on_timeout, producer);
}

void
gmq_confirms_add(GmqProducer *producer, uint64_t n)
{
    GmqSentPublish sent = {
        .tag     = gmq_client_published(producer->client->amqp, GMQ_SIM_CHANNEL),
        .n       = n,
        .sent_ns = gmq_sim_client_now(producer->client),
    };

    if (producer->spec->window == 0)
        return;
    g_array_append_val(producer->sent, sent);
    producer->waiting++;
    if (producer->timeout_ticket == 0)
        plan_timeout(producer);
}

/* ---- answers ---- */

/* Forgets what is answered, from the oldest on. */
static void
tidy(GmqProducer *producer)
{
    unsigned n = 0;

    while (n < producer->sent->len && sent_at(producer, n)->is_answered)
        n++;
    if (n > 0)
        g_array_remove_range(producer->sent, 0, n);
}

/* A nack is as good as no answer in time, but nobody need wait for it. */
static void
answer(GmqProducer *producer, GmqSentPublish *sent, bool is_ack, uint64_t cause)
{
    bool was_awaited = is_awaited(sent);

    if (sent->is_answered)
        return;
    sent->is_answered = true;
    producer->waiting -= was_awaited;
    gmq_producer_note(producer, is_ack ? GMQ_EVENT_CLIENT_CONFIRMED : GMQ_EVENT_CLIENT_NACKED,
                      sent->n, sent->tag, cause);
    if (!is_ack && was_awaited && is_to_be_repeated(producer))
        g_array_append_val(producer->again, sent->n);
}

static void
on_stop(void *data)
{
    GmqProducer *producer = data;

    producer->ticket = 0;
    gmq_sim_client_stop(producer->client);
}

/* A step of its own: the client is in the middle of reading. */
static void
plan_stop(GmqProducer *producer)
{
    gmq_schedule_forget(producer->client->world->schedule, &producer->ticket);
    producer->ticket = gmq_sim_client_plan(producer->client, 0, GMQ_PHASE_CLIENT, "a client stops",
                                           on_stop, producer);
}

void
gmq_confirms_arrived(GmqProducer *producer, uint64_t number, bool multiple, bool is_ack)
{
    uint64_t cause = gmq_sim_peer_take_sent(producer->client->peer, GMQ_SENT_CONFIRM);

    for (unsigned i = 0; i < producer->sent->len && sent_at(producer, i)->tag <= number; i++) {
        if (multiple || sent_at(producer, i)->tag == number)
            answer(producer, sent_at(producer, i), is_ack, cause);
    }
    tidy(producer);
    if (!is_ack && producer->spec->then == GMQ_THEN_STOP) {
        plan_stop(producer);
        return;
    }
    plan_timeout(producer);
    gmq_producer_plan_step(producer);
}

/* ---- no answer ---- */

void
gmq_confirms_lost(GmqProducer *producer)
{
    for (unsigned i = 0; i < producer->sent->len && is_to_be_repeated(producer); i++) {
        const GmqSentPublish *sent = sent_at(producer, i);

        if (is_awaited(sent))
            g_array_append_val(producer->again, sent->n);
    }
    g_array_set_size(producer->sent, 0);
    producer->waiting = 0;
    gmq_schedule_forget(producer->client->world->schedule, &producer->timeout_ticket);
}

void
gmq_confirms_forget(GmqProducer *producer)
{
    g_array_set_size(producer->sent, 0);
    g_array_set_size(producer->again, 0);
    producer->waiting = 0;
    gmq_schedule_forget(producer->client->world->schedule, &producer->timeout_ticket);
}

/* Gives up all that are late by now. */
static void
give_up(GmqProducer *producer)
{
    for (unsigned i = 0; i < producer->sent->len; i++) {
        GmqSentPublish *sent = sent_at(producer, i);
        int64_t waited_ns    = gmq_sim_client_now(producer->client) - sent->sent_ns;

        if (!is_awaited(sent) || waited_ns < producer->spec->timeout_ns)
            continue;
        sent->is_given_up = true;
        producer->waiting--;
        gmq_producer_note(producer, GMQ_EVENT_CLIENT_GAVE_UP, sent->n, sent->tag, 0);
        if (producer->spec->then == GMQ_THEN_REPUBLISH)
            g_array_append_val(producer->again, sent->n);
    }
}

static void
on_timeout(void *data)
{
    GmqProducer *producer = data;

    producer->timeout_ticket = 0;
    switch (producer->spec->then) {
    case GMQ_THEN_RECONNECT:
        gmq_sim_client_drop(producer->client, "no confirm in time");
        return;
    case GMQ_THEN_STOP:
        gmq_sim_client_stop(producer->client);
        return;
    default:
        give_up(producer);
        plan_timeout(producer);
        gmq_producer_plan_step(producer);
    }
}
