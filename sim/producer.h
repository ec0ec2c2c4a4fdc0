/* producer.h - the inside of a client that sends, for the files of the roles that do.
 *
 * It sends one message after the other, each a step of its own, as its publish settings say. What
 * it learns of them is confirms (producer-answers.c) or transactions (producer-tx.c). */
#pragma once

#include "sim/outgoing.h"
#include "sim/world-private.h"

G_BEGIN_DECLS

/* A publish that has not been confirmed. */
typedef struct {
    uint64_t tag;
    uint64_t n;
    int64_t sent_ns;
    bool is_answered;
    bool is_given_up; /* its confirm did not come in time */
} GmqSentPublish;

/* Message n is not one of its publish settings. */
typedef struct {
    uint64_t n;
    const GmqMessageSpec *line; /* lent by the scenario */
} GmqWishedMessage;

typedef struct GmqProducer GmqProducer;

struct GmqProducer {
    GmqSimClient *client;
    const GmqClientSpec *spec;
    GmqOutgoing outgoing;
    GString *name; /* for messages that were sent before */
    uint64_t left; /* messages that are to be sent for the first time */
    int64_t due_ns;
    GmqRandom pause; /* draws the time between two messages */
    GArray *wished;  /* of GmqWishedMessage: what the timeline let it send */
    GArray *again;   /* of uint64_t: numbers to be sent once more */
    uint64_t ticket; /* of the next step; 0: none */
    bool is_held;    /* it must not send yet */
    bool is_blocked; /* what was sent last is not on its way yet */
    bool is_idle;    /* nothing is left to do, and that was told */
    unsigned asked;  /* requests whose replies it waits for */

    /* For roles that do more: before message n leaves, and when it has. NULL: nothing. */
    void (*prepare)(GmqProducer *producer, GmqOutgoing *outgoing);
    void (*was_sent)(GmqProducer *producer, uint64_t n);

    /* confirms */
    GArray *sent;     /* of GmqSentPublish, oldest first */
    unsigned waiting; /* of sent: neither answered nor given up */
    uint64_t timeout_ticket;

    /* tx */
    GArray *batch;      /* of uint64_t: numbers of the messages of this transaction */
    uint64_t n_batches; /* transactions that have ended, or were to */
    bool is_ending;     /* the answer to this is awaited: */
    GmqMethodId ending; /* tx.commit or tx.rollback */
};

/* ---- client-producer.c ---- */

void gmq_producer_init(GmqProducer *producer, GmqSimClient *client);
void gmq_producer_clear(GmqProducer *producer);

/* The next message leaves as soon as it may. */
void gmq_producer_plan_step(GmqProducer *producer);

/* Whether any message is left to be sent; and whether nothing is and all is answered. */
bool gmq_producer_has_more(const GmqProducer *producer);
bool gmq_producer_is_done(const GmqProducer *producer);

/* What a role of its own does with the rest of a GmqRoleClass. */
void gmq_producer_ready(void *producer);
void gmq_producer_lost(void *producer);
void gmq_producer_room(void *producer);
void gmq_producer_died(void *producer);
void gmq_producer_publish(void *producer, const GmqMessageSpec *message);
void gmq_producer_returned(void *producer, const GmqBasicReturn *method,
                           const GmqClientContent *content);
void gmq_producer_confirmed(void *producer, uint64_t number, bool multiple, bool is_ack);

/* Tells those who wait for it that nothing is left to do. */
void gmq_producer_tell_idle(GmqProducer *producer);

/* Announces an event about message n. */
void gmq_producer_note(GmqProducer *producer, GmqEventKind kind, uint64_t n, uint64_t tag,
                       uint64_t cause);

/* ---- producer-answers.c: confirms ---- */

/* Message n was sent just now. */
void gmq_confirms_add(GmqProducer *producer, uint64_t n);

void gmq_confirms_arrived(GmqProducer *producer, uint64_t number, bool multiple, bool is_ack);

/* The connection is gone: what was unanswered is sent again, if that was asked for. */
void gmq_confirms_lost(GmqProducer *producer);

/* Nobody remembers what was sent. */
void gmq_confirms_forget(GmqProducer *producer);

/* ---- producer-tx.c: transactions ---- */

/* Message n was sent just now; when the transaction is full, so is its end. */
void gmq_batch_add(GmqProducer *producer, uint64_t n);

/* The broker has committed or rolled back; other answers mean nothing here. */
void gmq_batch_replied(GmqProducer *producer, GmqMethodId method);

/* The connection is gone, and with it what was not committed. */
void gmq_batch_lost(GmqProducer *producer);

/* Nobody remembers it. */
void gmq_batch_forget(GmqProducer *producer);

G_END_DECLS
