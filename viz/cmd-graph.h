/* cmd-graph.h - "glassmq graph": one moment of a run as a drawing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs the command; argv[0] is its name. Returns the exit status. */
int gmq_cmd_graph(int argc, char **argv);

G_END_DECLS
