/* backlog.h - the ready messages of a queue: one line, or one per priority (AMQP.md 21).
 *
 * The next message is the oldest of the highest priority. A queue without priorities has one line
 * and pays nothing for the others. The caller keeps the storage. */
#pragma once

#include "core/broker/ready.h"

G_BEGIN_DECLS

typedef struct GmqHigherLines GmqHigherLines;

typedef struct {
    GmqReady low;           /* priority 0 */
    GmqHigherLines *higher; /* the others; NULL until a message has one */
    unsigned priority_max;
    size_t length;  /* messages in all lines */
    uint64_t bytes; /* of their bodies, wherever they are */
    unsigned look;  /* the line where gmq_backlog_put_out() goes on */
} GmqBacklog;

/* priority_max is 0 for a queue without priorities, GMQ_PRIORITY_MAX at most. */
void gmq_backlog_init(GmqBacklog *backlog, unsigned priority_max);

/* Unrefs the messages that are still there, while those that are out are nobody's then; the backlog
 * is an empty one. */
void gmq_backlog_clear(GmqBacklog *backlog);

/* Appends to, or gives back to its old place in, the line of the entry's priority; takes it
 * over. */
void gmq_backlog_push(GmqBacklog *backlog, const GmqEntry *entry);
void gmq_backlog_return(GmqBacklog *backlog, const GmqEntry *entry);

/* Appends an entry whose message is out of memory, and has that priority. */
void gmq_backlog_push_out(GmqBacklog *backlog, const GmqEntry *entry, unsigned priority);

/* Whether a return of that entry would be the next to go. */
bool gmq_backlog_is_first(const GmqBacklog *backlog, const GmqEntry *entry);

/* The next entry, lent until the next call; NULL when there is none. */
const GmqEntry *gmq_backlog_peek(const GmqBacklog *backlog);

/* Gives the next entry to the caller, as it is, in memory or out; false when there is none. */
bool gmq_backlog_take(GmqBacklog *backlog, GmqEntry *entry);

/* Asks put_out about some messages that are in memory, see gmq_ready_put_out(), line by line
 * from the lowest priority on. Returns false when it is done with the highest. */
bool gmq_backlog_put_out(GmqBacklog *backlog, uint64_t kept, GmqPutOut put_out, void *user);

G_END_DECLS
