/* answer.h - the questions that a scenario asks its reader, and when the run tells the answer. */
#pragma once

#include "viz/view.h"

G_BEGIN_DECLS

/* The question that can be answered at this moment: the last one that was asked, when it has
 * choices. Returns the number of its event, 0 for none. */
uint64_t gmq_answer_asked(const GmqView *view);

/* What the reader said to it: the index of a choice, -1 for nothing yet. */
int gmq_answer_given(const GmqView *view, uint64_t asked);

/* The event from which on the answer is told: the next pause or question, where the author comes to
 * something else, or the end of the run. Nobody but the run tells it before. */
uint64_t gmq_answer_told(const GmqStage *stage, uint64_t asked);

/* The choices in one line, with what is marked or was answered: "( ) w1 | (*) w2". The caller frees
 * it. */
char *gmq_answer_choices(const GmqView *view, uint64_t asked);

/* "You said w1. It is w2: ...", once it is told and the reader has answered; until the next fault
 * or caption, so that it is not told for ever. *is_right is set. NULL when there is nothing to say,
 * and while presenting. The caller frees it. */
char *gmq_answer_verdict(const GmqView *view, bool *is_right);

G_END_DECLS
