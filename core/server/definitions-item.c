#include "core/server/definitions-item.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/server/definitions.h"
#include "core/server/json-table.h"

bool
gmq_item_refuse(const GmqItem *item, const char *key, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(item->error, GMQ_DEFINITIONS_ERROR, GMQ_DEFINITIONS_ERROR_WRONG,
                "%s[%u]%s%s%s%s: %s", item->list, item->at, item->inside == NULL ? "" : ".",
                item->inside == NULL ? "" : item->inside, key == NULL ? "" : ".",
                key == NULL ? "" : key, sentence);
    return false;
}

/* The member; NULL when it is missing or null. */
static JsonNode *
find(const GmqItem *item, const char *key)
{
    JsonNode *node = json_object_get_member(item->object, key);

    return node == NULL || JSON_NODE_HOLDS_NULL(node) ? NULL : node;
}

static bool
is_of(JsonNode *node, GType type)
{
    return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

/* ---- plain values ---- */

bool
gmq_item_text(const GmqItem *item, const char *key, const char *standard, const char **text)
{
    JsonNode *node = find(item, key);

    *text = standard;
    if (node == NULL)
        return standard != NULL || gmq_item_refuse(item, key, "this is missing");
    if (!is_of(node, G_TYPE_STRING))
        return gmq_item_refuse(item, key, "this should be a text");
    *text = json_node_get_string(node);
    return true;
}

bool
gmq_item_name(const GmqItem *item, const char *key, const char *standard, const char **name)
{
    if (!gmq_item_text(item, key, standard, name))
        return false;
    g_assert(*name != NULL);
    return strlen(*name) <= GMQ_SHORTSTR_MAX ||
           gmq_item_refuse(item, key, "a name has at most %d bytes", GMQ_SHORTSTR_MAX);
}

bool
gmq_item_bool(const GmqItem *item, const char *key, bool standard, bool *value)
{
    JsonNode *node = find(item, key);

    *value = standard;
    if (node == NULL)
        return true;
    if (!is_of(node, G_TYPE_BOOLEAN))
        return gmq_item_refuse(item, key, "this should be true or false");
    *value = json_node_get_boolean(node);
    return true;
}

bool
gmq_item_integer(const GmqItem *item, const char *key, int64_t standard, int64_t *value)
{
    JsonNode *node = find(item, key);

    *value = standard;
    if (node == NULL)
        return true;
    if (!is_of(node, G_TYPE_INT64))
        return gmq_item_refuse(item, key, "this should be a whole number");
    *value = json_node_get_int(node);
    return true;
}

/* ---- objects ---- */

/* RabbitMQ writes some objects as it keeps them: [["max-length", 10]]. */
static JsonObject *
object_of_pairs(JsonArray *pairs)
{
    g_autoptr(JsonObject) object = json_object_new();

    for (unsigned i = 0; i < json_array_get_length(pairs); i++) {
        JsonNode *node  = json_array_get_element(pairs, i);
        JsonArray *pair = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

        if (pair == NULL || json_array_get_length(pair) != 2 ||
            !is_of(json_array_get_element(pair, 0), G_TYPE_STRING))
            return NULL;
        json_object_set_member(object, json_array_get_string_element(pair, 0),
                               json_node_copy(json_array_get_element(pair, 1)));
    }
    return g_steal_pointer(&object);
}

bool
gmq_item_object(const GmqItem *item, const char *key, JsonObject **object)
{
    JsonNode *node = find(item, key);

    *object = NULL;
    if (node == NULL)
        *object = json_object_new();
    else if (JSON_NODE_HOLDS_OBJECT(node))
        *object = json_node_dup_object(node);
    else if (JSON_NODE_HOLDS_ARRAY(node))
        *object = object_of_pairs(json_node_get_array(node));
    return *object != NULL || gmq_item_refuse(item, key, "this should be an object");
}

bool
gmq_item_table(const GmqItem *item, const char *key, GmqBuffer *table)
{
    g_autoptr(JsonObject) object = NULL;
    g_autoptr(GError) why        = NULL;

    if (!gmq_item_object(item, key, &object))
        return false;
    return gmq_json_to_table(object, table, &why) || gmq_item_refuse(item, key, "%s", why->message);
}

bool
gmq_item_texts(const GmqItem *item, const char *key, char ***texts)
{
    JsonNode *node                  = find(item, key);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    JsonArray *array =
        node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

    if (node != NULL && array == NULL) {
        if (!is_of(node, G_TYPE_STRING))
            return gmq_item_refuse(item, key, "this should be a list of texts");
        *texts = g_strsplit(json_node_get_string(node), ",", -1);
        return true;
    }
    for (unsigned i = 0; array != NULL && i < json_array_get_length(array); i++) {
        JsonNode *element = json_array_get_element(array, i);

        if (!is_of(element, G_TYPE_STRING))
            return gmq_item_refuse(item, key, "this should be a list of texts");
        g_strv_builder_add(builder, json_node_get_string(element));
    }
    *texts = g_strv_builder_end(builder);
    return true;
}
