/* flow.h - the picture of a moment as boxes and wires on a screen. */
#pragma once

#include "viz/view.h"

G_BEGIN_DECLS

/* Draws boxes, wires and, where there is room, the legend into the area of the layout. */
void gmq_flow_draw(GmqScreen *screen, const GmqView *view, const GmqLayout *layout);

/* Writes the names of the columns over them, and how many boxes lie above those that fit. */
void gmq_flow_draw_heads(GmqScreen *screen, const GmqView *view, const GmqLayout *layout, int y);

/* The layout of the view in that area. The caller frees it. */
GmqLayout *gmq_flow_layout(const GmqView *view, GmqRect area);

G_END_DECLS
