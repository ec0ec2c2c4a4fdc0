#include "core/server/limit-texts.h"

#include <string.h>

#include "core/server/command.h"
#include "core/server/json-table.h"

static bool
is_known(const char *limit, GmqLimitNameFunc name)
{
    for (unsigned i = 0; name(i) != NULL; i++) {
        if (strcmp(name(i), limit) == 0)
            return true;
    }
    return false;
}

/* "max-connections and max-queues"; the caller frees it. */
static char *
name_all(GmqLimitNameFunc name)
{
    GString *text = g_string_new(name(0));

    for (unsigned i = 1; name(i) != NULL; i++)
        g_string_append_printf(text, "%s%s", name(i + 1) == NULL ? " and " : ", ", name(i));
    return g_string_free(text, FALSE);
}

static bool
check_name(const char *limit, GmqLimitNameFunc name, GError **error)
{
    if (is_known(limit, name))
        return true;
    g_autofree char *all = name_all(name);
    return gmq_command_refuse(error, "there is no limit '%s': there are %s", limit, all);
}

bool
gmq_limit_texts_check(JsonObject *limits, GmqLimitNameFunc name, GError **error)
{
    JsonObjectIter iter;
    const char *limit;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, limits);
    while (json_object_iter_next_ordered(&iter, &limit, &node)) {
        if (!check_name(limit, name, error))
            return false;
        if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
            return gmq_command_refuse(error, "the limit %s is a whole number", limit);
    }
    return true;
}

void
gmq_limit_texts_apply(JsonObject *limits, GmqLimitSetFunc set, void *owner)
{
    JsonObjectIter iter;
    const char *limit;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, limits);
    while (json_object_iter_next_ordered(&iter, &limit, &node)) {
        bool is_set = set(owner, gmq_slice_of(limit), json_node_get_int(node), NULL);

        g_assert(is_set);
    }
}

bool
gmq_limit_texts_set(const char *text, GmqLimitNameFunc name, GmqLimitSetFunc set, void *owner,
                    GError **error)
{
    g_autoptr(JsonNode) node = gmq_json_parse_object(text, "what the limits should be", error);

    if (node == NULL || !gmq_limit_texts_check(json_node_get_object(node), name, error))
        return false;
    gmq_limit_texts_apply(json_node_get_object(node), set, owner);
    return true;
}

bool
gmq_limit_texts_clear(const char *limit, GmqLimitNameFunc name, GmqLimitSetFunc set, void *owner,
                      GError **error)
{
    bool is_all = limit == NULL || strcmp(limit, "all") == 0;

    if (!is_all && !check_name(limit, name, error))
        return false;
    for (unsigned i = 0; name(i) != NULL; i++) {
        if (is_all || strcmp(name(i), limit) == 0)
            set(owner, gmq_slice_of(name(i)), -1, NULL);
    }
    return true;
}
