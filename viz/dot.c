#include "viz/dot.h"

#include <string.h>

/* Colours that print and project well: dark lines, pale fills, and never colour alone. */
#define INK "#20262E"
#define LINE "#5B6470"
#define UNUSED "#A0A6AE"
#define BROKEN "#B3261E"
#define MOVING "#0B57A4"

#define FILL_UNUSED "#F1F2F4"
#define FILL_PRODUCER "#E2F2E5"
#define FILL_EXCHANGE "#DCE9F9"
#define FILL_QUEUE "#FFF0D2"
#define FILL_CONSUMER "#F0E4F6"

/* More than this many messages of one list are counted, not named. */
#define TOKENS_SHOWN 5

/* ---- texts ---- */

/* Labels are HTML-like, so one way of escaping does for all. Names may hold anything; what XML
 * cannot carry becomes a replacement character. */
static void
append_text(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c == '&')
            g_string_append(out, "&amp;");
        else if (c == '<')
            g_string_append(out, "&lt;");
        else if (c == '>')
            g_string_append(out, "&gt;");
        else if (c == '"')
            g_string_append(out, "&quot;");
        else if (g_unichar_iscntrl(c) || c == 0xFFFE || c == 0xFFFF)
            g_string_append(out, "\xEF\xBF\xBD");
        else
            g_string_append_unichar(out, c);
    }
}

static void
append_bold(GString *out, const char *text)
{
    if (*text == '\0')
        return; /* an empty element is an error to Graphviz */
    g_string_append(out, "<B>");
    append_text(out, text);
    g_string_append(out, "</B>");
}

static void
append_coloured(GString *out, const char *colour, const char *text)
{
    g_string_append_printf(out, "<FONT COLOR=\"%s\"><B>", colour);
    append_text(out, text);
    g_string_append(out, "</B></FONT>");
}

static void
append_count(GString *out, const char *word, uint64_t count)
{
    g_string_append_printf(out, "%s %" G_GUINT64_FORMAT, word, count);
}

/* The messages of a list by name: "p1-5 R, p1-6, 3 more". */
static void
append_tokens(GString *out, const GmqPicture *picture, const GmqTokens *tokens)
{
    size_t shown = MIN(tokens->length, TOKENS_SHOWN);

    for (size_t i = 0; i < shown; i++) {
        const GmqToken *token = gmq_tokens_at(tokens, i);
        g_autofree char *name =
            g_strndup(token->message, gmq_picture_stem(picture, token->message));
        if (i > 0)
            g_string_append(out, ", ");
        append_text(out, name);
        if (token->redelivered)
            g_string_append(out, " R");
    }
    if (tokens->length > shown)
        g_string_append_printf(out, ", %zu more", tokens->length - shown);
}

/* ---- nodes ---- */

/* The table of a node, up to its name. What was never used is grey. */
static void
open_node(GString *out, const char *fill, bool is_grey, const char *name)
{
    g_string_append_printf(out,
                           "<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" "
                           "CELLPADDING=\"6\" COLOR=\"%s\"><TR><TD PORT=\"n\" COLSPAN=\"2\" "
                           "BGCOLOR=\"%s\">",
                           is_grey ? UNUSED : LINE, is_grey ? FILL_UNUSED : fill);
    append_bold(out, name);
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
    append_text(out, text);
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

static void
draw_exchange(const GmqPicture *picture, unsigned index, GString *out)
{
    const GmqPictureExchange *exchange = gmq_picture_exchange(picture, index);
    bool is_grey                       = !exchange->is_used || exchange->is_deleted;
    g_autofree char *flags = flag_words(exchange->flags, "internal", exchange->is_deleted);
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
    append_tokens(out, picture, &queue->ready);
    close_row(out);
}

static void
draw_queue(const GmqPicture *picture, unsigned index, GString *out)
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

static void
draw_state(const GmqPicture *picture, const GmqPictureClient *client, GString *out)
{
    g_string_append(out, "<TR><TD COLSPAN=\"2\">");
    if (client->is_cut)
        append_coloured(out, BROKEN, "CUT");
    else if (client->state == GMQ_CLIENT_CRASHED)
        append_coloured(out, BROKEN, state_words[client->state]);
    else
        append_text(out, state_words[client->state]);
    if (client->held.length > 0) {
        g_string_append(out, client->state == GMQ_CLIENT_CRASHED ? ", had " : ", has ");
        append_tokens(out, picture, &client->held);
    }
    close_row(out);
}

static void
draw_client(const GmqPicture *picture, unsigned index, GString *out)
{
    const GmqPictureClient *client = gmq_picture_client(picture, index);
    bool consumes                  = gmq_picture_client(picture, index)->consumes;
    bool is_grey                   = client->sent + client->received == 0;
    const char *role = *client->role != '\0' ? client->role : consumes ? "consumer" : "producer";

    g_string_append_printf(out, "  c%u [label=<", index);
    open_node(out, consumes ? FILL_CONSUMER : FILL_PRODUCER, is_grey, client->name);
    append_row(out, role);
    draw_state(picture, client, out);
    if (!consumes || client->sent > 0)
        append_pair(out, "sent", client->sent, "confirmed", client->confirmed);
    if (client->returned + client->nacked > 0)
        append_pair(out, "returned", client->returned, "nacked", client->nacked);
    if (consumes)
        append_pair(out, "received", client->received, "finished", client->finished);
    close_node(out, is_grey);
}

/* ---- edges ---- */

/* The rate in tenths of a message per second, counted from the start of the run. */
static uint64_t
tenths_per_second(const GmqPicture *picture, uint64_t count)
{
    uint64_t ms = (uint64_t)picture->time_ns / 1000000;

    return ms == 0 ? 0 : count * 10000 / ms;
}

/* Four steps, never continuous, so that texts stay the same after small changes of timing. */
static const char *
pen_width(const GmqPicture *picture, uint64_t count)
{
    uint64_t tenths = tenths_per_second(picture, count);

    if (count == 0)
        return "1.0";
    return tenths <= 10 ? "1.8" : tenths <= 100 ? "2.8" : "4.0";
}

static void
append_traffic(const GmqPicture *picture, uint64_t count, const char *noun, GString *out)
{
    uint64_t tenths = tenths_per_second(picture, count);

    g_string_append_printf(out, "%" G_GUINT64_FORMAT " %s", count, noun);
    if (count > 0)
        g_string_append_printf(out, "&#160; %" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "/s",
                               tenths / 10, tenths % 10);
}

static void
append_moving(const GmqPicture *picture, const GmqTokens *tokens, const char *before, GString *out)
{
    if (tokens->length == 0)
        return;
    g_string_append(out, "<BR/><FONT COLOR=\"" MOVING "\">");
    g_string_append(out, before);
    append_tokens(out, picture, tokens);
    g_string_append(out, "</FONT>");
}

static void
append_node(GmqPlace place, GString *out)
{
    static const char letters[GMQ_N_PLACE_KINDS] = {'?', 'c', 'x', 'q'};

    g_string_append_printf(out, "%c%u:n", letters[place.kind], place.index);
}

/* The part of every edge statement before its label. */
static void
open_edge(const GmqPictureEdge *edge, GString *out)
{
    g_string_append(out, "  ");
    append_node(edge->from, out);
    g_string_append(out, " -> ");
    append_node(edge->to, out);
    g_string_append(out, " [label=<<TABLE BORDER=\"0\" CELLPADDING=\"4\"><TR><TD>");
}

static void
close_edge(const GmqPicture *picture, uint64_t count, const char *style, GString *out)
{
    g_string_append_printf(
        out, "</TD></TR></TABLE>>, penwidth=%s%s%s];\n", pen_width(picture, count),
        count > 0 ? "" : ", color=\"" UNUSED "\", fontcolor=\"" UNUSED "\"", style);
}

static void
draw_publish(const GmqPicture *picture, const GmqPictureEdge *edge, GString *out)
{
    open_edge(edge, out);
    append_traffic(picture, edge->count, "msg", out);
    append_moving(picture, &edge->forth, "sending ", out);
    append_moving(picture, &edge->back, "answering ", out);
    close_edge(picture, edge->count, "", out);
}

static void
draw_consume(const GmqPicture *picture, const GmqPictureEdge *edge, GString *out)
{
    open_edge(edge, out);
    append_traffic(picture, edge->count, "delivered", out);
    append_moving(picture, &edge->forth, "sending ", out);
    append_moving(picture, &edge->back, "answering ", out);
    close_edge(picture, edge->count, "", out);
}

/* One line for each binding. The default exchange needs none: what it used is drawn. */
static void
draw_bindings(const GmqPicture *picture, const GmqPictureEdge *edge, GString *out)
{
    const GmqPictureExchange *from = gmq_picture_exchange(picture, edge->from.index);

    for (unsigned i = 0; i < edge->keys->len; i++) {
        const GmqPictureKey *key = &g_array_index(edge->keys, GmqPictureKey, i);
        bool is_drawn            = key->count > 0 || (key->is_bound && *from->name != '\0');
        if (!is_drawn)
            continue;
        open_edge(edge, out);
        append_bold(out, key->key);
        if (*key->key != '\0')
            g_string_append(out, "<BR/>");
        append_traffic(picture, key->count, "msg", out);
        close_edge(picture, key->count, key->is_bound ? "" : ", style=dashed", out);
    }
}

static void
draw_alternate(const GmqPicture *picture, const GmqPictureEdge *edge, GString *out)
{
    if (!edge->is_set && edge->count == 0)
        return;
    open_edge(edge, out);
    g_string_append(out, "alternate<BR/>");
    append_traffic(picture, edge->count, "msg", out);
    close_edge(picture, edge->count, ", style=dashed", out);
}

/* Backward lines must not twist the order from left to right. */
static void
draw_dead(const GmqPicture *picture, const GmqPictureEdge *edge, GString *out)
{
    open_edge(edge, out);
    g_string_append(out, "dead letters<BR/>");
    append_traffic(picture, edge->count, "msg", out);
    close_edge(picture, edge->count, ", style=dotted, constraint=false", out);
}

typedef void (*DrawEdge)(const GmqPicture *, const GmqPictureEdge *, GString *);

static const DrawEdge draw_edge[] = {
    [GMQ_EDGE_PUBLISH] = draw_publish,     [GMQ_EDGE_BINDING] = draw_bindings,
    [GMQ_EDGE_ALTERNATE] = draw_alternate, [GMQ_EDGE_DEAD] = draw_dead,
    [GMQ_EDGE_CONSUME] = draw_consume,
};

static bool
is_drawn(const GmqPicture *picture, GmqPlace place)
{
    return place.kind != GMQ_PLACE_EXCHANGE || gmq_picture_shows_exchange(picture, place.index);
}

/* ---- the whole ---- */

static void
draw_title(const GmqPicture *picture, GString *out)
{
    const GmqTraceInfo *info = gmq_trace_info(picture->trace);
    const char *title = info->title != NULL && *info->title != '\0' ? info->title : info->scenario;
    uint64_t ms       = (uint64_t)picture->time_ns / 1000000;

    g_string_append(out, "  graph [labelloc=t, label=<");
    append_bold(out, title != NULL ? title : "");
    g_string_append_printf(out,
                           "<BR/><FONT POINT-SIZE=\"12\">event %" G_GUINT64_FORMAT
                           " of %zu&#160;&#160; t = %" G_GUINT64_FORMAT ".%03u s</FONT><BR/> >];\n",
                           picture->event, gmq_trace_length(picture->trace), ms / 1000,
                           (unsigned)(ms % 1000));
}

static void
draw_cluster(const GmqPicture *picture, GString *out)
{
    g_string_append(out, "  subgraph cluster_vhost {\n"
                         "    graph [label=\"virtual host /\", labelloc=b, labeljust=r, "
                         "style=rounded, color=\"" LINE "\", fontcolor=\"" LINE
                         "\", fontsize=12, margin=18];\n");
    for (unsigned i = 0; i < picture->exchanges->len; i++) {
        if (gmq_picture_shows_exchange(picture, i))
            draw_exchange(picture, i, out);
    }
    for (unsigned i = 0; i < picture->queues->len; i++)
        draw_queue(picture, i, out);
    g_string_append(out, "  }\n");
}

char *
gmq_dot_draw(const GmqPicture *picture)
{
    GString *out =
        g_string_new("digraph glassmq {\n"
                     "  graph [rankdir=LR, ordering=out, ranksep=1.0, nodesep=0.4, "
                     "pad=0.3, fontname=\"Helvetica\", fontsize=18, fontcolor=\"" INK "\"];\n"
                     "  node [shape=plain, fontname=\"Helvetica\", fontsize=14, "
                     "fontcolor=\"" INK "\"];\n"
                     "  edge [fontname=\"Helvetica\", fontsize=12, fontcolor=\"" INK
                     "\", color=\"" INK "\"];\n");

    draw_title(picture, out);
    for (unsigned i = 0; i < picture->clients->len; i++)
        draw_client(picture, i, out);
    draw_cluster(picture, out);
    for (unsigned i = 0; i < picture->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(picture, i);
        if (is_drawn(picture, edge->from) && is_drawn(picture, edge->to))
            draw_edge[edge->kind](picture, edge, out);
    }
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}
