/* Reading a request: every member is checked, whoever wrote it. */
#include <string.h>

#include "core/server/command.h"

static bool
is_text(JsonNode *node)
{
    return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
}

/* ---- kinds of members ---- */

static bool
read_text(JsonNode *node, const char *key, const char **text, GError **error)
{
    if (!is_text(node))
        return gmq_command_wrong(error, "\"%s\" of a request is a text", key);
    *text = json_node_get_string(node);
    return true;
}

static bool
read_texts(JsonNode *node, const char *key, char ***texts, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (!JSON_NODE_HOLDS_ARRAY(node))
        return gmq_command_wrong(error, "\"%s\" of a request is a list of texts", key);

    JsonArray *array = json_node_get_array(node);
    for (unsigned i = 0; i < json_array_get_length(array); i++) {
        JsonNode *element = json_array_get_element(array, i);

        if (!is_text(element))
            return gmq_command_wrong(error, "\"%s\" of a request is a list of texts", key);
        g_strv_builder_add(builder, json_node_get_string(element));
    }
    g_strfreev(*texts);
    *texts = g_strv_builder_end(builder);
    return true;
}

static bool
read_bool(JsonNode *node, const char *key, bool *value, GError **error)
{
    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_BOOLEAN)
        return gmq_command_wrong(error, "\"%s\" of a request is true or false", key);
    *value = json_node_get_boolean(node);
    return true;
}

static bool
read_integer(JsonNode *node, const char *key, int64_t *value, GError **error)
{
    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
        return gmq_command_wrong(error, "\"%s\" of a request is a whole number", key);
    *value = json_node_get_int(node);
    return true;
}

/* ---- members ---- */

static bool
read_vhost(GmqRequest *request, JsonNode *node, const char *key, GError **error)
{
    const char *text = NULL;

    if (!read_text(node, key, &text, error))
        return false;
    request->vhost = gmq_slice_of(text);
    return true;
}

static bool
read_arguments(GmqRequest *request, JsonNode *node, const char *key, GError **error)
{
    return read_texts(node, key, &request->arguments, error);
}

static bool
read_columns(GmqRequest *request, JsonNode *node, const char *key, GError **error)
{
    return read_texts(node, key, &request->columns, error);
}

static bool
read_priority(GmqRequest *request, JsonNode *node, const char *key, GError **error)
{
    return read_integer(node, key, &request->priority, error);
}

static bool
read_apply_to(GmqRequest *request, JsonNode *node, const char *key, GError **error)
{
    return read_text(node, key, &request->apply_to, error);
}

static bool
read_if_empty(GmqRequest *request, JsonNode *node, const char *key, GError **error)
{
    return read_bool(node, key, &request->if_empty, error);
}

static bool
read_if_unused(GmqRequest *request, JsonNode *node, const char *key, GError **error)
{
    return read_bool(node, key, &request->if_unused, error);
}

static bool
read_document(GmqRequest *request, JsonNode *node, const char *key, GError **error)
{
    (void)key;
    (void)error;
    request->document = node;
    return true;
}

static const struct {
    const char *key;
    unsigned takes; /* which commands take it; 0: all */
    bool (*read)(GmqRequest *request, JsonNode *node, const char *key, GError **error);
} members[] = {
    {"arguments", 0, read_arguments},
    {"columns", 0, read_columns},
    {"vhost", GMQ_TAKES_VHOST, read_vhost},
    {"priority", GMQ_TAKES_POLICY, read_priority},
    {"apply_to", GMQ_TAKES_POLICY, read_apply_to},
    {"if_empty", GMQ_TAKES_CONDITION, read_if_empty},
    {"if_unused", GMQ_TAKES_CONDITION, read_if_unused},
    {"document", GMQ_TAKES_DOCUMENT, read_document},
};

static bool
read_member(GmqRequest *request, const char *key, JsonNode *node, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        if (strcmp(members[i].key, key) != 0)
            continue;
        if (members[i].takes != 0 && (request->command->takes & members[i].takes) == 0)
            break;
        return members[i].read(request, node, key, error);
    }
    return gmq_command_wrong(error, "there is no place for \"%s\" in this request", key);
}

/* ---- the whole ---- */

static bool
find_command(GmqRequest *request, JsonObject *object, GError **error)
{
    JsonNode *node   = json_object_get_member(object, "command");
    const char *name = "";

    if (node == NULL)
        return gmq_command_wrong(error, "a request has a \"command\"");
    if (!read_text(node, "command", &name, error))
        return false;
    if (strcmp(name, gmq_command_events.name) == 0)
        request->command = &gmq_command_events;
    else
        request->command = gmq_command_find(name);
    return request->command != NULL || gmq_command_wrong(error, "there is no command %s", name);
}

static bool
check_columns(const GmqRequest *request, GError **error)
{
    if (request->columns == NULL)
        return true;
    if (request->command->columns == NULL)
        return gmq_command_wrong(error, "%s has no columns", request->command->name);
    for (char **name = request->columns; *name != NULL; name++) {
        if (gmq_column_find(request->command->columns, *name) == NULL)
            return gmq_command_wrong(error, "there is no column %s", *name);
    }
    return true;
}

static bool
check_arguments(GmqRequest *request, GError **error)
{
    const GmqCommand *command = request->command;
    bool is_file              = (command->takes & (GMQ_TAKES_DOCUMENT | GMQ_GIVES_DOCUMENT)) != 0;
    unsigned least            = is_file ? 0 : gmq_command_least(command);
    unsigned most             = is_file ? 0 : gmq_command_most(command);

    if (request->arguments == NULL)
        request->arguments = g_new0(char *, 1);
    request->n_arguments = g_strv_length(request->arguments);
    if (request->n_arguments < least || request->n_arguments > most)
        return gmq_command_wrong(error, "%s takes the arguments \"%s\"", command->name,
                                 is_file ? "" : command->parameters);
    if ((command->takes & GMQ_TAKES_DOCUMENT) != 0 && request->document == NULL)
        return gmq_command_wrong(error, "%s takes a \"document\"", command->name);
    return true;
}

bool
gmq_request_read(GmqRequest *request, JsonNode *node, const char *default_vhost, GError **error)
{
    JsonObjectIter iter;
    const char *key;
    JsonNode *member;

    if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
        return gmq_command_wrong(error, "a request is a JSON object");
    if (!find_command(request, json_node_get_object(node), error))
        return false;

    request->vhost = gmq_slice_of(default_vhost);
    json_object_iter_init_ordered(&iter, json_node_get_object(node));
    while (json_object_iter_next_ordered(&iter, &key, &member)) {
        if (strcmp(key, "command") != 0 && !read_member(request, key, member, error))
            return false;
    }
    return check_arguments(request, error) && check_columns(request, error);
}

void
gmq_request_clear(GmqRequest *request)
{
    g_strfreev(request->arguments);
    g_strfreev(request->columns);
}
