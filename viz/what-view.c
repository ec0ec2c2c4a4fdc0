#include "viz/what-view.h"

#include <string.h>

#include "sim/compare.h"
#include "sim/language.h"
#include "sim/what-if.h"
#include "viz/event-line.h"
#include "viz/glyphs.h"
#include "viz/sentence.h"
#include "viz/viewer.h"

/* Events before the first difference that are shown, so that it can be seen where it is. */
#define BEFORE 2

/* Rows that stay for the events of both runs, however long the table of numbers is. */
#define EVENTS_LEAST 4

struct GmqWhatView {
    const GmqStage *stage;
    uint64_t event;
    GPtrArray *offers; /* of GmqWhatIf */
    unsigned chosen;

    /* Once one was run; all NULL or 0 before. */
    GmqTrace *other;
    GmqStage *other_stage;
    uint64_t parted;
    char **outcome; /* lines of the table of numbers */
    unsigned scroll;
    char *error;
};

/* ---- life ---- */

GmqWhatView *
gmq_what_view_new(const GmqStage *stage, uint64_t event)
{
    GmqWhatView *view = g_new0(GmqWhatView, 1);

    view->stage  = stage;
    view->event  = event;
    view->offers = gmq_what_if_offers(stage->trace, event);
    return view;
}

static void
forget_other(GmqWhatView *view)
{
    g_clear_pointer(&view->other_stage, gmq_stage_free);
    g_clear_pointer(&view->other, gmq_trace_free);
    g_clear_pointer(&view->outcome, g_strfreev);
    g_clear_pointer(&view->error, g_free);
    view->parted = 0;
    view->scroll = 0;
}

void
gmq_what_view_free(GmqWhatView *view)
{
    forget_other(view);
    g_ptr_array_free(view->offers, TRUE);
    g_free(view);
}

const GmqStage *
gmq_what_view_other(const GmqWhatView *view)
{
    return view->other_stage;
}

uint64_t
gmq_what_view_parted(const GmqWhatView *view)
{
    return view->parted;
}

/* ---- running ---- */

static const GmqWhatIf *
chosen(const GmqWhatView *view)
{
    return view->offers->pdata[view->chosen];
}

static void
run(GmqWhatView *view)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out  = g_string_new(NULL);

    forget_other(view);
    view->other = gmq_what_if_run(view->stage->trace, chosen(view), &error);
    if (view->other == NULL) {
        view->error = g_strdup(error->message);
        return;
    }
    view->other_stage = gmq_stage_new(view->other);
    view->parted      = gmq_compare_traces(view->stage->trace, view->other, GMQ_COMPARE_ALL, 1);
    gmq_what_if_tell_end(view->stage->trace, view->other, out);
    g_strchomp(out->str);
    view->outcome = g_strsplit(out->str, "\n", -1);
}

/* ---- keys ---- */

static GmqWhatAnswer
key_in_list(GmqWhatView *view, int key)
{
    unsigned n = view->offers->len;

    if (key == 'q' || key == GMQ_KEY_ESC || n == 0)
        return GMQ_WHAT_LEAVES;
    if (key == GMQ_KEY_DOWN || key == 'j')
        view->chosen = MIN(view->chosen + 1, n - 1);
    else if (key == GMQ_KEY_UP || key == 'k')
        view->chosen -= view->chosen > 0 ? 1 : 0;
    else if (key >= '1' && key <= '9' && (unsigned)(key - '1') < n)
        view->chosen = (unsigned)(key - '1');
    else if (key != '\n' && key != '\r')
        return GMQ_WHAT_STAYS;
    if (key == '\n' || key == '\r' || (key >= '1' && key <= '9'))
        run(view);
    return GMQ_WHAT_STAYS;
}

/* Behind the last event of the longer run there is nothing to see. */
static unsigned
scroll_most(const GmqWhatView *view)
{
    uint64_t length = MAX(gmq_trace_length(view->stage->trace), gmq_trace_length(view->other));

    return (unsigned)MIN(length - MIN(view->parted, length), G_MAXINT);
}

static GmqWhatAnswer
key_in_result(GmqWhatView *view, int key)
{
    if (key == 'q' || key == GMQ_KEY_ESC)
        forget_other(view);
    else if (key == 'v' || key == '\n' || key == '\r')
        return GMQ_WHAT_SWITCHES;
    else if (key == GMQ_KEY_DOWN || key == 'j')
        view->scroll = MIN(view->scroll + 1, scroll_most(view));
    else if (key == GMQ_KEY_UP || key == 'k')
        view->scroll -= view->scroll > 0 ? 1 : 0;
    else if (key == GMQ_KEY_PAGE_DOWN)
        view->scroll = MIN(view->scroll + 10, scroll_most(view));
    else if (key == GMQ_KEY_PAGE_UP)
        view->scroll -= MIN(view->scroll, 10);
    return GMQ_WHAT_STAYS;
}

GmqWhatAnswer
gmq_what_view_key(GmqWhatView *view, int key)
{
    return view->other != NULL ? key_in_result(view, key) : key_in_list(view, key);
}

/* ---- drawing ---- */

static void
draw_bar(GmqScreen *screen, int y, const char *text)
{
    gmq_screen_put_in(screen, 1, y, screen->width - 2, GMQ_ROLE_BAR, text);
    gmq_screen_paint(screen, (GmqRect){0, y, screen->width, 1}, GMQ_ROLE_BAR);
}

/* Returns the row behind the text. */
static int
draw_text(GmqScreen *screen, int y, int bottom, GmqScreenRole role, const char *text)
{
    g_auto(GStrv) lines = gmq_text_wrap(screen->glyphs, text, MAX(screen->width - 2, 1));

    for (size_t i = 0; lines[i] != NULL && y < bottom; i++)
        gmq_screen_put_in(screen, 1, y++, screen->width - 2, role, lines[i]);
    return y;
}

static void
draw_offers(GmqScreen *screen, const GmqWhatView *view, int y, int bottom)
{
    int rows       = MAX(bottom - y, 0);
    unsigned first = view->chosen >= (unsigned)rows ? view->chosen - (unsigned)rows + 1 : 0;

    for (unsigned i = first; i < view->offers->len && y < bottom; i++, y++) {
        const GmqWhatIf *what = view->offers->pdata[i];
        bool is_chosen        = i == view->chosen;
        g_autofree char *line =
            g_strdup_printf("%s %u  %s", is_chosen ? gmq_sign(screen->glyphs, GMQ_SIGN_HERE) : " ",
                            i + 1, what->words);
        gmq_screen_put_in(screen, 0, y, screen->width, is_chosen ? GMQ_ROLE_HOT : GMQ_ROLE_NORMAL,
                          line);
    }
}

static void
draw_list(GmqScreen *screen, const GmqWhatView *view)
{
    int bottom                = screen->height - 1;
    g_autofree char *sentence = gmq_sentence(view->stage, view->event);
    g_autofree char *title    = g_strdup_printf(_("What if, at event %ju"), view->event);

    draw_bar(screen, 0, title);
    int y = draw_text(screen, 1, bottom, GMQ_ROLE_STRONG, sentence) + 1;
    if (view->error != NULL)
        y = draw_text(screen, y, bottom, GMQ_ROLE_FAULT, view->error) + 1;
    if (view->offers->len == 0)
        draw_text(screen, y, bottom, GMQ_ROLE_NORMAL,
                  _("Nothing can be tried here: this run comes from no scenario that could be run "
                    "again."));
    draw_offers(screen, view, y, bottom);
    draw_bar(screen, bottom,
             view->offers->len > 0 ? _("1-9 Run it   Up Down Choose   Enter Run it   q Back")
                                   : _("q Back"));
}

/* ---- side by side ---- */

static GmqScreenRole
role_of(const GmqTraceEvent *event, bool is_first_difference)
{
    if (is_first_difference)
        return GMQ_ROLE_HOT;
    return gmq_stage_is_fault(event->kind) ? GMQ_ROLE_FAULT : GMQ_ROLE_NORMAL;
}

static void
draw_event(GmqScreen *screen, const GmqStage *stage, uint64_t number, bool is_first, GmqRect cell)
{
    if (number == 0 || number > gmq_trace_length(stage->trace))
        return;
    const GmqTraceEvent *event = gmq_trace_event(stage->trace, number);
    g_autofree char *time      = gmq_event_time(event->time_ns);
    g_autofree char *words     = gmq_event_words(stage, event);
    g_autofree char *line      = g_strdup_printf("%5" G_GUINT64_FORMAT " %8s %s: %s", number, time,
                                                 gmq_event_actor(event), words);

    gmq_screen_put_in(screen, cell.x, cell.y, cell.width, role_of(event, is_first), line);
}

/* Both runs from the first difference on, with what is before it, in two columns. */
static void
draw_both(GmqScreen *screen, const GmqWhatView *view, GmqRect rect)
{
    const char *upright = gmq_line_glyph(screen->glyphs, GMQ_LINE_UP | GMQ_LINE_DOWN);
    int half            = (rect.width - 1) / 2;
    uint64_t start      = view->parted > BEFORE ? view->parted - BEFORE : 1;

    for (int i = 0; i < rect.height; i++) {
        uint64_t number = start + view->scroll + (uint64_t)i;
        bool is_first   = number == view->parted;
        int y           = rect.y + i;
        draw_event(screen, view->stage, number, is_first, (GmqRect){rect.x, y, half, 1});
        gmq_screen_put(screen, rect.x + half, y, GMQ_ROLE_DIM, upright);
        draw_event(screen, view->other_stage, number, is_first,
                   (GmqRect){rect.x + half + 1, y, rect.width - half - 1, 1});
    }
}

static void
draw_heads(GmqScreen *screen, const GmqWhatView *view, int y)
{
    const char *verdict = gmq_trace_info(view->stage->trace)->verdict;
    const char *other   = gmq_trace_info(view->other)->verdict;
    int half            = (screen->width - 1) / 2;

    gmq_screen_printf(screen, 1, y, half - 1, GMQ_ROLE_STRONG, _("AS IT WAS: %s"),
                      verdict != NULL ? verdict : "");
    gmq_screen_printf(screen, half + 2, y, screen->width - half - 2, GMQ_ROLE_STRONG,
                      _("WHAT IF: %s"), other != NULL ? other : "");
}

static int
draw_outcome(GmqScreen *screen, const GmqWhatView *view, int y, int bottom)
{
    for (size_t i = 0; view->outcome[i] != NULL && y < bottom; i++)
        gmq_screen_put_in(screen, 1, y++, screen->width - 2, GMQ_ROLE_NORMAL, view->outcome[i]);
    return y;
}

static void
draw_result(GmqScreen *screen, const GmqWhatView *view)
{
    int bottom  = screen->height - 1;
    int n_lines = (int)g_strv_length(view->outcome);
    g_autofree char *title =
        g_strdup_printf(_("What if at event %ju %s?"), view->event, chosen(view)->words);
    int y = draw_text(screen, 0, bottom, GMQ_ROLE_STRONG, title);

    if (view->parted == 0) {
        draw_text(screen, y + 1, bottom, GMQ_ROLE_NORMAL,
                  _("It would have made no difference: both runs are the same."));
    } else {
        int table = MAX(bottom - 1 - n_lines, y + 2 + EVENTS_LEAST);
        draw_heads(screen, view, y);
        draw_both(screen, view, (GmqRect){0, y + 1, screen->width, MAX(table - y - 1, 0)});
        gmq_rule_draw(screen, 0, table, screen->width, _("AT THE END"));
        draw_outcome(screen, view, table + 1, bottom);
    }
    draw_bar(screen, bottom, _("Up Down Scroll   v Look at the other run   q Back"));
}

GmqScreen *
gmq_what_view_draw(const GmqWhatView *view, int width, int height, GmqGlyphs glyphs)
{
    GmqScreen *screen = gmq_screen_new(width, height, glyphs);

    if (view->other != NULL)
        draw_result(screen, view);
    else
        draw_list(screen, view);
    return screen;
}
