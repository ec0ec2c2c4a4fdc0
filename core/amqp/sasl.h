/* sasl.h - the two ways to log in: PLAIN and AMQPLAIN (AMQP.md 2.5). */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* As connection.start offers them. */
#define GMQ_SASL_MECHANISMS "PLAIN AMQPLAIN"

typedef enum {
    GMQ_SASL_READ,      /* user and password are filled, lent from the response */
    GMQ_SASL_UNKNOWN,   /* no such mechanism was offered */
    GMQ_SASL_MALFORMED, /* the response is not one of that mechanism */
} GmqSaslStatus;

GmqSaslStatus gmq_sasl_read(GmqSlice mechanism, GmqSlice response, GmqSlice *user,
                            GmqSlice *password);

G_END_DECLS
