/* cmd-view.h - "glassmq view": a run on the terminal, step by step. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs the command; argv[0] is its name. Returns the exit status. */
int gmq_cmd_view(int argc, char **argv);

G_END_DECLS
