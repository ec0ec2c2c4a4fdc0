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
    uint64_t messages;    /* in all its queues, as below */
    GmqSlice description; /* for people */
    GmqSlice tags;        /* the inside of a field array, of longstr */
    GmqSlice limits;      /* the inside of a field table: names and integers */
    bool has_limits;
    bool is_tracing; /* all is copied to amq.rabbitmq.trace */
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
    GmqSlice alternate; /* exchange; data is NULL without one */
    GmqSlice policy;    /* name of the one that applies; empty without one */
} GmqExchangeView;

typedef struct {
    GmqSlice vhost;
    GmqSlice name;
    GmqSlice arguments; /* the inside of a field table */
    GmqSlice state;     /* "running" or "paused" */
    bool is_durable;
    bool is_auto_delete;
    bool is_exclusive;
    uint64_t ready;         /* messages that wait */
    uint64_t unacked;       /* messages that are out with consumers */
    uint64_t messages;      /* both */
    uint64_t message_bytes; /* of the bodies that wait */
    uint64_t consumers;
    GmqSlice policy;          /* name of the one that applies; empty without one */
    GmqSlice operator_policy; /* likewise */
} GmqQueueView;

typedef struct {
    GmqSlice vhost;
    GmqSlice source;
    GmqSlice target;
    GmqSlice target_kind; /* "queue" or "exchange" */
    GmqSlice key;
    GmqSlice arguments;   /* the inside of a field table */
    GmqSlice source_kind; /* "exchange" */
    bool is_default;      /* each queue's own, from the default exchange (AMQP.md 9.1) */
    bool is_to_exclusive; /* its queue ends with a connection */
} GmqBindingView;

typedef struct {
    GmqSlice name;
    GmqSlice tags;          /* the inside of a field array, of longstr */
    GmqSlice password_hash; /* in base64; empty without a password */
    GmqSlice limits;        /* the inside of a field table: names and integers */
    bool has_limits;
} GmqUserView;

typedef struct {
    GmqSlice user;
    GmqSlice vhost;
    GmqSlice exchange; /* of a topic permission */
    GmqSlice configure;
    GmqSlice write;
    GmqSlice read;
} GmqPermissionView;

typedef struct {
    GmqSlice vhost;
    GmqSlice name;
    GmqSlice pattern;
    GmqSlice apply_to;
    GmqSlice definition; /* the inside of a field table */
    int64_t priority;
} GmqPolicyView;

/* Rows of all virtual hosts when the name's data is NULL; none when there is no such one. */
GmqSnapshot *gmq_snapshot_vhosts(const GmqBroker *broker);
GmqSnapshot *gmq_snapshot_exchanges(const GmqBroker *broker, GmqSlice vhost);
GmqSnapshot *gmq_snapshot_queues(const GmqBroker *broker, GmqSlice vhost);
GmqSnapshot *gmq_snapshot_bindings(const GmqBroker *broker, GmqSlice vhost);
GmqSnapshot *gmq_snapshot_policies(const GmqBroker *broker, GmqSlice vhost);
GmqSnapshot *gmq_snapshot_operator_policies(const GmqBroker *broker, GmqSlice vhost);

/* Those of all users, by user; of one virtual host as above. */
GmqSnapshot *gmq_snapshot_users(const GmqBroker *broker);
GmqSnapshot *gmq_snapshot_permissions(const GmqBroker *broker, GmqSlice vhost);
GmqSnapshot *gmq_snapshot_topic_permissions(const GmqBroker *broker, GmqSlice vhost);

/* ---- for whoever fills rows ---- */

GmqSnapshot *gmq_snapshot_new(size_t row_size);

/* The views of all virtual hosts, or of one, as add makes them: the name is kept already. */
typedef void (*GmqSnapshotFunc)(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name);
GmqSnapshot *gmq_snapshot_of_vhosts(const GmqBroker *broker, GmqSlice only, size_t row_size,
                                    GmqSnapshotFunc add);

/* Tags as the inside of a field array, and limits, where they are set, as that of a table. */
GmqSlice gmq_snapshot_keep_tags(GmqSnapshot *snapshot, const GPtrArray *tags);
GmqSlice gmq_snapshot_keep_limits(GmqSnapshot *snapshot, const int64_t *limits, unsigned n_limits,
                                  const char *(*name)(unsigned limit));

/* Copies the text; the snapshot owns it. */
GmqSlice gmq_snapshot_keep(GmqSnapshot *snapshot, GmqSlice text);

G_END_DECLS
