/* cmd-shrink.h - `glassmq shrink`: a failing run, made small. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "shrink"; returns the exit status. */
int gmq_cmd_shrink(int argc, char **argv);

G_END_DECLS
