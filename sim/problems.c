#include "sim/problems.h"

#include <stdarg.h>

#include "sim/language.h"
#include "sim/particle.h"

/* A line is shown up to this many bytes. */
#define SHOWN_LINE_MAX 200

typedef struct {
    unsigned line;
    unsigned column;
    char *sentence;
} Problem;

struct GmqProblems {
    char *path;
    const char *text;
    GArray *list; /* of Problem, in the order of the file */
    unsigned count;
};

static void
clear_problem(void *problem)
{
    g_free(((Problem *)problem)->sentence);
}

GmqProblems *
gmq_problems_new(const char *path, const char *text)
{
    GmqProblems *problems = g_new0(GmqProblems, 1);

    problems->path = g_strdup(path);
    problems->text = text;
    problems->list = g_array_new(FALSE, FALSE, sizeof(Problem));
    g_array_set_clear_func(problems->list, clear_problem);
    return problems;
}

void
gmq_problems_free(GmqProblems *problems)
{
    if (problems == NULL)
        return;
    g_free(problems->path);
    g_array_unref(problems->list);
    g_free(problems);
}

/* Behind all that stand before it in the file or at the same place. */
static unsigned
find_place(const GmqProblems *problems, unsigned line, unsigned column)
{
    unsigned place = problems->list->len;

    while (place > 0) {
        const Problem *before = &g_array_index(problems->list, Problem, place - 1);

        if (before->line < line || (before->line == line && before->column <= column))
            break;
        place--;
    }
    return place;
}

void
gmq_problems_add(GmqProblems *problems, unsigned line, unsigned column, const char *format, ...)
{
    va_list args;

    problems->count++;
    va_start(args, format);
    Problem problem = {line, column, gmq_particles(g_strdup_vprintf(format, args))};
    va_end(args);
    g_array_insert_val(problems->list, find_place(problems, line, column), problem);
    if (problems->list->len > GMQ_PROBLEMS_MAX)
        g_array_set_size(problems->list, GMQ_PROBLEMS_MAX);
}

unsigned
gmq_problems_count(const GmqProblems *problems)
{
    return problems->count;
}

/* The line without what a terminal would not show; the caller frees it. */
static char *
line_text(const char *text, unsigned line)
{
    for (unsigned i = 1; i < line && text != NULL; i++) {
        text = strchr(text, '\n');
        text = text == NULL ? NULL : text + 1;
    }
    if (text == NULL)
        return g_strdup("");

    g_autofree char *raw = g_strndup(text, MIN(strcspn(text, "\r\n"), SHOWN_LINE_MAX));
    char *shown          = g_utf8_make_valid(raw, -1);
    for (char *at = shown; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    }
    return shown;
}

char *
gmq_problems_text(const GmqProblems *problems)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; i < problems->list->len; i++) {
        const Problem *problem = &g_array_index(problems->list, Problem, i);
        g_autofree char *line  = line_text(problems->text, problem->line);

        g_string_append_printf(out, _("%s%s, line %u, column %u: %s"), i == 0 ? "" : "\n",
                               problems->path, problem->line, problem->column, problem->sentence);
        if (*line != '\0')
            g_string_append_printf(out, "\n    %s", line);
    }
    if (problems->count > problems->list->len)
        g_string_append_printf(out, _("\n... and %u more"), problems->count - problems->list->len);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
