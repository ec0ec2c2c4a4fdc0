/* queue-arguments.h - the x- arguments of queue.declare (AMQP.md 10b).
 *
 * Unknown arguments are accepted and ignored. Known ones that this version does not act on are
 * refused, since a client that sets a limit must not be told that it holds when it does not. */
#pragma once

#include "core/base/fault.h"
#include "core/broker/queue.h"

G_BEGIN_DECLS

/* Checks the arguments of a new queue; 406 "invalid arg ...". */
bool gmq_queue_arguments_check(const GmqVhost *vhost, GmqSlice name, GmqSlice arguments,
                               GmqFault *fault);

/* Whether the arguments of a redeclaration mean the same (10.4, 10.12); 406 "inequivalent arg". */
bool gmq_queue_arguments_same(const GmqQueue *queue, GmqSlice arguments, GmqFault *fault);

G_END_DECLS
