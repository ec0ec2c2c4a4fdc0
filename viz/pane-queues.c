/* The main pane as a table: a row for each queue, and below what else there is room for. */
#include <string.h>

#include "sim/event-words.h"
#include "sim/language.h"
#include "viz/box-lines.h"
#include "viz/box.h"
#include "viz/glyphs.h"
#include "viz/pane.h"

/* Rates are those of the last second. */
#define RATE_NS 1000000000

/* What happened to a queue in the last second. */
typedef struct {
    uint64_t in;
    uint64_t out;
} Rate;

typedef enum {
    COUNT_READY,
    COUNT_UNACKED,
    COUNT_IN,
    COUNT_OUT,
    COUNT_AGAIN,
    COUNT_DEAD,
    COUNT_CONSUMERS,
    COUNT_IN_RATE,
    COUNT_OUT_RATE,
    N_COUNTS,
} Count;

/* A column is left out when there is no room: the one with the highest rank first. */
static const struct {
    const char *title;
    const char *brief;
    int width; /* with the brief title; the long one has as much more as it needs */
    int rank;
} counts[N_COUNTS] = {
    [COUNT_READY]     = {N_("ready"), N_("ready"), 8, 0},
    [COUNT_UNACKED]   = {N_("unacked"), N_("unacked"), 9, 1},
    [COUNT_IN]        = {N_("in"), N_("in"), 7, 3},
    [COUNT_OUT]       = {N_("out"), N_("out"), 7, 4},
    [COUNT_AGAIN]     = {N_("redelivered"), N_("again"), 7, 5},
    [COUNT_DEAD]      = {N_("dead"), N_("dead"), 7, 6},
    [COUNT_CONSUMERS] = {N_("consumers"), N_("cons"), 6, 2},
    [COUNT_IN_RATE]   = {N_("in/s"), N_("in/s"), 7, 7},
    [COUNT_OUT_RATE]  = {N_("out/s"), N_("out/s"), 7, 8},
};

#define NAME_LEAST 12
#define NAME_TINY 4
#define NAME_MOST 40

/* ---- how it fits ---- */

typedef struct {
    int name;
    int rank;     /* columns up to this one are shown; -1: none is */
    bool is_long; /* with long titles */
    int tokens;   /* columns at the right for the messages themselves */
} Fit;

static int
count_width(Count count, bool is_long)
{
    return is_long ? MAX(counts[count].width,
                         gmq_text_width(GMQ_GLYPHS_UTF8, _(counts[count].title)) + 2)
                   : counts[count].width;
}

static int
counts_width(int rank, bool is_long)
{
    int width = 0;

    for (Count i = 0; i < N_COUNTS; i++)
        width += counts[i].rank <= rank ? count_width(i, is_long) : 0;
    return width;
}

static Fit
fit_into(const GmqView *view, int width)
{
    int longest = NAME_LEAST;
    Fit fit     = {.rank = N_COUNTS, .is_long = counts_width(N_COUNTS, true) + 24 <= width};

    for (unsigned i = 0; i < view->stage->whole->queues->len; i++) {
        const char *name = gmq_picture_queue(view->stage->whole, i)->name;
        longest          = MAX(longest, gmq_text_width(view->glyphs, name) + 4);
    }
    while (fit.rank >= 0 &&
           width - counts_width(fit.rank, fit.is_long) < (fit.rank > 1 ? NAME_LEAST : NAME_TINY))
        fit.rank--;
    int room   = width - counts_width(fit.rank, fit.is_long);
    fit.name   = CLAMP(MIN(longest, NAME_MOST), 1, MAX(room, 1));
    fit.tokens = room - fit.name >= 18 ? room - fit.name - 2 : 0;
    return fit;
}

/* ---- numbers ---- */

/* At most six columns: "123456", "1.2M". */
static char *
short_count(uint64_t count)
{
    if (count < 1000000)
        return g_strdup_printf("%" G_GUINT64_FORMAT, count);
    if (count < 1000000000)
        return g_strdup_printf("%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "M", count / 1000000,
                               count / 100000 % 10);
    return g_strdup_printf("%" G_GUINT64_FORMAT "G", count / 1000000000);
}

static uint64_t
count_consumers(const GmqPicture *now, unsigned queue)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < now->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(now, i);
        if (edge->kind == GMQ_EDGE_CONSUME && edge->from.index == queue)
            n += edge->consumers;
    }
    return n;
}

/* Of each queue. The caller frees the list. */
static GArray *
measure_rates(const GmqView *view)
{
    GArray *rates = g_array_new(FALSE, TRUE, sizeof(Rate));

    g_array_set_size(rates, view->now->queues->len);
    for (uint64_t n = view->now->event; n > 0; n--) {
        const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, n);
        if (event->time_ns <= view->now->time_ns - RATE_NS)
            break;
        if (event->kind != GMQ_EVENT_ENQUEUED && event->kind != GMQ_EVENT_ACKED &&
            event->kind != GMQ_EVENT_SETTLED_UNSEEN)
            continue;
        GmqPlace place = gmq_picture_find(view->now, GMQ_PLACE_QUEUE, event->who);
        if (place.kind == GMQ_PLACE_NONE)
            continue;
        Rate *rate = &g_array_index(rates, Rate, place.index);
        rate->in += event->kind == GMQ_EVENT_ENQUEUED;
        rate->out += event->kind != GMQ_EVENT_ENQUEUED;
    }
    return rates;
}

static uint64_t
count_of(const GmqView *view, unsigned index, const GArray *rates, Count count)
{
    const GmqPictureQueue *queue = gmq_picture_queue(view->now, index);
    const Rate *rate             = &g_array_index(rates, Rate, index);

    switch (count) {
    case COUNT_READY:
        return gmq_picture_ready(queue);
    case COUNT_UNACKED:
        return gmq_picture_unacked(queue);
    case COUNT_IN:
        return queue->enqueued;
    case COUNT_OUT:
        return queue->acked;
    case COUNT_AGAIN:
        return queue->redelivered;
    case COUNT_DEAD:
        return queue->dead_lettered;
    case COUNT_CONSUMERS:
        return count_consumers(view->now, index);
    case COUNT_IN_RATE:
        return rate->in;
    default:
        return rate->out;
    }
}

/* ---- queues ---- */

/* The queues that have the name that the reader looks for. The caller frees the list. */
static GArray *
shown_queues(const GmqView *view)
{
    GArray *shown = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (unsigned i = 0; i < view->now->queues->len; i++) {
        const char *name = gmq_picture_queue(view->now, i)->name;
        if (view->flow_filter == NULL || strstr(name, view->flow_filter) != NULL)
            g_array_append_val(shown, i);
    }
    return shown;
}

static bool
is_hot(const GmqView *view, GmqPlace place)
{
    const GmqPlace *hot = &view->now->hop.place;

    return hot->kind == place.kind && hot->index == place.index;
}

static void
draw_queue_heads(GmqScreen *screen, const Fit *fit, GmqRect line)
{
    int x = line.x + fit->name;

    gmq_screen_put_in(screen, line.x, line.y, fit->name, GMQ_ROLE_STRONG, _("queue"));
    for (Count i = 0; i < N_COUNTS; i++) {
        if (counts[i].rank > fit->rank)
            continue;
        gmq_screen_put_right(screen, x, line.y, count_width(i, fit->is_long), GMQ_ROLE_STRONG,
                             _(fit->is_long ? counts[i].title : counts[i].brief));
        x += count_width(i, fit->is_long);
    }
    if (fit->tokens > 0)
        gmq_screen_put_in(screen, x + 2, line.y, fit->tokens, GMQ_ROLE_STRONG, _("ready messages"));
}

/* What matters is seen from afar: a backlog, a dead letter. */
static GmqScreenRole
count_role(Count count, uint64_t n, bool is_gone)
{
    if (n == 0 || is_gone)
        return GMQ_ROLE_DIM;
    if (count == COUNT_AGAIN)
        return GMQ_ROLE_AGAIN;
    return count == COUNT_READY || count == COUNT_UNACKED ? GMQ_ROLE_STORED : GMQ_ROLE_NORMAL;
}

static void
draw_queue(GmqScreen *screen, const GmqView *view, const Fit *fit, const GArray *rates,
           unsigned index, GmqRect line)
{
    const GmqPictureQueue *queue = gmq_picture_queue(view->now, index);
    GmqPlace place               = {GMQ_PLACE_QUEUE, index};
    int x                        = line.x + fit->name;

    gmq_screen_put(screen, line.x, line.y, GMQ_ROLE_HOT,
                   is_hot(view, place) ? gmq_sign(screen->glyphs, GMQ_SIGN_HERE) : " ");
    if (queue->is_deleted)
        gmq_screen_put_name(screen, line.x + 1, line.y, fit->name - 1, GMQ_ROLE_DIM, queue->name);
    else
        gmq_box_draw_title(screen, view->now, place, line.x + 1, line.y, fit->name - 1);
    for (Count i = 0; i < N_COUNTS; i++) {
        if (counts[i].rank > fit->rank)
            continue;
        uint64_t n            = count_of(view, index, rates, i);
        g_autofree char *text = short_count(n);
        gmq_screen_put_right(screen, x, line.y, count_width(i, fit->is_long),
                             count_role(i, n, queue->is_deleted), text);
        x += count_width(i, fit->is_long);
    }
    if (fit->tokens > 0 && queue->is_deleted)
        gmq_screen_put_in(screen, x + 2, line.y, fit->tokens, GMQ_ROLE_DIM, _("deleted"));
    else if (fit->tokens > 0)
        gmq_box_draw_tokens(screen, view->stage, &queue->ready, x + 2, line.y, fit->tokens);
}

unsigned
gmq_pane_queues_length(const GmqView *view)
{
    g_autoptr(GArray) shown = shown_queues(view);

    return shown->len;
}

/* The last event of the queue so far. */
uint64_t
gmq_pane_queues_at(const GmqView *view, unsigned row)
{
    g_autoptr(GArray) shown = shown_queues(view);

    if (row >= shown->len)
        return 0;
    const char *name = gmq_picture_queue(view->now, g_array_index(shown, unsigned, row))->name;
    for (uint64_t n = view->now->event; n > 0; n--) {
        const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, n);
        if (strcmp(event->who, name) == 0 || strcmp(event->to, name) == 0)
            return n;
    }
    return 0;
}

/* ---- what is below ---- */

static char *
exchange_words(const GmqView *view, unsigned index)
{
    const GmqPictureExchange *exchange = gmq_picture_exchange(view->now, index);

    return g_strdup_printf(_("%-10s in %-7ju out %-7ju no route %ju"), exchange->type, exchange->in,
                           exchange->routed, exchange->unroutable);
}

static char *
client_words(const GmqView *view, unsigned index)
{
    const GmqPictureClient *client = gmq_picture_client(view->now, index);

    if (*client->role == '\0')
        return g_strdup(client->state == GMQ_CLIENT_CONNECTED ? _("connected") : _("closed"));
    if (gmq_picture_client(view->stage->whole, index)->consumes)
        return g_strdup_printf(_("%-10s received %-6ju finished %ju"), gmq_event_word(client->role),
                               client->received, client->finished);
    return g_strdup_printf(_("%-10s sent %-6ju confirmed %ju"), gmq_event_word(client->role),
                           client->sent, client->confirmed);
}

/* A list with a heading; returns the line below it. */
static int
draw_others(GmqScreen *screen, const GmqView *view, GmqPlaceKind kind, const char *heading,
            GmqRect rect)
{
    bool is_client = kind == GMQ_PLACE_CLIENT;
    unsigned n     = is_client ? view->now->clients->len : view->now->exchanges->len;
    int name       = MIN(CLAMP(rect.width / 4, 10, 26), rect.width);
    int y          = rect.y;

    if (rect.height < 3)
        return y;
    gmq_screen_put_in(screen, rect.x, y++, rect.width, GMQ_ROLE_STRONG, heading);
    for (unsigned i = 0; i < n; i++) {
        GmqPlace place = {kind, i};
        if (!is_client && !gmq_picture_shows_exchange(view->now, i))
            continue;
        if (y == rect.y + rect.height - 1 && i + 1 < n) {
            gmq_screen_printf(screen, rect.x + 1, y++, rect.width - 1, GMQ_ROLE_DIM, _("+%u more"),
                              n - i);
            break;
        }
        g_autofree char *words = is_client ? client_words(view, i) : exchange_words(view, i);
        gmq_screen_put(screen, rect.x, y, GMQ_ROLE_HOT,
                       is_hot(view, place) ? gmq_sign(screen->glyphs, GMQ_SIGN_HERE) : " ");
        gmq_box_draw_title(screen, view->now, place, rect.x + 1, y, name - 1);
        gmq_screen_put_in(screen, rect.x + name + 1, y++, rect.width - name - 1, GMQ_ROLE_NORMAL,
                          words);
    }
    return y;
}

/* ---- the layout ---- */

void
gmq_pane_queues(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autoptr(GArray) shown = shown_queues(view);
    g_autoptr(GArray) rates = measure_rates(view);
    Fit fit                 = fit_into(view, rect.width);
    unsigned rows           = (unsigned)MAX(rect.height - 1, 0);
    unsigned first          = gmq_pane_first(view, GMQ_PANE_FLOW, shown->len, rows);
    int bottom              = rect.y + rect.height;
    int y                   = rect.y;

    draw_queue_heads(screen, &fit, (GmqRect){rect.x, y++, rect.width, 1});
    for (unsigned i = first; i < shown->len && y < bottom; i++, y++) {
        GmqRect line = {rect.x, y, rect.width, 1};
        if (y + 1 == bottom && i + 1 < shown->len && rect.height > 2) {
            gmq_screen_printf(screen, rect.x + 1, y, rect.width - 1, GMQ_ROLE_DIM, _("+%u more"),
                              shown->len - i);
            continue;
        }
        draw_queue(screen, view, &fit, rates, g_array_index(shown, unsigned, i), line);
        if (gmq_pane_is_at(view, GMQ_PANE_FLOW, i))
            gmq_screen_paint(screen, line, GMQ_ROLE_BAR);
    }
    y = draw_others(screen, view, GMQ_PLACE_EXCHANGE, _("exchange"),
                    (GmqRect){rect.x, y + 1, rect.width, bottom - y - 1});
    draw_others(screen, view, GMQ_PLACE_CLIENT, _("client"),
                (GmqRect){rect.x, y + 1, rect.width, bottom - y - 1});
}
