/* nearest.h - which known word a mistyped one was probably meant to be. */
#pragma once

#include <glib.h>
#include <stddef.h>

G_BEGIN_DECLS

/* Words longer than this are compared with nothing. */
#define GMQ_NEAREST_WORD_MAX 63

/* Returns the candidate that takes the fewest slips to become word, lent; the first of those that
 * take equally few. A slip is one byte left out, added or changed, or two neighbours swapped; the
 * case of ASCII letters counts for nothing. NULL when even that one takes more than a third of the
 * longer word, rounded up: a far guess is worse than none. */
const char *gmq_nearest(const char *word, const char *const *candidates, size_t n);

G_END_DECLS
