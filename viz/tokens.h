/* tokens.h - messages in one place, in order: a queue's ready ones, or those on a wire.
 *
 * Names are lent from the trace that the picture is made of. Taking from either end is O(1), so a
 * long backlog costs nothing to fold. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    const char *message; /* "p1-5" or "p1-5@audit" */
    const char *client;  /* who holds it; NULL in a place that needs no holder */
    uint64_t tag;        /* delivery tag or confirm number */
    uint64_t order;      /* number of the event that first brought it to the queue */
    int64_t work_ns;     /* how long the client will work on it */
    const char *what;    /* on its way back: "ok", "ack", "return"; NULL otherwise */
    bool redelivered;
    bool is_passing; /* in a queue, but only on its way through to a consumer */
} GmqToken;

/* An open struct: read the tokens with gmq_tokens_at(), change them with the functions below. */
typedef struct {
    GmqToken *items;
    size_t start; /* of the first token in items */
    size_t length;
    size_t room;
} GmqTokens;

void gmq_tokens_clear(GmqTokens *tokens);

/* Forgets all tokens but keeps the room. */
void gmq_tokens_empty(GmqTokens *tokens);

/* The token at that place, 0 is the oldest; lent until the next change. */
const GmqToken *gmq_tokens_at(const GmqTokens *tokens, size_t index);

void gmq_tokens_push_tail(GmqTokens *tokens, GmqToken token);
void gmq_tokens_push_head(GmqTokens *tokens, GmqToken token);

/* Puts the token before the first one whose order is greater. */
void gmq_tokens_push_ordered(GmqTokens *tokens, GmqToken token);

/* Takes out the token at that place. */
GmqToken gmq_tokens_take(GmqTokens *tokens, size_t index);

/* The place of the first token with this message; held by this client unless client is NULL.
 * tokens->length when there is none. */
size_t gmq_tokens_find(const GmqTokens *tokens, const char *message, const char *client);

/* Whether two names mean one message: "p1-5" is also "p1-5@audit", the copy of a fan-out. */
bool gmq_message_same(const char *a, const char *b);

G_END_DECLS
