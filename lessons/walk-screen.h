/* walk-screen.h - a walk on the full screen of a terminal. */
#pragma once

#include "lessons/desk.h"
#include "viz/look.h"

G_BEGIN_DECLS

/* Leads the learner on from where the walk stands, until he leaves; whatever he does is kept at the
 * desk at once. There must be a terminal (gmq_curses_can_run()). Returns the exit status: 0, or 1
 * when something could not be kept. *wants_next is set when he has passed and wants to go on. */
int gmq_walk_screen(GmqWalk *walk, const GmqDesk *desk, const GmqLook *look, bool *wants_next);

G_END_DECLS
