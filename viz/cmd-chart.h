/* cmd-chart.h - glassmq chart: who sent what to whom, as a drawing or as text. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "chart". Returns the exit status: 0 drawn, 1 it could not be written, 2 wrong use, 3
 * the file is wrong. */
int gmq_cmd_chart(int argc, char **argv);

G_END_DECLS
