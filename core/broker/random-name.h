/* random-name.h - the names that the server makes: of queues and consumers (AMQP.md 10.1, 14.1). */
#pragma once

#include "core/base/host.h"

G_BEGIN_DECLS

#define GMQ_RANDOM_NAME_SIZE 40

/* Writes the prefix and 22 characters of base64 for URLs, 132 random bits, into storage, and lends
 * it. The prefix has at most 16 bytes. */
GmqSlice gmq_random_name(GmqHost *host, const char *prefix, char storage[GMQ_RANDOM_NAME_SIZE]);

G_END_DECLS
