/* vhost.h - a virtual host: a space of names with exchanges, queues and bindings.
 *
 * The checks of declare, delete, bind and unbind live here, with the exact reply codes of AMQP.md
 * 9 and 10, so that every protocol and tool above gets the same answers. Every function that takes
 * a GmqFault returns false or NULL after filling it. */
#pragma once

#include "core/base/fault.h"
#include "core/base/host.h"
#include "core/broker/broker.h"
#include "core/broker/exchange.h"
#include "core/broker/policy.h"
#include "core/broker/queue.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_VHOST_LIMIT_CONNECTIONS, /* "max-connections" */
    GMQ_VHOST_LIMIT_QUEUES,      /* "max-queues" */
    GMQ_N_VHOST_LIMITS,
} GmqVhostLimit;

struct GmqVhost {
    GmqBroker *broker;
    GmqHost *host;
    GmqSlice name;           /* owned, with a NUL behind it */
    GHashTable *exchanges;   /* of GmqSlice * (its name) to GmqExchange; for look-up only */
    GHashTable *queues;      /* likewise to GmqQueue */
    GQueue exchange_list;    /* in order of creation; intrusive */
    GQueue queue_list;       /* likewise */
    GHashTable *binding_set; /* of GmqBinding, by source, destination and key; look-up only */
    GmqExchange *default_exchange;
    GPtrArray *policies[GMQ_N_POLICY_KINDS]; /* of GmqPolicy, in the order of their names */
    uint64_t binding_count;                  /* bindings ever made: their numbers */
    uint64_t topology;    /* changes whenever a route may have changed; never 0 */
    uint64_t route_stamp; /* of the last route through its exchanges, see route.h */
    bool is_tracing;      /* everything is copied to the firehose, see firehose.h */
    GQueue doomed;        /* of GmqExchange: deleted ones that still have bindings; intrusive */
    char *description;    /* for people; owned, empty without one */
    GPtrArray *tags;      /* of char *, likewise */
    int64_t limits[GMQ_N_VHOST_LIMITS]; /* negative: none */
    uint64_t record;                    /* of its definition (definition.h); 0: none */
    uint64_t settings_record;           /* likewise of description, tags and limits */
    GQueue sessions;                    /* of GmqSession: open connections; intrusive */
    GList link;                         /* in the broker's list, in order of creation */
};

/* Only for the broker, which makes and removes virtual hosts (broker.h). is_told: announces the
 * exchanges that each has from the beginning. No session may be left in the end. */
GmqVhost *gmq_vhost_new(GmqBroker *broker, GmqSlice name, bool is_told);
void gmq_vhost_free(GmqVhost *vhost);

/* What people say of it. The list of tags ends with NULL, and replaces those before. */
void gmq_vhost_set_description(GmqVhost *vhost, const char *description);
void gmq_vhost_set_tags(GmqVhost *vhost, const char *const *tags);

/* The name of a limit as RabbitMQ has it: "max-queues". */
const char *gmq_vhost_limit_name(GmqVhostLimit limit);

/* Sets a limit by that name; a negative value takes it away. What is there already stays. False
 * with an error for any other name. */
bool gmq_vhost_set_limit(GmqVhost *vhost, GmqSlice name, int64_t value, GError **error);

/* For vhost.c: what the files of exchanges and bindings set up and take down. Clearing removes all
 * exchanges with their bindings, when no queue is left. */
void gmq_vhost_init_bindings(GmqVhost *vhost);
GmqExchange *gmq_vhost_predeclare(GmqVhost *vhost, GmqSlice name, GmqSlice type, bool is_internal);
void gmq_vhost_note_exchange(const GmqExchange *exchange); /* it is there: announces it */
void gmq_vhost_clear_exchanges(GmqVhost *vhost);
void gmq_vhost_clear_policies(GmqVhost *vhost);

/* Hashing of names, for tables whose keys are GmqSlice pointers. */
unsigned gmq_slice_hash(const void *slice);
int gmq_slice_same(const void *a, const void *b);

/* ---- exchanges (vhost-exchange.c) ---- */

/* A spec's user is who asks, and must be permitted to (AMQP.md 8); NULL is the broker itself, which
 * may do everything. */
typedef struct {
    const GmqUser *user;
    GmqSlice name;
    GmqSlice type;
    GmqSlice arguments; /* the inside of a field table */
    bool is_durable;
    bool is_auto_delete;
    bool is_internal;
} GmqExchangeSpec;

GmqExchange *gmq_vhost_find_exchange(const GmqVhost *vhost, GmqSlice name);

/* The same, or 404 "no exchange 'x' in vhost '/'". */
GmqExchange *gmq_vhost_need_exchange(const GmqVhost *vhost, GmqSlice name, GmqFault *fault);

/* Declares (9.2 to 9.4, 9.9); passively only looks (9.5). CR and LF are stripped from the name. */
GmqExchange *gmq_vhost_declare_exchange(GmqVhost *vhost, const GmqExchangeSpec *spec,
                                        GmqFault *fault);
GmqExchange *gmq_vhost_check_exchange(GmqVhost *vhost, GmqSlice name, GmqFault *fault);

/* Deletes with all its bindings; a missing one is fine (9.6, 9.10). */
bool gmq_vhost_delete_exchange(GmqVhost *vhost, GmqSlice name, bool if_unused, GmqFault *fault);

/* ---- bindings (vhost-binding.c) ---- */

typedef struct {
    const GmqUser *user; /* as above */
    GmqSlice source;
    GmqSlice target;
    bool to_queue; /* else to an exchange */
    GmqSlice key;
    GmqSlice arguments;
    const void *owner; /* who asks, for exclusive queues (queue.h) */
} GmqBindingSpec;

/* Binds (10.13, 10.16); the same binding again is fine. Default exchange: 403 (10.15). */
bool gmq_vhost_bind(GmqVhost *vhost, const GmqBindingSpec *spec, GmqFault *fault);

/* Unbinds; what is missing is fine (10.14). An auto-delete source goes with its last binding
 * (9.7). */
bool gmq_vhost_unbind(GmqVhost *vhost, const GmqBindingSpec *spec, GmqFault *fault);

/* The binding that is so; NULL without one. */
GmqBinding *gmq_vhost_find_binding(const GmqVhost *vhost, const GmqBindingSpec *spec);

/* Removes all bindings to a queue that goes, and with them auto-delete exchanges (9.7). */
void gmq_vhost_unbind_queue(GmqVhost *vhost, GmqQueue *queue, uint64_t cause);

/* ---- between those two ---- */

/* 403 for the name of the default exchange (9.4, 10.15). */
bool gmq_vhost_refuse_default(GmqSlice name, GmqFault *fault);

/* Takes the exchange's name away and dooms it: gmq_vhost_sweep() removes its bindings and frees
 * it. A removed binding may doom an auto-delete source in turn, hence two steps instead of one that
 * calls itself. cause is the number of the event that led to it. */
void gmq_vhost_doom_exchange(GmqVhost *vhost, GmqExchange *exchange, uint64_t cause);
void gmq_vhost_sweep(GmqVhost *vhost);

/* Removes one binding, and dooms its source when that is an auto-delete exchange that has no other
 * (9.7). */
void gmq_vhost_remove_binding(GmqVhost *vhost, GmqBinding *binding, uint64_t cause);

/* The same without a trace and without consequences, for the end of the virtual host. */
void gmq_vhost_forget_binding(GmqVhost *vhost, GmqBinding *binding);

/* ---- queues (vhost-queue.c) ---- */

typedef struct {
    const GmqUser *user; /* as above */
    GmqSlice name;       /* empty: the server makes one (10.1) */
    GmqSlice arguments;
    bool is_durable;
    bool is_exclusive;
    bool is_auto_delete;
    uint32_t number;     /* in the journal, of one that was there before; 0: a new one */
    const void *owner;   /* who declares: the owner of an exclusive queue */
    GmqSlice owner_name; /* its name, for listings and events; copied */
} GmqQueueSpec;

GmqQueue *gmq_vhost_find_queue(const GmqVhost *vhost, GmqSlice name);

/* The same, or 404 when missing, or 405 when it is exclusive to somebody else (10.5). */
GmqQueue *gmq_vhost_need_queue(const GmqVhost *vhost, GmqSlice name, const void *owner,
                               GmqFault *fault);

/* Declares (10.1 to 10.5, 10.12), as long as the virtual host may have one more; passively only
 * looks, as above (10.6). CR and LF are stripped from the name. */
GmqQueue *gmq_vhost_check_queue(const GmqVhost *vhost, GmqSlice name, const void *owner,
                                GmqFault *fault);
GmqQueue *gmq_vhost_declare_queue(GmqVhost *vhost, const GmqQueueSpec *spec, GmqFault *fault);

/* Makes a queue again that was declared before: any name will do, and limits do not count. None of
 * that name may be there. */
GmqQueue *gmq_vhost_restore_queue(GmqVhost *vhost, const GmqQueueSpec *spec, GmqFault *fault);

/* Deletes (10.7), with a stripped name too: bindings vanish, consumers are told, ready messages are
 * dropped and counted in *ready_count; deliveries that are out stay ackable. A missing queue is
 * fine, its count 0. */
bool gmq_vhost_delete_queue(GmqVhost *vhost, GmqSlice name, const void *owner, bool if_unused,
                            bool if_empty, uint64_t *ready_count, GmqFault *fault);

/* The same without conditions, for auto-delete, exclusive owners that leave, and shutdown. */
void gmq_vhost_remove_queue(GmqVhost *vhost, GmqQueue *queue, const char *why);

/* ---- policies (vhost-policy.c; listed in vhost->policies) ---- */

/* Sets a policy, in the place of one of that kind and name if there is one, and applies it to all
 * queues and exchanges at once (25.4). False with an error when something is wrong with it, see
 * gmq_policy_new(). What dies of it is on its way with the next gmq_broker_dispatch(). */
bool gmq_vhost_set_policy(GmqVhost *vhost, GmqPolicyKind kind, const GmqPolicySpec *spec,
                          GError **error);

/* Takes a policy away, with what it did; GMQ_BROKER_ERROR_MISSING when there is none of that
 * name. */
bool gmq_vhost_clear_policy(GmqVhost *vhost, GmqPolicyKind kind, GmqSlice name, GError **error);

/* The policy of that name; NULL without one. Lent until it is set anew or cleared. */
const GmqPolicy *gmq_vhost_find_policy(const GmqVhost *vhost, GmqPolicyKind kind, GmqSlice name);

G_END_DECLS
