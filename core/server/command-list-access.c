/* Listings of users, what they may do, limits and policies. Names as in rabbitmqctl. */
#include "core/server/columns.h"
#include "core/server/commands.h"

/* ---- users ---- */

const GmqColumn gmq_user_columns[] = {
    TEXT("user", GmqUserView, name, true),
    ARRAY("tags", GmqUserView, tags, true),
    GMQ_COLUMNS_END,
};

const GmqColumn gmq_user_limit_columns[] = {
    TEXT("user", GmqUserView, name, true),
    TABLE("limits", GmqUserView, limits, true),
    GMQ_COLUMNS_END,
};

GmqSnapshot *
gmq_look_at_users(const GmqServing *serving, GmqSlice vhost)
{
    (void)vhost;
    return gmq_snapshot_users(serving->broker);
}

/* Only those who have limits. */
GmqSnapshot *
gmq_look_at_user_limits(const GmqServing *serving, GmqSlice vhost)
{
    GmqSnapshot *users = gmq_look_at_users(serving, vhost);

    for (unsigned i = users->rows->len; i > 0; i--) {
        if (!g_array_index(users->rows, GmqUserView, i - 1).has_limits)
            g_array_remove_index(users->rows, i - 1);
    }
    return users;
}

/* ---- virtual hosts ---- */

const GmqColumn gmq_vhost_limit_columns[] = {
    TEXT("vhost", GmqVhostView, name, true),
    TABLE("limits", GmqVhostView, limits, true),
    GMQ_COLUMNS_END,
};

GmqSnapshot *
gmq_look_at_vhost_limits(const GmqServing *serving, GmqSlice vhost)
{
    GmqSnapshot *vhosts = gmq_snapshot_vhosts(serving->broker);

    (void)vhost;
    for (unsigned i = vhosts->rows->len; i > 0; i--) {
        if (!g_array_index(vhosts->rows, GmqVhostView, i - 1).has_limits)
            g_array_remove_index(vhosts->rows, i - 1);
    }
    return vhosts;
}

/* ---- permissions ---- */

const GmqColumn gmq_permission_columns[] = {
    TEXT("user", GmqPermissionView, user, true),
    TEXT("configure", GmqPermissionView, configure, true),
    TEXT("write", GmqPermissionView, write, true),
    TEXT("read", GmqPermissionView, read, true),
    TEXT("vhost", GmqPermissionView, vhost, false),
    GMQ_COLUMNS_END,
};

const GmqColumn gmq_topic_permission_columns[] = {
    TEXT("user", GmqPermissionView, user, true),
    TEXT("exchange", GmqPermissionView, exchange, true),
    TEXT("write", GmqPermissionView, write, true),
    TEXT("read", GmqPermissionView, read, true),
    TEXT("vhost", GmqPermissionView, vhost, false),
    GMQ_COLUMNS_END,
};

GmqSnapshot *
gmq_look_at_permissions(const GmqServing *serving, GmqSlice vhost)
{
    return gmq_snapshot_permissions(serving->broker, vhost);
}

GmqSnapshot *
gmq_look_at_topic_permissions(const GmqServing *serving, GmqSlice vhost)
{
    return gmq_snapshot_topic_permissions(serving->broker, vhost);
}

/* ---- policies ---- */

const GmqColumn gmq_policy_columns[] = {
    TEXT("vhost", GmqPolicyView, vhost, true),
    TEXT("name", GmqPolicyView, name, true),
    TEXT("pattern", GmqPolicyView, pattern, true),
    TEXT("apply-to", GmqPolicyView, apply_to, true),
    TABLE("definition", GmqPolicyView, definition, true),
    INTEGER("priority", GmqPolicyView, priority, true),
    GMQ_COLUMNS_END,
};

GmqSnapshot *
gmq_look_at_policies(const GmqServing *serving, GmqSlice vhost)
{
    return gmq_snapshot_policies(serving->broker, vhost);
}

GmqSnapshot *
gmq_look_at_operator_policies(const GmqServing *serving, GmqSlice vhost)
{
    return gmq_snapshot_operator_policies(serving->broker, vhost);
}
