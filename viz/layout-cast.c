#include "viz/layout-part.h"

#include <string.h>

/* ---- what the filter lets pass ---- */

/* One flag for each entity of each kind. */
typedef struct {
    uint8_t *kinds[GMQ_N_PLACE_KINDS];
} Flags;

static void
flags_init(Flags *flags, const GmqPicture *whole)
{
    flags->kinds[GMQ_PLACE_NONE]     = NULL;
    flags->kinds[GMQ_PLACE_CLIENT]   = g_new0(uint8_t, MAX(whole->clients->len, 1));
    flags->kinds[GMQ_PLACE_EXCHANGE] = g_new0(uint8_t, MAX(whole->exchanges->len, 1));
    flags->kinds[GMQ_PLACE_QUEUE]    = g_new0(uint8_t, MAX(whole->queues->len, 1));
}

static void
flags_clear(Flags *flags)
{
    for (unsigned kind = 0; kind < GMQ_N_PLACE_KINDS; kind++)
        g_free(flags->kinds[kind]);
}

static uint8_t *
flag(const Flags *flags, GmqPlace place)
{
    return &flags->kinds[place.kind][place.index];
}

static bool
is_ahead(const GmqStage *stage, const GmqPictureEdge *edge)
{
    const GmqPlaces *places = gmq_stage_places(stage);

    return gmq_places_find(places, edge->from)->column < gmq_places_find(places, edge->to)->column;
}

/* From what matches along all lines to the right, or against them to the left, column by column. */
static void
spread(const GmqStage *stage, const Flags *seeds, bool is_back, Flags *out)
{
    Flags reached;
    int rounds = gmq_places_columns(gmq_stage_places(stage));

    flags_init(&reached, stage->whole);
    memcpy(reached.kinds[GMQ_PLACE_CLIENT], seeds->kinds[GMQ_PLACE_CLIENT],
           stage->whole->clients->len);
    memcpy(reached.kinds[GMQ_PLACE_EXCHANGE], seeds->kinds[GMQ_PLACE_EXCHANGE],
           stage->whole->exchanges->len);
    memcpy(reached.kinds[GMQ_PLACE_QUEUE], seeds->kinds[GMQ_PLACE_QUEUE],
           stage->whole->queues->len);
    for (int round = 0; round < rounds; round++) {
        for (unsigned i = 0; i < stage->whole->edges->len; i++) {
            const GmqPictureEdge *edge = gmq_picture_edge(stage->whole, i);
            GmqPlace from              = is_back ? edge->to : edge->from;
            GmqPlace to                = is_back ? edge->from : edge->to;
            if (*flag(&reached, from) && is_ahead(stage, edge))
                *flag(&reached, to) = *flag(out, to) = 1;
        }
    }
    flags_clear(&reached);
}

static bool
has_text(const char *name, const char *filter)
{
    g_autofree char *low_name   = g_utf8_casefold(name, -1);
    g_autofree char *low_filter = g_utf8_casefold(filter, -1);

    return strstr(low_name, low_filter) != NULL;
}

/* ---- boxes ---- */

/* What matches in its own name stands alone, out of its group. */
static void
add_boxes(GArray *boxes, const GmqStage *stage, int column, const Flags *matching, const Flags *way)
{
    const GmqPlaces *places = gmq_stage_places(stage);
    g_autoptr(GArray) there = gmq_places_column(places, column);
    int last_group          = -1;

    for (unsigned i = 0; i < there->len; i++) {
        GmqPlace place = g_array_index(there, GmqPlace, i);
        GmqBox box     = {.place = place, .group = gmq_places_find(places, place)->group};
        bool is_match  = matching != NULL && *flag(matching, place);
        if (matching != NULL && !is_match && !*flag(way, place))
            continue;
        if (is_match)
            box.group = -1;
        if (box.group >= 0 && box.group == last_group)
            continue;
        last_group = box.group >= 0 ? box.group : last_group;
        g_array_append_val(boxes, box);
    }
}

static void
add_columns(GmqCast *cast, const GmqStage *stage, const Flags *matching, const Flags *way)
{
    int exchanges = gmq_places_exchange_columns(gmq_stage_places(stage));

    cast->n = exchanges + GMQ_N_COLUMNS - 1;
    for (int i = 0; i < cast->n; i++) {
        cast->kinds[i]   = i == 0               ? GMQ_COLUMN_PRODUCERS
                           : i <= exchanges     ? GMQ_COLUMN_EXCHANGES
                           : i == exchanges + 1 ? GMQ_COLUMN_QUEUES
                                                : GMQ_COLUMN_CONSUMERS;
        cast->columns[i] = g_array_new(FALSE, FALSE, sizeof(GmqBox));
        add_boxes(cast->columns[i], stage, i, matching, way);
    }
}

void
gmq_cast_init(GmqCast *cast, const GmqStage *stage, const char *filter)
{
    const GmqPicture *whole   = stage->whole;
    const unsigned n_places[] = {0, whole->clients->len, whole->exchanges->len, whole->queues->len};
    Flags matching, way;

    if (filter == NULL || *filter == '\0') {
        add_columns(cast, stage, NULL, NULL);
        return;
    }
    flags_init(&matching, whole);
    flags_init(&way, whole);
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        for (unsigned i = 0; i < n_places[kind]; i++) {
            GmqPlace place          = {kind, i};
            *flag(&matching, place) = has_text(gmq_picture_name(whole, place), filter);
        }
    }
    spread(stage, &matching, false, &way);
    spread(stage, &matching, true, &way);
    add_columns(cast, stage, &matching, &way);
    flags_clear(&matching);
    flags_clear(&way);
}

void
gmq_cast_clear(GmqCast *cast)
{
    for (int i = 0; i < cast->n; i++)
        g_array_free(cast->columns[i], TRUE);
    cast->n = 0;
}

/* ---- in narrow places ---- */

static int
compare_heights(const void *a, const void *b, void *data)
{
    const GmqSpot *one   = gmq_places_find(data, ((const GmqBox *)a)->place);
    const GmqSpot *other = gmq_places_find(data, ((const GmqBox *)b)->place);

    return one->y != other->y ? one->y - other->y : one->column - other->column;
}

bool
gmq_cast_merge(GmqCast *cast, const GmqStage *stage)
{
    int last = cast->n - 3;

    if (last < 2)
        return false;
    GArray *behind = cast->columns[last];
    GArray *before = cast->columns[last - 1];
    g_array_append_vals(before, behind->data, behind->len);
    g_array_sort_with_data(before, compare_heights, (void *)gmq_stage_places(stage));
    g_array_free(behind, TRUE);
    for (int i = last; i + 1 < cast->n; i++) {
        cast->columns[i] = cast->columns[i + 1];
        cast->kinds[i]   = cast->kinds[i + 1];
    }
    cast->n--;
    return true;
}
