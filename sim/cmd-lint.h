/* cmd-lint.h - glassmq lint: whether scenario files are right, and what looks odd in them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "lint". Returns the exit status: 0 all are right, 2 wrong use, 3 one is wrong. */
int gmq_cmd_lint(int argc, char **argv);

G_END_DECLS
