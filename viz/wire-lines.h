/* wire-lines.h - the frames that a trace holds itself, as lines of the WIRE pane: for runs that
 * cannot be done again, such as those against another broker. */
#pragma once

#include "viz/view.h"

G_BEGIN_DECLS

/* How many had passed before the moment of the view. */
unsigned gmq_wire_lines_length(const GmqView *view);

/* The last event before a line; 0: none. */
uint64_t gmq_wire_lines_at(const GmqView *view, unsigned row);

void gmq_wire_lines_draw(GmqScreen *screen, const GmqView *view, GmqRect rect);

G_END_DECLS
