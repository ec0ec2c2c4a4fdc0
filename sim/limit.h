/* limit.h - how long a run may become: its trace and its messages stay in memory until the end.
 *
 * A run that passes a limit ends there, undecided, and says what to do. Without that a scenario of
 * ten lines could take all memory, or all day. */
#pragma once

#include "sim/world.h"

G_BEGIN_DECLS

/* Lines of the trace, steps, and bytes of bodies that clients send. */
#define GMQ_RUN_LINES_MAX UINT64_C(1500000)
#define GMQ_RUN_STEPS_MAX UINT64_C(40000000)
#define GMQ_RUN_BYTES_MAX (UINT64_C(192) << 20)

/* Whether the world is past a limit; it then ends with its next step. */
bool gmq_world_is_too_long(const GmqWorld *world);

/* A sentence about the limit that ended the run, for the caller to free; NULL: none did. */
char *gmq_world_limit_text(const GmqWorld *world);

G_END_DECLS
