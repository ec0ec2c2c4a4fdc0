#include "viz/plan.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "viz/export.h"
#include "viz/place.h"
#include "viz/screen.h"

/* The parts of a box, as page.css draws them. */
#define HEAD 32
#define SUBTITLE 18
#define LIST 28
#define WORK 10
#define COUNTERS 20 /* a row of two */
#define PADDING 8

#define LETTER 8 /* the widest that a letter of a name is on the average */
#define LABEL_LETTER 7
#define LABEL_LINE 17
#define PILL 14 /* room between a line and its label, for messages */

#define MARGIN 26
#define GAP 28 /* between boxes, when Graphviz did not say */

/* ---- what is shown ---- */

static bool
is_consumed(const GmqPicture *whole, unsigned queue)
{
    for (unsigned i = 0; i < whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(whole, i);
        if (edge->kind == GMQ_EDGE_CONSUME && edge->from.index == queue)
            return true;
    }
    return false;
}

bool
gmq_plan_shows(const GmqStage *stage, GmqPlace place)
{
    const GmqPicture *whole = stage->whole;

    if (place.kind == GMQ_PLACE_EXCHANGE)
        return gmq_picture_shows_exchange(whole, place.index);
    if (place.kind != GMQ_PLACE_QUEUE || whole->queues->len <= GMQ_PLAN_QUEUES_MAX)
        return true;
    return gmq_picture_queue(whole, place.index)->is_used || is_consumed(whole, place.index);
}

/* ---- sizes ---- */

static const struct {
    int width, width_most;
    int beside_name; /* what else stands in the head */
} widths[GMQ_N_PLACE_KINDS] = {
    [GMQ_PLACE_CLIENT]   = {168, 250, 88},
    [GMQ_PLACE_EXCHANGE] = {150, 230, 28},
    [GMQ_PLACE_QUEUE]    = {226, 280, 76},
};

static int
box_height(const GmqSlots *slots, GmqPlace place)
{
    int height   = HEAD + PADDING + (place.kind == GMQ_PLACE_EXCHANGE ? SUBTITLE : 0);
    int counters = 0;

    for (unsigned i = 0; i < gmq_slots_length(slots); i++) {
        const GmqSlot *slot = gmq_slots_at(slots, i);
        if (slot->place.kind != place.kind || slot->place.index != place.index || !slot->is_shown)
            continue;
        height += slot->kind == GMQ_SLOT_LIST ? LIST : slot->kind == GMQ_SLOT_WORK ? WORK : 0;
        counters += slot->kind == GMQ_SLOT_COUNT;
    }
    return height + (counters + 1) / 2 * COUNTERS;
}

/* Counters stand side by side: room for the digits that a box has no room for by itself. */
static int
extra_digits(const GmqSlots *slots, GmqPlace place)
{
    int digits = 0;

    for (unsigned i = 0; i < gmq_slots_length(slots); i++) {
        const GmqSlot *slot = gmq_slots_at(slots, i);
        int extra           = -2;
        if (slot->place.kind != place.kind || slot->place.index != place.index || !slot->is_shown)
            continue;
        for (uint64_t most = slot->most; most > 0; most /= 10)
            extra++;
        digits += MAX(extra, 0);
    }
    return MIN(digits, 16);
}

static GmqPlanBox
box_size(const GmqStage *stage, const GmqSlots *slots, GmqPlace place)
{
    int name = gmq_text_width(GMQ_GLYPHS_UTF8, gmq_picture_name(stage->whole, place));
    int wish = MIN(name, 40) * LETTER + widths[place.kind].beside_name;

    return (GmqPlanBox){
        .width = CLAMP(wish, widths[place.kind].width, widths[place.kind].width_most) +
                 extra_digits(slots, place) * LABEL_LETTER,
        .height = box_height(slots, place),
    };
}

unsigned
gmq_plan_keys(const GmqPictureEdge *edge)
{
    return edge->keys->len > GMQ_PLAN_KEYS_MAX ? GMQ_PLAN_KEYS_MAX - 1 : edge->keys->len;
}

/* Graphviz leaves this room beside the line: above it, or to the right of it. Between a client and
 * the broker it also keeps both so far apart that a message is seen on its way. */
static void
measure_label(const GmqPictureEdge *edge, GmqPlanLine *line, bool is_upright)
{
    unsigned shown = edge->kind == GMQ_EDGE_BINDING ? gmq_plan_keys(edge) : 0;
    unsigned rows  = MAX(shown, 1) + (shown > 0 && edge->keys->len > shown ? 1 : 0);
    int letters    = edge->kind == GMQ_EDGE_DEAD        ? 17
                     : edge->kind == GMQ_EDGE_ALTERNATE ? 14
                     : is_upright                       ? 4
                                                        : 10;

    for (unsigned i = 0; i < shown; i++) {
        const char *key = g_array_index(edge->keys, GmqPictureKey, i).key;
        letters         = MAX(letters, MIN(gmq_text_width(GMQ_GLYPHS_UTF8, key), 22) + 5);
    }
    line->label_width  = letters * LABEL_LETTER + 10 + (is_upright ? PILL : 0);
    line->label_height = (int)rows * LABEL_LINE + (is_upright ? 2 * PILL : PILL);
}

/* ---- asking Graphviz ---- */

static const GPtrArray *
list_of(const GmqPicture *whole, GmqPlaceKind kind)
{
    const GPtrArray *lists[GMQ_N_PLACE_KINDS] = {NULL, whole->clients, whole->exchanges,
                                                 whole->queues};

    return lists[kind];
}

static GmqPlanBox *
find_box(const GmqPlan *plan, GmqPlace place)
{
    return &plan->boxes[place.kind][place.index];
}

static bool
is_shown(const GmqPlan *plan, const GmqPictureEdge *edge)
{
    return find_box(plan, edge->from)->width > 0 && find_box(plan, edge->to)->width > 0;
}

/* A line that does not lead from left to right must not twist the order of the boxes. */
static bool
is_backward(const GmqPicture *whole, const GmqPictureEdge *edge)
{
    if (edge->kind == GMQ_EDGE_PUBLISH)
        return gmq_picture_client(whole, edge->from.index)->consumes;
    return edge->kind == GMQ_EDGE_DEAD;
}

static void
append_boxes(const GmqStage *stage, const GmqPlan *plan, GmqPlaceKind kind, GString *out)
{
    for (unsigned i = 0; i < list_of(stage->whole, kind)->len; i++) {
        const GmqPlanBox *box = &plan->boxes[kind][i];
        if (box->width == 0)
            continue;
        g_string_append(out, "  ");
        gmq_places_append_node(out, (GmqPlace){kind, i});
        g_string_append_printf(out, " [width=%d.%02d, height=%d.%02d];\n", box->width / 72,
                               box->width % 72 * 100 / 72, box->height / 72,
                               box->height % 72 * 100 / 72);
    }
}

static void
append_line(const GmqStage *stage, const GmqPlan *plan, unsigned index, GString *out)
{
    const GmqPictureEdge *edge = gmq_picture_edge(stage->whole, index);
    const GmqPlanLine *line    = &plan->lines[index];

    g_string_append(out, "  ");
    gmq_places_append_node(out, edge->from);
    g_string_append(out, " -> ");
    gmq_places_append_node(out, edge->to);
    g_string_append_printf(out,
                           " [id=e%u, label=<<TABLE FIXEDSIZE=\"TRUE\" BORDER=\"0\" WIDTH=\"%d\" "
                           "HEIGHT=\"%d\"><TR><TD></TD></TR></TABLE>>%s];\n",
                           index, line->label_width, line->label_height,
                           is_backward(stage->whole, edge) ? ", constraint=false" : "");
}

/* Columns, and the order in them, are those of every picture of the run. */
static void
append_order(const GmqStage *stage, const GmqPlan *plan, GString *out)
{
    const GmqPlaces *places = gmq_stage_places(stage);

    for (int column = 0; column < gmq_places_columns(places); column++) {
        g_autoptr(GArray) there = gmq_places_column(places, column);
        unsigned n              = 0;
        for (unsigned i = 0; i < there->len; i++) {
            GmqPlace place = g_array_index(there, GmqPlace, i);
            if (find_box(plan, place)->width == 0)
                continue;
            g_string_append(out, n++ == 0 ? "  { rank=same; edge [style=invis]; " : " -> ");
            gmq_places_append_node(out, place);
        }
        if (n > 0)
            g_string_append(out, "; }\n");
    }
}

static char *
make_dot(const GmqStage *stage, const GmqPlan *plan)
{
    GString *out = g_string_new("digraph glassmq {\n");

    g_string_append_printf(out, "  graph [rankdir=%s, nodesep=%s, ranksep=%s];\n",
                           plan->is_upright ? "TB" : "LR", plan->is_upright ? "0.25" : "0.45",
                           plan->is_upright ? "0.35" : "0.55");
    g_string_append(out, "  node [shape=box, fixedsize=true, label=\"\"];\n"
                         "  edge [dir=none, fontsize=10];\n");
    append_boxes(stage, plan, GMQ_PLACE_CLIENT, out);
    g_string_append(out, "  subgraph cluster_broker {\n  graph [margin=18];\n");
    append_boxes(stage, plan, GMQ_PLACE_EXCHANGE, out);
    append_boxes(stage, plan, GMQ_PLACE_QUEUE, out);
    g_string_append(out, "  }\n");
    append_order(stage, plan, out);
    for (unsigned i = 0; i < plan->n_lines; i++) {
        if (is_shown(plan, gmq_picture_edge(stage->whole, i)))
            append_line(stage, plan, i, out);
    }
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}

/* ---- reading the answer ---- */

/* Reads "12.5,40" and returns what follows, NULL when there is no such thing. Graphviz counts y
 * upwards. */
static const char *
read_point(const GmqPlan *plan, const char *text, int *x, int *y)
{
    char *end;
    double first = g_ascii_strtod(text, &end);

    if (end == text || *end != ',')
        return NULL;
    text          = end + 1;
    double second = g_ascii_strtod(text, &end);
    if (end == text)
        return NULL;
    *x = (int)(first + 0.5) + MARGIN;
    *y = plan->height - (int)(second + 0.5) - MARGIN;
    return end;
}

/* Nodes are called as gmq_places_append_node() calls them. */
static void
read_box(GmqPlan *plan, const char *name, const char *pos)
{
    GmqPlaceKind kind = *name == 'c'   ? GMQ_PLACE_CLIENT
                        : *name == 'x' ? GMQ_PLACE_EXCHANGE
                        : *name == 'q' ? GMQ_PLACE_QUEUE
                                       : GMQ_PLACE_NONE;
    int x, y;

    if (kind == GMQ_PLACE_NONE || read_point(plan, pos, &x, &y) == NULL)
        return;
    GmqPlanBox *box = &plan->boxes[kind][strtoul(name + 1, NULL, 10)];
    box->x          = x - box->width / 2;
    box->y          = y - box->height / 2;
}

static void
read_line(GmqPlan *plan, const char *id, const char *pos, const char *label)
{
    GmqPlanLine *line = &plan->lines[strtoul(id + 1, NULL, 10)];
    int x, y;

    for (const char *at = pos; at != NULL && *at != '\0';) {
        at = read_point(plan, at, &x, &y);
        if (at == NULL)
            break;
        g_array_append_val(line->points, x);
        g_array_append_val(line->points, y);
        at += *at == ' ';
    }
    if (label != NULL && read_point(plan, label, &x, &y) != NULL) {
        line->label_x = x + (plan->is_upright ? PILL / 2 : 0);
        line->label_y = y - (plan->is_upright ? 0 : PILL / 2);
    }
}

static const char *
member(JsonObject *object, const char *name)
{
    return json_object_get_string_member_with_default(object, name, NULL);
}

/* Of what json-glib calls for each member of a list: nodes in "objects", lines in "edges". */
static void
read_object(JsonArray *array, guint index, JsonNode *node, void *data)
{
    JsonObject *object = json_node_get_object(node);
    const char *pos    = member(object, "pos");
    const char *id     = member(object, "id");

    (void)array;
    (void)index;
    if (pos == NULL)
        return;
    if (id != NULL && *id == 'e')
        read_line(data, id, pos, member(object, "lp"));
    else if (member(object, "name") != NULL)
        read_box(data, member(object, "name"), pos);
}

static bool
read_answer(GmqPlan *plan, const char *json, size_t size)
{
    g_autoptr(JsonParser) parser = json_parser_new();

    if (!json_parser_load_from_data(parser, json, (gssize)size, NULL))
        return false;

    JsonObject *root      = json_node_get_object(json_parser_get_root(parser));
    const char *bb        = member(root, "bb"); /* "0,0,width,height" */
    const char *size_text = bb != NULL && g_str_has_prefix(bb, "0,0,") ? bb + 4 : NULL;
    int width, height;
    if (size_text == NULL || !json_object_has_member(root, "objects") ||
        read_point(plan, size_text, &width, &height) == NULL)
        return false;
    plan->width  = width + MARGIN;
    plan->height = 2 * MARGIN - (height + MARGIN); /* it was turned upside down */
    json_array_foreach_element(json_object_get_array_member(root, "objects"), read_object, plan);
    if (json_object_has_member(root, "edges"))
        json_array_foreach_element(json_object_get_array_member(root, "edges"), read_object, plan);
    return true;
}

static bool
ask_graphviz(GmqPlan *plan, const GmqStage *stage)
{
    g_autofree char *dot  = make_dot(stage, plan);
    size_t size           = 0;
    g_autofree char *json = gmq_export_render(dot, "json", GMQ_PLAN_SECONDS, &size, NULL);

    return json != NULL && read_answer(plan, json, size);
}

/* ---- without Graphviz ---- */

/* One column, or row when it is upright, for each: producers, exchanges, queues, consumers. */
static int
column_of(const GmqPicture *whole, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_CLIENT)
        return gmq_picture_client(whole, place.index)->consumes ? 3 : 0;
    return place.kind == GMQ_PLACE_EXCHANGE ? 1 : 2;
}

static void
place_in_columns(GmqPlan *plan, const GmqStage *stage)
{
    int at = MARGIN;

    for (int column = 0; column < 4; column++) {
        int along = MARGIN;
        int depth = 0;
        for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
            for (unsigned i = 0; i < list_of(stage->whole, kind)->len; i++) {
                GmqPlanBox *box = &plan->boxes[kind][i];
                if (box->width == 0 || column_of(stage->whole, (GmqPlace){kind, i}) != column)
                    continue;
                box->x = plan->is_upright ? along : at;
                box->y = plan->is_upright ? at : along;
                along += (plan->is_upright ? box->width : box->height) + GAP;
                depth = MAX(depth, plan->is_upright ? box->height : box->width);
            }
        }
        at += depth > 0 ? depth + 4 * GAP : 0;
        plan->width  = MAX(plan->width, plan->is_upright ? along : at);
        plan->height = MAX(plan->height, plan->is_upright ? at : along);
    }
}

/* The middle of the side of a box that looks forwards or backwards. */
static void
side_of(const GmqPlan *plan, GmqPlace place, bool is_front, int *point)
{
    const GmqPlanBox *box = find_box(plan, place);

    point[0] = box->x + (plan->is_upright ? box->width / 2 : is_front ? box->width : 0);
    point[1] = box->y + (!plan->is_upright ? box->height / 2 : is_front ? box->height : 0);
}

static void
draw_curve(GmqPlan *plan, const GmqPictureEdge *edge, GmqPlanLine *line)
{
    int from[2], to[2];
    int bend = 2 * GAP;

    side_of(plan, edge->from, true, from);
    side_of(plan, edge->to, false, to);

    int across[2]   = {plan->is_upright ? 0 : bend, plan->is_upright ? bend : 0};
    int points[][2] = {{from[0], from[1]},
                       {from[0] + across[0], from[1] + across[1]},
                       {to[0] - across[0], to[1] - across[1]},
                       {to[0], to[1]}};
    g_array_set_size(line->points, 0);
    g_array_append_vals(line->points, points, 8);
    line->label_x = (from[0] + to[0]) / 2;
    line->label_y = (from[1] + to[1]) / 2;
}

/* ---- the whole ---- */

static GmqPlan *
new_plan(const GmqStage *stage, const GmqSlots *slots, bool is_upright)
{
    GmqPlan *plan           = g_new0(GmqPlan, 1);
    const GmqPicture *whole = stage->whole;

    plan->is_upright = is_upright;
    plan->n_lines    = whole->edges->len;
    plan->lines      = g_new0(GmqPlanLine, whole->edges->len);
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        unsigned n        = list_of(whole, kind)->len;
        plan->boxes[kind] = g_new0(GmqPlanBox, n);
        for (unsigned i = 0; i < n; i++) {
            if (gmq_plan_shows(stage, (GmqPlace){kind, i}))
                plan->boxes[kind][i] = box_size(stage, slots, (GmqPlace){kind, i});
        }
    }
    for (unsigned i = 0; i < plan->n_lines; i++) {
        plan->lines[i].points = g_array_new(FALSE, FALSE, sizeof(int));
        measure_label(gmq_picture_edge(whole, i), &plan->lines[i], is_upright);
    }
    return plan;
}

GmqPlan *
gmq_plan_new(const GmqStage *stage, const GmqSlots *slots, bool is_upright)
{
    GmqPlan *plan = new_plan(stage, slots, is_upright);

    if (!ask_graphviz(plan, stage))
        place_in_columns(plan, stage);
    for (unsigned i = 0; i < plan->n_lines; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(stage->whole, i);
        unsigned n                 = plan->lines[i].points->len / 2;
        if (is_shown(plan, edge) && n % 3 != 1)
            draw_curve(plan, edge, &plan->lines[i]);
    }
    return plan;
}

void
gmq_plan_free(GmqPlan *plan)
{
    for (unsigned i = 0; i < plan->n_lines; i++)
        g_array_free(plan->lines[i].points, TRUE);
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++)
        g_free(plan->boxes[kind]);
    g_free(plan->lines);
    g_free(plan);
}
