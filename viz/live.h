/* live.h - a running broker as a trace that grows, by the socket in its data directory.
 *
 *     g_autoptr(GmqLive) live = gmq_live_new(directory, NULL, &error);
 *     for (;;) {
 *         switch (gmq_live_next(live)) {
 *         case GMQ_LIVE_EVENT: show the last event of gmq_live_trace(live); break;
 *         case GMQ_LIVE_NOTHING: poll gmq_live_fd(live) for reading; break;
 *         ...
 *
 * A broker tells first what there is, as events, then what happens. When its listener does not keep
 * up, it says how many events that one missed and tells again what there is: then a new trace
 * begins. So it does when a trace becomes too long, and when a broker that went away is back. */
#pragma once

#include <gio/gio.h>

#include "sim/trace.h"

G_BEGIN_DECLS

/* Events of a trace, what there was included, before a new one begins. */
#define GMQ_LIVE_EVENTS_MAX 200000

/* The longest line that a broker says. */
#define GMQ_LIVE_LINE_MAX (1024 * 1024)

/* How often it looks whether a broker that went away is back. */
#define GMQ_LIVE_RETRY_MS 500

typedef struct GmqLive GmqLive;

#define GMQ_LIVE_ERROR gmq_live_error_quark()
GQuark gmq_live_error_quark(void);

typedef enum {
    GMQ_LIVE_ERROR_FAILED,
} GmqLiveError;

typedef enum {
    GMQ_LIVE_NOTHING, /* for now */
    GMQ_LIVE_BEGIN,   /* a new trace begins; gmq_live_missed() says what was lost before it */
    GMQ_LIVE_EVENT,   /* the trace has one event more */
    GMQ_LIVE_WHOLE,   /* what there was has been told: from here on it happens */
    GMQ_LIVE_GONE,    /* the broker went away; gmq_live_why(). It is looked for again */
} GmqLiveNews;

/* Asks the broker of that directory for the events of that virtual host, NULL: its default one.
 * NULL with an error, a sentence without its full stop, when no broker answers there. */
GmqLive *gmq_live_new(const char *directory, const char *vhost, GError **error);
void gmq_live_free(GmqLive *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLive, gmq_live_free)

/* Takes one line more, without waiting for one. */
GmqLiveNews gmq_live_next(GmqLive *live);

/* To poll for reading; -1 while the broker is away: then GMQ_LIVE_RETRY_MS is to be waited. */
int gmq_live_fd(const GmqLive *live);

/* Why it went away, a sentence without its full stop; lent. */
const char *gmq_live_why(const GmqLive *live);

/* The trace of now; lent until GMQ_LIVE_BEGIN, behind which it is another one. With keep the one
 * before is kept, once: the caller frees it, at the next GMQ_LIVE_BEGIN or later. Its title names
 * the virtual host and how many others there were when it was asked for. */
const GmqTrace *gmq_live_trace(const GmqLive *live);
GmqTrace *gmq_live_take_last(GmqLive *live);

/* Events that were missed before the trace of now; 0 when it follows the one before. */
uint64_t gmq_live_missed(const GmqLive *live);

/* Of the last event: the broker's own number, 0 for what was there, that of its cause, and the time
 * in ms since 1970. */
uint64_t gmq_live_number(const GmqLive *live);
uint64_t gmq_live_cause(const GmqLive *live);
int64_t gmq_live_wall_ms(const GmqLive *live);

/* With false, what there is need not be known: a trace that becomes too long is followed by an
 * empty one, without a gap. */
void gmq_live_set_whole(GmqLive *live, bool is_whole);

/* What there is in the broker of that directory, as a trace of its own that the caller frees. NULL
 * with an error as above. */
GmqTrace *gmq_live_snapshot(const char *directory, const char *vhost, GError **error);

G_END_DECLS
