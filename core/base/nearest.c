#include "core/base/nearest.h"

#include <stdbool.h>
#include <string.h>

/* The edit distance looks back two rows, because a swap spans two bytes of each word. */
typedef struct {
    unsigned cells[3][GMQ_NEAREST_WORD_MAX + 1];
} Rows;

static bool
is_same(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b);
}

static bool
is_swap(const char *a, size_t i, const char *b, size_t j)
{
    return i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) && is_same(a[i - 2], b[j - 1]);
}

/* Fewest slips from the first i bytes of a to the first j of b. */
static unsigned
cell(const Rows *rows, const char *a, size_t i, const char *b, size_t j)
{
    const unsigned *above = rows->cells[(i + 2) % 3];
    const unsigned *here  = rows->cells[i % 3];
    unsigned changed      = above[j - 1] + !is_same(a[i - 1], b[j - 1]);
    unsigned best         = MIN(changed, MIN(above[j], here[j - 1]) + 1);

    if (is_swap(a, i, b, j))
        best = MIN(best, rows->cells[(i + 1) % 3][j - 2] + 1);
    return best;
}

/* Damerau-Levenshtein distance with each pair of bytes swapped at most once; lengths are at most
 * GMQ_NEAREST_WORD_MAX. */
static unsigned
distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    Rows rows;

    for (size_t j = 0; j <= b_length; j++)
        rows.cells[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++) {
        rows.cells[i % 3][0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++)
            rows.cells[i % 3][j] = cell(&rows, a, i, b, j);
    }
    return rows.cells[a_length % 3][b_length];
}

const char *
gmq_nearest(const char *word, const char *const *candidates, size_t n)
{
    size_t length       = strlen(word);
    const char *nearest = NULL;
    unsigned fewest     = G_MAXUINT;

    if (length == 0 || length > GMQ_NEAREST_WORD_MAX)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        size_t other = strlen(candidates[i]);
        if (other == 0 || other > GMQ_NEAREST_WORD_MAX)
            continue;
        unsigned slips = distance(word, length, candidates[i], other);
        if (slips <= (MAX(length, other) + 2) / 3 && slips < fewest) {
            fewest  = slips;
            nearest = candidates[i];
        }
    }
    return nearest;
}
