#include "viz/fold.h"

#include <string.h>

GMQ_FOLD(published)
{
    GmqPlace from, to;
    int index;
    GmqPictureClient *client     = gmq_picture_need_client(picture, event->who, &from);
    GmqPictureExchange *exchange = gmq_picture_need_exchange(picture, event->to, &to);
    GmqPictureEdge *edge = gmq_picture_need_edge(picture, GMQ_EDGE_PUBLISH, from, to, &index);

    gmq_fold_take(&edge->forth, event, NULL);
    edge->count++;
    exchange->in++;
    exchange->is_used = true;
    picture->totals.published++;
    client->publish_edge = index;
    if (*client->role == '\0')
        client->sent++; /* nobody announced what it sent, so what came in stands for it */
    if (event->tag > 0) {
        GmqUnconfirmed unconfirmed = {event->tag, event->message, (unsigned)index};
        g_array_append_val(client->unconfirmed, unconfirmed);
    }
    gmq_fold_hop(picture, index, false, event);
    picture->hop.place = to;
}

/* A message that found no binding goes to the alternate exchange, which no binding leads to. */
static GmqPictureEdge *
route_edge(GmqPicture *picture, const GmqTraceEvent *event, int *index)
{
    GmqPlace from, to;

    gmq_picture_need_exchange(picture, event->who, &from);
    if (strcmp(event->text, "exchange") != 0 && strcmp(event->text, "alternate") != 0) {
        gmq_picture_need_queue(picture, event->to, &to);
        return gmq_picture_need_edge(picture, GMQ_EDGE_BINDING, from, to, index);
    }

    GmqPictureExchange *target = gmq_picture_need_exchange(picture, event->to, &to);
    target->in++;
    target->is_used = true;
    if (gmq_picture_find_edge(picture, GMQ_EDGE_BINDING, from, to) < 0) {
        *index = gmq_picture_find_edge(picture, GMQ_EDGE_ALTERNATE, from, to);
        if (*index >= 0)
            return picture->edges->pdata[*index];
    }
    return gmq_picture_need_edge(picture, GMQ_EDGE_BINDING, from, to, index);
}

GMQ_FOLD(routed)
{
    int index;
    GmqPlace from;
    GmqPictureEdge *edge         = route_edge(picture, event, &index);
    GmqPictureExchange *exchange = gmq_picture_need_exchange(picture, event->who, &from);

    edge->count++;
    if (edge->kind == GMQ_EDGE_BINDING)
        gmq_picture_need_key(edge, event->key)->count++;
    if (edge->to.kind == GMQ_PLACE_QUEUE)
        ((GmqPictureQueue *)picture->queues->pdata[edge->to.index])->is_used = true;
    exchange->routed++;
    exchange->is_used = true;
    gmq_fold_hop(picture, index, false, event);
    picture->hop.place = from;
}

GMQ_FOLD(unroutable)
{
    GmqPictureExchange *exchange =
        gmq_picture_need_exchange(picture, event->who, &picture->hop.place);

    exchange->unroutable++;
    exchange->is_used = true;
    picture->totals.unroutable++;
}

GMQ_FOLD(returned)
{
    GmqPlace place                 = gmq_picture_find(picture, GMQ_PLACE_CLIENT, event->who);
    const GmqPictureClient *client = NULL;

    if (place.kind != GMQ_PLACE_NONE)
        client = gmq_picture_client(picture, place.index);
    if (client == NULL || client->publish_edge < 0)
        return;

    GmqPictureEdge *edge = picture->edges->pdata[client->publish_edge];
    if (*client->role != '\0')
        gmq_tokens_push_tail(&edge->back, (GmqToken){.message = event->message, .what = "return"});
    else
        picture->totals.returned++;
    edge->back_count++;
    gmq_fold_hop(picture, client->publish_edge, true, event);
    picture->hop.place = edge->to;
}

GMQ_FOLD(enqueued)
{
    GmqPictureQueue *queue = gmq_picture_need_queue(picture, event->who, &picture->hop.place);

    queue->is_passing = strcmp(event->text, "consumer") == 0;
    gmq_tokens_push_tail(&queue->ready, (GmqToken){.message     = event->message,
                                                   .order       = event->number,
                                                   .redelivered = event->redelivered,
                                                   .is_passing  = queue->is_passing});
    queue->enqueued++;
    queue->is_used   = true;
    queue->ready_max = MAX(queue->ready_max, event->count);
}

GMQ_FOLD(delivered)
{
    GmqPlace from, to;
    int index;
    GmqPictureQueue *queue   = gmq_picture_need_queue(picture, event->who, &from);
    GmqPictureClient *client = gmq_picture_need_client(picture, event->to, &to);
    GmqPictureEdge *edge     = gmq_picture_need_edge(picture, GMQ_EDGE_CONSUME, from, to, &index);
    GmqToken token = gmq_fold_take_counted(&queue->ready, &queue->ready_unseen, event, NULL);

    token.is_passing  = false;
    token.client      = client->name;
    token.tag         = event->tag;
    token.redelivered = event->redelivered;
    gmq_tokens_push_tail(&queue->unacked, token);
    if (*client->role != '\0')
        gmq_tokens_push_tail(&edge->forth, token);
    else
        client->received++;
    if (event->redelivered) {
        queue->redelivered++;
        picture->totals.redelivered++;
    }
    queue->is_passing = false;
    edge->count++;
    gmq_fold_hop(picture, index, false, event);
    picture->hop.place = from;
}

/* The queue of an event that also names a client, in whichever order, and the client. */
static GmqPictureQueue *
settling_queue(GmqPicture *picture, const GmqTraceEvent *event, GmqPictureClient **client)
{
    int index;
    GmqPictureEdge *edge = gmq_fold_consume_edge(picture, event, &index);

    if (edge == NULL)
        return NULL;
    *client = picture->clients->pdata[edge->to.index];
    if (event->kind != GMQ_EVENT_SETTLED_UNSEEN) {
        gmq_fold_take(&edge->back, event, NULL);
        edge->back_count++;
        gmq_fold_hop(picture, index, true, event);
    }
    picture->hop.place = edge->from;
    return picture->queues->pdata[edge->from.index];
}

GMQ_FOLD(settled_unseen)
{
    gmq_fold_acked(picture, event);
}

GMQ_FOLD(acked)
{
    GmqPictureClient *client = NULL;
    GmqPictureQueue *queue   = settling_queue(picture, event, &client);

    if (queue == NULL)
        return;
    gmq_fold_take_counted(&queue->unacked, &queue->unacked_unseen, event, client->name);
    queue->acked++;
    if (*client->role == '\0')
        client->finished++; /* nobody told of its work, so the ack stands for it */
}

/* What goes back to the queue leaves the unacked ones with the requeue that follows. */
GMQ_FOLD(rejected)
{
    GmqPictureClient *client = NULL;
    GmqPictureQueue *queue   = settling_queue(picture, event, &client);

    if (queue != NULL && event->count == 0)
        gmq_fold_take_counted(&queue->unacked, &queue->unacked_unseen, event, client->name);
}

GMQ_FOLD(requeued)
{
    GmqPlace place;
    GmqPictureQueue *queue = gmq_picture_need_queue(picture, event->who, &place);
    GmqToken token  = gmq_fold_take_counted(&queue->unacked, &queue->unacked_unseen, event, NULL);
    GmqPlace holder = {GMQ_PLACE_NONE, 0};

    if (token.client != NULL)
        holder = gmq_picture_find(picture, GMQ_PLACE_CLIENT, token.client);
    if (holder.kind != GMQ_PLACE_NONE)
        gmq_fold_hop(picture, gmq_picture_find_edge(picture, GMQ_EDGE_CONSUME, place, holder), true,
                     event);
    token.client      = NULL;
    token.redelivered = true;
    if (strcmp(event->text, "head") == 0)
        gmq_tokens_push_head(&queue->ready, token);
    else if (strcmp(event->text, "tail") == 0)
        gmq_tokens_push_tail(&queue->ready, token);
    else
        gmq_tokens_push_ordered(&queue->ready, token);
    queue->ready_max   = MAX(queue->ready_max, event->count);
    picture->hop.place = place;
}

/* From the disk, in the order in which it came. */
GMQ_FOLD(recovered)
{
    GmqPictureQueue *queue = gmq_picture_need_queue(picture, event->who, &picture->hop.place);

    gmq_tokens_push_tail(&queue->ready, (GmqToken){.message     = event->message,
                                                   .order       = event->number,
                                                   .redelivered = event->redelivered});
    queue->is_used   = true;
    queue->ready_max = MAX(queue->ready_max, event->count);
}

/* Out of the queue for good, from wherever it stood. */
static GmqPictureQueue *
lose(GmqPicture *picture, const GmqTraceEvent *event)
{
    GmqPictureQueue *queue = gmq_picture_need_queue(picture, event->who, &picture->hop.place);
    GmqTokens *unacked     = &queue->unacked;

    if (gmq_tokens_find(&queue->ready, event->message, NULL) == queue->ready.length &&
        gmq_tokens_find(unacked, event->message, NULL) < unacked->length)
        gmq_fold_take(unacked, event, NULL);
    else
        gmq_fold_take_counted(&queue->ready, &queue->ready_unseen, event, NULL);
    return queue;
}

GMQ_FOLD(expired)
{
    lose(picture, event)->expired++;
}

/* What an exchange drops is in no queue, and what a queue refuses never was. */
GMQ_FOLD(dropped)
{
    GmqPlace place = gmq_picture_find(picture, GMQ_PLACE_QUEUE, event->who);

    if (place.kind == GMQ_PLACE_NONE)
        return;
    if (strcmp(event->text, "refused") != 0 && strcmp(event->text, "duplicate") != 0)
        lose(picture, event);
    ((GmqPictureQueue *)picture->queues->pdata[place.index])->dropped++;
    picture->hop.place = place;
}

/* How it left the queue was told by an event of its own. */
GMQ_FOLD(dead_lettered)
{
    GmqPlace to;
    int index;
    GmqPlace from;
    GmqPictureQueue *queue       = gmq_picture_need_queue(picture, event->who, &from);
    GmqPictureExchange *exchange = gmq_picture_need_exchange(picture, event->to, &to);
    GmqPictureEdge *edge         = gmq_picture_need_edge(picture, GMQ_EDGE_DEAD, from, to, &index);

    queue->dead_lettered++;
    exchange->in++;
    exchange->is_used = true;
    edge->count++;
    gmq_picture_need_key(edge, event->text)->count++;
    gmq_fold_hop(picture, index, false, event);
    picture->hop.place = from;
}

static const char *
confirm_word(const GmqTraceEvent *event)
{
    return event->kind == GMQ_EVENT_CONFIRMED ? "ok" : "nack";
}

/* The answer leaves the broker for one message, or for all up to that number. A client that
 * announces nothing itself has it at once. */
GMQ_FOLD(confirmed)
{
    GmqPlace place;
    GmqPictureClient *client = gmq_picture_need_client(picture, event->who, &place);
    bool is_multiple         = event->count != 0;

    for (unsigned i = 0; i < client->unconfirmed->len;) {
        GmqUnconfirmed *one = &g_array_index(client->unconfirmed, GmqUnconfirmed, i);
        if (one->tag != event->tag && !(is_multiple && one->tag < event->tag)) {
            i++;
            continue;
        }

        GmqPictureEdge *edge = picture->edges->pdata[one->edge];
        edge->back_count++;
        gmq_fold_hop(picture, (int)one->edge, true, event);
        picture->hop.message = one->message;
        picture->hop.place   = edge->to;
        if (*client->role != '\0')
            gmq_tokens_push_tail(
                &edge->back,
                (GmqToken){.message = one->message, .tag = one->tag, .what = confirm_word(event)});
        else if (event->kind == GMQ_EVENT_CONFIRMED)
            client->confirmed++;
        else
            client->nacked++;
        g_array_remove_index(client->unconfirmed, i);
    }
}
