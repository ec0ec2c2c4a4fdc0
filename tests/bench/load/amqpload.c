/* amqpload - a broker-neutral AMQP 0-9-1 load generator.
 *
 * It speaks just enough of the protocol to push a broker to its limit from one core: publishes are
 * encoded once and written in large blocks, deliveries are read in place. It talks to any AMQP
 * 0-9-1 broker, so two brokers can be measured with the same work in one run.
 *
 *     amqpload --port 5672 --producers 1 --consumers 1 --size 16 --seconds 5
 *
 * The last line printed is one JSON object. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/bench/load/consumer.h"
#include "tests/bench/load/figures.h"
#include "tests/bench/load/options.h"
#include "tests/bench/load/producer.h"
#include "tests/bench/load/topology.h"

#define NS_PER_S 1e9
#define LOOK_NS 2000000U         /* between two looks at what has arrived */
#define GIVE_UP_NS 5000000000ULL /* nothing more comes after so long a pause */
#define DRAINED_NS 1500000000ULL /* likewise without producers */

static atomic_bool stop_publishing, stop_consuming;
static Producer *producers;
static Consumer *consumers;

static void *
produce(void *unused)
{
    producers_run(producers, options.producers, &stop_publishing);
    return unused;
}

static void *
consume(void *unused)
{
    consumers_run(consumers, options.consumers, &stop_consuming);
    return unused;
}

static void
open_all(void)
{
    producers = calloc((size_t)options.producers + 1, sizeof *producers);
    consumers = calloc((size_t)options.consumers + 1, sizeof *consumers);
    if (producers == NULL || consumers == NULL)
        abort();
    for (int i = 0; i < options.producers; i++)
        producer_init(&producers[i], i);
    for (int i = 0; i < options.consumers; i++)
        consumer_init(&consumers[i], i);
}

static void
wait_for_producers(pthread_t thread)
{
    if (options.messages == 0) {
        sleep_ns((uint64_t)(options.seconds * NS_PER_S));
        stop_publishing = true;
    }
    pthread_join(thread, NULL);
}

/* Until everything has arrived, or nothing has for some time. */
static void
wait_for_consumers(pthread_t thread)
{
    bool is_fanout   = strcmp(options.exchange_type, "fanout") == 0;
    uint64_t copies  = is_fanout ? (uint64_t)options.queues : 1;
    uint64_t give_up = options.producers > 0 ? GIVE_UP_NS : DRAINED_NS;
    uint64_t seen = figures.consumed, since = now_ns();

    while (options.producers == 0 || figures.consumed < figures.published * copies) {
        sleep_ns(LOOK_NS);
        if (figures.consumed != seen) {
            seen  = figures.consumed;
            since = now_ns();
        } else if (now_ns() - since > give_up) {
            break;
        }
    }
    stop_consuming = true;
    pthread_join(thread, NULL);
}

static double
cpu_seconds(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
print_figures(uint64_t start_ns, uint64_t published_ns, uint64_t consumed_while_publishing)
{
    uint64_t first_ns = options.producers > 0 ? start_ns : figures.first_delivery_ns;
    double publish_s  = (double)(published_ns - start_ns) / NS_PER_S;
    double consume_s =
        figures.consumed > 0 ? (double)(figures.last_delivery_ns - first_ns) / NS_PER_S : 0;
    double publish_rate = publish_s > 0 ? (double)figures.published / publish_s : 0;
    double consume_rate = consume_s > 0 ? (double)figures.consumed / consume_s : 0;

    printf("{\"published\":%" PRIu64 ",\"confirmed\":%" PRIu64 ",\"nacked\":%" PRIu64
           ",\"returned\":%" PRIu64 ",\"consumed\":%" PRIu64
           ",\"consumed_while_publishing\":%" PRIu64 ",\"redelivered\":%" PRIu64
           ",\"reordered\":%" PRIu64 ",\"blocked\":%d",
           figures.published, figures.confirmed, figures.nacked, figures.returned, figures.consumed,
           consumed_while_publishing, figures.redelivered, figures.reordered, figures.blocked);
    printf(",\"publish_rate\":%.0f,\"consume_rate\":%.0f,\"mb_per_s\":%.1f", publish_rate,
           consume_rate, consume_rate * options.size / 1e6);
    printf(",\"latency_us\":{\"p50\":%.0f,\"p95\":%.0f,\"p99\":%.0f,\"p999\":%.0f}", latency_us(.5),
           latency_us(.95), latency_us(.99), latency_us(.999));
    printf(",\"client_cpu_s\":%.2f,\"wall_s\":%.2f}\n", cpu_seconds(),
           (double)(now_ns() - start_ns) / NS_PER_S);
}

static void
run(void)
{
    Connection *admin   = connection_open();
    pthread_t producing = 0, consuming = 0;

    if (!options.no_declare)
        topology_declare(admin);
    open_all();

    uint64_t start_ns = now_ns(), published_ns = start_ns;
    if (options.consumers > 0)
        pthread_create(&consuming, NULL, consume, NULL);
    if (options.producers > 0) {
        pthread_create(&producing, NULL, produce, NULL);
        wait_for_producers(producing);
        published_ns = now_ns();
    }
    uint64_t consumed_while_publishing = figures.consumed;
    if (options.consumers > 0)
        wait_for_consumers(consuming);
    if (!options.keep)
        topology_delete(admin);
    connection_close(admin);
    print_figures(start_ns, published_ns, consumed_while_publishing);
}

int
main(int argc, char **argv)
{
    if (!options_read(argc, argv)) {
        options_print_help();
        return 2;
    }
    if (options.help)
        options_print_help();
    else
        run();
    return 0;
}
