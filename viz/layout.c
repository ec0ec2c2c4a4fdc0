#include "viz/layout-part.h"

GArray *
gmq_layout_column(const GmqStage *stage, GmqColumnKind column)
{
    const GmqPlaces *places = gmq_stage_places(stage);
    int exchanges           = gmq_places_exchange_columns(places);
    int first               = column == GMQ_COLUMN_PRODUCERS   ? 0
                              : column == GMQ_COLUMN_EXCHANGES ? 1
                                                               : exchanges + (int)column - 1;
    int n                   = column == GMQ_COLUMN_EXCHANGES ? exchanges : 1;
    GArray *all             = gmq_places_column(places, first);

    for (int i = 1; i < n; i++) {
        g_autoptr(GArray) more = gmq_places_column(places, first + i);
        g_array_append_vals(all, more->data, more->len);
    }
    return all;
}

static void
clear_route(void *route)
{
    g_array_free(((GmqRoute *)route)->points, TRUE);
}

GmqLayout *
gmq_layout_new(const GmqStage *stage, GmqRect area, GmqGlyphs glyphs, const GmqLayoutLook *look)
{
    static const GmqLayoutLook nothing = {0, 0, NULL};
    GmqLayout *layout                  = g_new0(GmqLayout, 1);
    GmqCast cast;

    if (look == NULL)
        look = &nothing;
    layout->area     = area;
    layout->scroll_x = (int)MIN(look->scroll_x, G_MAXINT);
    layout->boxes    = g_array_new(FALSE, FALSE, sizeof(GmqBox));
    layout->edges    = g_array_new(FALSE, FALSE, sizeof(unsigned));
    layout->wires    = g_array_new(FALSE, FALSE, sizeof(GmqWire));
    layout->routes   = g_array_new(FALSE, FALSE, sizeof(GmqRoute));
    g_array_set_clear_func(layout->routes, clear_route);

    gmq_cast_init(&cast, stage, look->filter);
    gmq_layout_set_columns(layout, &cast, stage, glyphs);
    gmq_layout_add_boxes(layout, &cast, stage, glyphs, look->scroll);
    gmq_cast_clear(&cast);

    g_autoptr(GArray) lines = gmq_layout_find_lines(layout, stage);
    gmq_layout_add_wires(layout, lines);
    gmq_layout_add_routes(layout, lines);
    return layout;
}

void
gmq_layout_free(GmqLayout *layout)
{
    g_array_free(layout->boxes, TRUE);
    g_array_free(layout->edges, TRUE);
    g_array_free(layout->wires, TRUE);
    g_array_free(layout->routes, TRUE);
    g_free(layout);
}

/* ---- what is where ---- */

static bool
is_same(GmqPlace one, GmqPlace other)
{
    return one.kind == other.kind && one.index == other.index;
}

const GmqBox *
gmq_layout_find(const GmqLayout *layout, const GmqStage *stage, GmqPlace place)
{
    const GmqSpot *spot = gmq_places_find(gmq_stage_places(stage), place);
    const GmqBox *group = NULL;

    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        if (box->group < 0 && is_same(box->place, place))
            return box;
        if (spot != NULL && box->group >= 0 && box->group == spot->group)
            group = box;
    }
    return group;
}

const GmqBox *
gmq_layout_hit(const GmqLayout *layout, int x, int y)
{
    const GmqRect *area = &layout->area;

    if (x < area->x || x >= area->x + area->width || y < area->y || y >= area->y + area->height)
        return NULL;
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box   = &g_array_index(layout->boxes, GmqBox, i);
        const GmqRect *rect = &box->rect;
        if (x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height)
            return box;
    }
    return NULL;
}

unsigned
gmq_layout_scroll_most(const GmqLayout *layout)
{
    unsigned most = 0;

    for (int i = 0; i < layout->n_columns; i++)
        most = MAX(most, layout->columns[i].above + layout->columns[i].below);
    return most;
}

unsigned
gmq_layout_scroll_x_most(const GmqLayout *layout)
{
    return (unsigned)(layout->width - layout->area.width);
}

int
gmq_box_lines(const GmqBox *box)
{
    return box->rect.height - 2;
}
