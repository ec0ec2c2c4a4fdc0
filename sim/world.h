/* world.h - everything that a scenario needs to happen: a broker, clients, links and a clock.
 *
 * A world is stepped from event to event until its end. It shares nothing with other worlds: the
 * same scenario and seed give the same trace, however many run side by side. */
#pragma once

#include "sim/expect.h"
#include "sim/run.h"
#include "sim/tally.h"
#include "sim/watch.h"

G_BEGIN_DECLS

typedef struct GmqWorld GmqWorld;

/* The scenario is lent and must outlive the world. */
GmqWorld *gmq_world_new(const GmqScenario *scenario, uint64_t seed);
GmqWorld *gmq_world_new_with(const GmqScenario *scenario, uint64_t seed,
                             const GmqRunOptions *options);
void gmq_world_free(GmqWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqWorld, gmq_world_free)

/* The run is over now, whatever else would have happened. */
void gmq_world_end(GmqWorld *world);

/* Whether a client has, or may get, something to do. */
bool gmq_world_is_busy(const GmqWorld *world);

/* Lets the next thing happen. False when the run is over; the verdict is known then. */
bool gmq_world_step(GmqWorld *world);

/* All that is drawn from now on is what that seed gives: another future of the same past. */
void gmq_world_redraw(GmqWorld *world, uint64_t seed);

/* Lent. The trace grows with each step. */
const GmqTrace *gmq_world_trace(const GmqWorld *world);

/* The trace becomes the caller's; the world is of no more use but to be freed. */
GmqTrace *gmq_world_take_trace(GmqWorld *world);

/* What has happened so far, in numbers; lent. */
const GmqTally *gmq_world_tally(const GmqWorld *world);

/* After the end: what became of each expectation, in the order of the file, and of the whole. */
const GmqOutcome *gmq_world_outcomes(const GmqWorld *world, size_t *n);
GmqVerdict gmq_world_verdict(const GmqWorld *world);

/* After the end: timeline entries that never happened, as numbers of lines; lent. */
const unsigned *gmq_world_idle_lines(const GmqWorld *world, size_t *n);

/* Events taken from the schedule so far. */
uint64_t gmq_world_pops(const GmqWorld *world);

G_END_DECLS
