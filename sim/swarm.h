/* swarm.h - scenarios that nobody wrote: each seed draws one.
 *
 * Each feature is on for half of the seeds, and each that is on draws its strength: some bugs show
 * only where another feature does not hide them. What comes out is the text of an ordinary
 * scenario. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* The text of that seed's scenario; the caller frees it. */
char *gmq_swarm_text(uint64_t seed);

G_END_DECLS
