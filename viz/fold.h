/* fold.h - how each kind of event changes the picture; only for fold*.c. */
#pragma once

#include "viz/picture.h"

G_BEGIN_DECLS

typedef void (*GmqFold)(GmqPicture *picture, const GmqTraceEvent *event);

/* What the current event moved. */
void gmq_fold_hop(GmqPicture *picture, int edge, bool is_back, const GmqTraceEvent *event);

/* The edge between the queue and the client of an event, in whichever order it names them. */
GmqPictureEdge *gmq_fold_consume_edge(GmqPicture *picture, const GmqTraceEvent *event, int *index);

/* Forgets what is on the wires of a client: towards it, or in both directions. */
void gmq_fold_empty_wires(GmqPicture *picture, const char *client, bool both_ways);

/* Takes a message off a wire or out of a queue's list; a token made up from the event when it was
 * not there, as in a trace that begins in the middle. */
GmqToken gmq_fold_take(GmqTokens *tokens, const GmqTraceEvent *event, const char *client);

/* The same of a list behind which unseen more are: when it was not there, it was one of them. */
GmqToken gmq_fold_take_counted(GmqTokens *tokens, uint64_t *unseen, const GmqTraceEvent *event,
                               const char *client);

#define GMQ_FOLD(name) void gmq_fold_##name(GmqPicture *picture, const GmqTraceEvent *event)

/* Topology (fold-topology.c). */
GMQ_FOLD(exchange_declared);
GMQ_FOLD(exchange_deleted);
GMQ_FOLD(alternate_set);
GMQ_FOLD(alternate_cleared);
GMQ_FOLD(queue_declared);
GMQ_FOLD(queue_arguments);
GMQ_FOLD(queue_deleted);
GMQ_FOLD(queue_purged);
GMQ_FOLD(queue_counted);
GMQ_FOLD(bound);
GMQ_FOLD(unbound);
GMQ_FOLD(consumer_added);
GMQ_FOLD(consumer_removed);

/* The hops of a message inside the broker (fold-message.c). */
GMQ_FOLD(published);
GMQ_FOLD(routed);
GMQ_FOLD(unroutable);
GMQ_FOLD(returned);
GMQ_FOLD(enqueued);
GMQ_FOLD(delivered);
GMQ_FOLD(settled_unseen);
GMQ_FOLD(acked);
GMQ_FOLD(rejected);
GMQ_FOLD(requeued);
GMQ_FOLD(recovered);
GMQ_FOLD(expired);
GMQ_FOLD(dropped);
GMQ_FOLD(dead_lettered);
GMQ_FOLD(confirmed);

/* Clients, their wires and what befalls them (fold-client.c). */
GMQ_FOLD(connection_opened);
GMQ_FOLD(connection_closed);
GMQ_FOLD(client_added);
GMQ_FOLD(client_started);
GMQ_FOLD(client_sent);
GMQ_FOLD(client_received);
GMQ_FOLD(client_finished);
GMQ_FOLD(client_replied);
GMQ_FOLD(client_gave_up);
GMQ_FOLD(client_confirmed);
GMQ_FOLD(client_nacked);
GMQ_FOLD(client_returned);
GMQ_FOLD(client_closed);
GMQ_FOLD(crashed);
GMQ_FOLD(stopped);
GMQ_FOLD(started);
GMQ_FOLD(cut);
GMQ_FOLD(healed);
GMQ_FOLD(clogged);
GMQ_FOLD(unclogged);
GMQ_FOLD(line_changed);
GMQ_FOLD(frozen);
GMQ_FOLD(thawed);
GMQ_FOLD(calmed);

G_END_DECLS
