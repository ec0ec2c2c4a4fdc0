#include <string.h>

#include "viz/dot-part.h"

/* ---- what the lines say ---- */

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
begin_line(GString *label)
{
    if (label->len > 0)
        g_string_append(label, "<BR/>");
}

static void
append_traffic(const GmqDotPen *pen, uint64_t count, const char *noun, GString *label)
{
    uint64_t tenths = tenths_per_second(pen->picture, count);

    if (pen->part->is_plan)
        return;
    begin_line(label);
    g_string_append_printf(label, "%" G_GUINT64_FORMAT " %s", count, noun);
    if (count > 0)
        g_string_append_printf(label, "&#160; %" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "/s",
                               tenths / 10, tenths % 10);
}

static void
append_moving(const GmqDotPen *pen, const GmqTokens *tokens, const char *before, GString *label)
{
    if (tokens->length == 0)
        return;
    begin_line(label);
    g_string_append(label, "<FONT COLOR=\"" MOVING "\">");
    g_string_append(label, before);
    gmq_dot_append_tokens(label, pen->picture, tokens);
    g_string_append(label, "</FONT>");
}

/* ---- which lines and ends are there ---- */

static bool
leads_somewhere(const GmqPictureEdge *edge)
{
    return edge->is_set || edge->count > 0;
}

static bool
has_binding(const GmqPictureEdge *edge)
{
    for (unsigned i = 0; i < edge->keys->len; i++) {
        if (g_array_index(edge->keys, GmqPictureKey, i).is_bound)
            return true;
    }
    return false;
}

/* Predeclared exchanges are also drawn when something would come to them, or leave them by a
 * binding that somebody made; the default exchange on demand. */
bool
gmq_dot_shows(const GmqDotPen *pen, GmqPlace place)
{
    if (place.kind != GMQ_PLACE_EXCHANGE || gmq_picture_shows_exchange(pen->picture, place.index))
        return true;

    bool is_default = *gmq_picture_exchange(pen->picture, place.index)->name == '\0';
    if (is_default && pen->defaults == GMQ_DOT_DEFAULT_ALL)
        return true;
    for (unsigned i = 0; i < pen->picture->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(pen->picture, i);
        bool is_to                 = edge->to.kind == place.kind && edge->to.index == place.index;
        bool is_from = edge->from.kind == place.kind && edge->from.index == place.index;
        bool is_end  = is_to || (is_from && !is_default);
        if (is_end && (leads_somewhere(edge) || has_binding(edge)))
            return true;
    }
    return false;
}

typedef enum {
    WAY_FORTH,
    WAY_BACK,
    WAY_SAME
} Way;

/* Whether the line leads to the right, to the left, or stays in its column. */
static Way
way_of(const GmqDotPen *pen, const GmqPictureEdge *edge)
{
    const GmqPlaces *places = pen->part->places;
    const GmqSpot *from     = places == NULL ? NULL : gmq_places_find(places, edge->from);
    const GmqSpot *to       = places == NULL ? NULL : gmq_places_find(places, edge->to);

    if (from != NULL && to != NULL && from->column >= 0 && to->column >= 0)
        return to->column > from->column    ? WAY_FORTH
               : to->column == from->column ? WAY_SAME
                                            : WAY_BACK;
    bool is_backward = edge->kind == GMQ_EDGE_DEAD ||
                       (edge->kind == GMQ_EDGE_PUBLISH &&
                        gmq_picture_client(pen->picture, edge->from.index)->consumes);
    return is_backward ? WAY_BACK : WAY_FORTH;
}

/* ---- one line ---- */

/* What a line needs beside its ends. */
typedef struct {
    const GmqPictureEdge *edge;
    unsigned index;    /* of the edge */
    const char *key;   /* of the binding; NULL for other kinds */
    uint64_t count;    /* messages that took it */
    const char *style; /* "", ", style=dotted" */
    const GString *label;
} Line;

/* An end of a line as Graphviz wants it. */
typedef struct {
    GmqPlace place;
    const char *port;
} End;

/* Where dead letters, and what a consumer publishes, leave to the left. */
static const char *
left_port(const GmqDotPen *pen, GmqPlace from)
{
    if (from.kind != GMQ_PLACE_QUEUE)
        return ":b:w";
    return gmq_dot_has_dead_port(pen, from.index) ? ":dead:w" : ":n:w";
}

static void
append_end(const GmqDotPen *pen, End end)
{
    gmq_dot_append_node(pen, end.place);
    g_string_append(pen->out, end.port);
}

/* What was never used is grey; beside a trail everything is that does not lie on it. */
static const char *
line_colour(const GmqDotPen *pen, const Line *line, const char *steps)
{
    if (steps != NULL)
        return ", color=\"" MOVING "\"";
    if (pen->part->trail != NULL || (line->count == 0 && !pen->part->is_plan))
        return ", color=\"" UNUSED "\"";
    return "";
}

static void
append_label(const GmqDotPen *pen, const GString *label, const char *steps)
{
    g_string_append(pen->out, "label=<<TABLE BORDER=\"0\" CELLPADDING=\"3\"><TR><TD>");
    if (steps != NULL) {
        gmq_dot_append_coloured(pen->out, MOVING, "step ");
        gmq_dot_append_coloured(pen->out, MOVING, steps);
        g_string_append(pen->out, label->len > 0 ? "</TD></TR><TR><TD>" : "");
    }
    g_string_append_len(pen->out, label->str, (gssize)label->len);
    g_string_append(pen->out, "</TD></TR></TABLE>>");
}

/* The words stand in the line as a node of their own: it is clear what they belong to, no line is
 * drawn over them, and Graphviz keeps the order of the columns. */
static void
draw_in_two(const GmqDotPen *pen, const Line *line, End left, End right, const char *look,
            const char *steps, bool backward)
{
    unsigned number = (*pen->n_labels)++;
    bool is_inside  = pen->part->places == NULL && left.place.kind != GMQ_PLACE_CLIENT &&
                     right.place.kind != GMQ_PLACE_CLIENT;
    bool is_grey = steps == NULL && *line_colour(pen, line, steps) != '\0';

    if (is_inside)
        g_string_append_printf(pen->out, "  subgraph cluster_%zu {\n  ", pen->number);
    g_string_append_printf(pen->out, "  l%u [", number);
    append_label(pen, line->label, steps);
    g_string_append_printf(pen->out, ", fontsize=12%s];\n%s  ",
                           is_grey ? ", fontcolor=\"" UNUSED "\"" : "", is_inside ? "  }\n" : "");
    append_end(pen, left);
    g_string_append_printf(pen->out, " -> l%u:w [%s%s];\n  l%u:e -> ", number, look,
                           backward ? ", dir=back" : ", dir=none", number);
    append_end(pen, right);
    g_string_append_printf(pen->out, " [%s%s];\n", look, backward ? ", dir=none" : "");
}

/* Without words, or inside of one column. */
static void
draw_in_one(const GmqDotPen *pen, const Line *line, End left, End right, const char *look,
            const char *steps, const char *way)
{
    g_string_append(pen->out, "  ");
    append_end(pen, left);
    g_string_append(pen->out, " -> ");
    append_end(pen, right);
    g_string_append_printf(pen->out, " [%s%s", look, way);
    if (line->label->len > 0 || steps != NULL) {
        g_string_append(pen->out, ", ");
        append_label(pen, line->label, steps);
    }
    g_string_append(pen->out, "];\n");
}

static void
draw_line(const GmqDotPen *pen, const Line *line)
{
    const GmqPictureEdge *edge = line->edge;
    const GmqTrail *trail      = pen->part->trail;
    g_autofree char *steps = trail != NULL ? gmq_trail_steps(trail, line->index, line->key) : NULL;
    g_autofree char *look  = g_strconcat("penwidth=", pen_width(pen->picture, line->count),
                                         line_colour(pen, line, steps), line->style, NULL);
    Way way                = way_of(pen, edge);
    bool backward          = way == WAY_BACK;
    End left               = {edge->from, ":n:e"};
    End right              = {edge->to, ":n:w"};

    if (backward) {
        left  = (End){edge->to, ":b:e"};
        right = (End){edge->from, left_port(pen, edge->from)};
    }
    if (way == WAY_SAME)
        draw_in_one(pen, line, left, (End){edge->to, ":b:e"}, look, steps, ", constraint=false");
    else if (line->label->len == 0 && steps == NULL)
        draw_in_one(pen, line, left, right, look, steps,
                    backward ? ", minlen=2, dir=back" : ", minlen=2");
    else
        draw_in_two(pen, line, left, right, look, steps, backward);
}

/* ---- each kind ---- */

static void
draw_publish(const GmqDotPen *pen, Line line)
{
    g_autoptr(GString) label = g_string_new(NULL);

    append_traffic(pen, line.count, "msg", label);
    append_moving(pen, &line.edge->forth, "sending ", label);
    append_moving(pen, &line.edge->back, "answering ", label);
    line.label = label;
    draw_line(pen, &line);
}

static void
draw_consume(const GmqDotPen *pen, Line line)
{
    g_autoptr(GString) label = g_string_new(NULL);

    append_traffic(pen, line.count, "delivered", label);
    append_moving(pen, &line.edge->forth, "sending ", label);
    append_moving(pen, &line.edge->back, "answering ", label);
    line.label = label;
    draw_line(pen, &line);
}

/* A small table: what the headers must be. */
static void
append_header(const GmqHeaderTrait *header, GString *label)
{
    g_string_append(label, "<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" "
                           "CELLPADDING=\"3\" COLOR=\"" UNUSED
                           "\"><TR><TD COLSPAN=\"2\" BGCOLOR=\"" FILL_UNUSED "\">");
    gmq_xml_append(label, header->match);
    g_string_append(label, " of</TD></TR>");
    for (unsigned i = 0; i + 1 < header->cells->len; i += 2) {
        g_string_append(label, "<TR><TD>");
        gmq_dot_append_wrapped(label, header->cells->pdata[i]);
        g_string_append(label, "</TD><TD>");
        gmq_dot_append_wrapped(label, header->cells->pdata[i + 1]);
        g_string_append(label, "</TD></TR>");
    }
    g_string_append(label, "</TABLE>");
}

static bool
belongs(const GmqDotPen *pen, const GmqHeaderTrait *header, const Line *line)
{
    const GmqPictureEdge *edge = line->edge;

    return header->to_kind == edge->to.kind && strcmp(header->key, line->key) == 0 &&
           strcmp(header->from, gmq_picture_exchange(pen->picture, edge->from.index)->name) == 0 &&
           strcmp(header->to, gmq_picture_name(pen->picture, edge->to)) == 0;
}

/* Tables cannot stand beside words in one cell: each has a row of its own. */
static void
append_headers(const GmqDotPen *pen, const Line *line, GString *label)
{
    const GPtrArray *headers =
        pen->part->traits == NULL ? NULL : gmq_traits_headers(pen->part->traits);

    for (unsigned i = 0; headers != NULL && i < headers->len; i++) {
        const GmqHeaderTrait *header = headers->pdata[i];
        if (!belongs(pen, header, line))
            continue;
        append_header(header, label);
        g_string_append(label, "</TD></TR><TR><TD>");
    }
}

static bool
is_binding_drawn(const GmqDotPen *pen, const GmqPictureEdge *edge, const GmqPictureKey *key)
{
    bool is_default = *gmq_picture_exchange(pen->picture, edge->from.index)->name == '\0';

    if (is_default)
        return pen->defaults != GMQ_DOT_DEFAULT_NONE && key->count > 0;
    return key->count > 0 || key->is_bound;
}

static void
draw_binding(const GmqDotPen *pen, Line line, const GmqPictureKey *key)
{
    g_autoptr(GString) label = g_string_new(NULL);

    append_headers(pen, &line, label);
    g_autoptr(GString) words = g_string_new(NULL);
    gmq_dot_append_bold(words, key->key);
    append_traffic(pen, key->count, "msg", words);
    g_string_append_len(label, words->str, (gssize)words->len);
    line.label = label;
    draw_line(pen, &line);
}

/* One line for each binding. */
static void
draw_bindings(const GmqDotPen *pen, Line line)
{
    for (unsigned i = 0; i < line.edge->keys->len; i++) {
        const GmqPictureKey *key = &g_array_index(line.edge->keys, GmqPictureKey, i);
        line.key                 = key->key;
        line.count               = key->count;
        line.style               = key->is_bound ? "" : ", style=dashed";
        if (is_binding_drawn(pen, line.edge, key))
            draw_binding(pen, line, key);
    }
}

static void
draw_named(const GmqDotPen *pen, Line line, const char *name, const char *style)
{
    if (!leads_somewhere(line.edge))
        return;

    g_autoptr(GString) label = g_string_new(name);
    append_traffic(pen, line.count, "msg", label);
    line.label = label;
    line.style = style;
    draw_line(pen, &line);
}

static void
draw_alternate(const GmqDotPen *pen, Line line)
{
    draw_named(pen, line, "alternate", ", style=dashed");
}

static void
draw_dead(const GmqDotPen *pen, Line line)
{
    draw_named(pen, line, "dead letters", ", style=dotted");
}

typedef void (*DrawEdge)(const GmqDotPen *, Line);

static const DrawEdge draw_edge[] = {
    [GMQ_EDGE_PUBLISH] = draw_publish,     [GMQ_EDGE_BINDING] = draw_bindings,
    [GMQ_EDGE_ALTERNATE] = draw_alternate, [GMQ_EDGE_DEAD] = draw_dead,
    [GMQ_EDGE_CONSUME] = draw_consume,
};

/* ---- the default exchange on demand ---- */

static bool
is_led(const GmqPicture *picture, GmqPlace from, GmqPlace to)
{
    int index = gmq_picture_find_edge(picture, GMQ_EDGE_BINDING, from, to);

    if (index < 0)
        return false;
    const GmqPictureEdge *edge = gmq_picture_edge(picture, (unsigned)index);
    for (unsigned i = 0; i < edge->keys->len; i++) {
        if (g_array_index(edge->keys, GmqPictureKey, i).count > 0)
            return true;
    }
    return false;
}

/* The lines that no message took: those that one took are drawn with all others. */
static void
draw_defaults(const GmqDotPen *pen)
{
    GmqPlace from = gmq_picture_find(pen->picture, GMQ_PLACE_EXCHANGE, "");

    if (pen->defaults != GMQ_DOT_DEFAULT_ALL || from.kind == GMQ_PLACE_NONE)
        return;
    for (unsigned i = 0; i < pen->picture->queues->len; i++) {
        const GmqPictureQueue *queue = gmq_picture_queue(pen->picture, i);
        GmqPictureEdge edge = {.kind = GMQ_EDGE_BINDING, .from = from, .to = {GMQ_PLACE_QUEUE, i}};
        if (queue->is_deleted || is_led(pen->picture, from, edge.to))
            continue;
        g_autoptr(GString) label = g_string_new(NULL);
        gmq_dot_append_bold(label, queue->name);
        draw_line(pen, &(Line){&edge, G_MAXUINT, NULL, 0, "", label});
    }
}

static int
compare_edges(const void *a, const void *b, void *pen)
{
    return gmq_dot_compare_edges(pen, *(const unsigned *)a, *(const unsigned *)b);
}

void
gmq_dot_draw_edges(const GmqDotPen *pen)
{
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (unsigned i = 0; i < pen->picture->edges->len; i++)
        g_array_append_val(order, i);
    g_array_sort_with_data(order, compare_edges, (void *)pen);
    for (unsigned i = 0; i < order->len; i++) {
        unsigned index             = g_array_index(order, unsigned, i);
        const GmqPictureEdge *edge = gmq_picture_edge(pen->picture, index);
        if (gmq_dot_shows(pen, edge->from) && gmq_dot_shows(pen, edge->to))
            draw_edge[edge->kind](pen, (Line){edge, index, NULL, edge->count, "", NULL});
    }
    draw_defaults(pen);
}
