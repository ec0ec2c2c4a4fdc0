/* check-private.h - the naive picture that the files check-*.c keep of a broker. */
#pragma once

#include "sim/check.h"

G_BEGIN_DECLS

typedef struct CheckQueue CheckQueue;
typedef struct CheckMessage CheckMessage;
typedef struct CheckConnection CheckConnection;
typedef struct CheckRoutes CheckRoutes;
typedef struct CheckContents CheckContents;
typedef struct CheckWires CheckWires;

/* Where a copy is. */
typedef enum {
    CHECK_READY,
    CHECK_HANDED, /* enqueued for a consumer, and delivered next */
    CHECK_UNACKED,
    CHECK_REFUSED, /* rejected, to be requeued */
    CHECK_GONE,
} CheckPlace;

/* One message in one queue. */
typedef struct {
    CheckMessage *message;
    CheckQueue *queue;
    CheckPlace where;
    uint64_t place; /* 1, 2, 3 ... in the order of entering the queue */
    uint64_t since; /* event with which it became ready */
    bool was_requeued;
    CheckConnection *connection; /* while it is unacked */
    uint64_t tag;
} CheckCopy;

struct CheckMessage {
    char *name;
    CheckConnection *connection;
    uint64_t sequence; /* 1, 2, 3 ... of its connection */
    uint64_t confirm;  /* its number there; 0: none */
    uint64_t event;    /* of its publish */
    GPtrArray *routes; /* of texts: the queues that it must reach; owned */
    GPtrArray *copies; /* of CheckCopy; owned */
    bool is_mandatory;
    bool is_returned;
};

struct CheckQueue {
    char *name;
    GQueue ready; /* of CheckCopy, by place */
    uint64_t n_entered;
    GHashTable *last_of; /* of CheckConnection to the sequence of its last message here */
    bool is_gone;
};

/* A channel of a client; clients have one, and so a connection stands for it. */
struct CheckConnection {
    char *name;
    const GmqClientSpec *spec; /* NULL for a name that the scenario does not know */
    GPtrArray *sent;           /* of texts: messages that its client sent, in order */
    uint64_t n_published;
    GPtrArray *deliveries; /* of CheckCopy by tag - 1; NULL when it is settled */
    unsigned first_open;   /* all deliveries before this one are settled */
    uint64_t n_unacked;
    GPtrArray *confirms; /* of CheckMessage by number - 1; NULL when it is answered */
    unsigned first_awaited;
    bool is_over;
};

struct GmqCheck {
    const GmqScenario *scenario;
    GmqCheckBroken broken;
    void *user;
    size_t n_broken;

    GHashTable *queues;      /* of names to CheckQueue; look-up only */
    GPtrArray *all_queues;   /* owned */
    GHashTable *connections; /* of names to CheckConnection; look-up only */
    GPtrArray *all_connections;
    GPtrArray *messages; /* of CheckMessage by the broker's number; owned */
    GPtrArray *turn;     /* of CheckMessage: published in this turn */
    GPtrArray *ended;    /* of CheckConnection: ended in this turn */
    GString *room;       /* for names that need a NUL */
    uint64_t event;      /* number of the event being looked at */

    CheckRoutes *routes;
    CheckContents *contents;
    CheckWires *wires;
};

/* ---- check.c ---- */

/* Tells that something is broken. */
void check_break(GmqCheck *check, const char *who, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Lends the text of a slice until the next call. */
const char *check_text(GmqCheck *check, GmqSlice slice);

CheckConnection *check_connection(GmqCheck *check, GmqSlice name);
CheckQueue *check_queue(GmqCheck *check, GmqSlice name);

/* The message of that number; breaks and returns NULL when nobody published it (S2). */
CheckMessage *check_message(GmqCheck *check, uint64_t number);

/* "w1": a connection's client. */
const char *check_client(GmqCheck *check, const CheckConnection *connection);

/* ---- check-queue.c: S4 to S9, S17 ---- */

void check_enqueued(GmqCheck *check, const GmqEvent *event);
void check_delivered(GmqCheck *check, const GmqEvent *event);
void check_settled_unseen(GmqCheck *check, const GmqEvent *event);
void check_acked(GmqCheck *check, const GmqEvent *event);
void check_rejected(GmqCheck *check, const GmqEvent *event);
void check_requeued(GmqCheck *check, const GmqEvent *event);
void check_emptied(GmqCheck *check, const GmqEvent *event);

/* A connection that ended has nothing unacked any more. */
void check_connection_over(GmqCheck *check, CheckConnection *connection);

/* ---- check-confirm.c: S7, S11 ---- */

void check_published(GmqCheck *check, const GmqEvent *event);
void check_returned(GmqCheck *check, const GmqEvent *event);
void check_confirmed(GmqCheck *check, const GmqEvent *event);

/* Every publish has its answer by now. */
void check_all_confirmed(GmqCheck *check, const CheckConnection *connection);

/* ---- check-route.c: S10 ---- */

CheckRoutes *check_routes_new(void);
void check_routes_free(CheckRoutes *routes);

/* The topology of the scenario, or only what every broker has. */
void check_routes_fill(CheckRoutes *routes, const GmqScenario *scenario);
void check_routes_reset(CheckRoutes *routes);

/* An exchange or a queue is gone, with its bindings. */
void check_routes_drop_exchange(CheckRoutes *routes, const char *name);
void check_routes_drop_queue(CheckRoutes *routes, const char *name);

/* Adds the names of the queues, each once, that a message published to that exchange reaches. Its
 * headers are those of its outgoing message; has_queue says whether a queue exists. */
void check_routes_find(CheckRoutes *routes, const char *exchange, GmqSlice key,
                       const GPtrArray *headers, const GHashTable *queues, GPtrArray *found);

/* A message of this turn is where it must be. */
void check_routed(GmqCheck *check, const CheckMessage *message);

/* ---- check-match.c: naive matching ---- */

bool check_topic_matches(GmqSlice pattern, GmqSlice key);
bool check_headers_match(const GmqBindingLine *binding, const GPtrArray *headers);

/* ---- check-content.c: S2 ---- */

CheckContents *check_contents_new(void);
void check_contents_free(CheckContents *contents);

/* What is known of a message that was sent; NULL when none of that name was. */
typedef struct {
    uint64_t hash; /* of its content header and body */
    bool is_mandatory;
    GPtrArray *headers; /* of GmqHeaderLine; lent by the scenario, NULL without any */
} CheckContent;

void check_contents_add(CheckContents *contents, const GmqOutgoing *message);
const CheckContent *check_contents_find(const CheckContents *contents, const char *name);
uint64_t check_content_hash(GmqSlice header, GmqSlice body);

/* ---- check-wire.c: S18 ---- */

CheckWires *check_wires_new(void);
void check_wires_free(CheckWires *wires);

G_END_DECLS
