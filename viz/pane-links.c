/* The lines between clients and broker, what befalls them, and the disk. */
#include <string.h>

#include "sim/language.h"
#include "viz/event-line.h"
#include "viz/glyphs.h"
#include "viz/ladder.h"
#include "viz/links.h"
#include "viz/pane.h"

/* Where the columns begin, behind the name; what has no room is left out from the right. */
typedef enum {
    CELL_LATENCY,
    CELL_JITTER,
    CELL_RATE,
    CELL_LOSS,
    CELL_MOVING,
    CELL_LINE,
    N_CELLS,
} Cell;

static const struct {
    const char *title;
    int width;
    int rank; /* in which order they are left out: the highest goes first */
} cells[N_CELLS] = {
    [CELL_LATENCY] = {N_("one-way"), 8, 1},    [CELL_JITTER] = {N_("jitter"), 9, 4},
    [CELL_RATE] = {N_("rate"), 12, 3},         [CELL_LOSS] = {N_("loss"), 8, 2},
    [CELL_MOVING] = {N_("on its way"), 12, 5}, [CELL_LINE] = {"", 5, 6},
};

#define STATE_WIDTH 16       /* "CUT from broker" and a space */
#define STATE_WIDTH_BRIEF 14 /* "not connected" */
#define BRIEF_BELOW 60
#define NAME_LEAST 8
#define NAME_MOST 26

typedef struct {
    int name;
    int rank; /* cells up to this one are shown */
    int state;
} Widths;

static Widths
widths_for(int width)
{
    Widths widths = {.rank  = N_CELLS,
                     .state = width < BRIEF_BELOW ? STATE_WIDTH_BRIEF : STATE_WIDTH};
    int room;

    for (;; widths.rank--) {
        room = width - widths.state;
        for (int i = 0; i < N_CELLS; i++)
            room -= cells[i].rank <= widths.rank ? cells[i].width : 0;
        if (room >= NAME_LEAST + 9 || widths.rank == 0)
            break;
    }
    widths.name = CLAMP(room, 1, NAME_MOST);
    return widths;
}

/* ---- one link ---- */

static char *
rate_text(uint64_t rate)
{
    if (rate == 0)
        return g_strdup(_("no limit"));
    if (rate % 1000000 == 0)
        return g_strdup_printf("%" G_GUINT64_FORMAT " Mbit/s", rate / 1000000);
    if (rate % 1000 == 0)
        return g_strdup_printf("%" G_GUINT64_FORMAT " kbit/s", rate / 1000);
    return g_strdup_printf("%" G_GUINT64_FORMAT " bit/s", rate);
}

/* "10 %", "0.5 %" */
static char *
loss_text(uint64_t parts)
{
    if (parts % 10000 == 0)
        return g_strdup_printf("%" G_GUINT64_FORMAT " %%", parts / 10000);
    return g_strdup_printf("%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT " %%", parts / 10000,
                           parts % 10000 / 1000);
}

static char *
jitter_text(GmqGlyphs glyphs, int64_t jitter_ns)
{
    g_autofree char *length = gmq_ladder_duration(jitter_ns);

    return g_strdup_printf("%s%s", glyphs == GMQ_GLYPHS_UTF8 ? "±" : "+-", length);
}

static char *
line_text(GmqGlyphs glyphs, GmqLinkState state)
{
    GmqSign sign     = state == GMQ_LINK_OK || state == GMQ_LINK_WAITING    ? GMQ_SIGN_AHEAD
                       : state == GMQ_LINK_CUT || state == GMQ_LINK_CRASHED ? GMQ_SIGN_CUT
                                                                            : GMQ_SIGN_PASSED;
    const char *text = state == GMQ_LINK_WAITING ? " " : gmq_sign(glyphs, sign);

    return g_strconcat(text, text, text, NULL);
}

static char *
cell_text(const GmqScreen *screen, const GmqLinkNow *link, int side, Cell cell)
{
    const GmqLinkSpec *spec = &link->both[side];

    switch (cell) {
    case CELL_LATENCY:
        return gmq_ladder_duration(spec->latency_ns);
    case CELL_JITTER:
        return jitter_text(screen->glyphs, spec->jitter_ns);
    case CELL_RATE:
        return rate_text(spec->rate);
    case CELL_LOSS:
        return loss_text(spec->loss);
    case CELL_MOVING:
        return link->is_same
                   ? g_strdup_printf("%zu%s %zu%s", link->n_to_broker,
                                     gmq_sign(screen->glyphs, GMQ_SIGN_ARROW), link->n_from_broker,
                                     gmq_sign(screen->glyphs, GMQ_SIGN_ARROW_BACK))
                   : g_strdup_printf("%zu", side == 0 ? link->n_to_broker : link->n_from_broker);
    default:
        return line_text(screen->glyphs, link->state);
    }
}

static void
draw_cell(GmqScreen *screen, int x, int y, Cell cell, GmqScreenRole role, const char *text)
{
    gmq_screen_put_right(screen, x, y, cells[cell].width, role, text);
}

static GmqScreenRole
role_of(GmqLinkState state)
{
    return state == GMQ_LINK_OK        ? GMQ_ROLE_NORMAL
           : state == GMQ_LINK_WAITING ? GMQ_ROLE_DIM
                                       : GMQ_ROLE_FAULT;
}

/* The name with its direction: "w1 <> broker" for both. */
static void
draw_name(GmqScreen *screen, const GmqView *view, const GmqLinkNow *link, int side, GmqRect line)
{
    bool is_utf8       = screen->glyphs == GMQ_GLYPHS_UTF8;
    const char *both   = is_utf8 ? _(" ⇄ broker") : _(" <> broker");
    const char *way    = link->is_same ? both
                         : side == 0   ? (is_utf8 ? _(" → broker") : _(" -> broker"))
                                       : (is_utf8 ? _(" ← broker") : _(" <- broker"));
    int tail           = gmq_text_width(screen->glyphs, way);
    const char *name   = gmq_picture_client(view->now, link->client)->name;
    int width          = MIN(gmq_text_width(screen->glyphs, name), MAX(line.width - tail, 1));
    GmqScreenRole role = role_of(link->state);

    gmq_screen_put_name(screen, line.x, line.y, width, role, name);
    gmq_screen_put_in(screen, line.x + width, line.y, line.width - width, GMQ_ROLE_DIM, way);
}

static void
draw_link(GmqScreen *screen, const GmqView *view, const GmqLinkNow *link, int side, GmqRect line)
{
    Widths widths = widths_for(line.width);
    int x         = line.x + widths.name;

    draw_name(screen, view, link, side, (GmqRect){line.x, line.y, widths.name, 1});
    for (Cell cell = 0; cell < N_CELLS; cell++) {
        if (cells[cell].rank > widths.rank)
            continue;
        g_autofree char *text = cell_text(screen, link, side, cell);
        draw_cell(screen, x, line.y, cell, role_of(link->state), text);
        x += cells[cell].width;
    }
    gmq_screen_put_in(screen, x + 1, line.y, MIN(widths.state - 1, line.x + line.width - x - 1),
                      link->state == GMQ_LINK_OK ? GMQ_ROLE_GOOD : role_of(link->state),
                      link->word);
}

static void
draw_heads(GmqScreen *screen, GmqRect line)
{
    Widths widths = widths_for(line.width);
    int x         = line.x + widths.name;

    gmq_screen_put_in(screen, line.x, line.y, widths.name, GMQ_ROLE_DIM, _("link"));
    for (Cell cell = 0; cell < N_CELLS; cell++) {
        if (cells[cell].rank > widths.rank)
            continue;
        draw_cell(screen, x, line.y, cell, GMQ_ROLE_DIM, _(cells[cell].title));
        x += cells[cell].width;
    }
    gmq_screen_put_in(screen, x + 1, line.y, line.x + line.width - x - 1, GMQ_ROLE_DIM, _("state"));
}

/* ---- what befalls them ---- */

/* "shop loses 10 %" is what an event line says without "who". */
static char *
fault_words(const GmqView *view, uint64_t number)
{
    const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, number);

    return gmq_event_words(view->stage, event);
}

/* "since 2.000s cut w1": the last one, and how many more there are. */
static void
draw_since(GmqScreen *screen, const GmqView *view, const GmqLinks *links, GmqRect line)
{
    unsigned n = links->faults->len;

    if (n == 0) {
        gmq_screen_put_in(screen, line.x, line.y, line.width, GMQ_ROLE_DIM, _("now    no fault"));
        return;
    }
    uint64_t number        = g_array_index(links->faults, GmqFaultNow, n - 1).event;
    g_autofree char *words = fault_words(view, number);
    g_autofree char *time  = gmq_event_time(gmq_trace_event(view->stage->trace, number)->time_ns);
    g_autofree char *more  = n > 1 ? g_strdup_printf(_("  (+%u more)"), n - 1) : g_strdup("");
    int room               = line.width - gmq_text_width(screen->glyphs, more);
    g_autofree char *text  = g_strdup_printf(_("since  %s  %s"), time, words);
    int x                  = gmq_screen_put_in(screen, line.x, line.y, room, GMQ_ROLE_FAULT, text);
    gmq_screen_put_in(screen, x, line.y, line.x + line.width - x, GMQ_ROLE_DIM, more);
}

static void
draw_next(GmqScreen *screen, const GmqView *view, const GmqLinks *links, GmqRect line)
{
    if (links->next == 0) {
        gmq_screen_put_in(screen, line.x, line.y, line.width, GMQ_ROLE_DIM, _("next   no fault"));
        return;
    }
    g_autofree char *words = fault_words(view, links->next);
    g_autofree char *time =
        gmq_event_time(gmq_trace_event(view->stage->trace, links->next)->time_ns);
    g_autofree char *text = g_strdup_printf(_("next   %s  %s"), time, words);
    gmq_screen_put_in(screen, line.x, line.y, line.width, GMQ_ROLE_NORMAL, text);
}

/* What is wrong with the disk; NULL when nothing is. */
static char *
disk_fault(const GmqView *view, const GmqLinks *links)
{
    for (unsigned i = 0; i < links->faults->len; i++) {
        const GmqFaultNow *fault   = &g_array_index(links->faults, GmqFaultNow, i);
        const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, fault->event);
        if (event->kind == GMQ_EVENT_FAULT_DISK)
            return g_strdup(event->text);
    }
    return NULL;
}

static void
draw_disk(GmqScreen *screen, const GmqView *view, const GmqLinks *links, GmqRect line)
{
    g_autofree char *fault = disk_fault(view, links);
    g_autofree char *sync  = gmq_ladder_duration(links->sync_ns);
    g_autofree char *last  = gmq_event_time(MAX(links->last_sync_ns, 0));
    bool has_stored        = links->last_sync_ns >= 0;
    g_autofree char *text  = g_strdup_printf(
         _("disk   %s%ssync %s   stored %ju%s%s%s"), fault == NULL ? "" : fault,
        fault == NULL ? "" : "   ", sync, links->n_stored, has_stored ? _("   last ") : "",
        has_stored ? last : "", fault == NULL ? _("   faults none") : "");

    gmq_screen_put_in(screen, line.x, line.y, line.width,
                      fault == NULL ? GMQ_ROLE_NORMAL : GMQ_ROLE_FAULT, text);
}

/* ---- without a scenario ---- */

/* Nothing is known of their lines, but what goes over them is. */
static void
draw_connections(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    unsigned n     = view->now->clients->len;
    unsigned rows  = (unsigned)MAX(rect.height - 1, 0);
    unsigned first = gmq_pane_first(view, GMQ_PANE_LINKS, n, rows);
    int name       = MIN(MAX(rect.width - 40, 8), rect.width);

    gmq_screen_printf(screen, rect.x, rect.y, rect.width, GMQ_ROLE_DIM, "%-*s%10s%10s%10s", name,
                      _("connection"), _("published"), _("delivered"), _("unacked"));
    for (unsigned i = first; i < n && i < first + rows; i++) {
        const GmqPictureClient *client = gmq_picture_client(view->now, i);
        uint64_t published = 0, delivered = 0, unacked = 0;
        int y = rect.y + 1 + (int)(i - first);

        for (unsigned e = 0; e < view->now->edges->len; e++) {
            const GmqPictureEdge *edge = gmq_picture_edge(view->now, e);
            if (edge->kind == GMQ_EDGE_PUBLISH && edge->from.index == i)
                published += edge->count;
            if (edge->kind == GMQ_EDGE_CONSUME && edge->to.index == i)
                delivered += edge->count;
        }
        for (unsigned q = 0; q < view->now->queues->len; q++) {
            const GmqTokens *tokens = &gmq_picture_queue(view->now, q)->unacked;
            for (size_t t = 0; t < tokens->length; t++)
                unacked += g_strcmp0(gmq_tokens_at(tokens, t)->client, client->name) == 0;
        }
        gmq_screen_put_name(screen, rect.x, y, name - 1, GMQ_ROLE_NORMAL, client->name);
        gmq_screen_printf(
            screen, rect.x + name, y, rect.width - name, GMQ_ROLE_NORMAL,
            "%10" G_GUINT64_FORMAT "%10" G_GUINT64_FORMAT "%10" G_GUINT64_FORMAT "  %s", published,
            delivered, unacked, client->state == GMQ_CLIENT_CONNECTED ? _("open") : _("closed"));
        if (gmq_pane_is_at(view, GMQ_PANE_LINKS, i))
            gmq_screen_paint(screen, (GmqRect){rect.x, y, rect.width, 1}, GMQ_ROLE_BAR);
    }
}

/* ---- the pane ---- */

/* One line for a link, two when its directions differ. */
static unsigned
count_lines(const GmqLinks *links)
{
    unsigned n = 0;

    for (unsigned i = 0; i < links->links->len; i++)
        n += g_array_index(links->links, GmqLinkNow, i).is_same ? 1 : 2;
    return n;
}

/* NULL behind the last line; side is which direction the line is about. */
static const GmqLinkNow *
find_line(const GmqLinks *links, unsigned row, int *side)
{
    *side = 0;
    for (unsigned i = 0; i < links->links->len; i++) {
        const GmqLinkNow *link = &g_array_index(links->links, GmqLinkNow, i);
        unsigned lines         = link->is_same ? 1 : 2;
        if (row < lines) {
            *side = (int)row;
            return link;
        }
        row -= lines;
    }
    return NULL;
}

unsigned
gmq_pane_links_length(const GmqView *view)
{
    g_autoptr(GmqLinks) links = gmq_links_new(view->stage, view->now);

    return view->stage->scenario == NULL ? view->now->clients->len : count_lines(links);
}

uint64_t
gmq_pane_links_at(const GmqView *view, unsigned row)
{
    g_autoptr(GmqLinks) links = gmq_links_new(view->stage, view->now);
    int side                  = 0;
    const GmqLinkNow *link    = find_line(links, row, &side);

    return link == NULL ? 0 : link->event;
}

void
gmq_pane_links(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    if (view->stage->scenario == NULL) {
        draw_connections(screen, view, rect);
        return;
    }
    g_autoptr(GmqLinks) links = gmq_links_new(view->stage, view->now);
    unsigned lines            = count_lines(links);
    int foot                  = rect.height >= 7 ? 3 : rect.height >= 4 ? 1 : 0;
    unsigned rows             = (unsigned)MAX(rect.height - 1 - foot, 0);
    unsigned first            = gmq_pane_first(view, GMQ_PANE_LINKS, lines, rows);
    int y                     = rect.y + rect.height - foot;

    draw_heads(screen, (GmqRect){rect.x, rect.y, rect.width, 1});
    for (unsigned i = first; i < lines && i < first + rows; i++) {
        int side               = 0;
        const GmqLinkNow *link = find_line(links, i, &side);
        GmqRect line           = {rect.x, rect.y + 1 + (int)(i - first), rect.width, 1};
        draw_link(screen, view, link, side, line);
        if (gmq_pane_is_at(view, GMQ_PANE_LINKS, i))
            gmq_screen_paint(screen, line, GMQ_ROLE_BAR);
    }
    if (foot > 0)
        draw_since(screen, view, links, (GmqRect){rect.x, y++, rect.width, 1});
    if (foot < 3)
        return;
    draw_next(screen, view, links, (GmqRect){rect.x, y++, rect.width, 1});
    draw_disk(screen, view, links, (GmqRect){rect.x, y, rect.width, 1});
}
