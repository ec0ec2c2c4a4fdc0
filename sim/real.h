/* real.h - a scenario on the real clock, against a broker that is somewhere else.
 *
 * The clients, the links and the timeline are those of the simulator, and so is their schedule;
 * only that each event waits until its time has come, and sockets are looked at in between. */
#pragma once

#include "sim/broker-url.h"
#include "sim/program.h"
#include "sim/world.h"

G_BEGIN_DECLS

typedef struct GmqReal GmqReal;

typedef struct {
    const GmqBrokerUrl *url;  /* lent */
    bool is_taking_over;      /* queues of these names may go, with whatever is in them */
    const GmqRunOptions *run; /* lent; its remote is of no meaning */
    char **program;           /* what plays clients with "run"; lent, NULL: what stands there */
} GmqRealOptions;

/* Visits the broker and makes room there: what an earlier run has left is deleted. NULL with a
 * sentence when the scenario cannot be played there, nobody answers, or what is there is somebody
 * else's. The scenario and the url are lent and must outlive it. */
GmqReal *gmq_real_new(const GmqScenario *scenario, uint64_t seed, const GmqRealOptions *options,
                      GError **error);

/* What was declared is deleted before, if that has not happened yet. */
void gmq_real_free(GmqReal *real);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqReal, gmq_real_free)

/* The world that is played; lent. Step it with gmq_real_step() alone. */
GmqWorld *gmq_real_world(GmqReal *real);

/* Lets the next thing happen, or waits for it for half a second at most. False when the run is
 * over, the queues have been looked into, and what was declared is deleted. */
bool gmq_real_step(GmqReal *real);

/* What is known of the programs among the clients; lent. */
const GmqProgramRecord *gmq_real_program(const GmqReal *real);

/* The run ends now, as it would when its time is over: nothing more is to be seen. */
void gmq_real_finish(GmqReal *real);

/* The run is to end with the next step. May be called from a signal handler. */
void gmq_real_stop(GmqReal *real);

/* After the end: a sentence when the broker could not be asked or cleaned; NULL when it could. */
const char *gmq_real_trouble(const GmqReal *real);

G_END_DECLS
