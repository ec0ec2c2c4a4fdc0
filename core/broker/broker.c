#include "core/broker/broker.h"

#include "core/broker/dead-letter.h"
#include "core/broker/post.h"
#include "core/broker/queue.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"

struct GmqBroker {
    GmqHost *host;
    GPtrArray *vhosts; /* of GmqVhost, in order of creation */
    GPtrArray *users;  /* of GmqUser, likewise */
    GQueue line;       /* of GmqQueue: those to dispatch; intrusive */
    GmqTimers timers;
    GmqDeadLetters *dead_letters;
    GmqPosts *posts;
    GmqExchange *notices; /* of the virtual host "/", or NULL */
    uint64_t messages;    /* numbered so far */
};

GmqBroker *
gmq_broker_new(GmqHost *host)
{
    GmqBroker *broker = g_new0(GmqBroker, 1);

    broker->host = host;
    gmq_timers_init(&broker->timers);
    broker->dead_letters = gmq_dead_letters_new(host);
    broker->posts        = gmq_posts_new(host);
    broker->vhosts       = g_ptr_array_new_with_free_func((GDestroyNotify)gmq_vhost_free);
    broker->users        = g_ptr_array_new_with_free_func((GDestroyNotify)gmq_user_free);
    g_ptr_array_add(broker->vhosts, gmq_vhost_new(broker, GMQ_SLICE("/")));
    g_ptr_array_add(broker->users,
                    gmq_user_new(host, GMQ_SLICE("guest"), GMQ_SLICE("guest"), true));
    return broker;
}

void
gmq_broker_free(GmqBroker *broker)
{
    g_ptr_array_unref(broker->vhosts);
    g_ptr_array_unref(broker->users);
    gmq_dead_letters_free(broker->dead_letters);
    gmq_posts_free(broker->posts);
    gmq_timers_clear(&broker->timers);
    g_free(broker);
}

GmqHost *
gmq_broker_host(const GmqBroker *broker)
{
    return broker->host;
}

GmqVhost *
gmq_broker_find_vhost(const GmqBroker *broker, GmqSlice name)
{
    for (unsigned i = 0; i < broker->vhosts->len; i++) {
        GmqVhost *vhost = g_ptr_array_index(broker->vhosts, i);

        if (gmq_slice_equal(vhost->name, name))
            return vhost;
    }
    return NULL;
}

static const GmqUser *
find_user(const GmqBroker *broker, GmqSlice name)
{
    for (unsigned i = 0; i < broker->users->len; i++) {
        const GmqUser *user = g_ptr_array_index(broker->users, i);

        if (gmq_slice_equal(user->name, name))
            return user;
    }
    return NULL;
}

bool
gmq_broker_authenticate(const GmqBroker *broker, GmqSlice user, GmqSlice password,
                        bool from_loopback)
{
    const GmqUser *found = find_user(broker, user);

    return found != NULL && (from_loopback || !found->is_loopback_only) &&
           gmq_user_check_password(found, password);
}

GmqTimers *
gmq_broker_timers(GmqBroker *broker)
{
    return &broker->timers;
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

uint64_t
gmq_broker_next_message(GmqBroker *broker)
{
    return ++broker->messages;
}

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
