/* event-arguments.h - what was asked for with a queue, told to listeners as an event.
 *
 * The event's text is an object of JSON: the arguments of the declaration, by their names with
 * "x-", and what policies say, by theirs without. It stands behind the queue's declaration. A
 * policy that changes later is an event of its own. */
#pragma once

#include "core/base/event.h"
#include "core/broker/queue.h"
#include "core/broker/snapshot.h"

G_BEGIN_DECLS

/* Fills an event without number, cause and time: its texts are the queue's own, but for text, which
 * is in out. False when nothing was asked for. */
bool gmq_event_arguments(const GmqQueue *queue, GString *out, GmqEvent *event);

/* Those of all queues of a virtual host, of GmqEvent. */
GmqSnapshot *gmq_event_arguments_snapshot(const GmqBroker *broker, GmqSlice vhost);

G_END_DECLS
