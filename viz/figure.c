#include "viz/figure.h"

#include "sim/load.h"
#include "viz/box.h"
#include "viz/flow.h"
#include "viz/moment.h"
#include "viz/tell.h"

struct GmqFigure {
    GmqTrace *trace;
    GmqStage *stage;
};

GmqFigure *
gmq_figure_new(const char *path, GError **error)
{
    GmqTrace *trace = gmq_load_run(path, NULL, error);

    if (trace == NULL)
        return NULL;
    GmqFigure *figure = g_new(GmqFigure, 1);
    *figure           = (GmqFigure){trace, gmq_stage_new(trace)};
    return figure;
}

void
gmq_figure_free(GmqFigure *figure)
{
    if (figure == NULL)
        return;
    gmq_stage_free(figure->stage);
    gmq_trace_free(figure->trace);
    g_free(figure);
}

const GmqStage *
gmq_figure_stage(const GmqFigure *figure)
{
    return figure->stage;
}

static GmqPicture *
picture_of(const GmqFigure *figure, const char *moment, GError **error)
{
    uint64_t event = 0;

    if (!gmq_moment_read(figure->trace, moment, &event, error))
        return NULL;
    return gmq_picture_at(figure->trace, event);
}

/* The rows that the boxes of a column want, with a free one between two of them. */
static int
column_height(const GmqStage *stage, GmqColumnKind kind, GmqGlyphs glyphs)
{
    g_autoptr(GArray) places = gmq_layout_column(stage, kind);
    int height               = 0;

    for (unsigned i = 0; i < places->len; i++) {
        GmqBox box = {.place = g_array_index(places, GmqPlace, i), .group = -1};
        height += gmq_box_wish(stage, &box, glyphs).lines + 3;
    }
    return height;
}

/* The row of heads, the boxes of the highest column, and a row for the legend. */
static int
height_of(const GmqStage *stage, GmqGlyphs glyphs)
{
    int height = 0;

    for (int kind = 0; kind < GMQ_N_COLUMNS; kind++)
        height = MAX(height, column_height(stage, kind, glyphs));
    return MIN(height + 2, GMQ_FIGURE_HEIGHT_MAX);
}

static bool
is_blank(const GmqScreen *screen, int y)
{
    for (int x = 0; x < screen->width; x++) {
        if (gmq_screen_cell(screen, x, y)->text != ' ')
            return false;
    }
    return true;
}

/* The screen without rows in which nothing stands, but for one between two that are used. */
static GmqScreen *
without_blank_rows(const GmqScreen *screen)
{
    GmqScreen *dense = gmq_screen_new(screen->width, screen->height, screen->glyphs);
    size_t n_cells   = (size_t)screen->width;
    int n            = 0;

    for (int y = 0; y < screen->height; y++) {
        bool is_second = n > 0 && is_blank(dense, n - 1);
        if (is_blank(screen, y) && (n <= 1 || is_second))
            continue;
        for (size_t x = 0; x < n_cells; x++)
            dense->cells[(size_t)n * n_cells + x] = *gmq_screen_cell(screen, (int)x, y);
        n++;
    }
    while (n > 1 && is_blank(dense, n - 1))
        n--;
    dense->height      = n;
    dense->clip.height = n;
    return dense;
}

static GmqView
view_of(const GmqFigure *figure, const GmqPicture *now, int width, unsigned rows_most,
        GmqGlyphs glyphs)
{
    int height = height_of(figure->stage, glyphs);

    return (GmqView){
        .stage        = figure->stage,
        .now          = now,
        .width        = width,
        .height       = rows_most > 0 ? MIN(height, (int)rows_most) : height,
        .glyphs       = glyphs,
        .speed        = "",
        .hop_permille = -1,
    };
}

GmqScreen *
gmq_figure_draw(const GmqFigure *figure, const char *moment, int width, unsigned rows_most,
                GmqGlyphs glyphs, GError **error)
{
    g_autoptr(GmqPicture) now = picture_of(figure, moment, error);

    if (now == NULL)
        return NULL;
    GmqView view                = view_of(figure, now, width, rows_most, glyphs);
    g_autoptr(GmqScreen) screen = gmq_screen_new(width, view.height, glyphs);
    g_autoptr(GmqLayout) layout = gmq_flow_layout(&view, (GmqRect){0, 1, width, view.height - 1});
    gmq_flow_draw_heads(screen, &view, layout, 0);
    gmq_flow_draw(screen, &view, layout);
    return without_blank_rows(screen);
}

char *
gmq_figure_tell(const GmqFigure *figure, const char *moment, GError **error)
{
    g_autoptr(GmqPicture) now = picture_of(figure, moment, error);

    if (now == NULL)
        return NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    gmq_tell_picture(figure->stage, now, out);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
