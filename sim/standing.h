/* standing.h - who stands in line where, as the events so far tell: why a message is not delivered
 * yet, and what let it go on. */
#pragma once

#include "sim/trace.h"

G_BEGIN_DECLS

typedef struct GmqStanding GmqStanding;

/* The events that it is fed with must outlive it. */
GmqStanding *gmq_standing_new(void);
void gmq_standing_free(GmqStanding *standing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqStanding, gmq_standing_free)

void gmq_standing_add(GmqStanding *standing, const GmqTraceEvent *event);

/* Appends the reasons why a message that is ready in that queue stays there: "2 messages are before
 * it (p1-3, p1-4); w1 has 1 of 1 without an ack". Nothing when no reason is known. */
void gmq_standing_why(const GmqStanding *standing, const char *queue, const char *message,
                      GString *out);

/* The last event after which somebody could take from the queue again, when nobody could before; 0
 * without one. */
uint64_t gmq_standing_opening(const GmqStanding *standing, const char *queue);

/* Appends where the message is now: "It waits in queue tasks.". Its copies are told one by one. */
void gmq_standing_where(const GmqStanding *standing, const char *message, GString *out);

G_END_DECLS
