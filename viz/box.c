#include "viz/box.h"

#include <string.h>

#include "viz/glyphs.h"

/* Where a line of a box is drawn. */
typedef struct {
    GmqScreen *screen;
    const GmqStage *stage;
    const GmqPicture *now;
    GmqRect inside; /* of the frame */
} Pen;

/* ---- titles ---- */

const char *
gmq_box_state(const GmqPicture *now, unsigned client)
{
    const GmqPictureClient *one = gmq_picture_client(now, client);

    if (one->state == GMQ_CLIENT_CRASHED)
        return "CRASHED";
    if (one->is_cut)
        return "CUT";
    if (one->state == GMQ_CLIENT_WAITING)
        return "absent";
    if (one->state == GMQ_CLIENT_STARTED)
        return "opening";
    if (one->state == GMQ_CLIENT_CLOSED)
        return "closed";
    if (!gmq_picture_client(now, client)->consumes)
        return "";
    return one->held.length > 0 ? "working" : "idle";
}

static char *
named_title(const char *name, unsigned flags, bool is_deleted)
{
    return g_strconcat(name, flags & GMQ_FLAG_DURABLE ? " D" : "", is_deleted ? " DELETED" : "",
                       NULL);
}

char *
gmq_box_title(const GmqPicture *now, GmqPlace place)
{
    const char *name = gmq_picture_name(now, place);

    if (place.kind == GMQ_PLACE_CLIENT) {
        const char *state = gmq_box_state(now, place.index);
        return g_strconcat(name, *state == '\0' ? "" : " ", state, NULL);
    }
    if (place.kind == GMQ_PLACE_EXCHANGE) {
        const GmqPictureExchange *exchange = gmq_picture_exchange(now, place.index);
        unsigned flags                     = exchange->is_predeclared ? 0 : exchange->flags;
        return named_title(name, flags, exchange->is_deleted);
    }
    const GmqPictureQueue *queue = gmq_picture_queue(now, place.index);
    return named_title(name, queue->flags, queue->is_deleted);
}

static GmqScreenRole
title_role(const GmqPicture *now, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_CLIENT) {
        const GmqPictureClient *client = gmq_picture_client(now, place.index);
        if (client->is_cut || client->state == GMQ_CLIENT_CRASHED)
            return GMQ_ROLE_FAULT;
    }
    if (now->hop.place.kind == place.kind && now->hop.place.index == place.index)
        return GMQ_ROLE_HOT;
    return GMQ_ROLE_STRONG;
}

/* ---- pieces of lines ---- */

/* A word at the left and its number at the right; the short word when the long one does not fit. */
static void
draw_count(const Pen *pen, int line, const char *word, const char *short_word, uint64_t count)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, count);
    int room                = pen->inside.width - (int)strlen(digits) - 1;
    int y                   = pen->inside.y + line;
    const char *fitting     = (int)strlen(word) <= room ? word : short_word;

    gmq_screen_put_in(pen->screen, pen->inside.x, y, room, GMQ_ROLE_NORMAL, fitting);
    gmq_screen_put_right(pen->screen, pen->inside.x, y, pen->inside.width, GMQ_ROLE_NORMAL, digits);
}

/* The first of the texts that fits; the last one is cut if it must be. */
static void
draw_fitting(const Pen *pen, int line, const char *const *texts, size_t n)
{
    size_t i = 0;

    while (i + 1 < n && gmq_text_width(pen->screen->glyphs, texts[i]) > pen->inside.width)
        i++;
    gmq_screen_put_in(pen->screen, pen->inside.x, pen->inside.y + line, pen->inside.width,
                      GMQ_ROLE_NORMAL, texts[i]);
}

static char *
token_text(const GmqStage *stage, const GmqToken *token)
{
    g_autofree char *name = gmq_stage_name(stage, token->message);

    return g_strdup_printf("[%s%s]", name, token->redelivered ? "R" : "");
}

int
gmq_box_draw_tokens(GmqScreen *screen, const GmqStage *stage, const GmqTokens *tokens, int x, int y,
                    int width)
{
    int end = x + width;

    for (size_t i = 0; i < tokens->length; i++) {
        const GmqToken *token = gmq_tokens_at(tokens, i);
        g_autofree char *text = token_text(stage, token);
        g_autofree char *more = g_strdup_printf("+%zu", tokens->length - i);
        int needed            = gmq_text_width(screen->glyphs, text);
        int reserve           = i + 1 < tokens->length ? (int)strlen(more) : 0;

        if (x + needed + reserve > end && !(i == 0 && tokens->length == 1))
            return gmq_screen_put_in(screen, x, y, end - x, GMQ_ROLE_DIM, more),
                   MIN(end, x + (int)strlen(more));
        x = gmq_screen_put_in(screen, x, y, end - x,
                              token->redelivered ? GMQ_ROLE_AGAIN : GMQ_ROLE_STORED, text);
    }
    return x;
}

/* ---- producers ---- */

/* Counters that stay at zero in the whole run have no line. */
static int
producer_lines(const GmqPictureClient *whole)
{
    return 1 + (whole->confirmed + whole->nacked > 0) + (whole->returned > 0) + (whole->nacked > 0);
}

static void
draw_producer(const Pen *pen, unsigned index)
{
    const GmqPictureClient *whole = gmq_picture_client(pen->stage->whole, index);
    const GmqPictureClient *now   = gmq_picture_client(pen->now, index);
    int line                      = 0;

    draw_count(pen, line++, "sent", "sent", now->sent);
    if (whole->returned > 0 && line < pen->inside.height)
        draw_count(pen, line++, "returned", "back", now->returned);
    if (whole->confirmed + whole->nacked > 0 && line < pen->inside.height)
        draw_count(pen, line++, "confirmed", "ok", now->confirmed);
    if (whole->nacked > 0 && line < pen->inside.height)
        draw_count(pen, line++, "nacked", "nack", now->nacked);
}

/* ---- exchanges ---- */

/* Lines to other exchanges would cross the queues: they are words in the box. */
static unsigned
count_links(const GmqPicture *whole, unsigned index)
{
    unsigned n = 0;

    for (unsigned i = 0; i < whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(whole, i);
        n += edge->from.kind == GMQ_PLACE_EXCHANGE && edge->from.index == index &&
             edge->to.kind == GMQ_PLACE_EXCHANGE;
    }
    return n;
}

static int
draw_links(const Pen *pen, GmqPlace place, int line)
{
    for (unsigned i = 0; i < pen->now->edges->len && line < pen->inside.height; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(pen->now, i);
        bool is_ours = edge->from.kind == place.kind && edge->from.index == place.index &&
                       edge->to.kind == GMQ_PLACE_EXCHANGE;
        if (!is_ours)
            continue;
        gmq_screen_printf(pen->screen, pen->inside.x, pen->inside.y + line++, pen->inside.width,
                          pen->now->hop.edge == (int)i ? GMQ_ROLE_HOT : GMQ_ROLE_NORMAL,
                          "%s %s %" G_GUINT64_FORMAT,
                          edge->kind == GMQ_EDGE_ALTERNATE ? "else"
                          : edge->kind == GMQ_EDGE_DEAD    ? "dead to"
                                                           : "to",
                          gmq_picture_name(pen->now, edge->to), edge->count);
    }
    return line;
}

static void
draw_exchange(const Pen *pen, unsigned index)
{
    const GmqPictureExchange *now = gmq_picture_exchange(pen->now, index);
    bool drops                    = gmq_picture_exchange(pen->stage->whole, index)->unroutable > 0;
    int height                    = pen->inside.height;

    if (height < 3) {
        g_autofree char *both  = g_strdup_printf("%s  in %" G_GUINT64_FORMAT, now->type, now->in);
        g_autofree char *in    = g_strdup_printf("in %" G_GUINT64_FORMAT, now->in);
        g_autofree char *flow  = g_strdup_printf("%s  out %" G_GUINT64_FORMAT, in, now->routed);
        const char *one_line[] = {both, in};
        const char *two_line[] = {flow, in};
        if (height == 1) {
            draw_fitting(pen, 0, one_line, 2);
            return;
        }
        gmq_screen_put_in(pen->screen, pen->inside.x, pen->inside.y, pen->inside.width,
                          GMQ_ROLE_NORMAL, now->type);
        draw_fitting(pen, 1, two_line, 2);
        return;
    }

    int line = 1;
    gmq_screen_put_in(pen->screen, pen->inside.x, pen->inside.y, pen->inside.width, GMQ_ROLE_NORMAL,
                      now->type);
    draw_count(pen, line++, "in", "in", now->in);
    if (drops && height == 3)
        draw_count(pen, line++, "no route", "lost", now->unroutable);
    else
        draw_count(pen, line++, "out", "out", now->routed);
    if (drops && line < height)
        draw_count(pen, line++, "no route", "lost", now->unroutable);
    draw_links(pen, (GmqPlace){GMQ_PLACE_EXCHANGE, index}, line);
}

/* ---- queues ---- */

static int
queue_lines(const GmqPicture *whole, unsigned index)
{
    const GmqPictureQueue *queue = gmq_picture_queue(whole, index);

    return 4 + (queue->redelivered > 0) + (queue->expired > 0) + (queue->dropped > 0) +
           (queue->dead_lettered > 0);
}

/* "ready 2 [5R][6]": the counter, and behind it as many of the messages as fit. */
static void
draw_ready(const Pen *pen, const GmqPictureQueue *queue, int line, int width)
{
    int y = pen->inside.y + line;
    int x = pen->inside.x;

    if (width < 13 && queue->ready.length > 0) {
        gmq_box_draw_tokens(pen->screen, pen->stage, &queue->ready, x, y, width);
        return;
    }
    gmq_screen_printf(pen->screen, x, y, width, GMQ_ROLE_NORMAL, "ready %zu",
                      gmq_picture_ready(queue));
    gmq_box_draw_tokens(pen->screen, pen->stage, &queue->ready, x + 8, y, width - 8);
}

static void
draw_queue_short(const Pen *pen, const GmqPictureQueue *queue)
{
    int width             = pen->inside.width;
    g_autofree char *held = g_strdup_printf("unacked %zu", queue->unacked.length);
    g_autofree char *done = g_strdup_printf("acked %" G_GUINT64_FORMAT, queue->acked);

    if (pen->inside.height == 1) {
        int room = width - (int)strlen(held) - 1;
        draw_ready(pen, queue, 0, room);
        gmq_screen_put_right(pen->screen, pen->inside.x, pen->inside.y, width, GMQ_ROLE_NORMAL,
                             held);
        return;
    }
    draw_ready(pen, queue, 0, width);
    gmq_screen_put_in(pen->screen, pen->inside.x, pen->inside.y + 1, width, GMQ_ROLE_NORMAL, held);
    if ((int)(strlen(held) + strlen(done)) + 2 <= width)
        gmq_screen_put_right(pen->screen, pen->inside.x, pen->inside.y + 1, width, GMQ_ROLE_NORMAL,
                             done);
}

static void
draw_queue(const Pen *pen, unsigned index)
{
    const GmqPictureQueue *whole = gmq_picture_queue(pen->stage->whole, index);
    const GmqPictureQueue *now   = gmq_picture_queue(pen->now, index);
    int line                     = 0;

    if (pen->inside.height < 3) {
        draw_queue_short(pen, now);
        return;
    }
    if (pen->inside.height == 3) {
        draw_ready(pen, now, line++, pen->inside.width);
    } else {
        draw_count(pen, line++, "ready", "ready", gmq_picture_ready(now));
        gmq_box_draw_tokens(pen->screen, pen->stage, &now->ready, pen->inside.x,
                            pen->inside.y + line++, pen->inside.width);
    }
    draw_count(pen, line++, "unacked", "unack", now->unacked.length);
    draw_count(pen, line++, "acked", "acked", now->acked);

    const struct {
        bool is_used;
        const char *word;
        const char *short_word;
        uint64_t count;
    } rows[] = {
        {whole->redelivered > 0, "redelivered", "again", now->redelivered},
        {whole->expired > 0, "expired", "expired", now->expired},
        {whole->dropped > 0, "dropped", "dropped", now->dropped},
        {whole->dead_lettered > 0, "dead-lettered", "dead", now->dead_lettered},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows) && line < pen->inside.height; i++) {
        if (rows[i].is_used)
            draw_count(pen, line++, rows[i].word, rows[i].short_word, rows[i].count);
    }
}

/* ---- consumers ---- */

static void
draw_bar(const Pen *pen, const GmqPictureClient *client, int x, int y, int width)
{
    int64_t work  = gmq_tokens_at(&client->held, 0)->work_ns;
    int64_t spent = CLAMP(pen->now->time_ns - client->work_since_ns, 0, work);

    for (int i = 0; work > 0 && i < width; i++) {
        GmqSign sign = spent * width > work * i ? GMQ_SIGN_WORK : GMQ_SIGN_REST;
        gmq_screen_put(pen->screen, x + i, y, GMQ_ROLE_STORED, gmq_sign(pen->screen->glyphs, sign));
    }
}

static void
draw_work(const Pen *pen, const GmqPictureClient *client)
{
    int x     = pen->inside.x;
    int y     = pen->inside.y;
    int width = pen->inside.width;

    if (client->held.length == 0)
        return;
    if (client->state == GMQ_CLIENT_CRASHED) {
        int start = width >= 13
                        ? gmq_screen_put_in(pen->screen, x, y, width, GMQ_ROLE_FAULT, "was doing ")
                        : gmq_screen_put_in(pen->screen, x, y, width, GMQ_ROLE_FAULT, "had ");
        gmq_box_draw_tokens(pen->screen, pen->stage, &client->held, start, y, x + width - start);
        return;
    }
    int end = gmq_box_draw_tokens(pen->screen, pen->stage, &client->held, x, y, width) + 1;
    draw_bar(pen, client, end, y, MIN(x + width - end, 10));
}

static void
draw_consumer(const Pen *pen, unsigned index)
{
    const GmqPictureClient *now   = gmq_picture_client(pen->now, index);
    const GmqPictureClient *whole = gmq_picture_client(pen->stage->whole, index);
    int line                      = 1;

    draw_work(pen, now);
    if (now->prefetch > 0 && line < pen->inside.height)
        draw_count(pen, line++, "prefetch", "prefetch", now->prefetch);
    if (line < pen->inside.height)
        draw_count(pen, line++, "done", "done", now->finished);
    if (whole->sent > 0 && line < pen->inside.height)
        draw_count(pen, line++, "sent", "sent", now->sent);
}

static void
draw_client(const Pen *pen, unsigned index)
{
    if (gmq_picture_client(pen->stage->whole, index)->consumes)
        draw_consumer(pen, index);
    else
        draw_producer(pen, index);
}

/* ---- the whole ---- */

static int
client_lines(const GmqPicture *whole, unsigned index)
{
    const GmqPictureClient *client = gmq_picture_client(whole, index);

    if (!gmq_picture_client(whole, index)->consumes)
        return producer_lines(client);
    return 2 + (client->prefetch > 0) + (client->sent > 0);
}

GmqBoxWish
gmq_box_wish(const GmqStage *stage, GmqPlace place, GmqGlyphs glyphs)
{
    const GmqPicture *whole = stage->whole;
    int name                = gmq_text_width(glyphs, gmq_picture_name(whole, place));

    if (place.kind == GMQ_PLACE_EXCHANGE) {
        unsigned links = count_links(whole, place.index);
        bool drops     = gmq_picture_exchange(whole, place.index)->unroutable > 0;
        return (GmqBoxWish){3 + drops + (int)links, 2, MAX(name + 6, 14), CLAMP(name + 4, 10, 14)};
    }
    if (place.kind == GMQ_PLACE_QUEUE)
        return (GmqBoxWish){queue_lines(whole, place.index), 2, MAX(name + 8, 24), 16};

    bool consumes = gmq_picture_client(whole, place.index)->consumes;
    return (GmqBoxWish){client_lines(whole, place.index), 1,
                        consumes ? MAX(name + 12, 17) : MAX(name + 6, 13), consumes ? 15 : 9};
}

bool
gmq_box_exists(const GmqPicture *now, GmqPlace place)
{
    switch (place.kind) {
    case GMQ_PLACE_CLIENT:
        return place.index < now->clients->len;
    case GMQ_PLACE_EXCHANGE:
        return place.index < now->exchanges->len && gmq_picture_shows_exchange(now, place.index);
    case GMQ_PLACE_QUEUE:
        return place.index < now->queues->len;
    default:
        return false;
    }
}

typedef void (*DrawInside)(const Pen *pen, unsigned index);

static const DrawInside draw_inside[GMQ_N_PLACE_KINDS] = {
    [GMQ_PLACE_CLIENT]   = draw_client,
    [GMQ_PLACE_EXCHANGE] = draw_exchange,
    [GMQ_PLACE_QUEUE]    = draw_queue,
};

/* The title stands in the upper edge; in a narrow box without the dash before and behind it. */
static void
draw_title(GmqScreen *screen, const GmqPicture *now, GmqPlace place, GmqRect rect)
{
    g_autofree char *title = gmq_box_title(now, place);
    int edge               = gmq_text_width(screen->glyphs, title) + 6 <= rect.width ? 3 : 2;

    gmq_screen_put(screen, rect.x + edge - 1, rect.y, GMQ_ROLE_DIM, " ");
    int end = gmq_screen_put_in(screen, rect.x + edge, rect.y, rect.width - 2 * edge,
                                title_role(now, place), title);
    gmq_screen_put(screen, end, rect.y, GMQ_ROLE_DIM, " ");
}

void
gmq_box_draw(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now, GmqPlace place,
             GmqRect rect, bool is_joined)
{
    GmqRect inside = {rect.x + 1, rect.y + 1, rect.width - 2, rect.height - 2};
    Pen pen        = {screen, stage, now, inside};

    gmq_frame_draw(screen, rect, is_joined, GMQ_ROLE_DIM);
    draw_title(screen, now, place, rect);
    if (inside.height > 0 && inside.width > 0)
        draw_inside[place.kind](&pen, place.index);
}
