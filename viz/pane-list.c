#include <string.h>

#include "viz/event-line.h"
#include "viz/glyphs.h"
#include "viz/pane.h"

/* ---- one event a line ---- */

static GmqScreenRole
line_role(const GmqView *view, const GmqTraceEvent *event)
{
    if (event->number == view->now->event)
        return GMQ_ROLE_HOT;
    return gmq_stage_is_fault(event->kind) ? GMQ_ROLE_FAULT : GMQ_ROLE_NORMAL;
}

static void
draw_event(GmqScreen *screen, const GmqView *view, const GmqTraceEvent *event, int x, int y,
           int width)
{
    GmqScreenRole role    = line_role(view, event);
    g_autofree char *time = gmq_event_time(event->time_ns);
    g_autofree char *what = gmq_event_words(view->stage, event);
    g_autofree char *head = g_strdup_printf("%5" G_GUINT64_FORMAT " %8s  ", event->number, time);
    int end               = x + width;
    int at                = x;

    at = gmq_screen_put_in(
        screen, at, y, end - at, role,
        event->number == view->now->event ? gmq_sign(screen->glyphs, GMQ_SIGN_HERE) : " ");
    at = gmq_screen_put_in(screen, at, y, end - at, role, head);
    gmq_screen_put_name(screen, at, y, MIN(9, end - at), role, gmq_event_actor(event));
    at += 10;
    if (event->cause > 0 && width >= 70) {
        g_autofree char *cause = g_strdup_printf("cause #%" G_GUINT64_FORMAT, event->cause);
        end -= 14;
        gmq_screen_put_in(screen, end + 1, y, 13, GMQ_ROLE_DIM, cause);
    }
    gmq_screen_put_in(screen, at, y, end - at, role, what);
}

/* The last events, the current one lowest unless somebody scrolled back. */
void
gmq_pane_events(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    uint64_t back  = view->scroll[GMQ_PANE_EVENTS];
    uint64_t last  = view->now->event > back ? view->now->event - back : 0;
    uint64_t first = last >= (uint64_t)rect.height ? last - (uint64_t)rect.height + 1 : 1;
    int line       = 0;

    for (uint64_t n = first; n <= last; n++)
        draw_event(screen, view, gmq_trace_event(view->stage->trace, n), rect.x, rect.y + line++,
                   rect.width);
}

/* ---- the life of one message ---- */

/* The message of the current event, or the last one that was seen before it. */
static const char *
current_message(const GmqView *view)
{
    for (uint64_t n = view->now->event; n > 0; n--) {
        const char *message = gmq_trace_event(view->stage->trace, n)->message;
        if (*message != '\0')
            return message;
    }
    return "";
}

static bool
is_about(const GmqView *view, const GmqTraceEvent *event, const char *message, size_t stem)
{
    return *event->message != '\0' &&
           gmq_picture_stem(view->stage->whole, event->message) == stem &&
           strncmp(event->message, message, stem) == 0;
}

void
gmq_pane_message(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    const char *message       = current_message(view);
    size_t stem               = gmq_picture_stem(view->stage->whole, message);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    for (uint64_t n = 1; *message != '\0' && n <= view->now->event; n++) {
        if (is_about(view, gmq_trace_event(view->stage->trace, n), message, stem))
            g_array_append_val(numbers, n);
    }
    if (rect.height < 2)
        return;
    gmq_screen_printf(screen, rect.x, rect.y, rect.width, GMQ_ROLE_STRONG, "%.*s", (int)stem,
                      message);

    unsigned rows  = (unsigned)rect.height - 1;
    unsigned back  = MIN(view->scroll[GMQ_PANE_MESSAGE], numbers->len);
    unsigned end   = numbers->len - back;
    unsigned first = end > rows ? end - rows : 0;
    for (unsigned i = first; i < end; i++) {
        uint64_t number = g_array_index(numbers, uint64_t, i);
        draw_event(screen, view, gmq_trace_event(view->stage->trace, number), rect.x,
                   rect.y + 1 + (int)(i - first), rect.width);
    }
}

/* ---- faults and captions ---- */

/* Those that have come, and when the next one comes; what it says is not told before. */
void
gmq_pane_marks(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    const GArray *marks = view->stage->marks;
    unsigned past       = 0;

    while (past < marks->len && g_array_index(marks, uint64_t, past) <= view->now->event)
        past++;

    unsigned rows  = (unsigned)MAX(rect.height - 1, 0);
    unsigned end   = past - MIN(view->scroll[GMQ_PANE_MARKS], past);
    unsigned first = end > rows ? end - rows : 0;
    for (unsigned i = first; i < end; i++)
        draw_event(screen, view,
                   gmq_trace_event(view->stage->trace, g_array_index(marks, uint64_t, i)), rect.x,
                   rect.y + (int)(i - first), rect.width);
    if (past == marks->len || rect.height < 1)
        return;

    const GmqTraceEvent *next =
        gmq_trace_event(view->stage->trace, g_array_index(marks, uint64_t, past));
    g_autofree char *time = gmq_event_time(next->time_ns);
    gmq_screen_printf(screen, rect.x, rect.y + (int)(end - first), rect.width, GMQ_ROLE_DIM,
                      "%6" G_GUINT64_FORMAT " %8s  next %s", next->number, time,
                      gmq_stage_is_fault(next->kind) ? "fault" : "caption");
}

/* ---- totals ---- */

void
gmq_pane_totals(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    const GmqPictureTotals *totals = &view->now->totals;
    const struct {
        const char *word;
        uint64_t count;
    } rows[] = {
        {"published", totals->published},     {"confirmed", totals->confirmed},
        {"processed", totals->processed},     {"processed twice", totals->processed_twice},
        {"redelivered", totals->redelivered}, {"no route", totals->unroutable},
        {"returned", totals->returned},       {"checks broken", totals->checks_broken},
    };
    int width = MIN(rect.width, 28);

    for (size_t i = 0; i < G_N_ELEMENTS(rows) && (int)i < rect.height; i++) {
        g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, rows[i].count);
        gmq_screen_put_in(screen, rect.x, rect.y + (int)i, width, GMQ_ROLE_NORMAL, rows[i].word);
        gmq_screen_put_right(screen, rect.x, rect.y + (int)i, width, GMQ_ROLE_NORMAL, count);
    }
}
