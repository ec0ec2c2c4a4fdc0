#include "sim/world-private.h"

/* ---- what the core asks for ---- */

static GmqWorld *
world_of(GmqHost *host)
{
    return (GmqWorld *)(void *)host;
}

static int64_t
host_now(GmqHost *host)
{
    return gmq_world_now(world_of(host));
}

static int64_t
host_wall_ms(GmqHost *host)
{
    GmqWorld *world = world_of(host);
    return world->scenario->epoch_ms + gmq_world_now(world) / 1000000;
}

void
gmq_world_wake_broker(void *data)
{
    GmqWorld *world = data;

    world->wake_ticket  = 0;
    world->is_wake_held = world->freezes > 0;
    if (world->is_wake_held)
        return;
    gmq_check_woken(world->check, gmq_world_now(world));
    gmq_world_begin_turn(world, 0);
    gmq_amqp_woken(world->amqp);
    gmq_world_end_turn(world);
}

static void
host_wake_at(GmqHost *host, int64_t time_ns)
{
    GmqWorld *world = world_of(host);

    gmq_schedule_forget(world->schedule, &world->wake_ticket);
    if (time_ns != INT64_MAX)
        world->wake_ticket = gmq_schedule_add(world->schedule, time_ns, GMQ_PHASE_BROKER,
                                              "the broker wakes up", gmq_world_wake_broker, world);
}

static size_t
host_write(GmqHost *host, GmqPeer *peer, const GmqSlice *slices, size_t n_slices)
{
    g_assert(world_of(host)->is_inside);
    return gmq_sim_peer_write(peer, slices, n_slices);
}

static void
host_read_gate(GmqHost *host, GmqPeer *peer, bool open)
{
    g_assert(world_of(host)->is_inside);
    gmq_sim_peer_set_gate(peer, open);
}

static void
host_close(GmqHost *host, GmqPeer *peer)
{
    g_assert(world_of(host)->is_inside);
    gmq_sim_peer_close(peer);
}

static void
host_abort(GmqHost *host, GmqPeer *peer)
{
    g_assert(world_of(host)->is_inside);
    gmq_sim_peer_abort(peer);
}

static uint64_t
host_random(GmqHost *host, GmqStream stream)
{
    g_assert(stream < GMQ_N_STREAMS);
    return gmq_random_next(&world_of(host)->core[stream]);
}

void
gmq_world_add_peer(GmqWorld *world, GmqPeer *peer)
{
    const char *name = gmq_names_intern(world->connections, gmq_slice_of(peer->name));
    unsigned number  = gmq_name_number(name);

    g_ptr_array_add(world->peers, peer);
    if (number >= world->by_name->len)
        g_ptr_array_set_size(world->by_name, (int)number + 1);
    world->by_name->pdata[number] = peer;
}

/* Whoever sends something that a client will receive is remembered as its cause. */
static void
remember_sent(GmqWorld *world, const GmqEvent *event, uint64_t number)
{
    static const struct {
        bool is_sent;
        GmqSentKind kind;
    } sent[GMQ_N_EVENTS] = {
        [GMQ_EVENT_COMMITTED]   = {true, GMQ_SENT_TX},
        [GMQ_EVENT_ROLLED_BACK] = {true, GMQ_SENT_TX},
        [GMQ_EVENT_DELIVERED]   = {true, GMQ_SENT_DELIVERY},
        [GMQ_EVENT_GOT]         = {true, GMQ_SENT_DELIVERY},
        [GMQ_EVENT_CONFIRMED]   = {true, GMQ_SENT_CONFIRM},
        [GMQ_EVENT_NACKED]      = {true, GMQ_SENT_CONFIRM},
        [GMQ_EVENT_RETURNED]    = {true, GMQ_SENT_RETURN},
    };

    if (!sent[event->kind].is_sent)
        return;
    const char *name = gmq_names_find(world->connections, gmq_event_connection(event));
    GmqPeer *peer    = name == NULL ? NULL : world->by_name->pdata[gmq_name_number(name)];
    if (peer != NULL)
        gmq_sim_peer_note_sent(peer, sent[event->kind].kind, number);
}

/* A delivery is settled because its consumer says so: that lies nearer than its delivery, which is
 * all that the core knows. */
static uint64_t
nearest_cause(const GmqWorld *world, const GmqEvent *event)
{
    bool is_settled = event->kind == GMQ_EVENT_ACKED || event->kind == GMQ_EVENT_REJECTED;

    return event->cause == 0 || (is_settled && world->cause != 0) ? world->cause : event->cause;
}

/* What the core announces does not become the cause of what comes next in the same turn. */
static uint64_t
host_note(GmqHost *host, const GmqEvent *event)
{
    GmqWorld *world = world_of(host);
    uint64_t cause  = world->cause;
    uint64_t number = gmq_world_note_because(world, event, nearest_cause(world, event));

    world->cause = cause;
    remember_sent(world, event, number);
    return number;
}

void
gmq_world_init_host(GmqWorld *world)
{
    static const char *const names[GMQ_N_STREAMS] = {
        [GMQ_STREAM_NAMES]   = "core/names",
        [GMQ_STREAM_ROUTING] = "core/routing",
        [GMQ_STREAM_SECRETS] = "core/secrets",
        [GMQ_STREAM_JOURNAL] = "core/journal",
    };

    world->host = (GmqHost){
        .now       = host_now,
        .wall_ms   = host_wall_ms,
        .wake_at   = host_wake_at,
        .write     = host_write,
        .read_gate = host_read_gate,
        .close     = host_close,
        .abort     = host_abort,
        .random    = host_random,
        .note      = host_note,
        .unheard   = GMQ_HEARD,
        .disk      = gmq_sim_disk_host(world->disk),
    };
    for (unsigned i = 0; i < GMQ_N_STREAMS; i++)
        gmq_streams_open(world->streams, &world->core[i], names[i]);
}

/* ---- turns ---- */

void
gmq_world_begin_turn(GmqWorld *world, uint64_t cause)
{
    g_assert(!world->is_inside);
    g_assert(world->amqp != NULL);
    world->is_inside = true;
    world->cause     = cause;
}

void
gmq_world_end_turn(GmqWorld *world)
{
    g_assert(world->is_inside);
    gmq_amqp_flush(world->amqp);
    world->is_inside = false;
    gmq_check_turn_ended(world->check);
    gmq_world_look_at_bounds(world);
}

void
gmq_world_stored(void *user, uint64_t ticket, GmqDiskResult result)
{
    GmqWorld *world = user;

    if (gmq_world_hold_answer(world, ticket, result))
        return;
    gmq_world_begin_turn(world, 0);
    gmq_broker_stored(world->broker, ticket, result);
    gmq_world_end_turn(world);
    gmq_world_check_stopped(world);
}

/* ---- the broker's life ---- */

static void
note_broker(GmqWorld *world, GmqEventKind kind, uint64_t count, const char *text)
{
    gmq_world_note(world, &(GmqEvent){.kind  = kind,
                                      .who   = GMQ_SLICE("broker"),
                                      .count = count,
                                      .text  = gmq_slice_of(text)});
}

/* What it could not read, it says; it must be able to read what nothing has damaged. */
static void
refuse(GmqWorld *world, const char *why)
{
    note_broker(world, GMQ_EVENT_BROKER_REFUSED, 0, why);
    gmq_check_refused(world->check, why, world->is_damaged);
    g_clear_pointer(&world->broker, gmq_broker_free);
}

static bool
open_storage(GmqWorld *world)
{
    g_autoptr(GError) error = NULL;
    GmqJournalReport report = {0};

    if (!gmq_broker_open_storage(world->broker, &report, &error)) {
        refuse(world, error->message);
        return false;
    }
    gmq_journal_set_segment_size(gmq_broker_journal(world->broker),
                                 world->scenario->broker.segment_size);
    if (report.cut > 0) {
        note_broker(world, GMQ_EVENT_TAIL_CUT, report.cut, report.cut_file);
        gmq_tally_saw(world->tally, GMQ_SOMETIMES_TORN);
    }
    return true;
}

static void
start_broker(GmqWorld *world)
{
    const GmqBrokerSpec *spec = &world->scenario->broker;
    GmqAmqpConfig config      = GMQ_AMQP_CONFIG_DEFAULT;
    uint64_t cause            = world->cause;

    world->is_start_held   = false;
    config.frame_max       = (uint32_t)spec->frame_max;
    config.heartbeat_s     = (uint16_t)(spec->heartbeat_ns / 1000000000);
    config.version         = GMQ_VERSION;
    config.channel_max     = (uint16_t)spec->channel_max;
    config.confirm_wait_ns = spec->batch_ns;

    world->is_inside   = true;
    world->is_stopping = world->is_last_batch = false;
    world->broker                             = gmq_broker_new(&world->host);
    gmq_broker_set_profile(world->broker, gmq_profile_find(gmq_habits_name(spec->profile)));
    if (spec->memory > 0)
        gmq_broker_set_memory_limit(world->broker, spec->memory);
    if (open_storage(world)) {
        world->amqp = gmq_amqp_new(world->broker, &config);
        gmq_world_end_turn(world);
    }
    world->is_inside = false;
    world->cause     = cause;
}

void
gmq_world_start_broker(GmqWorld *world)
{
    if (world->broker == NULL)
        start_broker(world);
    else
        world->is_start_held = world->is_stopping || world->is_stop_held;
}

static void
on_held_start(void *data)
{
    GmqWorld *world = data;

    if (world->broker == NULL && world->is_start_held)
        start_broker(world);
}

/* A stop is orderly when the disk took the rest. */
static bool
is_all_written(const GmqWorld *world)
{
    return world->is_last_batch &&
           gmq_journal_state(gmq_broker_journal(world->broker)) == GMQ_JOURNAL_FINE;
}

/* It takes its memory along; nobody hears what it does while it goes. */
static void
remove_broker(GmqWorld *world)
{
    gmq_world_forget_freeze(world);
    gmq_check_broker_gone(world->check, is_all_written(world));
    world->host.unheard = 0;
    world->is_inside    = true;
    for (unsigned i = 0; i < world->peers->len; i++)
        gmq_sim_peer_broker_gone(world->peers->pdata[i]);
    g_clear_pointer(&world->amqp, gmq_amqp_free);
    g_clear_pointer(&world->broker, gmq_broker_free);
    world->is_inside    = false;
    world->host.unheard = GMQ_HEARD;

    host_wake_at(&world->host, INT64_MAX);
    gmq_recorder_restart(world->recorder);
}

/* What a client has acked, and the broker will never know. */
static void
see_acks_in_flight(GmqWorld *world)
{
    for (unsigned i = 0; i < world->clients->len; i++) {
        const GmqSimClient *client = world->clients->pdata[i];

        if (client->spec->from != NULL && client->state == GMQ_SIM_READY &&
            gmq_pipe_in_flight(client->peer->to_broker) > GMQ_HEARTBEAT_SIZE)
            gmq_tally_saw(world->tally, GMQ_SOMETIMES_ACK_AT_CRASH);
    }
}

/* The disk goes first: it holds bytes that are only lent. */
void
gmq_world_crash_broker(GmqWorld *world, GmqDiskLoss loss, bool is_torn)
{
    if (world->broker != NULL && !world->is_over)
        see_acks_in_flight(world);
    gmq_sim_disk_crash(world->disk, loss, is_torn);
    world->is_last_batch = false;
    if (world->broker != NULL)
        remove_broker(world);
}

void
gmq_world_stop_broker(GmqWorld *world)
{
    world->is_stop_held = world->broker != NULL && world->freezes > 0;
    if (world->broker == NULL || world->is_stopping || world->is_stop_held)
        return;
    world->is_stopping = true;
    gmq_world_begin_turn(world, world->cause);
    gmq_amqp_stop(world->amqp, "the broker stops");
    gmq_world_end_turn(world);
    gmq_world_check_stopped(world);
}

void
gmq_world_check_stopped(GmqWorld *world)
{
    if (!world->is_stopping || gmq_amqp_connection_count(world->amqp) > 0)
        return;
    if (!world->is_last_batch) {
        world->is_last_batch = true;
        gmq_world_begin_turn(world, world->cause);
        gmq_broker_stop_storage(world->broker);
        gmq_world_end_turn(world);
    }
    if (!gmq_broker_is_storage_idle(world->broker))
        return;
    note_broker(world, GMQ_EVENT_BROKER_STOPPED, 0, "");
    gmq_sim_disk_crash(world->disk, GMQ_LOSE_NOTHING, false);
    remove_broker(world);
    if (world->is_start_held)
        gmq_schedule_add_after(world->schedule, 0, GMQ_PHASE_BROKER, "the broker starts",
                               on_held_start, world);
}
