#include "viz/layout-part.h"

/* The edges of one kind between two boxes. */
typedef struct {
    GmqEdgeKind kind;
    unsigned from, to;
    unsigned edge;
} Link;

/* The box that shows each place: index + 1, 0 where it is hidden. */
typedef struct {
    unsigned *kinds[GMQ_N_PLACE_KINDS];
} BoxIndex;

static void
index_init(BoxIndex *index, const GmqLayout *layout, const GmqStage *stage)
{
    const GmqPicture *whole   = stage->whole;
    const unsigned n_places[] = {0, whole->clients->len, whole->exchanges->len, whole->queues->len};

    for (int kind = 0; kind < GMQ_N_PLACE_KINDS; kind++)
        index->kinds[kind] = g_new0(unsigned, MAX(n_places[kind], 1));
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        if (box->group < 0) {
            index->kinds[box->place.kind][box->place.index] = i + 1;
            continue;
        }
        const GmqPlaceGroup *group =
            gmq_places_group(gmq_stage_places(stage), (unsigned)box->group);
        for (unsigned m = 0; m < group->members->len; m++) {
            unsigned *at = &index->kinds[group->kind][g_array_index(group->members, unsigned, m)];
            *at          = *at != 0 ? *at : i + 1;
        }
    }
}

static void
index_clear(BoxIndex *index)
{
    for (int kind = 0; kind < GMQ_N_PLACE_KINDS; kind++)
        g_free(index->kinds[kind]);
}

static int
compare_links(const void *a, const void *b)
{
    const Link *one   = a;
    const Link *other = b;

    if (one->from != other->from)
        return one->from < other->from ? -1 : 1;
    if (one->to != other->to)
        return one->to < other->to ? -1 : 1;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return one->edge < other->edge ? -1 : one->edge > other->edge;
}

GArray *
gmq_layout_find_lines(GmqLayout *layout, const GmqStage *stage)
{
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(Link));
    GArray *lines           = g_array_new(FALSE, FALSE, sizeof(GmqLine));
    BoxIndex index;

    index_init(&index, layout, stage);
    for (unsigned i = 0; i < stage->whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(stage->whole, i);
        unsigned from              = index.kinds[edge->from.kind][edge->from.index];
        unsigned to                = index.kinds[edge->to.kind][edge->to.index];
        Link link                  = {edge->kind, from - 1, to - 1, i};
        if (from > 0 && to > 0)
            g_array_append_val(links, link);
    }
    index_clear(&index);
    g_array_sort(links, compare_links);
    for (unsigned i = 0; i < links->len; i++) {
        const Link *link = &g_array_index(links, Link, i);
        GmqLine *last    = lines->len > 0 ? &g_array_index(lines, GmqLine, lines->len - 1) : NULL;
        if (last == NULL || last->from != link->from || last->to != link->to ||
            last->kind != link->kind) {
            GmqLine line = {{i, 0}, link->kind, link->from, link->to};
            g_array_append_val(lines, line);
            last = &g_array_index(lines, GmqLine, lines->len - 1);
        }
        last->edges.n++;
        g_array_append_val(layout->edges, link->edge);
    }
    return lines;
}

bool
gmq_line_is_wire(const GmqLayout *layout, const GmqLine *line)
{
    const GmqBox *from = &g_array_index(layout->boxes, GmqBox, line->from);
    const GmqBox *to   = &g_array_index(layout->boxes, GmqBox, line->to);

    return to->column == from->column + 1;
}

unsigned
gmq_layout_edge(const GmqLayout *layout, GmqBundle bundle, unsigned i)
{
    g_assert(i < bundle.n);
    return g_array_index(layout->edges, unsigned, bundle.first + i);
}
