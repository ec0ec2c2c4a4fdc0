/* ledger.h - every published message by what its sender knows of it and by what became of it.
 *
 * It reads a trace that is over and nothing else. Each message stands in it once, however often it
 * was sent and however many queues have a copy. The words are those of scenarios/README.md. */
#pragma once

#include "sim/scenario.h"
#include "sim/trace.h"

G_BEGIN_DECLS

/* What the client that sent it knows at the end: the first that is so. */
typedef enum {
    GMQ_KNOWN_CONFIRMED,  /* a confirm came, or its transaction was committed */
    GMQ_KNOWN_NACKED,     /* the broker said that it refused it */
    GMQ_KNOWN_TAKEN_BACK, /* its transaction was rolled back */
    GMQ_KNOWN_NOTHING,    /* it asked, and no answer came */
    GMQ_KNOWN_NOT_ASKED,  /* it never asks: neither confirms nor tx */
    GMQ_N_KNOWN,
} GmqKnown;

/* What became of it. Where its copies differ it is the first that is so for one of them. */
typedef enum {
    GMQ_FATE_LOST,   /* gone before anybody had finished it, and not on purpose */
    GMQ_FATE_TWICE,  /* somebody finished it more than once */
    GMQ_FATE_QUEUED, /* still in a queue or in somebody's hands */
    GMQ_FATE_DEAD,   /* expired, dropped, rejected or deleted, and in no queue after that */
    GMQ_FATE_ONCE,
    GMQ_FATE_NOWHERE, /* it never was in a queue */
    GMQ_N_FATES,
} GmqFate;

typedef struct GmqLedger GmqLedger;

/* Reads the trace of a run of that scenario; both are lent and must outlive the ledger. */
GmqLedger *gmq_ledger_new(const GmqScenario *scenario, const GmqTrace *trace);
void gmq_ledger_free(GmqLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLedger, gmq_ledger_free)

/* The names of the messages that stand there, in the order of sending; lent. */
const GPtrArray *gmq_ledger_names(const GmqLedger *ledger, GmqKnown known, GmqFate fate);

/* How many of those of which that is known came back to their sender. */
uint64_t gmq_ledger_returned(const GmqLedger *ledger, GmqKnown known);

/* ledger-print.c: appends the matrix, and the names of what is unusual; nothing when nothing was
 * published. */
void gmq_ledger_print(const GmqLedger *ledger, GString *out);

G_END_DECLS
