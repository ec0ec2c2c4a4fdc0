#include "viz/layout-part.h"

/* A wire before its lane is chosen, with its boxes. */
typedef struct {
    GmqWire wire;
    const GmqBox *left;
    const GmqBox *right;
} Draft;

static const GmqBox *
owner(const Draft *draft)
{
    return draft->wire.hub_left ? draft->right : draft->left;
}

static const GmqBox *
hub(const Draft *draft)
{
    return draft->wire.hub_left ? draft->left : draft->right;
}

/* A box without lines is met at its title. */
static int
first_line(const GmqBox *box)
{
    return gmq_box_lines(box) > 0 ? box->rect.y + 1 : box->rect.y;
}

static int
last_line(const GmqBox *box)
{
    return MAX(box->rect.y + box->rect.height - 2, first_line(box));
}

/* Only lines from one column to the next are wires. They come in order from above, on both ends. */
static GArray *
draft_wires(const GmqLayout *layout, const GArray *lines)
{
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(Draft));

    for (unsigned i = 0; i < lines->len; i++) {
        const GmqLine *line = &g_array_index(lines, GmqLine, i);
        if (!gmq_line_is_wire(layout, line))
            continue;
        Draft draft = {.left  = &g_array_index(layout->boxes, GmqBox, line->from),
                       .right = &g_array_index(layout->boxes, GmqBox, line->to)};

        draft.wire.edges = line->edges;
        draft.wire.x0    = draft.left->rect.x + draft.left->rect.width;
        draft.wire.x1    = draft.right->rect.x - 1;
        draft.wire.lane  = -1;
        g_array_append_val(drafts, draft);
    }
    return drafts;
}

static unsigned
count_at(const GArray *drafts, const GmqBox *box, bool at_left)
{
    unsigned n = 0;

    for (unsigned i = 0; i < drafts->len; i++) {
        const Draft *draft = &g_array_index(drafts, Draft, i);
        n += (at_left ? draft->left : draft->right) == box;
    }
    return n;
}

static int
count_lines(const GmqBox *box)
{
    return last_line(box) - first_line(box) + 1;
}

/* The box with a line for each of its wires has room for what is written on them; of two such the
 * one with fewer wires. */
static void
choose_owners(GArray *drafts)
{
    for (unsigned i = 0; i < drafts->len; i++) {
        Draft *draft    = &g_array_index(drafts, Draft, i);
        unsigned left   = count_at(drafts, draft->left, true);
        unsigned right  = count_at(drafts, draft->right, false);
        bool fits_left  = (int)left <= count_lines(draft->left);
        bool fits_right = (int)right <= count_lines(draft->right);

        draft->wire.hub_left = fits_left != fits_right ? fits_right : right <= left;
    }
}

static bool
is_owned(const Draft *draft, const GmqBox *box, bool hub_left)
{
    return draft->wire.hub_left == hub_left && owner(draft) == box;
}

/* A wire that is alone at both ends runs straight where both boxes have lines; false when there
 * is no such row. */
static bool
run_straight(const GArray *drafts, Draft *draft)
{
    int first = MAX(first_line(draft->left), first_line(draft->right));
    int last  = MIN(last_line(draft->left), last_line(draft->right));

    if (count_at(drafts, draft->left, true) > 1 || count_at(drafts, draft->right, false) > 1)
        return false;
    if (first > last)
        return false;
    draft->wire.row      = first + (last - first) / 2;
    draft->wire.back_row = MIN(draft->wire.row + 1, last);
    return true;
}

/* Each owned wire gets a row of its owner, and a second one for what comes back if there are
 * enough. */
static void
choose_rows(GArray *drafts, const GmqBox *box, bool hub_left)
{
    int n = 0, i = 0;

    for (unsigned d = 0; d < drafts->len; d++)
        n += is_owned(&g_array_index(drafts, Draft, d), box, hub_left);
    if (n == 0)
        return;

    int lines = count_lines(box);
    int step  = lines >= 2 * n ? 2 : 1;
    int start = first_line(box) + MAX(lines - n * step, 0) / 2;
    for (unsigned d = 0; d < drafts->len; d++) {
        Draft *draft = &g_array_index(drafts, Draft, d);
        if (!is_owned(draft, box, hub_left) || run_straight(drafts, draft))
            continue;
        draft->wire.row      = MIN(start + i * step, last_line(box));
        draft->wire.back_row = draft->wire.row + step - 1;
        i++;
    }
}

static bool
meets(const Draft *draft, const GmqBox *box, bool hub_left)
{
    return draft->wire.hub_left == hub_left && hub(draft) == box;
}

/* The wires of one side of a hub meet on one of its rows: the row of the wire in the middle if the
 * hub reaches it, so that this one runs straight. */
static int
choose_hub_row(const GArray *drafts, const GmqBox *box, bool hub_left)
{
    int sum = 0, n = 0, best = -1;

    for (unsigned d = 0; d < drafts->len; d++) {
        const Draft *draft = &g_array_index(drafts, Draft, d);
        if (!meets(draft, box, hub_left))
            continue;
        sum += draft->wire.row;
        n++;
    }
    if (n == 0)
        return -1;

    int middle = CLAMP(sum / n, first_line(box), last_line(box));
    for (unsigned d = 0; d < drafts->len; d++) {
        const Draft *draft = &g_array_index(drafts, Draft, d);
        int row            = draft->wire.row;
        bool is_reached    = row >= first_line(box) && row <= last_line(box);
        if (meets(draft, box, hub_left) && is_reached &&
            (best < 0 || ABS(row - middle) < ABS(best - middle)))
            best = row;
    }
    return best >= 0 ? best : middle;
}

/* Rows between which the lane of a hub runs. */
typedef struct {
    int x0, top, bottom, number;
    bool hub_left;
} Lane;

static bool
crosses(const Lane *a, const Lane *b)
{
    return a->x0 == b->x0 && a->hub_left == b->hub_left && a->number == b->number &&
           a->top <= b->bottom && b->top <= a->bottom;
}

static int
free_lane(const GArray *lanes, Lane lane)
{
    for (bool is_taken = true; is_taken;) {
        is_taken = false;
        for (unsigned i = 0; i < lanes->len && !is_taken; i++)
            is_taken = crosses(&g_array_index(lanes, Lane, i), &lane);
        if (is_taken)
            lane.number++;
    }
    return lane.number;
}

/* Whether the wire needs an upright part: what comes back joins the row of the hub too, unless the
 * hub has a row of its own for it. */
static bool
is_bent(const Draft *draft, unsigned n_wires)
{
    const GmqWire *wire = &draft->wire;
    bool back_fits      = n_wires == 1 && wire->back_row <= last_line(hub(draft));

    return wire->row != wire->hub_row || (wire->back_row != wire->row && !back_fits);
}

static void
connect_hub(GArray *drafts, GArray *lanes, const GmqBox *box, bool hub_left)
{
    Lane lane    = {0, G_MAXINT, 0, 0, hub_left};
    int hub_row  = choose_hub_row(drafts, box, hub_left);
    unsigned n   = 0;
    bool is_lane = false;

    for (unsigned d = 0; d < drafts->len; d++)
        n += meets(&g_array_index(drafts, Draft, d), box, hub_left);
    for (unsigned d = 0; d < drafts->len; d++) {
        Draft *draft = &g_array_index(drafts, Draft, d);
        if (!meets(draft, box, hub_left))
            continue;
        draft->wire.hub_row = hub_row;
        is_lane             = is_lane || is_bent(draft, n);
        lane.x0             = draft->wire.x0;
        lane.top            = MIN(lane.top, MIN(draft->wire.row, hub_row));
        lane.bottom         = MAX(lane.bottom, MAX(draft->wire.back_row, hub_row));
    }
    if (!is_lane)
        return;

    lane.number = free_lane(lanes, lane);
    g_array_append_val(lanes, lane);
    for (unsigned d = 0; d < drafts->len; d++) {
        Draft *draft = &g_array_index(drafts, Draft, d);
        if (!meets(draft, box, hub_left))
            continue;
        int most         = (draft->wire.x1 - draft->wire.x0) / 2;
        int offset       = MIN(1 + lane.number, most);
        draft->wire.lane = hub_left ? draft->wire.x0 + offset : draft->wire.x1 - 1 - offset;
    }
}

/* The columns of the row where the words stand. */
static void
words_part(const GmqWire *wire, int *x0, int *x1)
{
    *x0 = wire->hub_left && wire->lane >= 0 ? wire->lane + 1 : wire->x0;
    *x1 = !wire->hub_left && wire->lane >= 0 ? wire->lane - 1 : wire->x1;
}

/* Where boxes have fewer lines than wires some share a row. */
static bool
has_words_of_another(const GArray *drafts, unsigned index)
{
    const GmqWire *own = &g_array_index(drafts, Draft, index).wire;
    int own_x0, own_x1, x0, x1;

    words_part(own, &own_x0, &own_x1);
    for (unsigned i = 0; i < index; i++) {
        const GmqWire *other = &g_array_index(drafts, Draft, i).wire;
        words_part(other, &x0, &x1);
        if (other->row == own->row && x0 <= own_x1 && own_x0 <= x1)
            return true;
    }
    return false;
}

void
gmq_layout_add_wires(GmqLayout *layout, const GArray *lines)
{
    g_autoptr(GArray) drafts = draft_wires(layout, lines);
    g_autoptr(GArray) lanes  = g_array_new(FALSE, FALSE, sizeof(Lane));

    choose_owners(drafts);
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        choose_rows(drafts, box, true);
        choose_rows(drafts, box, false);
    }
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        connect_hub(drafts, lanes, box, true);
        connect_hub(drafts, lanes, box, false);
    }
    for (unsigned i = 0; i < drafts->len; i++) {
        Draft *draft        = &g_array_index(drafts, Draft, i);
        draft->wire.is_mute = has_words_of_another(drafts, i);
        g_array_append_val(layout->wires, draft->wire);
    }
}
