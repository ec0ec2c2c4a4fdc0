#include "viz/dot-part.h"
#include "viz/xml.h"

static void
append_coloured(GString *out, const char *colour, const char *text)
{
    g_string_append_printf(out, "<FONT COLOR=\"%s\"><B>", colour);
    gmq_xml_append(out, text);
    g_string_append(out, "</B></FONT>");
}

static void
append_count(GString *out, const char *word, uint64_t count)
{
    g_string_append_printf(out, "%s %" G_GUINT64_FORMAT, word, count);
}

/* The table of a node, up to its name. What was never used is grey. */
static void
open_node(GString *out, const char *fill, bool is_grey, const char *name)
{
    g_string_append_printf(out,
                           "<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" "
                           "CELLPADDING=\"6\" COLOR=\"%s\"><TR><TD PORT=\"n\" COLSPAN=\"2\" "
                           "BGCOLOR=\"%s\">",
                           is_grey ? UNUSED : LINE, is_grey ? FILL_UNUSED : fill);
    gmq_dot_append_bold(out, name);
    g_string_append(out, "</TD></TR>");
}

static void
close_node(GString *out, bool is_grey)
{
    g_string_append_printf(out, "</TABLE>>%s];\n", is_grey ? ", fontcolor=\"" UNUSED "\"" : "");
}

static void
close_row(GString *out)
{
    g_string_append(out, "</TD></TR>");
}

static void
append_row(GString *out, const char *text)
{
    g_string_append(out, "<TR><TD COLSPAN=\"2\">");
    gmq_xml_append(out, text);
    close_row(out);
}

static void
append_single(GString *out, const char *word, uint64_t count)
{
    g_string_append(out, "<TR><TD COLSPAN=\"2\">");
    append_count(out, word, count);
    close_row(out);
}

/* Two counters side by side; the second only once there is something to count. */
static void
append_pair(GString *out, const char *left, uint64_t left_count, const char *right,
            uint64_t right_count)
{
    if (right_count == 0) {
        append_single(out, left, left_count);
        return;
    }
    g_string_append(out, "<TR><TD>");
    append_count(out, left, left_count);
    g_string_append(out, "</TD><TD>");
    append_count(out, right, right_count);
    close_row(out);
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

void
gmq_dot_draw_exchange(const GmqPicture *picture, unsigned index, GString *out)
{
    const GmqPictureExchange *exchange = gmq_picture_exchange(picture, index);
    bool is_grey                       = !exchange->is_used || exchange->is_deleted;
    g_autofree char *flags = flag_words(exchange->is_predeclared ? 0 : exchange->flags, "internal",
                                        exchange->is_deleted);
    g_autofree char *type  = g_strconcat(*exchange->type == '\0' ? "not declared" : exchange->type,
                                        " exchange", *flags == '\0' ? "" : ", ", flags, NULL);

    g_string_append_printf(out, "    x%u [label=<", index);
    open_node(out, FILL_EXCHANGE, is_grey,
              gmq_picture_name(picture, (GmqPlace){GMQ_PLACE_EXCHANGE, index}));
    append_row(out, type);
    append_pair(out, "in", exchange->in, "routed", exchange->routed);
    if (exchange->unroutable > 0)
        append_single(out, "no route", exchange->unroutable);
    close_node(out, is_grey);
}

static void
draw_ready(const GmqPicture *picture, const GmqPictureQueue *queue, GString *out)
{
    if (queue->ready.length == 0)
        return;
    g_string_append(out, "<TR><TD COLSPAN=\"2\">");
    gmq_dot_append_tokens(out, picture, &queue->ready);
    close_row(out);
}

void
gmq_dot_draw_queue(const GmqPicture *picture, unsigned index, GString *out)
{
    const GmqPictureQueue *queue = gmq_picture_queue(picture, index);
    bool is_grey                 = !queue->is_used || queue->is_deleted;
    g_autofree char *flags       = flag_words(queue->flags, "exclusive", queue->is_deleted);

    g_string_append_printf(out, "    q%u [label=<", index);
    open_node(out, FILL_QUEUE, is_grey, queue->name);
    if (*flags != '\0')
        append_row(out, flags);
    append_pair(out, "ready", gmq_picture_ready(queue), "unacked", queue->unacked.length);
    draw_ready(picture, queue, out);
    append_pair(out, "acked", queue->acked, "redelivered", queue->redelivered);
    if (queue->expired + queue->dropped > 0)
        append_pair(out, "expired", queue->expired, "dropped", queue->dropped);
    if (queue->dead_lettered > 0) {
        g_string_append(out, "<TR><TD PORT=\"dead\" COLSPAN=\"2\">");
        append_count(out, "dead-lettered", queue->dead_lettered);
        close_row(out);
    }
    close_node(out, is_grey);
}

/* ---- clients ---- */

static const char *const state_words[] = {
    [GMQ_CLIENT_WAITING] = "not started", [GMQ_CLIENT_STARTED] = "connecting",
    [GMQ_CLIENT_CONNECTED] = "connected", [GMQ_CLIENT_CLOSED] = "closed",
    [GMQ_CLIENT_CRASHED] = "CRASHED",
};

/* "consumer, connected" */
static void
draw_state(const GmqPictureClient *client, GString *out)
{
    const char *trouble = gmq_picture_trouble(client);
    const char *role    = client->consumes ? "consumer" : "producer";

    g_string_append(out, "<TR><TD COLSPAN=\"2\">");
    gmq_xml_append(out, *client->role != '\0' ? client->role : role);
    g_string_append(out, ", ");
    if (trouble != NULL)
        append_coloured(out, BROKEN, trouble);
    else
        gmq_xml_append(out, state_words[client->state]);
    close_row(out);
}

static void
draw_held(const GmqPicture *picture, const GmqPictureClient *client, GString *out)
{
    if (client->held.length == 0)
        return;
    g_string_append(out, "<TR><TD COLSPAN=\"2\">");
    g_string_append(out, client->state == GMQ_CLIENT_CRASHED ? "had " : "has ");
    gmq_dot_append_tokens(out, picture, &client->held);
    close_row(out);
}

void
gmq_dot_draw_client(const GmqPicture *picture, unsigned index, GString *out)
{
    const GmqPictureClient *client = gmq_picture_client(picture, index);
    bool consumes                  = client->consumes;
    bool is_grey                   = client->sent + client->received == 0;

    g_string_append_printf(out, "  c%u [label=<", index);
    open_node(out, consumes ? FILL_CONSUMER : FILL_PRODUCER, is_grey, client->name);
    draw_state(client, out);
    draw_held(picture, client, out);
    if (!consumes || client->sent > 0)
        append_pair(out, "sent", client->sent, "confirmed", client->confirmed);
    if (client->returned + client->nacked > 0)
        append_pair(out, "returned", client->returned, "nacked", client->nacked);
    if (consumes)
        append_pair(out, "received", client->received, "finished", client->finished);
    close_node(out, is_grey);
}
