#include "viz/definitions-item.h"

#include <gio/gio.h>

#include "core/base/nearest.h"

bool
gmq_definition_refuse(const GmqDefinition *item, GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s[%u]: %s", item->list, item->index,
                why);
    return false;
}

static bool
check_members(const GmqDefinition *item, const char *const *known, GError **error)
{
    g_autoptr(GList) members = json_object_get_members(item->object);

    for (GList *link = members; link != NULL; link = link->next) {
        const char *member = link->data;
        if (g_strv_contains(known, member))
            continue;
        const char *near = gmq_nearest(member, known, g_strv_length((char **)(void *)known));
        return gmq_definition_refuse(item, error, "\"%s\" is not a member that is known here%s%s%s",
                                     member, near != NULL ? "; did you mean \"" : "",
                                     near != NULL ? near : "", near != NULL ? "\"?" : "");
    }
    return true;
}

bool
gmq_definition_open(GmqDefinition *item, const char *list, unsigned index, JsonNode *node,
                    const char *const *known, GError **error)
{
    *item = (GmqDefinition){list, index, NULL};
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return gmq_definition_refuse(item, error, "must be an object, such as {\"name\": ...}");
    item->object = json_node_get_object(node);
    return check_members(item, known, error);
}

/* NULL is no value: a member that is null is absent. */
static JsonNode *
find(const GmqDefinition *item, const char *member)
{
    JsonNode *node = json_object_get_member(item->object, member);

    return node == NULL || JSON_NODE_HOLDS_NULL(node) ? NULL : node;
}

static bool
holds(JsonNode *node, GType type)
{
    return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

bool
gmq_definition_text(const GmqDefinition *item, const char *member, const char **value,
                    GError **error)
{
    JsonNode *node = find(item, member);

    if (node == NULL && *value == NULL)
        return gmq_definition_refuse(item, error, "\"%s\" is missing", member);
    if (node == NULL)
        return true;
    if (!holds(node, G_TYPE_STRING))
        return gmq_definition_refuse(item, error, "\"%s\" must be a text", member);
    *value = json_node_get_string(node);
    return true;
}

bool
gmq_definition_truth(const GmqDefinition *item, const char *member, bool *value, GError **error)
{
    JsonNode *node = find(item, member);

    if (node == NULL)
        return true;
    if (!holds(node, G_TYPE_BOOLEAN))
        return gmq_definition_refuse(item, error, "\"%s\" must be true or false", member);
    *value = json_node_get_boolean(node);
    return true;
}

bool
gmq_definition_number(const GmqDefinition *item, const char *member, int64_t *value, GError **error)
{
    JsonNode *node = find(item, member);

    if (node == NULL)
        return true;
    if (!holds(node, G_TYPE_INT64))
        return gmq_definition_refuse(item, error, "\"%s\" must be a whole number", member);
    *value = json_node_get_int(node);
    return true;
}

bool
gmq_definition_object(const GmqDefinition *item, const char *member, JsonObject **value,
                      GError **error)
{
    JsonNode *node = find(item, member);

    *value = NULL;
    if (node == NULL ||
        (JSON_NODE_HOLDS_ARRAY(node) && json_array_get_length(json_node_get_array(node)) == 0))
        return true;
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return gmq_definition_refuse(item, error, "\"%s\" must be an object", member);
    *value = json_node_get_object(node);
    return true;
}

char *
gmq_definition_words(JsonNode *node)
{
    if (holds(node, G_TYPE_STRING))
        return g_strdup(json_node_get_string(node));
    return json_to_string(node, FALSE);
}
