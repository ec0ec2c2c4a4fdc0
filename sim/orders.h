/* orders.h - what the timeline wants of a client: changes of the topology, in order.
 *
 * An order waits until its client's channel can be used. What was sent and not answered when the
 * connection ends is not sent again; what was not sent yet stays for the next connection. */
#pragma once

#include "core/wire/method.h"
#include "sim/deed.h"
#include "sim/sim-client.h"

G_BEGIN_DECLS

/* The method that a deed about the topology sends. It lends the scenario's texts and the
 * arguments, which must be empty and outlive it. */
GmqMethod gmq_order_method(const GmqScenario *scenario, const GmqDeed *deed, GmqBuffer *arguments);

G_END_DECLS
