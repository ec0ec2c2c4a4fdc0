/* snapshot.h - what is in the broker at one moment, as plain values for whoever looks from outside.
 *
 * A snapshot is rows of one kind, copied in one go in the order in which things were made. It stays
 * as it is while the broker goes on. Nobody outside the core reads the broker's own structs:
 *
 *     g_autoptr(GmqSnapshot) queues = gmq_snapshot_queues(broker, GMQ_SLICE("/"));
 *     for (unsigned i = 0; i < queues->rows->len; i++)
 *         show(&g_array_index(queues->rows, GmqQueueView, i));
 */
#pragma once

#include "core/base/slice.h"
#include "core/broker/broker.h"

G_BEGIN_DECLS

typedef struct {
    GArray *rows;        /* of one of the structs below */
    GStringChunk *texts; /* what the rows' slices lend */
} GmqSnapshot;

void gmq_snapshot_free(GmqSnapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqSnapshot, gmq_snapshot_free)

typedef struct {
    GmqSlice name;
    uint64_t queues;
    uint64_t exchanges;
    uint64_t messages; /* in all its queues, as below */
} GmqVhostView;

typedef struct {
    GmqSlice vhost;
    GmqSlice name; /* empty for the default exchange */
    GmqSlice type;
    GmqSlice arguments; /* the inside of a field table */
    bool is_durable;
    bool is_auto_delete;
    bool is_internal;
    bool is_predeclared;
} GmqExchangeView;

typedef struct {
    GmqSlice vhost;
    GmqSlice name;
    GmqSlice arguments; /* the inside of a field table */
    GmqSlice state;     /* "running" */
    bool is_durable;
    bool is_auto_delete;
    bool is_exclusive;
    uint64_t ready;         /* messages that wait */
    uint64_t unacked;       /* messages that are out with consumers */
    uint64_t messages;      /* both */
    uint64_t message_bytes; /* of the bodies that wait */
    uint64_t consumers;
} GmqQueueView;

typedef struct {
    GmqSlice vhost;
    GmqSlice source;
    GmqSlice target;
    GmqSlice target_kind; /* "queue" or "exchange" */
    GmqSlice key;
    GmqSlice arguments;      /* the inside of a field table */
    GmqSlice source_kind;    /* "exchange" */
    bool is_default;         /* each queue's own, from the default exchange (AMQP.md 9.1) */
    bool is_between_lasting; /* both ends are durable */
} GmqBindingView;

/* Rows of all virtual hosts when the name's data is NULL; none when there is no such one. */
GmqSnapshot *gmq_snapshot_vhosts(const GmqBroker *broker);
GmqSnapshot *gmq_snapshot_exchanges(const GmqBroker *broker, GmqSlice vhost);
GmqSnapshot *gmq_snapshot_queues(const GmqBroker *broker, GmqSlice vhost);
GmqSnapshot *gmq_snapshot_bindings(const GmqBroker *broker, GmqSlice vhost);

/* ---- for whoever fills rows ---- */

GmqSnapshot *gmq_snapshot_new(size_t row_size);

/* Copies the text; the snapshot owns it. */
GmqSlice gmq_snapshot_keep(GmqSnapshot *snapshot, GmqSlice text);

G_END_DECLS
