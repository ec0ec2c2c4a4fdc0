/* history.h - what a learner's program did, told from the trace of its run: task by task for a
 * program that takes messages, order by order for one that sends them.
 *
 * A worker shows that a task is done by what it sends: a message with the text of the task, or the
 * task itself sent on. So what happened can be judged by the order of events alone. */
#pragma once

#include "sim/scenario.h"
#include "sim/trace.h"

G_BEGIN_DECLS

/* A message that the program got. Events are the trace's; NULL: that did not happen. */
typedef struct {
    const char *name; /* "boss-3" */
    const char *body;
    int64_t work_ns; /* that it takes */
    bool is_to_send; /* its result is asked for */
    bool is_to_drop; /* it is to be rejected */
    unsigned n_received;
    unsigned n_results;
    unsigned n_requeued;
    const GmqTraceEvent *received; /* the last time */
    const GmqTraceEvent *result;   /* the first one */
    const GmqTraceEvent *again;    /* the second one */
    const GmqTraceEvent *hurried;  /* a result that came before the work can have been done */
    const GmqTraceEvent *acked;    /* the first time */
    const GmqTraceEvent *early;    /* an ack that came before it was done */
    const GmqTraceEvent *rejected;
    const GmqTraceEvent *requeued; /* the last time */
    const GmqTraceEvent *unasked;  /* it was settled without an ack */
} GmqHistoryTask;

/* A message that the program is to send. */
typedef struct {
    const char *body;
    const char *name; /* under which it was sent last */
    unsigned n_sent;
    const GmqTraceEvent *sent;      /* the last time */
    const GmqTraceEvent *unasked;   /* without asking for a confirm */
    const GmqTraceEvent *volatile_; /* not persistent */
    const GmqTraceEvent *arrived;   /* at the broker */
    const GmqTraceEvent *confirmed;
    const GmqTraceEvent *nacked; /* and not sent again since */
} GmqHistoryOrder;

typedef struct {
    const GmqClientSpec *client; /* lent, as is the next */
    const GmqTrace *trace;
    GPtrArray *tasks;  /* of GmqHistoryTask, in the order in which they came */
    GPtrArray *orders; /* of GmqHistoryOrder, in the order in which they are to be sent */
    unsigned n_acks;
    unsigned n_connections;
    const GmqTraceEvent *listens; /* it asked for messages */
    const GmqTraceEvent *crowded; /* it held more than it should */
    const GmqTraceEvent *gone;    /* the broker ended its connection, and it never noticed */
    const GmqTraceEvent *closed;  /* the broker closed its channel, and it opened no other */
    const GmqTraceEvent *ended;   /* the program ended by itself, and was not started again */
    const GmqTraceEvent *last;    /* the last event of the client's */
} GmqHistory;

/* The client is the one that the program plays. */
GmqHistory *gmq_history_new(const GmqClientSpec *client, const GmqTrace *trace);
void gmq_history_free(GmqHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqHistory, gmq_history_free)

G_END_DECLS
