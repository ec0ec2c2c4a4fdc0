/* examine.h - whether what a learner has changed does what the lesson asks.
 *
 * The answer is an exit status, 0 passed, 1 not passed, 2 it cannot be decided, 3 the lesson cannot
 * be used, and lines for him, each with its '\n'. */
#pragma once

#include "lessons/lesson.h"

G_BEGIN_DECLS

/* Checks the file of that path; the lesson must have an exercise. */
int gmq_examine_file(const GmqLesson *lesson, const char *path, GString *told);

/* The text of the solution of the exercise; the caller frees it. NULL with an error. */
char *gmq_examine_solution(const GmqLesson *lesson, GError **error);

G_END_DECLS
