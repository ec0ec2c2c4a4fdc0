/* client-story.h - a run as its clients know it: what they sent, were told, got and finished.
 *
 * The same scenario on another broker, or on the real clock, has other times, other events inside
 * the broker, and another order of what different clients do at the same time. What each client
 * sees of it, one kind of thing after the other, is the same on every broker that does what AMQP
 * says. So this is what runs on different brokers are compared by. */
#pragma once

#include "sim/trace.h"

G_BEGIN_DECLS

/* Appends a line for each thing, client after client in the order of the scenario: "w1 received
 * p1-5 from tasks, again". */
void gmq_client_story_add(const GmqTrace *trace, GString *out);

/* The fingerprint of these lines. */
uint64_t gmq_client_story_hash(const GmqTrace *trace);

/* Writes them to a file. */
gboolean gmq_client_story_save(const GmqTrace *trace, const char *path, GError **error);

G_END_DECLS
