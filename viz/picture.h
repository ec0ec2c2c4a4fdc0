/* picture.h - what is there at one moment of a run: the events 1 to n, folded.
 *
 * Everything that people look at is made from a picture. It depends on the events alone, never on
 * how one came there, so a step back is a fold from the start. Entities stand in order of creation
 * and are never taken away: what was deleted is marked, so that a place once given stays. All texts
 * are lent from the trace, which must outlive the picture. */
#pragma once

#include "sim/trace.h"
#include "viz/tokens.h"

G_BEGIN_DECLS

/* Flags of declared exchanges and queues, as the events count them. */
enum {
    GMQ_FLAG_DURABLE     = 1,
    GMQ_FLAG_AUTO_DELETE = 2,
    GMQ_FLAG_SPECIAL     = 4, /* an exclusive queue, an internal exchange */
};

typedef enum {
    GMQ_PLACE_NONE,
    GMQ_PLACE_CLIENT,
    GMQ_PLACE_EXCHANGE,
    GMQ_PLACE_QUEUE,
    GMQ_N_PLACE_KINDS,
} GmqPlaceKind;

/* An entity by kind and place in its list. */
typedef struct {
    GmqPlaceKind kind;
    unsigned index;
} GmqPlace;

typedef enum {
    GMQ_CLIENT_WAITING, /* not started yet */
    GMQ_CLIENT_STARTED, /* but not connected yet */
    GMQ_CLIENT_CONNECTED,
    GMQ_CLIENT_CLOSED,
    GMQ_CLIENT_CRASHED,
} GmqClientState;

/* What befalls a client that is there. */
typedef enum {
    GMQ_TROUBLE_CUT    = 1 << 0,
    GMQ_TROUBLE_LATE   = 1 << 1, /* its line is clogged */
    GMQ_TROUBLE_FROZEN = 1 << 2,
    GMQ_TROUBLE_SLOW   = 1 << 3, /* a fault changed its line: slower, or it loses something */
} GmqTrouble;

/* A message that the broker has and has to confirm. */
typedef struct {
    uint64_t tag;
    const char *message;
    unsigned edge;
} GmqUnconfirmed;

typedef struct {
    const char *name;
    const char *role; /* "producer", "consumer"; "" when only its connection is known */
    GmqClientState state;
    bool consumes;        /* takes messages, so it stands at the right */
    unsigned troubles;    /* GmqTrouble */
    const char *cut_only; /* "", or the direction that is cut */
    uint64_t prefetch;    /* 0: no limit */
    uint64_t sent;
    uint64_t confirmed;
    uint64_t nacked;
    uint64_t returned;
    uint64_t received;
    uint64_t finished;     /* its work done to the end: what it rejected is not among them */
    GmqTokens held;        /* received, and no answer yet: it works on the first one */
    int64_t work_since_ns; /* when it took up the first of them */
    GmqTokens asked;       /* requests of an rpc-client whose replies it waits for */
    GmqTokens unanswered;  /* finished, and to be acked with others later */
    GArray *unconfirmed;   /* of GmqUnconfirmed, oldest first */
    int publish_edge;      /* the one it last published on; -1: none yet */
} GmqPictureClient;

typedef struct {
    const char *name; /* "" is the default exchange */
    const char *type;
    unsigned flags;
    bool is_predeclared; /* shown only when used */
    bool is_used;
    bool is_deleted;
    uint64_t in;
    uint64_t routed; /* copies handed on, one for each destination */
    uint64_t unroutable;
} GmqPictureExchange;

typedef struct {
    const char *name;
    unsigned flags;
    bool is_deleted;
    bool is_used;
    GmqTokens ready;         /* in order of delivery */
    GmqTokens unacked;       /* in order of delivery, each with its holder */
    uint64_t ready_unseen;   /* messages that were there before anybody looked: they have no */
    uint64_t unacked_unseen; /* names until they move; behind the others */
    bool is_passing;         /* the last ready one goes to a waiting consumer at once */
    uint64_t enqueued;
    uint64_t acked;
    uint64_t redelivered; /* deliveries marked so */
    uint64_t expired;
    uint64_t dropped;
    uint64_t dead_lettered;
    uint64_t ready_max;
} GmqPictureQueue;

typedef enum {
    GMQ_EDGE_PUBLISH,   /* client to exchange; confirms and returns come back */
    GMQ_EDGE_BINDING,   /* exchange to queue or exchange */
    GMQ_EDGE_ALTERNATE, /* exchange to exchange */
    GMQ_EDGE_DEAD,      /* queue to exchange: dead letters */
    GMQ_EDGE_CONSUME,   /* queue to client; acks and rejects come back */
} GmqEdgeKind;

/* One binding of an edge. */
typedef struct {
    const char *key;
    uint64_t count; /* messages that it matched */
    bool is_bound;  /* false: unbound since */
} GmqPictureKey;

typedef struct {
    GmqEdgeKind kind;
    GmqPlace from;
    GmqPlace to;
    unsigned consumers; /* consume edges: how many are there now */
    bool is_set;        /* alternate edges: still set */
    uint64_t count;     /* messages that took this edge */
    uint64_t back_count;
    GArray *keys;    /* of GmqPictureKey, in order of creation: of bindings, or reasons of dead
                      * letters */
    GmqTokens forth; /* on their way: sent and not yet arrived */
    GmqTokens back;  /* confirms, acks and rejects on their way back */
    uint64_t id;     /* how the picture finds it */
} GmqPictureEdge;

/* What the current event moved; edge is -1 when it moved nothing. */
typedef struct {
    int edge;
    bool is_back;        /* against the arrow: an ack, a confirm, a requeue */
    const char *message; /* "" without one */
    const char *key;     /* of the binding that matched; "" otherwise */
    bool is_again;       /* a redelivery or a requeue */
    GmqPlace place;      /* where it happened */
} GmqHop;

/* The words mean what they mean in a scenario's expectations. */
typedef struct {
    uint64_t published;
    uint64_t confirmed;
    uint64_t processed; /* different messages that were finished and acked */
    uint64_t processed_twice;
    uint64_t returned;
    uint64_t unroutable;
    uint64_t redelivered;
    uint64_t checks_broken;
} GmqPictureTotals;

typedef struct {
    const GmqTrace *trace; /* lent */
    uint64_t event;        /* the number of the last event folded */
    int64_t time_ns;
    GPtrArray *clients;   /* of GmqPictureClient */
    GPtrArray *exchanges; /* of GmqPictureExchange */
    GPtrArray *queues;    /* of GmqPictureQueue */
    GPtrArray *edges;     /* of GmqPictureEdge */
    GmqHop hop;
    uint64_t caption; /* event of the last caption; 0: none yet */
    bool is_broker_down;
    bool is_broker_frozen;
    GmqPictureTotals totals;
    GHashTable *names[GMQ_N_PLACE_KINDS]; /* name to index + 1; for look-up only */
    GHashTable *links;                    /* id of an edge to index + 1; likewise */
    GHashTable *processed;                /* messages, without "@queue"; likewise */
    GHashTable *finished;                 /* copies, by name; likewise */
} GmqPicture;

/* A picture before the first event. */
GmqPicture *gmq_picture_new(const GmqTrace *trace);

/* The picture after the events 1 to event; an event behind the last one counts as the last. */
GmqPicture *gmq_picture_at(const GmqTrace *trace, uint64_t event);
void gmq_picture_free(GmqPicture *picture);

/* The same picture once more, which goes its own way from then on. (picture-copy.c) */
GmqPicture *gmq_picture_copy(const GmqPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqPicture, gmq_picture_free)

/* Folds the next event of the trace; false when there is none. (fold.c) */
bool gmq_picture_step(GmqPicture *picture);

const GmqPictureClient *gmq_picture_client(const GmqPicture *picture, unsigned index);

/* "CRASHED", "FROZEN", "CUT" or "LATE"; NULL for a client that is well. */
const char *gmq_picture_trouble(const GmqPictureClient *client);
const GmqPictureExchange *gmq_picture_exchange(const GmqPicture *picture, unsigned index);
const GmqPictureQueue *gmq_picture_queue(const GmqPicture *picture, unsigned index);
const GmqPictureEdge *gmq_picture_edge(const GmqPicture *picture, unsigned index);

/* The place of that name; kind GMQ_PLACE_NONE when there is none. */
GmqPlace gmq_picture_find(const GmqPicture *picture, GmqPlaceKind kind, const char *name);

/* The index of the edge, -1 when there is none. */
int gmq_picture_find_edge(const GmqPicture *picture, GmqEdgeKind kind, GmqPlace from, GmqPlace to);

/* The name for people: that of the default exchange is "(default)". */
const char *gmq_picture_name(const GmqPicture *picture, GmqPlace place);

/* The number of bytes of a message's name before the "@queue" of a copy. */
size_t gmq_picture_stem(const GmqPicture *picture, const char *message);

/* Whether the exchange belongs into a picture: predeclared ones only once they are used. */
bool gmq_picture_shows_exchange(const GmqPicture *picture, unsigned index);

/* The messages ready for other consumers: one that passes through at once does not count. */
size_t gmq_picture_ready(const GmqPictureQueue *queue);

/* The messages that are out with consumers. */
size_t gmq_picture_unacked(const GmqPictureQueue *queue);

/* Only for fold.c: finds what is there or makes it. */
GmqPictureClient *gmq_picture_need_client(GmqPicture *picture, const char *name, GmqPlace *place);
GmqPictureExchange *gmq_picture_need_exchange(GmqPicture *picture, const char *name,
                                              GmqPlace *place);
GmqPictureQueue *gmq_picture_need_queue(GmqPicture *picture, const char *name, GmqPlace *place);
GmqPictureEdge *gmq_picture_need_edge(GmqPicture *picture, GmqEdgeKind kind, GmqPlace from,
                                      GmqPlace to, int *index);
GmqPictureKey *gmq_picture_need_key(GmqPictureEdge *edge, const char *key);

G_END_DECLS
