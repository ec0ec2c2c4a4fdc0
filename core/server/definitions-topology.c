/* Reading definitions: exchanges, queues, bindings. What is there already stays as it is. */
#include "core/server/definitions-private.h"

#define RESERVED_PREFIX "amq."

static GmqVhost *
find_vhost(const GmqImport *import, const char *name)
{
    return gmq_broker_find_vhost(import->broker, gmq_slice_of(name));
}

static GmqTaken
refuse_fault(const GmqItem *item, const GmqFault *fault)
{
    gmq_item_refuse(item, NULL, "%s", fault->text);
    return GMQ_REFUSED;
}

static bool
has_exchange(const GmqImport *import, const char *vhost, const char *name)
{
    const GmqVhost *there = find_vhost(import, vhost);

    return gmq_import_expects(import, "exchange", vhost, name) ||
           (there != NULL && gmq_vhost_find_exchange(there, gmq_slice_of(name)) != NULL);
}

static bool
has_queue(const GmqImport *import, const char *vhost, const char *name)
{
    const GmqVhost *there = find_vhost(import, vhost);

    return gmq_import_expects(import, "queue", vhost, name) ||
           (there != NULL && gmq_vhost_find_queue(there, gmq_slice_of(name)) != NULL);
}

/* Nobody but the broker makes what is called so; predeclared exchanges are everywhere. */
static bool
is_reserved(const char *name)
{
    return name[0] == '\0' || g_str_has_prefix(name, RESERVED_PREFIX);
}

/* ---- exchanges ---- */

GmqTaken
gmq_take_exchange(GmqImport *import, const GmqItem *item)
{
    g_auto(GmqBuffer) arguments = {0};
    GmqExchangeSpec spec        = {0};
    GmqFault fault              = {0};
    const char *vhost;
    const char *name;
    const char *type;

    if (!gmq_import_vhost(import, item, &vhost) || !gmq_item_name(item, "name", NULL, &name) ||
        !gmq_item_text(item, "type", NULL, &type) ||
        !gmq_item_bool(item, "durable", true, &spec.is_durable) ||
        !gmq_item_bool(item, "auto_delete", false, &spec.is_auto_delete) ||
        !gmq_item_bool(item, "internal", false, &spec.is_internal) ||
        !gmq_item_table(item, "arguments", &arguments))
        return GMQ_REFUSED;
    if (is_reserved(name))
        return GMQ_IGNORED;
    if (gmq_exchange_type_find(gmq_slice_of(type)) == NULL) {
        gmq_item_refuse(item, "type", "there is no type '%s'", type);
        return GMQ_REFUSED;
    }
    if (import->is_check) {
        gmq_import_remember(import, "exchange", vhost, name);
        return GMQ_TAKEN;
    }

    GmqVhost *there = find_vhost(import, vhost);
    spec.name       = gmq_slice_of(name);
    spec.type       = gmq_slice_of(type);
    spec.arguments  = gmq_buffer_slice(&arguments);
    if (gmq_vhost_find_exchange(there, spec.name) != NULL ||
        gmq_vhost_declare_exchange(there, &spec, &fault) != NULL)
        return GMQ_TAKEN;
    return refuse_fault(item, &fault);
}

/* ---- queues ---- */

/* Whether the arguments are fine; the virtual host may be still to come, and is only named. */
static bool
check_arguments(const GmqItem *item, const char *vhost, const char *name, GmqSlice arguments)
{
    const GmqVhost named = {.name = gmq_slice_of(vhost)};
    GmqQueueSettings settings;
    GmqFault fault = {0};

    return gmq_queue_arguments_read(&named, gmq_slice_of(name), arguments, &settings, &fault) ||
           gmq_item_refuse(item, "arguments", "%s", fault.text);
}

GmqTaken
gmq_take_queue(GmqImport *import, const GmqItem *item)
{
    g_auto(GmqBuffer) arguments = {0};
    GmqQueueSpec spec           = {0};
    GmqFault fault              = {0};
    const char *vhost;
    const char *name;

    if (!gmq_import_vhost(import, item, &vhost) || !gmq_item_name(item, "name", NULL, &name) ||
        !gmq_item_bool(item, "durable", true, &spec.is_durable) ||
        !gmq_item_bool(item, "auto_delete", false, &spec.is_auto_delete) ||
        !gmq_item_table(item, "arguments", &arguments) ||
        !check_arguments(item, vhost, name, gmq_buffer_slice(&arguments)))
        return GMQ_REFUSED;
    if (is_reserved(name))
        return GMQ_IGNORED;
    if (import->is_check) {
        gmq_import_remember(import, "queue", vhost, name);
        return GMQ_TAKEN;
    }

    GmqVhost *there = find_vhost(import, vhost);
    spec.name       = gmq_slice_of(name);
    spec.arguments  = gmq_buffer_slice(&arguments);
    if (gmq_vhost_find_queue(there, spec.name) != NULL ||
        gmq_vhost_declare_queue(there, &spec, &fault) != NULL)
        return GMQ_TAKEN;
    return refuse_fault(item, &fault);
}

/* ---- bindings ---- */

/* RabbitMQ also writes bindings of what it leaves out: exclusive queues, internal exchanges. */
GmqTaken
gmq_take_binding(GmqImport *import, const GmqItem *item)
{
    g_auto(GmqBuffer) arguments = {0};
    GmqFault fault              = {0};
    const char *vhost;
    const char *source;
    const char *target;
    const char *kind;
    const char *key;

    if (!gmq_import_vhost(import, item, &vhost) || !gmq_item_name(item, "source", NULL, &source) ||
        !gmq_item_name(item, "destination", NULL, &target) ||
        !gmq_item_text(item, "destination_type", "queue", &kind) ||
        !gmq_item_name(item, "routing_key", "", &key) ||
        !gmq_item_table(item, "arguments", &arguments))
        return GMQ_REFUSED;

    bool to_queue = g_strcmp0(kind, "queue") == 0;
    if (!to_queue && g_strcmp0(kind, "exchange") != 0) {
        gmq_item_refuse(item, "destination_type", "this should be queue or exchange");
        return GMQ_REFUSED;
    }
    bool has_target =
        to_queue ? has_queue(import, vhost, target) : has_exchange(import, vhost, target);
    bool is_predeclared = g_str_has_prefix(source, RESERVED_PREFIX) && import->is_check;
    if (source[0] == '\0' || !has_target ||
        (!is_predeclared && !has_exchange(import, vhost, source)))
        return GMQ_IGNORED;
    if (import->is_check)
        return GMQ_TAKEN;

    GmqBindingSpec spec = {
        .source    = gmq_slice_of(source),
        .target    = gmq_slice_of(target),
        .to_queue  = to_queue,
        .key       = gmq_slice_of(key),
        .arguments = gmq_buffer_slice(&arguments),
    };
    return gmq_vhost_bind(find_vhost(import, vhost), &spec, &fault) ? GMQ_TAKEN
                                                                    : refuse_fault(item, &fault);
}
