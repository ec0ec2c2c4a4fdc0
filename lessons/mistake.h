/* mistake.h - the mistakes that people make in programs that use a broker, and how each is told:
 * which mistake it is, with which message, and at which event of the run. */
#pragma once

#include "lessons/history.h"

G_BEGIN_DECLS

/* Looks for all of them. While the run goes on only those are found that nothing can mend any more;
 * when it is over and there are none of these, what was left undone counts. Returns an array of
 * sentences, the most important one first, which the caller frees; empty when there is nothing to
 * blame. */
GPtrArray *gmq_mistakes_find(const GmqHistory *history, bool is_over);

G_END_DECLS
