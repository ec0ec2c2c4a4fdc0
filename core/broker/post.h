/* post.h - messages that the broker itself publishes: notices of what happens (AMQP.md 27.2) and
 * copies for the firehose (27.1).
 *
 * The reason for one may come up in the middle of anything, so it only joins a line here; the
 * broker publishes the line, in order, when it dispatches. */
#pragma once

#include "core/broker/route.h"

G_BEGIN_DECLS

typedef struct GmqPosts GmqPosts;

GmqPosts *gmq_posts_new(GmqHost *host);
void gmq_posts_free(GmqPosts *posts);

/* Puts a message in line for an exchange of the virtual host; takes over the reference. An exchange
 * that is gone when it is the message's turn loses it. */
void gmq_posts_add(GmqPosts *posts, GmqVhost *vhost, GmqMessage *message);

/* The virtual host goes, and what is in line for it. */
void gmq_posts_forget(GmqPosts *posts, const GmqVhost *vhost);

/* Publishes what is in line. Returns whether there was anything. */
bool gmq_posts_publish(GmqPosts *posts);

G_END_DECLS
