/* cmd-shared.h - what the commands of the simulator have in common: options that they share.
 *
 * For cmd-*.c files alone: it reads the environment and prints. */
#pragma once

#include "core/base/options.h"

G_BEGIN_DECLS

/* Whether the terminal takes nothing but ASCII, as far as the environment says. */
bool gmq_command_is_ascii(void);

/* Reads the text of an option such as "--seed"; NULL, an option that was not given, leaves *seed as
 * it is and is right. False after a sentence on stderr. */
bool gmq_command_read_seed(const GmqUsage *usage, const char *option, const char *text,
                           uint64_t *seed);

/* Reads the time of an option, "1.5s"; NULL leaves *ns as it is. False as above. */
bool gmq_command_read_time(const GmqUsage *usage, const char *option, const char *text,
                           int64_t *ns);

/* Writes text to the file, or to stdout when path is NULL. Returns the exit status: 1, after a
 * sentence on stderr, when it cannot be written. On an error an old file stands as it was. */
int gmq_command_write(const GmqUsage *usage, const char *path, const char *text);

/* Writes text to stdout and empties it. */
void gmq_command_flush(GString *text);

G_END_DECLS
