#include "sim/cmd-inevitable.h"

#include <stdio.h>
#include <string.h>

#include "sim/cmd-shared.h"
#include "sim/event-words.h"
#include "sim/futures.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/units.h"
#include "sim/yaml-edit.h"
#include "sim/yaml-print.h"

#define TENTHS 10
#define FUTURES_DEFAULT 100

static char *seed_text;
static char *futures_text;

static const GOptionEntry entries[] = {
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Seed of the run that fails; default: the file's"), "N"},
    {"futures", 0, 0, G_OPTION_ARG_STRING, &futures_text,
     N_("Draw so many futures from each moment; default 100"), "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "inevitable",
    .arguments     = "FILE.yaml",
    .summary       = N_("Tells from which moment on a failing run had to fail, whatever "
                              "chance did."),
    .more          = N_("Exit status: 0 it is told, 2 the run does not fail, or wrong "
                                 "use, 3 the file is wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

static void
add_bar(GString *out, unsigned n_failed, unsigned n_futures)
{
    unsigned marks = n_failed * 20 / n_futures;

    for (unsigned i = 0; i < 20; i++)
        g_string_append_c(out, i < marks ? '#' : '.');
}

static void
add_table(GString *out, const GmqFutures *futures, const GmqFuture *points)
{
    g_string_append(out, _("behind event     time  futures that fail\n"));
    for (unsigned i = 0; i < TENTHS; i++) {
        g_autofree char *time = gmq_time_text(points[i].time_ns);

        g_string_append_printf(out, "%12" G_GUINT64_FORMAT "  %7s  ", (guint64)points[i].event,
                               time);
        add_bar(out, points[i].n_failed, futures->n_futures);
        g_string_append_printf(out, _("  %u of %u\n"), points[i].n_failed, futures->n_futures);
    }
    g_string_append_c(out, '\n');
}

/* The last point of which not all futures fail; -1 when there is none. */
static int
last_open(const GmqFutures *futures, const GmqFuture *points)
{
    for (int i = TENTHS - 1; i >= 0; i--) {
        if (points[i].n_failed < futures->n_futures)
            return i;
    }
    return -1;
}

static void
add_sentence(GString *out, const GmqFutures *futures, const GmqFuture *points)
{
    const char *path = futures->scenario->path;
    int open         = last_open(futures, points);
    GmqFuture end    = {.event    = futures->failure->event,
                        .time_ns  = futures->failure->time_ns,
                        .n_failed = futures->n_futures};

    if (open < 0) {
        g_string_append(out, _("It was inevitable from the start: chance decides nothing here.\n"));
        return;
    }
    GmqFuture first =
        gmq_futures_narrow(futures, points[open], open + 1 < TENTHS ? points[open + 1] : end);
    g_autofree char *time = gmq_time_text(first.time_ns);
    if (first.event == end.event)
        g_string_append_printf(out,
                               _("It could have gone well until it happened, at event "
                                 "%ju (%s).\n"),
                               (guint64)first.event, time);
    else
        g_string_append_printf(out,
                               _("It became inevitable with event %ju (%s): all "
                                 "futures behind it fail, and not all before it.\n"),
                               (guint64)first.event, time);
    g_string_append_printf(out, _("See it: glassmq view %s --seed %ju --at %ju\n"), path,
                           (guint64)futures->seed, (guint64)first.event);
}

static void
tell(const GmqFutures *futures)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *time  = gmq_time_text(futures->failure->time_ns);
    g_autofree char *told  = gmq_event_told(futures->failure->sentence);
    GmqFuture points[TENTHS];

    gmq_futures_tenths(futures, points, TENTHS);
    g_string_append_printf(out, _("%s\n(event %ju, %s)\n\n"), told,
                           (guint64)futures->failure->event, time);
    add_table(out, futures, points);
    add_sentence(out, futures, points);
    gmq_command_flush(out);
}

/* A scenario that says what must break fails all the same: here it is asked without that. */
static GmqScenario *
without_broken(const GmqScenario *scenario, GError **error)
{
    g_autoptr(GmqProblems) problems = gmq_problems_new(scenario->path, scenario->text);
    g_autoptr(GmqYamlDocument) document =
        gmq_yaml_parse(scenario->text, strlen(scenario->text), problems);
    g_autofree char *text = NULL;

    g_assert(document != NULL); /* it was read before */
    GmqYaml *expect = gmq_yaml_at(gmq_yaml_edit(document), "expect");
    if (expect != NULL && expect->type == GMQ_YAML_MAP)
        gmq_yaml_remove(expect, "broken");
    text = gmq_yaml_print(document);
    return gmq_scenario_parse(scenario->path, text, strlen(text), error);
}

static int
run_file(const char *path)
{
    g_autoptr(GError) error      = NULL;
    g_autoptr(GmqScenario) whole = NULL;
    g_autoptr(GmqScenario) asked = NULL;
    g_auto(GmqTrial) failure     = {0};
    uint64_t n_futures           = FUTURES_DEFAULT;
    uint64_t seed                = 0;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed) ||
        !gmq_usage_number(&usage, "--futures", futures_text, 1, 1000000, &n_futures))
        return GMQ_EXIT_USAGE;
    whole = gmq_scenario_load(path, &error);
    if (whole != NULL)
        asked = without_broken(whole, &error);
    if (asked == NULL)
        return gmq_load_refuse("inevitable", path, error);
    if (seed_text == NULL)
        seed = asked->seed;

    gmq_trial_run(&failure, asked, seed, &(GmqRunOptions){0});
    if (failure.what == NULL) {
        fprintf(stderr,
                _("glassmq inevitable: %s with seed %ju does not fail. glassmq "
                  "sweep looks for seeds that do.\n"),
                path, (guint64)seed);
        return GMQ_EXIT_USAGE;
    }
    tell(&(GmqFutures){
        .scenario = asked, .seed = seed, .n_futures = (unsigned)n_futures, .failure = &failure});
    return 0;
}

int
gmq_cmd_inevitable(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = run_file(files[0]);
    g_clear_pointer(&seed_text, g_free);
    g_clear_pointer(&futures_text, g_free);
    return status;
}
