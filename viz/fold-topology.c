#include "viz/fold.h"

#include <string.h>

GMQ_FOLD(exchange_declared)
{
    GmqPictureExchange *exchange =
        gmq_picture_need_exchange(picture, event->who, &picture->hop.place);

    exchange->type       = event->text;
    exchange->flags      = (unsigned)event->count;
    exchange->is_deleted = false;
}

static void
end_edges(GmqPicture *picture, GmqPlace place)
{
    for (unsigned i = 0; i < picture->edges->len; i++) {
        GmqPictureEdge *edge = picture->edges->pdata[i];
        bool is_from         = edge->from.kind == place.kind && edge->from.index == place.index;
        bool is_to           = edge->to.kind == place.kind && edge->to.index == place.index;

        if (!is_from && !is_to)
            continue;
        for (unsigned k = 0; k < edge->keys->len; k++)
            g_array_index(edge->keys, GmqPictureKey, k).is_bound = false;
        edge->is_set = false;
    }
}

GMQ_FOLD(exchange_deleted)
{
    GmqPictureExchange *exchange =
        gmq_picture_need_exchange(picture, event->who, &picture->hop.place);

    exchange->is_deleted = true;
    end_edges(picture, picture->hop.place);
}

static void
end_alternate(GmqPicture *picture, GmqPlace from)
{
    for (unsigned i = 0; i < picture->edges->len; i++) {
        GmqPictureEdge *edge = picture->edges->pdata[i];
        if (edge->kind == GMQ_EDGE_ALTERNATE && edge->from.index == from.index)
            edge->is_set = false;
    }
}

/* One exchange has one alternate: setting another ends the first. */
GMQ_FOLD(alternate_set)
{
    GmqPlace from, to;
    int index;

    gmq_picture_need_exchange(picture, event->who, &from);
    gmq_picture_need_exchange(picture, event->to, &to);
    end_alternate(picture, from);
    gmq_picture_need_edge(picture, GMQ_EDGE_ALTERNATE, from, to, &index)->is_set = true;
    picture->hop.place                                                           = from;
}

GMQ_FOLD(alternate_cleared)
{
    gmq_picture_need_exchange(picture, event->who, &picture->hop.place);
    end_alternate(picture, picture->hop.place);
}

GMQ_FOLD(queue_declared)
{
    GmqPictureQueue *queue = gmq_picture_need_queue(picture, event->who, &picture->hop.place);

    queue->flags      = (unsigned)event->count;
    queue->is_deleted = false;
}

GMQ_FOLD(queue_deleted)
{
    GmqPictureQueue *queue = gmq_picture_need_queue(picture, event->who, &picture->hop.place);

    queue->is_deleted   = true;
    queue->is_passing   = false;
    queue->ready_unseen = 0;
    gmq_tokens_empty(&queue->ready);
    end_edges(picture, picture->hop.place);
}

/* Where its dead letters would go is a line before one has gone there. */
GMQ_FOLD(queue_arguments)
{
    GmqPlace to;
    int index;

    gmq_picture_need_queue(picture, event->who, &picture->hop.place);
    if (event->count == 0)
        return;
    gmq_picture_need_exchange(picture, event->to, &to);
    gmq_picture_need_edge(picture, GMQ_EDGE_DEAD, picture->hop.place, to, &index)->is_set = true;
}

GMQ_FOLD(queue_purged)
{
    GmqPictureQueue *queue = gmq_picture_need_queue(picture, event->who, &picture->hop.place);

    queue->is_passing   = false;
    queue->ready_unseen = 0;
    gmq_tokens_empty(&queue->ready);
}

/* Somebody begins to look at a broker that runs. */
GMQ_FOLD(queue_counted)
{
    GmqPictureQueue *queue = gmq_picture_need_queue(picture, event->who, &picture->hop.place);

    queue->ready_unseen   = event->count;
    queue->unacked_unseen = event->tag;
    queue->is_used        = true;
    queue->ready_max      = MAX(queue->ready_max, event->count);
}

static GmqPictureEdge *
need_binding(GmqPicture *picture, const GmqTraceEvent *event)
{
    GmqPlace from, to;
    int index;

    gmq_picture_need_exchange(picture, event->who, &from);
    if (strcmp(event->text, "exchange") == 0)
        gmq_picture_need_exchange(picture, event->to, &to);
    else
        gmq_picture_need_queue(picture, event->to, &to);

    GmqPictureEdge *edge = gmq_picture_need_edge(picture, GMQ_EDGE_BINDING, from, to, &index);
    gmq_fold_hop(picture, index, false, event);
    picture->hop.place = from;
    return edge;
}

GMQ_FOLD(bound)
{
    gmq_picture_need_key(need_binding(picture, event), event->key)->is_bound = true;
}

GMQ_FOLD(unbound)
{
    gmq_picture_need_key(need_binding(picture, event), event->key)->is_bound = false;
}

GMQ_FOLD(consumer_added)
{
    GmqPlace queue_place, client_place;
    int index;

    gmq_picture_need_queue(picture, event->who, &queue_place);
    GmqPictureClient *client = gmq_picture_need_client(picture, event->to, &client_place);
    GmqPictureEdge *edge =
        gmq_picture_need_edge(picture, GMQ_EDGE_CONSUME, queue_place, client_place, &index);

    edge->consumers++;
    client->prefetch = event->count;
    gmq_fold_hop(picture, index, true, event);
    picture->hop.place = queue_place;
}

GMQ_FOLD(consumer_removed)
{
    int index;
    GmqPictureEdge *edge = gmq_fold_consume_edge(picture, event, &index);

    if (edge == NULL)
        return;
    if (edge->consumers > 0)
        edge->consumers--;
    gmq_fold_hop(picture, index, true, event);
    picture->hop.place = edge->from;
}
