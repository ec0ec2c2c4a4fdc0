#include "tests/bench/load/options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/load/producer.h"

Options options = {
    .host          = "127.0.0.1",
    .port          = 5672,
    .user          = "guest",
    .password      = "guest",
    .vhost         = "/",
    .exchange_type = "",
    .prefix        = "load",
    .producers     = 1,
    .consumers     = 1,
    .queues        = 1,
    .size          = 16,
    .seconds       = 5,
    .bindings      = 1,
};

typedef enum {
    KIND_TEXT,
    KIND_INT,
    KIND_COUNT,
    KIND_REAL,
    KIND_FLAG,
} Kind;

static const struct {
    const char *name;
    Kind kind;
    size_t place; /* in Options */
} table[] = {
    {"host", KIND_TEXT, offsetof(Options, host)},
    {"port", KIND_INT, offsetof(Options, port)},
    {"user", KIND_TEXT, offsetof(Options, user)},
    {"password", KIND_TEXT, offsetof(Options, password)},
    {"vhost", KIND_TEXT, offsetof(Options, vhost)},
    {"producers", KIND_INT, offsetof(Options, producers)},
    {"consumers", KIND_INT, offsetof(Options, consumers)},
    {"queues", KIND_INT, offsetof(Options, queues)},
    {"size", KIND_INT, offsetof(Options, size)},
    {"seconds", KIND_REAL, offsetof(Options, seconds)},
    {"messages", KIND_COUNT, offsetof(Options, messages)},
    {"confirm", KIND_INT, offsetof(Options, confirm)},
    {"ack", KIND_INT, offsetof(Options, ack)},
    {"prefetch", KIND_INT, offsetof(Options, prefetch)},
    {"rate", KIND_REAL, offsetof(Options, rate)},
    {"exchange", KIND_TEXT, offsetof(Options, exchange_type)},
    {"bindings", KIND_INT, offsetof(Options, bindings)},
    {"persistent", KIND_FLAG, offsetof(Options, persistent)},
    {"durable", KIND_FLAG, offsetof(Options, durable)},
    {"mandatory", KIND_FLAG, offsetof(Options, mandatory)},
    {"keep", KIND_FLAG, offsetof(Options, keep)},
    {"no-declare", KIND_FLAG, offsetof(Options, no_declare)},
    {"queue-type", KIND_TEXT, offsetof(Options, queue_type)},
    {"prefix", KIND_TEXT, offsetof(Options, prefix)},
    {"help", KIND_FLAG, offsetof(Options, help)},
};

#define N_OPTIONS (sizeof table / sizeof table[0])

static void
take(size_t index, const char *text)
{
    char *place = (char *)&options + table[index].place;

    switch (table[index].kind) {
    case KIND_TEXT:
        *(const char **)place = text;
        break;
    case KIND_INT:
        *(int *)place = (int)strtol(text, NULL, 10);
        break;
    case KIND_COUNT:
        *(uint64_t *)place = strtoull(text, NULL, 10);
        break;
    case KIND_REAL:
        *(double *)place = strtod(text, NULL);
        break;
    case KIND_FLAG:
        *(bool *)place = true;
        break;
    }
}

bool
options_read(int argc, char **argv)
{
    struct option longs[N_OPTIONS + 1] = {{0}};
    int found;

    for (size_t i = 0; i < N_OPTIONS; i++) {
        longs[i].name    = table[i].name;
        longs[i].has_arg = table[i].kind == KIND_FLAG ? no_argument : required_argument;
        longs[i].val     = (int)i;
    }
    while ((found = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        if (found == '?')
            return false;
        take((size_t)found, optarg);
    }
    if (options.persistent)
        options.durable = true;
    if (options.confirm > CONFIRM_MAX)
        options.confirm = CONFIRM_MAX;
    return true;
}

void
options_print_help(void)
{
    puts("amqpload: a broker-neutral AMQP 0-9-1 load generator\n"
         "  --host A --port N --user U --password P --vhost V\n"
         "  --producers N --consumers N --queues N      (0 producers: only drain; 0 consumers: "
         "only fill)\n"
         "  --size BYTES (>=16 for checks) --seconds S --messages N-per-producer\n"
         "  --confirm W  publisher confirms, W in flight      --persistent --durable --mandatory\n"
         "  --ack N      manual ack, multiple, every N        --prefetch N\n"
         "  --rate R     messages/s per producer (paced, for latency)\n"
         "  --exchange direct|fanout|topic|headers            --bindings N per queue\n"
         "  --queue-type T --prefix S --keep --no-declare");
}
