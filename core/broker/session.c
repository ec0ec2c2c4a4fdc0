#include "core/broker/session.h"

#include "core/broker/permission.h"

static bool
is_reached(int64_t limit, unsigned count)
{
    return limit >= 0 && count >= limit;
}

static bool
check_broker(const GmqBroker *broker, GmqFault *fault)
{
    int64_t limit = gmq_broker_connections_max(broker);

    if (!is_reached(limit, gmq_broker_connection_count(broker)))
        return true;
    return gmq_fault_set(
        fault, GMQ_REPLY_NOT_ALLOWED,
        "connection refused: node connection limit (%" G_GINT64_FORMAT ") is reached", limit);
}

static bool
check_vhost(const GmqVhost *vhost, GmqSlice user, GmqFault *fault)
{
    int64_t limit = vhost->limits[GMQ_VHOST_LIMIT_CONNECTIONS];

    if (!is_reached(limit, vhost->sessions.length))
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_NOT_ALLOWED,
                         "access to vhost '%.*s' refused for user '%.*s': connection limit "
                         "(%" G_GINT64_FORMAT ") is reached",
                         (int)vhost->name.size, vhost->name.data, (int)user.size, user.data, limit);
}

static bool
check_user(const GmqUser *user, GmqFault *fault)
{
    int64_t limit = user->limits[GMQ_USER_LIMIT_CONNECTIONS];

    if (!is_reached(limit, user->sessions.length))
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_NOT_ALLOWED,
                         "connection refused for user '%s': user connection limit "
                         "(%" G_GINT64_FORMAT ") is reached",
                         (const char *)user->name.data, limit);
}

bool
gmq_session_begin(GmqSession *session, GmqBroker *broker, GmqSlice user_name, GmqSlice vhost_name,
                  GmqFault *fault)
{
    GmqUser *user   = gmq_broker_find_user(broker, user_name);
    GmqVhost *vhost = gmq_broker_find_vhost(broker, vhost_name);

    g_assert(session->user == NULL);
    if (!check_broker(broker, fault))
        return false;
    if (vhost == NULL)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_ALLOWED, "vhost %.*s not found",
                             (int)vhost_name.size, vhost_name.data);
    if (!check_vhost(vhost, user_name, fault) || (user != NULL && !check_user(user, fault)))
        return false;
    if (user == NULL || gmq_user_find_permission(user, vhost) == NULL)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_ALLOWED,
                             "access to vhost '%.*s' refused for user '%.*s'", (int)vhost_name.size,
                             vhost_name.data, (int)user_name.size, user_name.data);

    session->user            = user;
    session->vhost           = vhost;
    session->user_link.data  = session;
    session->vhost_link.data = session;
    g_queue_push_tail_link(&user->sessions, &session->user_link);
    g_queue_push_tail_link(&vhost->sessions, &session->vhost_link);
    gmq_broker_count_connection(broker, 1);
    return true;
}

void
gmq_session_end(GmqSession *session)
{
    if (session->user == NULL)
        return;
    g_assert(session->channel_count == 0);

    gmq_broker_count_connection(session->vhost->broker, -1);
    g_queue_unlink(&session->user->sessions, &session->user_link);
    g_queue_unlink(&session->vhost->sessions, &session->vhost_link);
    session->user  = NULL;
    session->vhost = NULL;
}

bool
gmq_session_add_channel(GmqSession *session, GmqFault *fault)
{
    GmqUser *user = session->user;
    int64_t limit = user->limits[GMQ_USER_LIMIT_CHANNELS];

    if (is_reached(limit, user->channel_count))
        return gmq_fault_set(fault, GMQ_REPLY_NOT_ALLOWED,
                             "number of channels opened for user '%s' has reached the maximum "
                             "allowed user limit of (%" G_GINT64_FORMAT ")",
                             (const char *)user->name.data, limit);
    user->channel_count++;
    session->channel_count++;
    return true;
}

void
gmq_session_drop_channel(GmqSession *session)
{
    g_assert(session->channel_count > 0);

    session->user->channel_count--;
    session->channel_count--;
}
