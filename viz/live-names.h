/* live-names.h - what messages of a running broker are called.
 *
 * The broker counts them. People know a message by the id that its publisher gave it, when that is
 * short and plain and no other message has it, and by "m" and its number otherwise; each copy of
 * several has its queue's name behind it: "order-17@audit". */
#pragma once

#include "core/base/event.h"

G_BEGIN_DECLS

/* Messages that are remembered; with more, all are forgotten, and called by their numbers. */
#define GMQ_LIVE_NAMES_MAX 100000

/* The longest id that is a name, in bytes. */
#define GMQ_LIVE_NAME_SIZE_MAX 48

typedef struct GmqLiveNames GmqLiveNames;

GmqLiveNames *gmq_live_names_new(void);
void gmq_live_names_free(GmqLiveNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLiveNames, gmq_live_names_free)

/* Learns from the event, whose message_id is that of a publish, and returns the name of its
 * message, lent until the next call; "" without one. queue is the one that has the copy, if any. */
const char *gmq_live_names_of(GmqLiveNames *names, const GmqEvent *event, GmqSlice queue);

/* Forgets all. */
void gmq_live_names_clear(GmqLiveNames *names);

G_END_DECLS
