/* wire.h - the wires of the flow with what is on its way on them. */
#pragma once

#include "viz/layout.h"

G_BEGIN_DECLS

/* Draws all wires that are there at the moment, between boxes that are there. */
void gmq_wire_draw_all(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now,
                       const GmqLayout *layout);

G_END_DECLS
