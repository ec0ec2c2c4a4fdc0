/* options.h - what amqpload is asked to do. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *host;
    const char *user, *password, *vhost;
    const char *exchange_type; /* "": the default exchange */
    const char *queue_type;    /* x-queue-type; NULL: none */
    const char *prefix;        /* of the names of queues and exchange */
    int port;
    int producers, consumers, queues;
    int size;     /* of a body */
    int confirm;  /* publishes in flight per producer; 0: confirms are off */
    int ack;      /* 0: no-ack; N: one multiple ack per N deliveries */
    int prefetch; /* 0: no limit */
    int bindings; /* per queue, for topic and headers */
    double seconds;
    double rate;       /* messages/s per producer; 0: as fast as it goes */
    uint64_t messages; /* per producer; 0: until the time is up */
    bool persistent, durable, mandatory;
    bool keep; /* the queues at the end */
    bool no_declare;
    bool help;
} Options;

/* Read by all threads, written before they start. */
extern Options options;

/* Fills options. False when an option is unknown or has no value; getopt said so. */
bool options_read(int argc, char **argv);

void options_print_help(void);
