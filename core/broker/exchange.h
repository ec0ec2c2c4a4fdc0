/* exchange.h - an exchange: chooses the queues of a message (AMQP.md 9, 10d).
 *
 * What an exchange does with a routing key is its type's; each type is a vtable in a file of its
 * own. Exchanges belong to a virtual host, which declares and deletes them (vhost.h). */
#pragma once

#include "core/base/fault.h"
#include "core/broker/binding.h"
#include "core/broker/dedup.h"
#include "core/broker/policy.h"
#include "core/broker/route.h"

G_BEGIN_DECLS

typedef struct GmqVhost GmqVhost;
typedef struct GmqExchangeType GmqExchangeType;

struct GmqExchangeType {
    const char *name; /* "topic" */

    /* Whether the queues depend on nothing but the bindings and the routing key, so that a
     * publisher may remember them until the topology changes. */
    bool is_cacheable;

    /* The type that keeps the bindings and routes in place of this one, by arguments that have been
     * checked. NULL: this one. */
    const GmqExchangeType *(*find_router)(GmqSlice arguments);

    /* Checks the arguments of a new exchange. NULL: any will do. */
    bool (*check_arguments)(GmqSlice arguments, GmqFault *fault);

    /* The arguments that a redeclaration must repeat (AMQP.md 9.3), NULL behind the last. NULL:
     * none. */
    const char *const *own_arguments;

    /* Make and free what the type keeps per exchange, whose arguments have been checked; both may
     * be NULL. */
    void *(*new_state)(GmqExchange *exchange);
    void (*free_state)(void *state);

    /* Checks a new binding's key and arguments (AMQP.md 10.16). NULL: any will do. */
    bool (*check)(const GmqExchange *exchange, GmqSlice key, GmqSlice arguments, GmqFault *fault);

    /* Keep and forget a binding, which is in the exchange's list already, or still. Both may be
     * NULL, for a type that needs nothing but that list. */
    void (*add)(GmqExchange *exchange, GmqBinding *binding);
    void (*remove)(GmqExchange *exchange, GmqBinding *binding);

    /* The binding is there and was announced. NULL: that is nothing to the type. */
    void (*bound)(GmqExchange *exchange, const GmqBinding *binding);

    /* Whether the message waits in the exchange, which routes it later. NULL: none does. */
    bool (*holds)(const GmqExchange *exchange, const GmqMessage *message);

    /* A message that came to the exchange, without BCC, is published for good, and the exchange may
     * take a reference of it. NULL: it keeps none. */
    void (*keep)(GmqExchange *exchange, GmqMessage *message);

    /* Calls gmq_route_take() for each binding that matches one of the route's keys, in an order
     * that follows from the bindings and keys alone. */
    void (*route)(const GmqExchange *exchange, GmqRoute *route);
};

struct GmqExchange {
    GmqVhost *vhost;
    const GmqExchangeType *type;   /* as declared */
    const GmqExchangeType *router; /* whose bindings and routes it has: that type, or the one that a
                                      delayed exchange delays for */
    void *state;                   /* of the router */
    void *delay;                   /* of the type, when another one routes */
    GmqDedup *dedup;               /* drops messages that it has seen (E4); NULL: none */
    bool is_attentive;             /* type or router holds or keeps messages, or dedup drops some */
    GmqSlice name;                 /* owned; empty for the default exchange */
    GmqSlice arguments;            /* owned */
    GmqSlice alternate; /* name of the alternate exchange, lent from the arguments or a policy; data
                           NULL: none */
    const GmqPolicy *policies[GMQ_N_POLICY_KINDS]; /* those that apply; NULL: none; lent */
    bool is_durable;
    bool is_auto_delete;
    bool is_internal;
    bool is_predeclared; /* one of AMQP.md 9.1 */
    bool is_gone;        /* deleted, and kept until its bindings are gone too */
    GQueue bindings;     /* of GmqBinding, where this is the source; intrusive */
    GQueue inbound;      /* of GmqBinding, where this is the destination; intrusive */
    uint64_t stamp;      /* of the last route that came through, see route.h */
    uint64_t event;      /* number of the event of its deletion */
    uint64_t record;     /* of its definition (definition.h); 0: none */
    GList link;          /* in the virtual host's list, in order of creation */
};

extern const GmqExchangeType gmq_exchange_default; /* of the default exchange only */
extern const GmqExchangeType gmq_exchange_direct;
extern const GmqExchangeType gmq_exchange_fanout;
extern const GmqExchangeType gmq_exchange_topic;
extern const GmqExchangeType gmq_exchange_headers;

/* AMQP.md 10e. */
extern const GmqExchangeType gmq_exchange_consistent_hash;
extern const GmqExchangeType gmq_exchange_delayed;
extern const GmqExchangeType gmq_exchange_modulus_hash;
extern const GmqExchangeType gmq_exchange_random;
extern const GmqExchangeType gmq_exchange_recent_history;

/* The type of that name; NULL without one. */
const GmqExchangeType *gmq_exchange_type_find(GmqSlice name);

/* The policies of the virtual host have changed: the exchange looks which ones apply to it (25.4),
 * and routes may change with its alternate exchange (25.2). cause is the event that led to it. */
void gmq_exchange_apply_policies(GmqExchange *exchange, uint64_t cause);

/* Only for the virtual host: returns an exchange without bindings; frees one that has none left.
 * Name and arguments are copied; the alternate exchange is that of the arguments or, without one,
 * of a policy. */
GmqExchange *gmq_exchange_new(GmqVhost *vhost, const GmqExchangeType *type, GmqSlice name,
                              GmqSlice arguments);
void gmq_exchange_free(GmqExchange *exchange);

/* Shows the exchange a message that came through it, see GmqExchangeType. */
void gmq_exchange_keep(GmqExchange *exchange, GmqMessage *message);

G_END_DECLS
