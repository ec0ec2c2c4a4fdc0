/* consuming.h - a client as a consumer of its queue, from basic.consume to the end of that.
 *
 * The broker may cancel a consumer whose queue is gone. A client that reconnects then consumes anew
 * after the same time, on the channel that it has; another one stays, and gets nothing more. */
#pragma once

#include "sim/sim-client.h"

G_BEGIN_DECLS

typedef struct {
    GmqSimClient *client;
    uint64_t ticket; /* of consuming anew; 0: none */
} GmqConsuming;

/* The channel can be used: sets the prefetch and consumes. */
void gmq_consuming_begin(GmqConsuming *consuming);

/* The broker has cancelled the consumer of that tag. */
void gmq_consuming_cancelled(GmqConsuming *consuming, GmqSlice consumer_tag);

/* The channel cannot be used any more. */
void gmq_consuming_end(GmqConsuming *consuming);

G_END_DECLS
