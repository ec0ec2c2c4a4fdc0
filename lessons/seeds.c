#include "lessons/seeds.h"

#include <string.h>

#include "lessons/culprit.h"
#include "lessons/meaning.h"
#include "sim/event-words.h"
#include "sim/language.h"
#include "sim/limit.h"
#include "sim/units.h"
#include "viz/sentence.h"

/* A run of a lesson is short; a longer one is stopped, so that no check takes minutes. */
#define LINES_MAX 100000
#define STEPS_MAX 2000000
#define BYTES_MAX (16 << 20)

/* Failing seeds that are named. */
#define SEEDS_NAMED 5

/* ---- scenarios ---- */

GmqScenario *
gmq_seeds_scenario(const GmqSeedsPlan *plan, uint64_t seed, GError **error)
{
    const char *text = plan->scenario->text;

    if (plan->faults == GMQ_FAULTS_NONE)
        return gmq_scenario_parse(plan->path, text, strlen(text), error);
    g_autofree char *with_faults = gmq_faults_text_expecting(plan->scenario, seed, plan->faults);
    return gmq_scenario_parse(plan->path, with_faults, strlen(with_faults), error);
}

/* ---- one run ---- */

/* A run that did not hold. */
typedef struct {
    uint64_t seed;
    GmqScenario *scenario;
    GmqWorld *world; /* its run is over */
    GmqTrial trial;
    const GmqOutcome *outcome; /* the first expectation that did not hold; NULL: none */
} Failure;

static void
clear_failure(Failure *failure)
{
    gmq_trial_clear(&failure->trial);
    gmq_world_free(failure->world);
    gmq_scenario_free(failure->scenario);
}

static const GmqOutcome *
first_outcome(const GmqWorld *world)
{
    size_t n;
    const GmqOutcome *outcomes = gmq_world_outcomes(world, &n);

    for (size_t i = 0; i < n; i++) {
        if (outcomes[i].kind != GMQ_OUTCOME_HELD &&
            outcomes[i].expectation->kind != GMQ_EXPECT_SOMETIMES)
            return &outcomes[i];
    }
    return NULL;
}

/* The run with that seed, over. */
static Failure
run_seed(const GmqSeedsPlan *plan, uint64_t seed)
{
    static const GmqRunOptions options = {
        .lines_max = LINES_MAX,
        .steps_max = STEPS_MAX,
        .bytes_max = BYTES_MAX,
    };
    g_autoptr(GError) error = NULL;
    Failure run             = {.seed = seed, .scenario = gmq_seeds_scenario(plan, seed, &error)};

    g_assert(run.scenario != NULL); /* faults make no scenario wrong */
    run.world = gmq_world_new_with(run.scenario, seed, &options);
    while (gmq_world_step(run.world))
        continue;
    gmq_trial_judge(&run.trial, run.world, run.scenario);
    run.outcome = first_outcome(run.world);
    return run;
}

/* ---- what is said ---- */

static void
add_culprit(const GmqWorld *world, const GmqCulprit *culprit, GString *out)
{
    if (culprit->kind == GMQ_CULPRIT_NONE)
        return;
    const GmqTrace *trace     = gmq_world_trace(world);
    g_autoptr(GmqStage) stage = gmq_stage_new(trace);
    g_autofree char *time     = gmq_time_text(gmq_trace_event(trace, culprit->event)->time_ns);
    g_autofree char *sentence = gmq_sentence(stage, culprit->event);
    unsigned event            = (unsigned)culprit->event;

    if (culprit->kind == GMQ_CULPRIT_BREAK)
        g_string_append_printf(out, _("It went wrong here: event #%u, after %s: %s\n"), event, time,
                               sentence);
    else if (culprit->kind == GMQ_CULPRIT_MISSING)
        g_string_append_printf(out,
                               _("One that is missing is %s. What last became of it: event #%u, "
                                 "after %s: %s\n"),
                               culprit->message, event, time, sentence);
    else
        g_string_append_printf(out, _("What last became of %s: event #%u, after %s: %s\n"),
                               culprit->message, event, time, sentence);
}

/* Returns the event to look at. */
static uint64_t
tell_outcome(const Failure *failure, GString *out)
{
    const GmqExpectation *expectation = failure->outcome->expectation;

    if (failure->outcome->kind == GMQ_OUTCOME_OPEN)
        g_string_append_printf(out, _("With seed %u the run ends too early to know \"%s: %s\".\n"),
                               (unsigned)failure->seed, expectation->label, expectation->text);
    else
        g_string_append_printf(out, _("With seed %u the file expects \"%s: %s\", but found %s.\n"),
                               (unsigned)failure->seed, expectation->label, expectation->text,
                               failure->outcome->found);
    g_string_append_printf(out, _("What that means: %s.\n"), gmq_meaning(expectation->kind));
    GmqCulprit culprit = gmq_culprit_find(failure->world, failure->scenario, failure->outcome);
    add_culprit(failure->world, &culprit, out);
    return culprit.event;
}

static uint64_t
tell_trial(const Failure *failure, GString *out)
{
    const GmqTrial *trial = &failure->trial;

    if (trial->sentence != NULL) {
        g_autofree char *told = gmq_event_told(trial->sentence);
        g_string_append_printf(out, _("With seed %u: %s\n"), (unsigned)failure->seed, told);
    } else {
        g_string_append_printf(out,
                               _("With seed %u the run ends too early to know whether it holds.\n"),
                               (unsigned)failure->seed);
    }
    if (trial->sentence == NULL || trial->event == 0 || trial->event >= trial->n_events)
        return 0;
    GmqCulprit culprit = {GMQ_CULPRIT_BREAK, trial->event, NULL};
    add_culprit(failure->world, &culprit, out);
    return trial->event;
}

static void
add_command(const GmqSeedsPlan *plan, uint64_t seed, uint64_t event, GString *out)
{
    g_autofree char *quoted = g_shell_quote(plan->path);
    bool is_plain           = strpbrk(plan->path, " \t\"'$`\\&;|<>()*?[]#~!{}") == NULL;
    const char *path        = is_plain ? plan->path : quoted;
    g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)event);
    const char *at          = event == 0 ? "end" : number;

    g_string_append(out, _("Look at it with:\n"));
    if (plan->faults == GMQ_FAULTS_NONE)
        g_string_append_printf(out, "  glassmq view %s --seed %" G_GUINT64_FORMAT " --at %s", path,
                               (guint64)seed, at);
    else
        g_string_append_printf(out,
                               "  glassmq sweep %s --faults %s --show %" G_GUINT64_FORMAT
                               " > seed.yaml\n"
                               "  glassmq view seed.yaml --at %s",
                               path, gmq_faults_level_name(plan->faults), (guint64)seed, at);
}

static void
tell(const GmqSeedsPlan *plan, const Failure *failure, const GArray *seeds, GString *out)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (unsigned i = 0; i < seeds->len && i < SEEDS_NAMED; i++)
        g_string_append_printf(names, "%s%" G_GUINT64_FORMAT, i == 0 ? "" : ", ",
                               (guint64)g_array_index(seeds, uint64_t, i));
    if (seeds->len > SEEDS_NAMED)
        g_string_append(names, " ...");
    if (seeds->len == plan->n)
        g_string_append_printf(out,
                               P_("Not yet: it fails with its %u seed.\n",
                                  "Not yet: it fails with all of the %u seeds.\n", plan->n),
                               plan->n);
    else
        g_string_append_printf(out, _("Not yet: it fails with %u of %u seeds: %s.\n"), seeds->len,
                               plan->n, names->str);

    /* What the broker promises comes before what the file expects. */
    bool is_check  = failure->trial.what != NULL && *failure->trial.what == 'S';
    uint64_t event = failure->outcome != NULL && !is_check ? tell_outcome(failure, out)
                                                           : tell_trial(failure, out);
    add_command(plan, failure->seed, event, out);
}

/* ---- rare things, which are asked of all seeds together ---- */

static bool
check_sometimes(const GmqSeedsPlan *plan, uint64_t seen, GString *out)
{
    for (unsigned i = 0; i < plan->scenario->expectations->len; i++) {
        const GmqExpectation *expectation = plan->scenario->expectations->pdata[i];
        if (expectation->kind != GMQ_EXPECT_SOMETIMES)
            continue;
        GmqSometimes what = gmq_sometimes_find(expectation->word);
        if ((seen >> what & 1) != 0)
            continue;
        g_string_append_printf(out,
                               P_("Not yet: \"%s\" did not happen with the %u seed, but the file "
                                  "expects it.\nWhat that means: %s.",
                                  "Not yet: \"%s\" happened with none of the %u seeds, but the "
                                  "file expects it.\nWhat that means: %s.",
                                  plan->n),
                               expectation->word, plan->n, _(gmq_sometimes_meaning(what)));
        return false;
    }
    return true;
}

/* Other seeds would take as long. */
static bool
is_too_long(const Failure *run, GString *out)
{
    g_autofree char *limit = gmq_world_limit_text(run->world);

    if (limit == NULL)
        return false;
    g_string_append_printf(out, _("Not yet: with seed %u far too much happens.\n%s"),
                           (unsigned)run->seed, limit);
    return true;
}

bool
gmq_seeds_run(const GmqSeedsPlan *plan, GString *out)
{
    g_autoptr(GArray) failed = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    Failure first            = {0};
    uint64_t seen            = 0;
    bool is_stopped          = false;

    for (uint64_t seed = 1; seed <= plan->n && !is_stopped; seed++) {
        Failure run = run_seed(plan, seed);
        bool fails  = run.trial.verdict != GMQ_VERDICT_HELD;
        seen |= run.trial.sometimes;
        is_stopped = is_too_long(&run, out);
        if (fails)
            g_array_append_val(failed, seed);
        if (fails && first.world == NULL)
            first = run;
        else
            clear_failure(&run);
    }
    bool has_held = first.world == NULL && check_sometimes(plan, seen, out);
    if (first.world != NULL && !is_stopped)
        tell(plan, &first, failed, out);
    if (first.world != NULL)
        clear_failure(&first);
    return has_held;
}
