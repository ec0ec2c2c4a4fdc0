/* wire.h - the wires and other lines of the flow with what is on its way on them. */
#pragma once

#include "viz/view.h"

G_BEGIN_DECLS

/* Draws all lines that are there at the moment, between boxes that are there, before the boxes. */
void gmq_wire_draw_all(GmqScreen *screen, const GmqView *view, const GmqLayout *layout);

G_END_DECLS
