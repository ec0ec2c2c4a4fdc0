/* layout-part.h - the steps of a layout; only for layout*.c. */
#pragma once

#include "viz/layout.h"

G_BEGIN_DECLS

/* The boxes of each column from above, before they have a size. The lists are of GmqBox. */
typedef struct {
    GArray *columns[GMQ_LAYOUT_COLUMNS_MOST];
    GmqColumnKind kinds[GMQ_LAYOUT_COLUMNS_MOST];
    int n;
} GmqCast;

/* Who is shown: everybody, or what the filter lets pass. (layout-cast.c) */
void gmq_cast_init(GmqCast *cast, const GmqStage *stage, const char *filter);
void gmq_cast_clear(GmqCast *cast);

/* Puts the last column of exchanges into the one before it; false when there is but one. */
bool gmq_cast_merge(GmqCast *cast, const GmqStage *stage);

/* Widths and gutters from left to right. (layout-column.c) */
void gmq_layout_set_columns(GmqLayout *layout, GmqCast *cast, const GmqStage *stage,
                            GmqGlyphs glyphs);

/* Heights and gaps from above; adds the boxes. (layout-stack.c) */
void gmq_layout_add_boxes(GmqLayout *layout, const GmqCast *cast, const GmqStage *stage,
                          GmqGlyphs glyphs, unsigned scroll);

/* Between which boxes there is a line. */
typedef struct {
    GmqBundle edges;
    GmqEdgeKind kind;
    unsigned from, to; /* boxes of the layout */
} GmqLine;

/* One line for all edges of a kind between two boxes; the list is of GmqLine. Fills the edges of
 * the layout. (layout-line.c) */
GArray *gmq_layout_find_lines(GmqLayout *layout, const GmqStage *stage);

/* Whether a line can be a wire: from one column to the next. */
bool gmq_line_is_wire(const GmqLayout *layout, const GmqLine *line);

/* The wires from column to column (layout-wire.c), and then a way around the boxes for every other
 * line (layout-route.c). */
void gmq_layout_add_wires(GmqLayout *layout, const GArray *lines);
void gmq_layout_add_routes(GmqLayout *layout, const GArray *lines);

G_END_DECLS
