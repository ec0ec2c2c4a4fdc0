#include "viz/dot.h"

#include "viz/dot-part.h"

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
    gmq_dot_append_tokens(out, picture, tokens);
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
        gmq_dot_append_bold(out, key->key);
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

static bool
is_visible(const GmqPicture *picture, const GmqPictureEdge *edge)
{
    return is_drawn(picture, edge->from) && is_drawn(picture, edge->to);
}

/* ---- order ---- */

/* Whether a line leads to the place, or from it when it is a client that sends. */
static bool
has_line(const GmqPicture *picture, GmqPlace place)
{
    for (unsigned i = 0; i < picture->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(picture, i);
        bool is_end = (edge->to.kind == place.kind && edge->to.index == place.index) ||
                      (edge->from.kind == place.kind && edge->from.index == place.index &&
                       place.kind != GMQ_PLACE_QUEUE);
        if (is_end && edge->kind != GMQ_EDGE_DEAD && is_visible(picture, edge))
            return true;
    }
    return false;
}

static GmqPlace
first_exchange(const GmqPicture *picture)
{
    for (unsigned i = 0; i < picture->exchanges->len; i++) {
        if (gmq_picture_shows_exchange(picture, i))
            return (GmqPlace){GMQ_PLACE_EXCHANGE, i};
    }
    return (GmqPlace){GMQ_PLACE_NONE, 0};
}

static GmqPlace
first_queue(const GmqPicture *picture)
{
    return (GmqPlace){picture->queues->len > 0 ? GMQ_PLACE_QUEUE : GMQ_PLACE_NONE, 0};
}

static void
draw_order(GmqPlace from, GmqPlace to, GString *out)
{
    if (from.kind == GMQ_PLACE_NONE || to.kind == GMQ_PLACE_NONE)
        return;
    g_string_append(out, "  ");
    append_node(from, out);
    g_string_append(out, " -> ");
    append_node(to, out);
    g_string_append(out, " [style=invis];\n");
}

/* Invisible lines for what no visible one holds in its column. */
static void
draw_orders(const GmqPicture *picture, GString *out)
{
    GmqPlace exchange = first_exchange(picture);
    GmqPlace queue    = first_queue(picture);

    for (unsigned i = 0; i < picture->clients->len; i++) {
        GmqPlace client = {GMQ_PLACE_CLIENT, i};
        if (has_line(picture, client))
            continue;
        if (gmq_picture_client(picture, i)->consumes)
            draw_order(queue, client, out);
        else
            draw_order(client, exchange.kind != GMQ_PLACE_NONE ? exchange : queue, out);
    }
    for (unsigned i = 0; i < picture->queues->len; i++) {
        GmqPlace place = {GMQ_PLACE_QUEUE, i};
        if (!has_line(picture, place))
            draw_order(exchange, place, out);
    }
}

/* ---- the whole ---- */

static void
draw_title(const GmqPicture *picture, GString *out)
{
    const GmqTraceInfo *info = gmq_trace_info(picture->trace);
    const char *title = info->title != NULL && *info->title != '\0' ? info->title : info->scenario;
    uint64_t ms       = (uint64_t)picture->time_ns / 1000000;

    g_string_append(out, "  graph [labelloc=t, label=<");
    gmq_dot_append_bold(out, title != NULL ? title : "");
    g_string_append_printf(
        out,
        "<BR/><FONT POINT-SIZE=\"4\"> </FONT><BR/><FONT POINT-SIZE=\"12\">event %" G_GUINT64_FORMAT
        " of %zu&#160;&#160; t = %" G_GUINT64_FORMAT ".%03u s</FONT><BR/> >];\n",
        picture->event, gmq_trace_length(picture->trace), ms / 1000, (unsigned)(ms % 1000));
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
            gmq_dot_draw_exchange(picture, i, out);
    }
    for (unsigned i = 0; i < picture->queues->len; i++)
        gmq_dot_draw_queue(picture, i, out);
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
        gmq_dot_draw_client(picture, i, out);
    draw_cluster(picture, out);
    for (unsigned i = 0; i < picture->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(picture, i);
        if (is_visible(picture, edge))
            draw_edge[edge->kind](picture, edge, out);
    }
    draw_orders(picture, out);
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}
