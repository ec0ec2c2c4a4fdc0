/* cmd-ctl.h - "glassmq ctl": looks into a running broker, and tells it what to do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs the command; argv[0] is its name. Returns the exit status. */
int gmq_cmd_ctl(int argc, char **argv);

G_END_DECLS
