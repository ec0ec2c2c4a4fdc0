#include "viz/place-part.h"

#include <stdlib.h>
#include <string.h>

#define POINTS_PER_INCH 72

void
gmq_places_append_node(GString *out, GmqPlace place)
{
    static const char letters[GMQ_N_PLACE_KINDS] = {'?', 'c', 'x', 'q'};

    g_string_append_printf(out, "%c%u", letters[place.kind], place.index);
}

/* The node in the place of a group is its first member. */
static GmqPlace
leader(const GmqPlaces *places, GmqPlace place)
{
    int group = gmq_places_spot(places, place)->group;

    if (group < 0)
        return place;
    const GmqPlaceGroup *one = places->groups->pdata[group];
    return (GmqPlace){place.kind, g_array_index(one->members, unsigned, 0)};
}

bool
gmq_places_leads(const GmqPlaces *places, GmqPlace place)
{
    return leader(places, place).index == place.index;
}

/* An invisible node holds each rank, and a line through them the order of the ranks. */
static void
draw_column(const GmqPlaces *places, int column, GString *out)
{
    g_string_append_printf(out, "  { rank=same; k%d [style=invis, width=0.1, height=0.1];", column);
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        for (unsigned i = 0; i < places->spots[kind]->len; i++) {
            GmqPlace place = {kind, i};
            if (gmq_places_spot(places, place)->column != column ||
                !gmq_places_leads(places, place))
                continue;
            g_string_append_c(out, ' ');
            gmq_places_append_node(out, place);
            g_string_append_c(out, ';');
        }
    }
    g_string_append(out, " }\n");
}

/* Each line once, although several members of a group have it. */
static void
draw_edge(const GmqPlaces *places, const GmqPictureEdge *edge, GHashTable *drawn, GString *out)
{
    g_autoptr(GString) line = g_string_new("  ");
    const GmqSpot *from     = gmq_places_spot(places, edge->from);
    const GmqSpot *to       = gmq_places_spot(places, edge->to);

    if (from->column < 0 || to->column < 0)
        return;
    gmq_places_append_node(line, leader(places, edge->from));
    g_string_append(line, " -> ");
    gmq_places_append_node(line, leader(places, edge->to));
    if (edge->kind == GMQ_EDGE_DEAD || to->column <= from->column)
        g_string_append(line, " [constraint=false]");
    g_string_append(line, ";\n");
    if (g_hash_table_add(drawn, g_strdup(line->str)))
        g_string_append(out, line->str);
}

static const char head[] = "digraph places {\n"
                           "  graph [rankdir=LR, nodesep=0.35, ranksep=1.0];\n"
                           "  node [shape=box, fixedsize=true, width=2, height=1, label=\"\"];\n";

char *
gmq_places_draw(const GmqPlaces *places, const GmqPicture *whole)
{
    g_autoptr(GHashTable) drawn = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int n                       = gmq_places_columns(places);
    GString *out                = g_string_new(head);

    for (int column = 0; column < n; column++)
        draw_column(places, column, out);
    for (int column = 0; column + 1 < n; column++)
        g_string_append_printf(out, "  k%d -> k%d [style=invis];\n", column, column + 1);
    for (unsigned i = 0; i < whole->edges->len; i++)
        draw_edge(places, gmq_picture_edge(whole, i), drawn, out);
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}

/* ---- Graphviz's answer ---- */

/* A number of inches with any fraction, in points. No locale: the text always has a point. */
static int
read_points(const char *inches)
{
    return (int)(g_ascii_strtod(inches, NULL) * POINTS_PER_INCH + 0.5);
}

/* "c0", "x1", "q2"; GMQ_PLACE_NONE for our invisible nodes. */
static GmqPlace
read_node(const char *name)
{
    static const char letters[] = "?cxq";
    const char *letter          = strchr(letters, name[0]);

    if (name[0] == '\0' || letter == NULL || letter == letters)
        return (GmqPlace){GMQ_PLACE_NONE, 0};
    return (GmqPlace){(GmqPlaceKind)(letter - letters), (unsigned)strtoul(name + 1, NULL, 10)};
}

static unsigned
read_line(GmqPlaces *places, char **words)
{
    GmqPlace place = read_node(words[1]);

    if (place.kind == GMQ_PLACE_NONE || place.index >= places->spots[place.kind]->len)
        return 0;
    GmqSpot *spot = gmq_places_spot(places, place);
    spot->x       = read_points(words[2]);
    spot->y       = MAX(places->height - read_points(words[3]), GMQ_PLACES_BOX_HEIGHT / 2);
    return 1;
}

unsigned
gmq_places_count(const GmqPlaces *places)
{
    unsigned n = 0;

    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        for (unsigned i = 0; i < places->spots[kind]->len; i++) {
            GmqPlace place = {kind, i};
            n += gmq_places_spot(places, place)->column >= 0 && gmq_places_leads(places, place);
        }
    }
    return n;
}

/* "graph SCALE WIDTH HEIGHT", then "node NAME X Y ...", with y growing upwards. */
bool
gmq_places_read(GmqPlaces *places, const char *plain)
{
    g_auto(GStrv) lines = g_strsplit(plain, "\n", -1);
    unsigned found      = 0;

    for (size_t i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(lines[i], " ", 6);
        unsigned n          = g_strv_length(words);
        if (n >= 4 && strcmp(words[0], "graph") == 0) {
            places->width  = read_points(words[2]);
            places->height = read_points(words[3]);
        } else if (n >= 4 && strcmp(words[0], "node") == 0) {
            found += read_line(places, words);
        }
    }
    return found == gmq_places_count(places);
}
