/* permission.h - what a user may do in a virtual host (AMQP.md 8).
 *
 * A permission is three patterns for the names of queues and exchanges. A topic permission is two
 * for the routing keys of one topic exchange; a user without one may use any key there. */
#pragma once

#include "core/base/fault.h"
#include "core/broker/broker.h"
#include "core/broker/pattern.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_ACCESS_CONFIGURE,
    GMQ_ACCESS_WRITE,
    GMQ_ACCESS_READ,
    GMQ_N_ACCESSES,
} GmqAccess;

typedef struct GmqPermission GmqPermission;
typedef struct GmqTopicPermission GmqTopicPermission;

struct GmqPermission {
    GmqVhost *vhost; /* lent: a virtual host that goes takes its permissions along */
    GmqPattern patterns[GMQ_N_ACCESSES];
    int64_t number;  /* counts up in the user's list */
    uint64_t record; /* of its definition (definition.h); 0: none */
    GList link;      /* in the user's list, in order of creation */
};

struct GmqTopicPermission {
    GmqVhost *vhost;   /* lent, as above */
    GmqSlice exchange; /* owned; need not exist */
    char *write;       /* as they were given, with {username} and {vhost}; owned */
    char *read;        /* likewise */
    GmqPattern patterns[GMQ_N_ACCESSES]; /* with the names filled in; no CONFIGURE */
    int64_t number;                      /* as above */
    uint64_t record;                     /* likewise */
    GList link;                          /* likewise */
};

/* Sets what the user may do in the virtual host, in place of what he might before. All three
 * expressions are compiled first: on an error nothing has changed. */
bool gmq_user_set_permission(GmqUser *user, GmqVhost *vhost, const char *configure,
                             const char *write, const char *read, GError **error);

/* Takes it away again; whether there was one. Connections that are open stay and may do nothing. */
bool gmq_user_clear_permission(GmqUser *user, GmqVhost *vhost);

/* Lent; NULL without one: the user may not enter that virtual host. */
const GmqPermission *gmq_user_find_permission(const GmqUser *user, const GmqVhost *vhost);

/* The same for the routing keys of one exchange. In the expressions {username} and {vhost} stand
 * for these names. */
bool gmq_user_set_topic_permission(GmqUser *user, GmqVhost *vhost, GmqSlice exchange,
                                   const char *write, const char *read, GError **error);

/* Takes away those of one exchange, or with exchange.data == NULL those of all in the virtual
 * host; whether there were any. */
bool gmq_user_clear_topic_permissions(GmqUser *user, GmqVhost *vhost, GmqSlice exchange);

/* One that was there before gets its number again, and the place in the list that goes with it. */
void gmq_user_number_permission(GmqUser *user, GmqVhost *vhost, int64_t number);
void gmq_user_number_topic_permission(GmqUser *user, GmqVhost *vhost, GmqSlice exchange,
                                      int64_t number);

/* Takes away all that concern a virtual host that goes; and all there are. */
void gmq_user_forget_vhost(GmqUser *user, GmqVhost *vhost);
void gmq_user_forget_permissions(GmqUser *user);

/* ---- asking ---- */

/* Whether the name matches. The default exchange is called amq.default here. */
bool gmq_user_may(const GmqUser *user, const GmqVhost *vhost, GmqAccess access, GmqSlice name);

/* The same, or 403 "access to queue 'q' in vhost '/' refused for user 'u'". */
bool gmq_user_check_queue(const GmqUser *user, const GmqVhost *vhost, GmqAccess access,
                          GmqSlice name, GmqFault *fault);

/* Likewise for an exchange; the default one has an empty name. */
bool gmq_user_check_exchange(const GmqUser *user, const GmqVhost *vhost, GmqAccess access,
                             GmqSlice name, GmqFault *fault);

/* Whether the routing key may be written to, or read from, the topic exchange of that name, or
 * 403. */
bool gmq_user_check_topic(const GmqUser *user, const GmqVhost *vhost, GmqAccess access,
                          GmqSlice exchange, GmqSlice key, GmqFault *fault);

G_END_DECLS
