/* check-private.h - the naive picture that the files check-*.c keep of a broker. */
#pragma once

#include "sim/check.h"

G_BEGIN_DECLS

typedef struct GmqCheckQueue GmqCheckQueue;
typedef struct GmqCheckMessage GmqCheckMessage;
typedef struct GmqCheckConnection GmqCheckConnection;
typedef struct GmqCheckRoutes GmqCheckRoutes;
typedef struct GmqCheckContents GmqCheckContents;
typedef struct GmqCheckWires GmqCheckWires;
typedef struct GmqCheckThings GmqCheckThings;

/* Where a copy is. */
typedef enum {
    GMQ_CHECK_READY,
    GMQ_CHECK_HANDED, /* enqueued for a consumer, and delivered next */
    GMQ_CHECK_UNACKED,
    GMQ_CHECK_REFUSED, /* rejected, to be requeued */
    GMQ_CHECK_GONE,
    GMQ_CHECK_AWAY, /* with a broker that is no more; it may come back with the next */
} GmqCheckPlace;

/* One message in one queue. */
typedef struct {
    GmqCheckMessage *message;
    GmqCheckQueue *queue;
    GmqCheckPlace where;
    GmqCheckPlace was;   /* before it was away */
    uint64_t gone_at;    /* event with which it left for good */
    uint64_t gone_syncs; /* of the disk until then */
    int64_t gone_ns;
    uint64_t priority; /* as far as its queue has any */
    uint64_t place;    /* 1, 2, 3 ... in the order of entering the queue */
    uint64_t since;    /* event with which it became ready */
    bool was_requeued;
    bool was_delivered;     /* at least once */
    bool is_letter;         /* it came from a queue in which it had died */
    uint64_t entered_syncs; /* of the disk until it came; of a letter, as is the next */
    int64_t entered_ns;
    GmqCheckConnection *connection; /* while it is unacked */
    uint64_t tag;
} GmqCheckCopy;

struct GmqCheckMessage {
    char *name;
    GmqCheckConnection *connection;
    uint64_t sequence;     /* 1, 2, 3 ... of its connection */
    uint64_t confirm;      /* its number there; 0: none */
    uint64_t event;        /* of its publish */
    GPtrArray *routes;     /* of texts: the queues that it must reach; owned */
    GPtrArray *copies;     /* of GmqCheckCopy; owned */
    uint64_t confirmed_at; /* event of its confirm; 0: none */
    bool is_mandatory;
    bool is_returned;
    bool is_persistent;
    bool is_pending; /* its transaction is not committed */
    bool is_away;    /* with a broker that is no more */
    bool is_letter;  /* it has died in a queue, and goes on from there */
};

struct GmqCheckQueue {
    char *name;
    const GmqQueueLine *line; /* NULL for one that the scenario does not know */
    GQueue ready;             /* of GmqCheckCopy, by priority and place */
    uint64_t n_entered;
    GHashTable *last_of; /* of GmqCheckConnection to the sequence of its last message here */
    bool is_durable;
    bool is_gone;
};

/* A channel of a client; clients have one, and so a connection stands for it. */
struct GmqCheckConnection {
    char *name;
    const GmqClientSpec *spec; /* NULL for a name that the scenario does not know */
    GPtrArray *sent;           /* of texts: messages that its client sent, in order */
    uint64_t n_published;
    GPtrArray *deliveries; /* of GmqCheckCopy by tag - 1; NULL when it is settled */
    unsigned first_open;   /* all deliveries before this one are settled */
    uint64_t n_unacked;
    GPtrArray *pending;  /* of GmqCheckMessage: in its transaction */
    GPtrArray *confirms; /* of GmqCheckMessage by number - 1; NULL when it is answered */
    unsigned first_awaited;
    bool is_over;
};

struct GmqCheck {
    const GmqScenario *scenario;
    GmqCheckBroken broken;
    void *user;
    size_t n_broken;
    size_t n_tolerated; /* that the scenario allows or expects */

    GHashTable *queues;      /* of names to GmqCheckQueue; look-up only */
    GPtrArray *all_queues;   /* owned */
    GHashTable *connections; /* of names to GmqCheckConnection; look-up only */
    GPtrArray *all_connections;
    GPtrArray *messages; /* of GmqCheckMessage by the broker's number; owned */
    GPtrArray *turn;     /* of GmqCheckMessage: published in this turn */
    GPtrArray *ended;    /* of GmqCheckConnection: ended in this turn */
    bool is_open;        /* routes are not what the scenario says alone, so S10 is not checked */
    GString *room;       /* for names that need a NUL */
    uint64_t event;      /* number of the event being looked at */

    const GmqSimDisk *disk; /* NULL: nobody knows of one */
    bool was_clean;         /* the last broker ended in an orderly way */
    bool is_starting;       /* the next one finds what there is */
    uint64_t gone_syncs;    /* of the disk until the last broker was gone */
    int64_t gone_ns;
    GPtrArray *replaced; /* of GmqCheckMessage, whose numbers others have now; owned */

    GmqCheckThings *things;
    GmqCheckRoutes *routes;
    GmqCheckContents *contents;
    GmqCheckWires *wires;
};

/* ---- check.c ---- */

/* Tells that something is broken. */
void gmq_check_break(GmqCheck *check, const char *who, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Lends the text of a slice until the next call. */
const char *gmq_check_text(GmqCheck *check, GmqSlice slice);

GmqCheckConnection *gmq_check_connection(GmqCheck *check, GmqSlice name);
GmqCheckQueue *gmq_check_queue(GmqCheck *check, GmqSlice name);

/* The message of that number; breaks and returns NULL when nobody published it (S2). */
GmqCheckMessage *gmq_check_message(GmqCheck *check, uint64_t number);

/* The copy of a message in a queue; NULL when there is none. */
GmqCheckCopy *gmq_check_find_copy(const GmqCheckMessage *message, const GmqCheckQueue *queue);

/* What the broker says waits in a queue is what we count (S17). */
void gmq_check_ready(GmqCheck *check, const GmqCheckQueue *queue, uint64_t ready);

/* "w1": a connection's client. */
const char *gmq_check_client(GmqCheck *check, const GmqCheckConnection *connection);

/* ---- check-queue.c: S4 to S9, S17 ---- */

void gmq_check_enqueued(GmqCheck *check, const GmqEvent *event);
void gmq_check_delivered(GmqCheck *check, const GmqEvent *event);
void gmq_check_settled_unseen(GmqCheck *check, const GmqEvent *event);
void gmq_check_acked(GmqCheck *check, const GmqEvent *event);
void gmq_check_rejected(GmqCheck *check, const GmqEvent *event);
void gmq_check_requeued(GmqCheck *check, const GmqEvent *event);
void gmq_check_emptied(GmqCheck *check, const GmqEvent *event);

/* A connection that ended has nothing unacked any more. */
void gmq_check_connection_over(GmqCheck *check, GmqCheckConnection *connection);

/* Behind all that go before it. */
void gmq_check_join_ready(GmqCheckCopy *copy);

/* The delivery of an unacked copy is settled; nothing of any other. */
void gmq_check_close_delivery(const GmqCheckCopy *copy);

/* It is settled for good. */
void gmq_check_set_gone(const GmqCheck *check, GmqCheckCopy *copy);

/* ---- check-death.c: messages that die in a queue, and go on ---- */

void gmq_check_expired(GmqCheck *check, const GmqEvent *event);
void gmq_check_dropped(GmqCheck *check, const GmqEvent *event);
void gmq_check_dead_lettered(GmqCheck *check, const GmqEvent *event);

/* The copy with which a letter comes to a queue where it was before; NULL when it was not, or still
 * is. */
GmqCheckCopy *gmq_check_returning_copy(const GmqCheckMessage *message, const GmqCheckQueue *queue);

/* ---- check-confirm.c: S7, S11 ---- */

void gmq_check_published(GmqCheck *check, const GmqEvent *event);
void gmq_check_committed(GmqCheck *check, const GmqEvent *event);
void gmq_check_rolled_back(GmqCheck *check, const GmqEvent *event);
void gmq_check_returned(GmqCheck *check, const GmqEvent *event);
void gmq_check_confirmed(GmqCheck *check, const GmqEvent *event);

/* Every publish has its answer by now. */
void gmq_check_all_confirmed(GmqCheck *check, const GmqCheckConnection *connection);

/* ---- check-durable.c: S1, S3, S5 and S21 of a start ---- */

GmqCheckThings *gmq_check_things_new(void);
void gmq_check_things_free(GmqCheckThings *things);

/* Syncs that the disk has done. */
uint64_t gmq_check_syncs(const GmqCheck *check);
int64_t gmq_check_now(const GmqCheck *check);

void gmq_check_exchange_declared(GmqCheck *check, const GmqEvent *event);
void gmq_check_queue_declared(GmqCheck *check, const GmqEvent *event);
void gmq_check_bound(GmqCheck *check, const GmqEvent *event);
void gmq_check_unbound(GmqCheck *check, const GmqEvent *event);
void gmq_check_thing_deleted(GmqCheck *check, const char *kind, GmqSlice name);

/* Whoever declared what there is has got his answer. */
void gmq_check_all_answered(GmqCheck *check);

void gmq_check_recovered(GmqCheck *check, const GmqEvent *event);
void gmq_check_started(GmqCheck *check, const GmqEvent *event);

/* The broker is gone, with all its messages. */
void gmq_check_take_all_away(GmqCheck *check, bool was_clean);

/* ---- check-route.c: S10 ---- */

GmqCheckRoutes *gmq_check_routes_new(void);
void gmq_check_routes_free(GmqCheckRoutes *routes);

/* The topology of the scenario, or only what every broker has. */
void gmq_check_routes_fill(GmqCheckRoutes *routes, const GmqScenario *scenario);
void gmq_check_routes_reset(GmqCheckRoutes *routes);

/* What is not durable is gone. */
void gmq_check_routes_keep_durable(GmqCheckRoutes *routes, const GmqScenario *scenario);

/* An exchange or a queue is gone, with its bindings. */
void gmq_check_routes_drop_exchange(GmqCheckRoutes *routes, const char *name);
void gmq_check_routes_drop_queue(GmqCheckRoutes *routes, const char *name);

/* Adds the names of the queues, each once, that a message published to that exchange reaches. Its
 * headers are those of its outgoing message; has_queue says whether a queue exists. */
void gmq_check_routes_find(GmqCheckRoutes *routes, const char *exchange, GmqSlice key,
                           const GPtrArray *headers, const GHashTable *queues, GPtrArray *found);

/* A message of this turn is where it must be. */
void gmq_check_routed(GmqCheck *check, const GmqCheckMessage *message);

/* ---- check-match.c: naive matching ---- */

bool gmq_check_topic_matches(GmqSlice pattern, GmqSlice key);
bool gmq_check_headers_match(const GmqBindingLine *binding, const GPtrArray *headers);

/* ---- check-content.c: S2 ---- */

GmqCheckContents *gmq_check_contents_new(void);
void gmq_check_contents_free(GmqCheckContents *contents);

/* What is known of a message that was sent; NULL when none of that name was. */
typedef struct {
    uint64_t hash; /* of its content header and body */
    uint64_t body_hash;
    bool is_mandatory;
    bool is_persistent;
    bool is_rewritten; /* the broker has written into its header since */
    uint64_t priority;
    GPtrArray *headers; /* of GmqHeaderLine; lent by the scenario, NULL without any */
} GmqCheckContent;

void gmq_check_contents_add(GmqCheckContents *contents, const GmqOutgoing *message);
const GmqCheckContent *gmq_check_contents_find(const GmqCheckContents *contents, const char *name);
uint64_t gmq_check_content_hash(GmqSlice header, GmqSlice body);

/* The broker writes into the header of a message when it dies, or is counted. */
void gmq_check_contents_rewritten(GmqCheckContents *contents, const char *name);

/* ---- check-wire.c: S18 ---- */

GmqCheckWires *gmq_check_wires_new(void);
void gmq_check_wires_free(GmqCheckWires *wires);

G_END_DECLS
