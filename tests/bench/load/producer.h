/* producer.h - a connection that publishes blocks of messages, encoded once.
 *
 * Each body begins with { u32 producer, u32 sequence, u64 nanoseconds }, if it has the room. */
#pragma once

#include <stdatomic.h>

#include "tests/bench/load/connection.h"

#define STAMP_SIZE 16

/* A flag for each publish that may be in flight, so half of them at most. */
#define SETTLED_SIZE 65536
#define CONFIRM_MAX (SETTLED_SIZE / 2)

typedef struct {
    Connection *connection;
    int id;
    uint32_t sequence;
    uint64_t sent, confirmed;
    uint64_t low;     /* every tag up to here is settled */
    uint8_t *settled; /* a flag for each tag above low, modulo SETTLED_SIZE */
    Buffer block;     /* publishes, encoded */
    size_t stride;    /* bytes of one of them */
    size_t body_at;   /* where the body begins in one */
    int per_block;
    size_t out_at, out_size; /* what of the block is not sent yet */
    uint64_t next_ns;
} Producer;

/* Opens its connection. */
void producer_init(Producer *producer, int id);

/* Publishes with all producers until stop is set, or each has sent what it should, and until what
 * was sent is confirmed. */
void producers_run(Producer *producers, int n_producers, const atomic_bool *stop);
