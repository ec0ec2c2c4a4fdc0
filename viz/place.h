/* place.h - where everything in a run stands: its column, its order in it from above, and a point.
 *
 * Columns run from left to right: producers, exchanges, queues, consumers. An exchange that gets
 * messages from another one (a binding between exchanges, an alternate) stands in a further column
 * of exchanges. Order and points come from one run of Graphviz over the topology of the whole run,
 * so nothing moves during it, and terminal, page and SVG show the same order. Where Graphviz is
 * late or fails, and for what is too large for it, entities stand in order of creation. */
#pragma once

#include "viz/picture.h"

G_BEGIN_DECLS

/* In a column with more entities than this those that are alike become one group. */
#define GMQ_PLACES_SINGLE_MOST 12

/* How many columns of exchanges there are at most. */
#define GMQ_PLACES_EXCHANGES_MOST 4

/* Points between the middles of two columns, and of two neighbours in one column at the least: a
 * box of this size around each spot leaves a gap to the next. */
#define GMQ_PLACES_BOX_WIDTH 144
#define GMQ_PLACES_BOX_HEIGHT 72

/* How long a reader waits for Graphviz. */
#define GMQ_PLACES_SECONDS 5

typedef struct {
    int column;     /* -1: not shown, a predeclared exchange that nobody uses */
    unsigned order; /* in its column, from above; no two have the same */
    int x, y;       /* the middle, in points; y grows downwards. One spot for a whole group. */
    int group;      /* index of its group, -1: stands alone */
} GmqSpot;

/* Entities of one kind that are alike: the same beginning of the name, the same neighbours. */
typedef struct {
    char *name; /* "tasks.*" */
    GmqPlaceKind kind;
    GArray *members; /* of unsigned: indices, in order of creation */
} GmqPlaceGroup;

typedef struct GmqPlaces GmqPlaces;

/* Finds the places of everything in the picture, which is the one after the last event. before is
 * NULL or the places of an earlier state of the same broker: when the topology is still the same
 * its points are taken over and Graphviz does not run. With 0 seconds it is always late. */
GmqPlaces *gmq_places_new(const GmqPicture *whole, const GmqPlaces *before, unsigned seconds);

void gmq_places_free(GmqPlaces *places);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqPlaces, gmq_places_free)

/* Whether Graphviz found the points. */
bool gmq_places_are_drawn(const GmqPlaces *places);

/* Producers are column 0, then at least one column of exchanges, then queues, then consumers. A
 * column may be empty. */
int gmq_places_exchange_columns(const GmqPlaces *places);
int gmq_places_columns(const GmqPlaces *places);

/* The size of the whole in points. */
int gmq_places_width(const GmqPlaces *places);
int gmq_places_height(const GmqPlaces *places);

/* Where the place stands; NULL for a place that the picture did not have. Lent. */
const GmqSpot *gmq_places_find(const GmqPlaces *places, GmqPlace place);

unsigned gmq_places_groups(const GmqPlaces *places);
const GmqPlaceGroup *gmq_places_group(const GmqPlaces *places, unsigned index);

/* The places of one column from above; the caller frees the list of GmqPlace. */
GArray *gmq_places_column(const GmqPlaces *places, int column);

/* Appends statements that hold the places of a column, those that now has, in one rank and in their
 * order from above, for any drawing with rankdir=LR whose nodes are called as
 * gmq_places_append_node() calls them. Edges that run backwards (dead letters, what consumers
 * publish) need constraint=false there, and "ordering" must not be set. */
void gmq_places_append_order(const GmqPlaces *places, const GmqPicture *now, GString *out);

/* Appends "c0", "x1" or "q2". */
void gmq_places_append_node(GString *out, GmqPlace place);

/* The beginning of a name that its likes share: "tasks." of "tasks.eu", "w" of "w12"; NULL when
 * the name tells of no others. The caller frees it. (place-group.c) */
char *gmq_place_stem(const char *name);

G_END_DECLS
