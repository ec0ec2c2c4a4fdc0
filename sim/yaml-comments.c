#include "sim/yaml-comments.h"

#include "sim/yaml-private.h"

static void
clear_comment(void *data)
{
    g_free(((GmqYamlComment *)data)->text);
}

static bool
is_before(unsigned line, unsigned column, unsigned other_line, unsigned other_column)
{
    return line != other_line ? line < other_line : column < other_column;
}

/* Whether the place lies in a scalar. Places come in order, and so do nodes: *next is the first one
 * that may still hold a later place. */
static bool
is_in_scalar(const GmqYamlDocument *document, unsigned line, unsigned column, unsigned *next)
{
    while (*next < document->nodes->len) {
        const GmqYaml *node = document->nodes->pdata[*next];

        if (node->type == GMQ_YAML_SCALAR &&
            is_before(line, column, node->end_line, node->end_column))
            return !is_before(line, column, node->line, node->column);
        if (node->type != GMQ_YAML_SCALAR && is_before(line, column, node->line, node->column))
            return false;
        ++*next;
    }
    return false;
}

static void
add_comment(GArray *comments, const char *line_start, const char *at, unsigned line,
            unsigned column)
{
    GmqYamlComment comment = {
        .line     = line,
        .column   = column,
        .text     = g_strchomp(g_strndup(at, strcspn(at, "\n"))),
        .is_alone = strspn(line_start, " \t") == (size_t)(at - line_start),
    };

    g_array_append_val(comments, comment);
}

/* Adds the comment of one line, if it has one. */
static void
look_at_line(const GmqYamlDocument *document, GArray *comments, const char *start, unsigned line,
             unsigned *next)
{
    const char *at  = start;
    unsigned column = 1;

    for (; *at != '\0' && *at != '\n'; at = g_utf8_next_char(at), column++) {
        bool is_start = *at == '#' && (at == start || at[-1] == ' ' || at[-1] == '\t');

        if (is_start && !is_in_scalar(document, line, column, next)) {
            add_comment(comments, start, at, line, column);
            return;
        }
    }
}

GArray *
gmq_yaml_comments(const GmqYamlDocument *document, const char *text)
{
    GArray *comments = g_array_new(FALSE, FALSE, sizeof(GmqYamlComment));
    unsigned next    = 0;
    unsigned line    = 1;

    g_array_set_clear_func(comments, clear_comment);
    while (*text != '\0') {
        look_at_line(document, comments, text, line, &next);
        text += strcspn(text, "\n");
        text += *text == '\n';
        line++;
    }
    return comments;
}
