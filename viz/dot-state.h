/* dot-state.h - the lives of connections and channels as a Graphviz graph, drawn from the tables
 * that the broker moves along. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The DOT text; the caller frees it. */
char *gmq_dot_draw_states(void);

G_END_DECLS
