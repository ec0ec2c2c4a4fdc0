/* remote-source.h - whoever waits for a file besides the connections to a broker. */
#pragma once

#include <poll.h>

#include "sim/schedule.h"
#include "sim/world.h"

G_BEGIN_DECLS

/* When one of the events of poll() comes, the action is a step of the world, with what came in
 * ready. Who has no events waits for nothing. */
typedef struct {
    int fd; /* -1: none */
    short events;
    short ready;
    GmqAction action;
    void *data;
    uint64_t ticket; /* the step is in the schedule; 0: it is not */
} GmqRemoteSource;

/* The source is lent until it is forgotten, which leaves it without a file; the file itself stays
 * open. What is not watched may be forgotten. */
void gmq_remote_watch(GmqWorld *world, GmqRemoteSource *source);
void gmq_remote_forget(GmqWorld *world, GmqRemoteSource *source);

/* For the remote: adds a pollfd of each source; and, when poll() has filled them in, plans what is
 * to be done. */
void gmq_remote_collect_sources(const GPtrArray *sources, GArray *polled);
void gmq_remote_plan_sources(const GPtrArray *sources, GmqWorld *world, const struct pollfd *polled,
                             int64_t now_ns);

G_END_DECLS
