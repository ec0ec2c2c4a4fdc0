/* cmd-diff.h - glassmq diff: where two runs part, and how they end. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "diff". Returns the exit status: 0 the same, 1 different, 2 wrong use, 3 a file is
 * wrong. */
int gmq_cmd_diff(int argc, char **argv);

G_END_DECLS
