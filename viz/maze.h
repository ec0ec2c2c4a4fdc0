/* maze.h - ways for lines on a grid of cells: around what stands there, with few bends, seldom over
 * another line and never along one that is not of the same net. */
#pragma once

#include "viz/screen.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_WAY_RIGHT,
    GMQ_WAY_DOWN,
    GMQ_WAY_LEFT,
    GMQ_WAY_UP,
    GMQ_N_WAYS,
} GmqWay;

typedef struct {
    int x, y;
} GmqPoint;

/* Lines with the same beginning or the same end may run along one another, if they are of one
 * kind. */
typedef struct {
    unsigned kind, from, to;
} GmqNet;

typedef struct GmqMaze GmqMaze;

/* A grid without anything in it; its first cell is 0, 0. */
GmqMaze *gmq_maze_new(int width, int height);
void gmq_maze_free(GmqMaze *maze);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqMaze, gmq_maze_free)

/* Nothing may pass through these cells. */
void gmq_maze_block(GmqMaze *maze, GmqRect rect);

/* Begins a new line, which may start at some cells and end at others; each start and end has a
 * price. A line starts in its direction, and enters an end in that direction. Above low_row every
 * step to the side costs more; 0 for lines that may run anywhere. */
void gmq_maze_begin(GmqMaze *maze, GmqNet net, int low_row);
void gmq_maze_start(GmqMaze *maze, int x, int y, GmqWay way, unsigned price);
void gmq_maze_end(GmqMaze *maze, int x, int y, GmqWay way, unsigned price);

/* Finds the cheapest way and lays the line there. Appends its first cell, its corners and its last
 * cell to the list of GmqPoint and says how it starts and ends; false when there is none. */
bool gmq_maze_find(GmqMaze *maze, GArray *points, GmqWay *first, GmqWay *last);

/* Lays a straight piece of a line as it is. */
void gmq_maze_lay(GmqMaze *maze, GmqNet net, GmqPoint from, GmqPoint to);

/* How many lines run through the cell to the side, and upright; a corner counts for both. A cell
 * outside or with something in it counts as full. */
unsigned gmq_maze_lines_across(const GmqMaze *maze, int x, int y);
unsigned gmq_maze_lines_upright(const GmqMaze *maze, int x, int y);

G_END_DECLS
