/* curses.h - a viewer on the terminal. The only part that knows one. */
#pragma once

#include "viz/viewer.h"

G_BEGIN_DECLS

/* Whether there is a terminal at both ends on which a screen can be drawn. */
bool gmq_curses_can_run(void);

/* How lines may be drawn, by the locale: East-Asian terminals may give line glyphs two columns. */
GmqGlyphs gmq_curses_glyphs(void);

/* Shows the viewer until the reader leaves; the terminal is restored, whatever ends it. */
void gmq_curses_run(GmqViewer *viewer, bool with_colour);

G_END_DECLS
