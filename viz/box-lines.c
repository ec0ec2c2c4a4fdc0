#include "viz/box-lines.h"

#include <string.h>

#include "sim/language.h"
#include "viz/glyphs.h"

/* A counter with its word, and a shorter one for narrow boxes. What stays at zero in the whole run
 * has no row. */
typedef struct {
    const char *word;
    const char *short_word;
    uint64_t count;
    bool is_shown;
} Row;

#define ROWS_MOST 6

/* ---- pieces ---- */

static int
count_shown(const Row *rows, size_t n)
{
    int shown = 0;

    for (size_t i = 0; i < n; i++)
        shown += rows[i].is_shown;
    return shown;
}

static void
put(const GmqPen *pen, int line, const char *text)
{
    gmq_screen_put_in(pen->screen, pen->inside.x, pen->inside.y + line, pen->inside.width,
                      GMQ_ROLE_NORMAL, text);
}

static void
draw_row(const GmqPen *pen, int line, const Row *row)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, row->count);
    int room                = pen->inside.width - (int)strlen(digits) - 1;

    gmq_screen_put_in(pen->screen, pen->inside.x, pen->inside.y + line, room, GMQ_ROLE_NORMAL,
                      gmq_text_width(pen->screen->glyphs, row->word) <= room ? row->word
                                                                             : row->short_word);
    gmq_screen_put_right(pen->screen, pen->inside.x, pen->inside.y + line, pen->inside.width,
                         GMQ_ROLE_NORMAL, digits);
}

/* Returns the line behind the last row. */
static int
draw_rows(const GmqPen *pen, int line, const Row *rows, size_t n)
{
    for (size_t i = 0; i < n && line < pen->inside.height; i++) {
        if (rows[i].is_shown)
            draw_row(pen, line++, &rows[i]);
    }
    return line;
}

/* Two words in one line: both if they fit, else the first. */
static void
put_both(const GmqPen *pen, int line, const char *first, const char *second)
{
    int width = gmq_text_width(pen->screen->glyphs, first);

    put(pen, line, first);
    if (width + 2 + gmq_text_width(pen->screen->glyphs, second) <= pen->inside.width)
        gmq_screen_put_right(pen->screen, pen->inside.x, pen->inside.y + line, pen->inside.width,
                             GMQ_ROLE_NORMAL, second);
}

static char *
token_text(const GmqStage *stage, const GmqToken *token)
{
    g_autofree char *name = gmq_stage_name(stage, token->message);

    if (token->is_passing)
        return g_strdup_printf("(%s)", name);
    return g_strdup_printf("[%s%s]", name, token->redelivered ? "R" : "");
}

static GmqScreenRole
token_role(const GmqToken *token)
{
    if (token->is_passing)
        return GMQ_ROLE_MOVING;
    return token->redelivered ? GMQ_ROLE_AGAIN : GMQ_ROLE_STORED;
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
        bool is_last          = i + 1 == tokens->length;
        int needed            = gmq_text_width(screen->glyphs, text) + (is_last ? 0 : 2);

        if (x + needed > end && tokens->length > 1)
            return gmq_screen_put_in(screen, x, y, end - x, GMQ_ROLE_DIM, more);
        x = gmq_screen_put_name(screen, x, y, end - x, token_role(token), text);
    }
    return x;
}

/* ---- producers ---- */

static size_t
producer_rows(const GmqPictureClient *whole, const GmqPictureClient *now, Row *rows)
{
    rows[0] = (Row){_("sent"), _("sent"), now->sent, true};
    rows[1] = (Row){_("returned"), _("back"), now->returned, whole->returned > 0};
    rows[2] = (Row){_("confirmed"), _("ok"), now->confirmed, whole->confirmed + whole->nacked > 0};
    rows[3] = (Row){_("nacked"), _("nack"), now->nacked, whole->nacked > 0};
    return 4;
}

/* ---- exchanges ---- */

static size_t
exchange_rows(const GmqPictureExchange *whole, const GmqPictureExchange *now, Row *rows)
{
    rows[0] = (Row){_("in"), _("in"), now->in, true};
    rows[1] = (Row){_("no route"), _("no rt"), now->unroutable, whole->unroutable > 0};
    rows[2] = (Row){_("out"), _("out"), now->routed, true};
    return 3;
}

static void
draw_exchange(const GmqPen *pen, unsigned index)
{
    const GmqPictureExchange *now = gmq_picture_exchange(pen->now, index);
    g_autofree char *in           = g_strdup_printf(_("in %ju"), now->in);
    g_autofree char *out          = g_strdup_printf(_("out %ju"), now->routed);
    Row rows[ROWS_MOST];
    size_t n = exchange_rows(gmq_picture_exchange(pen->stage->whole, index), now, rows);

    if (pen->inside.height == 1) {
        put_both(pen, 0, now->type, in);
        return;
    }
    put(pen, 0, now->type);
    if (pen->inside.height == 2)
        put_both(pen, 1, in, out);
    else
        draw_rows(pen, 1, rows, n);
}

/* ---- queues ---- */

static size_t
queue_rows(const GmqPictureQueue *whole, const GmqPictureQueue *now, Row *rows)
{
    rows[0] = (Row){_("unacked"), _("unack"), gmq_picture_unacked(now), true};
    rows[1] = (Row){_("acked"), _("acked"), now->acked, true};
    rows[2] = (Row){_("redelivered"), _("again"), now->redelivered, whole->redelivered > 0};
    rows[3] = (Row){_("expired"), _("expired"), now->expired, whole->expired > 0};
    rows[4] = (Row){_("dropped"), _("dropped"), now->dropped, whole->dropped > 0};
    rows[5] = (Row){_("dead-lettered"), _("dead"), now->dead_lettered, whole->dead_lettered > 0};
    return 6;
}

/* "ready 2 [5R][6]": the counter, and behind it as many of the messages as fit; in a narrow place
 * the messages alone, which can be counted. */
static void
draw_ready(const GmqPen *pen, const GmqPictureQueue *queue, int width)
{
    bool is_narrow = width < 7 && queue->ready.length == 0;
    g_autofree char *ready =
        g_strdup_printf(is_narrow ? _("rdy %zu") : _("ready %zu"), gmq_picture_ready(queue));
    int x = pen->inside.x;

    if (width >= 13 || queue->ready.length == 0)
        x = gmq_screen_put_in(pen->screen, x, pen->inside.y, width, GMQ_ROLE_NORMAL, ready) + 1;
    gmq_box_draw_tokens(pen->screen, pen->stage, &queue->ready, x, pen->inside.y,
                        pen->inside.x + width - x);
}

#define ROOM_FOR_WORDS 19 /* "ready 2 [5] una 1" still fits below it */

/* In one or two lines. */
static void
draw_queue_low(const GmqPen *pen, const GmqPictureQueue *queue)
{
    int width      = pen->inside.width;
    bool is_narrow = pen->inside.height == 1 && width < ROOM_FOR_WORDS;
    g_autofree char *held =
        g_strdup_printf(is_narrow ? _("una %zu") : _("unacked %zu"), gmq_picture_unacked(queue));
    g_autofree char *done = g_strdup_printf(_("acked %ju"), queue->acked);

    if (pen->inside.height == 1) {
        draw_ready(pen, queue, width - gmq_text_width(pen->screen->glyphs, held) - 1);
        gmq_screen_put_right(pen->screen, pen->inside.x, pen->inside.y, width, GMQ_ROLE_NORMAL,
                             held);
        return;
    }
    draw_ready(pen, queue, width);
    put_both(pen, 1, held, done);
}

static void
draw_queue(const GmqPen *pen, unsigned index)
{
    const GmqPictureQueue *now = gmq_picture_queue(pen->now, index);
    Row ready                  = {_("ready"), _("ready"), gmq_picture_ready(now), true};
    Row rows[ROWS_MOST];
    size_t n = queue_rows(gmq_picture_queue(pen->stage->whole, index), now, rows);

    if (pen->inside.height < 3) {
        draw_queue_low(pen, now);
    } else if (pen->inside.height == 3) {
        draw_ready(pen, now, pen->inside.width);
        draw_rows(pen, 1, rows, n);
    } else {
        draw_row(pen, 0, &ready);
        gmq_box_draw_tokens(pen->screen, pen->stage, &now->ready, pen->inside.x, pen->inside.y + 1,
                            pen->inside.width);
        draw_rows(pen, 2, rows, n);
    }
}

/* ---- consumers ---- */

static size_t
consumer_rows(const GmqPictureClient *whole, const GmqPictureClient *now, Row *rows)
{
    rows[0] = (Row){_("prefetch"), _("prefetch"), now->prefetch, whole->prefetch > 0};
    rows[1] = (Row){_("done"), _("done"), now->finished, true};
    rows[2] = (Row){_("sent"), _("sent"), now->sent, whole->sent > 0};
    return 3;
}

/* How far it is with the message that it works on. */
static void
draw_bar(const GmqPen *pen, const GmqPictureClient *client, int x, int width)
{
    int64_t work  = gmq_tokens_at(&client->held, 0)->work_ns;
    int64_t spent = CLAMP(pen->now->time_ns - client->work_since_ns, 0, work);

    for (int i = 0; work > 0 && i < width; i++) {
        GmqSign sign = spent * width > work * i ? GMQ_SIGN_WORK : GMQ_SIGN_REST;
        gmq_screen_put(pen->screen, x + i, pen->inside.y, GMQ_ROLE_STORED,
                       gmq_sign(pen->screen->glyphs, sign));
    }
}

static void
draw_work(const GmqPen *pen, const GmqPictureClient *client)
{
    bool is_dead = client->state == GMQ_CLIENT_CRASHED;
    int x        = pen->inside.x;
    int end      = x + pen->inside.width;

    if (client->held.length == 0)
        return;
    if (is_dead)
        x = gmq_screen_put_in(pen->screen, x, pen->inside.y, end - x, GMQ_ROLE_FAULT,
                              end - x >= 13 ? _("was doing ") : _("had "));
    x = gmq_box_draw_tokens(pen->screen, pen->stage, &client->held, x, pen->inside.y, end - x) + 1;
    if (!is_dead)
        draw_bar(pen, client, x, MIN(end - x, 10));
}

/* ---- by kind ---- */

static void
draw_client(const GmqPen *pen, unsigned index)
{
    const GmqPictureClient *whole = gmq_picture_client(pen->stage->whole, index);
    const GmqPictureClient *now   = gmq_picture_client(pen->now, index);
    Row rows[ROWS_MOST];

    if (!whole->consumes) {
        draw_rows(pen, 0, rows, producer_rows(whole, now, rows));
        return;
    }
    draw_work(pen, now);
    draw_rows(pen, 1, rows, consumer_rows(whole, now, rows));
}

typedef void (*DrawInside)(const GmqPen *pen, unsigned index);

static const DrawInside draw_inside[GMQ_N_PLACE_KINDS] = {
    [GMQ_PLACE_CLIENT]   = draw_client,
    [GMQ_PLACE_EXCHANGE] = draw_exchange,
    [GMQ_PLACE_QUEUE]    = draw_queue,
};

void
gmq_box_draw_lines(const GmqPen *pen, GmqPlace place)
{
    draw_inside[place.kind](pen, place.index);
}

/* Messages by name where they fit, otherwise how many there are. */
void
gmq_box_draw_brief(const GmqPen *pen, GmqPlace place, int x, int y, int width)
{
    const GmqTokens *tokens = NULL;
    uint64_t count          = 0;

    if (place.kind == GMQ_PLACE_QUEUE)
        tokens = &gmq_picture_queue(pen->now, place.index)->ready;
    else if (place.kind == GMQ_PLACE_EXCHANGE)
        count = gmq_picture_exchange(pen->now, place.index)->in;
    else if (gmq_picture_client(pen->stage->whole, place.index)->consumes)
        tokens = &gmq_picture_client(pen->now, place.index)->held;
    else
        count = gmq_picture_client(pen->now, place.index)->sent;
    if (tokens != NULL && tokens->length > 0)
        gmq_box_draw_tokens(pen->screen, pen->stage, tokens, x, y, width);
    else
        gmq_screen_printf(pen->screen, x, y, width, GMQ_ROLE_NORMAL, "%" G_GUINT64_FORMAT " ",
                          count);
}

int
gmq_box_count_lines(const GmqStage *stage, GmqPlace place)
{
    const GmqPicture *whole = stage->whole;
    Row rows[ROWS_MOST];
    size_t n;

    if (place.kind == GMQ_PLACE_EXCHANGE) {
        const GmqPictureExchange *exchange = gmq_picture_exchange(whole, place.index);
        n                                  = exchange_rows(exchange, exchange, rows);
        return 1 + count_shown(rows, n);
    }
    if (place.kind == GMQ_PLACE_QUEUE) {
        const GmqPictureQueue *queue = gmq_picture_queue(whole, place.index);
        n                            = queue_rows(queue, queue, rows);
        return 2 + count_shown(rows, n);
    }

    const GmqPictureClient *client = gmq_picture_client(whole, place.index);
    if (!client->consumes) {
        n = producer_rows(client, client, rows);
        return count_shown(rows, n);
    }
    n = consumer_rows(client, client, rows);
    return 1 + count_shown(rows, n);
}
