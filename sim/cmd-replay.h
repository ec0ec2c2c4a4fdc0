/* cmd-replay.h - glassmq replay: does a run again from its trace, and says where it parts. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "replay". Returns the exit status: 0 the same, 1 another run, 2 wrong use, 3 the file
 * is wrong. */
int gmq_cmd_replay(int argc, char **argv);

G_END_DECLS
