/* session.h - a connection as the broker sees it: a user who is in a virtual host (AMQP.md 2.10).
 *
 * Any protocol keeps one in its connection. It counts for the limits of both, and when the user or
 * the virtual host is removed, the connection is told to close. */
#pragma once

#include "core/base/fault.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"

G_BEGIN_DECLS

typedef struct GmqSession GmqSession;

struct GmqSession {
    GmqUser *user; /* lent; NULL: the session has not begun, or is over */
    GmqVhost *vhost;
    unsigned channel_count;

    /* Ends the connection with that fault. It must have called gmq_session_end() when it returns.
     * Set before the session begins. */
    void (*close)(GmqSession *session, const GmqFault *fault);

    GList user_link;
    GList vhost_link;
};

/* Lets the user in, or 530: all connections are taken, there is no such virtual host, its
 * connections or the user's are, or he may not enter it; in this order. */
bool gmq_session_begin(GmqSession *session, GmqBroker *broker, GmqSlice user, GmqSlice vhost,
                       GmqFault *fault);

/* Does nothing when it is over, or never began. */
void gmq_session_end(GmqSession *session);

/* One more channel, or 530 when the user has as many as he may have; and one less. */
bool gmq_session_add_channel(GmqSession *session, GmqFault *fault);
void gmq_session_drop_channel(GmqSession *session);

G_END_DECLS
