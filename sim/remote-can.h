/* remote-can.h - what of a scenario can be done with a broker that is somewhere else. */
#pragma once

#include "sim/broker-url.h"
#include "sim/expect.h"

G_BEGIN_DECLS

/* False with a sentence for each line that cannot be done: faults of the broker, and deeds that
 * wait for what only happens inside of it. */
bool gmq_remote_can_play(const GmqScenario *scenario, GError **error);

/* Marks the outcomes that cannot be known of a broker elsewhere. With is_blind nothing is known of
 * what is in the queues at the end either. */
void gmq_remote_doubt(GArray *outcomes, bool is_blind);

/* Whether an invariant, "S5" for instance, can be checked by what clients know. */
bool gmq_remote_can_check(unsigned invariant);

G_END_DECLS
