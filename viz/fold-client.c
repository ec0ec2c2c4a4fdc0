#include "viz/fold.h"

#include <string.h>

/* The client of that name if it is one that is drawn: the invisible one that declares the topology
 * has a connection too. */
static GmqPictureClient *
find_client(GmqPicture *picture, const GmqTraceEvent *event)
{
    GmqPlace place = gmq_picture_find(picture, GMQ_PLACE_CLIENT, event->who);

    if (place.kind == GMQ_PLACE_NONE)
        return NULL;
    picture->hop.place = place;
    return picture->clients->pdata[place.index];
}

static GmqPictureClient *
need_client(GmqPicture *picture, const GmqTraceEvent *event)
{
    return gmq_picture_need_client(picture, event->who, &picture->hop.place);
}

/* ---- life ---- */

GMQ_FOLD(client_added)
{
    GmqPictureClient *client = need_client(picture, event);

    client->role     = event->text;
    client->consumes = client->consumes || strcmp(event->text, "consumer") == 0;
    client->prefetch = event->count;
    client->state    = GMQ_CLIENT_WAITING;
}

GMQ_FOLD(client_started)
{
    GmqPictureClient *client = need_client(picture, event);

    client->state = GMQ_CLIENT_STARTED;
    gmq_tokens_empty(&client->held);
}

GMQ_FOLD(connection_opened)
{
    GmqPictureClient *client = find_client(picture, event);

    if (client == NULL)
        return;
    client->state = GMQ_CLIENT_CONNECTED;
    gmq_tokens_empty(&client->held);
}

/* A process that died stays dead in the picture, whatever becomes of its connection. */
static void
leave(GmqPictureClient *client)
{
    if (client->state == GMQ_CLIENT_CRASHED)
        return;
    client->state = GMQ_CLIENT_CLOSED;
    gmq_tokens_empty(&client->held);
}

/* The broker knows that the connection is gone; what was on its wires is gone with it. A client
 * that has connected again already is not touched. */
GMQ_FOLD(connection_closed)
{
    GmqPictureClient *client = find_client(picture, event);

    if (client == NULL)
        return;
    g_array_set_size(client->unconfirmed, 0);
    gmq_fold_empty_wires(picture, event->who, true);
    if (*client->role == '\0')
        leave(client);
}

GMQ_FOLD(client_closed)
{
    leave(need_client(picture, event));
    gmq_fold_empty_wires(picture, event->who, false);
}

GMQ_FOLD(crashed)
{
    GmqPictureClient *client = find_client(picture, event);

    if (client == NULL)
        return;
    client->state = GMQ_CLIENT_CRASHED;
    gmq_fold_empty_wires(picture, event->who, false);
}

GMQ_FOLD(cut)
{
    GmqPictureClient *client = find_client(picture, event);

    if (client == NULL)
        return;
    client->is_cut   = true;
    client->cut_only = event->text;
}

GMQ_FOLD(healed)
{
    GmqPictureClient *client = find_client(picture, event);

    if (client != NULL)
        client->is_cut = false;
}

/* ---- work ---- */

GMQ_FOLD(client_sent)
{
    GmqPlace from, to;
    int index;
    GmqPictureClient *client     = gmq_picture_need_client(picture, event->who, &from);
    GmqPictureExchange *exchange = gmq_picture_need_exchange(picture, event->to, &to);
    GmqPictureEdge *edge = gmq_picture_need_edge(picture, GMQ_EDGE_PUBLISH, from, to, &index);

    client->sent++;
    client->publish_edge = index;
    exchange->is_used    = true;
    gmq_tokens_push_tail(&edge->forth, (GmqToken){.message = event->message});
    gmq_fold_hop(picture, index, false, event);
    picture->hop.place = from;
}

GMQ_FOLD(client_received)
{
    int index;
    GmqPictureClient *client = need_client(picture, event);
    GmqPictureEdge *edge     = gmq_fold_consume_edge(picture, event, &index);
    GmqToken token           = {.message     = event->message,
                                .tag         = event->tag,
                                .work_ns     = (int64_t)event->count * 1000000,
                                .redelivered = event->redelivered};

    if (edge != NULL) {
        gmq_fold_take(&edge->forth, event, NULL);
        gmq_fold_hop(picture, index, false, event);
    }
    if (client->held.length == 0)
        client->work_since_ns = event->time_ns;
    gmq_tokens_push_tail(&client->held, token);
    client->received++;
}

static void
count_processed(GmqPicture *picture, const GmqTraceEvent *event)
{
    if (g_hash_table_add(picture->done, (char *)event->message))
        picture->totals.processed++;
    else
        picture->totals.processed_twice++;
}

/* The answer is on its way if the queue waits for one. */
GMQ_FOLD(client_finished)
{
    int index;
    GmqPictureClient *client = need_client(picture, event);
    GmqPictureEdge *edge     = gmq_fold_consume_edge(picture, event, &index);

    gmq_fold_take(&client->held, event, NULL);
    client->work_since_ns = event->time_ns;
    client->finished++;
    count_processed(picture, event);
    if (edge == NULL)
        return;

    const GmqPictureQueue *queue = gmq_picture_queue(picture, edge->from.index);
    if (gmq_tokens_find(&queue->unacked, event->message, client->name) == queue->unacked.length)
        return;
    gmq_tokens_push_tail(
        &edge->back, (GmqToken){.message = event->message, .tag = event->tag, .what = event->text});
    gmq_fold_hop(picture, index, true, event);
}

/* ---- answers ---- */

/* Takes an answer to a publish off the wire it came on. */
static GmqPictureClient *
answered(GmqPicture *picture, const GmqTraceEvent *event)
{
    GmqPictureClient *client = need_client(picture, event);
    GmqPlace place           = picture->hop.place;

    for (unsigned i = 0; i < picture->edges->len; i++) {
        GmqPictureEdge *edge = picture->edges->pdata[i];
        if (edge->kind != GMQ_EDGE_PUBLISH || edge->from.index != place.index)
            continue;
        size_t at = gmq_tokens_find(&edge->back, event->message, NULL);
        if (at == edge->back.length)
            continue;
        gmq_tokens_take(&edge->back, at);
        gmq_fold_hop(picture, (int)i, true, event);
        break;
    }
    return client;
}

GMQ_FOLD(client_confirmed)
{
    answered(picture, event)->confirmed++;
    picture->totals.confirmed++;
}

GMQ_FOLD(client_nacked)
{
    answered(picture, event)->nacked++;
}

GMQ_FOLD(client_returned)
{
    answered(picture, event)->returned++;
}
