#include "viz/view.h"

#include "viz/glyphs.h"
#include "viz/pane.h"

/* ---- where the panes stand ---- */

static void
place(GArray *slots, GmqPane pane, int x, int y, int width, int height)
{
    GmqViewSlot slot = {pane, {x, y, MAX(width, 0), MAX(height, 0)}};

    g_array_append_val(slots, slot);
}

/* What is inside a frame with a column of air at both sides. */
static void
place_framed(GArray *slots, GmqPane pane, int x, int y, int width, int height)
{
    place(slots, pane, x + 2, y + 1, width - 4, height - 2);
}

/* Rules between the panes, whose first line is the one below its rule. */
static void
place_basic(const GmqView *view, GArray *slots)
{
    int width  = view->width;
    int spare  = view->height - 24;
    int story  = view->height >= 30 ? 5 : 3;
    int events = 3 + spare / 4;
    int flow   = view->height - 8 - story - events;

    place(slots, GMQ_PANE_FLOW, 1, 2, width - 1, flow);
    place(slots, GMQ_PANE_STORY, 1, 3 + flow, width - 2, story);
    place(slots, GMQ_PANE_EVENTS, 0, 4 + flow + story, width - 1, events);
}

/* Frames side by side. */
static void
place_full(const GmqView *view, GArray *slots)
{
    bool has_links = gmq_pane_info(GMQ_PANE_LINKS) != NULL;
    int width      = view->width;
    int side       = MIN(54 + (width - 160) / 3, 80);
    int story      = 9;
    int events     = 10 + (view->height - 48) / 3;
    int flow       = view->height - 4 - story - events;
    int left       = width - side;
    int tale       = MAX(66, width * 2 / 5);

    place_framed(slots, GMQ_PANE_FLOW, 0, 1, left, flow);
    place_framed(slots, GMQ_PANE_FOLLOW, left, 1, side, flow);
    place_framed(slots, GMQ_PANE_STORY, 0, 1 + flow, tale, story);
    place_framed(slots, has_links ? GMQ_PANE_LINKS : GMQ_PANE_MARKS, tale, 1 + flow, width - tale,
                 story);
    place_framed(slots, GMQ_PANE_EVENTS, 0, 1 + flow + story, width - 50, events);
    place_framed(slots, GMQ_PANE_CHECKS, width - 50, 1 + flow + story, 50, events);
}

/* Frames as well, with room for one pane at the side. */
static void
place_medium(const GmqView *view, GArray *slots)
{
    int width  = view->width;
    int side   = 44 + (width - 100) / 3;
    int left   = width - side;
    int story  = 7;
    int events = 5 + (view->height - 30) / 3;
    int flow   = view->height - 4 - story - events;

    place_framed(slots, GMQ_PANE_FLOW, 0, 1, width, flow);
    place_framed(slots, GMQ_PANE_STORY, 0, 1 + flow, left, story);
    place_framed(slots, GMQ_PANE_EVENTS, 0, 1 + flow + story, left, events);
    place_framed(slots, GMQ_PANE_FOLLOW, left, 1 + flow, side, story + events);
}

/* No boxes. */
static void
place_small(const GmqView *view, GArray *slots)
{
    int width = view->width;
    int list  = view->height - 11;

    place(slots, GMQ_PANE_FLOW, 0, 1, width, list);
    place(slots, GMQ_PANE_STORY, 1, 2 + list, width - 2, 3);
    place(slots, GMQ_PANE_EVENTS, 0, 6 + list, width, 2);
}

/* What is below a part is not its own: there may be few rows, and boxes need most of them. */
static void
place_part(const GmqView *view, GArray *slots)
{
    int width  = view->width;
    int events = view->height >= 16 ? 3 : 2;
    int flow   = view->height - 5 - events;

    place(slots, GMQ_PANE_FLOW, 1, 2, width - 1, flow);
    place(slots, GMQ_PANE_EVENTS, 0, 3 + flow, width - 1, events);
}

static void
place_flow_part(const GmqView *view, GArray *slots)
{
    place(slots, GMQ_PANE_FLOW, 1, 2, view->width - 1, view->height - 4);
}

static void
place_small_part(const GmqView *view, GArray *slots)
{
    int list = view->height - 6;

    place(slots, GMQ_PANE_FLOW, 0, 1, view->width, list);
    place(slots, GMQ_PANE_EVENTS, 0, 2 + list, view->width, 2);
}

/* A title, counters, and a line of keys where there is one left. */
static void
place_tiny(const GmqView *view, GArray *slots)
{
    int keys = view->height >= 4 ? 1 : 0;

    place(slots, GMQ_PANE_FLOW, 0, 1, view->width, view->height - 1 - keys);
}

/* The pane that has the focus, alone between title and foot. */
static void
place_zoomed(const GmqView *view, GArray *slots)
{
    place(slots, view->focus, 1, 2, view->width - 2, view->height - 6);
}

typedef enum {
    STYLE_PLAIN,  /* one pane, no rules and no foot */
    STYLE_PART,   /* rules, and a foot without counters */
    STYLE_RULES,  /* a rule above each pane but the first, which has one where there is room */
    STYLE_FRAMES, /* a frame around each pane */
} Style;

typedef struct {
    int width;
    int height;
    Style style;
    bool has_top_rule;
    bool has_foot_rule;
    GmqPane lender; /* whose place a pane takes that has none of its own */
    void (*place)(const GmqView *view, GArray *slots);
} Arrangement;

/* From the largest; the first that fits is taken, and the last one always does. */
static const Arrangement arrangements[] = {
    {160, 48, STYLE_FRAMES, false, false, GMQ_PANE_EVENTS, place_full},
    {100, 30, STYLE_FRAMES, false, false, GMQ_PANE_FOLLOW, place_medium},
    {80, 24, STYLE_RULES, true, true, GMQ_PANE_EVENTS, place_basic},
    {60, 20, STYLE_RULES, false, false, GMQ_PANE_EVENTS, place_small},
    {1, 1, STYLE_PLAIN, false, false, GMQ_PANE_FLOW, place_tiny},
};

/* The same for a part of a larger screen. */
static const Arrangement parts[] = {
    {160, 48, STYLE_FRAMES, false, false, GMQ_PANE_EVENTS, place_full},
    {100, 30, STYLE_FRAMES, false, false, GMQ_PANE_FOLLOW, place_medium},
    {80, 15, STYLE_PART, true, false, GMQ_PANE_EVENTS, place_part},
    {80, 11, STYLE_PART, true, false, GMQ_PANE_FLOW, place_flow_part},
    {60, 8, STYLE_PART, false, false, GMQ_PANE_EVENTS, place_small_part},
    {1, 1, STYLE_PLAIN, false, false, GMQ_PANE_FLOW, place_tiny},
};

static const Arrangement zoomed = {20, 10, STYLE_RULES, true, true, GMQ_PANE_FLOW, place_zoomed};

static const Arrangement *
arrangement_of(const GmqView *view)
{
    const Arrangement *fitting = view->is_part ? parts : arrangements;

    if (view->is_zoomed && view->width >= zoomed.width && view->height >= zoomed.height)
        return &zoomed;
    while (view->width < fitting->width || view->height < fitting->height)
        fitting++;
    return fitting;
}

static GmqViewSlot *
find_slot(GArray *slots, GmqPane pane)
{
    for (unsigned i = 0; i < slots->len; i++) {
        GmqViewSlot *slot = &g_array_index(slots, GmqViewSlot, i);
        if (slot->pane == pane)
            return slot;
    }
    return NULL;
}

/* The focus is always seen: a pane without a place takes that of another. */
GArray *
gmq_view_slots(const GmqView *view)
{
    GArray *slots = g_array_new(FALSE, FALSE, sizeof(GmqViewSlot));

    arrangement_of(view)->place(view, slots);
    if (find_slot(slots, view->focus) == NULL) {
        find_slot(slots, arrangement_of(view)->lender)->pane = view->focus;
    }
    return slots;
}

unsigned
gmq_view_panes(void)
{
    unsigned panes = 0;

    for (GmqPane pane = GMQ_PANE_FLOW; pane < GMQ_N_PANES; pane++) {
        if (gmq_pane_info(pane) != NULL)
            panes |= 1u << pane;
    }
    return panes;
}

/* ---- drawing ---- */

static void
draw_frame(GmqScreen *screen, const GmqView *view, const GmqViewSlot *slot)
{
    g_autofree char *title = gmq_pane_heading(view, slot->pane);
    GmqRect rect           = {slot->rect.x - 2, slot->rect.y - 1, slot->rect.width + 4,
                              slot->rect.height + 2};

    gmq_frame_draw(screen, rect, 0, GMQ_ROLE_DIM);
    if (*title != '\0')
        gmq_screen_printf(screen, rect.x + 2, rect.y, rect.width - 4, GMQ_ROLE_STRONG, " %s ",
                          title);
}

static void
draw_around(GmqScreen *screen, const GmqView *view, const GmqViewSlot *slot)
{
    const Arrangement *arrangement = arrangement_of(view);

    if (arrangement->style == STYLE_FRAMES)
        draw_frame(screen, view, slot);
    else if (arrangement->style >= STYLE_PART && (slot->rect.y > 1 || arrangement->has_top_rule))
        gmq_pane_rule(screen, view, 0, slot->rect.y - 1, screen->width, slot->pane);
}

/* Bottom rows that every layout but the tiny one ends with. */
static void
draw_foot(GmqScreen *screen, const GmqView *view, const Arrangement *arrangement)
{
    int width  = screen->width;
    int bottom = screen->height - 1;

    if (arrangement->style == STYLE_PLAIN) {
        if (bottom >= 3)
            gmq_pane_keys(screen, view, (GmqRect){0, bottom, width, 1});
        return;
    }
    if (arrangement->has_foot_rule)
        gmq_rule_draw(screen, 0, bottom - 3, width, "");
    if (arrangement->style != STYLE_PART)
        gmq_pane_counters(screen, view, (GmqRect){1, bottom - 2, width - 2, 1});
    gmq_pane_time_bar(screen, view, (GmqRect){1, bottom - 1, width - 2, 1});
    gmq_pane_keys(screen, view, (GmqRect){1, bottom, width - 1, 1});
}

GmqRect
gmq_view_time_bar(const GmqView *view)
{
    GmqRect row = {1, view->height - 2, view->width - 2, 1};

    if (view->is_help || arrangement_of(view)->style == STYLE_PLAIN)
        return (GmqRect){0, 0, 0, 0};
    return gmq_pane_time_columns(view, row);
}

static void
draw_panes(GmqScreen *screen, const GmqView *view)
{
    g_autoptr(GArray) slots = gmq_view_slots(view);

    for (unsigned i = 0; i < slots->len; i++) {
        const GmqViewSlot *slot = &g_array_index(slots, GmqViewSlot, i);
        draw_around(screen, view, slot);
        if (slot->rect.width > 0 && slot->rect.height > 0)
            gmq_pane_info(slot->pane)->draw(screen, view, slot->rect);
    }
}

GmqScreen *
gmq_view_draw(const GmqView *view)
{
    GmqScreen *screen = gmq_screen_new(view->width, view->height, view->glyphs);

    if (view->is_help) {
        int margin  = view->width > 60 ? 1 : 0;
        GmqRect all = {margin, 0, view->width - margin, view->height};
        gmq_pane_help(screen, view, all);
    } else {
        gmq_pane_title(screen, view, 0);
        draw_panes(screen, view);
        draw_foot(screen, view, arrangement_of(view));
    }
    gmq_pane_prompt(screen, view);
    return screen;
}
