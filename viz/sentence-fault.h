/* sentence-fault.h - the sentences of sentence.c about what befalls clients, lines and the broker
 * from outside. Each takes an event of its kind; the caller frees the sentence. */
#pragma once

#include "viz/stage.h"

G_BEGIN_DECLS

char *gmq_sentence_crash(const GmqStage *stage, const GmqTraceEvent *event);
char *gmq_sentence_cut(const GmqStage *stage, const GmqTraceEvent *event);
char *gmq_sentence_close(const GmqStage *stage, const GmqTraceEvent *event);
char *gmq_sentence_healed(const GmqStage *stage, const GmqTraceEvent *event);
char *gmq_sentence_stop(const GmqStage *stage, const GmqTraceEvent *event);
char *gmq_sentence_link(const GmqStage *stage, const GmqTraceEvent *event);

/* What a client was told to do by the timeline. */
char *gmq_sentence_deed(const GmqStage *stage, const GmqTraceEvent *event);

G_END_DECLS
