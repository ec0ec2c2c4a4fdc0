#include "viz/pane.h"

#include <string.h>

#include "viz/event-line.h"
#include "viz/glyphs.h"

/* ---- title ---- */

static const char *
state_word(const GmqView *view)
{
    if (view->is_running)
        return "RUNNING";
    return view->now->event == gmq_trace_length(view->stage->trace) ? "END" : "PAUSED";
}

void
gmq_pane_title(GmqScreen *screen, const GmqView *view, int y)
{
    const GmqTraceInfo *info = gmq_trace_info(view->stage->trace);
    size_t length            = gmq_trace_length(view->stage->trace);
    g_autofree char *time    = gmq_event_time(view->now->time_ns);
    g_autofree char *event =
        g_strdup_printf("event %" G_GUINT64_FORMAT " / %zu ", view->now->event, length);
    g_autofree char *clock =
        g_strdup_printf("SIM  t %-7s  %-5s  %-7s   %s", time, view->speed, state_word(view), event);
    g_autofree char *brief = g_strdup_printf("%s %" G_GUINT64_FORMAT "/%zu %s", state_word(view),
                                             view->now->event, length, time);
    int width              = screen->width;

    gmq_screen_paint(screen, (GmqRect){0, y, width, 1}, GMQ_ROLE_BAR);
    if (width < 60) {
        gmq_screen_put_in(screen, width > 20 ? 1 : 0, y, width, GMQ_ROLE_BAR, brief);
        return;
    }
    int x    = gmq_screen_put(screen, 1, y, GMQ_ROLE_BAR, width >= 80 ? "GlassMQ  " : "");
    int room = width - (int)strlen(clock) - 2;
    x        = gmq_screen_put_in(screen, x, y, room - x, GMQ_ROLE_BAR, info->scenario) + 3;
    if (x + 20 < room)
        gmq_screen_put_in(screen, x, y, room - x, GMQ_ROLE_BAR, info->title);
    gmq_screen_put_right(screen, 0, y, width, GMQ_ROLE_BAR, clock);
}

char *
gmq_pane_heading(const GmqView *view, GmqPane pane)
{
    const GmqPaneInfo *info = gmq_pane_info(pane);

    if (pane == GMQ_PANE_FLOW)
        return view->layout == GMQ_LAYOUT_FLOW
                   ? g_strdup("")
                   : g_ascii_strup(gmq_view_layout_name(view->layout), -1);

    g_autofree char *made = info->make_title != NULL ? info->make_title(view) : NULL;
    const char *title     = made != NULL ? made : info->title;
    return g_strdup_printf(view->focus == pane ? "[%s]" : "%s", title);
}

void
gmq_pane_rule(GmqScreen *screen, const GmqView *view, int x, int y, int width, GmqPane pane)
{
    g_autofree char *heading = gmq_pane_heading(view, pane);

    gmq_rule_draw(screen, x, y, width, heading);
}

/* ---- counters ---- */

void
gmq_pane_counters(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    const GmqPictureTotals *totals = &view->now->totals;
    const GmqPictureTotals *whole  = &view->stage->whole->totals;
    const GmqTraceInfo *info       = gmq_trace_info(view->stage->trace);
    bool is_end = view->now->event == gmq_trace_length(view->stage->trace) && info->verdict != NULL;
    g_autofree char *broken =
        g_strdup_printf("checks %" G_GUINT64_FORMAT " BROKEN", totals->checks_broken);
    g_autofree char *verdict = g_strdup_printf("  verdict %s", is_end ? info->verdict : "");
    const struct {
        const char *word;
        uint64_t count;
        bool is_shown;
    } counters[] = {
        {"published", totals->published, true},
        {"confirmed", totals->confirmed, whole->confirmed > 0},
        {"processed", totals->processed, whole->processed > 0},
        {"redelivered", totals->redelivered, true},
        {"returned", totals->returned, whole->returned > 0},
        {"no route", totals->unroutable, whole->unroutable > 0},
    };

    int end = rect.x + rect.width;
    int x   = gmq_screen_put_in(screen, rect.x, rect.y, rect.width,
                              totals->checks_broken > 0 ? GMQ_ROLE_FAULT : GMQ_ROLE_GOOD,
                              totals->checks_broken > 0 ? broken : "checks ok");
    if (view->now->is_broker_down)
        x = gmq_screen_put_in(screen, x, rect.y, end - x, GMQ_ROLE_FAULT, "  BROKER DOWN");
    if (is_end)
        x = gmq_screen_put_in(screen, x, rect.y, end - x,
                              strcmp(info->verdict, "held") == 0 ? GMQ_ROLE_GOOD : GMQ_ROLE_FAULT,
                              verdict);
    x = gmq_screen_put_in(screen, x, rect.y, end - x, GMQ_ROLE_DIM, " | ");
    for (size_t i = 0; i < G_N_ELEMENTS(counters); i++) {
        g_autofree char *text =
            g_strdup_printf("%s %" G_GUINT64_FORMAT "  ", counters[i].word, counters[i].count);
        if (counters[i].is_shown && x + (int)strlen(text) - 2 <= end)
            x = gmq_screen_put(screen, x, rect.y, GMQ_ROLE_NORMAL, text);
    }
}

/* ---- time ---- */

static int
column_of(const GmqView *view, int64_t time_ns, int width)
{
    if (view->stage->end_ns <= 0)
        return 0;
    return (int)CLAMP(time_ns * (width - 1) / view->stage->end_ns, 0, width - 1);
}

static void
put_sign(GmqScreen *screen, int x, int y, GmqScreenRole role, GmqSign sign)
{
    gmq_screen_put(screen, x, y, role, gmq_sign(screen->glyphs, sign));
}

static void
draw_line(GmqScreen *screen, const GmqView *view, int x, int y, int width)
{
    int now = column_of(view, view->now->time_ns, width);

    for (int i = 0; i < width; i++)
        put_sign(screen, x + i, y, GMQ_ROLE_DIM, i < now ? GMQ_SIGN_PASSED : GMQ_SIGN_AHEAD);
    for (unsigned i = 0; i < view->stage->gaps->len; i++) {
        const GmqGap *gap = &g_array_index(view->stage->gaps, GmqGap, i);
        int end           = column_of(view, gap->to_ns, width);
        for (int c = column_of(view, gap->from_ns, width) + 1; c < end; c++)
            put_sign(screen, x + c, y, GMQ_ROLE_DIM, GMQ_SIGN_GAP);
    }
}

/* Faults are drawn over captions: they must be seen. */
static void
draw_marks(GmqScreen *screen, const GmqView *view, int x, int y, int width, bool are_faults)
{
    for (unsigned i = 0; i < view->stage->marks->len; i++) {
        uint64_t number            = g_array_index(view->stage->marks, uint64_t, i);
        const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, number);
        if (gmq_stage_is_fault(event->kind) == are_faults)
            put_sign(screen, x + column_of(view, event->time_ns, width), y,
                     are_faults ? GMQ_ROLE_FAULT : GMQ_ROLE_NORMAL,
                     are_faults ? GMQ_SIGN_FAULT : GMQ_SIGN_CAPTION);
    }
}

/* "8s", "2.5s" */
static char *
short_time(int64_t time_ns)
{
    int64_t tenths = (time_ns + 50000000) / 100000000;

    if (tenths % 10 == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT "s", tenths / 10);
    return g_strdup_printf("%" G_GINT64_FORMAT ".%ds", tenths / 10, (int)(tenths % 10));
}

GmqRect
gmq_pane_time_columns(const GmqView *view, GmqRect rect)
{
    g_autofree char *end = short_time(view->stage->end_ns);
    int width            = rect.width - 7 - (int)strlen(end);

    return (GmqRect){rect.x + 4, rect.y, width < 8 ? 0 : width, 1};
}

void
gmq_pane_time_bar(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autofree char *end = short_time(view->stage->end_ns);
    GmqRect bar          = gmq_pane_time_columns(view, rect);

    if (bar.width == 0)
        return;
    gmq_screen_put(screen, rect.x, bar.y, GMQ_ROLE_DIM, "0s [");
    draw_line(screen, view, bar.x, bar.y, bar.width);
    draw_marks(screen, view, bar.x, bar.y, bar.width, false);
    draw_marks(screen, view, bar.x, bar.y, bar.width, true);
    put_sign(screen, bar.x + column_of(view, view->now->time_ns, bar.width), bar.y, GMQ_ROLE_HOT,
             GMQ_SIGN_NOW);
    gmq_screen_printf(screen, bar.x + bar.width, bar.y, 3 + (int)strlen(end), GMQ_ROLE_DIM, "] %s",
                      end);
}
