/* Taking parts away: Zeller's ddmin over the items of a list or the keys of a map. */
#include "sim/shrink-private.h"

#include <string.h>

/* ---- what uses a name ---- */

/* Whether a text is that name, a copy of that client, or a message of it: "w", "w1", "w-5". */
static bool
is_about(const char *text, const char *name)
{
    if (!g_str_has_prefix(text, name))
        return false;
    text += strlen(name);
    while (g_ascii_isdigit(*text))
        text++;
    return *text == '\0' || *text == '-' || *text == '@' || *text == ' ';
}

static bool
mentions(const GmqYaml *node, const char *name)
{
    if (node->type == GMQ_YAML_SCALAR)
        return is_about(node->text, name);
    for (unsigned i = 0; i < gmq_yaml_count(node); i++) {
        if (mentions(gmq_yaml_value(node, i), name))
            return true;
    }
    return false;
}

static void
remove_if_about(GmqYaml *node, const char *name)
{
    for (unsigned i = gmq_yaml_count(node); i-- > 0;) {
        if (mentions(gmq_yaml_value(node, i), name))
            gmq_yaml_remove_at(node, i);
    }
}

/* A consumer without its queue has nothing to do. */
static void
remove_consumers_of(GmqYaml *clients, const char *queue)
{
    for (unsigned i = gmq_yaml_count(clients); i-- > 0;) {
        const GmqYaml *from = gmq_yaml_find(gmq_yaml_value(clients, i), "from");

        if (from != NULL && from->type == GMQ_YAML_SCALAR && strcmp(from->text, queue) == 0)
            gmq_yaml_remove_at(clients, i);
    }
}

static void
forget(GmqYaml *root, const char *name)
{
    GmqYaml *links = gmq_yaml_at(root, "links");

    for (unsigned i = gmq_yaml_count(links); i-- > 0;) {
        const char *key = gmq_yaml_key(links, i);

        if (is_about(key, name) || g_str_has_suffix(key, name))
            gmq_yaml_remove_at(links, i);
    }
    remove_if_about(gmq_yaml_at(root, "timeline"), name);
    remove_if_about(gmq_yaml_at(gmq_yaml_at(root, "topology"), "bindings"), name);
    remove_consumers_of(gmq_yaml_at(root, "clients"), name);
}

/* ---- candidates ---- */

/* Whether the best document without these items still fails. */
static bool
try_without(GmqShrinker *shrinker, unsigned number, unsigned first, unsigned size, bool is_name)
{
    GmqYamlDocument *candidate = gmq_yaml_copy(shrinker->best);
    GmqYaml *node              = gmq_shrink_node(candidate, number);

    for (unsigned i = first + size; i-- > first;) {
        g_autofree char *name = is_name ? g_strdup(gmq_yaml_key(node, i)) : NULL;

        gmq_yaml_remove_at(node, i);
        if (is_name)
            forget(gmq_yaml_edit(candidate), name);
    }
    return gmq_shrink_try(shrinker, candidate);
}

/* Goes once over all items with pieces of that size. */
static void
take_pieces(GmqShrinker *shrinker, unsigned number, unsigned size, bool is_name)
{
    unsigned first = 0;

    while (!gmq_shrink_is_over(shrinker)) {
        const GmqYaml *node = gmq_shrink_node(shrinker->best, number);
        unsigned count      = gmq_yaml_count(node);

        if (first >= count)
            return;
        unsigned piece = MIN(size, count - first);
        if (!try_without(shrinker, number, first, piece, is_name))
            first += piece;
    }
}

void
gmq_shrink_items(GmqShrinker *shrinker, unsigned number, bool is_name)
{
    const GmqYaml *node = gmq_shrink_node(shrinker->best, number);

    if (node == NULL || (is_name && node->type != GMQ_YAML_MAP))
        return;
    for (unsigned size = gmq_yaml_count(node); size > 0; size /= 2)
        take_pieces(shrinker, number, size, is_name);
}
