/* Ladders: the layout of the main pane, and the life of one message. */
#include <string.h>

#include "sim/language.h"
#include "viz/ladder-draw.h"
#include "viz/pane.h"

/* Further back nobody scrolls, and long runs stay quick to draw. */
#define EVENTS_MOST 3000

/* Steps of a message that must be seen before what else is known of it. */
#define STEPS_LEAST 4

static void
mark_row(GmqScreen *screen, const GmqView *view, GmqPane pane, unsigned row, GmqRect rect, int y)
{
    if (gmq_pane_is_at(view, pane, row))
        gmq_screen_paint(screen, (GmqRect){rect.x, y, rect.width, 1}, GMQ_ROLE_BAR);
}

/* ---- the layout ---- */

static bool
matches(const void *user, const GmqTraceEvent *event)
{
    return gmq_filter_matches(user, event);
}

static GmqLadder *
ladder_of_run(const GmqView *view)
{
    uint64_t now       = view->now->event;
    GmqLadderWish wish = {.from       = now > EVENTS_MOST ? now - EVENTS_MOST : 0,
                          .to         = now,
                          .match      = view->filter != NULL ? matches : NULL,
                          .user       = view->filter,
                          .is_bundled = true};

    return gmq_ladder_new(view->stage, &wish);
}

unsigned
gmq_pane_ladder_length(const GmqView *view)
{
    g_autoptr(GmqLadder) ladder = ladder_of_run(view);

    return ladder->rungs->len;
}

uint64_t
gmq_pane_ladder_at(const GmqView *view, unsigned row)
{
    g_autoptr(GmqLadder) ladder = ladder_of_run(view);

    return row < ladder->rungs->len ? gmq_ladder_rung(ladder, row)->last_event : 0;
}

/* Draws the rungs that fit below the heads. */
static void
draw_rungs(GmqScreen *screen, const GmqView *view, const GmqLadder *ladder, GmqPane pane,
           unsigned first, GmqRect rect)
{
    unsigned rows = (unsigned)MAX(rect.height - 1, 0);
    unsigned last = MIN(first + rows, ladder->rungs->len);
    g_auto(GmqLadderSheet) sheet =
        gmq_ladder_sheet(screen, ladder, view->now, rect, first, last, pane == GMQ_PANE_FLOW);

    gmq_ladder_draw_heads(&sheet, rect.y);
    for (unsigned i = first; i < last; i++) {
        int y = rect.y + 1 + (int)(i - first);
        gmq_ladder_draw_rung(&sheet, gmq_ladder_rung(ladder, i), y);
        mark_row(screen, view, pane, i, rect, y);
    }
    if (pane != GMQ_PANE_FLOW)
        return;
    for (int y = rect.y + 1 + (int)(last - first); y < rect.y + rect.height; y++)
        gmq_ladder_draw_lines(&sheet, y);
}

void
gmq_pane_ladder(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autoptr(GmqLadder) ladder = ladder_of_run(view);
    unsigned rows               = (unsigned)MAX(rect.height - 1, 0);
    unsigned first              = gmq_pane_first(view, GMQ_PANE_FLOW, ladder->rungs->len, rows);

    if (rect.height > 0)
        draw_rungs(screen, view, ladder, GMQ_PANE_FLOW, first, rect);
}

/* ---- the life of one message ---- */

/* One death of the message, as its header tells. */
typedef struct {
    uint64_t event;
    const char *queue;
    const char *reason;
    uint64_t count;
} Death;

/* What is known of a message besides its steps. */
typedef struct {
    GArray *deaths; /* of Death, the last one first; one for each queue and reason */
    uint64_t n_deliveries;
    uint64_t last_delivery; /* event; 0: none yet */
    bool is_again;          /* the last delivery was marked so */
} Facts;

static void
facts_clear(Facts *facts)
{
    g_array_unref(facts->deaths);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Facts, facts_clear)

static void
add_death(GArray *deaths, const GmqTraceEvent *event)
{
    Death death = {event->number, event->who, event->text, event->count};

    for (unsigned i = 0; i < deaths->len; i++) {
        const Death *known = &g_array_index(deaths, Death, i);
        if (strcmp(known->queue, death.queue) != 0 || strcmp(known->reason, death.reason) != 0)
            continue;
        g_array_remove_index(deaths, i);
        break;
    }
    g_array_prepend_val(deaths, death);
}

static Facts
facts_of(const GmqView *view, const char *message)
{
    Facts facts = {.deaths = g_array_new(FALSE, FALSE, sizeof(Death))};
    size_t stem = strlen(message);

    for (uint64_t n = 1; stem > 0 && n <= view->now->event; n++) {
        const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, n);
        if (strncmp(event->message, message, stem) != 0 ||
            gmq_picture_stem(view->stage->whole, event->message) != stem)
            continue;
        if (event->kind == GMQ_EVENT_DEAD_LETTERED)
            add_death(facts.deaths, event);
        if (event->kind == GMQ_EVENT_DELIVERED || event->kind == GMQ_EVENT_GOT) {
            facts.n_deliveries++;
            facts.last_delivery = n;
            facts.is_again      = event->redelivered;
        }
    }
    return facts;
}

/* The name without its queue; the caller frees it. */
static char *
followed_stem(const GmqView *view)
{
    const char *message = gmq_pane_followed(view);

    return g_strndup(message, gmq_picture_stem(view->stage->whole, message));
}

static GmqLadder *
ladder_of_message(const GmqView *view, const char *message)
{
    GmqLadderWish wish = {
        .to = *message == '\0' ? 0 : view->now->event, .message = message, .is_bundled = true};

    return gmq_ladder_new(view->stage, &wish);
}

/* Rows are the rungs, an empty line, the deaths, and the line of deliveries. */
static unsigned
count_rows(const GmqLadder *ladder, const Facts *facts)
{
    if (ladder->rungs->len == 0)
        return 0;
    return ladder->rungs->len + 2 + facts->deaths->len;
}

unsigned
gmq_pane_follow_length(const GmqView *view)
{
    g_autofree char *message    = followed_stem(view);
    g_autoptr(GmqLadder) ladder = ladder_of_message(view, message);
    g_auto(Facts) facts         = facts_of(view, message);

    return count_rows(ladder, &facts);
}

uint64_t
gmq_pane_follow_at(const GmqView *view, unsigned row)
{
    g_autofree char *message    = followed_stem(view);
    g_autoptr(GmqLadder) ladder = ladder_of_message(view, message);
    g_auto(Facts) facts         = facts_of(view, message);
    unsigned rungs              = ladder->rungs->len;

    if (row < rungs)
        return gmq_ladder_rung(ladder, row)->last_event;
    if (row > rungs && row - rungs - 1 < facts.deaths->len)
        return g_array_index(facts.deaths, Death, row - rungs - 1).event;
    return row > rungs ? facts.last_delivery : 0;
}

char *
gmq_pane_follow_title(const GmqView *view)
{
    g_autofree char *message = followed_stem(view);

    if (*message == '\0')
        return NULL;
    return g_strdup_printf(view->follow != NULL ? _("FOLLOW  message %s") : _("MESSAGE  %s"),
                           message);
}

static void
draw_death(GmqScreen *screen, const Facts *facts, unsigned index, GmqRect line)
{
    const Death *death     = &g_array_index(facts->deaths, Death, index);
    g_autofree char *count = g_strdup_printf(_("count %ju"), death->count);
    int name               = MAX(line.width - 36, 6);
    int x                  = line.x;

    x = gmq_screen_put_in(screen, x, line.y, line.width, GMQ_ROLE_DIM, "x-death") + 1;
    gmq_screen_printf(screen, x, line.y, 4, GMQ_ROLE_DIM, "[%u]", index);
    x += 4;
    gmq_screen_put_name(screen, x, line.y, MIN(name, line.x + line.width - x), GMQ_ROLE_NORMAL,
                        death->queue);
    x += name + 1;
    gmq_screen_put_in(screen, x, line.y, line.x + line.width - x, GMQ_ROLE_NORMAL, death->reason);
    gmq_screen_put_right(screen, line.x, line.y, line.width, GMQ_ROLE_NORMAL, count);
}

static void
draw_deliveries(GmqScreen *screen, const Facts *facts, GmqRect line)
{
    gmq_screen_printf(screen, line.x, line.y, line.width,
                      facts->is_again ? GMQ_ROLE_AGAIN : GMQ_ROLE_NORMAL,
                      _("redelivered flag %d   deliveries so far %ju"), facts->is_again ? 1 : 0,
                      facts->n_deliveries);
}

/* What is below the rungs. */
static void
draw_facts(GmqScreen *screen, const GmqView *view, const Facts *facts, unsigned rungs,
           unsigned first, GmqRect rect)
{
    for (unsigned i = 1; i < facts->deaths->len + 2; i++) {
        int y        = rect.y + 1 + (int)(rungs + i) - (int)first;
        GmqRect line = {rect.x, y, rect.width, 1};
        if (y <= rect.y || y >= rect.y + rect.height)
            continue;
        if (i <= facts->deaths->len)
            draw_death(screen, facts, i - 1, line);
        else
            draw_deliveries(screen, facts, line);
        mark_row(screen, view, GMQ_PANE_FOLLOW, rungs + i, rect, y);
    }
}

/* The first row to draw. Where there is no room for steps and facts, the steps count. */
static unsigned
first_followed(const GmqView *view, const GmqLadder *ladder, const Facts *facts, unsigned n_shown)
{
    unsigned length = count_rows(ladder, facts);

    if (view->cursor[GMQ_PANE_FOLLOW] == 0 && n_shown < facts->deaths->len + 2 + STEPS_LEAST)
        length = ladder->rungs->len;
    return gmq_pane_first(view, GMQ_PANE_FOLLOW, length, n_shown);
}

void
gmq_pane_follow(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autofree char *message    = followed_stem(view);
    g_autoptr(GmqLadder) ladder = ladder_of_message(view, message);
    g_auto(Facts) facts         = facts_of(view, message);
    unsigned rows               = (unsigned)MAX(rect.height - 1, 0);
    unsigned first              = first_followed(view, ladder, &facts, rows);

    if (ladder->rungs->len == 0) {
        gmq_screen_put_in(screen, rect.x, rect.y, rect.width, GMQ_ROLE_DIM,
                          _("No message has been seen yet."));
        return;
    }
    draw_rungs(screen, view, ladder, GMQ_PANE_FOLLOW, first, rect);
    draw_facts(screen, view, &facts, ladder->rungs->len, first, rect);
}
