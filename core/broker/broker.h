/* broker.h - the broker as a whole: its users and virtual hosts.
 *
 * It knows no connection. Protocols hang on it from above and drive it: they declare, bind,
 * publish and consume, and hand messages to it that it hands to consumers. */
#pragma once

#include "core/base/host.h"
#include "core/broker/timer.h"

G_BEGIN_DECLS

typedef struct GmqBroker GmqBroker;
typedef struct GmqVhost GmqVhost;

/* Returns a broker with the virtual host "/" and its predeclared exchanges, and the user guest
 * with password guest, who may log in from loopback only. The host is lent and must outlive it. */
GmqBroker *gmq_broker_new(GmqHost *host);
void gmq_broker_free(GmqBroker *broker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqBroker, gmq_broker_free)

GmqHost *gmq_broker_host(const GmqBroker *broker);

/* The virtual host of that name, NULL without one. */
GmqVhost *gmq_broker_find_vhost(const GmqBroker *broker, GmqSlice name);

/* Whether the user exists, the password is right, and the user may come from there. */
bool gmq_broker_authenticate(const GmqBroker *broker, GmqSlice user, GmqSlice password,
                             bool from_loopback);

/* ---- for the parts of the broker ---- */

typedef struct GmqQueue GmqQueue;
typedef struct GmqDeadLetters GmqDeadLetters;
typedef struct GmqPosts GmqPosts;
typedef struct GmqExchange GmqExchange;

/* The timers of everything in the broker; the host's one timer follows the next of them. */
GmqTimers *gmq_broker_timers(GmqBroker *broker);

/* The line of messages that died. */
GmqDeadLetters *gmq_broker_dead_letters(GmqBroker *broker);

/* The line of messages that the broker itself publishes. */
GmqPosts *gmq_broker_posts(GmqBroker *broker);

/* The exchange that notices go to (notice.h), lent; NULL while its virtual host is not there. */
GmqExchange *gmq_broker_notices(const GmqBroker *broker);
void gmq_broker_set_notices(GmqBroker *broker, GmqExchange *exchange);

/* The number of the next message: 1, 2, 3 ... */
uint64_t gmq_broker_next_message(GmqBroker *broker);

/* Puts the queue in line for gmq_broker_dispatch(), and takes it out again. */
void gmq_broker_line_up(GmqBroker *broker, GmqQueue *queue);
void gmq_broker_step_out(GmqBroker *broker, GmqQueue *queue);

/* Publishes the messages that died and the broker's own, and hands out those of all queues in line,
 * in the order they came, until nothing is left to do. */
void gmq_broker_dispatch(GmqBroker *broker);

G_END_DECLS
