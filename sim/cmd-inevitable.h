/* cmd-inevitable.h - `glassmq inevitable`: from when on a failing run had to fail. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "inevitable"; returns the exit status. */
int gmq_cmd_inevitable(int argc, char **argv);

G_END_DECLS
