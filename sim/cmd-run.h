/* cmd-run.h - glassmq run: runs a scenario on virtual time and tells its story. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "run". Returns the exit status: 0 held, 1 broken, 2 undecided or wrong use, 3 the file
 * is wrong. */
int gmq_cmd_run(int argc, char **argv);

G_END_DECLS
