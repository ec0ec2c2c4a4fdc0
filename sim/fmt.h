/* fmt.h - a scenario file laid out in the usual way, with its comments and its order.
 *
 * Two blanks for each level, one between things in braces, no blanks at line ends, comments in one
 * column where lines are short, at most one empty line between parts. What stands in braces
 * stays there, and so do quotes and folded texts. */
#pragma once

#include "sim/yaml.h"

G_BEGIN_DECLS

/* Returns the text laid out anew, which the caller frees; it reads as the same tree and has the
 * same comments. NULL after problems: it is no YAML, or a comment stands where none can be kept. */
char *gmq_fmt_text(const char *text, size_t size, GmqProblems *problems);

G_END_DECLS
