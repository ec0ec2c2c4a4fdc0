#include "viz/box.h"
#include "viz/layout-part.h"

#include <string.h>

#define GAP_MOST 2      /* empty rows between two boxes */
#define ROUTES_MOST 3   /* rows kept free below the boxes, for lines that go around them */
#define SCROLLED_ROWS 2 /* of a box in a column that scrolls, with the edge that it shares */

/* How much is left out, from nothing to almost everything; a column takes the first that fits. */
static const struct {
    bool is_joined; /* boxes share their edges */
    enum {
        LINES_LEAST,
        LINES_ONE,
        LINES_NONE
    } lines;
} levels[] = {
    {false, LINES_LEAST}, {true, LINES_LEAST}, {false, LINES_ONE},
    {true, LINES_ONE},    {true, LINES_NONE},
};
#define SCROLLS G_N_ELEMENTS(levels)

/* One column while it is put together. */
typedef struct {
    const GArray *boxes; /* of GmqBox */
    GmqBoxWish *wishes;
    int *lines;
    size_t level;
    bool is_joined;
    unsigned first, n; /* those that are shown */
} Stack;

static void
stack_init(Stack *stack, const GmqStage *stage, const GArray *boxes, GmqGlyphs glyphs)
{
    *stack = (Stack){.boxes  = boxes,
                     .wishes = g_new(GmqBoxWish, MAX(boxes->len, 1)),
                     .lines  = g_new(int, MAX(boxes->len, 1)),
                     .n      = boxes->len};
    for (unsigned i = 0; i < boxes->len; i++)
        stack->wishes[i] = gmq_box_wish(stage, &g_array_index(boxes, GmqBox, i), glyphs);
}

static void
stack_clear(Stack *stack)
{
    g_free(stack->wishes);
    g_free(stack->lines);
}

/* ---- how high ---- */

static int
least_lines(const GmqBoxWish *wish, size_t level)
{
    switch (levels[level].lines) {
    case LINES_LEAST:
        return MIN(wish->lines_least, wish->lines);
    case LINES_ONE:
        return 1;
    default:
        return 0;
    }
}

static int
sum_rows(const Stack *stack, bool is_joined)
{
    int rows = is_joined ? 1 : 0;

    for (unsigned i = 0; i < stack->n; i++)
        rows += stack->lines[stack->first + i] + (is_joined ? 1 : 2);
    return rows;
}

/* Takes lines from the highest boxes, the lowest of these first, until the rows suffice; false when
 * not even the least does. Only lengths near the end are worth a loop line by line. */
static bool
shrink(Stack *stack, size_t level, int height)
{
    int rows = sum_rows(stack, levels[level].is_joined);

    while (rows > height) {
        int highest = -1;
        for (unsigned i = 0; i < stack->n; i++) {
            if (stack->lines[i] > least_lines(&stack->wishes[i], level) &&
                (highest < 0 || stack->lines[i] >= stack->lines[highest]))
                highest = (int)i;
        }
        if (highest < 0)
            return false;
        stack->lines[highest]--;
        rows--;
    }
    return true;
}

static bool
fits(Stack *stack, size_t level, int height)
{
    int least = levels[level].is_joined ? 1 : 0;

    for (unsigned i = 0; i < stack->n; i++) {
        least += least_lines(&stack->wishes[i], level) + (levels[level].is_joined ? 1 : 2);
        stack->lines[i] = stack->wishes[i].lines;
    }
    return least <= height && shrink(stack, level, height);
}

static size_t
choose_level(Stack *stack, int height)
{
    for (size_t level = 0; level < SCROLLS; level++) {
        if (fits(stack, level, height))
            return level;
    }
    return SCROLLS;
}

/* Where there is no room for all, some of them with one line each. */
static void
take_part(Stack *stack, int height, unsigned scroll)
{
    unsigned all = stack->n;

    stack->is_joined = true;
    stack->n         = (unsigned)MAX((height - 1) / SCROLLED_ROWS, 1);
    stack->n         = MIN(stack->n, all);
    stack->first     = MIN(scroll, all - stack->n);
    for (unsigned i = 0; i < all; i++)
        stack->lines[i] = 1;
}

/* ---- where ---- */

/* Neighbours that would overlap move as one, by what is best for all of them. */
typedef struct {
    int sum;
    int n;
} Block;

static bool
is_above(const Block *one, const Block *other)
{
    return one->sum * other->n <= other->sum * one->n;
}

/* Changes wished tops, from which the heights above were taken, so that they never decrease. */
static void
settle(int *tops, unsigned n)
{
    g_autofree Block *blocks = g_new(Block, n + 1);
    unsigned n_blocks        = 0;
    unsigned i               = 0;

    for (unsigned k = 0; k < n; k++) {
        blocks[n_blocks++] = (Block){tops[k], 1};
        while (n_blocks > 1 && !is_above(&blocks[n_blocks - 2], &blocks[n_blocks - 1])) {
            blocks[n_blocks - 2].sum += blocks[n_blocks - 1].sum;
            blocks[n_blocks - 2].n += blocks[n_blocks - 1].n;
            n_blocks--;
        }
    }
    for (unsigned b = 0; b < n_blocks; b++) {
        for (int k = 0; k < blocks[b].n; k++)
            tops[i++] = blocks[b].sum / blocks[b].n;
    }
}

/* The row in which the middle of the box would be, when the whole picture is so high. */
static int
wished_row(const GmqStage *stage, GmqPlace place, GmqRect area, int height)
{
    const GmqPlaces *places = gmq_stage_places(stage);
    int64_t whole           = MAX(gmq_places_height(places), 1);
    int64_t offset          = (int64_t)gmq_places_find(places, place)->y * height / whole;

    return area.y + (area.height - height) / 2 + (int)offset;
}

static void
add_stack(GmqLayout *layout, const GmqStage *stage, const Stack *stack, int column, GmqRect area,
          int height)
{
    int rows             = sum_rows(stack, stack->is_joined);
    int spare            = MAX(area.height - rows, 0);
    int gap              = stack->is_joined ? 0 : CLAMP(spare / (int)(stack->n + 1), 0, 1);
    int frame            = stack->is_joined ? 1 : 2;
    g_autofree int *tops = g_new(int, stack->n + 1);
    const int *lines     = &stack->lines[stack->first];
    int above            = 0;
    int last             = area.y + area.height - rows - gap * ((int)stack->n - 1);

    for (unsigned i = 0; i < stack->n; i++) {
        const GmqBox *box = &g_array_index(stack->boxes, GmqBox, stack->first + i);
        tops[i] = wished_row(stage, box->place, area, height) - (lines[i] + 2) / 2 - above;
        above += lines[i] + frame + gap;
    }
    settle(tops, stack->n);
    above = 0;
    for (unsigned i = 0; i < stack->n; i++) {
        GmqBox box    = g_array_index(stack->boxes, GmqBox, stack->first + i);
        int top       = stack->is_joined ? tops[stack->n / 2] : tops[i];
        box.column    = column;
        box.is_joined = stack->is_joined && i > 0;
        box.rect =
            (GmqRect){layout->columns[column].x, CLAMP(top, area.y, MAX(last, area.y)) + above,
                      layout->columns[column].width, lines[i] + 2};
        above += lines[i] + frame + gap;
        g_array_append_val(layout->boxes, box);
    }
    layout->columns[column].above = stack->first;
    layout->columns[column].below = stack->boxes->len - stack->first - stack->n;
}

/* ---- rows for lines that go around ---- */

/* Whether an edge leads over a whole column or back to the left. */
static bool
goes_around(const GmqStage *stage, const GmqPictureEdge *edge)
{
    const GmqSpot *from = gmq_places_find(gmq_stage_places(stage), edge->from);
    const GmqSpot *to   = gmq_places_find(gmq_stage_places(stage), edge->to);

    return from->column >= 0 && to->column >= 0 && to->column != from->column + 1;
}

static int
count_around(const GmqStage *stage)
{
    int n = 0;

    for (unsigned i = 0; i < stage->whole->edges->len && n < ROUTES_MOST; i++)
        n += goes_around(stage, gmq_picture_edge(stage->whole, i));
    return n;
}

/* As many rows as cost no box its frame or its lines; one at any price. */
static int
choose_reserve(Stack *stacks, int n, int height, int wanted)
{
    for (int reserve = wanted; reserve > 1; reserve--) {
        bool is_free = true;
        for (int i = 0; i < n && is_free; i++)
            is_free =
                choose_level(&stacks[i], height - reserve) == choose_level(&stacks[i], height);
        if (is_free)
            return reserve;
    }
    return MIN(wanted, 1);
}

/* So high is the highest column with air between its boxes. */
static int
whole_height(const Stack *stacks, int n, int height)
{
    int most = 0;

    for (int i = 0; i < n; i++) {
        int gap = stacks[i].is_joined ? 0 : GAP_MOST * MAX((int)stacks[i].n - 1, 0);
        most    = MAX(most, sum_rows(&stacks[i], stacks[i].is_joined) + gap);
    }
    return MIN(most, height);
}

void
gmq_layout_add_boxes(GmqLayout *layout, const GmqCast *cast, const GmqStage *stage,
                     GmqGlyphs glyphs, unsigned scroll)
{
    Stack stacks[GMQ_LAYOUT_COLUMNS_MOST];
    GmqRect area = layout->area;

    if (area.height < 3)
        return;
    for (int i = 0; i < cast->n; i++)
        stack_init(&stacks[i], stage, cast->columns[i], glyphs);
    area.height -=
        MIN(choose_reserve(stacks, cast->n, area.height, count_around(stage)), area.height - 3);
    for (int i = 0; i < cast->n; i++) {
        stacks[i].level = choose_level(&stacks[i], area.height);
        if (stacks[i].level == SCROLLS)
            take_part(&stacks[i], area.height, scroll);
        else
            stacks[i].is_joined = levels[stacks[i].level].is_joined;
    }
    int height = whole_height(stacks, cast->n, area.height);
    for (int i = 0; i < cast->n; i++) {
        if (stacks[i].boxes->len > 0)
            add_stack(layout, stage, &stacks[i], i, area, height);
        stack_clear(&stacks[i]);
    }
}
