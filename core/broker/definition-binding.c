/* Definitions of bindings between durable ends. */
#include "core/base/site.h"
#include "core/broker/definition-private.h"
#include "core/broker/error.h"
#include "core/broker/vhost.h"

typedef struct {
    GmqSlice vhost;
    GmqSlice target_type;
    GmqBindingSpec spec;
} Words;

static const GmqKey keys[] = {
    {"vhost", GMQ_KEY_NAME, offsetof(Words, vhost)},
    {"source", GMQ_KEY_NAME, offsetof(Words, spec.source)},
    {"destination", GMQ_KEY_NAME, offsetof(Words, spec.target)},
    {"destination_type", GMQ_KEY_NAME, offsetof(Words, target_type)},
    {"routing_key", GMQ_KEY_NAME, offsetof(Words, spec.key)},
    {"arguments", GMQ_KEY_TABLE, offsetof(Words, spec.arguments)},
    {0},
};

static bool
is_durable(const GmqBinding *binding)
{
    return binding->source->is_durable &&
           (binding->queue != NULL ? binding->queue->is_durable : binding->exchange->is_durable);
}

void
gmq_definition_keep_binding(GmqBinding *binding)
{
    const GmqVhost *vhost = binding->source->vhost;
    const Words words     = {
            .vhost       = vhost->name,
            .target_type = gmq_slice_of(gmq_binding_target_type(binding)),
            .spec        = {.source    = binding->source->name,
                            .target    = gmq_binding_target(binding),
                            .key       = binding->key,
                            .arguments = binding->arguments},
    };

    if (is_durable(binding) && !GMQ_BUG(vhost->host, BINDING_FORGOTTEN))
        gmq_definition_put(vhost->broker, &binding->record, &gmq_definition_binding, &words);
}

static bool
refuse_missing(const GmqBindingSpec *spec, const char *what, GmqSlice name, GError **error)
{
    (void)spec;
    g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_MISSING, "there is no %s '%.*s'", what,
                (int)name.size, name.data);
    return false;
}

static bool
check_ends(const GmqVhost *vhost, const GmqBindingSpec *spec, GError **error)
{
    if (gmq_vhost_find_exchange(vhost, spec->source) == NULL)
        return refuse_missing(spec, "exchange", spec->source, error);
    if (spec->to_queue)
        return gmq_vhost_find_queue(vhost, spec->target) != NULL ||
               refuse_missing(spec, "queue", spec->target, error);
    return gmq_vhost_find_exchange(vhost, spec->target) != NULL ||
           refuse_missing(spec, "exchange", spec->target, error);
}

static bool
read_target_type(GmqSlice word, bool *to_queue, GError **error)
{
    *to_queue = gmq_slice_equal(word, GMQ_SLICE("queue"));
    if (*to_queue || gmq_slice_equal(word, GMQ_SLICE("exchange")))
        return true;
    g_set_error_literal(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                        "key 'destination_type' is neither queue nor exchange");
    return false;
}

/* The same binding that is there was removed and made again: it goes on under the new id. */
static bool
apply(GmqBroker *broker, const void *values, GError **error)
{
    const Words *words  = values;
    GmqBindingSpec spec = words->spec;
    GmqFault fault      = {0};
    GmqVhost *vhost     = gmq_broker_need_vhost(broker, words->vhost, error);

    if (vhost == NULL || !read_target_type(words->target_type, &spec.to_queue, error) ||
        !check_ends(vhost, &spec, error))
        return false;

    GmqBinding *binding = gmq_vhost_find_binding(vhost, &spec);
    if (binding != NULL) {
        gmq_definition_keep_binding(binding);
        return true;
    }
    if (gmq_vhost_bind(vhost, &spec, &fault))
        return true;
    g_set_error_literal(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID, fault.text);
    return false;
}

const GmqDefinitionType gmq_definition_binding = {"binding", keys, sizeof(Words), apply};
