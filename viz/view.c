#include "viz/view.h"

#include "viz/flow.h"
#include "viz/glyphs.h"
#include "viz/pane.h"

/* The layouts, from the largest; the first that fits is taken. */
typedef void (*DrawLayout)(GmqScreen *screen, const GmqView *view);

/* ---- basic and medium: rules between panes ---- */

static void
draw_flow(GmqScreen *screen, const GmqView *view, GmqRect area, int heads_y)
{
    g_autoptr(GmqLayout) layout =
        gmq_layout_new(view->stage, area, view->glyphs, view->scroll[GMQ_PANE_FLOW]);

    gmq_flow_draw_heads(screen, layout, heads_y);
    gmq_flow_draw(screen, view->stage, view->now, layout);
}

/* Bottom rows that every layout but the tiny one ends with. */
static void
draw_foot(GmqScreen *screen, const GmqView *view)
{
    int width  = screen->width;
    int bottom = screen->height - 1;

    gmq_pane_counters(screen, view, (GmqRect){1, bottom - 2, width - 2, 1});
    gmq_pane_time_bar(screen, view, (GmqRect){1, bottom - 1, width - 2, 1});
    gmq_pane_keys(screen, view, (GmqRect){1, bottom, width - 2, 1});
}

static void
draw_basic(GmqScreen *screen, const GmqView *view)
{
    int width  = view->width;
    int spare  = view->height - 24;
    int story  = view->height >= 30 ? 5 : 3;
    int events = 3 + spare / 4;
    int flow   = view->height - 8 - story - events;
    int y      = 2;

    gmq_pane_title(screen, view, 0);
    gmq_rule_draw(screen, 0, 1, width, "");
    draw_flow(screen, view, (GmqRect){1, y, width - 1, flow}, 1);
    y += flow;
    gmq_rule_draw(screen, 0, y, width, "STORY");
    gmq_pane_story(screen, view, (GmqRect){1, y + 1, width - 2, story});
    y += story + 1;
    gmq_pane_rule(screen, view, 0, y, width, "LAST EVENTS", GMQ_PANE_EVENTS);
    gmq_pane_events(screen, view, (GmqRect){0, y + 1, width - 1, events});
    gmq_rule_draw(screen, 0, view->height - 4, width, "");
    draw_foot(screen, view);
}

/* ---- full: frames side by side ---- */

/* A frame with its title; returns what is inside, with a column of air at both sides. */
static GmqRect
draw_frame(GmqScreen *screen, const GmqView *view, GmqRect rect, const char *title, int pane)
{
    g_autofree char *focused = g_strdup_printf("[%s]", title);

    gmq_frame_draw(screen, rect, 0, GMQ_ROLE_DIM);
    gmq_screen_printf(screen, rect.x + 2, rect.y, rect.width - 4, GMQ_ROLE_STRONG, " %s ",
                      (int)view->focus == pane ? focused : title);
    return (GmqRect){rect.x + 2, rect.y + 1, rect.width - 4, rect.height - 2};
}

static void
draw_full(GmqScreen *screen, const GmqView *view)
{
    int width  = view->width;
    int side   = MIN(54 + (width - 160) / 3, 80);
    int story  = 9;
    int events = 10 + (view->height - 48) / 3;
    int flow   = view->height - 4 - story - events;
    int left   = width - side;
    GmqRect inside;

    gmq_pane_title(screen, view, 0);
    inside = draw_frame(screen, view, (GmqRect){0, 1, left, flow}, "", -1);
    draw_flow(screen, view, (GmqRect){inside.x, inside.y, inside.width, inside.height}, 1);
    inside = draw_frame(screen, view, (GmqRect){left, 1, side, flow}, "MESSAGE", GMQ_PANE_MESSAGE);
    gmq_pane_message(screen, view, inside);

    int y    = 1 + flow;
    int tale = MAX(66, width * 2 / 5);
    inside   = draw_frame(screen, view, (GmqRect){0, y, tale, story}, "STORY", -1);
    inside.y++;
    inside.height--;
    gmq_pane_story(screen, view, inside);
    inside = draw_frame(screen, view, (GmqRect){tale, y, width - tale, story},
                        "FAULTS AND CAPTIONS", GMQ_PANE_MARKS);
    gmq_pane_marks(screen, view, inside);

    y += story;
    inside = draw_frame(screen, view, (GmqRect){0, y, width - 36, events}, "LAST EVENTS",
                        GMQ_PANE_EVENTS);
    gmq_pane_events(screen, view, inside);
    inside = draw_frame(screen, view, (GmqRect){width - 36, y, 36, events}, "TOTALS", -1);
    gmq_pane_totals(screen, view, inside);
    draw_foot(screen, view);
}

/* ---- small and tiny ---- */

static void
draw_small(GmqScreen *screen, const GmqView *view)
{
    int width = view->width;
    int list  = view->height - 11;

    gmq_pane_title(screen, view, 0);
    gmq_pane_list(screen, view, (GmqRect){0, 1, width, list});
    gmq_rule_draw(screen, 0, 1 + list, width, "STORY");
    gmq_pane_story(screen, view, (GmqRect){1, 2 + list, width - 2, 3});
    gmq_pane_rule(screen, view, 0, 5 + list, width, "LAST EVENTS", GMQ_PANE_EVENTS);
    gmq_pane_events(screen, view, (GmqRect){0, 6 + list, width, 2});
    draw_foot(screen, view);
}

static void
draw_tiny(GmqScreen *screen, const GmqView *view)
{
    int height = view->height;
    int keys   = height >= 4 ? 1 : 0;

    gmq_pane_title(screen, view, 0);
    if (height > 1)
        gmq_pane_table(screen, view, (GmqRect){0, 1, view->width, height - 1 - keys});
    if (keys > 0)
        gmq_pane_keys(screen, view, (GmqRect){0, height - 1, view->width, 1});
}

/* ---- which one ---- */

#define PANE(pane) (1u << GMQ_PANE_##pane)

static const struct {
    int width;
    int height;
    unsigned panes;
    DrawLayout draw;
} layouts[] = {
    {160, 48, PANE(FLOW) | PANE(EVENTS) | PANE(MESSAGE) | PANE(MARKS), draw_full},
    {80, 24, PANE(FLOW) | PANE(EVENTS), draw_basic},
    {60, 20, PANE(FLOW) | PANE(EVENTS), draw_small},
    {1, 1, PANE(FLOW), draw_tiny},
};

static size_t
find_layout(int width, int height)
{
    size_t i = 0;

    while (i + 1 < G_N_ELEMENTS(layouts) &&
           (width < layouts[i].width || height < layouts[i].height))
        i++;
    return i;
}

unsigned
gmq_view_panes(int width, int height)
{
    return layouts[find_layout(width, height)].panes;
}

GmqScreen *
gmq_view_draw(const GmqView *view)
{
    GmqScreen *screen = gmq_screen_new(view->width, view->height, view->glyphs);

    if (view->is_help) {
        GmqRect all = {view->width > 60 ? 2 : 0, 0, view->width, view->height};
        gmq_pane_help(screen, view, all);
        return screen;
    }
    layouts[find_layout(view->width, view->height)].draw(screen, view);
    return screen;
}
