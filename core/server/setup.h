/* setup.h - what a broker begins with: its limits, its virtual host, its users. */
#pragma once

#include "core/broker/broker.h"
#include "core/server/config.h"

G_BEGIN_DECLS

/* Habits and limits, which every start takes from the configuration; before the broker's storage is
 * opened. False with an error, a sentence without its full stop. */
bool gmq_setup_limits(GmqBroker *broker, const GmqConfig *config, GError **error);

/* What a broker that has nothing yet begins with: the default virtual host, what the users file
 * says, and the default user unless that names users. */
bool gmq_setup_content(GmqBroker *broker, const GmqConfig *config, GError **error);

G_END_DECLS
