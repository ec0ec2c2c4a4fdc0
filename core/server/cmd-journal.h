/* cmd-journal.h - "glassmq journal": looks into the journal of a broker that does not run. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs the command; argv[0] is its name. Returns the exit status. */
int gmq_cmd_journal(int argc, char **argv);

G_END_DECLS
