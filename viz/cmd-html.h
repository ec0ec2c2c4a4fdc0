/* cmd-html.h - "glassmq html": a run as a page for a browser. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs the command; argv[0] is its name. Returns the exit status. */
int gmq_cmd_html(int argc, char **argv);

G_END_DECLS
