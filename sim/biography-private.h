/* biography-private.h - a life while it is told, for the files biography*.c alone. */
#pragma once

#include "sim/biography.h"
#include "sim/standing.h"

G_BEGIN_DECLS

typedef struct {
    const GmqTrace *trace;
    const char *message;
    GmqStanding *standing;
    GPtrArray *people; /* of names of clients that had to do with it */
    GHashTable *types; /* of names of exchanges to their types; look-up only */
    GString *out;
    GString *reason; /* of the step being told */
} GmqLife;

/* Appends what happened, without a full stop, and puts its reason, if there is one, into
 * life->reason. */
typedef void (*GmqLifeTeller)(GmqLife *life, const GmqTraceEvent *event, GString *out);

/* By kinds of events; NULL for those that are no step of a message. */
extern const GmqLifeTeller gmq_life_tellers[GMQ_N_EVENTS];

G_END_DECLS
