#include <string.h>

#include "sim/language.h"
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
        g_autofree char *cause = g_strdup_printf(_("cause #%ju"), event->cause);
        end -= 14;
        gmq_screen_put_in(screen, end + 1, y, 13, GMQ_ROLE_DIM, cause);
    }
    gmq_screen_put_in(screen, at, y, end - at, role, what);
}

/* A list of events by their numbers, of which as many are drawn as fit. */
static void
draw_numbers(GmqScreen *screen, const GmqView *view, GmqPane pane, const GArray *numbers,
             GmqRect rect)
{
    unsigned rows  = (unsigned)MAX(rect.height, 0);
    unsigned first = gmq_pane_first(view, pane, numbers->len, rows);

    for (unsigned i = first; i < numbers->len && i < first + rows; i++) {
        const GmqTraceEvent *event =
            gmq_trace_event(view->stage->trace, g_array_index(numbers, uint64_t, i));
        int y = rect.y + (int)(i - first);
        draw_event(screen, view, event, rect.x, y, rect.width);
        if (gmq_pane_is_at(view, pane, i))
            gmq_screen_paint(screen, (GmqRect){rect.x, y, rect.width, 1}, GMQ_ROLE_BAR);
    }
}

/* ---- events ---- */

/* The events that the filter lets through, up to the current one. */
static GArray *
filtered(const GmqView *view)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    for (uint64_t n = 1; n <= view->now->event; n++) {
        if (gmq_filter_matches(view->filter, gmq_trace_event(view->stage->trace, n)))
            g_array_append_val(numbers, n);
    }
    return numbers;
}

unsigned
gmq_pane_events_length(const GmqView *view)
{
    g_autoptr(GArray) numbers = filtered(view);

    return numbers->len;
}

uint64_t
gmq_pane_events_at(const GmqView *view, unsigned row)
{
    g_autoptr(GArray) numbers = filtered(view);

    return row < numbers->len ? g_array_index(numbers, uint64_t, row) : 0;
}

/* The last events, the current one lowest unless somebody went up. */
void
gmq_pane_events(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autoptr(GArray) numbers = filtered(view);

    draw_numbers(screen, view, GMQ_PANE_EVENTS, numbers, rect);
}

char *
gmq_pane_events_title(const GmqView *view)
{
    if (view->filter == NULL)
        return NULL;
    return g_strdup_printf(_("LAST EVENTS  filter: %s  (%u shown)"), gmq_filter_text(view->filter),
                           gmq_pane_events_length(view));
}

/* ---- the life of one message ---- */

const char *
gmq_pane_followed(const GmqView *view)
{
    if (view->follow != NULL)
        return view->follow;
    for (uint64_t n = view->now->event; n > 0; n--) {
        const char *message = gmq_trace_event(view->stage->trace, n)->message;
        if (*message != '\0')
            return message;
    }
    return "";
}

/* ---- faults and captions ---- */

static GArray *
past_marks(const GmqView *view)
{
    const GArray *marks = view->stage->marks;
    GArray *past        = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    for (unsigned i = 0; i < marks->len; i++) {
        uint64_t number = g_array_index(marks, uint64_t, i);
        if (number <= view->now->event)
            g_array_append_val(past, number);
    }
    return past;
}

unsigned
gmq_pane_marks_length(const GmqView *view)
{
    g_autoptr(GArray) past = past_marks(view);

    return past->len;
}

uint64_t
gmq_pane_marks_at(const GmqView *view, unsigned row)
{
    g_autoptr(GArray) past = past_marks(view);

    return row < past->len ? g_array_index(past, uint64_t, row) : 0;
}

/* Those that have come, and when the next one comes; what it says is not told before. */
void
gmq_pane_marks(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autoptr(GArray) past = past_marks(view);
    const GArray *marks    = view->stage->marks;
    int rows               = MAX(rect.height - 1, 0);

    draw_numbers(screen, view, GMQ_PANE_MARKS, past, (GmqRect){rect.x, rect.y, rect.width, rows});
    if (past->len == marks->len || rect.height < 1)
        return;

    const GmqTraceEvent *next =
        gmq_trace_event(view->stage->trace, g_array_index(marks, uint64_t, past->len));
    g_autofree char *time = gmq_event_time(next->time_ns);
    gmq_screen_printf(screen, rect.x, rect.y + MIN((int)past->len, rows), rect.width, GMQ_ROLE_DIM,
                      _("%6ju %8s  next %s"), next->number, time,
                      gmq_stage_is_fault(next->kind) ? _("fault") : _("caption"));
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
        {_("published"), totals->published},     {_("confirmed"), totals->confirmed},
        {_("processed"), totals->processed},     {_("processed twice"), totals->processed_twice},
        {_("redelivered"), totals->redelivered}, {_("no route"), totals->unroutable},
        {_("returned"), totals->returned},       {_("checks broken"), totals->checks_broken},
    };
    int width = MIN(rect.width, 28);

    for (size_t i = 0; i < G_N_ELEMENTS(rows) && (int)i < rect.height; i++) {
        g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, rows[i].count);
        gmq_screen_put_in(screen, rect.x, rect.y + (int)i, width, GMQ_ROLE_NORMAL, rows[i].word);
        gmq_screen_put_right(screen, rect.x, rect.y + (int)i, width, GMQ_ROLE_NORMAL, count);
    }
}
