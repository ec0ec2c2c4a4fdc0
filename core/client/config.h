/* config.h - who a client is and what it wants of the connection. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* What a client says that it understands (AMQP.md 2.5). */
typedef enum {
    GMQ_CLIENT_PUBLISHER_CONFIRMS           = 1 << 0,
    GMQ_CLIENT_BASIC_NACK                   = 1 << 1,
    GMQ_CLIENT_CONSUMER_CANCEL_NOTIFY       = 1 << 2,
    GMQ_CLIENT_CONNECTION_BLOCKED           = 1 << 3,
    GMQ_CLIENT_AUTHENTICATION_FAILURE_CLOSE = 1 << 4,
    GMQ_CLIENT_EXCHANGE_EXCHANGE_BINDINGS   = 1 << 5,
    GMQ_CLIENT_ALL_CAPABILITIES             = (1 << 6) - 1,
} GmqClientCapabilities;

typedef struct {
    const char *name; /* shown for the connection in listings; NULL: none */
    const char *user;
    const char *password;
    const char *vhost;
    unsigned capabilities; /* GmqClientCapabilities */
    uint16_t heartbeat_s;  /* at most the server's; 0: none */
    uint16_t channel_max;  /* at most the server's; 0: as many as the server lets */
    uint32_t frame_max;    /* bytes, at most the server's; 0: as large as the server lets */
    bool insists;          /* on its channel_max even above the server's, who may refuse that */
} GmqClientConfig;

#define GMQ_CLIENT_CONFIG_DEFAULT                                                                  \
    {                                                                                              \
        .name = NULL, .user = "guest", .password = "guest", .vhost = "/",                          \
        .capabilities = GMQ_CLIENT_ALL_CAPABILITIES, .heartbeat_s = 60, .channel_max = 0,          \
        .frame_max = 0, .insists = false,                                                          \
    }

G_END_DECLS
