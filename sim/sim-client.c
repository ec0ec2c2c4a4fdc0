#include "sim/sim-client.h"

#include "sim/remote.h"
#include "sim/world-private.h"

/* ---- making ---- */

GmqSimClient *
gmq_sim_client_new(GmqWorld *world, const GmqClientSpec *spec, const GmqLinkSpec *links,
                   const GmqRoleClass *class_)
{
    GmqSimClient *client = g_new0(GmqSimClient, 1);

    client->world  = world;
    client->spec   = spec;
    client->class_ = class_;
    client->orders = g_ptr_array_new();
    client->role   = client->class_->make(client);
    for (unsigned i = 0; i < G_N_ELEMENTS(client->links); i++) {
        g_autofree char *line =
            g_strconcat("link/", spec->name, i == 0 ? "/to broker" : "/from broker", NULL);
        g_autofree char *loss = g_strconcat(line, "/loss", NULL);

        client->links[i] = links[i];
        gmq_streams_open(world->streams, &client->jitter[i], line);
        gmq_streams_open(world->streams, &client->loss[i], loss);
    }
    return client;
}

void
gmq_sim_client_free(GmqSimClient *client)
{
    gmq_schedule_forget(client->world->schedule, &client->ticket);
    gmq_schedule_forget(client->world->schedule, &client->tick_ticket);
    client->class_->free(client->role);
    gmq_client_free(client->amqp);
    g_free(client->end_text);
    g_ptr_array_unref(client->orders);
    g_free(client);
}

uint64_t
gmq_sim_client_note(GmqSimClient *client, GmqEvent event)
{
    event.who = gmq_slice_of(client->spec->name);
    return gmq_world_note(client->world, &event);
}

int64_t
gmq_sim_client_now(const GmqSimClient *client)
{
    return gmq_schedule_now_of(client->world->schedule, &client->clock);
}

uint64_t
gmq_sim_client_plan(GmqSimClient *client, int64_t delay_ns, GmqPhase phase, const char *what,
                    GmqAction action, void *target)
{
    return gmq_schedule_add_owned(client->world->schedule, &client->clock, delay_ns, phase, what,
                                  action, target);
}

static void
note_closed(GmqSimClient *client, unsigned code, const char *how)
{
    gmq_sim_client_note(
        client,
        (GmqEvent){.kind = GMQ_EVENT_CLIENT_CLOSED, .count = code, .text = gmq_slice_of(how)});
}

/* ---- what the AMQP client tells ---- */

static void
on_opened(void *user)
{
    GmqSimClient *client = user;
    gmq_client_open_channel(client->amqp, GMQ_SIM_CHANNEL);
}

static void
on_channel_opened(void *user, uint16_t channel)
{
    GmqSimClient *client = user;

    (void)channel;
    if (client->state != GMQ_SIM_OPENING)
        return;
    client->state    = GMQ_SIM_READY;
    client->attempts = 0;
    client->class_->ready(client->role);
    gmq_sim_client_send_orders(client);
}

/* Without its channel a client has nothing more to do on a connection. */
static void
on_channel_closed(void *user, uint16_t channel, const GmqClientEnd *end)
{
    GmqSimClient *client = user;

    (void)channel;
    if (end->cause != GMQ_CLIENT_END_SERVERS)
        return;
    if (client->spec->role == GMQ_ROLE_PRODUCER &&
        gmq_pipe_in_flight(client->peer->to_broker) > GMQ_HEARTBEAT_SIZE)
        gmq_tally_saw(client->world->tally, GMQ_SOMETIMES_CLOSE_CROSSING);
    client->end_code = end->code;
    g_free(client->end_text);
    client->end_text = gmq_slice_dup(end->text);
    client->state    = GMQ_SIM_CLOSING;
    client->class_->lost(client->role);
    gmq_client_close(client->amqp, 200, "the channel was closed");
}

static void
on_replied(void *user, uint16_t channel, const GmqMethod *method)
{
    GmqSimClient *client = user;

    (void)channel;
    if (gmq_sim_client_take_answer(client, method))
        return;
    if (client->class_->replied != NULL)
        client->class_->replied(client->role, method);
}

static void
on_delivered(void *user, uint16_t channel, const GmqMethod *method, const GmqClientContent *content)
{
    GmqSimClient *client = user;

    (void)channel;
    if (client->class_->delivered != NULL && method->id == GMQ_BASIC_DELIVER)
        client->class_->delivered(client->role, &method->basic_deliver, content);
    if (client->class_->got != NULL && method->id == GMQ_BASIC_GET_OK)
        client->class_->got(client->role, &method->basic_get_ok, content);
}

static void
on_get_empty(void *user, uint16_t channel)
{
    GmqSimClient *client = user;

    (void)channel;
    if (client->class_->empty != NULL)
        client->class_->empty(client->role);
}

static void
on_cancelled(void *user, uint16_t channel, GmqSlice consumer_tag)
{
    GmqSimClient *client = user;

    (void)channel;
    if (client->class_->cancelled != NULL)
        client->class_->cancelled(client->role, consumer_tag);
}

static void
on_returned(void *user, uint16_t channel, const GmqBasicReturn *method,
            const GmqClientContent *content)
{
    GmqSimClient *client = user;

    (void)channel;
    if (client->class_->returned != NULL)
        client->class_->returned(client->role, method, content);
}

static void
on_confirmed(void *user, uint16_t channel, uint64_t number, bool multiple, bool ack)
{
    GmqSimClient *client = user;

    (void)channel;
    if (client->class_->confirmed != NULL)
        client->class_->confirmed(client->role, number, multiple, ack);
}

static const GmqClientEvents events = {
    .opened         = on_opened,
    .channel_opened = on_channel_opened,
    .channel_closed = on_channel_closed,
    .replied        = on_replied,
    .delivered      = on_delivered,
    .get_empty      = on_get_empty,
    .cancelled      = on_cancelled,
    .returned       = on_returned,
    .confirmed      = on_confirmed,
};

/* ---- the end of a connection ---- */

/* Gives the connection up; what was sent is on its way all the same. */
static void
let_go(GmqSimClient *client)
{
    if (client->peer != NULL)
        gmq_sim_peer_leave(client->peer);
    client->peer      = NULL;
    client->n_waiting = 0;
    gmq_sim_client_lose_orders(client);
    g_clear_pointer(&client->amqp, gmq_client_free);
    gmq_schedule_forget(client->world->schedule, &client->tick_ticket);
}

/* How an end is told to people; the caller frees it. */
static char *
describe_end(GmqSimClient *client, const GmqClientEnd *end, unsigned *code)
{
    switch (end->cause) {
    case GMQ_CLIENT_END_OURS:
        *code = client->end_code != 0 ? client->end_code : 200;
        return client->end_code != 0 ? g_strdup(client->end_text) : g_strdup("closed");
    case GMQ_CLIENT_END_SERVERS:
    case GMQ_CLIENT_END_FAULT:
        *code = end->code;
        return gmq_slice_dup(end->text);
    case GMQ_CLIENT_END_SILENT:
        *code = 0;
        return g_strdup("nothing was heard from the broker");
    default:
        *code = 0;
        return g_strdup("connection lost");
    }
}

static void
check_end(GmqSimClient *client, const GmqClientEnd *end, const char *how)
{
    if (end->cause == GMQ_CLIENT_END_FAULT)
        gmq_check_protocol(client->world->check, client->spec->name, how);
    if (end->cause == GMQ_CLIENT_END_SILENT)
        gmq_tally_saw(client->world->tally, GMQ_SOMETIMES_HEARTBEAT);
}

static void
disconnect(GmqSimClient *client)
{
    const GmqClientEnd *end = gmq_client_end(client->amqp);
    unsigned code;
    g_autofree char *how = describe_end(client, end, &code);

    check_end(client, end, how);
    client->end_code = 0;
    client->class_->lost(client->role);
    note_closed(client, code, how);
    let_go(client);
    gmq_sim_client_come_back(client);
}

void
gmq_sim_client_end(GmqSimClient *client, unsigned code, const char *how)
{
    client->class_->lost(client->role);
    note_closed(client, code, how);
    let_go(client);
    gmq_sim_client_come_back(client);
}

void
gmq_sim_client_drop(GmqSimClient *client, const char *how)
{
    gmq_sim_client_end(client, 0, how);
}

/* ---- sending ---- */

/* Why the bytes are sent that the client has now. What waited for room keeps its cause, but with
 * bytes of another cause behind it there is not one for all. */
static uint64_t
cause_of_output(const GmqSimClient *client, size_t size)
{
    uint64_t cause = client->world->cause;

    if (client->n_waiting == 0)
        return cause;
    return size == client->n_waiting || cause == client->waiting_cause ? client->waiting_cause : 0;
}

static size_t
send_output(GmqSimClient *client, GmqSlice output)
{
    uint64_t cause = client->world->cause;

    client->waiting_cause = client->world->cause = cause_of_output(client, output.size);
    size_t taken                                 = gmq_sim_peer_send(client->peer, output);
    client->n_waiting                            = output.size - taken;
    client->world->cause                         = cause;
    return taken;
}

static void
pump(GmqSimClient *client)
{
    for (;;) {
        GmqSlice output = gmq_client_output(client->amqp);

        if (output.size == 0)
            return;
        size_t taken = send_output(client, output);
        if (taken > 0)
            gmq_client_wrote(client->amqp, taken);
        if (taken < output.size)
            return;
    }
}

static void
on_tick(void *data)
{
    GmqSimClient *client = data;

    client->tick_ticket = 0;
    gmq_sim_client_flush(client);
}

/* A tick that comes too early asks for the right one. */
static void
plan_tick(GmqSimClient *client, int64_t time_ns)
{
    if (time_ns == INT64_MAX || (client->tick_ticket != 0 && client->tick_ns <= time_ns))
        return;
    gmq_schedule_forget(client->world->schedule, &client->tick_ticket);
    client->tick_ns = time_ns;
    client->tick_ticket =
        gmq_sim_client_plan(client, time_ns - gmq_sim_client_now(client), GMQ_PHASE_CLIENT,
                            "the heartbeat of a client", on_tick, client);
}

void
gmq_sim_client_flush(GmqSimClient *client)
{
    client->owes_flush = client->freezes > 0;
    if (client->peer == NULL || client->owes_flush)
        return;
    if (client->class_->flush != NULL) {
        client->class_->flush(client->role);
        return;
    }
    pump(client);
    plan_tick(client, gmq_client_tick(client->amqp, gmq_sim_client_now(client)));
    pump(client);
    if (gmq_client_state(client->amqp) == GMQ_CLIENT_CLOSED)
        disconnect(client);
    else if (client->class_->room != NULL && gmq_client_output(client->amqp).size == 0)
        client->class_->room(client->role);
}

void
gmq_sim_client_close(GmqSimClient *client, const char *why)
{
    if (client->state != GMQ_SIM_READY || !gmq_client_close(client->amqp, 200, why))
        return;
    client->state = GMQ_SIM_CLOSING;
    client->class_->lost(client->role);
    gmq_sim_client_flush(client);
}

/* ---- a new connection ---- */

/* Each connection has a name of its own; the caller frees it. */
static char *
connection_name(const GmqSimClient *client)
{
    if (client->generation == 1)
        return g_strdup(client->spec->name);
    return g_strdup_printf("%s#%" G_GUINT64_FORMAT, client->spec->name,
                           (guint64)client->generation);
}

static GmqClient *
make_amqp(GmqSimClient *client, const char *name)
{
    GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
    int64_t heartbeat_ns   = client->spec->heartbeat_ns;

    if (heartbeat_ns < 0)
        heartbeat_ns = client->world->scenario->broker.heartbeat_ns;
    config.name        = name;
    config.heartbeat_s = (uint16_t)(heartbeat_ns / 1000000000);
    config.channel_max = (uint16_t)client->spec->channel_max;
    config.insists     = true;
    if (client->world->remote != NULL)
        gmq_remote_introduce(client->world->remote, &config);
    return gmq_client_new(&config, &events, client);
}

void
gmq_sim_client_open(GmqSimClient *client)
{
    client->generation++;
    g_autofree char *name = connection_name(client);

    client->state = GMQ_SIM_OPENING;
    if (client->class_->opened == NULL)
        client->amqp = make_amqp(client, name);
    client->peer = gmq_sim_peer_new(client->world, client, name);
    if (client->class_->opened != NULL)
        client->class_->opened(client->role);
    gmq_sim_client_flush(client);
}

/* ---- what the peer tells ---- */

void
gmq_sim_client_received(GmqSimClient *client, GmqSlice bytes, uint64_t cause)
{
    client->world->cause = cause;
    if (client->class_->heard != NULL)
        client->class_->heard(client->role, bytes);
    else
        gmq_client_received(client->amqp, bytes);
}

void
gmq_sim_client_turn_ended(GmqSimClient *client)
{
    gmq_sim_client_flush(client);
}

void
gmq_sim_client_writable(GmqSimClient *client)
{
    gmq_sim_client_flush(client);
}

void
gmq_sim_client_lost(GmqSimClient *client)
{
    if (client->class_->hung_up != NULL)
        client->class_->hung_up(client->role);
    else
        gmq_client_lost(client->amqp);
    gmq_sim_client_flush(client);
}

/* ---- at the end ---- */

static bool
is_on_the_way(const GmqPipe *stream)
{
    return gmq_pipe_in_flight(stream) > 0 &&
           !gmq_pipe_is_held(stream, GMQ_HELD_BY_CUT | GMQ_HELD_BY_CLOG | GMQ_HELD_BY_FREEZE);
}

bool
gmq_sim_client_is_busy(const GmqSimClient *client)
{
    if (client->state == GMQ_SIM_OFF)
        return client->ticket != 0;
    if (client->orders->len > 0)
        return true;
    if (client->peer != NULL &&
        (is_on_the_way(client->peer->to_broker) || is_on_the_way(client->peer->from_broker)))
        return true;
    return client->class_->is_busy(client->role);
}
