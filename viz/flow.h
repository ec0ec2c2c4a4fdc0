/* flow.h - the picture of a moment as boxes and wires on a screen. */
#pragma once

#include "viz/layout.h"

G_BEGIN_DECLS

/* Draws boxes, wires and, where there is room, the legend into the area of the layout. */
void gmq_flow_draw(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now,
                   const GmqLayout *layout);

/* Writes the names of the columns over them. */
void gmq_flow_draw_heads(GmqScreen *screen, const GmqLayout *layout, int y);

G_END_DECLS
