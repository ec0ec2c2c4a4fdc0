/* The main pane: the run in the layout that the reader chose. */
#include <string.h>

#include "viz/flow.h"
#include "viz/pane.h"

/* The head of the box that a click selected. */
static void
draw_selected(GmqScreen *screen, const GmqView *view, const GmqLayout *layout)
{
    if (view->selected.kind == GMQ_PLACE_NONE)
        return;

    const GmqBox *box = gmq_layout_find(layout, view->stage, view->selected);
    if (box != NULL)
        gmq_screen_paint(screen, (GmqRect){box->rect.x, box->rect.y, box->rect.width, 1},
                         GMQ_ROLE_HOT);
}

static void
draw_flow(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autoptr(GmqLayout) layout = gmq_flow_layout(view, rect);

    gmq_flow_draw_heads(screen, view, layout, rect.y - 1);
    gmq_flow_draw(screen, view, layout);
    draw_selected(screen, view, layout);
}

/* Boxes need 80x24; below there is a list, and below 60x20 a table of counters. In a part of a
 * larger screen there is less around them. */
static void
draw_boxes(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    if (view->is_part && view->width >= 60 && view->height >= 8) {
        if (view->width < 80 || rect.y < 2)
            gmq_pane_list(screen, view, rect);
        else
            draw_flow(screen, view, rect);
        return;
    }
    if (view->width < 60 || view->height < 20)
        gmq_pane_table(screen, view, rect);
    else if (view->width < 80 || view->height < 24)
        gmq_pane_list(screen, view, rect);
    else
        draw_flow(screen, view, rect);
}

/* A layout without a drawing is one that nobody has made: it is skipped. */
static const struct {
    const char *name;
    void (*draw)(GmqScreen *screen, const GmqView *view, GmqRect rect);
    unsigned (*length)(const GmqView *view);
    uint64_t (*event_at)(const GmqView *view, unsigned row);
} layouts[GMQ_N_LAYOUTS] = {
    [GMQ_LAYOUT_FLOW]   = {"flow", draw_boxes, NULL, NULL},
    [GMQ_LAYOUT_LADDER] = {"ladder", gmq_pane_ladder, gmq_pane_ladder_length, gmq_pane_ladder_at},
    [GMQ_LAYOUT_TABLE]  = {"table", gmq_pane_queues, gmq_pane_queues_length, gmq_pane_queues_at},
};

bool
gmq_view_has_layout(GmqViewLayout layout)
{
    return layout < GMQ_N_LAYOUTS && layouts[layout].draw != NULL;
}

const char *
gmq_view_layout_name(GmqViewLayout layout)
{
    return layouts[layout].name;
}

GmqViewLayout
gmq_view_layout_find(const char *name)
{
    GmqViewLayout layout = GMQ_LAYOUT_FLOW;

    while (layout < GMQ_N_LAYOUTS && strcmp(layouts[layout].name, name) != 0)
        layout++;
    return layout;
}

void
gmq_pane_main(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    layouts[view->layout].draw(screen, view, rect);
}

unsigned
gmq_pane_main_length(const GmqView *view)
{
    return layouts[view->layout].length != NULL ? layouts[view->layout].length(view) : 0;
}

uint64_t
gmq_pane_main_at(const GmqView *view, unsigned row)
{
    return layouts[view->layout].event_at != NULL ? layouts[view->layout].event_at(view, row) : 0;
}
