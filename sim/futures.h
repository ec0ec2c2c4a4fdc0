/* futures.h - from one moment of a failing run, many futures: how many of them fail as well.
 *
 * The past is done again as it was, event by event; from the moment on every stream is drawn anew.
 * Where the share goes from few to all, something happened that cannot be made good. */
#pragma once

#include "sim/trial.h"

G_BEGIN_DECLS

typedef struct {
    uint64_t event; /* futures begin behind it; 0: before all */
    int64_t time_ns;
    unsigned n_failed;
} GmqFuture;

typedef struct {
    const GmqScenario *scenario;
    uint64_t seed;
    unsigned n_futures;      /* from each moment */
    const GmqTrial *failure; /* of the run itself; futures fail if they fail like that */
} GmqFutures;

/* How many futures fail from behind that event on. */
GmqFuture gmq_futures_from(const GmqFutures *futures, uint64_t event);

/* The same for each tenth of the events up to the failure: n_points places, the first one before
 * all. */
void gmq_futures_tenths(const GmqFutures *futures, GmqFuture *points, unsigned n_points);

/* The first event behind which all futures fail, between one where some do not and one where all
 * do: the interval is halved as long as it goes. */
GmqFuture gmq_futures_narrow(const GmqFutures *futures, GmqFuture open, GmqFuture closed);

G_END_DECLS
