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
    unsigned alarms;       /* of the broker, as far as the connections know */
    GQueue held;       /* of GmqConnection that wait for them to pass, see blocking.h; intrusive */
    GQueue at_gate;    /* of GmqConnection whose answers wait for the disk, see gate.h; intrusive */
    GmqTimer ack_look; /* see ack-timeout.h */
    uint32_t ack_looks; /* how often it fired */
    bool is_stopping;
};

G_END_DECLS
