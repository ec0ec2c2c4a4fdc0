#include "viz/flow.h"

#include "sim/language.h"
#include "viz/box.h"
#include "viz/wire.h"

static const char *const heads[GMQ_N_COLUMNS] = {
    [GMQ_COLUMN_PRODUCERS] = N_("PRODUCERS"),
    [GMQ_COLUMN_EXCHANGES] = N_("EXCHANGES"),
    [GMQ_COLUMN_QUEUES]    = N_("QUEUES"),
    [GMQ_COLUMN_CONSUMERS] = N_("CONSUMERS"),
};

GmqLayout *
gmq_flow_layout(const GmqView *view, GmqRect area)
{
    GmqLayoutLook look = {view->scroll[GMQ_PANE_FLOW], view->scroll_x, view->flow_filter};

    return gmq_layout_new(view->stage, area, view->glyphs, &look);
}

/* What befalls the broker befalls everything that is in it. */
static const char *
broker_trouble(const GmqPicture *now)
{
    if (now->is_broker_down)
        return _("BROKER DOWN");
    return now->is_broker_frozen ? _("BROKER FROZEN") : NULL;
}

static void
draw_head(GmqScreen *screen, const GmqView *view, const GmqLayoutColumn *column, bool is_first,
          int y)
{
    const char *trouble =
        is_first && column->kind == GMQ_COLUMN_EXCHANGES ? broker_trouble(view->now) : NULL;
    g_autofree char *above =
        column->above > 0 ? g_strdup_printf(_("+%u above "), column->above) : g_strdup("");

    gmq_screen_printf(screen, column->x + 1, y, column->width + 6,
                      trouble != NULL ? GMQ_ROLE_FAULT : GMQ_ROLE_STRONG, " %s %s",
                      trouble != NULL ? trouble : _(heads[column->kind]), above);
}

void
gmq_flow_draw_heads(GmqScreen *screen, const GmqView *view, const GmqLayout *layout, int y)
{
    GmqRect clip = screen->clip;

    screen->clip = (GmqRect){layout->area.x, y, layout->area.width, 1};
    for (int i = 0; i < layout->n_columns; i++) {
        const GmqLayoutColumn *column = &layout->columns[i];
        bool is_first                 = i == 0 || layout->columns[i - 1].kind != column->kind;
        if (column->width > 0)
            draw_head(screen, view, column, is_first, y);
    }
    screen->clip = clip;
}

/* Says how many boxes there are below those that fit, in the last edge of the column. */
static void
draw_hidden(GmqScreen *screen, const GmqLayout *layout)
{
    int y = layout->area.y + layout->area.height - 1;

    for (int i = 0; i < layout->n_columns; i++) {
        const GmqLayoutColumn *column = &layout->columns[i];
        if (column->below > 0)
            gmq_screen_printf(screen, column->x + 1, y, column->width - 1, GMQ_ROLE_DIM,
                              _("+%u more below"), column->below);
    }
}

static const struct {
    const char *sign;
    const char *meaning;
    GmqScreenRole role;
} legend[] = {
    {"(7)", N_("moving"), GMQ_ROLE_MOVING},   {"[6]", N_("stored"), GMQ_ROLE_STORED},
    {"R", N_("redelivered"), GMQ_ROLE_AGAIN}, {"x", N_("cut"), GMQ_ROLE_FAULT},
    {"D", N_("durable"), GMQ_ROLE_STRONG},
};

/* The first column of the screen that is needed in the last row: the legend ends before it. */
static int
legend_end(const GmqLayout *layout)
{
    int bottom = layout->area.y + layout->area.height - 1;
    int end    = layout->area.x + layout->area.width;

    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        if (box->rect.y + box->rect.height > bottom)
            end = MIN(end, box->rect.x - 1);
    }
    for (unsigned i = 0; i < layout->routes->len; i++) {
        const GArray *points = g_array_index(layout->routes, GmqRoute, i).points;
        for (unsigned k = 0; k < points->len; k++) {
            if (g_array_index(points, GmqPoint, k).y == bottom)
                end = MIN(end, g_array_index(points, GmqPoint, k).x - 1);
        }
    }
    for (int i = 0; i < layout->n_columns; i++) {
        if (layout->columns[i].below > 0)
            end = MIN(end, layout->columns[i].x - 1);
    }
    return end;
}

static void
draw_legend(GmqScreen *screen, const GmqLayout *layout)
{
    int y   = layout->area.y + layout->area.height - 1;
    int x   = layout->area.x;
    int end = legend_end(layout);

    for (size_t i = 0; i < G_N_ELEMENTS(legend); i++) {
        const char *meaning = _(legend[i].meaning);
        int width = (int)strlen(legend[i].sign) + gmq_text_width(screen->glyphs, meaning) + 1;
        if (x + width > end)
            return;
        x = gmq_screen_put(screen, x, y, legend[i].role, legend[i].sign);
        x = gmq_screen_put(screen, x + 1, y, GMQ_ROLE_DIM, meaning) + 2;
    }
}

/* What is there is drawn over the outlines of what is not, where they share an edge. */
static void
draw_boxes(GmqScreen *screen, const GmqView *view, const GmqLayout *layout, bool is_there)
{
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        if (gmq_box_is_there(view, box) == is_there)
            gmq_box_draw(screen, view, box);
    }
}

static void
draw_absent_names(GmqScreen *screen, const GmqView *view, const GmqLayout *layout)
{
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        if (!gmq_box_is_there(view, box))
            gmq_box_draw_name(screen, view, box);
    }
}

void
gmq_flow_draw(GmqScreen *screen, const GmqView *view, const GmqLayout *layout)
{
    GmqRect clip = screen->clip;

    screen->clip = layout->area;
    draw_legend(screen, layout);
    gmq_wire_draw_all(screen, view, layout);
    draw_boxes(screen, view, layout, false);
    draw_boxes(screen, view, layout, true);
    draw_absent_names(screen, view, layout);
    draw_hidden(screen, layout);
    if (layout->boxes->len == 0 && view->flow_filter != NULL)
        gmq_screen_printf(screen, layout->area.x + 1, layout->area.y + 1, layout->area.width - 2,
                          GMQ_ROLE_DIM, _("Nothing has \"%s\" in its name."), view->flow_filter);
    screen->clip = clip;
}
