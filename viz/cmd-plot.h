/* cmd-plot.h - glassmq plot: the numbers of a run over its time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "plot". Returns the exit status: 0 drawn, 1 it could not be written, 2 wrong use, 3
 * the file is wrong. */
int gmq_cmd_plot(int argc, char **argv);

G_END_DECLS
