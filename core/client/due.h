/* due.h - the answers that a server owes, oldest first. Only the files of the client include it. */
#pragma once

#include "core/wire/method.h"

G_BEGIN_DECLS

typedef struct {
    GmqMethodId method; /* GMQ_BASIC_GET_OK stands for basic.get-empty too */
    GmqSlice tag;       /* of a consumer being made or cancelled; owned */
} GmqClientDueAnswer;

/* A ring. All-zero is an empty one. */
typedef struct {
    GmqClientDueAnswer *answers;
    size_t first;
    size_t count;
    size_t capacity;
} GmqClientDue;

void gmq_client_due_clear(GmqClientDue *due);

/* Notes that a method is the next answer after those due already; the tag is copied. */
void gmq_client_due_add(GmqClientDue *due, GmqMethodId method, GmqSlice tag);

/* Takes the oldest answer if method is what it should be, else sets a 503 that names both. The
 * tag, when asked for, belongs to the caller. */
bool gmq_client_due_take(GmqClientDue *due, GmqMethodId method, uint16_t channel, GmqSlice *tag,
                         GmqFault *fault);

/* The answer to a request, or GMQ_N_METHODS when there will be none: it has none, or its nowait is
 * set. */
GmqMethodId gmq_client_answer_to(const GmqMethod *request);

G_END_DECLS
