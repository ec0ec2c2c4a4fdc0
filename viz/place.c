#include "viz/place-part.h"

#include <string.h>

#include "viz/export.h"

/* More nodes than this would make the reader wait. */
#define GRAPHVIZ_NODES_MOST 250

/* Points from one middle to the next where Graphviz has no say. */
#define STEP_X (GMQ_PLACES_BOX_WIDTH + 72)
#define STEP_Y (GMQ_PLACES_BOX_HEIGHT + 25)

GmqSpot *
gmq_places_spot(const GmqPlaces *places, GmqPlace place)
{
    return &g_array_index(places->spots[place.kind], GmqSpot, place.index);
}

const GmqSpot *
gmq_places_find(const GmqPlaces *places, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_NONE || place.index >= places->spots[place.kind]->len)
        return NULL;
    return gmq_places_spot(places, place);
}

/* ---- order of creation ---- */

/* How often an entity is met in a walk through all of them, in fixed order. */
typedef void (*Visit)(GmqPlaces *places, GmqPlace place, void *data);

static void
visit_all(GmqPlaces *places, Visit visit, void *data)
{
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        for (unsigned i = 0; i < places->spots[kind]->len; i++) {
            GmqPlace place = {kind, i};
            if (gmq_places_spot(places, place)->column >= 0)
                visit(places, place, data);
        }
    }
}

/* The uppermost queue that each client takes from. */
static unsigned *
first_queues(const GmqPicture *whole)
{
    unsigned *firsts = g_new(unsigned, MAX(whole->clients->len, 1));

    for (unsigned i = 0; i < whole->clients->len; i++)
        firsts[i] = G_MAXUINT;
    for (unsigned i = 0; i < whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(whole, i);
        if (edge->kind == GMQ_EDGE_CONSUME)
            firsts[edge->to.index] = MIN(firsts[edge->to.index], edge->from.index);
    }
    return firsts;
}

static int
compare_firsts(const void *a, const void *b, void *firsts)
{
    unsigned first  = ((unsigned *)firsts)[((const GmqPlace *)a)->index];
    unsigned second = ((unsigned *)firsts)[((const GmqPlace *)b)->index];

    return first < second ? -1 : first > second;
}

static void
add_to_column(GmqPlaces *places, GmqPlace place, void *data)
{
    GArray **columns = data;

    if (gmq_places_leads(places, place))
        g_array_append_val(columns[gmq_places_spot(places, place)->column], place);
}

/* Who takes from an upper queue stands above, so that fewer wires cross; every column has its
 * middle where the others have theirs. GLib's sort keeps the order of equal ones. */
static void
place_plainly(GmqPlaces *places, const GmqPicture *whole)
{
    g_autofree unsigned *firsts = first_queues(whole);
    int n                       = gmq_places_columns(places);
    g_autofree GArray **columns = g_new(GArray *, (size_t)n);
    unsigned most               = 1;

    for (int i = 0; i < n; i++)
        columns[i] = g_array_new(FALSE, FALSE, sizeof(GmqPlace));
    visit_all(places, add_to_column, columns);
    g_array_sort_with_data(columns[n - 1], compare_firsts, firsts);
    for (int i = 0; i < n; i++)
        most = MAX(most, columns[i]->len);
    for (int i = 0; i < n; i++) {
        for (unsigned k = 0; k < columns[i]->len; k++) {
            GmqSpot *spot = gmq_places_spot(places, g_array_index(columns[i], GmqPlace, k));
            spot->x       = STEP_X * i + STEP_X / 2;
            spot->y       = STEP_Y * (int)(2 * k + 1 + most - columns[i]->len) / 2;
        }
        g_array_free(columns[i], TRUE);
    }
    places->width    = STEP_X * n;
    places->height   = STEP_Y * (int)most;
    places->is_drawn = false;
}

/* ---- what is made of the points ---- */

static void
join_leader(GmqPlaces *places, GmqPlace place, void *data)
{
    GmqSpot *spot = gmq_places_spot(places, place);

    (void)data;
    if (spot->group < 0)
        return;
    const GmqPlaceGroup *group = places->groups->pdata[spot->group];
    GmqPlace leader            = {place.kind, g_array_index(group->members, unsigned, 0)};
    spot->x                    = gmq_places_spot(places, leader)->x;
    spot->y                    = gmq_places_spot(places, leader)->y;
}

static void
collect_leaders(GmqPlaces *places, GmqPlace place, void *data)
{
    if (gmq_places_leads(places, place))
        g_array_append_val((GArray *)data, place);
}

/* How many more pairs stand against their order of creation than in it; when it is as many, which
 * holds in the column that is read first. */
static int
count_turned(GmqPlaces *places)
{
    g_autoptr(GArray) leaders = g_array_new(FALSE, FALSE, sizeof(GmqPlace));
    int turned                = 0;
    int first_turned          = 0;
    int first_column          = G_MAXINT;

    visit_all(places, collect_leaders, leaders);
    for (unsigned i = 0; i < leaders->len; i++) {
        const GmqSpot *one = gmq_places_spot(places, g_array_index(leaders, GmqPlace, i));
        for (unsigned k = i + 1; k < leaders->len; k++) {
            const GmqSpot *later = gmq_places_spot(places, g_array_index(leaders, GmqPlace, k));
            if (later->column != one->column || later->y == one->y)
                continue;
            int against = later->y < one->y ? 1 : -1;
            turned += against;
            if (one->column < first_column)
                first_turned = against;
            first_column = MIN(first_column, one->column);
        }
    }
    return turned != 0 ? turned : first_turned;
}

static void
turn(GmqPlaces *places, GmqPlace place, void *data)
{
    GmqSpot *spot = gmq_places_spot(places, place);

    (void)data;
    spot->y = places->height - spot->y;
}

/* A picture and its mirror image have the same crossings: the one in which more of what came
 * earlier stands above is easier to read. */
static void
turn_if_better(GmqPlaces *places)
{
    if (count_turned(places) > 0)
        visit_all(places, turn, NULL);
}

static void
collect(GmqPlaces *places, GmqPlace place, void *data)
{
    (void)places;
    g_array_append_val((GArray *)data, place);
}

static int
compare_spots(const void *a, const void *b, void *data)
{
    const GmqSpot *one   = gmq_places_spot(data, *(const GmqPlace *)a);
    const GmqSpot *other = gmq_places_spot(data, *(const GmqPlace *)b);

    if (one->column != other->column)
        return one->column - other->column;
    return one->y != other->y ? one->y - other->y : one->group - other->group;
}

static GArray *
sort_places(const GmqPlaces *places)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(GmqPlace));

    visit_all((GmqPlaces *)places, collect, all);
    g_array_sort_with_data(all, compare_spots, (void *)places);
    return all;
}

static void
number(GmqPlaces *places)
{
    g_autoptr(GArray) all = sort_places(places);
    int column            = -1;
    unsigned order        = 0;

    for (unsigned i = 0; i < all->len; i++) {
        GmqSpot *spot = gmq_places_spot(places, g_array_index(all, GmqPlace, i));
        order         = spot->column == column ? order + 1 : 0;
        column        = spot->column;
        spot->order   = order;
    }
}

/* ---- the whole ---- */

static GArray *
new_spots(unsigned n)
{
    GArray *spots = g_array_new(FALSE, TRUE, sizeof(GmqSpot));

    g_array_set_size(spots, n);
    for (unsigned i = 0; i < n; i++)
        g_array_index(spots, GmqSpot, i) = (GmqSpot){-1, 0, 0, 0, -1};
    return spots;
}

static GmqPlaces *
new_places(const GmqPicture *whole)
{
    GmqPlaces *places                 = g_new0(GmqPlaces, 1);
    places->groups                    = g_ptr_array_new();
    places->spots[GMQ_PLACE_NONE]     = new_spots(0);
    places->spots[GMQ_PLACE_CLIENT]   = new_spots(whole->clients->len);
    places->spots[GMQ_PLACE_EXCHANGE] = new_spots(whole->exchanges->len);
    places->spots[GMQ_PLACE_QUEUE]    = new_spots(whole->queues->len);
    gmq_places_choose_columns(places, whole);
    gmq_places_make_groups(places, whole);
    return places;
}

static bool
copy_points(GmqPlaces *places, const GmqPlaces *before)
{
    if (before == NULL || before->topology == NULL || !before->is_drawn ||
        strcmp(before->topology, places->topology) != 0)
        return false;
    places->width  = before->width;
    places->height = before->height;
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        for (unsigned i = 0; i < MIN(places->spots[kind]->len, before->spots[kind]->len); i++) {
            GmqSpot *spot      = gmq_places_spot(places, (GmqPlace){kind, i});
            const GmqSpot *old = gmq_places_spot(before, (GmqPlace){kind, i});
            spot->x            = old->x;
            spot->y            = old->y;
        }
    }
    return true;
}

static bool
ask_graphviz(GmqPlaces *places, unsigned seconds)
{
    if (gmq_places_count(places) > GRAPHVIZ_NODES_MOST || gmq_places_count(places) == 0)
        return false;

    g_autofree char *plain = gmq_export_render(places->topology, "plain", seconds, NULL, NULL);
    if (plain == NULL || !gmq_places_read(places, plain))
        return false;
    turn_if_better(places);
    return true;
}

static GmqPlaces *
finish(GmqPlaces *places)
{
    visit_all(places, join_leader, NULL);
    number(places);
    return places;
}

GmqPlaces *
gmq_places_new(const GmqPicture *whole, const GmqPlaces *before, unsigned seconds)
{
    GmqPlaces *places = new_places(whole);

    places->topology = gmq_places_draw(places, whole);
    places->is_drawn = copy_points(places, before) || ask_graphviz(places, seconds);
    if (!places->is_drawn)
        place_plainly(places, whole);
    return finish(places);
}

void
gmq_places_free(GmqPlaces *places)
{
    for (unsigned kind = 0; kind < GMQ_N_PLACE_KINDS; kind++)
        g_array_free(places->spots[kind], TRUE);
    g_ptr_array_free(places->groups, TRUE);
    g_free(places->topology);
    g_free(places);
}

bool
gmq_places_are_drawn(const GmqPlaces *places)
{
    return places->is_drawn;
}

int
gmq_places_exchange_columns(const GmqPlaces *places)
{
    return places->n_exchange_columns;
}

int
gmq_places_columns(const GmqPlaces *places)
{
    return places->n_exchange_columns + 3;
}

int
gmq_places_width(const GmqPlaces *places)
{
    return places->width;
}

int
gmq_places_height(const GmqPlaces *places)
{
    return places->height;
}

unsigned
gmq_places_groups(const GmqPlaces *places)
{
    return places->groups->len;
}

const GmqPlaceGroup *
gmq_places_group(const GmqPlaces *places, unsigned index)
{
    return places->groups->pdata[index];
}

GArray *
gmq_places_column(const GmqPlaces *places, int column)
{
    g_autoptr(GArray) all = sort_places(places);
    GArray *places_there  = g_array_new(FALSE, FALSE, sizeof(GmqPlace));

    for (unsigned i = 0; i < all->len; i++) {
        GmqPlace place = g_array_index(all, GmqPlace, i);
        if (gmq_places_spot(places, place)->column == column)
            g_array_append_val(places_there, place);
    }
    return places_there;
}

/* ---- for drawings ---- */

static bool
is_there(const GmqPicture *now, GmqPlace place)
{
    switch (place.kind) {
    case GMQ_PLACE_CLIENT:
        return place.index < now->clients->len;
    case GMQ_PLACE_EXCHANGE:
        return place.index < now->exchanges->len && gmq_picture_shows_exchange(now, place.index);
    default:
        return place.index < now->queues->len;
    }
}

void
gmq_places_append_order(const GmqPlaces *places, const GmqPicture *now, GString *out)
{
    for (int column = 0; column < gmq_places_columns(places); column++) {
        g_autoptr(GArray) there = gmq_places_column(places, column);
        unsigned n              = 0;
        for (unsigned i = 0; i < there->len; i++) {
            GmqPlace place = g_array_index(there, GmqPlace, i);
            if (!is_there(now, place))
                continue;
            g_string_append(out, n++ == 0 ? "  { rank=same; edge [style=invis]; " : " -> ");
            gmq_places_append_node(out, place);
        }
        if (n > 0)
            g_string_append(out, "; }\n");
    }
}
