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

/* Writes text to stdout and empties it. */
void gmq_command_flush(GString *text);

G_END_DECLS
