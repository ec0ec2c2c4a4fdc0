/* streams.h - the random streams of one world, so that all of them can be drawn anew.
 *
 * Whoever draws in a world opens his stream here and keeps it where he likes. A redraw is another
 * future after the same past: what was drawn stands, what will be drawn is different. */
#pragma once

#include "sim/random.h"

G_BEGIN_DECLS

typedef struct GmqStreams GmqStreams;

/* All streams begin with that seed. */
GmqStreams *gmq_streams_new(uint64_t seed);
void gmq_streams_free(GmqStreams *streams);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqStreams, gmq_streams_free)

/* Starts the stream of that name, as gmq_random_init() does. The stream is lent and must outlive
 * these; the name is copied. */
void gmq_streams_open(GmqStreams *streams, GmqRandom *stream, const char *name);

/* Starts every stream again, with that seed from now on. */
void gmq_streams_redraw(GmqStreams *streams, uint64_t seed);

G_END_DECLS
