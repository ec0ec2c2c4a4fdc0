/* crowd - what it costs a broker when there are very many of something.
 *
 *     crowd --port N [--pid N] [--share N] [--only TEXT]
 *
 * It asks the broker on that port of this machine for queues, bindings, consumers, unacked messages
 * and so on by the hundred thousand, and prints one JSON object for each step: how many things it
 * did, in how many seconds, and with --pid how many of these the broker's processor was busy.
 * --share divides all numbers. Nothing is left behind. */
#include "tests/bench/crowd/crowd.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/load/options.h"

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    {"queues, 1000 at a time", run_queues},
    {"queues, waiting for each answer", run_queues_one_by_one},
    {"queues, the last deleted first", run_queues_backwards},
    {"exclusive queues", run_exclusive_queues},
    {"auto-delete queues with a consumer", run_auto_delete_queues},
    {"bindings of a direct exchange", run_direct_bindings},
    {"bindings of a topic exchange", run_topic_bindings},
    {"bindings of a fanout exchange", run_fanout_bindings},
    {"bindings of a headers exchange", run_headers_bindings},
    {"bindings that go with their queue", run_bindings_of_a_queue},
    {"bindings that go with their exchange", run_bindings_of_an_exchange},
    {"connections", run_connections},
    {"channels of a connection", run_channels},
    {"consumers of a queue", run_consumers},
    {"one consumer before all others", run_preferred_consumer},
    {"consumers, a single one active", run_single_active},
    {"consumers of a channel", run_tags},
    {"a backlog", run_backlog},
    {"acks one by one, in any order", run_single_acks},
    {"nack and requeue", run_requeue},
    {"255 priorities", run_priorities},
    {"expirations that fall", run_falling_ttl},
    {"messages that expire", run_expiry},
    {"messages that die together", run_dead_letters},
    {"one message that dies often", run_deaths},
};

static const char *case_name;
static unsigned share = 1;
static long pid;
static double wall_start, busy_start;

static double
read_clock(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Seconds that the broker's processor was busy so far; 0 when nobody knows. */
static double
read_busy(void)
{
    clockid_t clock;

    return pid > 0 && clock_getcpuclockid((pid_t)pid, &clock) == 0 ? read_clock(clock) : 0;
}

void
step_begin(void)
{
    busy_start = read_busy();
    wall_start = read_clock(CLOCK_MONOTONIC);
}

void
step_end(const char *step, size_t count)
{
    double wall = read_clock(CLOCK_MONOTONIC) - wall_start;

    printf("{\"case\":\"%s\",\"step\":\"%s\",\"count\":%zu,\"seconds\":%.6f,\"busy\":%.6f}\n",
           case_name, step, count, wall, read_busy() - busy_start);
    fflush(stdout);
}

size_t
crowd_size(size_t size)
{
    return size / share > 0 ? size / share : 1;
}

void *
allocate(size_t size)
{
    void *memory = malloc(size);

    if (memory == NULL)
        abort();
    return memory;
}

void
shuffle(uint32_t *numbers, size_t count)
{
    uint64_t state = 88172645463325252u;

    for (size_t i = 0; i < count; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        size_t other   = state % (i + 1);
        numbers[i]     = numbers[other];
        numbers[other] = (uint32_t)i;
    }
}

static const char *
read_options(int argc, char **argv)
{
    static const struct option longs[] = {
        {"port", required_argument, NULL, 'p'},
        {"pid", required_argument, NULL, 'i'},
        {"share", required_argument, NULL, 's'},
        {"only", required_argument, NULL, 'o'},
        {NULL, 0, NULL, 0},
    };
    const char *only = "";
    int found;

    while ((found = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        if (found == 'p')
            options.port = (int)strtol(optarg, NULL, 10);
        else if (found == 'i')
            pid = strtol(optarg, NULL, 10);
        else if (found == 's' && strtol(optarg, NULL, 10) > 0)
            share = (unsigned)strtol(optarg, NULL, 10);
        else if (found == 'o')
            only = optarg;
        else
            exit(2);
    }
    return only;
}

/* A connection is a file. */
static void
raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int
main(int argc, char **argv)
{
    const char *only = read_options(argc, argv);

    raise_file_limit();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (strstr(cases[i].name, only) == NULL)
            continue;
        case_name = cases[i].name;
        cases[i].run();
    }
    return 0;
}
