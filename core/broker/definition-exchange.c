/* Definitions of durable exchanges. Those that are predeclared come with their virtual host. */
#include "core/broker/definition-private.h"
#include "core/broker/error.h"
#include "core/broker/vhost.h"

typedef struct {
    GmqSlice vhost;
    GmqExchangeSpec spec;
} Words;

static const GmqKey keys[] = {
    {"vhost", GMQ_KEY_NAME, offsetof(Words, vhost)},
    {"name", GMQ_KEY_NAME, offsetof(Words, spec.name)},
    {"exchange_type", GMQ_KEY_NAME, offsetof(Words, spec.type)},
    {"auto_delete", GMQ_KEY_FLAG, offsetof(Words, spec.is_auto_delete)},
    {"internal", GMQ_KEY_FLAG, offsetof(Words, spec.is_internal)},
    {"arguments", GMQ_KEY_TABLE, offsetof(Words, spec.arguments)},
    {0},
};

void
gmq_definition_keep_exchange(GmqExchange *exchange)
{
    const Words words = {
        .vhost = exchange->vhost->name,
        .spec  = {.name           = exchange->name,
                  .type           = gmq_slice_of(exchange->type->name),
                  .is_auto_delete = exchange->is_auto_delete,
                  .is_internal    = exchange->is_internal,
                  .arguments      = exchange->arguments},
    };

    if (exchange->is_durable && !exchange->is_predeclared)
        gmq_definition_put(exchange->vhost->broker, &exchange->record, &gmq_definition_exchange,
                           &words);
}

/* One of that name that is there was deleted before. */
static bool
apply(GmqBroker *broker, const void *values, GError **error)
{
    const Words *words   = values;
    GmqExchangeSpec spec = words->spec;
    GmqFault fault       = {0};
    GmqVhost *vhost      = gmq_broker_need_vhost(broker, words->vhost, error);

    if (vhost == NULL)
        return false;
    spec.is_durable = true;
    if (gmq_vhost_delete_exchange(vhost, spec.name, false, &fault) &&
        gmq_vhost_declare_exchange(vhost, &spec, &fault) != NULL)
        return true;
    g_set_error_literal(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID, fault.text);
    return false;
}

const GmqDefinitionType gmq_definition_exchange = {"exchange", keys, sizeof(Words), apply};
