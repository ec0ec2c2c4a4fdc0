#include "viz/fold.h"

#include <string.h>

void
gmq_fold_hop(GmqPicture *picture, int edge, bool is_back, const GmqTraceEvent *event)
{
    picture->hop.edge     = edge;
    picture->hop.is_back  = is_back;
    picture->hop.message  = event->message;
    picture->hop.key      = event->kind == GMQ_EVENT_ROUTED ? event->key : "";
    picture->hop.is_again = event->redelivered;
}

GmqPictureEdge *
gmq_fold_consume_edge(GmqPicture *picture, const GmqTraceEvent *event, int *index)
{
    GmqPlace queue  = gmq_picture_find(picture, GMQ_PLACE_QUEUE, event->who);
    GmqPlace client = gmq_picture_find(picture, GMQ_PLACE_CLIENT, event->to);

    if (queue.kind == GMQ_PLACE_NONE || client.kind == GMQ_PLACE_NONE) {
        queue  = gmq_picture_find(picture, GMQ_PLACE_QUEUE, event->to);
        client = gmq_picture_find(picture, GMQ_PLACE_CLIENT, event->who);
    }
    *index = -1;
    if (queue.kind == GMQ_PLACE_NONE || client.kind == GMQ_PLACE_NONE)
        return NULL;
    return gmq_picture_need_edge(picture, GMQ_EDGE_CONSUME, queue, client, index);
}

void
gmq_fold_empty_wires(GmqPicture *picture, const char *client, bool both_ways)
{
    GmqPlace place = gmq_picture_find(picture, GMQ_PLACE_CLIENT, client);

    for (unsigned i = 0; place.kind != GMQ_PLACE_NONE && i < picture->edges->len; i++) {
        GmqPictureEdge *edge = picture->edges->pdata[i];
        bool is_to           = edge->to.kind == place.kind && edge->to.index == place.index;
        bool is_from         = edge->from.kind == place.kind && edge->from.index == place.index;

        if (is_to || (is_from && both_ways))
            gmq_tokens_empty(&edge->forth);
        if (is_from || (is_to && both_ways))
            gmq_tokens_empty(&edge->back);
    }
}

GmqToken
gmq_fold_take(GmqTokens *tokens, const GmqTraceEvent *event, const char *client)
{
    size_t place = gmq_tokens_find(tokens, event->message, client);

    if (place < tokens->length)
        return gmq_tokens_take(tokens, place);
    return (GmqToken){.message     = event->message,
                      .client      = client,
                      .tag         = event->tag,
                      .order       = event->number,
                      .redelivered = event->redelivered};
}

GmqToken
gmq_fold_take_counted(GmqTokens *tokens, uint64_t *unseen, const GmqTraceEvent *event,
                      const char *client)
{
    if (*unseen > 0 && gmq_tokens_find(tokens, event->message, client) == tokens->length)
        --*unseen;
    return gmq_fold_take(tokens, event, client);
}

static void
fold_caption(GmqPicture *picture, const GmqTraceEvent *event)
{
    picture->caption = event->number;
}

static void
fold_check_broken(GmqPicture *picture, const GmqTraceEvent *event)
{
    (void)event;
    picture->totals.checks_broken++;
}

/* Kinds without a row change nothing that is drawn. */
static const GmqFold folds[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CONNECTION_OPENED] = gmq_fold_connection_opened,
    [GMQ_EVENT_CONNECTION_CLOSED] = gmq_fold_connection_closed,
    [GMQ_EVENT_EXCHANGE_DECLARED] = gmq_fold_exchange_declared,
    [GMQ_EVENT_EXCHANGE_DELETED]  = gmq_fold_exchange_deleted,
    [GMQ_EVENT_ALTERNATE_SET]     = gmq_fold_alternate_set,
    [GMQ_EVENT_ALTERNATE_CLEARED] = gmq_fold_alternate_cleared,
    [GMQ_EVENT_QUEUE_DECLARED]    = gmq_fold_queue_declared,
    [GMQ_EVENT_QUEUE_ARGUMENTS]   = gmq_fold_queue_arguments,
    [GMQ_EVENT_QUEUE_DELETED]     = gmq_fold_queue_deleted,
    [GMQ_EVENT_QUEUE_PURGED]      = gmq_fold_queue_purged,
    [GMQ_EVENT_QUEUE_COUNTED]     = gmq_fold_queue_counted,
    [GMQ_EVENT_BOUND]             = gmq_fold_bound,
    [GMQ_EVENT_UNBOUND]           = gmq_fold_unbound,
    [GMQ_EVENT_CONSUMER_ADDED]    = gmq_fold_consumer_added,
    [GMQ_EVENT_CONSUMER_REMOVED]  = gmq_fold_consumer_removed,
    [GMQ_EVENT_PUBLISHED]         = gmq_fold_published,
    [GMQ_EVENT_ROUTED]            = gmq_fold_routed,
    [GMQ_EVENT_UNROUTABLE]        = gmq_fold_unroutable,
    [GMQ_EVENT_RETURNED]          = gmq_fold_returned,
    [GMQ_EVENT_ENQUEUED]          = gmq_fold_enqueued,
    [GMQ_EVENT_DELIVERED]         = gmq_fold_delivered,
    [GMQ_EVENT_GOT]               = gmq_fold_delivered,
    [GMQ_EVENT_SETTLED_UNSEEN]    = gmq_fold_settled_unseen,
    [GMQ_EVENT_ACKED]             = gmq_fold_acked,
    [GMQ_EVENT_REJECTED]          = gmq_fold_rejected,
    [GMQ_EVENT_REQUEUED]          = gmq_fold_requeued,
    [GMQ_EVENT_RECOVERED]         = gmq_fold_recovered,
    [GMQ_EVENT_EXPIRED]           = gmq_fold_expired,
    [GMQ_EVENT_DROPPED]           = gmq_fold_dropped,
    [GMQ_EVENT_DEAD_LETTERED]     = gmq_fold_dead_lettered,
    [GMQ_EVENT_CONFIRMED]         = gmq_fold_confirmed,
    [GMQ_EVENT_NACKED]            = gmq_fold_confirmed,
    [GMQ_EVENT_CLIENT_ADDED]      = gmq_fold_client_added,
    [GMQ_EVENT_CLIENT_STARTED]    = gmq_fold_client_started,
    [GMQ_EVENT_CLIENT_SENT]       = gmq_fold_client_sent,
    [GMQ_EVENT_CLIENT_FORWARDED]  = gmq_fold_client_sent,
    [GMQ_EVENT_CLIENT_RECEIVED]   = gmq_fold_client_received,
    [GMQ_EVENT_CLIENT_REPLIED]    = gmq_fold_client_replied,
    [GMQ_EVENT_CLIENT_GAVE_UP]    = gmq_fold_client_gave_up,
    [GMQ_EVENT_CLIENT_FINISHED]   = gmq_fold_client_finished,
    [GMQ_EVENT_CLIENT_CONFIRMED]  = gmq_fold_client_confirmed,
    [GMQ_EVENT_CLIENT_NACKED]     = gmq_fold_client_nacked,
    [GMQ_EVENT_CLIENT_RETURNED]   = gmq_fold_client_returned,
    [GMQ_EVENT_CLIENT_CLOSED]     = gmq_fold_client_closed,
    [GMQ_EVENT_CAPTION]           = fold_caption,
    [GMQ_EVENT_FAULT_CRASH]       = gmq_fold_crashed,
    [GMQ_EVENT_BROKER_STOPPED]    = gmq_fold_stopped,
    [GMQ_EVENT_STARTED]           = gmq_fold_started,
    [GMQ_EVENT_FAULT_CUT]         = gmq_fold_cut,
    [GMQ_EVENT_FAULT_HEALED]      = gmq_fold_healed,
    [GMQ_EVENT_FAULT_CLOG]        = gmq_fold_clogged,
    [GMQ_EVENT_FAULT_UNCLOG]      = gmq_fold_unclogged,
    [GMQ_EVENT_FAULT_LINK]        = gmq_fold_line_changed,
    [GMQ_EVENT_FAULT_FREEZE]      = gmq_fold_frozen,
    [GMQ_EVENT_FAULT_THAW]        = gmq_fold_thawed,
    [GMQ_EVENT_CALM]              = gmq_fold_calmed,
    [GMQ_EVENT_CHECK_BROKEN]      = fold_check_broken,
};

/* Events that no row places still happen somewhere: at the client or connection they name. */
static GmqPlace
place_of(const GmqPicture *picture, const GmqTraceEvent *event)
{
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        GmqPlace place = gmq_picture_find(picture, kind, event->who);
        if (place.kind != GMQ_PLACE_NONE)
            return place;
    }
    return (GmqPlace){GMQ_PLACE_NONE, 0};
}

bool
gmq_picture_step(GmqPicture *picture)
{
    if (picture->event >= gmq_trace_length(picture->trace))
        return false;

    const GmqTraceEvent *event = gmq_trace_event(picture->trace, picture->event + 1);
    picture->event++;
    picture->time_ns = event->time_ns;
    picture->hop     = (GmqHop){.edge = -1, .message = event->message, .key = ""};
    if (folds[event->kind] != NULL)
        folds[event->kind](picture, event);
    if (picture->hop.place.kind == GMQ_PLACE_NONE)
        picture->hop.place = place_of(picture, event);
    return true;
}
