/* cmd-serve.h - "glassmq serve": the broker for real clients. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs the command; argv[0] is its name. Returns the exit status. */
int gmq_cmd_serve(int argc, char **argv);

G_END_DECLS
