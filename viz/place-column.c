#include "viz/place-part.h"

#include <string.h>

/* ---- exchanges behind exchanges ---- */

/* An edge between two exchanges, numbered as the picture's exchanges. */
typedef struct {
    unsigned from, to;
} Link;

static bool
is_reached(const GArray *links, unsigned from, unsigned to, uint8_t *seen)
{
    if (from == to)
        return true;
    seen[from] = 1;
    for (unsigned i = 0; i < links->len; i++) {
        const Link *link = &g_array_index(links, Link, i);
        if (link->from == from && !seen[link->to] && is_reached(links, link->to, to, seen))
            return true;
    }
    return false;
}

/* The links without those that would close a circle, the older ones first. */
static GArray *
find_links(const GmqPicture *whole)
{
    GArray *links            = g_array_new(FALSE, FALSE, sizeof(Link));
    size_t n                 = MAX(whole->exchanges->len, 1);
    g_autofree uint8_t *seen = g_new(uint8_t, n);

    for (unsigned i = 0; i < whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(whole, i);
        Link link                  = {edge->from.index, edge->to.index};
        if (edge->from.kind != GMQ_PLACE_EXCHANGE || edge->to.kind != GMQ_PLACE_EXCHANGE)
            continue;
        memset(seen, 0, n);
        if (!is_reached(links, link.to, link.from, seen))
            g_array_append_val(links, link);
    }
    return links;
}

/* How many exchanges lie before each one, in at most so many rounds as there are columns. */
static void
place_exchanges(GmqPlaces *places, const GmqPicture *whole)
{
    g_autoptr(GArray) links = find_links(whole);
    GArray *spots           = places->spots[GMQ_PLACE_EXCHANGE];

    for (unsigned i = 0; i < spots->len; i++)
        g_array_index(spots, GmqSpot, i).column = gmq_picture_shows_exchange(whole, i) ? 1 : -1;
    for (int round = 1; round < GMQ_PLACES_EXCHANGES_MOST; round++) {
        for (unsigned i = 0; i < links->len; i++) {
            const Link *link    = &g_array_index(links, Link, i);
            const GmqSpot *from = &g_array_index(spots, GmqSpot, link->from);
            GmqSpot *to         = &g_array_index(spots, GmqSpot, link->to);
            if (from->column > 0 && to->column > 0 && to->column <= from->column)
                to->column = MIN(from->column + 1, GMQ_PLACES_EXCHANGES_MOST);
        }
    }
    places->n_exchange_columns = 1;
    for (unsigned i = 0; i < spots->len; i++)
        places->n_exchange_columns =
            MAX(places->n_exchange_columns, g_array_index(spots, GmqSpot, i).column);
}

void
gmq_places_choose_columns(GmqPlaces *places, const GmqPicture *whole)
{
    place_exchanges(places, whole);
    for (unsigned i = 0; i < whole->queues->len; i++)
        g_array_index(places->spots[GMQ_PLACE_QUEUE], GmqSpot, i).column =
            places->n_exchange_columns + 1;
    for (unsigned i = 0; i < whole->clients->len; i++)
        g_array_index(places->spots[GMQ_PLACE_CLIENT], GmqSpot, i).column =
            gmq_picture_client(whole, i)->consumes ? places->n_exchange_columns + 2 : 0;
}
