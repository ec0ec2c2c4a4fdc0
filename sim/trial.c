#include "sim/trial.h"

#include <string.h>

#include "sim/check.h"
#include "sim/language.h"

G_STATIC_ASSERT(GMQ_N_SOMETIMES <= 64);

void
gmq_trial_clear(GmqTrial *trial)
{
    g_free(trial->what);
    g_free(trial->kind);
    g_free(trial->sentence);
    *trial = (GmqTrial){0};
}

void
gmq_trial_fail(GmqTrial *trial, const char *what, const char *sentence)
{
    gmq_trial_clear(trial);
    trial->verdict  = GMQ_VERDICT_BROKEN;
    trial->what     = g_strdup(what);
    trial->kind     = g_strdup("broker");
    trial->sentence = g_strdup(sentence);
}

/* ---- what failed ---- */

/* The kind of entity that has this name; connections are called after their client. */
static const char *
kind_of(const GmqScenario *scenario, const char *who)
{
    for (unsigned i = 0; i < scenario->queues->len; i++) {
        const GmqQueueLine *queue = scenario->queues->pdata[i];

        if (strcmp(queue->name, who) == 0)
            return "queue";
    }
    for (unsigned i = 0; i < scenario->exchanges->len; i++) {
        const GmqExchangeLine *exchange = scenario->exchanges->pdata[i];

        if (strcmp(exchange->name, who) == 0)
            return "exchange";
    }
    for (unsigned i = 0; i < scenario->clients->len; i++) {
        const GmqClientSpec *client = scenario->clients->pdata[i];

        if (g_str_has_prefix(who, client->name))
            return "client";
    }
    return "broker";
}

/* Whether the scenario says that this check may break, so that it did not fail because of it. */
static bool
may_break(const GmqScenario *scenario, const char *sentence)
{
    for (unsigned i = 0; i < scenario->allowed->len; i++) {
        if (gmq_check_is_about(sentence, scenario->allowed->pdata[i]))
            return true;
    }
    return false;
}

static const GmqTraceEvent *
first_broken_check(const GmqTrace *trace, const GmqScenario *scenario)
{
    for (uint64_t number = 1; number <= gmq_trace_length(trace); number++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, number);

        if (event->kind == GMQ_EVENT_CHECK_BROKEN && !may_break(scenario, event->text))
            return event;
    }
    return NULL;
}

static void
take_check(GmqTrial *trial, const GmqScenario *scenario, const GmqTraceEvent *event)
{
    trial->what     = g_strndup(event->text, strcspn(event->text, " :"));
    trial->kind     = g_strdup(kind_of(scenario, event->who));
    trial->sentence = g_strdup(event->text);
    trial->event    = event->cause > 0 ? event->cause : event->number;
    trial->time_ns  = event->time_ns;
}

/* Rare things are asked of all runs together, and not of each. */
static const GmqOutcome *
first_broken_expectation(const GmqWorld *world)
{
    size_t n;
    const GmqOutcome *outcomes = gmq_world_outcomes(world, &n);

    for (size_t i = 0; i < n; i++) {
        if (outcomes[i].kind == GMQ_OUTCOME_BROKEN &&
            outcomes[i].expectation->kind != GMQ_EXPECT_SOMETIMES)
            return &outcomes[i];
    }
    return NULL;
}

static void
take_expectation(GmqTrial *trial, const GmqOutcome *outcome)
{
    trial->what     = g_strconcat("expect ", outcome->expectation->label, NULL);
    trial->kind     = g_strdup("expectation");
    trial->sentence = g_strdup_printf("%s: %s, but found %s", outcome->expectation->label,
                                      outcome->expectation->text, outcome->found);
}

static void
take_idle_line(GmqTrial *trial, const GmqWorld *world, const GmqScenario *scenario)
{
    size_t n;
    const unsigned *lines = gmq_world_idle_lines(world, &n);

    trial->what     = g_strdup(GMQ_TRIAL_TIMELINE);
    trial->kind     = g_strdup("timeline");
    trial->sentence = g_strdup_printf("the timeline entry in line %u of %s never happened",
                                      n == 0 ? 0 : lines[0], scenario->path);
}

/* Whether the run is broken in nothing but rare things that did not happen. */
static bool
lacks_rare_things_only(const GmqWorld *world)
{
    size_t n;
    const GmqOutcome *outcomes = gmq_world_outcomes(world, &n);

    for (size_t i = 0; i < n; i++) {
        if (outcomes[i].kind == GMQ_OUTCOME_BROKEN)
            return true;
    }
    return false;
}

static void
take_failure(GmqTrial *trial, const GmqWorld *world, const GmqScenario *scenario)
{
    const GmqTrace *trace      = gmq_world_trace(world);
    const GmqTraceEvent *check = first_broken_check(trace, scenario);
    const GmqOutcome *outcome  = first_broken_expectation(world);

    trial->event   = gmq_trace_length(trace);
    trial->time_ns = scenario->stop_ns;
    if (check != NULL)
        take_check(trial, scenario, check);
    else if (outcome != NULL)
        take_expectation(trial, outcome);
    else if (lacks_rare_things_only(world))
        trial->verdict = GMQ_VERDICT_HELD;
    else
        take_idle_line(trial, world, scenario);
}

/* ---- a run ---- */

void
gmq_trial_judge(GmqTrial *trial, const GmqWorld *world, const GmqScenario *scenario)
{
    /* What is told of it goes into files. */
    g_auto(GmqEnglish) english = gmq_english_begin();
    const GmqTally *tally      = gmq_world_tally(world);

    *trial = (GmqTrial){
        .verdict     = gmq_world_verdict(world),
        .n_events    = gmq_trace_length(gmq_world_trace(world)),
        .n_pops      = gmq_world_pops(world),
        .fingerprint = gmq_trace_info(gmq_world_trace(world))->fingerprint,
    };
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++) {
        if (gmq_tally_has_seen(tally, (GmqSometimes)i))
            trial->sometimes |= UINT64_C(1) << i;
    }
    if (trial->verdict == GMQ_VERDICT_BROKEN)
        take_failure(trial, world, scenario);
}

void
gmq_trial_run(GmqTrial *trial, const GmqScenario *scenario, uint64_t seed,
              const GmqRunOptions *options)
{
    /* What is told of it goes into files. */
    g_auto(GmqEnglish) english = gmq_english_begin();
    g_autoptr(GmqWorld) world  = gmq_world_new_with(scenario, seed, options);

    while (gmq_world_step(world))
        continue;
    gmq_trial_judge(trial, world, scenario);
}

bool
gmq_trial_is_same_failure(const GmqTrial *one, const GmqTrial *other)
{
    return one->what != NULL && other->what != NULL && strcmp(one->what, other->what) == 0 &&
           strcmp(one->kind, other->kind) == 0;
}
