/* setup.h - what a broker holds when it begins: its virtual host, its users, its limits. */
#pragma once

#include "core/broker/broker.h"
#include "core/server/config.h"

G_BEGIN_DECLS

/* Sets up a new broker as the configuration says. The default user is made unless the users file
 * names users. False with an error, a sentence without its full stop. */
bool gmq_setup_broker(GmqBroker *broker, const GmqConfig *config, GError **error);

G_END_DECLS
