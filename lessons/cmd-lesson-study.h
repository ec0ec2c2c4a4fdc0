/* cmd-lesson-study.h - a lesson that is worked on: opened by the number or name that was given.
 *
 * For cmd-lesson*.c files alone: it prints why something cannot be opened. */
#pragma once

#include "lessons/cmd-lesson-part.h"
#include "lessons/desk.h"
#include "lessons/shelf.h"

G_BEGIN_DECLS

/* All is owned. */
typedef struct {
    GmqShelf *shelf;
    GmqDesk *desk;
    GmqProgress *progress; /* as it was when it was opened */
    unsigned index;        /* of the lesson on the shelf */
    GmqLesson *lesson;     /* NULL before gmq_lesson_take() */
    GmqWalk *walk;         /* where its person is */
} GmqLessonStudy;

/* Opens shelf, desk and progress. Returns 0, or the exit status after a sentence. */
int gmq_lesson_open_study(const GmqLessonOrder *order, GmqLessonStudy *study);
void gmq_lesson_study_clear(GmqLessonStudy *study);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqLessonStudy, gmq_lesson_study_clear)

/* Opens the lesson with that number or name; NULL: that on which he works. The same answer. */
int gmq_lesson_take(GmqLessonStudy *study, const char *name);

/* Opens the lesson at that place of the shelf. The same answer. */
int gmq_lesson_take_index(GmqLessonStudy *study, unsigned index);

/* Finds the lesson on which he worked last, the first one when there is none. */
unsigned gmq_lesson_current(const GmqLessonStudy *study);

/* Finds the first lesson from there on that he has not passed, then those before it; false when he
 * has passed all. */
bool gmq_lesson_find_open(const GmqLessonStudy *study, unsigned from, unsigned *index);

/* Reads the progress again and keeps the walk; 0, or 1 after a sentence. */
int gmq_lesson_keep(GmqLessonStudy *study);

/* Tells one who has just passed the lesson so, and what comes next; or that all is done. */
void gmq_lesson_tell_passed(GmqLessonStudy *study);

/* The last screen, for one who has passed all lessons. */
void gmq_lesson_tell_all_done(const GmqLessonStudy *study);

G_END_DECLS
