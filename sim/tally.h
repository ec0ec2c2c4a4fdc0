/* tally.h - a run in numbers: what the events so far add up to.
 *
 * It is fed with traced events, one after the other, and with nothing else: whoever has the trace
 * can count again. The words are those of scenarios/README.md. */
#pragma once

#include "sim/finish.h"
#include "sim/scenario.h"
#include "sim/sometimes.h"
#include "sim/trace.h"

G_BEGIN_DECLS

/* What a reply is for the client that asked: the text of client.replied. */
#define GMQ_REPLY_IN_TIME "in time"
#define GMQ_REPLY_LATE "late"
#define GMQ_REPLY_UNKNOWN "unknown"

typedef struct {
    uint64_t attempted; /* different messages that were sent */
    uint64_t confirmed;
    uint64_t nacked;
    uint64_t returned;
    uint64_t delivered;   /* deliveries */
    uint64_t redelivered; /* those marked so */
    uint64_t processed;
    uint64_t processed_twice;
    uint64_t lost;
} GmqTotals;

/* Why a message dies in a queue, in the words of events. */
#define GMQ_DEATH_REJECTED "rejected"
#define GMQ_DEATH_EXPIRED "expired"
#define GMQ_DEATH_MAXLEN "maxlen"
#define GMQ_DEATH_DELIVERY_LIMIT "delivery_limit"

/* It is no longer in a queue of a broker elsewhere, and nobody saw why. */
#define GMQ_DEATH_UNSEEN "not there at the end"

/* Dead letters of a queue by reason. */
typedef struct {
    uint64_t rejected;
    uint64_t expired;
    uint64_t maxlen;
    uint64_t delivery_limit;
} GmqDeadTally;

typedef struct {
    const char *name;
    uint64_t ready;
    uint64_t unacked;
    uint64_t acked;
    uint64_t redelivered;
    uint64_t max_ready;
    uint64_t expired;
    uint64_t dropped; /* and refused */
    GmqDeadTally dead;
    uint64_t consumers;
    uint64_t handed; /* enqueued for a consumer and on the way to him */
    bool is_durable;
} GmqQueueTally;

typedef struct {
    const char *name;
    const GmqClientSpec *spec; /* NULL for a name that the scenario does not know */
    uint64_t processed;
    uint64_t unacked;
    uint64_t max_unacked;
    uint64_t connections;
    uint64_t replies; /* in time */
    uint64_t late_replies;
    uint64_t closed_with; /* 0: never by the broker */
    GPtrArray *waiting;   /* copies that are finished and not yet acked */
} GmqClientTally;

/* One message in one queue. */
typedef struct GmqCopyTally {
    struct GmqCopyTally *next; /* of the same message */
    GmqQueueTally *queue;
    struct GmqMessageTally *message;
    uint64_t enqueued;
    uint64_t live;    /* ready or unacked */
    uint64_t unacked; /* of these */
    uint64_t acked;
    uint64_t lost;
    uint64_t finished;
    bool is_processed;
} GmqCopyTally;

/* An exchange or a queue on the route of a message; its name is lent by the trace. */
typedef struct GmqStopTally {
    struct GmqStopTally *next;
    const char *name;
} GmqStopTally;

typedef struct GmqMessageTally {
    const char *name;
    GmqStopTally *route;
    GmqCopyTally *copies;
    uint64_t delivered;
    uint64_t redelivered;
    int64_t sent_ns;
    int64_t late_ns; /* from its sending until a consumer has it; -1 before */
    bool is_persistent;
    bool is_confirmed;
    bool is_returned;
    bool is_nacked;
    bool is_taken_back; /* its transaction was rolled back */
    bool is_processed;
    bool is_repeated; /* one copy was finished more than once */
} GmqMessageTally;

/* What the last event changed, for those who wait for that. */
typedef struct {
    GmqQueueTally *queue; /* NULL when it was about none */
    bool ready_changed;
    bool unacked_changed;
    bool is_duplicate;
    bool has_lost_consumers; /* its last consumer left */
} GmqTallyNews;

typedef struct GmqTally GmqTally;

/* Both are lent and must outlive the tally; all its events come from that trace. */
GmqTally *gmq_tally_new(const GmqScenario *scenario, const GmqTrace *trace);
void gmq_tally_free(GmqTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqTally, gmq_tally_free)

/* Counts the event, and says what it changed. */
GmqTallyNews gmq_tally_add(GmqTally *tally, const GmqTraceEvent *event);

/* Whether that check broke, "S6". */
bool gmq_tally_has_broken(const GmqTally *tally, const char *check);

/* Notes that a rare thing has happened that no event tells. */
void gmq_tally_saw(GmqTally *tally, GmqSometimes what);
bool gmq_tally_has_seen(const GmqTally *tally, GmqSometimes what);

GmqTotals gmq_tally_totals(const GmqTally *tally);

/* NULL for a name that no event was about. */
const GmqQueueTally *gmq_tally_queue(const GmqTally *tally, const char *name);
const GmqClientTally *gmq_tally_client(const GmqTally *tally, const char *name);
const GmqMessageTally *gmq_tally_message(const GmqTally *tally, const char *name);

/* All queues in the order in which they were declared; lent. */
const GPtrArray *gmq_tally_queues(const GmqTally *tally);

/* When a client last did something: sent, learned of a confirm or return, or finished a message. */
int64_t gmq_tally_last_work(const GmqTally *tally);

/* The time in which percent of 100 messages came to their first consumer; -1 without any. */
int64_t gmq_tally_latency(const GmqTally *tally, unsigned percent);

G_END_DECLS
