#include "sim/outgoing.h"
#include "sim/world-private.h"

/* So much of a body is shown with the event that it was sent. */
#define SHOWN_BODY_MAX 60

/* A publish that has not been confirmed. */
typedef struct {
    uint64_t tag;
    uint64_t n;
    int64_t sent_ns;
    bool is_answered;
    bool is_given_up; /* its confirm did not come in time */
} Sent;

typedef struct {
    GmqSimClient *client;
    const GmqClientSpec *spec;
    GmqOutgoing outgoing;
    GString *name; /* for messages that were sent before */
    uint64_t next; /* number of the next message */
    int64_t due_ns;
    GArray *sent;     /* of Sent, oldest first */
    GArray *again;    /* of uint64_t: numbers to be sent once more */
    unsigned waiting; /* of sent: neither answered nor given up */
    uint64_t ticket;  /* of the next step; 0: none */
    uint64_t timeout_ticket;
    bool is_blocked; /* what was sent last is not on its way yet */
    bool is_idle;    /* and that was told */
} Producer;

static void on_step(void *data);
static void on_timeout(void *data);

/* ---- making ---- */

static void *
make(GmqSimClient *client)
{
    Producer *producer = g_new0(Producer, 1);

    producer->client = client;
    producer->spec   = client->spec;
    producer->name   = g_string_new(NULL);
    producer->next   = 1;
    producer->sent   = g_array_new(FALSE, FALSE, sizeof(Sent));
    producer->again  = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    gmq_outgoing_init(&producer->outgoing);
    return producer;
}

static void
free_producer(void *role)
{
    Producer *producer = role;

    gmq_schedule_forget(producer->client->world->schedule, &producer->ticket);
    gmq_schedule_forget(producer->client->world->schedule, &producer->timeout_ticket);
    gmq_outgoing_clear(&producer->outgoing);
    g_string_free(producer->name, TRUE);
    g_array_unref(producer->sent);
    g_array_unref(producer->again);
    g_free(producer);
}

static int64_t
now(const Producer *producer)
{
    return gmq_world_now(producer->client->world);
}

static Sent *
sent_at(const Producer *producer, unsigned index)
{
    return &g_array_index(producer->sent, Sent, index);
}

/* ---- when to send ---- */

static bool
has_more(const Producer *producer)
{
    return producer->again->len > 0 || producer->next <= producer->spec->publish.count;
}

static bool
is_done(const Producer *producer)
{
    return !has_more(producer) && producer->waiting == 0;
}

static void
tell_idle(Producer *producer)
{
    if (producer->is_idle || !is_done(producer))
        return;
    producer->is_idle = true;
    gmq_timeline_client_is(producer->client->world->timeline, producer->spec->name, GMQ_IS_IDLE);
}

static bool
has_room(const Producer *producer)
{
    const GmqClientSpec *spec = producer->spec;

    if (spec->publish.after_confirm && producer->again->len == 0)
        return producer->waiting == 0;
    return spec->window == 0 || producer->waiting < spec->window;
}

/* The next message is a step of its own, so that one that is due now comes after whatever else
 * happens in this instant. */
static void
plan_step(Producer *producer)
{
    bool is_ready = producer->client->state == GMQ_SIM_READY;

    tell_idle(producer);
    if (producer->ticket != 0 || !is_ready || producer->is_blocked || !has_more(producer) ||
        !has_room(producer))
        return;
    int64_t due_ns   = producer->again->len > 0 ? now(producer) : producer->due_ns;
    producer->ticket = gmq_schedule_add(producer->client->world->schedule, due_ns, GMQ_PHASE_CLIENT,
                                        "a client sends", on_step, producer);
}

/* The oldest publish without an answer decides when waiting ends. */
static void
plan_timeout(Producer *producer)
{
    int64_t time_ns = INT64_MAX;

    if (producer->spec->timeout_ns == 0)
        return;
    gmq_schedule_forget(producer->client->world->schedule, &producer->timeout_ticket);
    for (unsigned i = 0; i < producer->sent->len && time_ns == INT64_MAX; i++) {
        const Sent *sent = sent_at(producer, i);

        if (!sent->is_answered && !sent->is_given_up &&
            __builtin_add_overflow(sent->sent_ns, producer->spec->timeout_ns, &time_ns))
            time_ns = INT64_MAX;
    }
    if (time_ns != INT64_MAX)
        producer->timeout_ticket =
            gmq_schedule_add(producer->client->world->schedule, time_ns, GMQ_PHASE_CLIENT,
                             "a confirm is late", on_timeout, producer);
}

/* ---- sending ---- */

static GmqSlice
shown_body(const GString *body)
{
    const char *end = body->str + MIN(body->len, SHOWN_BODY_MAX);

    if (body->len > SHOWN_BODY_MAX)
        end = g_utf8_find_prev_char(body->str, end + 1);
    return (GmqSlice){(const uint8_t *)body->str, (size_t)(end - body->str)};
}

static void
note_sent(Producer *producer)
{
    const GmqOutgoing *outgoing = &producer->outgoing;

    gmq_sim_client_note(producer->client,
                        (GmqEvent){.kind       = GMQ_EVENT_CLIENT_SENT,
                                   .to         = gmq_slice_of(outgoing->exchange),
                                   .key        = gmq_slice_of(outgoing->key->str),
                                   .message_id = gmq_slice_of(outgoing->name->str),
                                   .count      = outgoing->is_persistent,
                                   .text       = shown_body(outgoing->body)});
}

static void
remember(Producer *producer, uint64_t n)
{
    Sent sent = {
        .tag     = gmq_client_published(producer->client->amqp, GMQ_SIM_CHANNEL),
        .n       = n,
        .sent_ns = now(producer),
    };

    if (producer->spec->window == 0)
        return;
    g_array_append_val(producer->sent, sent);
    producer->waiting++;
    if (producer->timeout_ticket == 0)
        plan_timeout(producer);
}

static void
publish(Producer *producer, uint64_t n)
{
    GmqOutgoing *outgoing = &producer->outgoing;
    GmqSimClient *client  = producer->client;

    gmq_outgoing_fill(outgoing, producer->spec, n);
    GmqBasicPublish method = {
        .exchange    = gmq_slice_of(outgoing->exchange),
        .routing_key = {(const uint8_t *)outgoing->key->str, outgoing->key->len},
        .mandatory   = outgoing->is_mandatory,
    };
    GmqSlice body = {(const uint8_t *)outgoing->body->str, outgoing->body->len};

    gmq_check_sent(client->world->check, client->peer->name, outgoing);
    note_sent(producer);
    if (gmq_client_publish(client->amqp, GMQ_SIM_CHANNEL, &method, &outgoing->properties, body))
        remember(producer, n);
    gmq_sim_client_flush(client);
}

/* The number of the message whose turn it is. */
static uint64_t
take_number(Producer *producer)
{
    if (producer->again->len > 0) {
        uint64_t n = g_array_index(producer->again, uint64_t, 0);
        g_array_remove_index(producer->again, 0);
        return n;
    }
    if (__builtin_add_overflow(now(producer), producer->spec->publish.every_ns, &producer->due_ns))
        producer->due_ns = INT64_MAX;
    return producer->next++;
}

static void
on_step(void *data)
{
    Producer *producer   = data;
    GmqSimClient *client = producer->client;

    producer->ticket = 0;
    publish(producer, take_number(producer));
    producer->is_blocked = client->amqp != NULL && gmq_client_output(client->amqp).size > 0;
    plan_step(producer);
}

static void
on_room(void *role)
{
    Producer *producer = role;

    if (!producer->is_blocked)
        return;
    producer->is_blocked = false;
    plan_step(producer);
}

static void
on_ready(void *role)
{
    Producer *producer   = role;
    GmqSimClient *client = producer->client;

    if (producer->spec->window > 0)
        gmq_client_send(client->amqp, GMQ_SIM_CHANNEL, &(GmqMethod){.id = GMQ_CONFIRM_SELECT});
    producer->due_ns     = MAX(producer->due_ns, now(producer));
    producer->is_blocked = false;
    plan_step(producer);
}

/* ---- answers ---- */

static void
note_answer(Producer *producer, const Sent *sent, bool is_ack, uint64_t cause)
{
    gmq_outgoing_set_name(producer->name, producer->spec->name, sent->n);
    gmq_sim_client_note(producer->client,
                        (GmqEvent){
                            .kind  = is_ack ? GMQ_EVENT_CLIENT_CONFIRMED : GMQ_EVENT_CLIENT_NACKED,
                            .cause = cause,
                            .message_id = gmq_slice_of(producer->name->str),
                            .tag        = sent->tag,
                        });
}

static void
answer(Producer *producer, Sent *sent, bool is_ack, uint64_t cause)
{
    if (sent->is_answered)
        return;
    sent->is_answered = true;
    producer->waiting -= !sent->is_given_up;
    note_answer(producer, sent, is_ack, cause);
}

/* Forgets what is answered, from the oldest on. */
static void
tidy(Producer *producer)
{
    unsigned n = 0;

    while (n < producer->sent->len && sent_at(producer, n)->is_answered)
        n++;
    if (n > 0)
        g_array_remove_range(producer->sent, 0, n);
}

static void
on_confirmed(void *role, uint64_t number, bool multiple, bool is_ack)
{
    Producer *producer = role;
    uint64_t cause     = gmq_sim_peer_take_sent(producer->client->peer, GMQ_SENT_CONFIRM);

    for (unsigned i = 0; i < producer->sent->len && sent_at(producer, i)->tag <= number; i++) {
        if (multiple || sent_at(producer, i)->tag == number)
            answer(producer, sent_at(producer, i), is_ack, cause);
    }
    tidy(producer);
    plan_timeout(producer);
    plan_step(producer);
}

static void
on_returned(void *role, const GmqBasicReturn *method, const GmqClientContent *content)
{
    Producer *producer = role;
    uint64_t cause     = gmq_sim_peer_take_sent(producer->client->peer, GMQ_SENT_RETURN);
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(content->header, &properties, &fault))
        return;
    gmq_check_received(producer->client->world->check, producer->spec->name, &properties, content);
    gmq_sim_client_note(producer->client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_RETURNED,
                                                     .cause      = cause,
                                                     .message_id = properties.message_id,
                                                     .key        = method->routing_key,
                                                     .count      = method->reply_code,
                                                     .text       = method->reply_text});
}

/* ---- no answer ---- */

/* What may have been lost is sent again, oldest first. */
static void
send_again(Producer *producer)
{
    for (unsigned i = 0; i < producer->sent->len; i++) {
        const Sent *sent = sent_at(producer, i);

        if (!sent->is_answered && !sent->is_given_up)
            g_array_append_val(producer->again, sent->n);
    }
}

static void
forget_sent(Producer *producer)
{
    g_array_set_size(producer->sent, 0);
    producer->waiting = 0;
    gmq_schedule_forget(producer->client->world->schedule, &producer->ticket);
    gmq_schedule_forget(producer->client->world->schedule, &producer->timeout_ticket);
}

static void
on_lost(void *role)
{
    Producer *producer = role;
    GmqThen then       = producer->spec->then;

    if (then == GMQ_THEN_REPUBLISH || then == GMQ_THEN_RECONNECT)
        send_again(producer);
    forget_sent(producer);
}

static void
on_died(void *role)
{
    Producer *producer = role;

    forget_sent(producer);
    g_array_set_size(producer->again, 0);
}

/* Gives up all that are late by now. */
static void
give_up(Producer *producer)
{
    for (unsigned i = 0; i < producer->sent->len; i++) {
        Sent *sent = sent_at(producer, i);

        if (sent->is_answered || sent->is_given_up ||
            now(producer) - sent->sent_ns < producer->spec->timeout_ns)
            continue;
        sent->is_given_up = true;
        producer->waiting--;
        if (producer->spec->then == GMQ_THEN_REPUBLISH)
            g_array_append_val(producer->again, sent->n);
    }
}

static void
on_timeout(void *data)
{
    Producer *producer = data;

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
        plan_step(producer);
    }
}

static bool
is_busy(const void *role)
{
    return !is_done(role);
}

const GmqRoleClass gmq_producer_class = {
    .make      = make,
    .free      = free_producer,
    .ready     = on_ready,
    .lost      = on_lost,
    .room      = on_room,
    .died      = on_died,
    .returned  = on_returned,
    .confirmed = on_confirmed,
    .is_busy   = is_busy,
};
