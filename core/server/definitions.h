/* definitions.h - what a broker is set up with, as the JSON that RabbitMQ writes and reads too.
 *
 * An object of lists: users, vhosts, permissions, topic_permissions, parameters (operator policies
 * and limits of virtual hosts are among them), policies, exchanges, queues, bindings (AMQP.md
 * 26.4). What is always there, or ends with a connection, is left out: predeclared exchanges, the
 * bindings of the default one, exclusive queues. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/broker/broker.h"
#include "core/server/json.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_DEFINITIONS_ERROR_WRONG,
} GmqDefinitionsError;

#define GMQ_DEFINITIONS_ERROR (gmq_definitions_error_quark())
GQuark gmq_definitions_error_quark(void);

/* What an import did. */
typedef struct {
    unsigned taken; /* items that are in the broker now, whether or not they were before */
    unsigned
        ignored; /* items that mean nothing here: bindings between what is not there, parameters
                         of plugins, queues with reserved names */
} GmqDefinitionsCount;

/* Puts the definitions as one value. */
void gmq_definitions_export(const GmqBroker *broker, GmqJson *json);

/* Adds what the document says to what is there: users, limits, permissions and policies are set
 * anew, exchanges and queues that are there stay as they are. vhost is for items that name none.
 * The whole document is checked first; false with an error that begins with the place in it,
 * "queues[3].name: ...", and nothing changed then. */
bool gmq_definitions_import(GmqBroker *broker, JsonNode *document, const char *vhost,
                            GmqDefinitionsCount *count, GError **error);

/* The same for a file. The error begins with its name. */
bool gmq_definitions_load(GmqBroker *broker, const char *path, const char *vhost, GError **error);

/* The same for what a file of that name held. */
bool gmq_definitions_load_text(GmqBroker *broker, const char *path, GmqSlice text,
                               const char *vhost, GError **error);

G_END_DECLS
