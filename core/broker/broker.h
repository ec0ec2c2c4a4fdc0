/* broker.h - the broker as a whole: its users and virtual hosts.
 *
 * It knows no connection. Protocols hang on it from above and drive it: they declare, bind,
 * publish and consume, and hand messages to it that it hands to consumers. */
#pragma once

#include "core/base/host.h"
#include "core/broker/alarm.h"
#include "core/broker/message.h"
#include "core/broker/profile.h"
#include "core/broker/timer.h"

G_BEGIN_DECLS

typedef struct GmqVhost GmqVhost;
typedef struct GmqUser GmqUser;

/* Returns a broker with the virtual host "/" and its predeclared exchanges, and the user guest
 * with password guest, an administrator who may do everything in "/" and may log in from loopback
 * only. The host is lent and must outlive it. */
GmqBroker *gmq_broker_new(GmqHost *host);
void gmq_broker_free(GmqBroker *broker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqBroker, gmq_broker_free)

GmqHost *gmq_broker_host(const GmqBroker *broker);

/* Whose habits are followed; gmq_profile_default until another is set, which is to happen before
 * anything is done with the broker. */
void gmq_broker_set_profile(GmqBroker *broker, const GmqProfile *profile);
const GmqProfile *gmq_broker_profile(const GmqBroker *broker);

/* How many bytes messages may hold before publishers wait (24); 0: no limit. */
void gmq_broker_set_memory_limit(GmqBroker *broker, uint64_t bytes);
uint64_t gmq_broker_memory_limit(const GmqBroker *broker);

/* How many bytes the messages that were published hold now, with what those cost in memory that are
 * on the disk. */
uint64_t gmq_broker_memory_held(const GmqBroker *broker);

/* Sets an alarm or clears it. That of memory is the broker's own business. */
void gmq_broker_set_alarm(GmqBroker *broker, GmqAlarm alarm, bool on);

/* GMQ_ALARM_BIT of each alarm that is on. */
unsigned gmq_broker_alarms(const GmqBroker *broker);

/* ---- virtual hosts ---- */

/* All of them, in order of creation: a list of GmqVhost to walk by its links. */
const GQueue *gmq_broker_vhosts(const GmqBroker *broker);

/* The virtual host of that name, NULL without one; need_ also says so. */
GmqVhost *gmq_broker_find_vhost(const GmqBroker *broker, GmqSlice name);
GmqVhost *gmq_broker_need_vhost(const GmqBroker *broker, GmqSlice name, GError **error);

/* Makes a virtual host with its predeclared exchanges, which nobody may enter yet. NULL with an
 * error for a name that is taken, empty, no UTF-8, longer than a shortstr, or has a 0 in it. */
GmqVhost *gmq_broker_add_vhost(GmqBroker *broker, GmqSlice name, GError **error);

/* Closes its connections with 320 and frees it with all its exchanges, queues and messages, and
 * with the permissions that concern it. False with an error when there is none. */
bool gmq_broker_remove_vhost(GmqBroker *broker, GmqSlice name, GError **error);

/* ---- users (user.h) ---- */

/* All of them, in order of creation: a list of GmqUser to walk by its links. */
const GQueue *gmq_broker_users(const GmqBroker *broker);

/* The user of that name, NULL without one; need_ also says so. */
GmqUser *gmq_broker_find_user(const GmqBroker *broker, GmqSlice name);
GmqUser *gmq_broker_need_user(const GmqBroker *broker, GmqSlice name, GError **error);

/* Makes a user without password, tags, limits and permissions. One who is called guest may log in
 * from loopback only, as everybody knows that name. NULL with an error, as above. */
GmqUser *gmq_broker_add_user(GmqBroker *broker, GmqSlice name, GError **error);

/* Closes the user's connections with 320 and frees him with his permissions. False with an error
 * when there is none. */
bool gmq_broker_remove_user(GmqBroker *broker, GmqSlice name, GError **error);

/* The user, when there is one of that name, the password is right, and he may come from there;
 * else NULL. Lent. */
GmqUser *gmq_broker_authenticate(const GmqBroker *broker, GmqSlice user, GmqSlice password,
                                 bool from_loopback);

/* ---- connections of all protocols (session.h) ---- */

/* How many may be open at once; negative, as it is at first: no limit. */
void gmq_broker_set_connections_max(GmqBroker *broker, int64_t connections_max);

/* How many are. */
unsigned gmq_broker_connection_count(const GmqBroker *broker);

/* ---- for the parts of the broker ---- */

typedef struct GmqQueue GmqQueue;
typedef struct GmqDeadLetters GmqDeadLetters;
typedef struct GmqPosts GmqPosts;
typedef struct GmqExchange GmqExchange;
typedef struct GmqRestoring GmqRestoring;

/* Forgets all users and virtual hosts without a trace; none may have a connection. And gives an
 * empty broker what a new one has. */
void gmq_broker_clear(GmqBroker *broker);
void gmq_broker_furnish(GmqBroker *broker);

/* What is going on while definitions are applied (definition.h); NULL at any other time. Setting
 * gives it to the broker. */
GmqRestoring *gmq_broker_restoring(const GmqBroker *broker);
void gmq_broker_set_restoring(GmqBroker *broker, GmqRestoring *restoring);

/* The timers of everything in the broker; the host's one timer follows the next of them. */
GmqTimers *gmq_broker_timers(GmqBroker *broker);

/* The line of messages that died. */
GmqDeadLetters *gmq_broker_dead_letters(GmqBroker *broker);

/* The line of messages that the broker itself publishes. */
GmqPosts *gmq_broker_posts(GmqBroker *broker);

/* The exchange that notices go to (notice.h), lent; NULL while its virtual host is not there. */
GmqExchange *gmq_broker_notices(const GmqBroker *broker);
void gmq_broker_set_notices(GmqBroker *broker, GmqExchange *exchange);

/* A message is published: it gets its number, 1, 2, 3 ..., and its bytes count from now on. */
void gmq_broker_admit(GmqBroker *broker, GmqMessage *message);

/* The bytes of a message that is numbered already count from now on. */
void gmq_broker_charge(GmqBroker *broker, GmqMessage *message);

/* Numbers go on above that one. */
void gmq_broker_number_from(GmqBroker *broker, uint64_t number);

/* The alarms themselves, for the functions above that are about them. */
GmqAlarms *gmq_broker_watchers(const GmqBroker *broker);

/* What messages that are on the disk cost in memory. */
void gmq_broker_set_memory_out(GmqBroker *broker, uint64_t bytes);

/* Compares what messages hold with the limit: once per turn. */
void gmq_broker_watch_memory(GmqBroker *broker);

/* Puts the queue in line for gmq_broker_dispatch(), and takes it out again. */
void gmq_broker_line_up(GmqBroker *broker, GmqQueue *queue);
void gmq_broker_step_out(GmqBroker *broker, GmqQueue *queue);

/* The limit, and one session more or less. */
int64_t gmq_broker_connections_max(const GmqBroker *broker);
void gmq_broker_count_connection(GmqBroker *broker, int change);

/* Publishes the messages that died and the broker's own, and hands out those of all queues in line,
 * in the order they came, until nothing is left to do. */
void gmq_broker_dispatch(GmqBroker *broker);

G_END_DECLS
