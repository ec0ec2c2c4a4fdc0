/* check-words.h - what a broken check says, as it is told to people.
 *
 * A new sentence of a check needs its pattern here: tests/sim/check-words-test.cc reads the files
 * check-*.c, and says which has none. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The sentence of a check without "S1 broken: ", in the chosen language. One that is not known
 * stays as it is. The caller frees it. */
char *gmq_check_told(const char *sentence);

G_END_DECLS
