/* problems.h - what is wrong with a file: sentences with line, column and the line itself.
 *
 * Up to GMQ_PROBLEMS_MAX are kept, so that a person can mend them in one go; of more only the
 * number. They come out in the order of the file. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

#define GMQ_PROBLEMS_MAX 20

typedef struct GmqProblems GmqProblems;

/* The text of the file is lent and must outlive the problems. */
GmqProblems *gmq_problems_new(const char *path, const char *text);
void gmq_problems_free(GmqProblems *problems);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqProblems, gmq_problems_free)

/* Adds a sentence about that place; lines and columns count from 1. */
void gmq_problems_add(GmqProblems *problems, unsigned line, unsigned column, const char *format,
                      ...) G_GNUC_PRINTF(4, 5);

unsigned gmq_problems_count(const GmqProblems *problems);

/* Returns all of them as text without a final newline; the caller frees it. */
char *gmq_problems_text(const GmqProblems *problems);

G_END_DECLS
