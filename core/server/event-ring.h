/* event-ring.h - events that wait to be told, as copies in a ring of bytes.
 *
 * It is filled while the broker works and emptied in its spare time; it allocates nothing meanwhile
 * and never grows. */
#pragma once

#include "core/base/event.h"

G_BEGIN_DECLS

typedef struct GmqEventRing GmqEventRing;

/* A ring of so many bytes; an event takes some 100. */
GmqEventRing *gmq_event_ring_new(size_t size);
void gmq_event_ring_free(GmqEventRing *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqEventRing, gmq_event_ring_free)

/* Appends a copy; its vhost is left out, and of a text what is behind GMQ_EVENT_TEXT_MAX bytes.
 * False, and nothing done, when there is no room. */
bool gmq_event_ring_push(GmqEventRing *ring, const GmqEvent *event);

#define GMQ_EVENT_TEXT_MAX 4096

bool gmq_event_ring_is_empty(const GmqEventRing *ring);

/* The oldest event; its texts are lent until it is dropped. False when there is none. */
bool gmq_event_ring_peek(const GmqEventRing *ring, GmqEvent *event);

/* Takes the oldest one away; there is one. */
void gmq_event_ring_drop(GmqEventRing *ring);

G_END_DECLS
