/* lesson-private.h - reading a lesson.md, shared by lesson.c and the files that read its parts. */
#pragma once

#include "lessons/lesson.h"

G_BEGIN_DECLS

/* A part of lesson.md that is YAML. */
typedef struct {
    const char *start;
    size_t size;
    unsigned line; /* of its first line, from 1 on */
} GmqLessonYaml;

/* ---- lesson-pages.c ---- */

/* Reads the text of the lesson into its members. */
void gmq_lesson_read_pages(GmqLesson *lesson);

/* ---- lesson-block.c ---- */

/* The tree of that part, with the lines of lesson.md; NULL after a problem. */
const GmqYaml *gmq_lesson_yaml(GmqLesson *lesson, const GmqLessonYaml *part);

/* The kind of a block by the word behind its backquotes; GMQ_STEP_READ for none, after a problem.
 */
GmqStepKind gmq_lesson_block_kind(GmqLesson *lesson, const char *word, unsigned line);

/* Reads title, minutes and terms. */
void gmq_lesson_read_head(GmqLesson *lesson, const GmqYaml *yaml);

/* Reads a block and appends its steps; like is what all of them begin with, but only the first one
 * gets its text. */
void gmq_lesson_read_block(GmqLesson *lesson, const GmqYaml *yaml, const GmqStep *like);

G_END_DECLS
