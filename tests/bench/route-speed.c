/* What it costs to find the queues of one message, by the number of bindings: prints a table and
 * judges nothing.
 *
 *     build/tests/bench/route-speed [--json] [TEXT]      only the cases whose name holds it
 *
 * With --json each figure is an object in a line of its own, as "run" reads them.
 *
 * A figure is nanoseconds of the processor for one message; the quickest of a few rounds counts, so
 * that a busy machine hardly does. Nobody watches, and no publisher remembers the queues. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/limits.h"
#include "core/broker/broker.h"
#include "core/broker/vhost.h"
#include "core/wire/table.h"

#define ROUNDS 5
#define ROUND_NS 20000000 /* of processor time */
#define NS_PER_S 1000000000
#define N_SIZES 4

static const unsigned sizes[N_SIZES] = {10, 100, 1000, 10000};

/* What the bindings of a case look like, and the message that goes through. */
typedef struct {
    const char *name;
    const char *type;
    const char *pattern;                         /* %u: the binding's number */
    const char *key;                             /* %u: half of the number of bindings */
    void (*arguments)(GmqBuffer *, unsigned i);  /* of binding i; NULL: none */
    void (*headers)(GmqBuffer *, unsigned half); /* of the message; NULL: none */
} Case;

/* ---- tables of headers ---- */

static void
add_text(GmqBuffer *table, const char *name, const char *text)
{
    gmq_table_add(table, gmq_slice_of(name),
                  &(GmqValue){.type = GMQ_VALUE_STRING, .bytes = gmq_slice_of(text)});
}

static void
add_number(GmqBuffer *table, const char *name, unsigned number)
{
    gmq_table_add(table, gmq_slice_of(name),
                  &(GmqValue){.type = GMQ_VALUE_I32, .integer = (int)number});
}

static void
add_customer(GmqBuffer *table, unsigned i)
{
    add_text(table, "kind", "order");
    add_number(table, "customer", i);
}

static void
wish_all(GmqBuffer *table, unsigned i)
{
    add_text(table, "x-match", "all");
    add_customer(table, i);
}

static void
wish_any(GmqBuffer *table, unsigned i)
{
    add_text(table, "x-match", "any");
    add_number(table, "customer", i);
    add_number(table, "deputy", i);
}

/* The last of ten is the one that differs. */
static void
add_ten(GmqBuffer *table, unsigned i)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};

    for (size_t n = 0; n < G_N_ELEMENTS(names); n++)
        add_text(table, names[n], "the same for everybody");
    add_number(table, "z", i);
}

static void
wish_name(GmqBuffer *table, unsigned i)
{
    char name[16];

    snprintf(name, sizeof name, "name-%u", i);
    add_text(table, "x-match", "all");
    gmq_table_add(table, gmq_slice_of(name), &(GmqValue){.type = GMQ_VALUE_VOID});
}

static void
add_one_name(GmqBuffer *table, unsigned i)
{
    char name[16];

    snprintf(name, sizeof name, "name-%u", i);
    add_text(table, name, "there");
}

#define A10 "a.a.a.a.a.a.a.a.a.a"
#define A40 A10 "." A10 "." A10 "." A10

static const Case cases[] = {
    {"direct, one key each", "direct", "key.%u", "key.%u", NULL, NULL},
    {"topic, no wildcards", "topic", "stock.%u.price", "stock.%u.price", NULL, NULL},
    {"topic, all begin alike", "topic", "a.b.c.d.e.f.g.h.%u", "a.b.c.d.e.f.g.h.%u", NULL, NULL},
    {"topic, behind a *", "topic", "*.*.%u", "a.b.%u", NULL, NULL},
    {"topic, before a #", "topic", "stock.%u.#", "stock.%u.nyse.ibm.price", NULL, NULL},
    {"topic, behind a #", "topic", "#.%u", "a.b.c.d.%u", NULL, NULL},
    {"topic, between two #", "topic", "#.%u.#", "a.b.%u.c.d", NULL, NULL},
    {"topic, six # in a row of 40", "topic", "#.a.#.a.#.a.#.a.#.a.#.%u", A40 ".%u", NULL, NULL},
    {"topic, a key of 120 words", "topic", "#.%u", A40 "." A40 "." A40 ".%u", NULL, NULL},
    {"topic, no match", "topic", "stock.%u.*", "news.%u.x", NULL, NULL},
    {"headers, all of two", "headers", "", "", wish_all, add_customer},
    {"headers, any of two", "headers", "", "", wish_any, add_customer},
    {"headers, all of ten", "headers", "", "", add_ten, add_ten},
    {"headers, a name each", "headers", "", "", wish_name, add_one_name},
    {"topic, all match", "topic", "a.#", "a.b", NULL, NULL},
    {"fanout, all match", "fanout", "%u", "x", NULL, NULL},
};

/* ---- a broker without a world ---- */

static int64_t
no_time(GmqHost *host G_GNUC_UNUSED)
{
    return 0;
}

static uint64_t
no_chance(GmqHost *host G_GNUC_UNUSED, GmqStream stream G_GNUC_UNUSED)
{
    return 4;
}

/* The pattern with the number in place of its %u. */
static GmqSlice
print_slice(char storage[GMQ_SHORTSTR_MAX + 1], const char *pattern, unsigned number)
{
    const char *at = strstr(pattern, "%u");

    if (at == NULL)
        return gmq_slice_of(pattern);
    snprintf(storage, GMQ_SHORTSTR_MAX + 1, "%.*s%u%s", (int)(at - pattern), pattern, number,
             at + 2);
    return gmq_slice_of(storage);
}

static void
bind(GmqVhost *vhost, const Case *one, unsigned i)
{
    char name[16];
    char key[GMQ_SHORTSTR_MAX + 1];
    g_auto(GmqBuffer) table = {0};
    GmqFault fault;

    snprintf(name, sizeof name, "q%u", i);
    gmq_vhost_declare_queue(vhost, &(GmqQueueSpec){.name = gmq_slice_of(name)}, &fault);
    if (one->arguments != NULL)
        one->arguments(&table, i);
    bool is_bound = gmq_vhost_bind(vhost,
                                   &(GmqBindingSpec){.source    = GMQ_SLICE("x"),
                                                     .target    = gmq_slice_of(name),
                                                     .to_queue  = true,
                                                     .key       = print_slice(key, one->pattern, i),
                                                     .arguments = gmq_buffer_slice(&table)},
                                   &fault);
    g_assert(is_bound);
}

static GmqMessage *
make_message(const Case *one, unsigned size)
{
    char key[GMQ_SHORTSTR_MAX + 1];
    g_auto(GmqBuffer) table  = {0};
    g_auto(GmqBuffer) header = {0};
    GmqProperties properties = {0};

    if (one->headers != NULL) {
        one->headers(&table, size / 2);
        properties.present = GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
        properties.headers = gmq_buffer_slice(&table);
    }
    gmq_properties_encode(&properties, 0, &header);
    return gmq_message_new(GMQ_SLICE("x"), print_slice(key, one->key, size / 2),
                           gmq_buffer_slice(&header), 0);
}

static int64_t
processor_ns(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * (int64_t)NS_PER_S + time.tv_nsec;
}

/* Nanoseconds for one message, in one round. */
static double
run_round(GmqRoute *route, GmqExchange *exchange, GmqMessage *message)
{
    int64_t start = processor_ns();
    int64_t spent;
    uint64_t count = 0;
    GmqFault fault;

    do {
        for (unsigned i = 0; i < 16; i++)
            gmq_route_message(route, exchange, message, &fault);
        count += 16;
        spent = processor_ns() - start;
    } while (spent < ROUND_NS);
    return (double)spent / (double)count;
}

static double
measure(const Case *one, unsigned size, unsigned *matches)
{
    GmqHost host      = {.now = no_time, .wall_ms = no_time, .random = no_chance};
    GmqBroker *broker = gmq_broker_new(&host);
    GmqVhost *vhost   = gmq_broker_find_vhost(broker, GMQ_SLICE("/"));
    double best       = 1e18;
    GmqRoute route;
    GmqFault fault;

    GmqExchange *exchange = gmq_vhost_declare_exchange(
        vhost, &(GmqExchangeSpec){.name = GMQ_SLICE("x"), .type = gmq_slice_of(one->type)}, &fault);
    for (unsigned i = 0; i < size; i++)
        bind(vhost, one, i);
    GmqMessage *message = make_message(one, size);
    gmq_route_init(&route, &host);
    for (unsigned i = 0; i < ROUNDS; i++) {
        double found = run_round(&route, exchange, message);

        best = MIN(best, found);
    }
    *matches = route.queues->len;
    gmq_route_clear(&route);
    gmq_message_unref(message);
    gmq_broker_free(broker);
    return best;
}

static void
print_row(const Case *one)
{
    unsigned matches = 0;

    printf("%-30s", one->name);
    for (unsigned n = 0; n < N_SIZES; n++) {
        printf("%11.0f", measure(one, sizes[n], &matches));
        fflush(stdout);
    }
    printf("%11u\n", matches);
}

static void
print_objects(const Case *one)
{
    for (unsigned n = 0; n < N_SIZES; n++) {
        unsigned matches;
        double found = measure(one, sizes[n], &matches);

        printf("{\"case\":\"%s\",\"bindings\":%u,\"ns\":%.0f,\"matches\":%u}\n", one->name,
               sizes[n], found, matches);
        fflush(stdout);
    }
}

int
main(int argc, char **argv)
{
    bool is_json     = argc > 1 && strcmp(argv[1], "--json") == 0;
    const char *only = argc > (is_json ? 2 : 1) ? argv[is_json ? 2 : 1] : "";

    if (!is_json) {
        printf("ns for one message   bindings:");
        for (unsigned i = 0; i < N_SIZES; i++)
            printf("%11u", sizes[i]);
        printf("    matches\n");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (strstr(cases[i].name, only) == NULL)
            continue;
        if (is_json)
            print_objects(&cases[i]);
        else
            print_row(&cases[i]);
    }
    return 0;
}
