/* layout.h - where the boxes and wires of the flow stand: producers, exchanges, queues, consumers,
 * left to right.
 *
 * It depends on the whole run, the area and what the reader scrolled to, never on the moment. Order
 * and heights come from viz/place.h, so the screen and the SVG show the same picture. Boxes never
 * overlap: where there is little room they get lower, then share their edges, and only then some
 * are left out and the rest scrolls. */
#pragma once

#include "viz/maze.h"
#include "viz/place.h"
#include "viz/screen.h"
#include "viz/stage.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_COLUMN_PRODUCERS,
    GMQ_COLUMN_EXCHANGES,
    GMQ_COLUMN_QUEUES,
    GMQ_COLUMN_CONSUMERS,
    GMQ_N_COLUMNS,
} GmqColumnKind;

/* Exchanges behind exchanges have columns of their own where there is room for them. */
#define GMQ_LAYOUT_COLUMNS_MOST (GMQ_N_COLUMNS - 1 + GMQ_PLACES_EXCHANGES_MOST)

typedef struct {
    GmqPlace place; /* of a group: its first member */
    int group;      /* of gmq_stage_places(); -1: one entity */
    int column;
    GmqRect rect;
    bool is_joined; /* shares its upper edge with the box above */
} GmqBox;

/* The edges of the picture that one line stands for, as a part of the layout's edges: several where
 * one of its ends is a group. */
typedef struct {
    unsigned first, n;
} GmqBundle;

/* A wire runs from the left box along its row to a lane, up or down, and on to the right box. One
 * of the boxes owns the row, on which its messages are shown; wires that meet at the other box
 * share a lane there. */
typedef struct {
    GmqBundle edges;
    int x0, x1; /* between the boxes, both ends included */
    int row;
    int back_row;  /* for what comes back; equal to row when there is no room for two */
    int hub_row;   /* at the other box */
    int lane;      /* column of the upright part; -1: the wire is straight */
    bool hub_left; /* the other box is the left one */
    bool is_mute;  /* another wire has words on the same row */
} GmqWire;

/* Any other line: dead letters, alternates, over several columns, back to the left. It goes from
 * corner to corner around the boxes. */
typedef struct {
    GmqBundle edges;
    GArray *points; /* of GmqPoint: the first and the last lie beside the boxes */
    GmqWay leaves;  /* the first box */
    GmqWay enters;  /* the last one */
    GmqPoint words; /* where its words begin */
    int room;       /* for words; 0: there is none */
} GmqRoute;

typedef struct {
    GmqColumnKind kind;
    int x, width;   /* width 0: nothing belongs there */
    unsigned above; /* boxes for which there is no room */
    unsigned below;
} GmqLayoutColumn;

typedef struct {
    GmqRect area;
    int width;    /* of the whole, at least that of the area */
    int scroll_x; /* how much of it lies left of the area */
    int n_columns;
    GmqLayoutColumn columns[GMQ_LAYOUT_COLUMNS_MOST];
    GArray *boxes;  /* of GmqBox */
    GArray *edges;  /* of unsigned: edges of the picture, bundle by bundle */
    GArray *wires;  /* of GmqWire */
    GArray *routes; /* of GmqRoute */
} GmqLayout;

/* What the reader chose. */
typedef struct {
    unsigned scroll;    /* a column with more boxes than fit begins with this one */
    unsigned scroll_x;  /* columns of the screen to the right */
    const char *filter; /* only what has this in its name, one by one, and what lies on its way;
                         * NULL or "": everything, and what is alike as one box */
} GmqLayoutLook;

/* Lays out the run in the area. look may be NULL. */
GmqLayout *gmq_layout_new(const GmqStage *stage, GmqRect area, GmqGlyphs glyphs,
                          const GmqLayoutLook *look);
void gmq_layout_free(GmqLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLayout, gmq_layout_free)

/* The box of that place, or of its group; NULL when it is hidden. */
const GmqBox *gmq_layout_find(const GmqLayout *layout, const GmqStage *stage, GmqPlace place);

/* The box at that cell of the screen; NULL when there is none. */
const GmqBox *gmq_layout_hit(const GmqLayout *layout, int x, int y);

/* How far the columns can be scrolled down and to the right; more counts as this. */
unsigned gmq_layout_scroll_most(const GmqLayout *layout);
unsigned gmq_layout_scroll_x_most(const GmqLayout *layout);

/* The rows inside the frame of a box; 0 for one that is a title alone. */
int gmq_box_lines(const GmqBox *box);

/* The entities of one kind of column, in order from above. The caller frees the list of
 * GmqPlace. */
GArray *gmq_layout_column(const GmqStage *stage, GmqColumnKind column);

/* The index of edge number i of the bundle. */
unsigned gmq_layout_edge(const GmqLayout *layout, GmqBundle bundle, unsigned i);

G_END_DECLS
