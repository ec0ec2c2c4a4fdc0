#include "viz/layout.h"

#include "viz/box.h"

#define GUTTER_LEAST 8  /* "-(p1-7)>" */
#define GUTTER_KEYED 12 /* as far as binding keys may widen it at any price */
#define GUTTER_WIDE 22  /* above, wires only get longer */
#define SHARE_FLOOR 5   /* what is left of anything in a narrow place */
#define GAP_MOST 2      /* empty rows between two boxes */

/* ---- what stands in which column ---- */

static int
column_of(const GmqPicture *whole, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_EXCHANGE)
        return GMQ_COLUMN_EXCHANGES;
    if (place.kind == GMQ_PLACE_QUEUE)
        return GMQ_COLUMN_QUEUES;
    return gmq_picture_client(whole, place.index)->consumes ? GMQ_COLUMN_CONSUMERS
                                                            : GMQ_COLUMN_PRODUCERS;
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

/* Who takes from an upper queue stands above, so that fewer wires cross. GLib's sort keeps the
 * order of equal ones. */
static void
sort_consumers(const GmqPicture *whole, GArray *places)
{
    g_autofree unsigned *firsts = first_queues(whole);

    g_array_sort_with_data(places, compare_firsts, firsts);
}

GArray *
gmq_layout_column(const GmqStage *stage, int column)
{
    const GmqPicture *whole   = stage->whole;
    GArray *places            = g_array_new(FALSE, FALSE, sizeof(GmqPlace));
    const unsigned n_places[] = {[GMQ_PLACE_CLIENT]   = whole->clients->len,
                                 [GMQ_PLACE_EXCHANGE] = whole->exchanges->len,
                                 [GMQ_PLACE_QUEUE]    = whole->queues->len};

    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        for (unsigned i = 0; i < n_places[kind]; i++) {
            GmqPlace place = {kind, i};
            if (column_of(whole, place) == column && gmq_box_exists(whole, place))
                g_array_append_val(places, place);
        }
    }
    if (column == GMQ_COLUMN_CONSUMERS)
        sort_consumers(whole, places);
    return places;
}

/* ---- from left to right ---- */

typedef struct {
    int least;
    int wish;
    int given;
} Share;

static bool
take_from_widest(Share *shares, int n)
{
    int widest = 0;

    for (int i = 1; i < n; i++) {
        if (shares[i].given > shares[widest].given)
            widest = i;
    }
    if (shares[widest].given <= SHARE_FLOOR)
        return false;
    shares[widest].given--;
    return true;
}

/* Gives everybody the least, then one column each in turn to those that still wish for more. */
static int
share_out(Share *shares, int n, int total)
{
    bool is_giving = true;

    for (int i = 0; i < n; i++) {
        shares[i].given = shares[i].least;
        total -= shares[i].least;
    }
    while (total < 0 && take_from_widest(shares, n))
        total++;
    while (is_giving && total > 0) {
        is_giving = false;
        for (int i = 0; i < n && total > 0; i++) {
            if (shares[i].given >= shares[i].wish)
                continue;
            shares[i].given++;
            total--;
            is_giving = true;
        }
    }
    return total;
}

static Share
column_share(const GmqStage *stage, const GArray *places, GmqGlyphs glyphs)
{
    Share share = {0, 0, 0};

    for (unsigned i = 0; i < places->len; i++) {
        GmqBoxWish wish = gmq_box_wish(stage, g_array_index(places, GmqPlace, i), glyphs);
        share.least     = MAX(share.least, wish.width_least);
        share.wish      = MAX(share.wish, wish.width);
    }
    share.wish = MAX(share.wish, share.least);
    return share;
}

/* A gutter wishes for room for its longest binding keys. */
static Share
gutter_share(const GmqStage *stage, int gutter, GmqGlyphs glyphs)
{
    Share share = {GUTTER_LEAST, GUTTER_LEAST + 3, 0};

    for (unsigned i = 0; gutter == GMQ_COLUMN_EXCHANGES && i < stage->whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(stage->whole, i);
        for (unsigned k = 0; k < edge->keys->len; k++) {
            const char *key = g_array_index(edge->keys, GmqPictureKey, k).key;
            int width       = gmq_text_width(glyphs, key) + (edge->keys->len > 1 ? 3 : 0);
            share.least     = MAX(share.least, width + 3);
            share.wish      = MAX(share.wish, width + 6);
        }
    }
    share.least = MIN(share.least, GUTTER_KEYED);
    share.wish  = MIN(share.wish, GUTTER_WIDE);
    return share;
}

static void
place_columns(GmqLayout *layout, const GmqStage *stage, GArray **places, GmqGlyphs glyphs)
{
    Share shares[GMQ_N_COLUMNS * 2] = {0};
    int last                        = GMQ_N_COLUMNS - 1;

    while (last > 0 && places[last]->len == 0)
        last--;
    for (int i = 0; i < GMQ_N_COLUMNS; i++) {
        if (places[i]->len == 0)
            continue;
        shares[i * 2] = column_share(stage, places[i], glyphs);
        if (i < last)
            shares[i * 2 + 1] = gutter_share(stage, i, glyphs);
    }
    share_out(shares, GMQ_N_COLUMNS * 2, layout->area.width);
    for (int i = 1; i < GMQ_N_COLUMNS * 2; i += 2)
        shares[i].wish = shares[i].given > 0 ? GUTTER_WIDE : 0;
    for (int i = 0; i < GMQ_N_COLUMNS * 2; i++)
        shares[i].least = shares[i].given;
    int left = share_out(shares, GMQ_N_COLUMNS * 2, layout->area.width);

    int x = layout->area.x + MAX(left, 0) / 2;
    for (int i = 0; i < GMQ_N_COLUMNS; i++) {
        layout->columns[i].x     = x;
        layout->columns[i].width = shares[i * 2].given;
        x += shares[i * 2].given + shares[i * 2 + 1].given;
    }
}

/* ---- from above to below ---- */

/* Takes one line at a time from the longest box until all fit; false when even the least is too
 * much. */
static bool
shrink(int *lines, const int *least, unsigned n, int frame, int extra, int height)
{
    for (;;) {
        int total  = extra;
        int widest = -1;
        for (unsigned i = 0; i < n; i++) {
            total += lines[i] + frame;
            if (lines[i] > least[i] && (widest < 0 || lines[i] >= lines[widest]))
                widest = (int)i;
        }
        if (total <= height)
            return true;
        if (widest < 0)
            return false;
        lines[widest]--;
    }
}

typedef struct {
    unsigned first; /* box that is drawn uppermost */
    unsigned n;
    bool is_joined;
    int *lines;
} Stack;

/* Boxes of their own with what matters; if that does not fit, boxes that share their edges; then
 * both with fewer lines; then only some of the boxes. */
static Stack
stack_boxes(const GmqStage *stage, const GArray *places, int height, GmqGlyphs glyphs,
            unsigned scroll)
{
    Stack stack           = {0, places->len, false, g_new(int, places->len)};
    g_autofree int *wish  = g_new(int, places->len);
    g_autofree int *least = g_new(int, places->len);
    g_autofree int *one   = g_new(int, places->len);

    for (unsigned i = 0; i < places->len; i++) {
        GmqBoxWish box = gmq_box_wish(stage, g_array_index(places, GmqPlace, i), glyphs);
        wish[i]        = box.lines;
        least[i]       = MIN(box.lines_least, box.lines);
        one[i]         = 1;
    }
    for (int try = 0; try < 4; try++) {
        stack.is_joined = try % 2 == 1;
        memcpy(stack.lines, wish, places->len * sizeof(int));
        if (shrink(stack.lines, try < 2 ? least : one, places->len, stack.is_joined ? 1 : 2,
                   stack.is_joined ? 1 : 0, height))
            return stack;
    }
    stack.n     = (unsigned)MAX((height - 2) / 2, 1);
    stack.first = MIN(scroll, places->len - stack.n);
    return stack;
}

static void
add_box(GmqLayout *layout, GmqPlace place, int column, int y, int height, bool is_joined)
{
    const GmqLayoutColumn *where = &layout->columns[column];
    GmqBox box                   = {place, column, {where->x, y, where->width, height}, is_joined};

    g_array_append_val(layout->boxes, box);
}

static void
place_boxes(GmqLayout *layout, const GmqStage *stage, GArray *places, int column, GmqGlyphs glyphs,
            unsigned scroll)
{
    if (places->len == 0 || layout->area.height < 3)
        return;

    Stack stack = stack_boxes(stage, places, layout->area.height, glyphs, scroll);
    int frame   = stack.is_joined ? 1 : 2;
    int total   = stack.is_joined ? 1 : 0;
    for (unsigned i = 0; i < stack.n; i++)
        total += stack.lines[stack.first + i] + frame;

    bool is_whole = stack.n == places->len;
    int spare     = is_whole ? layout->area.height - total : 0;
    int gap       = stack.is_joined ? 0 : CLAMP(spare / (int)(stack.n + 1), 0, GAP_MOST);
    int y         = layout->area.y + (spare - gap * (int)(stack.n - 1)) / 2;

    for (unsigned i = 0; i < stack.n; i++) {
        int height = stack.lines[stack.first + i] + 2;
        add_box(layout, g_array_index(places, GmqPlace, stack.first + i), column, y, height,
                stack.is_joined && i > 0);
        y += height + (stack.is_joined ? -1 : gap);
    }
    layout->columns[column].hidden = places->len - stack.n;
    g_free(stack.lines);
}

/* ---- the whole ---- */

GmqLayout *
gmq_layout_new(const GmqStage *stage, GmqRect area, GmqGlyphs glyphs, unsigned scroll)
{
    GmqLayout *layout = g_new0(GmqLayout, 1);
    GArray *places[GMQ_N_COLUMNS];

    layout->area  = area;
    layout->boxes = g_array_new(FALSE, FALSE, sizeof(GmqBox));
    layout->wires = g_array_new(FALSE, FALSE, sizeof(GmqWire));
    for (int i = 0; i < GMQ_N_COLUMNS; i++)
        places[i] = gmq_layout_column(stage, i);
    place_columns(layout, stage, places, glyphs);
    for (int i = 0; i < GMQ_N_COLUMNS; i++) {
        place_boxes(layout, stage, places[i], i, glyphs, scroll);
        g_array_free(places[i], TRUE);
    }
    gmq_layout_add_wires(layout, stage);
    return layout;
}

void
gmq_layout_free(GmqLayout *layout)
{
    g_array_free(layout->boxes, TRUE);
    g_array_free(layout->wires, TRUE);
    g_free(layout);
}

const GmqBox *
gmq_layout_find(const GmqLayout *layout, GmqPlace place)
{
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        if (box->place.kind == place.kind && box->place.index == place.index)
            return box;
    }
    return NULL;
}

int
gmq_box_lines(const GmqBox *box)
{
    return box->rect.height - 2;
}
