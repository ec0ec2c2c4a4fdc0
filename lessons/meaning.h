/* meaning.h - what an expectation of a scenario counts, in words for a learner. */
#pragma once

#include "sim/scenario.h"

G_BEGIN_DECLS

/* In the chosen language, without a full stop; lent for ever. */
const char *gmq_meaning(GmqExpectKind kind);

G_END_DECLS
