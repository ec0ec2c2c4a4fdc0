/* cmd-lesson-part.h - what "glassmq lesson" can be told to do, and with which options.
 *
 * For cmd-*.c files alone: they print. Each function gets the words behind the command's name and
 * returns the exit status. */
#pragma once

#include <stdbool.h>

#include "core/base/options.h"
#include "lessons/walk-screen.h"

G_BEGIN_DECLS

/* What all of them were told. Everything is lent. */
typedef struct {
    const GmqUsage *usage;
    const char *lessons;  /* the directory of the lessons */
    const char *progress; /* the path of the progress file */
    bool is_text;         /* --text */
    GmqLook look;         /* of the full screen */
    bool is_spoiling;     /* --spoil */
    char **program;       /* the words behind "--"; NULL without */
} GmqLessonOrder;

/* "glassmq lesson: <sentence>." on stderr, with status as its answer. */
int gmq_lesson_fail(int status, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* ---- cmd-lesson-walk.c: going through the lessons ---- */

int gmq_lesson_go_on(const GmqLessonOrder *order, char **words);
int gmq_lesson_begin(const GmqLessonOrder *order, char **words);
int gmq_lesson_next(const GmqLessonOrder *order, char **words);
int gmq_lesson_list(const GmqLessonOrder *order, char **words);

/* ---- cmd-lesson-work.c: working on one from the shell ---- */

int gmq_lesson_check(const GmqLessonOrder *order, char **words);
int gmq_lesson_hint(const GmqLessonOrder *order, char **words);
int gmq_lesson_solution(const GmqLessonOrder *order, char **words);
int gmq_lesson_edit(const GmqLessonOrder *order, char **words);
int gmq_lesson_reset(const GmqLessonOrder *order, char **words);

/* ---- cmd-lesson-file.c: progress files ---- */

int gmq_lesson_export(const GmqLessonOrder *order, char **words);
int gmq_lesson_import(const GmqLessonOrder *order, char **words);

/* ---- cmd-lesson-report.c: a table for the teacher ---- */

int gmq_lesson_report(const GmqLessonOrder *order, char **words);

/* ---- cmd-lesson-lint.c: for who writes lessons ---- */

int gmq_lesson_lint(const GmqLessonOrder *order, char **words);

G_END_DECLS
