/* reel.h - pictures of a run that are kept on the way, so that a step back is short in a long run.
 *
 * A picture at some event is the same however it was made: from the start, or from one that was
 * kept. */
#pragma once

#include "viz/picture.h"

G_BEGIN_DECLS

/* At most so many pictures are kept; in longer runs they stand further apart. */
#define GMQ_REEL_MOST 32

typedef struct GmqReel GmqReel;

/* The trace is lent; it may grow. */
GmqReel *gmq_reel_new(const GmqTrace *trace);
void gmq_reel_free(GmqReel *reel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqReel, gmq_reel_free)

/* The picture at that event, made from now, which is taken, or from one that was kept. The caller
 * frees it. */
GmqPicture *gmq_reel_wind(GmqReel *reel, GmqPicture *now, uint64_t event);

G_END_DECLS
