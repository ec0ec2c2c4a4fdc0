/* How fast the simulator is: prints a table and judges nothing.
 *
 *     build/tests/bench/sim-speed [--json] [SCENARIO.yaml]...
 *
 * Each load and scenario is run without checks, with all of them, with its trace written to a file
 * besides, and as "run --check" does it: twice, in lockstep. An event is one pop of the heap; what
 * is traced is counted beside it, since others mean that by the word. Seconds are those of the
 * processor, so that a busy machine counts less; of several rounds the fastest counts. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <time.h>

#include "sim/load.h"
#include "sim/lockstep.h"
#include "sim/world-private.h"

/* Rounds are done until there are so many, and they took so long together. */
#define ROUNDS_MIN 3
#define ROUNDS_US INT64_C(100000)

typedef struct {
    const char *name;
    const char *text;
} Load;

#define START                                                                                      \
    "glassmq: 1\n"                                                                                 \
    "title: Load\n"                                                                                \
    "stop: 1000s\n"

static const Load loads[] = {
    {"producer, queue, consumer",
     START "topology: {queues: {q: {}}}\n"
           "clients:\n"
           "  p: {role: producer, publish: {to: default, key: q, body: task, every: 100us,\n"
           "      count: 50000}}\n"
           "  c: {role: consumer, from: q, prefetch: 1, work: 50us}\n"},
    {"one queue",
     START "topology: {queues: {q: {}}}\n"
           "clients:\n"
           "  p: {role: producer, confirms: {window: 50},\n"
           "      publish: {to: default, key: q, body: task, every: 100us, count: 50000}}\n"
           "  c: {role: consumer, from: q, prefetch: 50}\n"},
    {"work queue",
     START "topology: {queues: {q: {durable: yes}}}\n"
           "clients:\n"
           "  p: {role: producer, copies: 4, confirms: {window: 10},\n"
           "      publish: {to: default, key: q, body: task, every: 1ms, count: 10000,\n"
           "                persistent: yes}}\n"
           "  w: {role: consumer, copies: 10, from: q, prefetch: 1, work: 2ms}\n"},
    {"fanout to 5",
     START "topology:\n"
           "  exchanges: {x: {type: fanout}}\n"
           "  queues: {a: {}, b: {}, c: {}, d: {}, e: {}}\n"
           "  bindings: [{from: x, to: a}, {from: x, to: b}, {from: x, to: c}, {from: x, to: d},\n"
           "             {from: x, to: e}]\n"
           "clients:\n"
           "  p: {role: producer, publish: {to: x, body: news, every: 1ms, count: 10000}}\n"
           "  ca: {role: consumer, from: a}\n"
           "  cb: {role: consumer, from: b}\n"
           "  cc: {role: consumer, from: c}\n"
           "  cd: {role: consumer, from: d}\n"
           "  ce: {role: consumer, from: e}\n"},
    {"topics, bad line",
     START "topology:\n"
           "  exchanges: {x: {type: topic}}\n"
           "  queues: {a: {}, b: {}}\n"
           "  bindings: [{from: x, to: a, key: \"user.*\"}, {from: x, to: b, key: \"#.error\"}]\n"
           "clients:\n"
           "  p: {role: producer, confirms: {window: 20},\n"
           "      publish: {to: x, key: user.error, body: x, every: 1ms, count: 20000}}\n"
           "  c: {role: consumer, from: a, prefetch: 20}\n"
           "  d: {role: consumer, from: b, prefetch: 20}\n"
           "links: {default: {latency: 5ms, jitter: 5ms, rate: 10Mbit/s, chunks: random}}\n"},
    {"idle for 24 h", "glassmq: 1\n"
                      "title: Load\n"
                      "stop: 86400s\n"
                      "broker: {heartbeat: 60s}\n"
                      "topology: {queues: {q: {}}}\n"
                      "clients:\n"
                      "  c: {role: consumer, copies: 10, from: q, heartbeat: 60s}\n"},
};

typedef enum {
    UNCHECKED,
    CHECKED,
    TRACED, /* checked, and then written to a file */
    TWICE,  /* checked, two of them in lockstep */
    N_MODES,
} Mode;

static const char *const mode_names[N_MODES] = {"unchecked", "checked", "traced", "twice"};

typedef struct {
    uint64_t pops;
    size_t traced;
    int64_t simulated_us; /* until the last thing that was traced; to the end when it is idle */
    int64_t us[N_MODES];
    const char *verdict;
} Result;

static char *trace_path;

static int64_t
processor_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* What was simulated ends with the last event that was taken from the heap. */
static void
describe(const GmqWorld *world, Result *result)
{
    static const char *const verdicts[] = {"held", "broken", "undecided"};

    result->pops         = gmq_world_pops(world);
    result->traced       = gmq_trace_length(gmq_world_trace(world));
    result->simulated_us = gmq_world_now(world) / 1000;
    result->verdict      = verdicts[gmq_world_verdict(world)];
}

/* One run; returns what it took. */
static int64_t
run(const GmqScenario *scenario, Mode mode, Result *result)
{
    GmqRunOptions options       = {.is_unchecked = mode == UNCHECKED};
    int64_t start_us            = processor_us();
    g_autoptr(GmqWorld) world   = gmq_world_new_with(scenario, scenario->seed, &options);
    g_autoptr(GmqWorld) another = NULL;

    if (mode == TWICE) {
        another                = gmq_world_new_with(scenario, scenario->seed, &options);
        g_autofree char *wrong = gmq_lockstep(world, another);
        g_assert(wrong == NULL);
    }
    while (gmq_world_step(world))
        continue;
    if (mode == TRACED && !gmq_trace_save(gmq_world_trace(world), trace_path, NULL))
        g_error("cannot write %s", trace_path);
    int64_t us = MAX(processor_us() - start_us, 1);
    if (mode == CHECKED)
        describe(world, result);
    return us;
}

/* The modes take turns, so that a slow moment of the machine is one of all. */
static Result
measure(const GmqScenario *scenario)
{
    Result best   = {.us = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}};
    int64_t spent = 0;

    for (unsigned i = 0; i < ROUNDS_MIN || spent < ROUNDS_US; i++) {
        for (Mode mode = 0; mode < N_MODES; mode++) {
            int64_t us    = run(scenario, mode, &best);
            best.us[mode] = MIN(best.us[mode], us);
            spent += us;
        }
    }
    return best;
}

static double
rate(const Result *result, Mode mode)
{
    return (double)result->pops * 1e6 / (double)result->us[mode];
}

static void
print_row(const char *name, const Result *result)
{
    double checked = (double)result->us[CHECKED];

    printf("%-28s %8" G_GUINT64_FORMAT " %8zu %11.0f %11.0f %7.0f %% %8.2f %11.0f  %s\n", name,
           (guint64)result->pops, result->traced, rate(result, UNCHECKED), rate(result, CHECKED),
           ((double)result->us[TRACED] / checked - 1) * 100, (double)result->us[TWICE] / checked,
           (double)result->simulated_us / checked, result->verdict);
}

static void
print_object(const char *name, const Result *result)
{
    printf("{\"name\":\"%s\",\"events\":%" G_GUINT64_FORMAT ",\"traced\":%zu,", name,
           (guint64)result->pops, result->traced);
    for (Mode mode = 0; mode < N_MODES; mode++)
        printf("\"%s_us\":%" G_GINT64_FORMAT ",", mode_names[mode], (gint64)result->us[mode]);
    printf("\"simulated_us\":%" G_GINT64_FORMAT ",\"verdict\":\"%s\"}\n",
           (gint64)result->simulated_us, result->verdict);
}

static void
show(const char *name, const GmqScenario *scenario, bool is_json)
{
    Result result = measure(scenario);

    if (is_json)
        print_object(name, &result);
    else
        print_row(name, &result);
    fflush(stdout);
}

static int
show_file(const char *path, bool is_json)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, &error);

    if (scenario == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    show(scenario->name, scenario, is_json);
    return 0;
}

static void
show_load(const Load *load, bool is_json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse(load->name, load->text, strlen(load->text), &error);

    if (scenario == NULL)
        g_error("%s", error->message);
    show(load->name, scenario, is_json);
}

int
main(int argc, char **argv)
{
    bool is_json = argc > 1 && strcmp(argv[1], "--json") == 0;
    int status   = 0;
    int file     = g_file_open_tmp("sim-speed-XXXXXX", &trace_path, NULL);

    if (file < 0 || !g_close(file, NULL))
        g_error("there is no room for a trace");
    if (!is_json)
        printf("%-28s %8s %8s %11s %11s %9s %8s %11s\n", "an event is one pop of the heap",
               "events", "traced", "unchecked/s", "checked/s", "trace", "--check", "real time x");
    for (size_t i = 0; i < G_N_ELEMENTS(loads); i++)
        show_load(&loads[i], is_json);
    for (int i = is_json ? 2 : 1; i < argc; i++)
        status |= show_file(argv[i], is_json);
    g_unlink(trace_path);
    g_free(trace_path);
    return status;
}
