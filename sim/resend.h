/* resend.h - when a segment is sent again: after 200 ms, then after twice as long each time.
 *
 * What is lost costs a retransmission time-out, which doubles up to 3.2 s. A segment that is lost
 * six times in a row takes its connection along. */
#pragma once

#include "sim/random.h"

G_BEGIN_DECLS

#define GMQ_RESEND_FIRST_NS INT64_C(200000000)
#define GMQ_RESEND_MOST_NS INT64_C(3200000000)

/* So many losses of one segment end its connection. */
#define GMQ_RESEND_LOSSES_MAX 6

/* What a probability is a part of. */
#define GMQ_LOSS_ALL 1000000

/* How often a segment is lost before it arrives, at most GMQ_RESEND_LOSSES_MAX; loss is in parts of
 * GMQ_LOSS_ALL. One draw, whatever the loss. */
unsigned gmq_resend_draw(GmqRandom *stream, uint64_t loss);

/* How long a segment has waited when it is sent for the last time after so many losses; after
 * GMQ_RESEND_LOSSES_MAX, when its sender gives up. */
int64_t gmq_resend_wait(unsigned losses);

/* When a segment that was first sent then is sent (again), from from_ns on. INT64_MAX for never. */
int64_t gmq_resend_time(int64_t sent_ns, int64_t from_ns);

G_END_DECLS
