/* Reading definitions: the walk over the document, twice. */
#include "core/server/definitions-private.h"

G_DEFINE_QUARK(gmq - definitions - error - quark, gmq_definitions_error)

/* Later lists name what earlier ones bring. */
static const struct {
    const char *list;
    GmqTakeFunc *take;
} lists[] = {
    {"vhosts", gmq_take_vhost},           {"users", gmq_take_user},
    {"permissions", gmq_take_permission}, {"topic_permissions", gmq_take_topic_permission},
    {"parameters", gmq_take_parameter},   {"policies", gmq_take_policy},
    {"exchanges", gmq_take_exchange},     {"queues", gmq_take_queue},
    {"bindings", gmq_take_binding},
};

/* ---- what is there, or will be ---- */

static char *
key_of(const char *kind, const char *vhost, const char *name)
{
    return g_strjoin("\n", kind, vhost, name, NULL);
}

void
gmq_import_remember(GmqImport *import, const char *kind, const char *vhost, const char *name)
{
    g_hash_table_add(import->coming, key_of(kind, vhost, name));
}

bool
gmq_import_expects(const GmqImport *import, const char *kind, const char *vhost, const char *name)
{
    g_autofree char *key = key_of(kind, vhost, name);

    return g_hash_table_contains(import->coming, key);
}

bool
gmq_import_vhost(const GmqImport *import, const GmqItem *item, const char **name)
{
    if (!gmq_item_name(item, "vhost", import->vhost, name))
        return false;
    return gmq_import_expects(import, "vhost", "", *name) ||
           gmq_broker_find_vhost(import->broker, gmq_slice_of(*name)) != NULL ||
           gmq_item_refuse(item, "vhost", "there is no virtual host '%s'", *name);
}

GmqTaken
gmq_import_refuse(const GmqItem *item, const GError *why)
{
    gmq_item_refuse(item, NULL, "%s", why->message);
    return GMQ_REFUSED;
}

/* ---- the walk ---- */

static bool
refuse_list(const char *list, GError **error)
{
    g_set_error(error, GMQ_DEFINITIONS_ERROR, GMQ_DEFINITIONS_ERROR_WRONG,
                "%s: this should be a list of objects", list);
    return false;
}

static bool
take_list(GmqImport *import, JsonArray *array, size_t at, GmqDefinitionsCount *count,
          GError **error)
{
    for (unsigned i = 0; i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);

        if (!JSON_NODE_HOLDS_OBJECT(node))
            return refuse_list(lists[at].list, error);

        GmqItem item = {
            .list = lists[at].list, .at = i, .object = json_node_get_object(node), .error = error};
        GmqTaken taken = lists[at].take(import, &item);
        if (taken == GMQ_REFUSED)
            return false;
        count->taken += taken == GMQ_TAKEN ? 1 : 0;
        count->ignored += taken == GMQ_IGNORED ? 1 : 0;
    }
    return true;
}

static bool
take_all(GmqImport *import, JsonObject *document, GmqDefinitionsCount *count, GError **error)
{
    *count = (GmqDefinitionsCount){0};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        JsonNode *node = json_object_get_member(document, lists[i].list);

        if (node == NULL)
            continue;
        if (!JSON_NODE_HOLDS_ARRAY(node))
            return refuse_list(lists[i].list, error);
        if (!take_list(import, json_node_get_array(node), i, count, error))
            return false;
    }
    return true;
}

/* A document in which nothing is known was meant for something else. */
static bool
has_list(JsonObject *document)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (json_object_has_member(document, lists[i].list))
            return true;
    }
    return false;
}

bool
gmq_definitions_import(GmqBroker *broker, JsonNode *document, const char *vhost,
                       GmqDefinitionsCount *count, GError **error)
{
    if (!JSON_NODE_HOLDS_OBJECT(document) || !has_list(json_node_get_object(document))) {
        g_set_error_literal(error, GMQ_DEFINITIONS_ERROR, GMQ_DEFINITIONS_ERROR_WRONG,
                            "these are no definitions: an object with lists of users, vhosts, "
                            "permissions, policies, queues, exchanges, bindings");
        return false;
    }

    g_autoptr(GHashTable) coming = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GmqImport import             = {broker, vhost, true, coming};
    JsonObject *object           = json_node_get_object(document);
    if (!take_all(&import, object, count, error))
        return false;
    import.is_check = false;
    return take_all(&import, object, count, error);
}

static JsonNode *
parse(JsonParser *parser, GmqSlice text, GError **error)
{
    const char *start = (const char *)text.data;

    if (!gmq_json_is_shallow(start, text.size, GMQ_JSON_DEPTH_MAX)) {
        g_set_error_literal(error, GMQ_DEFINITIONS_ERROR, GMQ_DEFINITIONS_ERROR_WRONG,
                            "it nests too deep");
        return NULL;
    }
    if (!json_parser_load_from_data(parser, start, (gssize)text.size, error))
        return NULL;
    if (json_parser_get_root(parser) == NULL)
        g_set_error_literal(error, GMQ_DEFINITIONS_ERROR, GMQ_DEFINITIONS_ERROR_WRONG,
                            "it is empty");
    return json_parser_get_root(parser);
}

static bool
refuse(const char *path, const GError *why, GError **error)
{
    g_set_error(error, GMQ_DEFINITIONS_ERROR, GMQ_DEFINITIONS_ERROR_WRONG, "%s: %s", path,
                why->message);
    return false;
}

bool
gmq_definitions_load_text(GmqBroker *broker, const char *path, GmqSlice text, const char *vhost,
                          GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) why        = NULL;
    JsonNode *root               = parse(parser, text, &why);
    GmqDefinitionsCount count;

    return (root != NULL && gmq_definitions_import(broker, root, vhost, &count, &why)) ||
           refuse(path, why, error);
}

bool
gmq_definitions_load(GmqBroker *broker, const char *path, const char *vhost, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *text = NULL;
    gsize size            = 0;

    if (!g_file_get_contents(path, &text, &size, &why))
        return refuse(path, why, error);
    return gmq_definitions_load_text(broker, path, (GmqSlice){(const uint8_t *)text, size}, vhost,
                                     error);
}
