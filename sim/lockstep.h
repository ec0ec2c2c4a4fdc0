/* lockstep.h - two runs side by side, compared event by event. */
#pragma once

#include "sim/world.h"

G_BEGIN_DECLS

/* Steps both worlds together until both are over. Returns NULL when every event was the same in
 * both; otherwise stops at the first difference and returns both events, each with the chain of its
 * causes, as text that the caller frees. */
char *gmq_lockstep(GmqWorld *one, GmqWorld *other);

G_END_DECLS
