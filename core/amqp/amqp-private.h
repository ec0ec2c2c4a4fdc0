/* amqp-private.h - the set of connections, as the files of this folder see it. */
#pragma once

#include "core/amqp/amqp.h"
#include "core/amqp/output.h"
#include "core/broker/route.h"

G_BEGIN_DECLS

struct GmqAmqp {
    GmqBroker *broker;
    GmqHost *host;
    GmqAmqpConfig config;
    GQueue connections; /* of GmqConnection; intrusive */
    GQueue dirty;       /* of GmqConnection to write at the end of the turn; intrusive */
    int64_t wake_ns;    /* what the host was asked for */
    GmqBlockPool blocks;
    GmqRoute route;        /* scratch for publishing */
    GmqBuffer scratch;     /* for encoding one method */
    GHashTable *reply_tos; /* of GmqReplyTo by address; for look-up only */
    bool is_stopping;
};

G_END_DECLS
