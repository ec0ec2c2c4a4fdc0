#include "sim/fmt.h"

#include "sim/language.h"
#include "sim/yaml-comments.h"
#include "sim/yaml-edit.h"

/* What stands in braces goes on in another line behind this column. */
#define WIDTH_MAX 100

/* Comments behind short lines stand in this column, so that a whole file has one column of them. */
#define COMMENT_COLUMN 30

/* A line that is put out: its comment stands behind it, below that of its neighbours. */
typedef struct {
    GString *text;
    char *comment; /* NULL without one; lent */
} Line;

typedef struct {
    char **source; /* its lines, up to NULL */
    unsigned n_source;
    GArray *comments; /* of GmqYamlComment */
    unsigned next;    /* of comments: those before it are put out */
    GArray *lines;    /* of Line; the last one is still being written */
} Fmt;

static void add_node(Fmt *fmt, const GmqYaml *node, unsigned indent);

static void
clear_line(void *data)
{
    g_string_free(((Line *)data)->text, TRUE);
}

/* ---- lines ---- */

static void
new_line(Fmt *fmt, unsigned indent)
{
    Line line = {.text = g_string_new(NULL)};

    g_string_append_printf(line.text, "%*s", (int)indent, "");
    g_array_append_val(fmt->lines, line);
}

static GString *
current(const Fmt *fmt)
{
    return g_array_index(fmt->lines, Line, fmt->lines->len - 1).text;
}

static const GmqYamlComment *
next_comment(const Fmt *fmt)
{
    return fmt->next < fmt->comments->len ? &g_array_index(fmt->comments, GmqYamlComment, fmt->next)
                                          : NULL;
}

static bool
is_blank(const Fmt *fmt, unsigned source_line)
{
    const char *text =
        source_line >= 1 && source_line <= fmt->n_source ? fmt->source[source_line - 1] : "-";

    return text[strspn(text, " \t\r")] == '\0';
}

/* An empty line stays one, but not at the beginning, and not two of them. */
static void
keep_blank(Fmt *fmt, unsigned source_line)
{
    if (!is_blank(fmt, source_line - 1) || fmt->lines->len == 0 || current(fmt)->len == 0)
        return;
    new_line(fmt, 0);
}

/* Comments that stand above a source line. One that is further in than what follows belongs to
 * what was before, and stays there. */
static void
add_comments_above(Fmt *fmt, unsigned source_line, unsigned column, unsigned indent)
{
    const GmqYamlComment *comment;

    while ((comment = next_comment(fmt)) != NULL && comment->line < source_line) {
        unsigned own = comment->column > column ? comment->column - 1 : indent;

        keep_blank(fmt, comment->line);
        new_line(fmt, own);
        g_string_append(current(fmt), comment->text);
        fmt->next++;
    }
}

/* The line is written as far as that source line: what is said behind it stays behind it. */
static void
end_line(Fmt *fmt, unsigned source_line)
{
    const GmqYamlComment *comment = next_comment(fmt);

    if (comment == NULL || comment->is_alone || comment->line > source_line)
        return;
    g_array_index(fmt->lines, Line, fmt->lines->len - 1).comment = comment->text;
    fmt->next++;
}

/* ---- scalars as they stand ---- */

/* The part of a source line between two columns; to its end with a last column of 0. */
static char *
source_part(const Fmt *fmt, unsigned line, unsigned column, unsigned end_column)
{
    const char *text  = fmt->source[line - 1];
    const char *start = g_utf8_offset_to_pointer(text, (glong)column - 1);

    if (end_column == 0)
        return g_strdup(start);
    return g_strndup(
        start, (size_t)(g_utf8_offset_to_pointer(start, (glong)(end_column - column)) - start));
}

/* The lines of a scalar, without what stands around it. */
static char **
scalar_lines(const Fmt *fmt, const GmqYaml *scalar)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();

    for (unsigned line = scalar->line; line <= scalar->end_line; line++) {
        unsigned column = line == scalar->line ? scalar->column : 1;
        unsigned end    = line == scalar->end_line ? scalar->end_column : 0;
        g_autofree char *one =
            line > fmt->n_source ? g_strdup("") : source_part(fmt, line, column, end);

        g_strv_builder_add(lines, line == scalar->line ? g_strchomp(one) : g_strstrip(one));
    }
    return g_strv_builder_end(lines);
}

static void
add_scalar(Fmt *fmt, const GmqYaml *scalar, unsigned indent)
{
    g_auto(GStrv) lines = scalar_lines(fmt, scalar);

    g_string_append(current(fmt), lines[0]);
    for (unsigned i = 1; lines[i] != NULL; i++) {
        new_line(fmt, *lines[i] == '\0' ? 0 : indent);
        g_string_append(current(fmt), lines[i]);
    }
}

static unsigned
leading_blanks(const char *text)
{
    return (unsigned)strspn(text, " ");
}

/* The lines below | or >, moved to where they belong. */
static void
add_block(Fmt *fmt, const GmqYaml *scalar, unsigned indent)
{
    unsigned end =
        MIN(scalar->end_column > 1 ? scalar->end_line + 1 : scalar->end_line, fmt->n_source + 1);
    unsigned base = UINT_MAX;
    const char *header =
        g_utf8_offset_to_pointer(fmt->source[scalar->line - 1], (glong)scalar->column - 1);

    g_string_append_len(current(fmt), header, (gssize)strcspn(header, " \t"));
    while (end > scalar->line + 1 && is_blank(fmt, end - 1))
        end--;
    for (unsigned line = scalar->line + 1; line < end; line++) {
        if (!is_blank(fmt, line))
            base = MIN(base, leading_blanks(fmt->source[line - 1]));
    }
    for (unsigned line = scalar->line + 1; line < end; line++) {
        bool is_empty = is_blank(fmt, line);

        new_line(fmt, is_empty ? 0 : indent);
        if (!is_empty)
            g_string_append(current(fmt), fmt->source[line - 1] + base);
        g_strchomp(current(fmt)->str);
        g_string_set_size(current(fmt), strlen(current(fmt)->str));
    }
}

/* ---- in braces ---- */

static bool
has_comment_inside(const Fmt *fmt, const GmqYaml *node)
{
    for (unsigned i = fmt->next; i < fmt->comments->len; i++) {
        unsigned line = g_array_index(fmt->comments, GmqYamlComment, i).line;

        if (line >= node->line && line < node->end_line)
            return true;
    }
    return false;
}

static void add_flow_text(const Fmt *fmt, const GmqYaml *node, GString *out);

/* "key: value" of a map, or an item of a list. */
static void
add_flow_item(const Fmt *fmt, const GmqYaml *node, unsigned index, GString *out)
{
    if (node->type == GMQ_YAML_MAP) {
        add_flow_text(fmt, node->items->pdata[2 * index], out);
        g_string_append(out, ":");
        if (!gmq_yaml_is_empty(node->items->pdata[2 * index + 1]))
            g_string_append_c(out, ' ');
    }
    add_flow_text(fmt, gmq_yaml_value(node, index), out);
}

static void
add_flow_text(const Fmt *fmt, const GmqYaml *node, GString *out)
{
    if (node->type == GMQ_YAML_SCALAR) {
        g_auto(GStrv) lines   = scalar_lines(fmt, node);
        g_autofree char *text = g_strjoinv(" ", lines);

        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, node->type == GMQ_YAML_MAP ? '{' : '[');
    for (unsigned i = 0; i < gmq_yaml_count(node); i++) {
        if (i > 0)
            g_string_append(out, ", ");
        add_flow_item(fmt, node, i, out);
    }
    g_string_append_c(out, node->type == GMQ_YAML_MAP ? '}' : ']');
}

/* As many items in a line as fit; the others stand below the first one. */
static void
add_flow(Fmt *fmt, const GmqYaml *node)
{
    unsigned column        = (unsigned)g_utf8_strlen(current(fmt)->str, -1) + 1;
    g_autoptr(GString) one = g_string_new(NULL);

    g_string_append_c(current(fmt), node->type == GMQ_YAML_MAP ? '{' : '[');
    for (unsigned i = 0; i < gmq_yaml_count(node); i++) {
        g_string_truncate(one, 0);
        add_flow_item(fmt, node, i, one);

        bool fits =
            g_utf8_strlen(current(fmt)->str, -1) + g_utf8_strlen(one->str, -1) + 3 <= WIDTH_MAX;
        if (i > 0)
            g_string_append(current(fmt), fits ? ", " : ",");
        if (i > 0 && !fits)
            new_line(fmt, column);
        g_string_append(current(fmt), one->str);
    }
    g_string_append_c(current(fmt), node->type == GMQ_YAML_MAP ? '}' : ']');
}

/* ---- below each other ---- */

static bool
is_in_one_line(const Fmt *fmt, const GmqYaml *value)
{
    return value->type == GMQ_YAML_SCALAR || gmq_yaml_count(value) == 0 ||
           (value->is_flow && !has_comment_inside(fmt, value));
}

/* What stands behind "key:" or "-". */
static void
add_value(Fmt *fmt, const GmqYaml *value, unsigned indent, bool in_list)
{
    if (!gmq_yaml_is_empty(value) && (in_list || is_in_one_line(fmt, value)))
        g_string_append_c(current(fmt), ' ');
    if (!is_in_one_line(fmt, value)) {
        if (!in_list)
            end_line(fmt, value->items->len > 0
                              ? ((const GmqYaml *)value->items->pdata[0])->line - 1
                              : value->line);
        add_node(fmt, value, indent);
        return;
    }
    if (value->type != GMQ_YAML_SCALAR)
        add_flow(fmt, value);
    else if (value->is_block)
        add_block(fmt, value, indent);
    else
        add_scalar(fmt, value, indent);
    end_line(fmt, value->is_block ? value->line : value->end_line);
}

/* The line of an item begins: its comments above it, an empty line if there was one. */
static void
begin_item(Fmt *fmt, const GmqYaml *first, unsigned indent, bool is_line_begun)
{
    if (is_line_begun)
        return;
    add_comments_above(fmt, first->line, first->column, indent);
    keep_blank(fmt, first->line);
    new_line(fmt, indent);
}

/* Where an item of a list begins: its "-" stands in front of it. */
static void
add_list(Fmt *fmt, const GmqYaml *list, unsigned indent)
{
    for (unsigned i = 0; i < gmq_yaml_count(list); i++) {
        const GmqYaml *value = gmq_yaml_value(list, i);

        begin_item(fmt, value, indent, false);
        g_string_append_c(current(fmt), '-');
        add_value(fmt, value, indent + 2, true);
    }
}

static void
add_map(Fmt *fmt, const GmqYaml *map, unsigned indent, bool is_line_begun)
{
    for (unsigned i = 0; i < gmq_yaml_count(map); i++) {
        const GmqYaml *key = map->items->pdata[2 * i];

        begin_item(fmt, key, indent, is_line_begun && i == 0);
        add_scalar(fmt, key, indent);
        g_string_append_c(current(fmt), ':');
        add_value(fmt, gmq_yaml_value(map, i), indent + 2, false);
    }
}

/* A list or map below its key, or behind its "-": then its first line has begun. */
static void
add_node(Fmt *fmt, const GmqYaml *node, unsigned indent)
{
    bool is_begun = fmt->lines->len > 0 && g_str_has_suffix(current(fmt)->str, "- ");

    if (node->type == GMQ_YAML_MAP)
        add_map(fmt, node, indent, is_begun);
    else
        add_list(fmt, node, indent);
}

/* ---- the whole ---- */

/* Comments of neighbouring lines stand below each other. */
static char *
join(const Fmt *fmt)
{
    g_autoptr(GString) out = g_string_new(NULL);
    unsigned column        = 0;

    for (unsigned i = 0; i < fmt->lines->len; i++) {
        const Line *line = &g_array_index(fmt->lines, Line, i);
        bool is_first    = i == 0 || g_array_index(fmt->lines, Line, i - 1).comment == NULL;

        if (line->comment != NULL && is_first) {
            column = COMMENT_COLUMN;
            for (unsigned k = i; k < fmt->lines->len; k++) {
                const Line *other = &g_array_index(fmt->lines, Line, k);

                if (other->comment == NULL)
                    break;
                column = MAX(column, (unsigned)g_utf8_strlen(other->text->str, -1) + 2);
            }
        }
        g_string_append(out, line->text->str);
        if (line->comment != NULL)
            g_string_append_printf(out, "%*s%s",
                                   (int)(column - (unsigned)g_utf8_strlen(line->text->str, -1)), "",
                                   line->comment);
        g_string_append_c(out, '\n');
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *
lay_out(const GmqYamlDocument *document, const char *text, GArray *comments)
{
    g_auto(GStrv) source    = g_strsplit(text, "\n", -1);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));
    Fmt fmt                 = {
                        .source   = source,
                        .n_source = g_strv_length(source),
                        .comments = comments,
                        .lines    = lines,
    };
    const GmqYaml *root = gmq_yaml_root(document);

    g_array_set_clear_func(lines, clear_line);
    if (root != NULL && is_in_one_line(&fmt, root)) {
        begin_item(&fmt, root, 0, false);
        add_value(&fmt, root, 0, false);
        g_strchug(current(&fmt)->str);
    } else if (root != NULL) {
        add_node(&fmt, root, 0);
    }
    add_comments_above(&fmt, UINT_MAX, 0, 0);
    return join(&fmt);
}

/* Nothing may be lost: the new text says the same, with the same comments. */
static bool
check(const GmqYamlDocument *document, GArray *comments, const char *laid_out,
      GmqProblems *problems)
{
    g_autoptr(GmqProblems) none         = gmq_problems_new("", laid_out);
    g_autoptr(GmqYamlDocument) again    = gmq_yaml_parse(laid_out, strlen(laid_out), none);
    g_autoptr(GArray) comments_again    = NULL;
    const GmqYamlComment *first_comment = (const void *)comments->data;

    if (again == NULL || !gmq_yaml_equal(gmq_yaml_root(document), gmq_yaml_root(again))) {
        gmq_problems_add(problems, 1, 1,
                         _("The layout of this file cannot be made better without "
                           "changing what it says."));
        return false;
    }
    comments_again = gmq_yaml_comments(again, laid_out);
    if (comments_again->len != comments->len) {
        gmq_problems_add(
            problems, first_comment->line, first_comment->column,
            _("A comment of this file stands where it cannot be kept: put it on a line "
              "of its own."));
        return false;
    }
    return true;
}

/* YAML ends a line at each of these as well: the places in its tree count them. */
static GString *
with_plain_line_ends(const char *text)
{
    static const char *const ends[] = {"\r\n", "\r", "\302\205", "\342\200\250", "\342\200\251"};
    GString *plain                  = g_string_new(text);

    for (unsigned i = 0; i < G_N_ELEMENTS(ends); i++)
        g_string_replace(plain, ends[i], "\n", 0);
    return plain;
}

char *
gmq_fmt_text(const char *text, size_t size, GmqProblems *problems)
{
    g_autoptr(GmqYamlDocument) document = gmq_yaml_parse(text, size, problems);

    if (document == NULL || gmq_problems_count(problems) > 0)
        return NULL;

    g_autoptr(GString) plain         = with_plain_line_ends(text);
    g_autoptr(GmqYamlDocument) lined = gmq_yaml_parse(plain->str, plain->len, problems);
    if (lined == NULL || gmq_problems_count(problems) > 0)
        return NULL;
    if (gmq_yaml_root(lined) == NULL)
        return g_strdup(text);

    g_autoptr(GArray) comments = gmq_yaml_comments(lined, plain->str);
    g_autofree char *laid_out  = lay_out(lined, plain->str, comments);
    return check(document, comments, laid_out, problems) ? g_steal_pointer(&laid_out) : NULL;
}
