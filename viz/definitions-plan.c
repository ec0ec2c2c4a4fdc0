#include "viz/definitions-plan.h"

#include <gio/gio.h>
#include <string.h>

#include "core/base/nearest.h"

typedef struct {
    JsonObject *root;
    GPtrArray *vhosts; /* of GmqVhostPlan, in order of the file */
} Plan;

bool
gmq_definitions_refuse(GError **error, const char *path, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s", path, why);
    return false;
}

/* ---- virtual hosts ---- */

void
gmq_vhost_plan_free(void *data)
{
    GmqVhostPlan *vhost = data;

    g_clear_pointer(&vhost->trace, gmq_trace_free);
    g_clear_pointer(&vhost->traits, gmq_traits_free);
    g_ptr_array_free(vhost->policies, TRUE);
    g_free(vhost);
}

static void
note(GmqVhostPlan *vhost, GmqEventKind kind, const char *who, const char *to, const char *key,
     const char *text, unsigned flags)
{
    GmqEvent event = {.kind  = kind,
                      .who   = gmq_slice_of(who),
                      .to    = gmq_slice_of(to),
                      .key   = gmq_slice_of(key),
                      .text  = gmq_slice_of(text),
                      .count = flags};

    gmq_trace_add(vhost->trace, &event, "");
}

/* With the exchanges that every virtual host has, and that no file names. */
static GmqVhostPlan *
vhost_new(const char *name)
{
    static const char *const predeclared[][2] = {
        {"", "direct"},
        {"amq.direct", "direct"},
        {"amq.fanout", "fanout"},
        {"amq.topic", "topic"},
        {"amq.headers", "headers"},
        {"amq.match", "headers"},
        {"amq.rabbitmq.trace", "topic"},
    };
    static const GmqTraceInfo nothing;
    GmqVhostPlan *vhost = g_new0(GmqVhostPlan, 1);

    vhost->name     = name;
    vhost->trace    = gmq_trace_new(&nothing);
    vhost->traits   = gmq_traits_new();
    vhost->policies = g_ptr_array_new_with_free_func(gmq_policy_plan_free);
    for (size_t i = 0; i < G_N_ELEMENTS(predeclared); i++)
        note(vhost, GMQ_EVENT_EXCHANGE_DECLARED, predeclared[i][0], "", "", predeclared[i][1],
             GMQ_FLAG_DURABLE);
    return vhost;
}

static GmqVhostPlan *
need_vhost(Plan *plan, const char *name)
{
    for (unsigned i = 0; i < plan->vhosts->len; i++) {
        GmqVhostPlan *vhost = plan->vhosts->pdata[i];
        if (strcmp(vhost->name, name) == 0)
            return vhost;
    }
    GmqVhostPlan *vhost = vhost_new(name);
    g_ptr_array_add(plan->vhosts, vhost);
    return vhost;
}

/* Where an export is of one virtual host alone, its objects do not name it. */
static bool
find_vhost(Plan *plan, const GmqDefinition *item, GmqVhostPlan **vhost, GError **error)
{
    const char *name = json_object_get_string_member_with_default(plan->root, "vhost_name", "/");

    if (!gmq_definition_text(item, "vhost", &name, error))
        return false;
    *vhost = need_vhost(plan, name);
    return true;
}

/* ---- the objects ---- */

static const char *const vhost_members[] = {
    "name",
    "description",
    "tags",
    "metadata",
    "default_queue_type",
    "limits",
    "cluster_state",
    "tracing",
    "protected_from_deletion",
    NULL,
};

static bool
read_vhost(Plan *plan, const GmqDefinition *item, GError **error)
{
    const char *name = NULL;

    if (!gmq_definition_text(item, "name", &name, error))
        return false;
    need_vhost(plan, name);
    return true;
}

static const char *const policy_members[] = {
    "vhost", "name", "pattern", "apply-to", "definition", "priority", NULL,
};

static bool
read_policy(Plan *plan, const GmqDefinition *item, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    const char *name = NULL, *pattern = NULL, *applies_to = "all";
    int64_t priority     = 0;
    JsonObject *settings = NULL;
    GmqVhostPlan *vhost;

    if (!find_vhost(plan, item, &vhost, error) ||
        !gmq_definition_text(item, "name", &name, error) ||
        !gmq_definition_text(item, "pattern", &pattern, error) ||
        !gmq_definition_text(item, "apply-to", &applies_to, error) ||
        !gmq_definition_number(item, "priority", &priority, error) ||
        !gmq_definition_object(item, "definition", &settings, error))
        return false;
    if (settings == NULL)
        return true;

    GRegex *regex = g_regex_new(pattern, G_REGEX_OPTIMIZE, 0, &wrong);
    if (regex == NULL)
        return gmq_definition_refuse(item, error, "\"pattern\" is no pattern: %s", wrong->message);
    GmqPolicyPlan *policy = g_new0(GmqPolicyPlan, 1);
    *policy = (GmqPolicyPlan){g_strdup(name), regex, g_strdup(applies_to), priority, settings};
    g_ptr_array_add(vhost->policies, policy);
    return true;
}

static unsigned
flag(bool is_set, unsigned value)
{
    return is_set ? value : 0;
}

static const char *const exchange_members[] = {
    "name",      "vhost",       "type",
    "durable",   "auto_delete", "internal",
    "arguments", "policy",      "user_who_performed_action",
    NULL,
};

static bool
read_exchange(Plan *plan, const GmqDefinition *item, GError **error)
{
    const char *name = NULL, *type = "direct";
    bool durable = false, auto_delete = false, internal = false;
    JsonObject *arguments = NULL;
    GmqVhostPlan *vhost;

    if (!find_vhost(plan, item, &vhost, error) ||
        !gmq_definition_text(item, "name", &name, error) ||
        !gmq_definition_text(item, "type", &type, error) ||
        !gmq_definition_truth(item, "durable", &durable, error) ||
        !gmq_definition_truth(item, "auto_delete", &auto_delete, error) ||
        !gmq_definition_truth(item, "internal", &internal, error) ||
        !gmq_definition_object(item, "arguments", &arguments, error))
        return false;

    const GmqPolicyPlan *policy = gmq_policy_plan_find(vhost->policies, GMQ_PLACE_EXCHANGE, name);
    const char *alternate       = gmq_setting_text(arguments, policy, "alternate-exchange");
    note(vhost, GMQ_EVENT_EXCHANGE_DECLARED, name, "", "", type,
         flag(durable, GMQ_FLAG_DURABLE) | flag(auto_delete, GMQ_FLAG_AUTO_DELETE) |
             flag(internal, GMQ_FLAG_SPECIAL));
    gmq_setting_add(vhost->traits, GMQ_PLACE_EXCHANGE, name, arguments, policy);
    if (alternate != NULL)
        note(vhost, GMQ_EVENT_ALTERNATE_SET, name, alternate, "", "", 0);
    return true;
}

static const char *const queue_members[] = {
    "name", "vhost", "type", "durable", "auto_delete", "exclusive", "arguments", "policy", NULL,
};

static bool
read_queue(Plan *plan, const GmqDefinition *item, GError **error)
{
    const char *name = NULL;
    bool durable = false, auto_delete = false, exclusive = false;
    JsonObject *arguments = NULL;
    GmqVhostPlan *vhost;

    if (!find_vhost(plan, item, &vhost, error) ||
        !gmq_definition_text(item, "name", &name, error) ||
        !gmq_definition_truth(item, "durable", &durable, error) ||
        !gmq_definition_truth(item, "auto_delete", &auto_delete, error) ||
        !gmq_definition_truth(item, "exclusive", &exclusive, error) ||
        !gmq_definition_object(item, "arguments", &arguments, error))
        return false;

    const GmqPolicyPlan *policy = gmq_policy_plan_find(vhost->policies, GMQ_PLACE_QUEUE, name);
    const char *dead            = gmq_setting_text(arguments, policy, "dead-letter-exchange");
    note(vhost, GMQ_EVENT_QUEUE_DECLARED, name, "", "", "",
         flag(durable, GMQ_FLAG_DURABLE) | flag(auto_delete, GMQ_FLAG_AUTO_DELETE) |
             flag(exclusive, GMQ_FLAG_SPECIAL));
    gmq_setting_add(vhost->traits, GMQ_PLACE_QUEUE, name, arguments, policy);
    if (dead != NULL)
        gmq_traits_add_dead(vhost->traits, name, dead,
                            gmq_setting_text(arguments, policy, "dead-letter-routing-key"));
    return true;
}

static const char *const binding_members[] = {
    "source",      "vhost",     "destination",    "destination_type",
    "routing_key", "arguments", "properties_key", NULL,
};

static void
add_headers(GmqVhostPlan *vhost, const char *from, const char *to, GmqPlaceKind kind,
            const char *key, JsonObject *arguments)
{
    const char *match     = json_object_get_string_member_with_default(arguments, "x-match", "all");
    GmqHeaderTrait *trait = gmq_traits_add_headers(vhost->traits, from, to, kind, key, match);
    g_autoptr(GList) keys = json_object_get_members(arguments);

    for (GList *link = keys; link != NULL; link = link->next) {
        if (strcmp(link->data, "x-match") == 0)
            continue;
        g_ptr_array_add(trait->cells, g_strdup(link->data));
        g_ptr_array_add(trait->cells,
                        gmq_definition_words(json_object_get_member(arguments, link->data)));
    }
}

static bool
read_binding(Plan *plan, const GmqDefinition *item, GError **error)
{
    const char *from = NULL, *to = NULL, *type = "queue", *key = "";
    JsonObject *arguments = NULL;
    GmqVhostPlan *vhost;

    if (!find_vhost(plan, item, &vhost, error) ||
        !gmq_definition_text(item, "source", &from, error) ||
        !gmq_definition_text(item, "destination", &to, error) ||
        !gmq_definition_text(item, "destination_type", &type, error) ||
        !gmq_definition_text(item, "routing_key", &key, error) ||
        !gmq_definition_object(item, "arguments", &arguments, error))
        return false;
    bool is_exchange = strcmp(type, "exchange") == 0;
    if (!is_exchange && strcmp(type, "queue") != 0)
        return gmq_definition_refuse(
            item, error, "\"destination_type\" must be queue or exchange, not \"%s\"", type);
    if (*from == '\0')
        return true; /* the default exchange's own; no broker exports them, some tools do */

    note(vhost, GMQ_EVENT_BOUND, from, to, key, type, 0);
    if (arguments != NULL && json_object_get_size(arguments) > 0)
        add_headers(vhost, from, to, is_exchange ? GMQ_PLACE_EXCHANGE : GMQ_PLACE_QUEUE, key,
                    arguments);
    return true;
}

/* ---- the file ---- */

typedef bool (*ReadItem)(Plan *, const GmqDefinition *, GError **);

/* In this order: policies are needed by what they apply to, entities by bindings. */
static const struct {
    const char *name;
    const char *const *members;
    ReadItem read;
} lists[] = {
    {"vhosts", vhost_members, read_vhost},          {"policies", policy_members, read_policy},
    {"exchanges", exchange_members, read_exchange}, {"queues", queue_members, read_queue},
    {"bindings", binding_members, read_binding},
};

/* All members of a file, those of which nothing is drawn too. */
static const char *const root_members[] = {
    "vhosts",
    "policies",
    "exchanges",
    "queues",
    "bindings",
    "users",
    "permissions",
    "topic_permissions",
    "parameters",
    "global_parameters",
    "rabbit_version",
    "rabbitmq_version",
    "glassmq_version",
    "product_name",
    "product_version",
    "rabbitmq_definition_format",
    "metadata",
    "explanation",
    "vhost_name",
    "original_vhost_name",
    "original_cluster_name",
    "description",
    "default_queue_type",
    "vhost_limits",
    "limits",
    NULL,
};

static bool
check_root(const char *path, JsonObject *root, GError **error)
{
    g_autoptr(GList) members = json_object_get_members(root);
    bool is_one              = false;

    for (GList *link = members; link != NULL; link = link->next) {
        const char *member = link->data;
        if (!g_strv_contains(root_members, member)) {
            const char *near = gmq_nearest(member, root_members, G_N_ELEMENTS(root_members) - 1);
            return gmq_definitions_refuse(error, path,
                                          "\"%s\" is not a member of exported definitions%s%s%s",
                                          member, near != NULL ? "; did you mean \"" : "",
                                          near != NULL ? near : "", near != NULL ? "\"?" : "");
        }
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
            is_one = is_one || strcmp(lists[i].name, member) == 0;
    }
    if (!is_one)
        return gmq_definitions_refuse(error, path,
                                      "these are no exported definitions: there are neither queues "
                                      "nor exchanges, bindings, policies or virtual hosts");
    return true;
}

static bool
read_list(Plan *plan, const char *path, size_t which, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    JsonNode *node          = json_object_get_member(plan->root, lists[which].name);

    if (node == NULL)
        return true;
    if (!JSON_NODE_HOLDS_ARRAY(node))
        return gmq_definitions_refuse(error, path, "\"%s\" must be a list", lists[which].name);
    JsonArray *array = json_node_get_array(node);
    for (unsigned i = 0; i < json_array_get_length(array); i++) {
        GmqDefinition item;
        if (!gmq_definition_open(&item, lists[which].name, i, json_array_get_element(array, i),
                                 lists[which].members, &wrong) ||
            !lists[which].read(plan, &item, &wrong))
            return gmq_definitions_refuse(error, path, "%s", wrong->message);
    }
    return true;
}

bool
gmq_definitions_read(JsonObject *root, const char *path, GPtrArray *vhosts, GError **error)
{
    Plan plan = {root, vhosts};

    if (!check_root(path, root, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (!read_list(&plan, path, i, error))
            return false;
    }
    return true;
}
