#include "sim/exponential.h"
#include "sim/producer.h"

/* So much of a body is shown with the event that it was sent. */
#define SHOWN_BODY_MAX 60

static void on_step(void *data);

/* ---- making ---- */

void
gmq_producer_init(GmqProducer *producer, GmqSimClient *client)
{
    g_autofree char *pause = g_strconcat("client/", client->spec->name, "/every", NULL);

    producer->client = client;
    producer->spec   = client->spec;
    producer->left   = client->spec->publish.count;
    producer->name   = g_string_new(NULL);
    producer->sent   = g_array_new(FALSE, FALSE, sizeof(GmqSentPublish));
    producer->wished = g_array_new(FALSE, FALSE, sizeof(GmqWishedMessage));
    producer->again  = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    producer->batch  = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    gmq_outgoing_init(&producer->outgoing);
    gmq_random_init(&producer->pause, client->world->seed, pause);
}

static void *
make(GmqSimClient *client)
{
    GmqProducer *producer = g_new0(GmqProducer, 1);

    gmq_producer_init(producer, client);
    return producer;
}

void
gmq_producer_clear(GmqProducer *producer)
{
    gmq_schedule_forget(producer->client->world->schedule, &producer->ticket);
    gmq_schedule_forget(producer->client->world->schedule, &producer->timeout_ticket);
    gmq_outgoing_clear(&producer->outgoing);
    g_string_free(producer->name, TRUE);
    g_array_unref(producer->sent);
    g_array_unref(producer->wished);
    g_array_unref(producer->again);
    g_array_unref(producer->batch);
}

static void
free_producer(void *role)
{
    gmq_producer_clear(role);
    g_free(role);
}

static int64_t
now(const GmqProducer *producer)
{
    return gmq_sim_client_now(producer->client);
}

void
gmq_producer_note(GmqProducer *producer, GmqEventKind kind, uint64_t n, uint64_t tag,
                  uint64_t cause)
{
    gmq_outgoing_set_name(producer->name, producer->spec->name, n);
    gmq_sim_client_note(producer->client,
                        (GmqEvent){.kind       = kind,
                                   .cause      = cause,
                                   .message_id = gmq_slice_of(producer->name->str),
                                   .tag        = tag});
}

/* ---- when to send ---- */

bool
gmq_producer_has_more(const GmqProducer *producer)
{
    return producer->again->len > 0 || producer->left > 0;
}

bool
gmq_producer_is_done(const GmqProducer *producer)
{
    return !gmq_producer_has_more(producer) && producer->waiting == 0 && producer->batch->len == 0;
}

void
gmq_producer_tell_idle(GmqProducer *producer)
{
    const GmqSimClient *client = producer->client;

    if (producer->is_idle || client->class_->is_busy(client->role))
        return;
    producer->is_idle = true;
    gmq_timeline_client_is(client->world->timeline, producer->spec->name, GMQ_IS_IDLE);
}

static bool
has_room(const GmqProducer *producer)
{
    const GmqClientSpec *spec = producer->spec;

    if (producer->is_ending || (spec->publish.after_reply && producer->asked > 0))
        return false;
    if (spec->publish.after_confirm && producer->again->len == 0)
        return producer->waiting == 0;
    return spec->window == 0 || producer->waiting < spec->window;
}

/* The next message is a step of its own, so that one that is due now comes after whatever else
 * happens in this instant. */
void
gmq_producer_plan_step(GmqProducer *producer)
{
    bool is_ready = producer->client->state == GMQ_SIM_READY && !producer->is_held;

    gmq_producer_tell_idle(producer);
    if (producer->ticket != 0 || !is_ready || producer->is_blocked ||
        !gmq_producer_has_more(producer) || !has_room(producer))
        return;
    int64_t due_ns   = producer->again->len > 0 ? now(producer) : producer->due_ns;
    producer->ticket = gmq_sim_client_plan(producer->client, due_ns - now(producer),
                                           GMQ_PHASE_CLIENT, "a client sends", on_step, producer);
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

bool
gmq_sim_client_publish(GmqSimClient *client, const GmqOutgoing *outgoing)
{
    GmqBasicPublish method = {
        .exchange    = gmq_slice_of(outgoing->exchange),
        .routing_key = {(const uint8_t *)outgoing->key->str, outgoing->key->len},
        .mandatory   = outgoing->is_mandatory,
    };
    GmqSlice body = {(const uint8_t *)outgoing->body->str, outgoing->body->len};

    client->world->body_bytes += body.size;
    gmq_check_sent(client->world->check, client->peer->name, outgoing);
    gmq_sim_client_note(client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_SENT,
                                           .to         = gmq_slice_of(outgoing->exchange),
                                           .key        = gmq_slice_of(outgoing->key->str),
                                           .message_id = gmq_slice_of(outgoing->name->str),
                                           .count      = outgoing->is_persistent,
                                           .text       = shown_body(outgoing->body)});
    return gmq_client_publish(client->amqp, GMQ_SIM_CHANNEL, &method, &outgoing->properties, body);
}

void
gmq_sim_client_publish_spec(GmqSimClient *client, const GmqMessageSpec *message)
{
    GmqOutgoing outgoing;

    gmq_outgoing_init(&outgoing);
    gmq_outgoing_fill_line(&outgoing, client->spec, message, ++client->n_named);
    gmq_sim_client_publish(client, &outgoing);
    gmq_outgoing_clear(&outgoing);
    gmq_sim_client_flush(client);
}

static void
fill(GmqProducer *producer, uint64_t n)
{
    for (unsigned i = 0; i < producer->wished->len; i++) {
        const GmqWishedMessage *wished = &g_array_index(producer->wished, GmqWishedMessage, i);

        if (wished->n != n)
            continue;
        gmq_outgoing_fill_line(&producer->outgoing, producer->spec, wished->line, n);
        return;
    }
    gmq_outgoing_fill(&producer->outgoing, producer->spec, n);
}

static void
publish(GmqProducer *producer, uint64_t n)
{
    GmqSimClient *client = producer->client;

    fill(producer, n);
    if (producer->prepare != NULL)
        producer->prepare(producer, &producer->outgoing);
    if (gmq_sim_client_publish(client, &producer->outgoing)) {
        gmq_confirms_add(producer, n);
        gmq_batch_add(producer, n);
        if (producer->was_sent != NULL)
            producer->was_sent(producer, n);
    }
    gmq_sim_client_flush(client);
}

static int64_t
pause_ns(GmqProducer *producer)
{
    const GmqPublishSpec *publish = &producer->spec->publish;

    if (!publish->every_is_exponential)
        return publish->every_ns;
    return gmq_exponential(&producer->pause, publish->every_ns);
}

/* The number of the message whose turn it is. */
static uint64_t
take_number(GmqProducer *producer)
{
    if (producer->again->len > 0) {
        uint64_t n = g_array_index(producer->again, uint64_t, 0);
        g_array_remove_index(producer->again, 0);
        return n;
    }
    if (__builtin_add_overflow(now(producer), pause_ns(producer), &producer->due_ns))
        producer->due_ns = INT64_MAX;
    if (producer->left != UINT64_MAX)
        producer->left--;
    return ++producer->client->n_named;
}

static void
on_step(void *data)
{
    GmqProducer *producer = data;
    GmqSimClient *client  = producer->client;

    producer->ticket = 0;
    publish(producer, take_number(producer));
    producer->is_blocked = client->amqp != NULL && gmq_client_output(client->amqp).size > 0;
    gmq_producer_plan_step(producer);
}

/* ---- the role ---- */

/* On the timeline's wish no window holds it back, but the end of a transaction does. */
void
gmq_producer_publish(void *role, const GmqMessageSpec *message)
{
    GmqProducer *producer = role;

    if (producer->is_held || producer->is_ending) {
        const char *why = producer->is_held ? "it is not ready" : "it waits for a transaction";

        gmq_sim_client_note(producer->client,
                            (GmqEvent){.kind = GMQ_EVENT_CLIENT_CANNOT, .text = gmq_slice_of(why)});
        return;
    }
    GmqWishedMessage wished = {.n = ++producer->client->n_named, .line = message};
    g_array_append_val(producer->wished, wished);
    publish(producer, wished.n);
}

void
gmq_producer_room(void *role)
{
    GmqProducer *producer = role;

    if (!producer->is_blocked)
        return;
    producer->is_blocked = false;
    gmq_producer_plan_step(producer);
}

void
gmq_producer_ready(void *role)
{
    GmqProducer *producer = role;
    GmqSimClient *client  = producer->client;

    if (producer->spec->window > 0)
        gmq_client_send(client->amqp, GMQ_SIM_CHANNEL, &(GmqMethod){.id = GMQ_CONFIRM_SELECT});
    if (producer->spec->tx_every > 0)
        gmq_client_send(client->amqp, GMQ_SIM_CHANNEL, &(GmqMethod){.id = GMQ_TX_SELECT});
    producer->due_ns     = MAX(producer->due_ns, now(producer));
    producer->is_blocked = false;
    gmq_producer_plan_step(producer);
}

static void
on_replied(void *role, const GmqMethod *method)
{
    gmq_batch_replied(role, method->id);
}

void
gmq_producer_returned(void *role, const GmqBasicReturn *method, const GmqClientContent *content)
{
    GmqProducer *producer = role;
    uint64_t cause        = gmq_sim_peer_take_sent(producer->client->peer, GMQ_SENT_RETURN);
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(content->header, &properties, &fault))
        return;
    gmq_check_received(producer->client->world->check, producer->client->peer->name, 0, &properties,
                       content);
    gmq_sim_client_note(producer->client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_RETURNED,
                                                     .cause      = cause,
                                                     .message_id = properties.message_id,
                                                     .key        = method->routing_key,
                                                     .count      = method->reply_code,
                                                     .text       = method->reply_text});
}

void
gmq_producer_confirmed(void *role, uint64_t number, bool multiple, bool is_ack)
{
    gmq_confirms_arrived(role, number, multiple, is_ack);
}

void
gmq_producer_lost(void *role)
{
    GmqProducer *producer = role;

    gmq_confirms_lost(producer);
    gmq_batch_lost(producer);
    gmq_schedule_forget(producer->client->world->schedule, &producer->ticket);
}

void
gmq_producer_died(void *role)
{
    GmqProducer *producer = role;

    gmq_confirms_forget(producer);
    gmq_batch_forget(producer);
    gmq_schedule_forget(producer->client->world->schedule, &producer->ticket);
}

static bool
is_busy(const void *role)
{
    return !gmq_producer_is_done(role);
}

const GmqRoleClass gmq_producer_class = {
    .make      = make,
    .free      = free_producer,
    .ready     = gmq_producer_ready,
    .lost      = gmq_producer_lost,
    .room      = gmq_producer_room,
    .died      = gmq_producer_died,
    .replied   = on_replied,
    .returned  = gmq_producer_returned,
    .confirmed = gmq_producer_confirmed,
    .publish   = gmq_producer_publish,
    .is_busy   = is_busy,
};
