/* cmd-what-if.h - glassmq what-if: a run again, in which one thing goes otherwise. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "what-if". Returns the exit status: 0 done, 1 it could not be written, 2 wrong use, 3
 * the file is wrong. */
int gmq_cmd_what_if(int argc, char **argv);

G_END_DECLS
