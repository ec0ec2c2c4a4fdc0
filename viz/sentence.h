/* sentence.h - what happened in one event, as a person would tell it. */
#pragma once

#include "viz/stage.h"

G_BEGIN_DECLS

/* Whole sentences for the event of that number, 1 to the length of the trace. They look back for
 * the reason, and never forward. The caller frees them. */
char *gmq_sentence(const GmqStage *stage, uint64_t event);

G_END_DECLS
