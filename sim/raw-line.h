/* raw-line.h - what a raw client says, line by line: bytes, methods in words, what it waits for.
 *
 *     AMQP 0 0 9 1                         the protocol header
 *     hex 01 00 00                         bytes
 *     text GET / HTTP/1.0                  bytes, as they stand
 *     connection.open virtual-host=/       a method, on channel 0
 *     1 queue.declare queue=tasks          likewise, on channel 1
 *     wait 100ms                           says nothing for so long
 *     hear connection.start                says nothing until that method has come
 *
 * Fields that are not named are zero or empty. A value with blanks stands in double quotes, and
 * \xNN is a byte. Tables cannot be said in words. */
#pragma once

#include "core/wire/method.h"
#include "sim/reader.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_RAW_SEND,
    GMQ_RAW_WAIT,
    GMQ_RAW_HEAR,
} GmqRawKind;

typedef struct {
    GmqRawKind kind;
    GmqBuffer bytes;    /* of SEND */
    char *text;         /* of SEND: what is told of it; owned */
    int64_t wait_ns;    /* of WAIT */
    GmqMethodId method; /* of HEAR */
} GmqRawLine;

void gmq_raw_line_free(GmqRawLine *line);

/* Reads one line; false after adding a problem. */
bool gmq_raw_line_read(GmqScenarioReader *reader, const GmqYaml *node, GmqRawLine *line);

/* Fills bytes with the frame of a method in words; at is where they begin in the text of node.
 * Returns false after adding a problem. */
bool gmq_raw_method_read(GmqScenarioReader *reader, const GmqYaml *node, const char *at,
                         GmqBuffer *bytes);

/* The method of that name; GMQ_N_METHODS after adding a problem. at is where it stands. */
GmqMethodId gmq_raw_method_find(GmqScenarioReader *reader, const GmqYaml *node, const char *at,
                                const char *name);

/* A problem at a place inside the text of node. */
void gmq_raw_problem(GmqScenarioReader *reader, const GmqYaml *node, const char *at,
                     const char *sentence);

/* What so many bytes are called, "01 02 ff"; and a text that is long, shortened. The caller frees
 * them. */
char *gmq_raw_bytes_text(GmqSlice bytes);
char *gmq_raw_shorten(const char *text);

G_END_DECLS
