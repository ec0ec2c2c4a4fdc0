/* hands.h - the hands of a client that receives: it takes messages, works on one after the other,
 * and says to the broker what became of each, as its rules say.
 *
 * How a message comes into the hands is the matter of the role: a consumer is sent it, a getter
 * asks for it. */
#pragma once

#include "sim/rule.h"
#include "sim/sim-client.h"

G_BEGIN_DECLS

/* A message in the hands. */
typedef struct {
    char *name; /* of the message */
    uint64_t tag;
    uint64_t generation; /* of the connection it came on: only there it can be settled */
    uint64_t cause;
    int64_t time_ns;     /* until it is finished */
    const GmqRule *rule; /* what will become of it; NULL: an ack */
    bool is_known;       /* it was done before */
    char *key;           /* its routing key; this and what follows are kept if they are needed */
    GByteArray *header;  /* of its content, as it came */
    GByteArray *body;
} GmqJob;

typedef struct {
    bool keeps_content; /* of every message, and not only of those that are forwarded */

    /* The work on it was done, and an ack follows; NULL without an answer. */
    void (*answer)(void *role, const GmqJob *job);

    /* The hands are empty; NULL for who does not care. */
    void (*idle)(void *role);
} GmqHandsClass;

typedef struct GmqHands GmqHands;

/* All is lent and must outlive the hands. */
GmqHands *gmq_hands_new(GmqSimClient *client, const GmqHandsClass *class_, void *role);
void gmq_hands_free(GmqHands *hands);

/* Where a message came from: the fields that basic.deliver and basic.get-ok share. */
typedef struct {
    uint64_t tag;
    GmqSlice key;
    bool redelivered;
} GmqReceipt;

/* Takes a message that has just come. */
void gmq_hands_take(GmqHands *hands, const GmqReceipt *receipt, const GmqClientContent *content);

/* The connection is lost: the work in hand goes on, though nothing can be said of it any more; what
 * only waited is dropped. And: the process is gone, with all that it knew. What it has done stands
 * in its database, and so `dedupe` survives that. */
void gmq_hands_lost(GmqHands *hands);
void gmq_hands_died(GmqHands *hands);

/* Whether it has nothing in hand. */
bool gmq_hands_is_idle(const GmqHands *hands);

/* Whether it has something in hand, or waits to be connected to what is there for it. */
bool gmq_hands_is_busy(const GmqHands *hands);

G_END_DECLS
