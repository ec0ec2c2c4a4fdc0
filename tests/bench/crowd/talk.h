/* talk.h - requests to a broker, many at a time or one by one, and what they cost.
 *
 * Requests are collected and sent a window at a time, and all their answers awaited: a window of 1
 * waits for each. Any refusal ends the program. */
#pragma once

#include "tests/bench/load/connection.h"

#define NAME_MAX_SIZE 64

typedef struct {
    Connection *connection;
    Buffer buffer;
    unsigned window;
    unsigned pending;             /* requests in the buffer */
    unsigned class_id, answer_id; /* of the answers to them */
} Talk;

void talk_begin(Talk *talk, unsigned window);

/* Sends what is left and waits for its answers. */
void talk_settle(Talk *talk);

/* Ends the connection with connection.close, and waits for the answer. */
void talk_end(Talk *talk);

/* queue.declare's and consume's bits, as on the wire. */
#define EXCLUSIVE 4
#define AUTO_DELETE 8
#define NO_ACK 2

/* Arguments are the inside of a table, NULL for none. */
void declare_exchange(Talk *talk, const char *exchange, const char *type);
void delete_exchange(Talk *talk, const char *exchange);
void declare_queue(Talk *talk, const char *queue, unsigned bits, const Buffer *arguments);
void delete_queue(Talk *talk, const char *queue);
void purge_queue(Talk *talk, const char *queue);
void bind_queue(Talk *talk, const char *queue, const char *exchange, const char *key,
                const Buffer *arguments);
void unbind_queue(Talk *talk, const char *queue, const char *exchange, const char *key,
                  const Buffer *arguments);
void consume(Talk *talk, const char *queue, const char *tag, unsigned bits,
             const Buffer *arguments);
void cancel(Talk *talk, const char *tag);
void open_channel(Talk *talk, unsigned channel);
void close_channel(Talk *talk, unsigned channel);

/* These have no answer. flags and properties: of the content header. */
void publish(Talk *talk, const char *queue, unsigned flags, const void *properties,
             size_t properties_size);
void ack(Talk *talk, uint64_t tag, bool is_multiple);
void nack(Talk *talk, uint64_t tag, bool is_multiple, bool is_requeue);

/* The messages of a queue that are ready. */
uint32_t count_ready(Talk *talk, const char *queue);

/* Waits for so many deliveries; the delivery tags go to tags unless it is NULL. */
void await_deliveries(Talk *talk, size_t count, uint64_t *tags);

void put_text_argument(Buffer *table, const char *name, const char *text);
void put_number_argument(Buffer *table, const char *name, int32_t number);
