/* rerun.h - a run once more, with all that passed on its wires. */
#pragma once

#include "sim/capture.h"
#include "sim/source.h"

G_BEGIN_DECLS

typedef struct {
    GmqSource *own;  /* what it was made from; NULL: that is lent */
    GmqWorld *world; /* its run is over */
    GmqCapture *capture;
    GArray *by_event; /* of size_t: the frame of each event, plus one; 0: none */
} GmqRerun;

/* Runs the source, which is lent and must outlive the rerun; the caller frees that. NULL with an
 * error when it is not the run that the source tells of. */
GmqRerun *gmq_rerun_new(const GmqSource *source, GError **error);

/* Runs again what a trace tells of. */
GmqRerun *gmq_rerun_of(const GmqTrace *trace, GError **error);

void gmq_rerun_free(GmqRerun *rerun);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqRerun, gmq_rerun_free)

/* The frame that an event made or that made it, as its index plus one; 0: none. */
size_t gmq_rerun_frame_of(const GmqRerun *rerun, uint64_t event);

/* How many frames had reached their readers before the event of that number. */
size_t gmq_rerun_frames_before(const GmqRerun *rerun, uint64_t event);

G_END_DECLS
