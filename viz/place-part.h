/* place-part.h - the pieces of which places are made; only for place*.c. */
#pragma once

#include "viz/place.h"

G_BEGIN_DECLS

struct GmqPlaces {
    GArray *spots[GMQ_N_PLACE_KINDS]; /* of GmqSpot */
    GPtrArray *groups;                /* of GmqPlaceGroup; owned */
    int n_exchange_columns;
    int width, height;
    bool is_drawn;
    char *topology; /* the DOT text whose layout this is */
};

/* Chooses the column of everything, and how many there are. (place-column.c) */
void gmq_places_choose_columns(GmqPlaces *places, const GmqPicture *whole);

/* Makes groups of what is alike in long columns. (place-group.c) */
void gmq_places_make_groups(GmqPlaces *places, const GmqPicture *whole);

/* The topology as DOT text, one node for each group; it tells nothing that changes without the
 * topology. The caller frees it. (place-dot.c) */
char *gmq_places_draw(const GmqPlaces *places, const GmqPicture *whole);

/* Reads Graphviz's answer in the format "plain"; false when anybody is missing in it.
 * (place-dot.c) */
bool gmq_places_read(GmqPlaces *places, const char *plain);

/* How many nodes and edges the text would have. (place-dot.c) */
unsigned gmq_places_count(const GmqPlaces *places);

GmqSpot *gmq_places_spot(const GmqPlaces *places, GmqPlace place);

/* Whether the place is the one that stands for its group, or stands alone. */
bool gmq_places_leads(const GmqPlaces *places, GmqPlace place);

G_END_DECLS
