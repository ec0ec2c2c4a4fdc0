#include "sim/language.h"
#include "sim/yaml-private.h"

#include <yaml.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* The state of reading: events come one by one, and open lists and maps lie on a stack. */
typedef struct {
    GmqYamlDocument *document;
    GmqProblems *problems;
    GPtrArray *open;  /* of GmqYaml, outermost first */
    GHashTable *seen; /* of "node key" texts: for duplicates, look-up only */
    unsigned n_documents;
    bool is_broken; /* the rest makes no sense */
} Builder;

static void
free_node(void *data)
{
    GmqYaml *node = data;

    if (node->items != NULL)
        g_ptr_array_unref(node->items);
    g_free(node);
}

GmqYamlDocument *
gmq_yaml_document_new(void)
{
    GmqYamlDocument *document = g_new0(GmqYamlDocument, 1);

    document->nodes = g_ptr_array_new_with_free_func(free_node);
    document->texts = g_string_chunk_new(4096);
    return document;
}

GmqYaml *
gmq_yaml_node_new(GmqYamlDocument *document, GmqYamlType type)
{
    GmqYaml *node = g_new0(GmqYaml, 1);

    node->type = type;
    node->text = "";
    if (type != GMQ_YAML_SCALAR)
        node->items = g_ptr_array_new();
    g_ptr_array_add(document->nodes, node);
    return node;
}

void
gmq_yaml_free(GmqYamlDocument *document)
{
    if (document == NULL)
        return;
    g_ptr_array_unref(document->nodes);
    g_string_chunk_free(document->texts);
    g_free(document);
}

const GmqYaml *
gmq_yaml_root(const GmqYamlDocument *document)
{
    return document->root;
}

const GmqYaml *
gmq_yaml_find(const GmqYaml *map, const char *key)
{
    if (map == NULL || map->type != GMQ_YAML_MAP)
        return NULL;
    for (unsigned i = 0; i + 1 < map->items->len; i += 2) {
        const GmqYaml *node = map->items->pdata[i];

        if (strcmp(node->text, key) == 0)
            return map->items->pdata[i + 1];
    }
    return NULL;
}

bool
gmq_yaml_is_empty(const GmqYaml *node)
{
    return node->type == GMQ_YAML_SCALAR && node->is_plain && *node->text == '\0';
}

/* ---- building the tree ---- */

static void
set_end(GmqYaml *node, const yaml_event_t *event)
{
    node->end_line   = (unsigned)event->end_mark.line + 1;
    node->end_column = (unsigned)event->end_mark.column + 1;
}

static GmqYaml *
add_node(Builder *builder, GmqYamlType type, const yaml_event_t *event)
{
    GmqYaml *node = gmq_yaml_node_new(builder->document, type);

    node->line   = (unsigned)event->start_mark.line + 1;
    node->column = (unsigned)event->start_mark.column + 1;
    set_end(node, event);
    return node;
}

static GmqYaml *
innermost(const Builder *builder)
{
    return builder->open->len == 0 ? NULL : builder->open->pdata[builder->open->len - 1];
}

/* Whether the next node is a key of the innermost map. */
static bool
wants_key(const Builder *builder)
{
    const GmqYaml *parent = innermost(builder);
    return parent != NULL && parent->type == GMQ_YAML_MAP && parent->items->len % 2 == 0;
}

static void
refuse(Builder *builder, const GmqYaml *node, const char *sentence)
{
    gmq_problems_add(builder->problems, node->line, node->column, "%s", sentence);
}

static void
check_key(Builder *builder, const GmqYaml *key)
{
    const GmqYaml *map = innermost(builder);

    if (key->type != GMQ_YAML_SCALAR) {
        refuse(builder, key, _("A key must be a word, not a list or a mapping."));
        builder->is_broken = true;
        return;
    }
    if (strcmp(key->text, "<<") == 0 && key->is_plain)
        refuse(builder, key, _("Merge keys (<<) are not used in scenarios: write the lines out."));

    char *mark = g_strdup_printf("%u:%u %s", map->line, map->column, key->text);
    if (!g_hash_table_add(builder->seen, mark))
        gmq_problems_add(builder->problems, key->line, key->column,
                         _("\"%s\" stands here twice; each key is given once."), key->text);
}

static void
attach(Builder *builder, GmqYaml *node)
{
    GmqYaml *parent = innermost(builder);

    if (wants_key(builder))
        check_key(builder, node);
    if (parent == NULL)
        builder->document->root = node;
    else
        g_ptr_array_add(parent->items, node);
}

static void
open_node(Builder *builder, GmqYamlType type, bool is_flow, const yaml_event_t *event)
{
    GmqYaml *node = add_node(builder, type, event);

    node->is_flow = is_flow;

    attach(builder, node);
    g_ptr_array_add(builder->open, node);
    if (builder->open->len > GMQ_YAML_DEPTH_MAX) {
        refuse(builder, node, _("This nests deeper than any scenario does."));
        builder->is_broken = true;
    }
}

static void
add_scalar(Builder *builder, const yaml_event_t *event)
{
    GmqYaml *node    = add_node(builder, GMQ_YAML_SCALAR, event);
    const char *text = (const char *)event->data.scalar.value;

    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->is_block = event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
                     event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE;
    node->text = g_string_chunk_insert(builder->document->texts, text);
    if (strlen(text) != event->data.scalar.length)
        refuse(builder, node, _("There is a NUL in this text."));
    attach(builder, node);
}

/* ---- what is refused ---- */

static void
check_extras(Builder *builder, const yaml_event_t *event, const yaml_char_t *anchor,
             const yaml_char_t *tag)
{
    unsigned line   = (unsigned)event->start_mark.line + 1;
    unsigned column = (unsigned)event->start_mark.column + 1;

    if (anchor != NULL)
        gmq_problems_add(builder->problems, line, column,
                         _("Anchors (&%s) are not used in scenarios: write the lines out."),
                         anchor);
    if (tag != NULL)
        gmq_problems_add(builder->problems, line, column,
                         _("Tags (%s) are not used in scenarios: every value is plain text."), tag);
}

static void
refuse_alias(Builder *builder, const yaml_event_t *event)
{
    gmq_problems_add(builder->problems, (unsigned)event->start_mark.line + 1,
                     (unsigned)event->start_mark.column + 1,
                     _("Aliases (*%s) are not used in scenarios: write the lines out. A text that "
                       "begins with * needs quotes."),
                     event->data.alias.anchor);
    add_node(builder, GMQ_YAML_SCALAR, event);
    attach(builder, builder->document->nodes->pdata[builder->document->nodes->len - 1]);
}

static void
begin_document(Builder *builder, const yaml_event_t *event)
{
    if (++builder->n_documents == 1)
        return;
    gmq_problems_add(builder->problems, (unsigned)event->start_mark.line + 1,
                     (unsigned)event->start_mark.column + 1,
                     _("A second document begins here; a file holds one scenario."));
    builder->is_broken = true;
}

static void
take_event(Builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        begin_document(builder, event);
        break;
    case YAML_ALIAS_EVENT:
        refuse_alias(builder, event);
        break;
    case YAML_SCALAR_EVENT:
        check_extras(builder, event, event->data.scalar.anchor, event->data.scalar.tag);
        add_scalar(builder, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        check_extras(builder, event, event->data.sequence_start.anchor,
                     event->data.sequence_start.tag);
        open_node(builder, GMQ_YAML_LIST,
                  event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE, event);
        break;
    case YAML_MAPPING_START_EVENT:
        check_extras(builder, event, event->data.mapping_start.anchor,
                     event->data.mapping_start.tag);
        open_node(builder, GMQ_YAML_MAP, event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
                  event);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        set_end(builder->open->pdata[builder->open->len - 1], event);
        g_ptr_array_set_size(builder->open, (int)builder->open->len - 1);
        break;
    default:
        break;
    }
    if (builder->document->nodes->len > GMQ_YAML_NODES_MAX) {
        g_assert(builder->document->root != NULL);
        refuse(builder, builder->document->root, _("This file has more parts than any scenario."));
        builder->is_broken = true;
    }
}

/* ---- reading ---- */

static void
tell_error(Builder *builder, const yaml_parser_t *parser)
{
    const char *what    = parser->problem == NULL ? _("cannot be read") : parser->problem;
    const char *context = parser->context == NULL ? "" : parser->context;

    gmq_problems_add(builder->problems, (unsigned)parser->problem_mark.line + 1,
                     (unsigned)parser->problem_mark.column + 1, _("This is not YAML: %s%s%s."),
                     what, *context == '\0' ? "" : " ", context);
    builder->is_broken = true;
}

static void
read_events(Builder *builder, yaml_parser_t *parser)
{
    bool is_over = false;

    while (!is_over && !builder->is_broken) {
        yaml_event_t event;

        if (!yaml_parser_parse(parser, &event)) {
            tell_error(builder, parser);
            return;
        }
        is_over = event.type == YAML_STREAM_END_EVENT;
        take_event(builder, &event);
        yaml_event_delete(&event);
    }
}

/* The bytes must be text before a YAML reader may look at them. */
static bool
check_text(const char *text, size_t size, GmqProblems *problems)
{
    const char *bad = NULL;
    unsigned line   = 1;

    if (size > GMQ_YAML_SIZE_MAX) {
        gmq_problems_add(problems, 1, 1, _("This file is larger than %u bytes; no scenario is."),
                         GMQ_YAML_SIZE_MAX);
        return false;
    }
    if (g_utf8_validate_len(text, size, &bad))
        return true;
    for (const char *at = text; at < bad; at++)
        line += *at == '\n';
    gmq_problems_add(problems, line, 1, _("This is not UTF-8 text."));
    return false;
}

GmqYamlDocument *
gmq_yaml_parse(const char *text, size_t size, GmqProblems *problems)
{
    yaml_parser_t parser;

    if (size >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0) {
        gmq_problems_add(
            problems, 1, 1,
            _("This file begins with a byte order mark: save it as UTF-8 without one."));
        return NULL;
    }
    if (!check_text(text, size, problems))
        return NULL;

    g_autoptr(GmqYamlDocument) document = gmq_yaml_document_new();

    g_autoptr(GPtrArray) open  = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Builder builder = {.document = document, .problems = problems, .open = open, .seen = seen};

    g_assert(yaml_parser_initialize(&parser));
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    read_events(&builder, &parser);
    yaml_parser_delete(&parser);
    return builder.is_broken ? NULL : g_steal_pointer(&document);
}
