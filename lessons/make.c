#include "lessons/make.h"

#include "lessons/make-broker.h"
#include "lessons/make-private.h"
#include "lessons/mistake.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/real-dial.h"
#include "sim/real-signals.h"
#include "sim/remote-can.h"

#define MS INT64_C(1000000)

/* A program that would pass, and of which nothing more was heard for so long, has passed. */
#define CALM_NS (800 * MS)

/* One that would not has failed after a third of its time, but not before. As long as it has not
 * connected it has twice the time: it may be slow to start, or the machine busy. */
#define STALL_LEAST_NS (6000 * MS)

/* Nothing more is to be hoped for from one that has ended, and was not started again by then. */
#define DEAD_NS (2500 * MS)

/* How often it is looked whether that is so. */
#define LOOK_NS (100 * MS)

/* ---- while it runs ---- */

static void
tell_progress(GmqMakeCheck *check)
{
    const GmqTrace *trace = gmq_world_trace(check->world);

    while (check->n_told < gmq_trace_length(trace)) {
        const GmqTraceEvent *event = gmq_trace_event(trace, ++check->n_told);

        if (event->kind == GMQ_EVENT_CAPTION && check->task->progress != NULL)
            check->task->progress(check->task->user, event->text);
    }
}

/* Whether all that is expected has come, as far as it can be known now. */
static bool
is_as_expected(const GmqMakeCheck *check)
{
    size_t n_idle;
    g_autoptr(GArray) outcomes =
        gmq_expect_judge(check->scenario, gmq_world_tally(check->world),
                         gmq_trace_story(gmq_world_trace(check->world)), false);
    bool is_so = true;

    gmq_remote_doubt(outcomes, true);
    for (unsigned i = 0; i < outcomes->len; i++)
        is_so &= g_array_index(outcomes, GmqOutcome, i).kind != GMQ_OUTCOME_BROKEN;
    gmq_world_idle_lines(check->world, &n_idle);
    return is_so && n_idle == 0 && !gmq_world_is_busy(check->world);
}

static bool
has_mistakes(const GmqMakeCheck *check, bool is_over)
{
    g_autoptr(GmqHistory) history = gmq_history_new(check->client, gmq_world_trace(check->world));
    g_autoptr(GPtrArray) mistakes = gmq_mistakes_find(history, is_over);

    return mistakes->len > 0;
}

/* Whether nothing more is to be learned. */
static bool
is_enough(GmqMakeCheck *check)
{
    const GmqProgramRecord *program = gmq_real_program(check->real);
    int64_t now_ns                  = gmq_dial_clock();
    uint64_t n_events               = gmq_trace_length(gmq_world_trace(check->world));
    bool is_new                     = n_events != check->n_seen;

    if (program->wrong != NULL || program->is_flood)
        return true;
    if (now_ns < check->look_ns)
        return false;
    check->look_ns = now_ns + LOOK_NS;
    if (is_new) {
        check->n_seen  = n_events;
        check->seen_ns = now_ns;
        return has_mistakes(check, false);
    }
    int64_t calm_ns   = now_ns - check->seen_ns;
    bool is_dead      = program->has_ended && !program->is_running && calm_ns > DEAD_NS;
    int64_t most_ns   = program->n_connections > 0 ? check->stall_ns : 2 * check->stall_ns;
    check->is_stalled = calm_ns > most_ns;
    return check->is_stalled || (is_dead && !gmq_world_is_busy(check->world)) ||
           (calm_ns > CALM_NS && is_as_expected(check) && !has_mistakes(check, true));
}

static void
play(GmqMakeCheck *check)
{
    int64_t end_ns = gmq_dial_clock() + check->task->limit_ns;

    check->seen_ns = gmq_dial_clock();
    while (gmq_real_step(check->real)) {
        tell_progress(check);
        check->is_late = gmq_dial_clock() > end_ns;
        if (!check->is_late && !is_enough(check))
            continue;
        gmq_real_finish(check->real);
        return;
    }
    check->is_late = !gmq_real_signals_came();
}

/* ---- afterwards ---- */

/* Beside the learner's own files of the lesson. */
static char *
default_trace(const char *scenario)
{
    g_autofree char *folder = g_path_get_dirname(scenario);
    g_autofree char *lesson = g_path_get_basename(folder);
    g_autofree char *own =
        g_build_filename(g_get_user_data_dir(), "glassmq", "lessons", lesson, NULL);

    g_mkdir_with_parents(own, 0777);
    return g_build_filename(own, "check.jsonl", NULL);
}

static void
save(const GmqMakeCheck *check, GString *told)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *own    = default_trace(check->task->scenario);
    const char *path        = check->task->trace == NULL ? own : check->task->trace;

    if (gmq_trace_save(gmq_world_trace(check->world), path, &error))
        gmq_make_add(told, _("See what happened: glassmq view %s"), path);
    else
        gmq_make_add(told, _("What happened cannot be written to %s: %s."), path, error->message);
}

/* ---- the whole ---- */

/* The client that the program plays; NULL unless there is one of them. */
static const GmqClientSpec *
find_client(const GmqScenario *scenario)
{
    const GmqClientSpec *found = NULL;

    for (unsigned i = 0; i < scenario->clients->len; i++) {
        const GmqClientSpec *client = scenario->clients->pdata[i];

        if (client->run != NULL && found != NULL)
            return NULL;
        if (client->run != NULL)
            found = client;
    }
    return found;
}

static int
play_and_judge(GmqMakeCheck *check, GString *told)
{
    check->world = gmq_real_world(check->real);
    gmq_real_signals_catch(check->real);
    play(check);
    gmq_real_signals_release();
    check->is_interrupted = gmq_real_signals_came();
    int status            = gmq_make_judge(check, told);
    save(check, told);
    return status;
}

static int
refuse(const GmqScenario *scenario, const char *path, const GError *error, GString *told)
{
    bool is_of_file =
        scenario == NULL || g_error_matches(error, GMQ_REMOTE_ERROR, GMQ_REMOTE_ERROR_IMPOSSIBLE);

    gmq_make_add(told, is_of_file ? _("The scenario %s cannot be used: %s") : "%s: %s", path,
                 error->message);
    return is_of_file ? GMQ_EXIT_FILE : (int)GMQ_VERDICT_UNDECIDED;
}

int
gmq_make_check(const GmqMakeTask *task, GString *told)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(task->scenario, &error);
    g_autoptr(GmqMakeBroker) broker = NULL;
    g_autoptr(GmqReal) real         = NULL;
    GmqRunOptions run               = {.lines_max = GMQ_MAKE_EVENTS_MAX};
    GmqRealOptions options          = {.run = &run, .program = task->command};
    GmqMakeCheck check              = {.task = task, .scenario = scenario};

    check.stall_ns = MAX(STALL_LEAST_NS, task->limit_ns / 3);
    if (scenario == NULL)
        return refuse(scenario, task->scenario, error, told);
    check.client = find_client(scenario);
    if (check.client == NULL) {
        gmq_make_add(told, _("The scenario %s needs one client with \"run\"."), task->scenario);
        return GMQ_EXIT_FILE;
    }
    broker = gmq_make_broker_new((unsigned)(scenario->broker.heartbeat_ns / 1000 / MS), &error);
    if (broker != NULL) {
        options.url = gmq_make_broker_url(broker);
        real        = gmq_real_new(scenario, scenario->seed, &options, &error);
    }
    if (real == NULL)
        return refuse(scenario, task->scenario, error, told);
    check.real = real;
    return play_and_judge(&check, told);
}
