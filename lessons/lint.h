/* lint.h - whether a lesson is right: its texts, its runs, its exercises, its Korean twin.
 *
 * All that a lesson says of a run is proved by that run, so that nobody has to believe it. */
#pragma once

#include "lessons/lesson.h"

G_BEGIN_DECLS

/* Checks lessons; each folder is that of a lesson, or a directory of lessons. Appends the problems
 * of each, or that it is fine. Returns the exit status: 0, or 3 when one of them is wrong. */
int gmq_lint_lessons(const char *const *folders, GString *out);

/* Checks one lesson; false after its problems. */
bool gmq_lint_lesson(const char *folder, GString *out);

G_END_DECLS
