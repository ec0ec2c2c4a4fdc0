#include "viz/dot.h"

#include "sim/language.h"
#include "viz/dot-part.h"

void
gmq_dot_append_node(const GmqDotPen *pen, GmqPlace place)
{
    if (pen->number > 0)
        g_string_append_printf(pen->out, "p%zu_", pen->number);
    gmq_places_append_node(pen->out, place);
}

/* The order from above is either given or Graphviz's own, which "ordering" keeps stable. */
static void
draw_head(GString *out, bool is_ordered)
{
    g_string_append_printf(out,
                           "digraph glassmq {\n"
                           "  graph [rankdir=LR, %sranksep=1.0, nodesep=0.4, pad=0.3, "
                           "fontname=\"Helvetica\", fontsize=18, fontcolor=\"" INK "\"];\n"
                           "  node [shape=plain, fontname=\"Helvetica\", fontsize=14, "
                           "fontcolor=\"" INK "\"];\n"
                           "  edge [fontname=\"Helvetica\", fontsize=12, fontcolor=\"" INK
                           "\", color=\"" INK "\"];\n",
                           is_ordered ? "" : "ordering=out, ");
}

static void
draw_title(GString *out, const char *title, const char *subtitle)
{
    g_string_append(out, "  graph [labelloc=t, label=<");
    if (*title != '\0') {
        g_string_append(out, "<B>");
        gmq_xml_append(out, title);
        g_string_append(out, "</B>");
    }
    g_string_append(out, "<BR/><FONT POINT-SIZE=\"4\"> </FONT>");
    if (*subtitle != '\0') {
        g_string_append(out, "<BR/><FONT POINT-SIZE=\"12\">");
        gmq_xml_append(out, subtitle);
        g_string_append(out, "</FONT>");
    }
    g_string_append(out, "<BR/> >];\n");
}

/* In order of creation, or as they stand: Graphviz begins with the order of the statements. */
static void
draw_nodes(const GmqDotPen *pen, GmqPlaceKind kind)
{
    static void (*const draw[GMQ_N_PLACE_KINDS])(const GmqDotPen *, unsigned) = {
        [GMQ_PLACE_CLIENT]   = gmq_dot_draw_client,
        [GMQ_PLACE_EXCHANGE] = gmq_dot_draw_exchange,
        [GMQ_PLACE_QUEUE]    = gmq_dot_draw_queue,
    };
    g_autoptr(GArray) places = gmq_dot_places(pen, kind);

    for (unsigned i = 0; i < places->len; i++)
        draw[kind](pen, g_array_index(places, GmqPlace, i).index);
}

static void
draw_vhost(const GmqDotPen *pen)
{
    g_string_append_printf(pen->out,
                           "  subgraph cluster_%zu {\n    graph [labelloc=t, labeljust=l, "
                           "style=rounded, color=\"" LINE "\", fontcolor=\"" LINE
                           "\", fontsize=12, margin=18, label=<virtual host ",
                           pen->number);
    gmq_dot_append_wrapped(pen->out, pen->part->vhost);
    g_string_append(pen->out, " >];\n");
    draw_nodes(pen, GMQ_PLACE_EXCHANGE);
    draw_nodes(pen, GMQ_PLACE_QUEUE);
    g_string_append(pen->out, "  }\n");
}

void
gmq_dot_append_heading(const GmqDotPen *pen)
{
    g_string_append_printf(pen->out, "h%zu", pen->number);
}

static void
draw_heading(const GmqDotPen *pen)
{
    if (pen->part->heading == NULL)
        return;
    g_string_append(pen->out, "  ");
    gmq_dot_append_heading(pen);
    g_string_append(pen->out, " [label=<<TABLE BORDER=\"0\" CELLPADDING=\"12\"><TR><TD>");
    gmq_dot_append_bold(pen->out, pen->part->heading);
    g_string_append(pen->out, "</TD></TR></TABLE>>];\n");
}

/* Graphviz does not keep the order of columns inside of frames: with places there is none. */
static void
draw_part(const GmqDotPen *pen)
{
    draw_heading(pen);
    draw_nodes(pen, GMQ_PLACE_CLIENT);
    if (pen->part->places == NULL) {
        draw_vhost(pen);
    } else {
        draw_nodes(pen, GMQ_PLACE_EXCHANGE);
        draw_nodes(pen, GMQ_PLACE_QUEUE);
    }
    gmq_dot_draw_edges(pen);
    if (pen->part->places == NULL)
        gmq_dot_hold(pen);
}

static bool
has_places(const GmqDotPart *parts, size_t n_parts)
{
    for (size_t i = 0; i < n_parts; i++) {
        if (parts[i].places == NULL)
            return false;
    }
    return true;
}

char *
gmq_dot_draw_parts(const GmqDotPart *parts, size_t n_parts, const char *title, const char *subtitle,
                   GmqDotDefault defaults)
{
    GString *out               = g_string_new(NULL);
    g_autofree GmqDotPen *pens = g_new0(GmqDotPen, n_parts + 1);
    bool is_ordered            = has_places(parts, n_parts);
    unsigned n_labels          = 0;

    draw_head(out, is_ordered);
    draw_title(out, title, subtitle);
    for (size_t i = 0; i < n_parts; i++) {
        pens[i] = (GmqDotPen){out, &parts[i], parts[i].picture, i, &n_labels, defaults};
        draw_part(&pens[i]);
    }
    if (is_ordered && n_parts > 0)
        gmq_dot_draw_columns(pens, n_parts);
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}

char *
gmq_dot_moment(const GmqPicture *picture)
{
    uint64_t ms = (uint64_t)picture->time_ns / 1000000;

    return g_strdup_printf("event %" G_GUINT64_FORMAT " of %zu,  t = %" G_GUINT64_FORMAT ".%03u s",
                           picture->event, gmq_trace_length(picture->trace), ms / 1000,
                           (unsigned)(ms % 1000));
}

const char *
gmq_dot_title(const GmqTrace *trace)
{
    const GmqTraceInfo *info = gmq_trace_info(trace);

    if (info->title != NULL && *info->title != '\0')
        return info->title;
    return info->scenario != NULL ? info->scenario : "";
}

char *
gmq_dot_draw(const GmqPicture *picture)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    g_autofree char *moment    = gmq_dot_moment(picture);
    GmqDotPart part            = {.picture = picture, .vhost = "/"};

    return gmq_dot_draw_parts(&part, 1, gmq_dot_title(picture->trace), moment,
                              GMQ_DOT_DEFAULT_USED);
}
