/* cmd-present.h - "glassmq present": a lesson or a scenario at the front of a class. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "present"; returns the exit status. */
int gmq_cmd_present(int argc, char **argv);

G_END_DECLS
