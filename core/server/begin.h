/* begin.h - how a broker begins: with what its configuration says, and with what it kept. */
#pragma once

#include "core/amqp/amqp.h"
#include "core/server/config.h"

G_BEGIN_DECLS

/* What AMQP clients are told, by a broker of that version, which is lent and lives on. */
GmqAmqpConfig gmq_begin_amqp(const GmqConfig *config, const char *version);

/* Gives the broker its limits and, when its host has a disk, what the directory of that path kept.
 * One that has nothing gets what it begins with first, so that it is written as one. False with an
 * error, a sentence without its full stop. */
bool gmq_begin_broker(GmqBroker *broker, const GmqConfig *config, const char *path, GError **error);

G_END_DECLS
