/* cmd-sweep.h - `glassmq sweep`: many seeds of a scenario, or of scenarios that are drawn. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "sweep"; returns the exit status. */
int gmq_cmd_sweep(int argc, char **argv);

G_END_DECLS
