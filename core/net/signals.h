/* signals.h - SIGTERM and SIGINT as input of the loop. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/net/loop.h"

G_BEGIN_DECLS

typedef struct GmqSignals GmqSignals;

/* From here on the two signals no longer end the process, and SIGPIPE and SIGXFSZ are ignored: the
 * calls that raise them fail as well. NULL with an error when the kernel refuses. */
GmqSignals *gmq_signals_new(GmqLoop *loop, GError **error);

/* The two signals end the process again. */
void gmq_signals_free(GmqSignals *signals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqSignals, gmq_signals_free)

/* Whether they end the process all the same, as they do before there are signals here. */
void gmq_signals_set_deadly(GmqSignals *signals, bool are_deadly);

/* How many have come so far, and the number of the last one. */
unsigned gmq_signals_count(const GmqSignals *signals);
int gmq_signals_last(const GmqSignals *signals);

G_END_DECLS
