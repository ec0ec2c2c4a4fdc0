/* How fast the simulator is, with all checks on: prints a table and judges nothing.
 *
 *     build/tests/bench/sim-speed [SCENARIO.yaml]...
 *
 * An event here is one taken from the schedule; what is announced and traced is counted beside it,
 * since others mean that by the word. Seconds are those of the processor, so that a busy machine
 * does not count. */
#include <stdio.h>
#include <time.h>

#include "sim/world.h"

/* Each load is run so often, and the fastest counts. */
#define ROUNDS 3

typedef struct {
    const char *name;
    const char *text;
} Load;

#define START                                                                                      \
    "glassmq: 1\n"                                                                                 \
    "title: Load\n"                                                                                \
    "stop: 1000s\n"

static const Load loads[] = {
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
};

typedef struct {
    uint64_t pops;
    size_t events;
    int64_t us;
    GmqVerdict verdict;
} Result;

static int64_t
processor_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static Result
run(const GmqScenario *scenario)
{
    int64_t start_us          = processor_us();
    g_autoptr(GmqWorld) world = gmq_world_new(scenario, scenario->seed);

    while (gmq_world_step(world))
        continue;
    return (Result){
        .pops    = gmq_world_pops(world),
        .events  = gmq_trace_length(gmq_world_trace(world)),
        .us      = MAX(processor_us() - start_us, 1),
        .verdict = gmq_world_verdict(world),
    };
}

static void
measure(const char *name, const GmqScenario *scenario)
{
    static const char *const verdicts[] = {"held", "broken", "undecided"};
    Result best                         = run(scenario);

    for (int i = 1; i < ROUNDS; i++) {
        Result result = run(scenario);
        best.us       = MIN(best.us, result.us);
    }
    printf("%-24s %9.1f ms  %8" G_GUINT64_FORMAT " events  %8.0f a second  %8zu traced  %8.0f a "
           "second  %s\n",
           name, (double)best.us / 1e3, (guint64)best.pops,
           (double)best.pops * 1e6 / (double)best.us, best.events,
           (double)best.events * 1e6 / (double)best.us, verdicts[best.verdict]);
}

static int
measure_file(const char *path)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, &error);

    if (scenario == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    measure(scenario->name, scenario);
    return 0;
}

int
main(int argc, char **argv)
{
    int status = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(loads); i++) {
        const Load *load = &loads[i];
        g_autoptr(GmqScenario) scenario =
            gmq_scenario_parse(load->name, load->text, strlen(load->text), NULL);

        g_assert(scenario != NULL);
        measure(load->name, scenario);
    }
    for (int i = 1; i < argc; i++)
        status |= measure_file(argv[i]);
    return status;
}
