/* make-broker.h - a real broker for one check: a child process on a free loopback port, which keeps
 * nothing and ends with us. */
#pragma once

#include <gio/gio.h>

#include "sim/broker-url.h"

G_BEGIN_DECLS

typedef struct GmqMakeBroker GmqMakeBroker;

/* Starts it and waits until it listens. NULL with a sentence when it does not. */
GmqMakeBroker *gmq_make_broker_new(unsigned heartbeat_s, GError **error);

/* Ends it. */
void gmq_make_broker_free(GmqMakeBroker *broker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqMakeBroker, gmq_make_broker_free)

/* Where it listens; lent. */
const GmqBrokerUrl *gmq_make_broker_url(const GmqMakeBroker *broker);

G_END_DECLS
