#include "viz/pane.h"

#include <string.h>

#include "sim/language.h"
#include "viz/event-line.h"
#include "viz/glyphs.h"

/* ---- title ---- */

static const char *
state_word(const GmqView *view)
{
    if (view->is_running)
        return _("RUNNING");
    if (view->now->event < gmq_trace_length(view->stage->trace) || view->is_held)
        return _("PAUSED");
    return view->is_live ? _("LIVE") : _("END");
}

/* "▶ RUNNING" where there is room for the sign. */
static char *
state_text(const GmqView *view)
{
    const char *word = state_word(view);

    if (view->width < 120 || strcmp(word, _("END")) == 0 || strcmp(word, _("LIVE")) == 0)
        return g_strdup(word);
    return g_strdup_printf(
        "%s %s", gmq_sign(view->glyphs, view->is_running ? GMQ_SIGN_RUNNING : GMQ_SIGN_PAUSED),
        word);
}

/* What tells this run from others, for wide screens; "" without. */
static char *
identity(const GmqTraceInfo *info, int width)
{
    if (width < 140 || info->fingerprint == 0)
        return g_strdup("");
    return g_strdup_printf(_("  fingerprint %016jx "), info->fingerprint);
}

void
gmq_pane_title(GmqScreen *screen, const GmqView *view, int y)
{
    const GmqTraceInfo *info = gmq_trace_info(view->stage->trace);
    size_t length            = gmq_trace_length(view->stage->trace);
    int width                = screen->width;
    g_autofree char *time    = gmq_event_time(view->now->time_ns);
    g_autofree char *state   = state_text(view);
    g_autofree char *who     = identity(info, width);
    g_autofree char *event   = g_strdup_printf(_("event %ju / %zu "), view->now->event, length);
    g_autofree char *clock   = g_strdup_printf("%s  t %-7s  %-5s  %-7s   %s%s",
                                             view->is_what_if ? _("WHAT IF")
                                               : view->is_live  ? "   "
                                                                : _("SIM"),
                                               time, view->speed, state, event, who);
    g_autofree char *brief   = g_strdup_printf("%s %" G_GUINT64_FORMAT "/%zu %s", state_word(view),
                                               view->now->event, length, time);

    gmq_screen_paint(screen, (GmqRect){0, y, width, 1}, GMQ_ROLE_BAR);
    if (width < 60) {
        gmq_screen_put_in(screen, width > 20 ? 1 : 0, y, width, GMQ_ROLE_BAR, brief);
        return;
    }
    int x    = gmq_screen_put(screen, 1, y, GMQ_ROLE_BAR, width >= 80 ? "GlassMQ  " : "");
    int room = width - gmq_text_width(screen->glyphs, clock) - 2;
    x        = gmq_screen_put_in(screen, x, y, room - x, GMQ_ROLE_BAR, info->scenario) + 3;
    if (width >= 140 && !view->is_live) {
        g_autofree char *seed = g_strdup_printf(_("seed %ju"), info->seed);
        x = gmq_screen_put_in(screen, x, y, MAX(room - x, 0), GMQ_ROLE_BAR, seed) + 3;
    }
    if (x + 20 < room && !view->is_live)
        gmq_screen_put_in(screen, x, y, room - x, GMQ_ROLE_BAR, info->title);
    gmq_screen_put_right(screen, 0, y, width, GMQ_ROLE_BAR, clock);
}

static const char *const layout_headings[] = {
    [GMQ_LAYOUT_LADDER] = N_("LADDER"),
    [GMQ_LAYOUT_TABLE]  = N_("TABLE"),
};

char *
gmq_pane_heading(const GmqView *view, GmqPane pane)
{
    const GmqPaneInfo *info = gmq_pane_info(pane);

    if (pane == GMQ_PANE_FLOW)
        return view->layout == GMQ_LAYOUT_FLOW ? g_strdup("")
                                               : g_strdup(_(layout_headings[view->layout]));

    g_autofree char *made = info->make_title != NULL ? info->make_title(view) : NULL;
    const char *title     = made != NULL ? made : _(info->title);
    return g_strdup_printf(view->focus == pane ? "[%s]" : "%s", title);
}

void
gmq_pane_rule(GmqScreen *screen, const GmqView *view, int x, int y, int width, GmqPane pane)
{
    g_autofree char *heading = gmq_pane_heading(view, pane);

    gmq_rule_draw(screen, x, y, width, heading);
}

/* ---- counters ---- */

static uint64_t
count_connections(const GmqPicture *now)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < now->clients->len; i++)
        n += gmq_picture_client(now, i)->state == GMQ_CLIENT_CONNECTED;
    return n;
}

/* Those that the broker has, whether somebody holds them or not. */
static uint64_t
count_messages(const GmqPicture *now)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < now->queues->len; i++) {
        const GmqPictureQueue *queue = gmq_picture_queue(now, i);
        n += queue->ready.length + queue->unacked.length;
    }
    return n;
}

typedef struct {
    GmqScreenRole role;
    int width; /* at most */
    const char *text;
} Summary;

/* Nobody checks a running broker: there it says what is shown. */
static Summary
summarize(const GmqView *view, const char *broken, int width)
{
    if (view->now->totals.checks_broken > 0)
        return (Summary){GMQ_ROLE_FAULT, width, broken};
    if (view->is_live)
        return (Summary){GMQ_ROLE_STRONG, width / 2, gmq_trace_info(view->stage->trace)->title};
    return (Summary){GMQ_ROLE_GOOD, width, _("checks ok")};
}

void
gmq_pane_counters(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    const GmqPictureTotals *totals = &view->now->totals;
    const GmqPictureTotals *whole  = &view->stage->whole->totals;
    const GmqTraceInfo *info       = gmq_trace_info(view->stage->trace);
    bool is_end = view->now->event == gmq_trace_length(view->stage->trace) && info->verdict != NULL;
    g_autofree char *broken  = g_strdup_printf(_("checks %ju BROKEN"), totals->checks_broken);
    const Summary summary    = summarize(view, broken, rect.width);
    g_autofree char *verdict = g_strdup_printf(_("  verdict %s"), is_end ? _(info->verdict) : "");
    bool is_wide             = rect.width >= 120;
    const struct {
        const char *word;
        uint64_t count;
        bool is_shown;
    } counters[] = {
        {_("published"), totals->published, true},
        {_("confirmed"), totals->confirmed, whole->confirmed > 0},
        {_("processed"), totals->processed, whole->processed > 0},
        {_("redelivered"), totals->redelivered, true},
        {_("returned"), totals->returned, whole->returned > 0},
        {_("no route"), totals->unroutable, whole->unroutable > 0},
        {_("| connections"), count_connections(view->now), is_wide},
        {_("queues"), view->now->queues->len, is_wide},
        {_("live messages"), count_messages(view->now), is_wide},
    };

    int end = rect.x + rect.width;
    int x   = gmq_screen_put_in(screen, rect.x, rect.y, summary.width, summary.role, summary.text);
    if (view->now->is_broker_down)
        x = gmq_screen_put_in(screen, x, rect.y, end - x, GMQ_ROLE_FAULT, _("  BROKER DOWN"));
    if (is_end)
        x = gmq_screen_put_in(screen, x, rect.y, end - x,
                              strcmp(info->verdict, "held") == 0 ? GMQ_ROLE_GOOD : GMQ_ROLE_FAULT,
                              verdict);
    x = gmq_screen_put_in(screen, x, rect.y, end - x, GMQ_ROLE_DIM, " | ");
    for (size_t i = 0; i < G_N_ELEMENTS(counters); i++) {
        g_autofree char *text =
            g_strdup_printf("%s %" G_GUINT64_FORMAT "  ", counters[i].word, counters[i].count);
        if (counters[i].is_shown && x + gmq_text_width(screen->glyphs, text) - 2 <= end)
            x = gmq_screen_put(screen, x, rect.y, GMQ_ROLE_NORMAL, text);
    }
}
