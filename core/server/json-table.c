#include "core/server/json-table.h"

#include <string.h>

#include "core/base/limits.h"
#include "core/server/json.h"

G_DEFINE_QUARK(gmq - json - error - quark, gmq_json_error)

JsonNode *
gmq_json_parse_object(const char *text, const char *what, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    size_t size                  = strlen(text);
    JsonNode *root               = NULL;

    if (gmq_json_is_shallow(text, size, GMQ_TABLE_DEPTH_MAX) &&
        json_parser_load_from_data(parser, text, (gssize)size, NULL))
        root = json_parser_get_root(parser);
    if (root != NULL && JSON_NODE_HOLDS_OBJECT(root))
        return json_node_copy(root);
    g_set_error(error, GMQ_JSON_ERROR, GMQ_JSON_ERROR_WRONG, "%s is no JSON object: %s", what,
                text);
    return NULL;
}

/* ---- values ---- */

static bool fill_table(JsonObject *object, GmqBuffer *table, unsigned depth, GError **error);

static bool fill_array(JsonArray *elements, GmqBuffer *array, unsigned depth, GError **error);

static GmqValue
plain_value(JsonNode *node)
{
    GmqValue value = {.type = GMQ_VALUE_VOID};
    double real;

    switch (json_node_get_value_type(node)) {
    case G_TYPE_STRING:
        value.type  = GMQ_VALUE_STRING;
        value.bytes = gmq_slice_of(json_node_get_string(node));
        break;
    case G_TYPE_BOOLEAN:
        value.type    = GMQ_VALUE_BOOL;
        value.integer = json_node_get_boolean(node);
        break;
    case G_TYPE_INT64:
        value.type    = GMQ_VALUE_I64;
        value.integer = json_node_get_int(node);
        break;
    case G_TYPE_DOUBLE:
        value.type = GMQ_VALUE_DOUBLE;
        real       = json_node_get_double(node);
        memcpy(&value.bits, &real, sizeof real);
        break;
    default:
        break;
    }
    return value;
}

/* Fills value; the inside of a table or array stands in storage then. */
static bool
make_value(JsonNode *node, GmqValue *value, GmqBuffer *storage, unsigned depth, GError **error)
{
    if (depth > GMQ_TABLE_DEPTH_MAX) {
        g_set_error(error, GMQ_JSON_ERROR, GMQ_JSON_ERROR_WRONG, "it nests deeper than %d",
                    GMQ_TABLE_DEPTH_MAX);
        return false;
    }
    *value = (GmqValue){.type = GMQ_VALUE_VOID};
    if (JSON_NODE_HOLDS_OBJECT(node)) {
        value->type = GMQ_VALUE_TABLE;
        if (!fill_table(json_node_get_object(node), storage, depth, error))
            return false;
        value->bytes = gmq_buffer_slice(storage);
    } else if (JSON_NODE_HOLDS_ARRAY(node)) {
        value->type = GMQ_VALUE_ARRAY;
        if (!fill_array(json_node_get_array(node), storage, depth, error))
            return false;
        value->bytes = gmq_buffer_slice(storage);
    } else if (JSON_NODE_HOLDS_VALUE(node)) {
        *value = plain_value(node);
    }
    return true;
}

static bool
fill_array(JsonArray *elements, GmqBuffer *array, unsigned depth, GError **error)
{
    for (unsigned i = 0; i < json_array_get_length(elements); i++) {
        g_auto(GmqBuffer) storage = {0};
        GmqValue value;

        if (!make_value(json_array_get_element(elements, i), &value, &storage, depth + 1, error))
            return false;
        gmq_array_add(array, &value);
    }
    return true;
}

static bool
fill_table(JsonObject *object, GmqBuffer *table, unsigned depth, GError **error)
{
    JsonObjectIter iter;
    const char *key;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, object);
    while (json_object_iter_next_ordered(&iter, &key, &node)) {
        g_auto(GmqBuffer) storage = {0};
        GmqValue value;

        if (strlen(key) > GMQ_SHORTSTR_MAX) {
            g_set_error(error, GMQ_JSON_ERROR, GMQ_JSON_ERROR_WRONG,
                        "a name in it has more than %d bytes", GMQ_SHORTSTR_MAX);
            return false;
        }
        if (!make_value(node, &value, &storage, depth + 1, error))
            return false;
        gmq_table_add(table, gmq_slice_of(key), &value);
    }
    return true;
}

bool
gmq_json_to_table(JsonObject *object, GmqBuffer *table, GError **error)
{
    return fill_table(object, table, 0, error);
}
