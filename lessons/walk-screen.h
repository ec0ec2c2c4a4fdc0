/* walk-screen.h - a walk on the full screen of a terminal. */
#pragma once

#include "lessons/desk.h"

G_BEGIN_DECLS

/* Leads the learner on from where the walk stands, until he leaves or has passed; whatever he does
 * is kept at the desk at once. There must be a terminal (gmq_curses_can_run()). Returns the exit
 * status: 0, or 1 when something could not be kept. */
int gmq_walk_screen(GmqWalk *walk, const GmqDesk *desk);

G_END_DECLS
