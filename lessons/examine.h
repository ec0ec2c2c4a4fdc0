/* examine.h - whether what a learner has changed or written does what the lesson asks.
 *
 * The answer is an exit status, 0 passed, 1 not passed, 2 it cannot be decided, 3 the lesson cannot
 * be used, and lines for him, each with its '\n'. */
#pragma once

#include "lessons/lesson.h"

G_BEGIN_DECLS

/* Checks the file of that path; the lesson must have an exercise. */
int gmq_examine_file(const GmqLesson *lesson, const char *path, GString *told);

/* Checks a program, which is started with these words, up to NULL; the lesson must ask for one.
 * Each line that is told meanwhile goes to on_line, without its end; on_line may be NULL. */
int gmq_examine_program(const GmqLesson *lesson, char **command,
                        void (*on_line)(void *user, const char *line), void *user, GString *told);

/* The text of the solution of the exercise; the caller frees it. NULL with an error. */
char *gmq_examine_solution(const GmqLesson *lesson, GError **error);

G_END_DECLS
