#include "viz/layout-part.h"
#include "viz/maze.h"

/* More lines than this around the boxes would only be a tangle. */
#define ROUTES_MOST 24

/* Words beside an upright line. */
#define BESIDE_LEAST 6
#define BESIDE_MOST 18

#define SIDE_CLOSED G_MAXUINT
#define TITLE_ROW 12 /* to enter beside the title rather than beside a line */

/* What it costs to leave or enter a box at each side, by the way of the line there. */
typedef struct {
    unsigned start[GMQ_N_WAYS];
    unsigned end[GMQ_N_WAYS];
    bool is_low; /* runs below the boxes if it can */
} Manner;

enum {
    AHEAD,
    BESIDE,
    BACK
};

static const Manner manners[] = {
    /*          right, down, left, up         right, down, left, up */
    [AHEAD]  = {{0, 8, SIDE_CLOSED, 8}, {0, 8, SIDE_CLOSED, 8}, false},
    [BESIDE] = {{4, 0, 8, 0}, {8, 0, 4, 0}, false},
    [BACK]   = {{24, 0, 16, SIDE_CLOSED}, {16, 12, 16, 0}, true},
};

static const Manner *
manner_of(const GmqBox *from, const GmqBox *to)
{
    if (to->column == from->column)
        return &manners[BESIDE];
    return &manners[to->column > from->column ? AHEAD : BACK];
}

/* The maze begins where the whole picture does, left of the area when that is scrolled. */
static GmqPoint
origin(const GmqLayout *layout)
{
    return (GmqPoint){layout->area.x - layout->scroll_x, layout->area.y};
}

static GmqRect
rect_in_maze(const GmqLayout *layout, const GmqBox *box)
{
    GmqPoint zero = origin(layout);
    GmqRect rect  = box->rect;

    rect.x -= zero.x;
    rect.y -= zero.y;
    return rect;
}

/* ---- beginnings and ends ---- */

typedef void (*Mark)(GmqMaze *maze, int x, int y, GmqWay way, unsigned price);

/* The cells beside a box, where a line leaves it in that way, or comes from that side. */
static void
mark_side(GmqMaze *maze, GmqRect rect, GmqWay side, GmqWay way, unsigned price, Mark mark)
{
    bool is_flat = side == GMQ_WAY_DOWN || side == GMQ_WAY_UP;
    int x        = side == GMQ_WAY_RIGHT ? rect.x + rect.width : rect.x - 1;
    int y        = side == GMQ_WAY_DOWN ? rect.y + rect.height : rect.y - 1;

    if (price == SIDE_CLOSED)
        return;
    for (int i = 2; is_flat && i < rect.width - 2; i++)
        mark(maze, rect.x + i, y, way, price);
    for (int i = 0; !is_flat && i < MAX(rect.height - 1, 1); i++)
        mark(maze, x, rect.y + i, way, price + (i == 0 ? TITLE_ROW : 0));
}

static GmqWay
opposite(GmqWay way)
{
    return (GmqWay)((way + 2) % GMQ_N_WAYS);
}

static bool
find_route(GmqMaze *maze, const GmqLayout *layout, const GmqLine *line, GmqRoute *route)
{
    const GmqBox *from   = &g_array_index(layout->boxes, GmqBox, line->from);
    const GmqBox *to     = &g_array_index(layout->boxes, GmqBox, line->to);
    const Manner *manner = manner_of(from, to);
    GmqRect start        = rect_in_maze(layout, from);
    GmqRect end          = rect_in_maze(layout, to);
    int low              = MAX(start.y + start.height, end.y + end.height);

    gmq_maze_begin(maze, (GmqNet){line->kind, line->from, line->to}, manner->is_low ? low : 0);
    for (GmqWay way = GMQ_WAY_RIGHT; way < GMQ_N_WAYS; way++) {
        mark_side(maze, start, way, way, manner->start[way], gmq_maze_start);
        mark_side(maze, end, opposite(way), way, manner->end[way], gmq_maze_end);
    }
    return gmq_maze_find(maze, route->points, &route->leaves, &route->enters);
}

/* ---- what is there already ---- */

static void
lay_row(GmqMaze *maze, const GmqLayout *layout, const GmqWire *wire, GmqNet net, int row)
{
    GmqPoint zero = origin(layout);
    int x0 = wire->x0 - zero.x, x1 = wire->x1 - zero.x;

    if (wire->lane < 0 || row == wire->hub_row) {
        gmq_maze_lay(maze, net, (GmqPoint){x0, row - zero.y}, (GmqPoint){x1, row - zero.y});
        return;
    }
    int lane = wire->lane - zero.x, hub = wire->hub_row - zero.y;
    row -= zero.y;
    gmq_maze_lay(maze, net, (GmqPoint){wire->hub_left ? x0 : lane, hub},
                 (GmqPoint){wire->hub_left ? lane : x1, hub});
    gmq_maze_lay(maze, net, (GmqPoint){lane, hub}, (GmqPoint){lane, row});
    gmq_maze_lay(maze, net, (GmqPoint){wire->hub_left ? lane : x0, row},
                 (GmqPoint){wire->hub_left ? x1 : lane, row});
}

/* The wires were made of the lines that can be wires, in the same order. */
static void
lay_wires(GmqMaze *maze, const GmqLayout *layout, const GArray *lines)
{
    unsigned n = 0;

    for (unsigned i = 0; i < lines->len; i++) {
        const GmqLine *line = &g_array_index(lines, GmqLine, i);
        if (!gmq_line_is_wire(layout, line))
            continue;
        const GmqWire *wire = &g_array_index(layout->wires, GmqWire, n++);
        GmqNet net          = {line->kind, line->from, line->to};
        lay_row(maze, layout, wire, net, wire->row);
        if (wire->back_row != wire->row)
            lay_row(maze, layout, wire, net, wire->back_row);
    }
}

/* ---- words ---- */

static void
offer_words(GmqRoute *route, int x, int y, int room)
{
    if (room <= route->room)
        return;
    route->words = (GmqPoint){x, y};
    route->room  = room;
}

/* The longest part of a level piece that no other line uses or crosses, without its ends. */
static void
look_across(const GmqMaze *maze, GmqRoute *route, GmqPoint from, GmqPoint to)
{
    int first = MIN(from.x, to.x) + 1, last = MAX(from.x, to.x) - 1;
    int start = first;

    for (int x = first; x <= last + 1; x++) {
        if (x <= last && gmq_maze_lines_across(maze, x, from.y) == 1 &&
            gmq_maze_lines_upright(maze, x, from.y) == 0)
            continue;
        offer_words(route, start, from.y, x - start);
        start = x + 1;
    }
}

/* Free cells to the right of an upright piece. */
static void
look_beside(const GmqMaze *maze, GmqRoute *route, GmqPoint from, GmqPoint to)
{
    for (int y = MIN(from.y, to.y); y <= MAX(from.y, to.y); y++) {
        int room = 0;
        while (room < BESIDE_MOST && gmq_maze_lines_across(maze, from.x + 2 + room, y) == 0 &&
               gmq_maze_lines_upright(maze, from.x + 2 + room, y) == 0)
            room++;
        if (room >= BESIDE_LEAST && gmq_maze_lines_across(maze, from.x + 1, y) == 0)
            offer_words(route, from.x + 2, y, room);
    }
}

static void
find_words(const GmqMaze *maze, GmqRoute *route)
{
    for (unsigned i = 1; i < route->points->len; i++) {
        GmqPoint from = g_array_index(route->points, GmqPoint, i - 1);
        GmqPoint to   = g_array_index(route->points, GmqPoint, i);
        if (from.y == to.y)
            look_across(maze, route, from, to);
    }
    for (unsigned i = 1; i < route->points->len && route->room < BESIDE_LEAST; i++) {
        GmqPoint from = g_array_index(route->points, GmqPoint, i - 1);
        GmqPoint to   = g_array_index(route->points, GmqPoint, i);
        if (from.x == to.x)
            look_beside(maze, route, from, to);
    }
}

/* ---- the whole ---- */

static void
move_to_screen(const GmqLayout *layout, GmqRoute *route)
{
    GmqPoint zero = origin(layout);

    for (unsigned i = 0; i < route->points->len; i++) {
        g_array_index(route->points, GmqPoint, i).x += zero.x;
        g_array_index(route->points, GmqPoint, i).y += zero.y;
    }
    route->words.x += zero.x;
    route->words.y += zero.y;
}

void
gmq_layout_add_routes(GmqLayout *layout, const GArray *lines)
{
    g_autoptr(GmqMaze) maze = NULL;

    for (unsigned i = 0; i < lines->len && layout->routes->len < ROUTES_MOST; i++) {
        const GmqLine *line = &g_array_index(lines, GmqLine, i);
        GmqRoute route      = {.edges = line->edges};
        if (gmq_line_is_wire(layout, line))
            continue;
        if (maze == NULL) {
            maze = gmq_maze_new(layout->width, layout->area.height);
            for (unsigned k = 0; k < layout->boxes->len; k++)
                gmq_maze_block(maze,
                               rect_in_maze(layout, &g_array_index(layout->boxes, GmqBox, k)));
            lay_wires(maze, layout, lines);
        }
        route.points = g_array_new(FALSE, FALSE, sizeof(GmqPoint));
        if (find_route(maze, layout, line, &route))
            g_array_append_val(layout->routes, route);
        else
            g_array_free(route.points, TRUE);
    }
    for (unsigned i = 0; i < layout->routes->len; i++) {
        find_words(maze, &g_array_index(layout->routes, GmqRoute, i));
        move_to_screen(layout, &g_array_index(layout->routes, GmqRoute, i));
    }
}
