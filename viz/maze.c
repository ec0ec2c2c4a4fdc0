#include "viz/maze.h"

#include <string.h>

/* What a way costs. A cell of a screen is twice as high as it is wide. */
#define STEP_ACROSS 1
#define STEP_UPRIGHT 2
#define STEP_HIGH 2 /* more for each step to the side where lines should run low */
#define BEND 4
#define CROSS 5
#define ALONG 90 /* along or around the corner of another net: only where there is nothing else */
#define STEP_MOST 512

#define BLOCKED G_MAXUINT16
#define UNREACHED G_MAXUINT

/* Those that use a cell, by number in the list of nets; 0: nobody. The last one stands for all. */
typedef struct {
    uint16_t across, upright;
    uint8_t n_across, n_upright;
} Cell;

/* A cell with the direction in which the line leaves it or entered it. */
typedef uint32_t State;

struct GmqMaze {
    int width, height;
    Cell *cells;
    GArray *nets; /* of GmqNet; number 0 is none */
    int low_row;
    unsigned *price;            /* by State: of the cheapest way to it */
    State *before;              /* by State: where that way came from; itself at a start */
    unsigned *ends;             /* by State: price + 1; 0: no end */
    GArray *buckets[STEP_MOST]; /* of State: those to be looked at, by price */
    unsigned waiting;
};

static const struct {
    int x, y;
} ways[GMQ_N_WAYS] = {[GMQ_WAY_RIGHT] = {1, 0},
                      [GMQ_WAY_DOWN]  = {0, 1},
                      [GMQ_WAY_LEFT]  = {-1, 0},
                      [GMQ_WAY_UP]    = {0, -1}};

GmqMaze *
gmq_maze_new(int width, int height)
{
    GmqMaze *maze = g_new0(GmqMaze, 1);
    size_t cells  = (size_t)MAX(width * height, 1);
    GmqNet none   = {0, 0, 0};

    maze->width  = width;
    maze->height = height;
    maze->cells  = g_new0(Cell, cells);
    maze->nets   = g_array_new(FALSE, FALSE, sizeof(GmqNet));
    maze->price  = g_new(unsigned, cells *GMQ_N_WAYS);
    maze->before = g_new(State, cells * GMQ_N_WAYS);
    maze->ends   = g_new0(unsigned, cells *GMQ_N_WAYS);
    g_array_append_val(maze->nets, none);
    for (unsigned i = 0; i < STEP_MOST; i++)
        maze->buckets[i] = g_array_new(FALSE, FALSE, sizeof(State));
    return maze;
}

void
gmq_maze_free(GmqMaze *maze)
{
    for (unsigned i = 0; i < STEP_MOST; i++)
        g_array_free(maze->buckets[i], TRUE);
    g_free(maze->cells);
    g_free(maze->price);
    g_free(maze->before);
    g_free(maze->ends);
    g_array_free(maze->nets, TRUE);
    g_free(maze);
}

static bool
is_inside(const GmqMaze *maze, int x, int y)
{
    return x >= 0 && y >= 0 && x < maze->width && y < maze->height;
}

static Cell *
cell_at(const GmqMaze *maze, int x, int y)
{
    return &maze->cells[y * maze->width + x];
}

void
gmq_maze_block(GmqMaze *maze, GmqRect rect)
{
    for (int y = rect.y; y < rect.y + rect.height; y++) {
        for (int x = rect.x; x < rect.x + rect.width; x++) {
            if (is_inside(maze, x, y))
                cell_at(maze, x, y)->across = BLOCKED;
        }
    }
}

/* ---- what is laid ---- */

static void
lay_cell(GmqMaze *maze, int x, int y, bool across)
{
    uint16_t net = (uint16_t)(maze->nets->len - 1);

    if (!is_inside(maze, x, y) || cell_at(maze, x, y)->across == BLOCKED)
        return;
    Cell *cell = cell_at(maze, x, y);
    if (across) {
        cell->across = net;
        cell->n_across++;
    } else {
        cell->upright = net;
        cell->n_upright++;
    }
}

static void
lay(GmqMaze *maze, GmqPoint from, GmqPoint to)
{
    bool across = from.y == to.y;

    for (int y = MIN(from.y, to.y); y <= MAX(from.y, to.y); y++) {
        for (int x = MIN(from.x, to.x); x <= MAX(from.x, to.x); x++)
            lay_cell(maze, x, y, across);
    }
}

void
gmq_maze_lay(GmqMaze *maze, GmqNet net, GmqPoint from, GmqPoint to)
{
    g_array_append_val(maze->nets, net);
    lay(maze, from, to);
}

unsigned
gmq_maze_lines_across(const GmqMaze *maze, int x, int y)
{
    if (!is_inside(maze, x, y) || cell_at(maze, x, y)->across == BLOCKED)
        return G_MAXUINT;
    return cell_at(maze, x, y)->n_across;
}

unsigned
gmq_maze_lines_upright(const GmqMaze *maze, int x, int y)
{
    if (!is_inside(maze, x, y) || cell_at(maze, x, y)->across == BLOCKED)
        return G_MAXUINT;
    return cell_at(maze, x, y)->n_upright;
}

/* ---- prices ---- */

static bool
may_share(const GmqMaze *maze, uint16_t number)
{
    const GmqNet *other = &g_array_index(maze->nets, GmqNet, number);
    const GmqNet *own   = &g_array_index(maze->nets, GmqNet, maze->nets->len - 1);

    return number == 0 ||
           (own->kind == other->kind && (own->from == other->from || own->to == other->to));
}

/* To run through the cell to that side, beside what runs there already. */
static unsigned
price_through(const GmqMaze *maze, int x, int y, GmqWay way)
{
    const Cell *cell = cell_at(maze, x, y);
    bool across      = ways[way].y == 0;
    uint16_t along   = across ? cell->across : cell->upright;
    uint16_t other   = across ? cell->upright : cell->across;
    unsigned price   = across ? STEP_ACROSS : STEP_UPRIGHT;

    if (across && y < maze->low_row)
        price += STEP_HIGH;
    if (!may_share(maze, along))
        price += ALONG;
    if (!may_share(maze, other))
        price += CROSS;
    return price;
}

static unsigned
price_of_bend(const GmqMaze *maze, int x, int y)
{
    const Cell *cell = cell_at(maze, x, y);
    bool is_shared   = may_share(maze, cell->across) && may_share(maze, cell->upright);

    return is_shared ? BEND : BEND + ALONG;
}

/* ---- the search: by price, the oldest first ---- */

static State
state_of(const GmqMaze *maze, int x, int y, GmqWay way)
{
    return (State)(y * maze->width + x) * GMQ_N_WAYS + (State)way;
}

static void
offer(GmqMaze *maze, State state, State before, unsigned price)
{
    if (price >= maze->price[state])
        return;
    maze->price[state]  = price;
    maze->before[state] = before;
    g_array_append_val(maze->buckets[price % STEP_MOST], state);
    maze->waiting++;
}

void
gmq_maze_begin(GmqMaze *maze, GmqNet net, int low_row)
{
    size_t states = (size_t)(maze->width * maze->height) * GMQ_N_WAYS;

    for (size_t i = 0; i < states; i++)
        maze->price[i] = UNREACHED;
    memset(maze->ends, 0, states * sizeof(unsigned));
    for (unsigned i = 0; i < STEP_MOST; i++)
        g_array_set_size(maze->buckets[i], 0);
    maze->waiting = 0;
    maze->low_row = low_row;
    g_array_append_val(maze->nets, net);
}

static bool
is_free(const GmqMaze *maze, int x, int y)
{
    return is_inside(maze, x, y) && cell_at(maze, x, y)->across != BLOCKED;
}

void
gmq_maze_start(GmqMaze *maze, int x, int y, GmqWay way, unsigned price)
{
    if (!is_free(maze, x, y))
        return;
    State state = state_of(maze, x, y, way);
    offer(maze, state, state, price + price_through(maze, x, y, way));
}

void
gmq_maze_end(GmqMaze *maze, int x, int y, GmqWay way, unsigned price)
{
    if (is_free(maze, x, y))
        maze->ends[state_of(maze, x, y, way)] = price + 1;
}

static void
go_on(GmqMaze *maze, State state)
{
    int x      = (int)(state / GMQ_N_WAYS) % maze->width;
    int y      = (int)(state / GMQ_N_WAYS) / maze->width;
    GmqWay way = (GmqWay)(state % GMQ_N_WAYS);

    for (int turn = -1; turn <= 1; turn++) {
        GmqWay next    = (GmqWay)(((int)way + turn + GMQ_N_WAYS) % GMQ_N_WAYS);
        int to_x       = x + ways[next].x;
        int to_y       = y + ways[next].y;
        unsigned price = maze->price[state];
        if (!is_free(maze, to_x, to_y))
            continue;
        if (next != way)
            price += price_of_bend(maze, x, y);
        price += price_through(maze, to_x, to_y, next);
        offer(maze, state_of(maze, to_x, to_y, next), state, price);
    }
}

/* Returns the end of the cheapest way. An end is only known to be the cheapest when nothing that
 * still waits is cheaper than the way to it with its price. */
static bool
search(GmqMaze *maze, State *best)
{
    unsigned best_price = UNREACHED;

    for (unsigned price = 0; maze->waiting > 0 && price < best_price; price++) {
        GArray *bucket = maze->buckets[price % STEP_MOST];
        for (unsigned i = 0; i < bucket->len; i++) {
            State state = g_array_index(bucket, State, i);
            maze->waiting--;
            if (maze->price[state] != price)
                continue;
            if (maze->ends[state] > 0 && price + maze->ends[state] - 1 < best_price) {
                best_price = price + maze->ends[state] - 1;
                *best      = state;
            }
            go_on(maze, state);
        }
        g_array_set_size(bucket, 0);
    }
    return best_price != UNREACHED;
}

static GmqPoint
point_of(const GmqMaze *maze, State state)
{
    return (GmqPoint){(int)(state / GMQ_N_WAYS) % maze->width,
                      (int)(state / GMQ_N_WAYS) / maze->width};
}

bool
gmq_maze_find(GmqMaze *maze, GArray *points, GmqWay *first, GmqWay *last)
{
    g_autoptr(GArray) back = g_array_new(FALSE, FALSE, sizeof(GmqPoint));
    State state;

    if (!search(maze, &state))
        return false;
    GmqPoint end = point_of(maze, state);
    g_array_append_val(back, end);
    *last = (GmqWay)(state % GMQ_N_WAYS);
    while (maze->before[state] != state) {
        State before = maze->before[state];
        GmqPoint at  = point_of(maze, before);
        if (before % GMQ_N_WAYS != state % GMQ_N_WAYS)
            g_array_append_val(back, at);
        state = before;
    }
    GmqPoint start = point_of(maze, state);
    g_array_append_val(back, start);
    *first = (GmqWay)(state % GMQ_N_WAYS);
    for (unsigned i = back->len; i > 0; i--)
        g_array_append_val(points, g_array_index(back, GmqPoint, i - 1));
    for (unsigned i = 1; i < back->len; i++)
        lay(maze, g_array_index(back, GmqPoint, i - 1), g_array_index(back, GmqPoint, i));
    return true;
}
