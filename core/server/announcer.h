/* announcer.h - tells listeners what happens in the broker, in the time that is left.
 *
 * Nobody listens most of the time: then the core's events cost a branch. A listener is told first
 * what there is (event-snapshot.h), then each event as it comes. Events are copied to a ring of the
 * listener's (event-ring.h) and made to lines at the ends of turns. All of it together takes a
 * fortieth of the broker's time at most. When that is not enough, or the ring is full since nobody
 * reads, the broker goes on unheard: the events are only counted, which costs nothing, and the
 * listener is told how many it missed and again what there is, once it has read the rest. */
#pragma once

#include "core/net/net.h"
#include "core/server/command.h"

G_BEGIN_DECLS

/* Listeners at a time; each takes a ring, and shares the time with the others. */
#define GMQ_LISTENERS_MAX 8

/* The ring of a listener: some 40,000 events. */
#define GMQ_LISTENER_RING_SIZE (4 * 1024 * 1024)

/* Lines that stand ready for a listener, but for the last one. */
#define GMQ_LISTENER_OUTPUT_SIZE 65536

typedef struct GmqHearer GmqHearer;

/* Both are lent. */
GmqAnnouncer *gmq_announcer_new(GmqNet *net, const GmqServing *serving);

/* There are no listeners any more. */
void gmq_announcer_free(GmqAnnouncer *announcer);

/* Who listens: send is called when there are lines in output, which is lent. It may end the hearer;
 * otherwise gmq_hearer_resume() follows, at once or later, when all of output has been sent. */
typedef struct {
    GString *output;
    void (*send)(void *user);
    void *user;
} GmqHearing;

/* Begins to tell of that virtual host, at the end of this turn. NULL with an error, a sentence
 * without its full stop, when there are too many listeners already. */
GmqHearer *gmq_hearer_new(GmqAnnouncer *announcer, GmqSlice vhost, const GmqHearing *hearing,
                          GError **error);
void gmq_hearer_free(GmqHearer *hearer);

/* All output is sent. */
void gmq_hearer_resume(GmqHearer *hearer);

G_END_DECLS
