/* snapshot.h - the connections, channels and consumers at one moment.
 *
 * As in core/broker/snapshot.h: plain values, in the order in which things were made. */
#pragma once

#include "core/amqp/amqp.h"
#include "core/broker/snapshot.h"

G_BEGIN_DECLS

typedef struct {
    GmqSlice name;        /* "127.0.0.1:40112 -> 127.0.0.1:5672", as the host named the peer */
    GmqSlice client_name; /* what the client calls itself; empty without one */
    GmqSlice user;        /* empty before the login */
    GmqSlice vhost;       /* empty before connection.open */
    GmqSlice state;       /* as gmq_connection_state() says */
    GmqSlice protocol;    /* "AMQP 0-9-1" */
    uint64_t channels;
    uint64_t channel_max;  /* 0: no limit */
    uint64_t frame_max;    /* bytes; 0: no limit */
    uint64_t heartbeat_s;  /* 0: none */
    uint64_t output_bytes; /* what the peer has not taken yet */
} GmqConnectionView;

typedef struct {
    GmqSlice connection; /* its name, as above */
    GmqSlice user;
    GmqSlice vhost;
    uint64_t number;
    uint64_t consumers;
    uint64_t unacked;     /* deliveries that are out */
    uint64_t unconfirmed; /* publishes that were not answered yet */
    uint64_t prefetch;    /* for consumers to come; 0: no limit */
    uint64_t shared_prefetch;
    bool is_confirming;
    bool is_transactional;
} GmqChannelView;

typedef struct {
    GmqSlice vhost;
    GmqSlice queue;
    GmqSlice tag;
    GmqSlice connection; /* its name, as above */
    GmqSlice owner;      /* the same as events call it: what the client calls itself, if anything */
    uint64_t channel;
    uint64_t prefetch; /* 0: no limit */
    uint64_t unacked;
    int64_t priority;
    bool is_ack_required;
    bool is_exclusive;
    bool is_active; /* gets messages: not one that waits for its turn in a single-active queue */
} GmqConsumerView;

/* ---- how connections and channels live: the tables that the code moves along ---- */

typedef struct {
    const char *name; /* "START_OK" */
    const char *word; /* as lists call it: "starting" */
    const char *text; /* "waits for the login" */
} GmqStateView;

typedef struct {
    unsigned from;      /* a bit for each state that it may start in: 1 << index */
    unsigned to;        /* index of a state */
    const char *cause;  /* what happens: "start-ok" */
    const char *answer; /* what the broker says: "tune"; "" for nothing */
} GmqMoveView;

typedef struct {
    const char *name; /* "connection" */
    const GmqStateView *states;
    size_t n_states;
    const GmqMoveView *moves;
    size_t n_moves;
} GmqMachineView;

/* The machines, *n of them; lent. Each begins in its first state. */
const GmqMachineView *gmq_snapshot_machines(size_t *n);

GmqSnapshot *gmq_snapshot_connections(const GmqAmqp *amqp);
GmqSnapshot *gmq_snapshot_channels(const GmqAmqp *amqp);

/* In the order of their connections and channels. All virtual hosts when the name's data is
 * NULL. */
GmqSnapshot *gmq_snapshot_consumers(const GmqAmqp *amqp, GmqSlice vhost);

G_END_DECLS
