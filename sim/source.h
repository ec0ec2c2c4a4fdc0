/* source.h - what a run was made from, so that it can be run again: scenario, seed, ties.
 *
 * A run is the same each time, byte for byte. So what a trace does not hold, the bytes on the wires
 * for one, is seen in a second run of the same source. */
#pragma once

#include <stdbool.h>

#include "sim/trace.h"
#include "sim/world.h"

G_BEGIN_DECLS

typedef struct {
    GmqScenario *scenario;
    uint64_t seed;
    GmqTies ties;
    char *told_by;        /* the version of the program that wrote the trace; NULL: no trace did */
    uint64_t fingerprint; /* of the run that it must be; 0 when any will do */
} GmqSource;

/* Reads a scenario file, or the trace file of one, and returns the source, which the caller frees.
 * seed may be NULL: a scenario then takes its own. Another seed than that of a trace is an error,
 * and so is a trace whose scenario this program cannot read. */
GmqSource *gmq_source_load(const char *path, const uint64_t *seed, GError **error);

/* The source of a trace that is at hand. */
GmqSource *gmq_source_of(const GmqTrace *trace, GError **error);

void gmq_source_free(GmqSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqSource, gmq_source_free)

/* Returns a world that has not begun; the source must outlive it. */
GmqWorld *gmq_source_world(const GmqSource *source);

/* Whether a finished run is the one that the source tells of; if not, an error says why that may
 * be, and what to do. */
bool gmq_source_is_same(const GmqSource *source, const GmqTrace *again, GError **error);

G_END_DECLS
