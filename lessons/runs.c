#include "lessons/runs.h"

#include <string.h>

#include "lessons/twin.h"

struct GmqRuns {
    char *folder;
    char *language;
    GHashTable *figures; /* of GmqFigure, by the names of their files */
    GHashTable *errors;  /* of GError, likewise */
};

static void
free_error(gpointer data)
{
    g_error_free(data);
}

static void
free_figure(gpointer data)
{
    gmq_figure_free(data);
}

GmqRuns *
gmq_runs_new(const char *folder, const char *language)
{
    GmqRuns *runs = g_new(GmqRuns, 1);

    runs->folder   = g_strdup(folder);
    runs->language = g_strdup(language);
    runs->figures  = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_figure);
    runs->errors   = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_error);
    return runs;
}

void
gmq_runs_free(GmqRuns *runs)
{
    if (runs == NULL)
        return;
    g_hash_table_unref(runs->figures);
    g_hash_table_unref(runs->errors);
    g_free(runs->language);
    g_free(runs->folder);
    g_free(runs);
}

const GmqFigure *
gmq_runs_get(GmqRuns *runs, const char *file, GError **error)
{
    const GmqFigure *known = g_hash_table_lookup(runs->figures, file);
    const GError *refused  = g_hash_table_lookup(runs->errors, file);

    if (known == NULL && refused == NULL) {
        g_autofree char *path = gmq_twin_path(runs->folder, file, runs->language);
        GError *why           = NULL;
        GmqFigure *figure     = gmq_figure_new(path, &why);
        if (figure != NULL)
            g_hash_table_insert(runs->figures, g_strdup(file), figure);
        else
            g_hash_table_insert(runs->errors, g_strdup(file), why);
        known   = figure;
        refused = why;
    }
    if (known == NULL && error != NULL)
        *error = g_error_copy(refused);
    return known;
}

static GPtrArray *
tell(const GmqFigure *figure, const char *moment, int width, GmqGlyphs glyphs)
{
    g_autofree char *text = gmq_figure_tell(figure, moment, NULL);

    if (text == NULL)
        return NULL;
    GPtrArray *lines   = gmq_spans_list_new();
    g_auto(GStrv) rows = g_strsplit(g_strchomp(text), "\n", -1);
    for (char **row = rows; *row != NULL; row++)
        gmq_spans_add_wrapped(lines, GMQ_ROLE_NORMAL, *row, 2, width, glyphs);
    return lines;
}

GPtrArray *
gmq_runs_picture(const char *alt, const char *target, int width, GmqGlyphs glyphs, void *data)
{
    const GmqRunsLook *look  = data;
    g_auto(GStrv) parts      = g_strsplit(target, "#", 2);
    const char *moment       = parts[0] != NULL && parts[1] != NULL ? parts[1] : "end";
    const GmqFigure *figure  = parts[0] != NULL ? gmq_runs_get(look->runs, parts[0], NULL) : NULL;
    g_autoptr(GError) ignore = NULL;

    (void)alt;
    if (figure == NULL)
        return NULL;
    if (look->is_told || width < GMQ_FIGURE_WIDTH_LEAST)
        return tell(figure, moment, width, glyphs);
    g_autoptr(GmqScreen) screen =
        gmq_figure_draw(figure, moment, width, look->rows_most, glyphs, &ignore);
    return screen != NULL ? gmq_spans_of_screen(screen) : NULL;
}
