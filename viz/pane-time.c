/* The time bar: the whole run from left to right, and where the moment is. */
#include <string.h>

#include "sim/language.h"
#include "viz/event-line.h"
#include "viz/glyphs.h"
#include "viz/links.h"
#include "viz/pane.h"

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

/* The times in which a line is cut, clogged or worse than it was. */
static void
draw_bad_times(GmqScreen *screen, const GmqView *view, GmqRect bar)
{
    g_autoptr(GArray) bad = gmq_links_bad_times(view->stage);

    for (unsigned i = 0; i < bad->len; i++) {
        const GmqGap *time = &g_array_index(bad, GmqGap, i);
        int end            = column_of(view, time->to_ns, bar.width);
        for (int c = column_of(view, time->from_ns, bar.width); c <= end; c++)
            put_sign(screen, bar.x + c, bar.y, GMQ_ROLE_FAULT, GMQ_SIGN_BAD);
    }
}

/* Where the message that is followed did something, up to now. */
static void
draw_message(GmqScreen *screen, const GmqView *view, GmqRect bar)
{
    for (uint64_t n = 1; view->follow != NULL && n <= view->now->event; n++) {
        const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, n);
        if (gmq_message_same(event->message, view->follow))
            put_sign(screen, bar.x + column_of(view, event->time_ns, bar.width), bar.y,
                     GMQ_ROLE_MOVING, GMQ_SIGN_MESSAGE);
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

/* ---- what the signs mean ---- */

/* Only what is there is told. */
static char *
legend(const GmqView *view)
{
    GString *text         = g_string_new(NULL);
    g_autoptr(GArray) bad = gmq_links_bad_times(view->stage);
    bool has_fault = false, has_caption = false;

    for (unsigned i = 0; i < view->stage->marks->len; i++) {
        uint64_t number   = g_array_index(view->stage->marks, uint64_t, i);
        GmqEventKind kind = gmq_trace_event(view->stage->trace, number)->kind;
        has_fault |= gmq_stage_is_fault(kind);
        has_caption |= gmq_stage_is_caption(kind);
    }
    const struct {
        GmqSign sign;
        const char *word;
        bool is_there;
    } signs[] = {
        {GMQ_SIGN_CAPTION, _("caption"), has_caption},
        {GMQ_SIGN_FAULT, _("fault"), has_fault},
        {GMQ_SIGN_BAD, _("bad link"), bad->len > 0},
        {GMQ_SIGN_GAP, _("idle"), view->stage->gaps->len > 0},
        {GMQ_SIGN_MESSAGE, _("followed"), view->follow != NULL},
        {GMQ_SIGN_NOW, _("now"), true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (signs[i].is_there)
            g_string_append_printf(text, "  %s %s", gmq_sign(view->glyphs, signs[i].sign),
                                   signs[i].word);
    }
    return g_string_free(text, FALSE);
}

/* Wide bars have their legend at the end. */
static int
legend_width(const GmqView *view, GmqRect rect)
{
    g_autofree char *text = rect.width >= 130 ? legend(view) : g_strdup("");

    return gmq_text_width(view->glyphs, text);
}

GmqRect
gmq_pane_time_columns(const GmqView *view, GmqRect rect)
{
    g_autofree char *end = short_time(view->stage->end_ns);
    int width            = rect.width - 7 - (int)strlen(end) - legend_width(view, rect);

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
    draw_bad_times(screen, view, bar);
    draw_marks(screen, view, bar.x, bar.y, bar.width, false);
    draw_message(screen, view, bar);
    draw_marks(screen, view, bar.x, bar.y, bar.width, true);
    put_sign(screen, bar.x + column_of(view, view->now->time_ns, bar.width), bar.y, GMQ_ROLE_HOT,
             GMQ_SIGN_NOW);
    gmq_screen_printf(screen, bar.x + bar.width, bar.y, 3 + (int)strlen(end), GMQ_ROLE_DIM, "] %s",
                      end);
    if (legend_width(view, rect) == 0)
        return;
    g_autofree char *words = legend(view);
    gmq_screen_put_right(screen, rect.x, rect.y, rect.width, GMQ_ROLE_DIM, words);
}
