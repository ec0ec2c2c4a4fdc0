#include "sim/sim-peer.h"

#include "sim/broker-end.h"
#include "sim/resend.h"
#include "sim/world-private.h"

/* ---- what passes ---- */

static void
tell_sent(const GmqPeer *peer, GmqWireSide side, const uint8_t *bytes, size_t size)
{
    const GmqWorld *world = peer->world;

    if (world->watch != NULL)
        world->watch->sent(world->watcher, peer->name, side, (GmqSlice){bytes, size});
}

static void
tell_arrived(const GmqPeer *peer, GmqWireSide side, GmqSlice bytes)
{
    const GmqWorld *world = peer->world;

    if (world->watch != NULL)
        world->watch->arrived(world->watcher, peer->name, side, bytes);
}

static void
tell_connected(const GmqPeer *peer)
{
    const GmqWorld *world = peer->world;

    if (world->watch != NULL && world->watch->connected != NULL)
        world->watch->connected(
            world->watcher,
            &(GmqWireConnection){
                .name   = peer->name,
                .client = peer->client->spec,
                .links  = peer->links,
                .pipes = {[GMQ_TO_BROKER] = peer->to_broker, [GMQ_FROM_BROKER] = peer->from_broker},
                .knocked_ns = peer->client->knocked_ns});
}

/* ---- what the pipes tell ---- */

static void
broker_arrived(void *user, GmqSlice bytes, uint64_t cause)
{
    GmqPeer *peer = user;

    tell_arrived(peer, GMQ_TO_BROKER, bytes);
    if (!peer->world->is_inside)
        gmq_world_begin_turn(peer->world, cause);
    peer->world->cause = cause;
    gmq_check_heard(peer->world->check, peer->name, bytes);
    gmq_connection_received(peer->connection, bytes);
}

static void
broker_turn_ended(void *user)
{
    gmq_world_end_turn(((GmqPeer *)user)->world);
}

/* The broker's end is no more: what it had sent to the client still arrives, and then the end. */
static void
forget_connection(GmqPeer *peer)
{
    peer->connection  = NULL;
    peer->is_unopened = peer->owes_closed = peer->owes_writable = false;
    gmq_pipe_abandon(peer->to_broker);
    gmq_pipe_end(peer->from_broker, peer->world->cause);
    gmq_schedule_forget(peer->world->schedule, &peer->closed_ticket);
}

static void
tell_closed(GmqPeer *peer, uint64_t cause)
{
    GmqWorld *world = peer->world;

    gmq_world_begin_turn(world, cause);
    gmq_connection_closed(peer->connection);
    forget_connection(peer);
    gmq_world_end_turn(world);
    gmq_world_check_stopped(world);
}

static void
broker_ended(void *user, bool is_reset, uint64_t cause)
{
    (void)is_reset;
    tell_closed(user, cause);
}

void
gmq_peer_has_room(void *user)
{
    GmqPeer *peer = user;

    if (peer->client != NULL)
        gmq_sim_client_writable(peer->client);
}

/* Whose line it is stays known when he has gone: by the name of the connection. */
static void
note_line(GmqPeer *peer, GmqEventKind kind, const char *to, uint64_t count)
{
    GmqSlice client = gmq_client_of_connection(gmq_slice_of(peer->name));
    bool is_client  = strcmp(to, "broker") != 0;
    uint64_t cause  = peer->world->cause;

    gmq_world_note(peer->world, &(GmqEvent){.kind  = kind,
                                            .who   = is_client ? GMQ_SLICE("broker") : client,
                                            .to    = is_client ? client : GMQ_SLICE("broker"),
                                            .count = count});
    peer->world->cause = cause;
}

void
gmq_peer_lost_to_broker(void *user, unsigned times)
{
    note_line(user, GMQ_EVENT_SEGMENT_LOST, "broker", times);
}

void
gmq_peer_died_to_broker(void *user)
{
    note_line(user, GMQ_EVENT_LINE_DIED, "broker", GMQ_RESEND_LOSSES_MAX);
    gmq_sim_peer_break(user, true, true);
}

static const GmqPipeEvents to_broker_events = {
    .arrived    = broker_arrived,
    .turn_ended = broker_turn_ended,
    .ended      = broker_ended,
    .writable   = gmq_peer_has_room,
    .lost       = gmq_peer_lost_to_broker,
    .died       = gmq_peer_died_to_broker,
};

static void
tell_opened(GmqPeer *peer)
{
    GmqPeerInfo info = {.name = peer->name, .is_loopback = true};

    gmq_world_begin_turn(peer->world, peer->world->cause);
    peer->connection = gmq_amqp_opened(peer->world->amqp, peer, &info);
    gmq_world_end_turn(peer->world);
}

/* A frozen broker does not know yet. */
static void
broker_opened(GmqPeer *peer)
{
    peer->is_unopened = peer->world->freezes > 0;
    if (peer->is_unopened)
        gmq_sim_peer_freeze_broker(peer);
    else
        tell_opened(peer);
}

static void
broker_writable(GmqPeer *peer)
{
    peer->owes_writable = peer->world->freezes > 0;
    if (peer->connection == NULL || peer->owes_writable)
        return;
    gmq_world_begin_turn(peer->world, 0);
    gmq_connection_writable(peer->connection);
    gmq_world_end_turn(peer->world);
}

static bool
is_there(const GmqWorld *world)
{
    return world->broker != NULL;
}

const GmqBrokerEnd gmq_own_broker_end = {
    .is_there  = is_there,
    .to_broker = &to_broker_events,
    .opened    = broker_opened,
    .writable  = broker_writable,
};

static void
client_arrived(void *user, GmqSlice bytes, uint64_t cause)
{
    GmqPeer *peer = user;

    tell_arrived(peer, GMQ_FROM_BROKER, bytes);
    if (gmq_check_wire(peer->world->check, peer->name, bytes))
        gmq_tally_saw(peer->world->tally, GMQ_SOMETIMES_HEADER_SPLIT);
    if (peer->client != NULL)
        gmq_sim_client_received(peer->client, bytes, cause);
}

static void
client_turn_ended(void *user)
{
    GmqPeer *peer = user;

    if (peer->client != NULL)
        gmq_sim_client_turn_ended(peer->client);
}

static void
client_ended(void *user, bool is_reset, uint64_t cause)
{
    GmqPeer *peer = user;

    (void)is_reset;
    peer->world->cause = cause;
    if (peer->client != NULL)
        gmq_sim_client_lost(peer->client);
}

static void
has_room(void *user)
{
    GmqPeer *peer = user;

    gmq_check_clogged(peer->world->check, peer->name, false);
    peer->world->end->writable(peer);
}

static void
from_broker_lost(void *user, unsigned times)
{
    note_line(user, GMQ_EVENT_SEGMENT_LOST, "client", times);
}

static void
from_broker_died(void *user)
{
    note_line(user, GMQ_EVENT_LINE_DIED, "client", GMQ_RESEND_LOSSES_MAX);
    gmq_sim_peer_break(user, true, true);
}

static const GmqPipeEvents from_broker_events = {
    .arrived    = client_arrived,
    .turn_ended = client_turn_ended,
    .ended      = client_ended,
    .writable   = has_room,
    .lost       = from_broker_lost,
    .died       = from_broker_died,
};

/* ---- life ---- */

static GmqPipe *
new_pipe(GmqPeer *peer, unsigned direction, const GmqPipeEvents *pipe_events)
{
    GmqSimClient *client   = peer->client;
    GmqPipeStreams streams = {.jitter = &client->jitter[direction],
                              .loss   = &client->loss[direction],
                              .chunks = &peer->world->chunks};

    return gmq_pipe_new(peer->world->schedule, &client->links[direction], streams, pipe_events,
                        peer);
}

GmqPeer *
gmq_sim_peer_new(GmqWorld *world, GmqSimClient *client, const char *name)
{
    GmqPeer *peer = g_new0(GmqPeer, 1);

    peer->world       = world;
    peer->client      = client;
    peer->links       = client->links;
    peer->name        = g_strdup(name);
    peer->to_broker   = new_pipe(peer, 0, world->end->to_broker);
    peer->from_broker = new_pipe(peer, 1, &from_broker_events);
    for (unsigned kind = 0; kind < GMQ_N_SENT; kind++)
        peer->sent[kind] = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    gmq_world_add_peer(world, peer);

    tell_connected(peer);
    world->end->opened(peer);
    return peer;
}

void
gmq_sim_peer_free(GmqPeer *peer)
{
    if (peer->world->end->freed != NULL)
        peer->world->end->freed(peer);
    for (unsigned kind = 0; kind < GMQ_N_SENT; kind++)
        g_array_unref(peer->sent[kind]);
    gmq_pipe_free(peer->to_broker);
    gmq_pipe_free(peer->from_broker);
    g_free(peer->name);
    g_free(peer);
}

/* ---- the line ---- */

void
gmq_sim_peer_close_line(GmqPeer *peer, bool is_client_told, bool is_broker_told, int64_t slow_ns)
{
    if (is_client_told)
        gmq_pipe_close(peer->from_broker, slow_ns, peer->world->cause);
    if (is_broker_told)
        gmq_pipe_close(peer->to_broker, slow_ns, peer->world->cause);
}

void
gmq_sim_peer_calm(GmqPeer *peer)
{
    gmq_pipe_close_now(peer->from_broker);
    gmq_pipe_close_now(peer->to_broker);
}

void
gmq_sim_peer_break(GmqPeer *peer, bool is_client_told, bool is_broker_told)
{
    peer->is_broken = true;
    gmq_pipe_break(peer->from_broker, is_client_told, peer->world->cause);
    gmq_pipe_break(peer->to_broker, is_broker_told, peer->world->cause);
}

/* Nobody is there any more where these bytes would arrive: whoever wrote them hears so. */
static void
on_refused(void *data)
{
    GmqPeer *peer = data;

    peer->refused_ticket = 0;
    gmq_pipe_break(peer->client == NULL ? peer->to_broker : peer->from_broker, true, 0);
}

static void
plan_refusal(GmqPeer *peer)
{
    const GmqLinkSpec *links = peer->links;
    int64_t delay_ns;

    if (peer->refused_ticket != 0)
        return;
    if (__builtin_add_overflow(links[0].latency_ns, links[1].latency_ns, &delay_ns))
        delay_ns = INT64_MAX;
    peer->refused_ticket =
        gmq_schedule_add_after(peer->world->schedule, delay_ns, GMQ_PHASE_NETWORK,
                               "a connection is refused", on_refused, peer);
}

/* ---- the client's end ---- */

size_t
gmq_sim_peer_send(GmqPeer *peer, GmqSlice bytes)
{
    size_t taken = gmq_pipe_write(peer->to_broker, bytes, peer->world->cause);

    if (G_UNLIKELY(peer->is_broken))
        plan_refusal(peer);
    tell_sent(peer, GMQ_TO_BROKER, bytes.data, taken);
    if (taken < bytes.size)
        gmq_tally_saw(peer->world->tally, GMQ_SOMETIMES_BUFFER_FULL);
    return taken;
}

void
gmq_sim_peer_leave(GmqPeer *peer)
{
    if (gmq_sim_peer_has_sent(peer, GMQ_SENT_CONFIRM))
        gmq_tally_saw(peer->world->tally, GMQ_SOMETIMES_CONFIRM_LOST);
    peer->client = NULL;
    gmq_pipe_abandon(peer->from_broker);
    gmq_pipe_end(peer->to_broker, peer->world->cause);
}

/* ---- the broker's end ---- */

void
gmq_sim_peer_broker_gone(GmqPeer *peer)
{
    if (peer->connection == NULL && !peer->is_unopened)
        return;
    if (peer->connection != NULL)
        gmq_connection_closed(peer->connection);
    forget_connection(peer);
}

void
gmq_sim_peer_freeze_broker(GmqPeer *peer)
{
    gmq_pipe_set_held(peer->to_broker, GMQ_HELD_BY_FREEZE, true);
}

size_t
gmq_sim_peer_write(GmqPeer *peer, const GmqSlice *slices, size_t n_slices)
{
    size_t sum = 0;

    if (G_UNLIKELY(peer->is_broken))
        plan_refusal(peer);
    for (size_t i = 0; i < n_slices; i++) {
        size_t taken = gmq_pipe_write(peer->from_broker, slices[i], peer->world->cause);

        tell_sent(peer, GMQ_FROM_BROKER, slices[i].data, taken);
        sum += taken;
        if (taken < slices[i].size) {
            gmq_tally_saw(peer->world->tally, GMQ_SOMETIMES_BUFFER_FULL);
            gmq_check_clogged(peer->world->check, peer->name, true);
            break;
        }
    }
    return sum;
}

void
gmq_sim_peer_set_gate(GmqPeer *peer, bool is_open)
{
    gmq_pipe_set_held(peer->to_broker, GMQ_HELD_BY_READER, !is_open);
}

static void
on_closed(void *data)
{
    GmqPeer *peer = data;

    peer->closed_ticket = 0;
    peer->owes_closed   = peer->world->freezes > 0;
    if (!peer->owes_closed)
        tell_closed(peer, 0);
}

/* The core is told in an input of its own, later. */
static void
plan_closed(GmqPeer *peer)
{
    if (peer->closed_ticket == 0)
        peer->closed_ticket =
            gmq_schedule_add(peer->world->schedule, gmq_world_now(peer->world), GMQ_PHASE_NETWORK,
                             "a connection is closed", on_closed, peer);
}

/* What it missed comes as it would have come. */
void
gmq_sim_peer_thaw_broker(GmqPeer *peer)
{
    bool is_writable = peer->owes_writable;

    if (peer->is_unopened) {
        peer->is_unopened = false;
        tell_opened(peer);
    }
    if (peer->owes_closed)
        plan_closed(peer);
    peer->owes_closed = peer->owes_writable = false;
    gmq_pipe_set_held(peer->to_broker, GMQ_HELD_BY_FREEZE, false);
    if (is_writable)
        broker_writable(peer);
}

void
gmq_sim_peer_close(GmqPeer *peer)
{
    gmq_pipe_abandon(peer->to_broker);
    gmq_pipe_end(peer->from_broker, peer->world->cause);
    plan_closed(peer);
}

void
gmq_sim_peer_abort(GmqPeer *peer)
{
    gmq_pipe_abandon(peer->to_broker);
    gmq_pipe_reset(peer->from_broker, peer->world->cause);
    plan_closed(peer);
}

/* ---- what was sent ---- */

void
gmq_sim_peer_note_sent(GmqPeer *peer, GmqSentKind kind, uint64_t number)
{
    g_array_append_val(peer->sent[kind], number);
}

bool
gmq_sim_peer_has_sent(const GmqPeer *peer, GmqSentKind kind)
{
    return peer->n_taken[kind] < peer->sent[kind]->len;
}

uint64_t
gmq_sim_peer_take_sent(GmqPeer *peer, GmqSentKind kind)
{
    GArray *numbers = peer->sent[kind];

    if (!gmq_sim_peer_has_sent(peer, kind))
        return 0;
    uint64_t number = g_array_index(numbers, uint64_t, peer->n_taken[kind]++);
    if (peer->n_taken[kind] == numbers->len) {
        g_array_set_size(numbers, 0);
        peer->n_taken[kind] = 0;
    }
    return number;
}
