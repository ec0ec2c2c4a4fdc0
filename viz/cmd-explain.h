/* cmd-explain.h - glassmq explain: a scenario as English sentences. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv[0] is "explain". Returns the exit status: 0 done, 2 wrong use, 3 the file is wrong. */
int gmq_cmd_explain(int argc, char **argv);

G_END_DECLS
