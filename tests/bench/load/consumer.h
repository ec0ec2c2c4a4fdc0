/* consumer.h - a connection that consumes one queue and checks what it gets. */
#pragma once

#include <stdatomic.h>

#include "tests/bench/load/connection.h"

typedef struct {
    Connection *connection;
    uint64_t unacked, tag;
    uint64_t body_left;
    bool is_body_start;
    bool is_redelivered;
    uint32_t *next_sequence; /* expected from each producer */
} Consumer;

/* Opens its connection and begins to consume. */
void consumer_init(Consumer *consumer, int index);

/* Reads with all consumers until stop is set; then acknowledges what is left. */
void consumers_run(Consumer *consumers, int n_consumers, const atomic_bool *stop);
