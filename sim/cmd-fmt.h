/* cmd-fmt.h - glassmq fmt: lays scenario files out in the usual way. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "fmt". Returns the exit status: 0 done, 1 with --check a file would be changed, 2
 * wrong use or a file that cannot be written, 3 a file is wrong. */
int gmq_cmd_fmt(int argc, char **argv);

G_END_DECLS
