/* cmd-tail.h - `glassmq tail [DIR]`: what happens in a running broker, line by line. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int gmq_cmd_tail(int argc, char **argv);

G_END_DECLS
