#include "core/broker/post.h"

#include "core/broker/broker.h"
#include "core/broker/queue.h"
#include "core/broker/vhost.h"

typedef struct {
    GmqVhost *vhost;
    GmqMessage *message; /* owned */
} Post;

struct GmqPosts {
    GArray *line; /* of Post */
    GmqRoute route;
};

static void
clear_post(void *data)
{
    gmq_message_unref(((Post *)data)->message);
}

GmqPosts *
gmq_posts_new(GmqHost *host)
{
    GmqPosts *posts = g_new0(GmqPosts, 1);

    posts->line = g_array_new(FALSE, FALSE, sizeof(Post));
    g_array_set_clear_func(posts->line, clear_post);
    gmq_route_init(&posts->route, host);
    return posts;
}

void
gmq_posts_free(GmqPosts *posts)
{
    g_array_unref(posts->line);
    gmq_route_clear(&posts->route);
    g_free(posts);
}

void
gmq_posts_add(GmqPosts *posts, GmqVhost *vhost, GmqMessage *message)
{
    Post post = {vhost, message};

    g_array_append_val(posts->line, post);
}

void
gmq_posts_forget(GmqPosts *posts, const GmqVhost *vhost)
{
    for (unsigned i = posts->line->len; i > 0; i--) {
        if (g_array_index(posts->line, Post, i - 1).vhost == vhost)
            g_array_remove_index(posts->line, i - 1);
    }
}

static void
note_published(GmqHost *host, const GmqVhost *vhost, GmqMessage *message)
{
    if (gmq_host_is_unheard(host))
        return;
    message->event = (uint32_t)host->note(host, &(GmqEvent){.kind  = GMQ_EVENT_PUBLISHED,
                                                            .vhost = &vhost->name,
                                                            .who   = GMQ_SLICE("broker"),
                                                            .to    = gmq_message_exchange(message),
                                                            .key   = gmq_message_key(message),
                                                            .message = message->number,
                                                            .count   = message->body_size});
}

static void
publish(GmqPosts *posts, const Post *post)
{
    GmqRoute *route       = &posts->route;
    GmqMessage *message   = post->message;
    GmqExchange *exchange = gmq_vhost_find_exchange(post->vhost, gmq_message_exchange(message));
    GmqFault ignored;

    if (exchange == NULL)
        return;
    gmq_broker_admit(post->vhost->broker, message);
    note_published(route->host, post->vhost, message);
    if (gmq_route_message(route, exchange, message, &ignored))
        gmq_route_hand_out(route, message);
}

/* Publishing may add to the line and so move it. */
bool
gmq_posts_publish(GmqPosts *posts)
{
    if (posts->line->len == 0)
        return false;
    for (unsigned i = 0; i < posts->line->len; i++) {
        Post post = g_array_index(posts->line, Post, i);

        publish(posts, &post);
    }
    g_array_set_size(posts->line, 0);
    return true;
}
