#include "core/broker/broker.h"

#include "core/base/limits.h"
#include "core/base/site.h"
#include "core/broker/dead-letter.h"
#include "core/broker/definition-private.h"
#include "core/broker/error.h"
#include "core/broker/notice.h"
#include "core/broker/permission.h"
#include "core/broker/post.h"
#include "core/broker/queue.h"
#include "core/broker/session.h"
#include "core/broker/storage-private.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"
#include "core/wire/utf8.h"

#define GUEST "guest"
#define FIRST "/"

struct GmqBroker {
    GmqHost *host;
    const GmqProfile *profile;
    GQueue vhosts;           /* of GmqVhost, in order of creation; intrusive */
    GQueue users;            /* of GmqUser, likewise */
    GHashTable *user_names;  /* of GmqSlice * (its name) to GmqUser; for look-up only */
    GHashTable *vhost_names; /* likewise to GmqVhost */
    GQueue line;             /* of GmqQueue: those to dispatch; intrusive */
    GmqTimers timers;
    GmqAlarms alarms;
    GmqDeadLetters *dead_letters;
    GmqPosts *posts;
    GmqStorage *storage;     /* NULL: nothing is kept */
    GmqRestoring *restoring; /* while definitions are applied; owned */
    GmqExchange *notices;    /* of the virtual host "/", or NULL */
    uint64_t messages;       /* numbered so far */
    int64_t connections_max;
    unsigned connection_count;
    bool has_told_first; /* of the virtual host "/" and what it has from the beginning */
};

/* ---- life ---- */

static GmqUser *
add_user(GmqBroker *broker, GmqSlice name)
{
    GmqUser *user = gmq_user_new(broker, name);

    user->is_loopback_only = gmq_slice_equal(name, GMQ_SLICE(GUEST));
    g_hash_table_insert(broker->user_names, &user->name, user);
    g_queue_push_tail_link(&broker->users, &user->link);
    gmq_definition_keep_user(user);
    return user;
}

/* A start makes "/" by itself and again as the journal says, which is one to those who look. */
static bool
tell_first(GmqBroker *broker, GmqSlice name)
{
    bool is_first = gmq_slice_equal(name, GMQ_SLICE(FIRST));
    bool is_told  = is_first && broker->has_told_first;

    broker->has_told_first |= is_first;
    return !is_told;
}

static GmqVhost *
add_vhost(GmqBroker *broker, GmqSlice name)
{
    GmqVhost *vhost = gmq_vhost_new(broker, name, tell_first(broker, name));

    g_hash_table_insert(broker->vhost_names, &vhost->name, vhost);
    g_queue_push_tail_link(&broker->vhosts, &vhost->link);
    gmq_definition_keep_vhost(vhost);
    return vhost;
}

void
gmq_broker_furnish(GmqBroker *broker)
{
    static const char *const tags[] = {GMQ_TAG_ADMINISTRATOR, NULL};
    GmqVhost *vhost                 = add_vhost(broker, GMQ_SLICE(FIRST));
    GmqUser *guest                  = add_user(broker, GMQ_SLICE(GUEST));
    bool is_permitted               = gmq_user_set_permission(guest, vhost, ".*", ".*", ".*", NULL);

    g_assert(is_permitted);
    gmq_user_set_password(guest, GMQ_SLICE(GUEST));
    gmq_user_set_tags(guest, tags);
}

GmqBroker *
gmq_broker_new(GmqHost *host)
{
    GmqBroker *broker = g_new0(GmqBroker, 1);

    broker->host    = host;
    broker->profile = gmq_profile_default;
    gmq_timers_init(&broker->timers);
    gmq_alarms_init(&broker->alarms, broker);
    broker->dead_letters    = gmq_dead_letters_new(host);
    broker->posts           = gmq_posts_new(host);
    broker->user_names      = g_hash_table_new(gmq_slice_hash, gmq_slice_same);
    broker->vhost_names     = g_hash_table_new(gmq_slice_hash, gmq_slice_same);
    broker->connections_max = -1;
    gmq_broker_furnish(broker);
    return broker;
}

static void
forget_user(GmqBroker *broker, GmqUser *user)
{
    g_hash_table_remove(broker->user_names, &user->name);
    g_queue_unlink(&broker->users, &user->link);
    gmq_user_free(user);
}

static void
forget_vhost(GmqBroker *broker, GmqVhost *vhost)
{
    for (GList *link = broker->users.head; link != NULL; link = link->next)
        gmq_user_forget_vhost(link->data, vhost);
    g_hash_table_remove(broker->vhost_names, &vhost->name);
    g_queue_unlink(&broker->vhosts, &vhost->link);
    gmq_vhost_free(vhost);
}

void
gmq_broker_clear(GmqBroker *broker)
{
    while (broker->users.length > 0)
        forget_user(broker, broker->users.head->data);
    while (broker->vhosts.length > 0)
        forget_vhost(broker, broker->vhosts.head->data);
}

/* The storage goes first: what the broker forgets now is not to be forgotten on the disk. */
void
gmq_broker_free(GmqBroker *broker)
{
    g_clear_pointer(&broker->storage, gmq_storage_free);
    gmq_broker_clear(broker);
    gmq_restoring_free(broker->restoring);
    g_hash_table_unref(broker->user_names);
    g_hash_table_unref(broker->vhost_names);
    gmq_dead_letters_free(broker->dead_letters);
    gmq_posts_free(broker->posts);
    gmq_alarms_clear(&broker->alarms);
    gmq_timers_clear(&broker->timers);
    g_free(broker);
}

GmqHost *
gmq_broker_host(const GmqBroker *broker)
{
    return broker->host;
}

void
gmq_broker_set_profile(GmqBroker *broker, const GmqProfile *profile)
{
    broker->profile = profile;
}

const GmqProfile *
gmq_broker_profile(const GmqBroker *broker)
{
    return broker->profile;
}

/* ---- names ---- */

/* A name that can be said on the wire and is not taken. */
static bool
check_new(const GHashTable *taken, const char *what, GmqSlice name, GError **error)
{
    if (name.size == 0) {
        g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID, "a %s needs a name", what);
        return false;
    }
    if (name.size > GMQ_SHORTSTR_MAX || !gmq_utf8_check(name) ||
        memchr(name.data, '\0', name.size) != NULL) {
        g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                    "the name of a %s is UTF-8 of at most %d bytes, none of them 0", what,
                    GMQ_SHORTSTR_MAX);
        return false;
    }
    if (g_hash_table_contains((GHashTable *)taken, &name)) {
        g_autofree char *text = gmq_slice_dup(name);
        g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_EXISTS, "%s '%s' exists already",
                    what, text);
        return false;
    }
    return true;
}

/* Whoever was found, or an error. */
static void *
need(void *found, const char *what, GmqSlice name, GError **error)
{
    if (found == NULL) {
        g_autofree char *text = gmq_slice_dup(name);
        g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_MISSING, "there is no %s '%s'", what,
                    text);
    }
    return found;
}

/* Closes all connections of one user, or in one virtual host, with RabbitMQ's words. */
static void
close_sessions(GQueue *sessions, const char *what, GmqSlice name, const char *fate)
{
    GmqFault fault = {0};

    gmq_fault_set(&fault, GMQ_REPLY_CONNECTION_FORCED, "%s '%.*s' is %s", what, (int)name.size,
                  name.data, fate);
    while (sessions->length > 0) {
        GmqSession *session = sessions->head->data;

        session->close(session, &fault);
        g_assert(session->user == NULL);
    }
}

/* ---- virtual hosts ---- */

const GQueue *
gmq_broker_vhosts(const GmqBroker *broker)
{
    return &broker->vhosts;
}

GmqVhost *
gmq_broker_find_vhost(const GmqBroker *broker, GmqSlice name)
{
    return g_hash_table_lookup(broker->vhost_names, &name);
}

GmqVhost *
gmq_broker_need_vhost(const GmqBroker *broker, GmqSlice name, GError **error)
{
    return need(gmq_broker_find_vhost(broker, name), "vhost", name, error);
}

GmqVhost *
gmq_broker_add_vhost(GmqBroker *broker, GmqSlice name, GError **error)
{
    if (!check_new(broker->vhost_names, "vhost", name, error))
        return NULL;
    gmq_notice_name(broker, "vhost.created", name, NULL);
    return add_vhost(broker, name);
}

bool
gmq_broker_remove_vhost(GmqBroker *broker, GmqSlice name, GError **error)
{
    GmqVhost *vhost = gmq_broker_need_vhost(broker, name, error);
    if (vhost == NULL)
        return false;

    broker->has_told_first &= !gmq_slice_equal(name, GMQ_SLICE(FIRST));
    gmq_notice_name(broker, "vhost.deleted", name, NULL);
    close_sessions(&vhost->sessions, "vhost", vhost->name, "down");
    gmq_dead_letters_forget_vhost(broker->dead_letters, vhost);
    forget_vhost(broker, vhost);
    return true;
}

/* ---- users ---- */

const GQueue *
gmq_broker_users(const GmqBroker *broker)
{
    return &broker->users;
}

GmqUser *
gmq_broker_find_user(const GmqBroker *broker, GmqSlice name)
{
    return g_hash_table_lookup(broker->user_names, &name);
}

GmqUser *
gmq_broker_need_user(const GmqBroker *broker, GmqSlice name, GError **error)
{
    return need(gmq_broker_find_user(broker, name), "user", name, error);
}

GmqUser *
gmq_broker_add_user(GmqBroker *broker, GmqSlice name, GError **error)
{
    if (!check_new(broker->user_names, "user", name, error))
        return NULL;
    gmq_notice_name(broker, "user.created", name, NULL);
    return add_user(broker, name);
}

bool
gmq_broker_remove_user(GmqBroker *broker, GmqSlice name, GError **error)
{
    GmqUser *user = gmq_broker_need_user(broker, name, error);
    if (user == NULL)
        return false;

    gmq_notice_name(broker, "user.deleted", name, NULL);
    close_sessions(&user->sessions, "user", user->name, "deleted");
    forget_user(broker, user);
    return true;
}

GmqUser *
gmq_broker_authenticate(const GmqBroker *broker, GmqSlice user, GmqSlice password,
                        bool from_loopback)
{
    GmqUser *found = gmq_broker_find_user(broker, user);

    if (found == NULL || (found->is_loopback_only && !from_loopback) ||
        !gmq_user_check_password(found, password))
        return NULL;
    return found;
}

/* ---- connections ---- */

void
gmq_broker_set_connections_max(GmqBroker *broker, int64_t connections_max)
{
    broker->connections_max = connections_max;
}

int64_t
gmq_broker_connections_max(const GmqBroker *broker)
{
    return broker->connections_max;
}

unsigned
gmq_broker_connection_count(const GmqBroker *broker)
{
    return broker->connection_count;
}

void
gmq_broker_count_connection(GmqBroker *broker, int change)
{
    g_assert(change > 0 || broker->connection_count > 0);
    broker->connection_count += (unsigned)change;
}

/* ---- the parts ---- */

GmqTimers *
gmq_broker_timers(GmqBroker *broker)
{
    return &broker->timers;
}

GmqRestoring *
gmq_broker_restoring(const GmqBroker *broker)
{
    return broker->restoring;
}

void
gmq_broker_set_restoring(GmqBroker *broker, GmqRestoring *restoring)
{
    broker->restoring = restoring;
}

GmqDeadLetters *
gmq_broker_dead_letters(GmqBroker *broker)
{
    return broker->dead_letters;
}

GmqPosts *
gmq_broker_posts(GmqBroker *broker)
{
    return broker->posts;
}

GmqExchange *
gmq_broker_notices(const GmqBroker *broker)
{
    return broker->notices;
}

void
gmq_broker_set_notices(GmqBroker *broker, GmqExchange *exchange)
{
    broker->notices = exchange;
}

void
gmq_broker_charge(GmqBroker *broker, GmqMessage *message)
{
    gmq_message_charge(message, &broker->alarms.held);
}

void
gmq_broker_admit(GmqBroker *broker, GmqMessage *message)
{
    message->number = ++broker->messages;
    if (message->charged == NULL)
        gmq_broker_charge(broker, message);
}

void
gmq_broker_number_from(GmqBroker *broker, uint64_t number)
{
    broker->messages = MAX(broker->messages, number);
}

GmqStorage *
gmq_broker_storage(const GmqBroker *broker)
{
    return broker->storage;
}

void
gmq_broker_set_storage(GmqBroker *broker, GmqStorage *storage)
{
    broker->storage = storage;
}

GmqAlarms *
gmq_broker_watchers(const GmqBroker *broker)
{
    return (GmqAlarms *)&broker->alarms;
}

/* ---- dispatch ---- */

void
gmq_broker_line_up(GmqBroker *broker, GmqQueue *queue)
{
    if (queue->is_queued)
        return;
    g_queue_push_tail_link(&broker->line, &queue->dispatch_link);
    queue->is_queued = true;
}

void
gmq_broker_step_out(GmqBroker *broker, GmqQueue *queue)
{
    if (!queue->is_queued)
        return;
    g_queue_unlink(&broker->line, &queue->dispatch_link);
    queue->is_queued = false;
}

static void
dispatch_line(GmqBroker *broker)
{
    while (broker->line.length > 0) {
        GmqQueue *queue = broker->line.head->data;

        gmq_broker_step_out(broker, queue);
        if (GMQ_SITE(broker->host, QUEUE_LATER))
            gmq_broker_line_up(broker, queue);
        else
            gmq_queue_dispatch(queue);
    }
}

void
gmq_broker_dispatch(GmqBroker *broker)
{
    do
        dispatch_line(broker);
    while (gmq_dead_letters_publish(broker->dead_letters) || gmq_posts_publish(broker->posts));
}
