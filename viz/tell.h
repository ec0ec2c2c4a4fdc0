/* tell.h - the picture of a moment in sentences: the text twin of every screen and diagram, for
 * those who cannot see them. */
#pragma once

#include "viz/stage.h"

G_BEGIN_DECLS

/* Names of messages in one list; of more, how many they are. */
#define GMQ_TELL_NAMES_MAX 12

/* Appends what is there after the last event of now, a picture of the stage's trace: what happened
 * last, each exchange with its bindings, each queue with its messages, each client with what it
 * holds and what befell it, what is on its way, and the totals; in lines for a terminal. */
void gmq_tell_picture(const GmqStage *stage, const GmqPicture *now, GString *out);

G_END_DECLS
