/* cmd-what.h - "glassmq what": what a word of the field means. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "what"; returns the exit status. */
int gmq_cmd_what(int argc, char **argv);

G_END_DECLS
