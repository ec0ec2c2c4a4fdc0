/* Snapshots of users and what they may do. */
#include "core/broker/permission.h"
#include "core/broker/snapshot.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"

static const char *
limit_name(unsigned limit)
{
    return gmq_user_limit_name((GmqUserLimit)limit);
}

GmqSnapshot *
gmq_snapshot_users(const GmqBroker *broker)
{
    GmqSnapshot *snapshot = gmq_snapshot_new(sizeof(GmqUserView));

    for (const GList *link = gmq_broker_users(broker)->head; link != NULL; link = link->next) {
        const GmqUser *user   = link->data;
        g_autofree char *hash = gmq_user_password_hash(user);
        GmqSlice limits =
            gmq_snapshot_keep_limits(snapshot, user->limits, GMQ_N_USER_LIMITS, limit_name);
        GmqUserView view = {
            .name          = gmq_snapshot_keep(snapshot, user->name),
            .tags          = gmq_snapshot_keep_tags(snapshot, user->tags),
            .password_hash = gmq_snapshot_keep(snapshot, gmq_slice_of(hash)),
            .limits        = limits,
            .has_limits    = limits.size > 0,
        };
        g_array_append_val(snapshot->rows, view);
    }
    return snapshot;
}

/* ---- what they may do ---- */

static GmqSlice
keep_text(GmqSnapshot *snapshot, const char *text)
{
    return gmq_snapshot_keep(snapshot, gmq_slice_of(text));
}

static bool
is_wanted(const GmqVhost *vhost, GmqSlice only)
{
    return only.data == NULL || gmq_slice_equal(vhost->name, only);
}

static void
add_permissions(GmqSnapshot *snapshot, const GmqUser *user, GmqSlice only)
{
    GmqSlice name = gmq_snapshot_keep(snapshot, user->name);

    for (const GList *link = user->permissions.head; link != NULL; link = link->next) {
        const GmqPermission *permission = link->data;
        const GmqPattern *patterns      = permission->patterns;
        GmqPermissionView view          = {
                     .user      = name,
                     .vhost     = gmq_snapshot_keep(snapshot, permission->vhost->name),
                     .configure = keep_text(snapshot, patterns[GMQ_ACCESS_CONFIGURE].text),
                     .write     = keep_text(snapshot, patterns[GMQ_ACCESS_WRITE].text),
                     .read      = keep_text(snapshot, patterns[GMQ_ACCESS_READ].text),
        };
        if (is_wanted(permission->vhost, only))
            g_array_append_val(snapshot->rows, view);
    }
}

static void
add_topic_permissions(GmqSnapshot *snapshot, const GmqUser *user, GmqSlice only)
{
    GmqSlice name = gmq_snapshot_keep(snapshot, user->name);

    for (const GList *link = user->topic_permissions.head; link != NULL; link = link->next) {
        const GmqTopicPermission *permission = link->data;
        GmqPermissionView view               = {
                          .user     = name,
                          .vhost    = gmq_snapshot_keep(snapshot, permission->vhost->name),
                          .exchange = gmq_snapshot_keep(snapshot, permission->exchange),
                          .write    = keep_text(snapshot, permission->write),
                          .read     = keep_text(snapshot, permission->read),
        };
        if (is_wanted(permission->vhost, only))
            g_array_append_val(snapshot->rows, view);
    }
}

static GmqSnapshot *
of_users(const GmqBroker *broker, GmqSlice vhost,
         void (*add)(GmqSnapshot *snapshot, const GmqUser *user, GmqSlice only))
{
    GmqSnapshot *snapshot = gmq_snapshot_new(sizeof(GmqPermissionView));

    for (const GList *link = gmq_broker_users(broker)->head; link != NULL; link = link->next)
        add(snapshot, link->data, vhost);
    return snapshot;
}

GmqSnapshot *
gmq_snapshot_permissions(const GmqBroker *broker, GmqSlice vhost)
{
    return of_users(broker, vhost, add_permissions);
}

GmqSnapshot *
gmq_snapshot_topic_permissions(const GmqBroker *broker, GmqSlice vhost)
{
    return of_users(broker, vhost, add_topic_permissions);
}
