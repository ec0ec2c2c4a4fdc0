/* error.h - what is wrong with what a person asks of the broker: its users, virtual hosts,
 * permissions and limits. Messages are sentences without their full stop. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    GMQ_BROKER_ERROR_EXISTS,  /* there is one of that name already */
    GMQ_BROKER_ERROR_MISSING, /* there is none of that name */
    GMQ_BROKER_ERROR_INVALID, /* what was given can never be right */
} GmqBrokerError;

#define GMQ_BROKER_ERROR (gmq_broker_error_quark())
GQuark gmq_broker_error_quark(void);

G_END_DECLS
