/* cmd-shared.h - what the commands that draw screens have in common.
 *
 * For cmd-*.c files alone: it reads the environment and prints. */
#pragma once

#include "core/base/options.h"
#include "viz/screen.h"
#include "viz/theme.h"

G_BEGIN_DECLS

typedef struct {
    int width;
    int height;
} GmqScreenSize;

/* Reads the text of "--render", "80x24"; NULL, an option that was not given, leaves *size as it is.
 * False after a sentence on stderr. */
bool gmq_command_read_size(const GmqUsage *usage, const char *text, GmqScreenSize *size);

/* Reads the text of "--theme"; NULL is the dark one. False as above. */
bool gmq_command_read_theme(const GmqUsage *usage, const char *text, GmqTheme *theme);

/* The glyphs for "--ascii": ASCII alone in English; in Korean, which has no ASCII, ASCII lines. */
GmqGlyphs gmq_command_ascii_glyphs(void);

/* Whether colours are wanted, as far as the environment says (NO_COLOR). */
bool gmq_command_wants_colour(void);

G_END_DECLS
