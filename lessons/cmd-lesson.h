/* cmd-lesson.h - the subcommand "lesson": learning messaging by predicting, running, changing and
 * building. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns the exit status; argv[0] is "lesson". */
int gmq_cmd_lesson(int argc, char **argv);

G_END_DECLS
