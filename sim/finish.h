/* finish.h - what a client does when it is done with a message: the text of client.finish.
 *
 * Whoever counts or draws asks what such a text means, and need not know them all. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

#define GMQ_FINISH_ACK "ack"
#define GMQ_FINISH_ACK_ALL "ack of all so far"
#define GMQ_FINISH_LATER "ack later"
#define GMQ_FINISH_SETTLED "nothing to ack"
#define GMQ_FINISH_NOTHING "no ack"
#define GMQ_FINISH_TOO_LATE "too late to ack"
#define GMQ_FINISH_REJECT "reject"
#define GMQ_FINISH_REQUEUE "requeue"
#define GMQ_FINISH_CRASH "crash"
#define GMQ_FINISH_CLOSE "close"
#define GMQ_FINISH_KNOWN "ack of what it did before"
#define GMQ_FINISH_UNSAID "too late to say"

/* When a message counts as processed. */
typedef enum {
    GMQ_PROCESSED_NEVER, /* nor do those that waited for this one */
    GMQ_PROCESSED_NOT,   /* but others may still wait */
    GMQ_PROCESSED_LATER, /* with the next ack */
    GMQ_PROCESSED_NOW,   /* and all that waited */
    GMQ_PROCESSED_ALONE,
} GmqProcessed;

typedef struct {
    const char *text;
    bool is_done; /* its work was done to the end */
    bool has_ack; /* an ack leaves now */
    GmqProcessed processed;
} GmqFinish;

/* What that text means; for one that is not known, that nothing came of it. */
const GmqFinish *gmq_finish_find(const char *text);

G_END_DECLS
