/* outgoing.h - message number n of a producer, as its publish settings say. */
#pragma once

#include "core/wire/properties.h"
#include "sim/scenario.h"

G_BEGIN_DECLS

/* A message that is about to be sent. Everything is owned, and used again for the next one. */
typedef struct {
    GString *name; /* "p1-5" */
    GString *key;
    GString *body;
    GmqBuffer headers;        /* the inside of a field table */
    GmqProperties properties; /* lends name and headers */
    const char *exchange;     /* lent by the scenario */
    const GPtrArray *lines;   /* of GmqHeaderLine: its headers; likewise, NULL without any */
    bool is_mandatory;
    bool is_persistent;
    uint64_t priority; /* UINT64_MAX: none */
    int64_t ttl_ms;    /* -1: none */
    char expiration[24];
} GmqOutgoing;

void gmq_outgoing_init(GmqOutgoing *outgoing);
void gmq_outgoing_clear(GmqOutgoing *outgoing);

/* "p1-5" */
void gmq_outgoing_set_name(GString *name, const char *client, uint64_t n);

/* Fills in message n of that client. */
void gmq_outgoing_fill(GmqOutgoing *outgoing, const GmqClientSpec *client, uint64_t n);

/* Likewise, as that line alone says. */
void gmq_outgoing_fill_line(GmqOutgoing *outgoing, const GmqClientSpec *client,
                            const GmqMessageSpec *line, uint64_t n);

G_END_DECLS
