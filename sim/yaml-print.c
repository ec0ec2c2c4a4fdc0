#include "sim/yaml-print.h"

#include "sim/yaml-edit.h"

/* No line is made longer where it can be helped. */
#define WIDTH_MAX 100

/* More scalars than that are not put into braces. */
#define FLOW_SCALARS_MAX 6

/* A key that is longer gets a line of its own: readers look only so far for the colon. */
#define KEY_SIZE_MAX 128

/* A text with quotes and spaces that is longer is prose, and is folded. */
#define PROSE_SIZE 60

static void add_node(GString *out, const GmqYaml *node, unsigned indent, unsigned depth);

/* ---- scalars ---- */

/* Whether YAML lets a character stand for itself, and it is no space that cannot be seen. */
static bool
is_printable(gunichar c)
{
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff)
        return false;
    return (c & 0xfffe) != 0xfffe;
}

static bool
is_all_printable(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (!is_printable(g_utf8_get_char(text)))
            return false;
    }
    return true;
}

/* Whether a text may begin so without quotes. */
static bool
may_begin(const char *text)
{
    if (strchr(" ,[]{}#&*!|>'\"%@`?:=<~.", *text) != NULL)
        return *text == '.' && text[1] != '.';
    return *text != '-' || g_ascii_isalnum(text[1]);
}

/* Whether the text means itself without quotes; within braces fewer do. */
static bool
is_safe(const char *text, bool in_flow)
{
    if (*text == '\0' || !may_begin(text) || !is_all_printable(text))
        return false;
    if (g_str_has_suffix(text, " ") || g_str_has_suffix(text, ":"))
        return false;
    if (strstr(text, ": ") != NULL || strstr(text, " #") != NULL)
        return false;
    return !in_flow || strpbrk(text, ",[]{}:") == NULL;
}

/* Whether a text keeps its quotes, or needs some: "yes" is a text, yes may be something else. */
static bool
has_quotes(const GmqYaml *scalar)
{
    return !scalar->is_plain || (*scalar->text != '\0' && !is_safe(scalar->text, false));
}

static void
add_escaped(GString *out, gunichar c)
{
    if (c == '\n')
        g_string_append(out, "\\n");
    else if (c == '\t')
        g_string_append(out, "\\t");
    else if (c == '"' || c == '\\')
        g_string_append_printf(out, "\\%c", (char)c);
    else if (is_printable(c))
        g_string_append_unichar(out, c);
    else if (c < 0x100)
        g_string_append_printf(out, "\\x%02x", c);
    else if (c < 0x10000)
        g_string_append_printf(out, "\\u%04x", c);
    else
        g_string_append_printf(out, "\\U%08x", c);
}

static void
add_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text != '\0'; text = g_utf8_next_char(text))
        add_escaped(out, g_utf8_get_char(text));
    g_string_append_c(out, '"');
}

/* Nothing at all stays nothing. */
static void
add_scalar(GString *out, const GmqYaml *scalar, bool in_flow)
{
    if (scalar->is_plain && (*scalar->text == '\0' || is_safe(scalar->text, in_flow)))
        g_string_append(out, scalar->text);
    else
        add_quoted(out, scalar->text);
}

/* ---- prose ---- */

/* A text of one line, with or without its end, that can be broken at spaces. */
static bool
is_prose(const GmqYaml *scalar)
{
    size_t size = strlen(scalar->text);

    if (size < (has_quotes(scalar) ? PROSE_SIZE : WIDTH_MAX))
        return false;
    bool has_end         = scalar->text[size - 1] == '\n';
    g_autofree char *one = g_strndup(scalar->text, size - has_end);
    return *one != ' ' && strchr(one, ' ') != NULL && !g_str_has_suffix(one, " ") &&
           is_all_printable(one);
}

/* The end of the line that begins at text: the last space that fits and has no other beside it, or
 * the first such space at all. */
static const char *
end_of_line(const char *text, size_t width)
{
    const char *end = NULL;

    for (const char *at = text; *at != '\0' && *at != '\n'; at++) {
        if (*at != ' ' || at == text || at[-1] == ' ' || at[1] == ' ')
            continue;
        if (end != NULL && (size_t)(at - text) > width)
            return end;
        end = at;
    }
    size_t rest = strcspn(text, "\n");
    return end != NULL && rest > width ? end : text + rest;
}

static void
add_prose(GString *out, const char *text, unsigned indent)
{
    g_string_append(out, g_str_has_suffix(text, "\n") ? ">\n" : ">-\n");
    while (*text != '\0' && *text != '\n') {
        const char *end = end_of_line(text, WIDTH_MAX - indent);

        g_string_append_printf(out, "%*s%.*s\n", (int)indent, "", (int)(end - text), text);
        text = *end == ' ' ? end + 1 : end;
    }
}

/* ---- in braces ---- */

static bool
fits_in_flow(const GmqYaml *node, unsigned *n_scalars)
{
    if (node->type == GMQ_YAML_SCALAR) {
        ++*n_scalars;
        return !is_prose(node) && *n_scalars <= 2 * FLOW_SCALARS_MAX &&
               (has_quotes(node) || is_safe(node->text, true)) && strlen(node->text) < KEY_SIZE_MAX;
    }
    for (unsigned i = 0; i < node->items->len; i++) {
        if (!fits_in_flow(node->items->pdata[i], n_scalars))
            return false;
    }
    return true;
}

static void
add_flow(GString *out, const GmqYaml *node)
{
    if (node->type == GMQ_YAML_SCALAR) {
        add_scalar(out, node, true);
        return;
    }
    bool is_map = node->type == GMQ_YAML_MAP;
    g_string_append_c(out, is_map ? '{' : '[');
    for (unsigned i = 0; i < node->items->len; i++) {
        if (i > 0)
            g_string_append(out, is_map && i % 2 == 1 ? ": " : ", ");
        add_flow(out, node->items->pdata[i]);
    }
    g_string_append_c(out, is_map ? '}' : ']');
}

/* Whether all items are scalars. */
static bool
is_leaf(const GmqYaml *node)
{
    for (unsigned i = 0; i < gmq_yaml_count(node); i++) {
        if (gmq_yaml_value(node, i)->type != GMQ_YAML_SCALAR)
            return false;
    }
    return true;
}

/* Writes node behind its key if it is short; the outermost parts only when they hold no others. */
static bool
try_flow(GString *out, const GmqYaml *node, unsigned depth)
{
    unsigned n_scalars   = 0;
    g_autoptr(GString) s = g_string_new(NULL);
    const char *line     = strrchr(out->str, '\n');
    size_t column        = line == NULL ? out->len : (size_t)(out->str + out->len - line);

    if (node->type != GMQ_YAML_SCALAR && gmq_yaml_count(node) > 0 &&
        (depth == 0 || (depth <= 2 && !is_leaf(node))))
        return false;
    if (!fits_in_flow(node, &n_scalars))
        return false;
    add_flow(s, node);
    if (column + s->len > WIDTH_MAX && n_scalars > 0)
        return false;
    g_string_append_len(out, s->str, (gssize)s->len);
    return true;
}

/* ---- below each other ---- */

static void
add_key(GString *out, const GmqYaml *key, unsigned indent)
{
    g_autoptr(GString) text = g_string_new(NULL);

    add_scalar(text, key, true);
    if (text->len > KEY_SIZE_MAX)
        g_string_append_printf(out, "? %s\n%*s:", text->str, (int)indent, "");
    else
        g_string_append_printf(out, "%s:", text->len == 0 ? "\"\"" : text->str);
}

/* What stands behind "key:" or "-", up to the end of its last line. */
static void
add_value(GString *out, const GmqYaml *value, unsigned indent, unsigned depth, bool in_list)
{
    if (value->type == GMQ_YAML_SCALAR) {
        if (!gmq_yaml_is_empty(value))
            g_string_append_c(out, ' ');
        if (is_prose(value)) {
            add_prose(out, value->text, indent);
            return;
        }
        add_scalar(out, value, false);
        g_string_append_c(out, '\n');
        return;
    }
    g_string_append_c(out, ' ');
    if (try_flow(out, value, depth)) {
        g_string_append_c(out, '\n');
        return;
    }
    if (!in_list) {
        g_string_truncate(out, out->len - 1);
        g_string_append_printf(out, "\n%*s", (int)indent, "");
    }
    add_node(out, value, indent, depth);
}

/* A map or list whose first line has its indent already. */
static void
add_node(GString *out, const GmqYaml *node, unsigned indent, unsigned depth)
{
    bool is_map = node->type == GMQ_YAML_MAP;

    for (unsigned i = 0; i < gmq_yaml_count(node); i++) {
        const GmqYaml *value = gmq_yaml_value(node, i);

        if (i > 0 && depth == 0 && value->type != GMQ_YAML_SCALAR)
            g_string_append_c(out, '\n');
        if (i > 0)
            g_string_append_printf(out, "%*s", (int)indent, "");
        if (is_map)
            add_key(out, node->items->pdata[2 * i], indent);
        else
            g_string_append_c(out, '-');
        add_value(out, value, indent + 2, depth + 1, !is_map);
    }
}

char *
gmq_yaml_print(const GmqYamlDocument *document)
{
    const GmqYaml *root    = gmq_yaml_root(document);
    g_autoptr(GString) out = g_string_new(NULL);

    g_assert(root != NULL);
    if (root->type == GMQ_YAML_SCALAR || gmq_yaml_count(root) == 0) {
        add_flow(out, root);
        g_string_append_c(out, '\n');
    } else {
        add_node(out, root, 0, 0);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}
