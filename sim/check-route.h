/* check-route.h - the exchanges and bindings that a naive matcher walks (S10). */
#pragma once

#include "sim/check-private.h"

G_BEGIN_DECLS

/* An exchange as it was declared. */
typedef struct {
    char *name;
    char *type;
    char *alternate;    /* NULL without one */
    char *policy;       /* the alternate that was set later on; NULL without one */
    bool is_steady;     /* chooses by the key alone */
    bool is_delayed;    /* holds back what has a delay; the type is what then routes */
    GPtrArray *choices; /* that it made (check-choice.c); owned, NULL: none */
    bool is_there;
} GmqCheckExchange;

typedef struct {
    char *from;
    char *to;
    char *key;
    bool to_queue;
    uint8_t *arguments; /* the inside of a field table */
    size_t size;
    bool is_away; /* with a broker that is no more */
} GmqCheckBinding;

struct GmqCheckRoutes {
    GPtrArray *exchanges; /* of GmqCheckExchange */
    GPtrArray *bindings;  /* of GmqCheckBinding */
};

GmqCheckRoutes *gmq_check_routes_new(void);
void gmq_check_routes_free(GmqCheckRoutes *routes);

/* Exchanges and bindings come and go. */
void gmq_check_routes_declared(GmqCheck *check, const GmqEvent *event);
void gmq_check_routes_bound(GmqCheck *check, const GmqEvent *event);
void gmq_check_routes_unbound(GmqCheck *check, const GmqEvent *event);
void gmq_check_routes_drop_exchange(GmqCheckRoutes *routes, const char *name);
void gmq_check_routes_drop_queue(GmqCheckRoutes *routes, const char *name);
void gmq_check_alternate_set(GmqCheck *check, const GmqEvent *event);

/* The broker is gone: what it had comes back when the next one says so, and what has not come back
 * when that has started is forgotten. */
void gmq_check_routes_reset(GmqCheckRoutes *routes);
void gmq_check_routes_started(GmqCheckRoutes *routes);

/* A message of this turn is where it must be. */
void gmq_check_routed(GmqCheck *check, GmqCheckMessage *message);

/* ---- check-walk.c: the way of a message ---- */

GmqCheckExchange *gmq_check_find_exchange(const GmqCheckRoutes *routes, GmqSlice name);

/* Fills in the queues that the message reaches from its exchange, each once. Where an exchange has
 * a choice, its way ends until that is told. */
void gmq_check_find_routes(GmqCheck *check, GmqCheckMessage *message);

/* An exchange sent a message on. */
void gmq_check_hop(GmqCheck *check, const GmqEvent *event);

void gmq_check_walk_free(GmqCheckWalk *walk);

/* Whoever had a choice has made it, or all it could choose was reached already. */
void gmq_check_choices_made(GmqCheck *check, const GmqCheckMessage *message);

/* ---- check-delay.c: what exchanges hold back ---- */

#define GMQ_CHECK_DELAY "x-delay"

/* Whether the message goes no further for now, which is remembered. */
bool gmq_check_must_wait(GmqCheckMessage *message, const GmqCheckExchange *exchange);

/* An exchange holds a message back; after the turn all do that must; and it goes on. */
void gmq_check_held(GmqCheck *check, const GmqEvent *event);
void gmq_check_all_held(GmqCheck *check, const GmqCheckMessage *message);

/* After a turn: nothing waits for too long. And what an exchange that is gone held is lost. */
void gmq_check_held_are_due(GmqCheck *check);
void gmq_check_holder_gone(GmqCheck *check, GmqSlice exchange);

/* ---- check-choice.c: choices that depend on the key ---- */

/* It chose that binding for the message. Bindings come and go, which is told of each; or all is
 * different from now on. */
void gmq_check_chosen(GmqCheck *check, GmqCheckExchange *exchange, const GmqCheckMessage *message,
                      const GmqCheckBinding *binding);
void gmq_check_choices_bound(GmqCheckExchange *exchange, const GmqCheckBinding *binding);
void gmq_check_choices_unbound(GmqCheckExchange *exchange, const GmqCheckBinding *binding);
void gmq_check_choices_forget(GmqCheckExchange *exchange);

/* ---- check-match.c: naive matching ---- */

bool gmq_check_topic_matches(GmqSlice pattern, GmqSlice key);

/* The arguments of a binding and the headers of a message, as field tables. */
bool gmq_check_headers_match(GmqSlice arguments, GmqSlice headers);

G_END_DECLS
