/* modify.h - the check of an exercise: whether the learner's file does what the task asks, and
 * changes only what it may.
 *
 * It is run with many seeds. The answer is for a person: it names the fact, the place and the next
 * step. */
#pragma once

#include "lessons/lesson.h"
#include "sim/run.h"

G_BEGIN_DECLS

typedef struct {
    GmqVerdict verdict; /* undecided: the file cannot be read */
    char *sentences;    /* lines, without a final newline; owned */
} GmqModifyAnswer;

/* Checks the file of that path against what the lesson asks. */
void gmq_modify_check(const GmqLesson *lesson, const GmqModify *modify, const char *path,
                      GmqModifyAnswer *answer);

void gmq_modify_answer_clear(GmqModifyAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqModifyAnswer, gmq_modify_answer_clear)

G_END_DECLS
