/* served.h - a broker as glassmq serve has it, for whoever has it do again what was recorded. */
#pragma once

#include "core/amqp/amqp.h"

G_BEGIN_DECLS

typedef struct GmqConfig GmqConfig;

typedef struct GmqServed GmqServed;

/* The settings as a recording holds them: the version of the program, a newline, and the
 * configuration. The caller frees them. */
char *gmq_served_settings(const GmqConfig *config);

/* A broker that begins as those say; users is what the users file held, NULL without one. The host
 * is lent. NULL with an error, a sentence without its full stop. */
GmqServed *gmq_served_new(GmqHost *host, GmqSlice settings, const GmqSlice *users, GError **error);
void gmq_served_free(GmqServed *served);

/* Both are lent. */
GmqBroker *gmq_served_broker(const GmqServed *served);
GmqAmqp *gmq_served_amqp(const GmqServed *served);

/* Does what a line of JSON asks for, as the control socket does; its answer is nobody's. */
void gmq_served_command(GmqServed *served, GmqSlice line);

G_END_DECLS
