#include "sim/broker-end.h"
#include "sim/language.h"
#include "sim/limit.h"
#include "sim/program.h"
#include "sim/remote-can.h"
#include "sim/remote.h"
#include "sim/sites.h"
#include "sim/world-private.h"

/* After so many broken checks no more are told; the first ones are what matters. */
#define BROKEN_MAX 20

int64_t
gmq_world_now(const GmqWorld *world)
{
    return gmq_schedule_now(world->schedule);
}

uint64_t
gmq_world_pops(const GmqWorld *world)
{
    return gmq_schedule_count(world->schedule);
}

const GmqTrace *
gmq_world_trace(const GmqWorld *world)
{
    return world->trace;
}

GmqTrace *
gmq_world_take_trace(GmqWorld *world)
{
    g_assert(world->is_over);
    return g_steal_pointer(&world->trace);
}

const GmqTally *
gmq_world_tally(const GmqWorld *world)
{
    return world->tally;
}

const GmqOutcome *
gmq_world_outcomes(const GmqWorld *world, size_t *n)
{
    g_assert(world->is_over);
    *n = world->outcomes->len;
    return (const GmqOutcome *)(const void *)world->outcomes->data;
}

GmqVerdict
gmq_world_verdict(const GmqWorld *world)
{
    g_assert(world->is_over);
    return world->verdict;
}

const unsigned *
gmq_world_idle_lines(const GmqWorld *world, size_t *n)
{
    return gmq_timeline_idle_lines(world->timeline, n);
}

GmqSimClient *
gmq_world_find_client(const GmqWorld *world, const char *name)
{
    for (unsigned i = 0; i < world->clients->len; i++) {
        GmqSimClient *client = world->clients->pdata[i];

        if (strcmp(client->spec->name, name) == 0)
            return client;
    }
    return NULL;
}

void
gmq_world_watch(GmqWorld *world, const GmqWatch *watch, void *user)
{
    world->watch   = watch;
    world->watcher = user;
}

/* ---- events ---- */

uint64_t
gmq_world_note_because(GmqWorld *world, const GmqEvent *event, uint64_t cause)
{
    GmqEvent whole = *event;

    whole.time_ns = gmq_world_now(world);
    whole.cause   = cause;

    uint64_t number = gmq_recorder_add(world->recorder, &whole);
    if (number == 0)
        return world->cause;

    world->cause                = number;
    const GmqTraceEvent *traced = gmq_trace_event(world->trace, number);
    GmqTallyNews news           = gmq_tally_add(world->tally, traced);
    gmq_timeline_add(world->timeline, traced, &news);
    if (event->kind != GMQ_EVENT_CHECK_BROKEN)
        gmq_check_add(world->check, &whole, traced);
    return number;
}

uint64_t
gmq_world_note(GmqWorld *world, const GmqEvent *event)
{
    return gmq_world_note_because(world, event, event->cause == 0 ? world->cause : event->cause);
}

void
gmq_world_break(GmqWorld *world, const char *who, const char *sentence)
{
    uint64_t cause = world->cause;

    if (gmq_check_broken_count(world->check) <= BROKEN_MAX)
        gmq_world_note(world, &(GmqEvent){.kind = GMQ_EVENT_CHECK_BROKEN,
                                          .who  = gmq_slice_of(who),
                                          .text = gmq_slice_of(sentence)});
    world->cause = cause;
}

static void
on_check_broken(void *user, const char *who, const char *sentence)
{
    gmq_world_break(user, who, sentence);
}

/* ---- beginning ---- */

static const GmqRoleClass *const classes[GMQ_N_ROLES] = {
    [GMQ_ROLE_PRODUCER] = &gmq_producer_class, [GMQ_ROLE_CONSUMER] = &gmq_consumer_class,
    [GMQ_ROLE_GETTER] = &gmq_getter_class,     [GMQ_ROLE_RPC_SERVER] = &gmq_rpc_server_class,
    [GMQ_ROLE_ADMIN] = &gmq_admin_class,       [GMQ_ROLE_RPC_CLIENT] = &gmq_rpc_client_class,
    [GMQ_ROLE_RAW] = &gmq_raw_class,
};

/* The topology takes no time: it is there when time begins. */
static const GmqLinkSpec setup_links[2] = {
    {.buffer = UINT64_MAX, .chunks = GMQ_CHUNKS_WHOLE},
    {.buffer = UINT64_MAX, .chunks = GMQ_CHUNKS_WHOLE},
};

static GmqTrace *
make_trace(const GmqScenario *scenario, uint64_t seed, GmqTies ties, GmqEventLevel level)
{
    return gmq_trace_new(&(GmqTraceInfo){
        .scenario = scenario->name,
        .title    = scenario->title,
        .text     = scenario->text,
        .seed     = seed,
        .ties     = ties,
        .level    = level,
        .stop_ns  = scenario->stop_ns,
    });
}

GmqWorld *
gmq_world_new(const GmqScenario *scenario, uint64_t seed)
{
    return gmq_world_new_with(scenario, seed, &(GmqRunOptions){0});
}

GmqWorld *
gmq_world_new_with(const GmqScenario *scenario, uint64_t seed, const GmqRunOptions *options)
{
    GmqWorld *world = g_new0(GmqWorld, 1);
    GmqTies ties    = options->ties == GMQ_TIES_FILE ? scenario->ties : options->ties;

    world->scenario  = scenario;
    world->seed      = seed;
    world->remote    = options->remote;
    world->end       = options->remote == NULL ? &gmq_own_broker_end : &gmq_remote_end;
    world->limits[0] = options->lines_max > 0 ? options->lines_max : GMQ_RUN_LINES_MAX;
    world->limits[1] = options->steps_max > 0 ? options->steps_max : GMQ_RUN_STEPS_MAX;
    world->limits[2] = options->bytes_max > 0 ? options->bytes_max : GMQ_RUN_BYTES_MAX;
    world->schedule  = gmq_schedule_new();
    world->streams   = gmq_streams_new(seed);
    world->trace     = make_trace(scenario, seed, ties, options->level);
    world->disk      = gmq_sim_disk_new(world->schedule, seed, gmq_world_stored, world);
    world->recorder  = gmq_recorder_new(world->trace);
    world->tally     = gmq_tally_new(scenario, world->trace);
    if (!options->is_unchecked) {
        world->check = gmq_check_new(scenario, on_check_broken, world);
        if (world->remote == NULL)
            gmq_check_set_disk(world->check, world->disk);
        else
            gmq_check_set_remote(world->check);
    }
    world->timeline = gmq_timeline_new(world);
    gmq_sim_disk_watch(world->disk, gmq_timeline_wrote, world->timeline);
    world->clients = g_ptr_array_new_with_free_func((GDestroyNotify)gmq_sim_client_free);
    world->peers   = g_ptr_array_new_with_free_func((GDestroyNotify)gmq_sim_peer_free);
    world->by_name = g_ptr_array_new();
    g_ptr_array_set_size(world->by_name, 1);
    world->connections = gmq_names_new();
    gmq_streams_open(world->streams, &world->chunks, "chunks");
    gmq_streams_open(world->streams, gmq_sim_disk_random(world->disk), "disk");
    gmq_streams_open(world->streams, &world->ties, "ties");
    if (ties == GMQ_TIES_RANDOM)
        gmq_schedule_set_ties(world->schedule, &world->ties);
    gmq_world_init_host(world);
    gmq_world_init_freeze(world);
    world->link_sets = g_ptr_array_new();
    gmq_sites_attach(world);

    for (unsigned i = 0; i < scenario->clients->len; i++) {
        const GmqClientSpec *spec = scenario->clients->pdata[i];
        const GmqLinkSpec *links  = &g_array_index(scenario->links, GmqLinkSpec, 2 * i);

        g_ptr_array_add(world->clients, gmq_sim_client_new(world, spec, links,
                                                           spec->run == NULL ? classes[spec->role]
                                                                             : &gmq_program_class));
    }
    if (options->level != GMQ_LEVEL_STORY)
        world->wire_log = gmq_wire_log_new(world, world->trace, options->level);
    if (world->remote == NULL)
        gmq_world_start_broker(world);
    world->setup_spec =
        (GmqClientSpec){.name = (char *)GMQ_SETUP_NAME, .reconnect_ns = -1, .heartbeat_ns = 0};
    world->setup = gmq_sim_client_new(world, &world->setup_spec, setup_links, &gmq_setup_class);
    gmq_sim_client_plan_start(world->setup);
    return world;
}

void
gmq_world_free(GmqWorld *world)
{
    if (world == NULL)
        return;
    gmq_world_crash_broker(world, GMQ_LOSE_NOTHING, false);
    gmq_world_clear_freeze(world);
    g_ptr_array_unref(world->link_sets);
    g_ptr_array_unref(world->clients);
    gmq_sim_client_free(world->setup);
    g_ptr_array_unref(world->peers);
    g_ptr_array_unref(world->by_name);
    gmq_names_free(world->connections);
    gmq_timeline_free(world->timeline);
    gmq_check_free(world->check);
    gmq_tally_free(world->tally);
    gmq_recorder_free(world->recorder);
    gmq_wire_log_free(world->wire_log);
    gmq_trace_free(world->trace);
    gmq_sim_disk_free(world->disk);
    gmq_schedule_free(world->schedule);
    gmq_streams_free(world->streams);
    gmq_sites_detach(world);
    if (world->outcomes != NULL)
        g_array_unref(world->outcomes);
    g_free(world);
}

void
gmq_world_begin(GmqWorld *world)
{
    world->has_begun = true;
    if (world->end->begun != NULL)
        world->end->begun(world);
    gmq_sim_disk_set_times(world->disk, GMQ_SIM_APPEND_NS, world->scenario->broker.sync_ns);
    gmq_check_begin(world->check);
    for (unsigned i = 0; i < world->clients->len; i++) {
        GmqSimClient *client = world->clients->pdata[i];

        world->cause = 0;
        gmq_sim_client_note(client,
                            (GmqEvent){.kind  = GMQ_EVENT_CLIENT_ADDED,
                                       .count = client->spec->prefetch,
                                       .text  = gmq_slice_of(gmq_role_name(client->spec->role))});
        gmq_sim_client_plan_start(client);
    }
    world->cause = 0;
    gmq_timeline_begin(world->timeline);
}

void
gmq_world_redraw(GmqWorld *world, uint64_t seed)
{
    gmq_streams_redraw(world->streams, seed);
}

/* ---- the end ---- */

bool
gmq_world_is_busy(const GmqWorld *world)
{
    for (unsigned i = 0; i < world->clients->len; i++) {
        if (gmq_sim_client_is_busy(world->clients->pdata[i]))
            return true;
    }
    return false;
}

static GmqVerdict
judge(GmqWorld *world, bool work_left)
{
    bool is_open = false;
    bool is_idle = gmq_timeline_has_idle_deed(world->timeline) && world->outcomes->len > 0;

    if (gmq_check_broken_count(world->check) > 0)
        return GMQ_VERDICT_BROKEN;
    for (unsigned i = 0; i < world->outcomes->len; i++) {
        GmqOutcomeKind kind = g_array_index(world->outcomes, GmqOutcome, i).kind;

        if (kind == GMQ_OUTCOME_BROKEN)
            return GMQ_VERDICT_BROKEN;
        is_open |= kind == GMQ_OUTCOME_OPEN;
    }
    if (is_idle && !work_left)
        return GMQ_VERDICT_BROKEN;
    return is_open || is_idle || world->is_cut_short ? GMQ_VERDICT_UNDECIDED : GMQ_VERDICT_HELD;
}

static void
finish(GmqWorld *world)
{
    static const char *const verdicts[] = {
        [GMQ_VERDICT_HELD]      = N_("held"),
        [GMQ_VERDICT_BROKEN]    = N_("broken"),
        [GMQ_VERDICT_UNDECIDED] = N_("undecided"),
    };
    g_autofree char *livelock = gmq_schedule_livelock(world->schedule);
    bool is_blind             = world->remote != NULL && gmq_remote_is_blind(world->remote);
    bool work_left            = gmq_world_is_busy(world) || is_blind || world->is_cut_short;

    world->cause = 0;
    if (livelock != NULL)
        gmq_check_livelock(world->check, livelock);
    else if (world->has_begun && !is_blind && !world->is_cut_short)
        gmq_check_finish(world->check);
    world->is_over = true;
    world->outcomes =
        gmq_expect_judge(world->scenario, world->tally, gmq_trace_story(world->trace), work_left);
    if (world->remote != NULL)
        gmq_remote_doubt(world->outcomes, is_blind);
    world->verdict = judge(world, work_left);
    gmq_trace_finish(world->trace, verdicts[world->verdict]);
}

void
gmq_world_end(GmqWorld *world)
{
    if (!world->is_over)
        finish(world);
}

bool
gmq_world_step(GmqWorld *world)
{
    if (world->is_over)
        return false;

    world->cause        = 0;
    bool is_past        = gmq_schedule_next_time(world->schedule) > world->scenario->stop_ns;
    world->is_cut_short = !is_past && gmq_world_is_too_long(world);
    if (is_past || world->is_cut_short || !gmq_schedule_step(world->schedule)) {
        finish(world);
        return false;
    }
    return true;
}

GmqTrace *
gmq_run_record(const GmqScenario *scenario, uint64_t seed)
{
    g_autoptr(GmqWorld) world = gmq_world_new(scenario, seed);

    while (gmq_world_step(world))
        continue;
    return gmq_world_take_trace(world);
}
