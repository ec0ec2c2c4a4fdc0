/* host.h - the world as the core sees it: one struct of functions.
 *
 * The core is told (opened, received, writable, closed, woken) and answers through these. The real
 * host implements them with epoll and the system's clock, the simulated one with an event heap.
 * None of them may call back into the core: completions come as inputs of their own, later. */
#pragma once

#include "core/base/disk.h"
#include "core/base/event.h"

G_BEGIN_DECLS

/* Named streams of random numbers. In the simulator each is seeded on its own. */
typedef enum {
    GMQ_STREAM_NAMES,   /* server-generated queue names and consumer tags */
    GMQ_STREAM_ROUTING, /* exchanges that choose by chance */
    GMQ_STREAM_SECRETS, /* salts of passwords */
    GMQ_STREAM_JOURNAL, /* salts of segments */
    GMQ_N_STREAMS,
} GmqStream;

/* A connection as the host knows it; the core keeps the pointer and hands it back. */
typedef struct GmqPeer GmqPeer;

typedef struct GmqHost GmqHost;

struct GmqHost {
    /* Time: ns since the start of the host, constant while one input is handled; and the wall
     * clock in ms since 1970. */
    int64_t (*now)(GmqHost *host);
    int64_t (*wall_ms)(GmqHost *host);

    /* Asks for one woken() at or after time_ns. There is one timer: a new time replaces the old
     * one, INT64_MAX stops it. */
    void (*wake_at)(GmqHost *host, int64_t time_ns);

    /* Sends as many of the bytes as the peer takes now and returns how many that were. After less
     * than all, writable() follows when there is room again. The bytes are lent for the call. */
    size_t (*write)(GmqHost *host, GmqPeer *peer, const GmqSlice *slices, size_t n_slices);

    /* Back-pressure: while the gate is shut the host reads nothing from the peer. */
    void (*read_gate)(GmqHost *host, GmqPeer *peer, bool open);

    /* Ends the connection: close after what was written has gone out (FIN), abort at once (RST).
     * Either way closed() follows as an input, and only then is the peer gone. received() may
     * come no more after either. */
    void (*close)(GmqHost *host, GmqPeer *peer);
    void (*abort)(GmqHost *host, GmqPeer *peer);

    /* The data directory; NULL when nothing is to outlive the process. */
    GmqDisk *disk;

    /* 64 random bits. */
    uint64_t (*random)(GmqHost *host, GmqStream stream);

    /* The glass: takes an event and returns its number, 1 or more. Called only while somebody
     * listens; see gmq_host_is_unheard(). */
    uint64_t (*note)(GmqHost *host, const GmqEvent *event);

    /* Events that came while nobody listened, from 0 up; GMQ_HEARD while somebody does. */
    int64_t unheard;

    /* Whether a site fires at this visit. Nobody asks but the build for tests: see site.h. */
    bool (*site)(GmqHost *host, unsigned site);
};

/* Somebody listens: so far below 0 that no count brings it back. */
#define GMQ_HEARD INT64_MIN

/* Whether nobody hears the event that is about to be told, which is counted then: a listener that
 * is let go for a while can be told how much it missed, for the price of the one branch. */
static inline bool
gmq_host_is_unheard(GmqHost *host)
{
    return ++host->unheard >= 0;
}

/* The same without an event to tell. */
static inline bool
gmq_host_is_heard(const GmqHost *host)
{
    return host->unheard < 0;
}

G_END_DECLS
