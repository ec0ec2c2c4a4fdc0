/* definition.h - what is durable in the broker, as definitions of its journal (AMQP.md 26.1).
 *
 * A definition is the inside of a field table with the key "type": a virtual host, a user, a
 * permission, a policy, an exchange, a queue, a binding. One is written whenever such a thing is
 * made, changed or deleted, and the thing is made again from it when the journal is opened:
 *
 *     gmq_definitions_begin(broker);            there is a journal: it says what is there
 *     gmq_definition_apply(broker, id, table);  ... for each definition, in the order of ids
 *     gmq_definitions_find_queue(broker, 7);    ... for each copy of a message
 *     gmq_definitions_end(broker);
 *
 * Everything that is written stands in its own record; what can change later stands in a record of
 * its own beside what it belongs to, such as the password of a user. So the order of ids is that of
 * creation, and what needs another thing comes behind it; permissions, which change as a whole, are
 * numbered. Changing writes a new record first and drops the old one then. When a crash comes
 * between, both are found: the later one counts. What is deleted goes behind all that needs it;
 * what is found without the thing it needs is the rest of a deletion that a crash cut short, and
 * is deleted too. */
#pragma once

#include "core/broker/broker.h"

G_BEGIN_DECLS

typedef struct GmqBinding GmqBinding;
typedef struct GmqPermission GmqPermission;
typedef struct GmqPolicy GmqPolicy;
typedef struct GmqTopicPermission GmqTopicPermission;

/* ---- for the storage ---- */

/* Empties the broker. Until the end nothing is written and nobody gets notices; the glass sees what
 * is declared and bound, as ever. */
void gmq_definitions_begin(GmqBroker *broker);

/* Makes what the table describes. False with an error that names the id and what is wrong with it:
 * then the broker is of no use. */
bool gmq_definition_apply(GmqBroker *broker, uint64_t id, GmqSlice table, GError **error);

/* The queue of that number, lent; NULL without one. Between begin and end only. */
GmqQueue *gmq_definitions_find_queue(const GmqBroker *broker, uint32_t number);

/* The highest number of a queue that was found; 0: none. Between begin and end only. */
uint32_t gmq_definitions_queue_number_max(const GmqBroker *broker);

/* Whether all is there that a broker begins with; if not, a crash cut its first start short.
 * Between begin and end only. */
bool gmq_definitions_are_whole(const GmqBroker *broker);

/* Drops the definitions that do not count any more, so the journal must be open. Returns how many
 * were left from a deletion or a change that a crash cut short. If they were not whole, the
 * broker is as a new one afterwards, and that is written. */
unsigned gmq_definitions_end(GmqBroker *broker);

/* Writes all that is durable in the broker, for a new journal. */
void gmq_definitions_write_all(GmqBroker *broker);

/* ---- for what is durable ---- */

/* It was made or has changed: writes its definition, in place of the one before. All do nothing in
 * a broker without a storage, and for what is not durable. */
void gmq_definition_keep_vhost(GmqVhost *vhost);
void gmq_definition_keep_vhost_settings(GmqVhost *vhost); /* description, tags, limits */
void gmq_definition_keep_user(GmqUser *user);
void gmq_definition_keep_user_settings(GmqUser *user); /* password, tags, limits */
void gmq_definition_keep_permission(const GmqUser *user, GmqPermission *permission);
void gmq_definition_keep_topic_permission(const GmqUser *user, GmqTopicPermission *permission);
void gmq_definition_keep_policy(const GmqVhost *vhost, GmqPolicy *policy);
void gmq_definition_keep_exchange(GmqExchange *exchange);
void gmq_definition_keep_queue(GmqQueue *queue); /* gives it its number too */
void gmq_definition_keep_binding(GmqBinding *binding);

/* It is deleted: drops its record, if it has one. */
void gmq_definition_drop(GmqBroker *broker, uint64_t *record);
void gmq_definition_drop_queue(GmqQueue *queue);

G_END_DECLS
