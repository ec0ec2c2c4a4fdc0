/* layout.h - where the boxes and wires of the flow stand: producers, exchanges, queues, consumers,
 * left to right.
 *
 * It depends on the whole run, the area and the scroll offset, never on the moment. */
#pragma once

#include "viz/screen.h"
#include "viz/stage.h"

G_BEGIN_DECLS

enum {
    GMQ_COLUMN_PRODUCERS,
    GMQ_COLUMN_EXCHANGES,
    GMQ_COLUMN_QUEUES,
    GMQ_COLUMN_CONSUMERS,
    GMQ_N_COLUMNS,
};

typedef struct {
    GmqPlace place;
    int column;
    GmqRect rect;
    bool is_joined; /* shares its upper edge with the box above */
} GmqBox;

/* A wire runs from the left box along its row to a lane, up or down, and on to the right box. One
 * of the boxes owns the row, on which its messages are shown; wires that meet at the other box
 * share a lane there. */
typedef struct {
    unsigned edge; /* of the picture */
    int x0, x1;    /* between the boxes, both ends included */
    int row;
    int back_row;  /* for what comes back; equal to row when there is no room for two */
    int hub_row;   /* at the other box */
    int lane;      /* column of the upright part; -1: the wire is straight */
    bool hub_left; /* the other box is the left one */
} GmqWire;

typedef struct {
    int x, width;
    unsigned hidden; /* boxes for which there is no room */
} GmqLayoutColumn;

typedef struct {
    GmqRect area;
    GmqLayoutColumn columns[GMQ_N_COLUMNS]; /* width 0: nothing belongs there */
    GArray *boxes;                          /* of GmqBox */
    GArray *wires;                          /* of GmqWire */
} GmqLayout;

/* Lays out the run in the area. A column with more boxes than fit begins with box number scroll. */
GmqLayout *gmq_layout_new(const GmqStage *stage, GmqRect area, GmqGlyphs glyphs, unsigned scroll);
void gmq_layout_free(GmqLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLayout, gmq_layout_free)

/* The box of that place; NULL when it is hidden. */
const GmqBox *gmq_layout_find(const GmqLayout *layout, GmqPlace place);

/* The rows inside the frame of a box. */
int gmq_box_lines(const GmqBox *box);

/* The entities of one column, in order from above. The caller frees the list of GmqPlace. */
GArray *gmq_layout_column(const GmqStage *stage, int column);

/* Adds the wires once the boxes stand; only for layout.c. (layout-wire.c) */
void gmq_layout_add_wires(GmqLayout *layout, const GmqStage *stage);

G_END_DECLS
