/* walk-text.h - a walk in plain text, line by line: for screen readers, for scripts, and where
 * there is no terminal.
 *
 * Nothing is drawn: pictures and runs are told in sentences, choices have numbers, and whatever may
 * be typed is named. It reads stdin and writes to stdout. */
#pragma once

#include "lessons/desk.h"
#include "viz/screen.h"

G_BEGIN_DECLS

/* Leads the learner on from where the walk stands, until he leaves, his input ends, he stops it
 * with Ctrl-C, or he has passed; whatever he does is kept at the desk at once. Returns the exit
 * status: 0, or 1 when something could not be kept. */
int gmq_walk_text(GmqWalk *walk, const GmqDesk *desk, GmqGlyphs glyphs);

G_END_DECLS
