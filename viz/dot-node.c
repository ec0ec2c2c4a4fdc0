#include "viz/dot-part.h"

/* A counter as it is, and as it was in the picture before, when there is one. */
typedef struct {
    const char *word;
    uint64_t now;
    uint64_t before;
} Count;

static void
append_count(const GmqDotPen *pen, Count count)
{
    bool is_marked = pen->part->before != NULL && count.now != count.before;

    if (is_marked)
        g_string_append(pen->out, "<FONT COLOR=\"" MOVING "\"><B>");
    g_string_append_printf(pen->out, "%s %" G_GUINT64_FORMAT, count.word, count.now);
    if (is_marked)
        g_string_append_printf(pen->out, "</B> (was %" G_GUINT64_FORMAT ")</FONT>", count.before);
}

/* ---- rows ---- */

/* The table of a node, up to its name. What was never used is grey. */
static void
open_node(const GmqDotPen *pen, GmqPlace place, const char *fill, bool is_grey, const char *name)
{
    g_string_append(pen->out, "    ");
    gmq_dot_append_node(pen, place);
    g_string_append_printf(pen->out,
                           " [label=<<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" "
                           "CELLPADDING=\"6\" COLOR=\"%s\"><TR><TD PORT=\"n\" COLSPAN=\"2\" "
                           "BGCOLOR=\"%s\">",
                           is_grey ? UNUSED : LINE, is_grey ? FILL_UNUSED : fill);
    gmq_dot_append_bold(pen->out, name);
    g_string_append(pen->out, "</TD></TR>");
}

static void
close_node(const GmqDotPen *pen, bool is_grey)
{
    g_string_append_printf(pen->out, "</TABLE>>%s];\n",
                           is_grey ? ", fontcolor=\"" UNUSED "\"" : "");
}

/* port may be NULL. */
static void
open_row(const GmqDotPen *pen, const char *port)
{
    g_string_append(pen->out, "<TR><TD");
    if (port != NULL)
        g_string_append_printf(pen->out, " PORT=\"%s\"", port);
    g_string_append(pen->out, " COLSPAN=\"2\">");
}

static void
close_row(const GmqDotPen *pen)
{
    g_string_append(pen->out, "</TD></TR>");
}

static void
append_row(const GmqDotPen *pen, const char *port, const char *text)
{
    open_row(pen, port);
    gmq_dot_append_wrapped(pen->out, text);
    close_row(pen);
}

static void
append_single(const GmqDotPen *pen, const char *port, Count count)
{
    open_row(pen, port);
    append_count(pen, count);
    close_row(pen);
}

/* Two counters side by side; the second only once there is something to count. */
static void
append_pair(const GmqDotPen *pen, Count left, Count right)
{
    if (right.now == 0) {
        append_single(pen, NULL, left);
        return;
    }
    g_string_append(pen->out, "<TR><TD>");
    append_count(pen, left);
    g_string_append(pen->out, "</TD><TD>");
    append_count(pen, right);
    close_row(pen);
}

static void
append_lines(const GmqDotPen *pen, GmqPlaceKind kind, const char *name)
{
    const GPtrArray *lines =
        pen->part->traits == NULL ? NULL : gmq_traits_lines(pen->part->traits, kind, name);

    for (unsigned i = 0; lines != NULL && i < lines->len; i++)
        append_row(pen, NULL, lines->pdata[i]);
}

static void
append_words(GString *words, const char *word)
{
    if (words->len > 0)
        g_string_append(words, ", ");
    g_string_append(words, word);
}

/* "durable, auto-delete, exclusive" */
static char *
flag_words(unsigned flags, const char *special, bool is_deleted)
{
    GString *words = g_string_new(NULL);

    if (flags & GMQ_FLAG_DURABLE)
        append_words(words, "durable");
    if (flags & GMQ_FLAG_AUTO_DELETE)
        append_words(words, "auto-delete");
    if (flags & GMQ_FLAG_SPECIAL)
        append_words(words, special);
    if (is_deleted)
        append_words(words, "deleted");
    return g_string_free(words, FALSE);
}

/* With a trail all that lies beside it is grey, whether it was used or not. */
static bool
is_grey(const GmqDotPen *pen, GmqPlace place, bool is_used)
{
    if (pen->part->trail != NULL)
        return !gmq_trail_was_at(pen->part->trail, place);
    return !is_used && !pen->part->is_plan;
}

/* ---- exchanges ---- */

static const GmqPictureExchange *
exchange_before(const GmqDotPen *pen, unsigned index)
{
    static const GmqPictureExchange none;
    const GmqPicture *before = pen->part->before;

    return before == NULL || index >= before->exchanges->len ? &none
                                                             : gmq_picture_exchange(before, index);
}

static char *
type_words(const GmqPictureExchange *exchange)
{
    bool is_declared       = *exchange->type != '\0';
    g_autofree char *flags = flag_words(exchange->is_predeclared ? 0 : exchange->flags, "internal",
                                        exchange->is_deleted);

    return g_strconcat(is_declared ? exchange->type : "not declared", " exchange",
                       *flags == '\0' ? "" : ", ", flags, NULL);
}

void
gmq_dot_draw_exchange(const GmqDotPen *pen, unsigned index)
{
    const GmqPictureExchange *exchange = gmq_picture_exchange(pen->picture, index);
    const GmqPictureExchange *before   = exchange_before(pen, index);
    GmqPlace place                     = {GMQ_PLACE_EXCHANGE, index};
    bool grey             = is_grey(pen, place, exchange->is_used && !exchange->is_deleted);
    g_autofree char *type = type_words(exchange);

    open_node(pen, place, FILL_EXCHANGE, grey, gmq_picture_name(pen->picture, place));
    append_row(pen, "b", type);
    append_lines(pen, GMQ_PLACE_EXCHANGE, exchange->name);
    if (!pen->part->is_plan)
        append_pair(pen, (Count){"in", exchange->in, before->in},
                    (Count){"routed", exchange->routed, before->routed});
    if (exchange->unroutable > 0)
        append_single(pen, NULL, (Count){"no route", exchange->unroutable, before->unroutable});
    close_node(pen, grey);
}

/* ---- queues ---- */

static const GmqPictureQueue *
queue_before(const GmqDotPen *pen, unsigned index)
{
    static const GmqPictureQueue none;
    const GmqPicture *before = pen->part->before;

    return before == NULL || index >= before->queues->len ? &none
                                                          : gmq_picture_queue(before, index);
}

static void
draw_ready(const GmqDotPen *pen, const GmqPictureQueue *queue)
{
    if (queue->ready.length == 0)
        return;
    open_row(pen, NULL);
    gmq_dot_append_tokens(pen->out, pen->picture, &queue->ready);
    close_row(pen);
}

static const GmqDeadTrait *
dead_trait(const GmqDotPen *pen, const GmqPictureQueue *queue)
{
    return pen->part->traits == NULL ? NULL : gmq_traits_dead(pen->part->traits, queue->name);
}

bool
gmq_dot_has_dead_port(const GmqDotPen *pen, unsigned index)
{
    const GmqPictureQueue *queue = gmq_picture_queue(pen->picture, index);

    return queue->dead_lettered > 0 || dead_trait(pen, queue) != NULL;
}

/* What died, or only where it would go; whichever row comes last has the port. */
static void
draw_dead(const GmqDotPen *pen, const GmqPictureQueue *queue, const GmqPictureQueue *before)
{
    const GmqDeadTrait *dead = dead_trait(pen, queue);
    bool has_died            = queue->dead_lettered > 0;

    if (dead != NULL) {
        g_autofree char *line =
            g_strconcat("dead letters to ", *dead->exchange == '\0' ? "(default)" : dead->exchange,
                        dead->key != NULL ? ", key " : "", dead->key, NULL);
        append_row(pen, has_died ? NULL : "dead", line);
    }
    if (has_died)
        append_single(pen, "dead",
                      (Count){"dead-lettered", queue->dead_lettered, before->dead_lettered});
}

static void
draw_held_now(const GmqDotPen *pen, const GmqPictureQueue *queue, const GmqPictureQueue *before)
{
    append_pair(pen, (Count){"ready", gmq_picture_ready(queue), gmq_picture_ready(before)},
                (Count){"unacked", gmq_picture_unacked(queue), gmq_picture_unacked(before)});
    draw_ready(pen, queue);
}

static void
draw_counts(const GmqDotPen *pen, const GmqPictureQueue *queue, const GmqPictureQueue *before)
{
    draw_held_now(pen, queue, before);
    append_pair(pen, (Count){"acked", queue->acked, before->acked},
                (Count){"redelivered", queue->redelivered, before->redelivered});
    if (queue->expired + queue->dropped > 0)
        append_pair(pen, (Count){"expired", queue->expired, before->expired},
                    (Count){"dropped", queue->dropped, before->dropped});
}

void
gmq_dot_draw_queue(const GmqDotPen *pen, unsigned index)
{
    const GmqPictureQueue *queue  = gmq_picture_queue(pen->picture, index);
    const GmqPictureQueue *before = queue_before(pen, index);
    GmqPlace place                = {GMQ_PLACE_QUEUE, index};
    bool grey                     = is_grey(pen, place, queue->is_used && !queue->is_deleted);
    g_autofree char *flags        = flag_words(queue->flags, "exclusive", queue->is_deleted);

    open_node(pen, place, FILL_QUEUE, grey, queue->name);
    if (*flags != '\0')
        append_row(pen, NULL, flags);
    append_lines(pen, GMQ_PLACE_QUEUE, queue->name);
    if (!pen->part->is_plan)
        draw_counts(pen, queue, before);
    else if (pen->part->is_snapshot)
        draw_held_now(pen, queue, before);
    draw_dead(pen, queue, before);
    close_node(pen, grey);
}

/* ---- clients ---- */

static const char *const state_words[] = {
    [GMQ_CLIENT_WAITING] = "not started", [GMQ_CLIENT_STARTED] = "connecting",
    [GMQ_CLIENT_CONNECTED] = "connected", [GMQ_CLIENT_CLOSED] = "closed",
    [GMQ_CLIENT_CRASHED] = "CRASHED",
};

static const GmqPictureClient *
client_before(const GmqDotPen *pen, unsigned index)
{
    static const GmqPictureClient none;
    const GmqPicture *before = pen->part->before;

    return before == NULL || index >= before->clients->len ? &none
                                                           : gmq_picture_client(before, index);
}

/* "consumer, connected" */
static void
draw_state(const GmqDotPen *pen, const GmqPictureClient *client)
{
    const char *trouble = gmq_picture_trouble(client);
    const char *role    = client->consumes ? "consumer" : "producer";

    open_row(pen, "b");
    gmq_xml_append(pen->out, *client->role != '\0' ? client->role : role);
    g_string_append(pen->out, ", ");
    if (trouble != NULL)
        gmq_dot_append_coloured(pen->out, BROKEN, trouble);
    else
        gmq_xml_append(pen->out, state_words[client->state]);
    close_row(pen);
}

static void
draw_held(const GmqDotPen *pen, const GmqPictureClient *client)
{
    if (client->held.length == 0)
        return;
    open_row(pen, NULL);
    g_string_append(pen->out, client->state == GMQ_CLIENT_CRASHED ? "had " : "has ");
    gmq_dot_append_tokens(pen->out, pen->picture, &client->held);
    close_row(pen);
}

void
gmq_dot_draw_client(const GmqDotPen *pen, unsigned index)
{
    const GmqPictureClient *client = gmq_picture_client(pen->picture, index);
    const GmqPictureClient *before = client_before(pen, index);
    GmqPlace place                 = {GMQ_PLACE_CLIENT, index};
    bool consumes                  = client->consumes;
    bool grey                      = is_grey(pen, place, client->sent + client->received > 0);

    open_node(pen, place, consumes ? FILL_CONSUMER : FILL_PRODUCER, grey, client->name);
    draw_state(pen, client);
    draw_held(pen, client);
    if (pen->part->is_plan) {
        close_node(pen, grey);
        return;
    }
    if (!consumes || client->sent > 0)
        append_pair(pen, (Count){"sent", client->sent, before->sent},
                    (Count){"confirmed", client->confirmed, before->confirmed});
    if (client->returned + client->nacked > 0)
        append_pair(pen, (Count){"returned", client->returned, before->returned},
                    (Count){"nacked", client->nacked, before->nacked});
    if (consumes)
        append_pair(pen, (Count){"received", client->received, before->received},
                    (Count){"finished", client->finished, before->finished});
    close_node(pen, grey);
}
