/* walk.h - one person in one lesson: where he is, what is asked, and what comes of what he says.
 *
 * A walk does no I/O and knows no screen: it is told texts and answers with sentences, so that
 * plain text and the full screen are the same lesson. All sentences are in the language of the
 * program, and everything that counts is in them.
 *
 *     read -> predict -> run -> ... -> investigate (three times) -> modify -> make -> passed
 *
 * He may look back at what lies behind him; answers that were given stay as they are. */
#pragma once

#include <stdbool.h>

#include "lessons/lesson.h"
#include "lessons/progress.h"

G_BEGIN_DECLS

typedef struct GmqWalk GmqWalk;

typedef enum {
    GMQ_WALK_READ,    /* a page, to be read */
    GMQ_WALK_PREDICT, /* the run stands at stop, and a choice is asked for */
    GMQ_WALK_RUN,     /* the choice is locked: the run goes on to end, then the verdict is told */
    GMQ_WALK_INVESTIGATE, /* a task, whose answer is asked for */
    GMQ_WALK_MODIFY,      /* a file to change, until gmq_walk_pass() */
    GMQ_WALK_MAKE,        /* a program to write, likewise */
    GMQ_WALK_PASSED,      /* behind the last step: there is none now */
} GmqWalkPlace;

typedef enum {
    GMQ_ANSWER_NONE,   /* it cannot be one: nothing has changed, and it is asked again */
    GMQ_ANSWER_WRONG,  /* of a task: it may be tried again */
    GMQ_ANSWER_RIGHT,  /* of a task: gmq_walk_next() goes on */
    GMQ_ANSWER_LOCKED, /* of a prediction: the place is GMQ_WALK_RUN now; nothing is told yet */
} GmqAnswer;

/* Returns a walk that stands at the first step. The lesson is lent. */
GmqWalk *gmq_walk_new(const GmqLesson *lesson);
void gmq_walk_free(GmqWalk *walk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqWalk, gmq_walk_free)

const GmqLesson *gmq_walk_lesson(const GmqWalk *walk);

/* Goes to where a line of progress says. A line of a passed lesson changes nothing: he begins
 * again. A step that the lesson does not have any more is the first one of its kind, or of all. */
void gmq_walk_resume(GmqWalk *walk, const GmqProgressLine *line);

/* The progress that is to be kept: the furthest place, not the one that is looked at. The caller
 * frees the texts with gmq_walk_line_clear(); the date is a copy of today. */
GmqProgressLine gmq_walk_line(const GmqWalk *walk, const char *today);
void gmq_walk_line_clear(GmqProgressLine *line);

/* Whether a line of the same lesson is further than he is in this walk: he went on in another
 * window meanwhile. */
bool gmq_walk_is_behind(const GmqWalk *walk, const GmqProgressLine *line);

/* ---- where he is ---- */

GmqWalkPlace gmq_walk_place(const GmqWalk *walk);

/* The step of the lesson; NULL when the lesson is passed. A prediction and its run are one step. */
const GmqStep *gmq_walk_step(const GmqWalk *walk);

/* The number of the step, from 1 on, of how many. */
unsigned gmq_walk_number(const GmqWalk *walk);
unsigned gmq_walk_length(const GmqWalk *walk);

/* "Step 3 of 12: investigate, task 2 of 3". The caller frees it. */
char *gmq_walk_heading(const GmqWalk *walk);

/* Whether what is asked here was done before, so that gmq_walk_next() goes on. */
bool gmq_walk_is_done(const GmqWalk *walk);

/* ---- going ---- */

/* Goes on to the next step, from the last one to GMQ_WALK_PASSED. False when something must be done
 * here first: *say is what, and the caller frees it. say may be NULL. */
bool gmq_walk_next(GmqWalk *walk, char **say);

/* Goes back to the step before, to look at it. False at the first one. */
bool gmq_walk_back(GmqWalk *walk);

/* ---- answering ---- */

/* Takes an answer at GMQ_WALK_PREDICT (the number of a choice, or its words) and at
 * GMQ_WALK_INVESTIGATE. *say is what to tell him: why it is none, that it is wrong, that it is
 * right. The caller frees it. */
GmqAnswer gmq_walk_answer(GmqWalk *walk, const char *text, char **say);

/* At GMQ_WALK_RUN, when the run has come to end: whether the prediction came true, in a sentence,
 * with the right choice; *is_right is set. The why of the block is to be told behind it. The caller
 * frees it. */
char *gmq_walk_verdict(const GmqWalk *walk, bool *is_right);

/* The choice that was locked in this walk, 1 for the first; 0 when it was in an earlier one. */
unsigned gmq_walk_choice(const GmqWalk *walk);

/* The next rung of the ladder of hints, "Hint 2 of 3: ..."; the last one again at its end. NULL
 * where there are none. What was read is kept in the progress. The caller frees it. */
char *gmq_walk_hint(GmqWalk *walk);

/* The same for the exercise, wherever he is. NULL for a lesson without one. */
char *gmq_walk_exercise_hint(GmqWalk *walk);

/* The answer of a task, for one who gives up: it is done then, and that it was shown is kept. NULL
 * at other places. The caller frees it. */
char *gmq_walk_give_up(GmqWalk *walk);

/* Notes that the solution of this step was shown before it was passed; or that of the exercise,
 * wherever he is. */
void gmq_walk_note_solution(GmqWalk *walk);
void gmq_walk_note_modify_solution(GmqWalk *walk);

/* At GMQ_WALK_MODIFY and GMQ_WALK_MAKE: the check was passed. */
void gmq_walk_pass(GmqWalk *walk);

G_END_DECLS
