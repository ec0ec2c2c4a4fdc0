/* What must hold, whether it does, and on how much it was tried. */
#include <stddef.h>
#include <string.h>

#include "sim/check.h"
#include "sim/event-words.h"
#include "sim/language.h"
#include "viz/glyphs.h"
#include "viz/pane.h"

/* On what the checks were tried so far. */
typedef struct {
    uint64_t published;
    uint64_t confirmed;
    uint64_t answered; /* confirmed or refused */
    uint64_t deliveries;
    uint64_t again; /* of the deliveries */
    uint64_t settled;
    uint64_t enqueued;
    uint64_t routed;
    uint64_t deaths;
    uint64_t expired;
    uint64_t dropped;
    uint64_t stored;
    uint64_t transactions;
    uint64_t restarts;
    uint64_t queues;
    uint64_t consumers;
    uint64_t connections;
    uint64_t events;
} Tried;

/* ---- the table ---- */

#define COUNT(member) offsetof(Tried, member)

/* The rules in a few words each; whole in scenarios/README.md. */
static const struct {
    const char *name;
    const char *rule;
    size_t count; /* of Tried: how often there was something to look at */
    const char *noun;
} checks[] = {
    {"S1", N_("no confirmed message lost"), COUNT(confirmed), N_("confirmed")},
    {"S2", N_("nothing invented"), COUNT(deliveries), N_("deliveries")},
    {"S3", N_("never delivered after its ack"), COUNT(settled), N_("acked")},
    {"S4", N_("each copy has one owner"), COUNT(enqueued), N_("copies")},
    {"S5", N_("redelivered flag is right"), COUNT(again), N_("again")},
    {"S6", N_("first in, first out"), COUNT(deliveries), N_("deliveries")},
    {"S7", N_("order of one channel is kept"), COUNT(published), N_("published")},
    {"S8", N_("prefetch respected"), COUNT(deliveries), N_("deliveries")},
    {"S9", N_("delivery tags 1, 2, 3 ..."), COUNT(deliveries), N_("tags")},
    {"S10", N_("routing equals the oracle"), COUNT(routed), N_("routed")},
    {"S11", N_("one confirm for each publish"), COUNT(answered), N_("answered")},
    {"S12", N_("confirmed means stored"), COUNT(stored), N_("stored")},
    {"S13", N_("dead-lettered once per reason"), COUNT(deaths), N_("dead")},
    {"S14", N_("nothing delivered too old"), COUNT(expired), N_("expired")},
    {"S15", N_("length limits kept"), COUNT(dropped), N_("dropped")},
    {"S16", N_("exclusive means alone"), COUNT(consumers), N_("consumers")},
    {"S17", N_("no message unaccounted for"), COUNT(queues), N_("queues")},
    {"S18", N_("every byte is legal"), COUNT(events), N_("events")},
    {"S19", N_("memory stays bounded"), COUNT(events), N_("events")},
    {"S20", N_("transactions: all or nothing"), COUNT(transactions), N_("done")},
    {"S21", N_("durable things come back"), COUNT(restarts), N_("restarts")},
    {"L1", N_("queues get empty"), COUNT(queues), N_("queues")},
    {"L2", N_("every publish is answered"), COUNT(answered), N_("answered")},
    {"L3", N_("clients are connected again"), COUNT(connections), N_("connected")},
    {"L4", N_("nobody waits beside the free"), COUNT(deliveries), N_("deliveries")},
    {"L5", N_("the broker comes to rest"), COUNT(events), N_("events")},
};

/* ---- what there was to look at ---- */

static void
count_event(Tried *tried, const GmqTraceEvent *event)
{
    switch (event->kind) {
    case GMQ_EVENT_PUBLISHED:
        tried->published++;
        break;
    case GMQ_EVENT_DELIVERED:
    case GMQ_EVENT_GOT:
        tried->deliveries++;
        tried->again += event->redelivered;
        break;
    case GMQ_EVENT_ACKED:
        tried->settled++;
        break;
    case GMQ_EVENT_ENQUEUED:
        tried->enqueued++;
        break;
    case GMQ_EVENT_ROUTED:
        tried->routed++;
        break;
    case GMQ_EVENT_DEAD_LETTERED:
        tried->deaths++;
        break;
    case GMQ_EVENT_EXPIRED:
        tried->expired++;
        break;
    case GMQ_EVENT_DROPPED:
        tried->dropped++;
        break;
    case GMQ_EVENT_STORED:
        tried->stored++;
        break;
    case GMQ_EVENT_COMMITTED:
    case GMQ_EVENT_ROLLED_BACK:
        tried->transactions++;
        break;
    case GMQ_EVENT_STARTED:
        tried->restarts += strcmp(event->text, "new") != 0;
        break;
    case GMQ_EVENT_CONNECTION_OPENED:
        tried->connections++;
        break;
    case GMQ_EVENT_CONSUMER_ADDED:
        tried->consumers++;
        break;
    default:
        break;
    }
}

static Tried
count_tried(const GmqView *view)
{
    const GmqPictureTotals *totals = &view->now->totals;
    Tried tried                    = {.confirmed = totals->confirmed,
                                      .queues    = view->now->queues->len,
                                      .events    = view->now->event};

    for (uint64_t n = 1; n <= view->now->event; n++)
        count_event(&tried, gmq_trace_event(view->stage->trace, n));
    tried.answered = totals->confirmed;
    for (unsigned i = 0; i < view->now->clients->len; i++)
        tried.answered += gmq_picture_client(view->now, i)->nacked;
    return tried;
}

static uint64_t
count_of(const Tried *tried, size_t check)
{
    return *(const uint64_t *)(const void *)((const char *)tried + checks[check].count);
}

/* ---- what broke ---- */

/* The event of the first report of that check up to now; 0 when there is none. */
static uint64_t
broken_at(const GmqView *view, size_t check)
{
    for (unsigned i = 0; i < view->stage->marks->len; i++) {
        uint64_t number            = g_array_index(view->stage->marks, uint64_t, i);
        const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, number);
        if (number > view->now->event)
            return 0;
        if (event->kind == GMQ_EVENT_CHECK_BROKEN &&
            gmq_check_is_about(event->text, checks[check].name))
            return number;
    }
    return 0;
}

/* What is broken comes first, then the rest, each in its order. */
static GArray *
order_rows(const GmqView *view)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(size_t));

    for (int is_broken = 1; is_broken >= 0; is_broken--) {
        for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
            if ((broken_at(view, i) != 0) == is_broken)
                g_array_append_val(order, i);
        }
    }
    return order;
}

unsigned
gmq_pane_checks_length(const GmqView *view)
{
    return view->stage->scenario != NULL ? G_N_ELEMENTS(checks) : 0;
}

uint64_t
gmq_pane_checks_at(const GmqView *view, unsigned row)
{
    g_autoptr(GArray) order = order_rows(view);

    return row < order->len ? broken_at(view, g_array_index(order, size_t, row)) : 0;
}

char *
gmq_pane_checks_title(const GmqView *view)
{
    unsigned broken = 0;

    if (view->stage->scenario == NULL)
        return g_strdup(_("TOTALS"));
    for (size_t i = 0; i < G_N_ELEMENTS(checks); i++)
        broken += broken_at(view, i) != 0;
    return g_strdup_printf(_("CHECKS  %u ok  %u broken"), (unsigned)G_N_ELEMENTS(checks) - broken,
                           broken);
}

/* ---- one row ---- */

/* The sentence without "S1 broken", which stands there already, but not without "as is allowed". */
static const char *
sentence_of(const char *told)
{
    const char *broken = strstr(told, _(" broken"));

    return broken != NULL ? broken + strlen(_(" broken")) : told;
}

static void
draw_broken(GmqScreen *screen, const GmqView *view, size_t check, uint64_t number, GmqRect line)
{
    const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, number);
    g_autofree char *told      = gmq_event_told(event->text);
    g_autofree char *text =
        g_strdup_printf(_("%s %-3s BROKEN at #%ju%s"), gmq_sign(screen->glyphs, GMQ_SIGN_CUT),
                        checks[check].name, number, sentence_of(told));

    gmq_screen_put_in(screen, line.x, line.y, line.width, GMQ_ROLE_FAULT, text);
}

static void
draw_ok(GmqScreen *screen, const Tried *tried, size_t check, GmqRect line)
{
    uint64_t count     = count_of(tried, check);
    bool is_tried      = count > 0;
    GmqScreenRole role = is_tried ? GMQ_ROLE_NORMAL : GMQ_ROLE_DIM;
    g_autofree char *number =
        g_strdup_printf("%" G_GUINT64_FORMAT " %s", count, _(checks[check].noun));
    const char *mark = screen->glyphs == GMQ_GLYPHS_UTF8 ? "✓" : "+";
    int room         = line.width - 6;
    int x            = line.x;

    x = gmq_screen_put_in(screen, x, line.y, line.width, is_tried ? GMQ_ROLE_GOOD : GMQ_ROLE_DIM,
                          is_tried ? mark : " ");
    gmq_screen_printf(screen, x + 1, line.y, MIN(4, line.width - 2), GMQ_ROLE_DIM, "%s",
                      checks[check].name);
    int rule = gmq_text_width(screen->glyphs, _(checks[check].rule));
    gmq_screen_put_in(screen, line.x + 6, line.y, room, role, _(checks[check].rule));
    if (room > rule + gmq_text_width(screen->glyphs, number))
        gmq_screen_put_right(screen, line.x, line.y, line.width, GMQ_ROLE_DIM,
                             is_tried ? number : "-");
}

void
gmq_pane_checks(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    if (view->stage->scenario == NULL) {
        gmq_pane_totals(screen, view, rect); /* nobody checks a broker that runs */
        return;
    }
    g_autoptr(GArray) order = order_rows(view);
    Tried tried             = count_tried(view);
    unsigned rows           = (unsigned)MAX(rect.height, 0);
    unsigned first          = gmq_pane_first(view, GMQ_PANE_CHECKS, order->len, rows);

    for (unsigned i = first; i < order->len && i < first + rows; i++) {
        size_t check    = g_array_index(order, size_t, i);
        uint64_t number = broken_at(view, check);
        GmqRect line    = {rect.x, rect.y + (int)(i - first), rect.width, 1};

        if (number != 0)
            draw_broken(screen, view, check, number, line);
        else
            draw_ok(screen, &tried, check, line);
        if (gmq_pane_is_at(view, GMQ_PANE_CHECKS, i))
            gmq_screen_paint(screen, line, GMQ_ROLE_BAR);
    }
}
