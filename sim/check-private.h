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

/* Where a copy is. */
typedef enum {
    GMQ_CHECK_READY,
    GMQ_CHECK_HANDED, /* enqueued for a consumer, and delivered next */
    GMQ_CHECK_UNACKED,
    GMQ_CHECK_REFUSED, /* rejected, to be requeued */
    GMQ_CHECK_GONE,
} GmqCheckPlace;

/* One message in one queue. */
typedef struct {
    GmqCheckMessage *message;
    GmqCheckQueue *queue;
    GmqCheckPlace where;
    uint64_t place; /* 1, 2, 3 ... in the order of entering the queue */
    uint64_t since; /* event with which it became ready */
    bool was_requeued;
    GmqCheckConnection *connection; /* while it is unacked */
    uint64_t tag;
} GmqCheckCopy;

struct GmqCheckMessage {
    char *name;
    GmqCheckConnection *connection;
    uint64_t sequence; /* 1, 2, 3 ... of its connection */
    uint64_t confirm;  /* its number there; 0: none */
    uint64_t event;    /* of its publish */
    GPtrArray *routes; /* of texts: the queues that it must reach; owned */
    GPtrArray *copies; /* of GmqCheckCopy; owned */
    bool is_mandatory;
    bool is_returned;
};

struct GmqCheckQueue {
    char *name;
    GQueue ready; /* of GmqCheckCopy, by place */
    uint64_t n_entered;
    GHashTable *last_of; /* of GmqCheckConnection to the sequence of its last message here */
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
    GPtrArray *confirms; /* of GmqCheckMessage by number - 1; NULL when it is answered */
    unsigned first_awaited;
    bool is_over;
};

struct GmqCheck {
    const GmqScenario *scenario;
    GmqCheckBroken broken;
    void *user;
    size_t n_broken;

    GHashTable *queues;      /* of names to GmqCheckQueue; look-up only */
    GPtrArray *all_queues;   /* owned */
    GHashTable *connections; /* of names to GmqCheckConnection; look-up only */
    GPtrArray *all_connections;
    GPtrArray *messages; /* of GmqCheckMessage by the broker's number; owned */
    GPtrArray *turn;     /* of GmqCheckMessage: published in this turn */
    GPtrArray *ended;    /* of GmqCheckConnection: ended in this turn */
    GString *room;       /* for names that need a NUL */
    uint64_t event;      /* number of the event being looked at */

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

/* ---- check-confirm.c: S7, S11 ---- */

void gmq_check_published(GmqCheck *check, const GmqEvent *event);
void gmq_check_returned(GmqCheck *check, const GmqEvent *event);
void gmq_check_confirmed(GmqCheck *check, const GmqEvent *event);

/* Every publish has its answer by now. */
void gmq_check_all_confirmed(GmqCheck *check, const GmqCheckConnection *connection);

/* ---- check-route.c: S10 ---- */

GmqCheckRoutes *gmq_check_routes_new(void);
void gmq_check_routes_free(GmqCheckRoutes *routes);

/* The topology of the scenario, or only what every broker has. */
void gmq_check_routes_fill(GmqCheckRoutes *routes, const GmqScenario *scenario);
void gmq_check_routes_reset(GmqCheckRoutes *routes);

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
    bool is_mandatory;
    GPtrArray *headers; /* of GmqHeaderLine; lent by the scenario, NULL without any */
} GmqCheckContent;

void gmq_check_contents_add(GmqCheckContents *contents, const GmqOutgoing *message);
const GmqCheckContent *gmq_check_contents_find(const GmqCheckContents *contents, const char *name);
uint64_t gmq_check_content_hash(GmqSlice header, GmqSlice body);

/* ---- check-wire.c: S18 ---- */

GmqCheckWires *gmq_check_wires_new(void);
void gmq_check_wires_free(GmqCheckWires *wires);

G_END_DECLS
