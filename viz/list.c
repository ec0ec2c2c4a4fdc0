#include <string.h>

#include "sim/language.h"
#include "viz/box-lines.h"
#include "viz/box.h"
#include "viz/event-line.h"
#include "viz/glyphs.h"
#include "viz/pane.h"

/* ---- small: one row for each entity ---- */

static char *
row_words(const GmqView *view, GmqPlace place)
{
    const GmqPicture *now = view->now;

    if (place.kind == GMQ_PLACE_EXCHANGE) {
        const GmqPictureExchange *exchange = gmq_picture_exchange(now, place.index);
        return g_strdup_printf(_("%s  in %ju  out %ju"), exchange->type, exchange->in,
                               exchange->routed);
    }
    if (place.kind == GMQ_PLACE_QUEUE) {
        const GmqPictureQueue *queue = gmq_picture_queue(now, place.index);
        return g_strdup_printf(_("ready %zu  unacked %zu  acked %ju  "), gmq_picture_ready(queue),
                               gmq_picture_unacked(queue), queue->acked);
    }
    const GmqPictureClient *client = gmq_picture_client(now, place.index);
    if (gmq_picture_client(view->stage->whole, place.index)->consumes)
        return g_strdup_printf(_("done %ju  "), client->finished);
    return g_strdup_printf(_("sent %ju  confirmed %ju"), client->sent, client->confirmed);
}

static const GmqTokens *
row_tokens(const GmqView *view, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_QUEUE)
        return &gmq_picture_queue(view->now, place.index)->ready;
    if (place.kind == GMQ_PLACE_CLIENT)
        return &gmq_picture_client(view->now, place.index)->held;
    return NULL;
}

/* What is on its way from a producer or to a consumer. */
static void
draw_moving(GmqScreen *screen, const GmqView *view, GmqPlace place, int x, int y, int width)
{
    for (unsigned i = 0; place.kind == GMQ_PLACE_CLIENT && i < view->now->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(view->now, i);
        const GmqPlace *client     = edge->kind == GMQ_EDGE_PUBLISH ? &edge->from : &edge->to;
        if (client->kind != place.kind || client->index != place.index || edge->forth.length == 0)
            continue;
        g_autofree char *name =
            gmq_stage_name(view->stage, gmq_tokens_at(&edge->forth, 0)->message);
        g_autofree char *text = g_strdup_printf(_("(%s) moving"), name);
        gmq_screen_put_in(screen, x, y, width, GMQ_ROLE_MOVING, text);
        return;
    }
}

static bool
is_hot(const GmqView *view, GmqPlace place)
{
    const GmqPlace *hot = &view->now->hop.place;

    return hot->kind == place.kind && hot->index == place.index;
}

static void
draw_row(GmqScreen *screen, const GmqView *view, GmqPlace place, int x, int y, int width)
{
    g_autofree char *words  = row_words(view, place);
    const GmqTokens *tokens = row_tokens(view, place);
    GmqScreenRole role      = is_hot(view, place) ? GMQ_ROLE_HOT : GMQ_ROLE_STRONG;
    int end                 = x + width;

    gmq_screen_put(screen, x, y, role,
                   is_hot(view, place) ? gmq_sign(screen->glyphs, GMQ_SIGN_HERE) : " ");
    gmq_box_draw_title(screen, view->now, place, x + 1, y, MIN(18, width - 1));
    x = gmq_screen_put_in(screen, x + 20, y, end - x - 20, GMQ_ROLE_NORMAL, words);
    if (tokens != NULL)
        x = gmq_box_draw_tokens(screen, view->stage, tokens, x, y, end - x) + 1;
    draw_moving(screen, view, place, x + 1, y, end - x - 1);
}

/* All entities from left to right, as of GmqPlace. */
static GArray *
all_places(const GmqView *view)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(GmqPlace));

    for (int column = 0; column < GMQ_N_COLUMNS; column++) {
        g_autoptr(GArray) places = gmq_layout_column(view->stage, column);
        g_array_append_vals(all, places->data, places->len);
    }
    return all;
}

void
gmq_pane_list(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autoptr(GArray) places = all_places(view);
    unsigned rows            = (unsigned)MAX(rect.height, 1);
    bool is_whole            = places->len <= rows;
    unsigned shown           = is_whole ? places->len : rows - 1;
    unsigned first           = MIN(view->scroll[GMQ_PANE_FLOW], places->len - shown);

    for (unsigned i = 0; i < shown; i++) {
        GmqPlace place = g_array_index(places, GmqPlace, first + i);
        if (gmq_box_exists(view->now, place))
            draw_row(screen, view, place, rect.x, rect.y + (int)i, rect.width);
    }
    if (!is_whole)
        gmq_screen_printf(screen, rect.x + 1, rect.y + (int)shown, rect.width - 1, GMQ_ROLE_DIM,
                          _("+%u more"), places->len - shown);
}

/* ---- tiny: a table of counters ---- */

/* Three numbers at the right, the name in what is left. */
static void
draw_numbers(GmqScreen *screen, int x, int y, int width, GmqScreenRole role, const char *name,
             const char *const *numbers)
{
    int cell       = width >= 36 ? 8 : width >= 18 ? 5 : 4;
    int count      = CLAMP((width - 4) / cell, 0, 3);
    int name_width = width - count * cell;

    gmq_screen_put_name(screen, x, y, name_width, role, name);
    for (int i = 0; i < count; i++)
        gmq_screen_put_right(screen, x + name_width + i * cell, y, cell, role, numbers[i]);
}

static void
draw_queue_numbers(GmqScreen *screen, const GmqView *view, unsigned index, int x, int y, int width)
{
    const GmqPictureQueue *queue = gmq_picture_queue(view->now, index);
    GmqPlace place               = {GMQ_PLACE_QUEUE, index};
    g_autofree char *ready       = g_strdup_printf("%zu", gmq_picture_ready(queue));
    g_autofree char *unacked     = g_strdup_printf("%zu", gmq_picture_unacked(queue));
    g_autofree char *acked       = g_strdup_printf("%" G_GUINT64_FORMAT, queue->acked);
    const char *const numbers[]  = {ready, unacked, acked};

    draw_numbers(screen, x, y, width, is_hot(view, place) ? GMQ_ROLE_HOT : GMQ_ROLE_NORMAL,
                 queue->name, numbers);
}

void
gmq_pane_table(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    const char *const wide[]   = {_("ready"), _("unacked"), _("acked")};
    const char *const narrow[] = {_("rdy"), _("una"), _("ack")};
    unsigned n                 = view->now->queues->len;
    unsigned first             = MIN(view->scroll[GMQ_PANE_FLOW], n);
    int line                   = 0;

    if (rect.height > 1)
        draw_numbers(screen, rect.x, rect.y + line++, rect.width, GMQ_ROLE_STRONG, _("queue"),
                     rect.width >= 36 ? wide : narrow);
    for (unsigned i = first; i < n && line < rect.height; i++, line++) {
        bool is_last = line + 1 == rect.height && i + 1 < n && rect.height > 2;
        if (is_last)
            gmq_screen_printf(screen, rect.x, rect.y + line, rect.width, GMQ_ROLE_DIM,
                              _("+%u more"), n - i);
        else
            draw_queue_numbers(screen, view, i, rect.x, rect.y + line, rect.width);
    }
}
