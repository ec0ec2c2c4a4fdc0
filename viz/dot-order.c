#include <string.h>

#include "viz/dot-part.h"

static void
draw_invisible(const GmqDotPen *pen, GmqPlace from, GmqPlace to)
{
    if (from.kind == GMQ_PLACE_NONE || to.kind == GMQ_PLACE_NONE)
        return;
    g_string_append(pen->out, "  ");
    gmq_dot_append_node(pen, from);
    g_string_append(pen->out, " -> ");
    gmq_dot_append_node(pen, to);
    g_string_append(pen->out, " [style=invis, weight=0];\n");
}

/* ---- with places: columns, each in its order from above ---- */

static unsigned
count_of(const GmqDotPen *pen, GmqPlaceKind kind)
{
    const GPtrArray *const lists[GMQ_N_PLACE_KINDS] = {
        [GMQ_PLACE_CLIENT]   = pen->picture->clients,
        [GMQ_PLACE_EXCHANGE] = pen->picture->exchanges,
        [GMQ_PLACE_QUEUE]    = pen->picture->queues,
    };

    return lists[kind]->len;
}

/* Whether the picture has it already, and shows it. */
static bool
is_there(const GmqDotPen *pen, GmqPlace place)
{
    return place.index < count_of(pen, place.kind) && gmq_dot_shows(pen, place);
}

/* Column and order as one number; what has no spot comes last, in order of creation. */
static uint64_t
rank_of(const GmqDotPen *pen, GmqPlace place)
{
    const GmqSpot *spot =
        pen->part->places == NULL ? NULL : gmq_places_find(pen->part->places, place);

    if (spot == NULL || spot->column < 0)
        return ((uint64_t)1 << 48) + place.index;
    return ((uint64_t)spot->column << 32) + spot->order;
}

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int
compare_places(const void *a, const void *b, void *data)
{
    const GmqDotPen *pen = data;

    return compare_numbers(rank_of(pen, *(const GmqPlace *)a), rank_of(pen, *(const GmqPlace *)b));
}

GArray *
gmq_dot_places(const GmqDotPen *pen, GmqPlaceKind kind)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(GmqPlace));

    for (unsigned i = 0; i < count_of(pen, kind); i++) {
        GmqPlace place = {kind, i};
        if (gmq_dot_shows(pen, place))
            g_array_append_val(places, place);
    }
    g_array_sort_with_data(places, compare_places, (void *)pen);
    return places;
}

int
gmq_dot_compare_edges(const GmqDotPen *pen, unsigned a, unsigned b)
{
    const GmqPictureEdge *one   = gmq_picture_edge(pen->picture, a);
    const GmqPictureEdge *other = gmq_picture_edge(pen->picture, b);
    int order                   = 0;

    if (pen->part->places != NULL) {
        order = compare_numbers(rank_of(pen, one->from), rank_of(pen, other->from));
        if (order == 0)
            order = compare_numbers(rank_of(pen, one->to), rank_of(pen, other->to));
    }
    return order != 0 ? order : compare_numbers(a, b);
}

/* Appends the places of a column that are there, each to what chain holds already. */
static void
append_column(const GmqDotPen *pen, int column, GString *chain)
{
    g_autoptr(GArray) places = gmq_places_column(pen->part->places, column);

    for (unsigned i = 0; i < places->len; i++) {
        GmqPlace place = g_array_index(places, GmqPlace, i);
        if (!is_there(pen, place))
            continue;
        g_string_append(chain, chain->len > 0 ? " -> " : "");
        gmq_dot_append_node(&(GmqDotPen){.out = chain, .number = pen->number}, place);
    }
}

/* The same of all parts, one below the other; headings stand over the first column. */
static char *
whole_column(const GmqDotPen *pens, size_t n_pens, int column)
{
    g_autoptr(GString) chain = g_string_new(NULL);

    for (size_t i = 0; i < n_pens; i++) {
        if (column == 0 && pens[i].part->heading != NULL) {
            g_string_append(chain, chain->len > 0 ? " -> " : "");
            gmq_dot_append_heading(&(GmqDotPen){.out = chain, .number = pens[i].number});
        }
        if (column < gmq_places_columns(pens[i].part->places))
            append_column(&pens[i], column, chain);
    }
    return g_strdup(chain->str);
}

static int
most_columns(const GmqDotPen *pens, size_t n_pens)
{
    int most = 0;

    for (size_t i = 0; i < n_pens; i++)
        most = MAX(most, gmq_places_columns(pens[i].part->places));
    return most;
}

/* From the first node of a column to the first of the next one that has any. */
void
gmq_dot_draw_columns(const GmqDotPen *pens, size_t n_pens)
{
    g_autofree char *last = g_strdup("");

    for (int column = 0; column < most_columns(pens, n_pens); column++) {
        g_autofree char *chain = whole_column(pens, n_pens, column);
        if (*chain == '\0')
            continue;
        g_autofree char *first = g_strndup(chain, strcspn(chain, " "));
        g_string_append_printf(pens->out, "  { rank=same; edge [style=invis]; %s; }\n", chain);
        if (*last != '\0')
            g_string_append_printf(pens->out, "  %s -> %s [style=invis, weight=0, minlen=2];\n",
                                   last, first);
        g_free(last);
        last = g_steal_pointer(&first);
    }
}

/* ---- without places: only what would stand in a wrong column ---- */

/* Whether a line leads to the place, or from it when it is a client that sends. */
static bool
has_line(const GmqDotPen *pen, GmqPlace place)
{
    for (unsigned i = 0; i < pen->picture->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(pen->picture, i);
        bool is_end = (edge->to.kind == place.kind && edge->to.index == place.index) ||
                      (edge->from.kind == place.kind && edge->from.index == place.index &&
                       place.kind != GMQ_PLACE_QUEUE);
        if (is_end && edge->kind != GMQ_EDGE_DEAD && gmq_dot_shows(pen, edge->from) &&
            gmq_dot_shows(pen, edge->to))
            return true;
    }
    return false;
}

static GmqPlace
first_exchange(const GmqDotPen *pen)
{
    for (unsigned i = 0; i < pen->picture->exchanges->len; i++) {
        GmqPlace place = {GMQ_PLACE_EXCHANGE, i};
        if (gmq_dot_shows(pen, place))
            return place;
    }
    return (GmqPlace){GMQ_PLACE_NONE, 0};
}

static GmqPlace
first_queue(const GmqDotPen *pen)
{
    return (GmqPlace){pen->picture->queues->len > 0 ? GMQ_PLACE_QUEUE : GMQ_PLACE_NONE, 0};
}

void
gmq_dot_hold(const GmqDotPen *pen)
{
    GmqPlace exchange = first_exchange(pen);
    GmqPlace queue    = first_queue(pen);

    for (unsigned i = 0; i < pen->picture->clients->len; i++) {
        GmqPlace client = {GMQ_PLACE_CLIENT, i};
        if (has_line(pen, client))
            continue;
        if (gmq_picture_client(pen->picture, i)->consumes)
            draw_invisible(pen, queue, client);
        else
            draw_invisible(pen, client, exchange.kind != GMQ_PLACE_NONE ? exchange : queue);
    }
    for (unsigned i = 0; i < pen->picture->queues->len; i++) {
        GmqPlace place = {GMQ_PLACE_QUEUE, i};
        if (!has_line(pen, place))
            draw_invisible(pen, exchange, place);
    }
}
