#include "sim/yaml-edit.h"

#include "sim/yaml-private.h"

/* ---- nodes ---- */

static GmqYaml *
new_text(GmqYamlDocument *document, const char *text, bool is_plain)
{
    GmqYaml *node = gmq_yaml_node_new(document, GMQ_YAML_SCALAR);

    node->text     = g_string_chunk_insert(document->texts, text);
    node->is_plain = is_plain;
    return node;
}

static GmqYaml *
copy_node(GmqYamlDocument *document, const GmqYaml *node)
{
    if (node->type == GMQ_YAML_SCALAR)
        return new_text(document, node->text, node->is_plain);

    GmqYaml *copy = gmq_yaml_node_new(document, node->type);
    for (unsigned i = 0; i < node->items->len; i++)
        g_ptr_array_add(copy->items, copy_node(document, node->items->pdata[i]));
    return copy;
}

/* ---- documents ---- */

GmqYamlDocument *
gmq_yaml_new(void)
{
    GmqYamlDocument *document = gmq_yaml_document_new();

    document->root = gmq_yaml_node_new(document, GMQ_YAML_MAP);
    return document;
}

GmqYamlDocument *
gmq_yaml_copy(const GmqYamlDocument *document)
{
    GmqYamlDocument *copy = gmq_yaml_document_new();

    if (document->root != NULL)
        copy->root = copy_node(copy, document->root);
    return copy;
}

GmqYaml *
gmq_yaml_edit(GmqYamlDocument *document)
{
    return document->root;
}

/* ---- maps ---- */

/* The place of a key among the items; that behind the last one without it. */
static unsigned
place_of(const GmqYaml *map, const char *key)
{
    unsigned place = 0;

    while (place < map->items->len && strcmp(gmq_yaml_key(map, place / 2), key) != 0)
        place += 2;
    return place;
}

GmqYaml *
gmq_yaml_at(GmqYaml *map, const char *key)
{
    if (map == NULL || map->type != GMQ_YAML_MAP)
        return NULL;

    unsigned place = place_of(map, key);
    return place < map->items->len ? map->items->pdata[place + 1] : NULL;
}

static GmqYaml *
put(GmqYamlDocument *document, GmqYaml *map, const char *key, GmqYaml *value)
{
    g_assert(map->type == GMQ_YAML_MAP);

    unsigned place = place_of(map, key);
    if (place == map->items->len) {
        g_ptr_array_add(map->items, new_text(document, key, *key != '\0'));
        g_ptr_array_add(map->items, value);
    }
    map->items->pdata[place + 1] = value;
    return value;
}

GmqYaml *
gmq_yaml_put(GmqYamlDocument *document, GmqYaml *map, const char *key, const char *text)
{
    return put(document, map, key, new_text(document, text, true));
}

static GmqYaml *
put_container(GmqYamlDocument *document, GmqYaml *map, const char *key, GmqYamlType type)
{
    GmqYaml *value = gmq_yaml_at(map, key);

    if (value != NULL && value->type == type)
        return value;
    return put(document, map, key, gmq_yaml_node_new(document, type));
}

GmqYaml *
gmq_yaml_put_map(GmqYamlDocument *document, GmqYaml *map, const char *key)
{
    return put_container(document, map, key, GMQ_YAML_MAP);
}

GmqYaml *
gmq_yaml_put_list(GmqYamlDocument *document, GmqYaml *map, const char *key)
{
    return put_container(document, map, key, GMQ_YAML_LIST);
}

void
gmq_yaml_remove(GmqYaml *map, const char *key)
{
    unsigned place = place_of(map, key);

    if (place < map->items->len)
        g_ptr_array_remove_range(map->items, place, 2);
}

/* ---- lists, scalars, and what all have ---- */

GmqYaml *
gmq_yaml_append(GmqYamlDocument *document, GmqYaml *list, const char *text)
{
    g_assert(list->type == GMQ_YAML_LIST);

    GmqYaml *node = new_text(document, text, true);
    g_ptr_array_add(list->items, node);
    return node;
}

GmqYaml *
gmq_yaml_append_map(GmqYamlDocument *document, GmqYaml *list)
{
    g_assert(list->type == GMQ_YAML_LIST);

    GmqYaml *node = gmq_yaml_node_new(document, GMQ_YAML_MAP);
    g_ptr_array_add(list->items, node);
    return node;
}

void
gmq_yaml_set_text(GmqYamlDocument *document, GmqYaml *scalar, const char *text)
{
    g_assert(scalar->type == GMQ_YAML_SCALAR);

    scalar->text = g_string_chunk_insert(document->texts, text);
}

/* How many items belong together. */
static unsigned
stride_of(const GmqYaml *node)
{
    return node->type == GMQ_YAML_MAP ? 2 : 1;
}

void
gmq_yaml_remove_at(GmqYaml *node, unsigned index)
{
    unsigned stride = stride_of(node);

    g_assert(index < gmq_yaml_count(node));
    g_ptr_array_remove_range(node->items, index * stride, stride);
}

unsigned
gmq_yaml_count(const GmqYaml *node)
{
    if (node == NULL || node->type == GMQ_YAML_SCALAR)
        return 0;
    return node->items->len / stride_of(node);
}

GmqYaml *
gmq_yaml_value(const GmqYaml *node, unsigned index)
{
    g_assert(index < gmq_yaml_count(node));
    return node->items->pdata[(index + 1) * stride_of(node) - 1];
}

const char *
gmq_yaml_key(const GmqYaml *map, unsigned index)
{
    g_assert(map->type == GMQ_YAML_MAP);
    g_assert(index < gmq_yaml_count(map));

    const GmqYaml *key = map->items->pdata[2 * index];
    return key->text;
}

bool
gmq_yaml_equal(const GmqYaml *one, const GmqYaml *other)
{
    if (one->type != other->type)
        return false;
    if (one->type == GMQ_YAML_SCALAR)
        return strcmp(one->text, other->text) == 0;
    if (one->items->len != other->items->len)
        return false;
    for (unsigned i = 0; i < one->items->len; i++) {
        if (!gmq_yaml_equal(one->items->pdata[i], other->items->pdata[i]))
            return false;
    }
    return true;
}
