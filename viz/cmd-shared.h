/* cmd-shared.h - what the commands that draw screens have in common.
 *
 * For cmd-*.c files alone: it reads the environment and prints. */
#pragma once

#include "core/base/options.h"
#include "viz/look.h"

G_BEGIN_DECLS

typedef struct {
    int width;
    int height;
} GmqScreenSize;

/* Reads the text of "--render", "80x24"; NULL, an option that was not given, leaves *size as it is.
 * False after a sentence on stderr. */
bool gmq_command_read_size(const GmqUsage *usage, const char *text, GmqScreenSize *size);

/* The options of the commands that show screens on a terminal: "--theme", "--ascii", "--no-color"
 * and "--no-mouse"; for the shared ones of a usage. */
extern const GOptionEntry gmq_command_look_entries[];

/* What they and the environment (NO_COLOR) say. False as above. */
bool gmq_command_read_look(const GmqUsage *usage, GmqLook *look);

/* They are as if they had not been given. */
void gmq_command_forget_look(void);

G_END_DECLS
