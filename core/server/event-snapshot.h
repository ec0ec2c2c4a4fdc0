/* event-snapshot.h - what is in a virtual host, told as events.
 *
 * Everything is copied at once, so that it is the state at one moment, and told piece by piece:
 * connections, exchanges and their alternates, queues and their arguments, bindings, consumers, and
 * what the queues hold. What every virtual host has from the start is left out. */
#pragma once

#include "core/base/event.h"
#include "core/server/command.h"

G_BEGIN_DECLS

typedef struct GmqEventSnapshot GmqEventSnapshot;

GmqEventSnapshot *gmq_event_snapshot_new(const GmqServing *serving, GmqSlice vhost);
void gmq_event_snapshot_free(GmqEventSnapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqEventSnapshot, gmq_event_snapshot_free)

/* The next event, without number and cause; its texts are lent until the snapshot is freed. False
 * behind the last one. */
bool gmq_event_snapshot_next(GmqEventSnapshot *snapshot, GmqEvent *event);

G_END_DECLS
