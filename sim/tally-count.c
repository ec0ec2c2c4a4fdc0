#include "sim/tally-private.h"

/* What one kind of event adds. */
static void
on_check_broken(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)news;
    g_ptr_array_add(tally->broken, (char *)event->text);
}

typedef void (*Count)(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news);

static void
set_ready(GmqQueueTally *queue, uint64_t ready, GmqTallyNews *news)
{
    news->queue         = queue;
    news->ready_changed = queue->ready != ready;
    queue->ready        = ready;
    queue->max_ready    = MAX(queue->max_ready, ready);
}

static void
set_unacked(GmqQueueTally *queue, uint64_t unacked, GmqTallyNews *news)
{
    news->queue           = queue;
    news->unacked_changed = queue->unacked != unacked;
    queue->unacked        = unacked;
}

/* One less, but never less than none: a broken broker must not break the count. */
static uint64_t
less(uint64_t number)
{
    return number == 0 ? 0 : number - 1;
}

static void
on_queue_declared(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    news->queue             = gmq_tally_queue_of(tally, event->who);
    news->queue->is_durable = (event->count & 1) != 0;
}

/* What was ready in a queue that is deleted or purged is dropped on purpose; in one that is deleted
 * nobody has anything any more. */
static void
empty(const GmqTally *tally, const GmqQueueTally *queue, bool is_deleted)
{
    for (unsigned i = 0; i < tally->messages->len; i++) {
        const GmqMessageTally *message = tally->messages->pdata[i];

        for (GmqCopyTally *copy = message->copies; copy != NULL; copy = copy->next) {
            if (copy->queue != queue)
                continue;
            if (is_deleted)
                copy->unacked = 0;
            copy->live = copy->unacked;
        }
    }
}

static void
on_queue_purged(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqQueueTally *queue = gmq_tally_queue_of(tally, event->who);

    empty(tally, queue, false);
    set_ready(queue, 0, news);
}

static void
on_queue_deleted(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqQueueTally *queue = gmq_tally_queue_of(tally, event->who);

    empty(tally, queue, true);
    set_ready(queue, 0, news);
    set_unacked(queue, 0, news);
}

static void
on_consumer_added(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    news->queue = gmq_tally_queue_of(tally, event->who);
    news->queue->consumers++;
}

static void
on_consumer_removed(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    news->queue              = gmq_tally_queue_of(tally, event->who);
    news->queue->consumers   = less(news->queue->consumers);
    news->has_lost_consumers = news->queue->consumers == 0;
}

/* Equal names are one pointer. */
static void
add_to_route(GmqTally *tally, GmqMessageTally *message, const char *name)
{
    GmqStopTally **last = &message->route;

    for (; *last != NULL; last = &(*last)->next) {
        if ((*last)->name == name)
            return;
    }
    *last         = gmq_arena_new(&tally->arena, GmqStopTally);
    (*last)->name = name;
}

static void
on_published(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)news;
    if (*event->to != '\0')
        add_to_route(tally, gmq_tally_message_of(tally, event->message), event->to);
}

static void
on_routed(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)news;
    add_to_route(tally, gmq_tally_message_of(tally, event->message), event->to);
}

static void
on_enqueued(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqCopyTally *copy = gmq_tally_copy_of(tally, event->message, event->who);

    news->queue        = copy->queue;
    news->is_duplicate = copy->enqueued > 0;
    copy->enqueued++;
    copy->live++;
    if (strcmp(event->text, "consumer") == 0)
        copy->queue->handed++;
    else
        set_ready(copy->queue, copy->queue->ready + 1, news);
}

/* What is settled when it is sent never waits for an ack. */
static void
add_unacked(GmqTally *tally, const char *name)
{
    GmqClientTally *client    = gmq_tally_client_of(tally, name);
    const GmqClientSpec *spec = client->spec;

    if (spec == NULL || spec->ack == GMQ_ACK_AUTO)
        return;
    client->unacked++;
    client->max_unacked = MAX(client->max_unacked, client->unacked);
    if (client->unacked == spec->prefetch)
        gmq_tally_saw(tally, GMQ_SOMETIMES_PREFETCH_FULL);
}

static void
on_delivered(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqCopyTally *copy       = gmq_tally_copy_of(tally, event->message, event->who);
    GmqMessageTally *message = copy->message;
    GmqQueueTally *queue     = copy->queue;

    tally->totals.delivered++;
    message->delivered++;
    tally->totals.redelivered += event->redelivered;
    message->redelivered += event->redelivered;
    queue->redelivered += event->redelivered;
    if (queue->handed > 0)
        queue->handed--;
    else
        set_ready(queue, less(queue->ready), news);
    set_unacked(queue, queue->unacked + 1, news);
    copy->unacked++;
    add_unacked(tally, event->to);
}

/* A copy leaves its queue. One that was lost before came in again meanwhile, since what it had been
 * made from came back as well: so that is made good. */
static void
leave(GmqCopyTally *copy)
{
    copy->live = less(copy->live);
    copy->lost = less(copy->lost);
}

static void
settle(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqCopyTally *copy     = gmq_tally_copy_of(tally, event->message, event->who);
    GmqClientTally *client = gmq_tally_client_of(tally, event->to);

    leave(copy);
    copy->unacked   = less(copy->unacked);
    client->unacked = less(client->unacked);
    set_unacked(copy->queue, less(copy->queue->unacked), news);
}

static void
on_acked(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqCopyTally *copy = gmq_tally_copy_of(tally, event->message, event->who);

    copy->acked++;
    copy->queue->acked++;
    settle(tally, event, news);
}

/* With requeue the message comes back by an event of its own. */
static void
on_rejected(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    if (event->count == 0)
        settle(tally, event, news);
}

static void
on_requeued(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqCopyTally *copy   = gmq_tally_copy_of(tally, event->message, event->who);
    GmqQueueTally *queue = copy->queue;

    copy->unacked = less(copy->unacked);
    if (strcmp(event->text, "place") == 0)
        gmq_tally_saw(tally, GMQ_SOMETIMES_REQUEUE_MIDDLE);
    set_ready(queue, queue->ready + 1, news);
    set_unacked(queue, less(queue->unacked), news);
}

/* ---- death ---- */

/* It leaves the queue from among those that wait. */
static void
lose_ready(GmqCopyTally *copy, GmqTallyNews *news)
{
    leave(copy);
    set_ready(copy->queue, less(copy->queue->ready), news);
}

static void
on_expired(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqCopyTally *copy = gmq_tally_copy_of(tally, event->message, event->who);

    copy->queue->expired++;
    lose_ready(copy, news);
}

/* A message that failed too often was in somebody's hands, and one that is refused was never in the
 * queue. What an exchange drops is in none. */
static void
on_dropped(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqQueueTally *queue = gmq_tally_named(tally, event->who).queue;

    if (queue == NULL)
        return;
    queue->dropped++;
    if (strcmp(event->text, GMQ_DEATH_MAXLEN) == 0 || strcmp(event->text, GMQ_DEATH_UNSEEN) == 0) {
        lose_ready(gmq_tally_copy_of(tally, event->message, event->who), news);
    } else if (strcmp(event->text, GMQ_DEATH_DELIVERY_LIMIT) == 0) {
        GmqCopyTally *copy = gmq_tally_copy_of(tally, event->message, event->who);

        leave(copy);
        copy->unacked = less(copy->unacked);
        set_unacked(queue, less(queue->unacked), news);
    }
}

/* How it left the queue was told by an event of its own. */
static void
on_dead_lettered(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqDeadTally *dead = &gmq_tally_queue_of(tally, event->who)->dead;

    (void)news;
    if (*event->to != '\0')
        add_to_route(tally, gmq_tally_copy_of(tally, event->message, event->who)->message,
                     event->to);
    dead->rejected += strcmp(event->text, GMQ_DEATH_REJECTED) == 0;
    dead->expired += strcmp(event->text, GMQ_DEATH_EXPIRED) == 0;
    dead->maxlen += strcmp(event->text, GMQ_DEATH_MAXLEN) == 0;
    dead->delivery_limit += strcmp(event->text, GMQ_DEATH_DELIVERY_LIMIT) == 0;
}

static void
on_confirm_sent(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)news;
    if (event->count != 0)
        gmq_tally_saw(tally, GMQ_SOMETIMES_CONFIRM_MULTIPLE);
}

static void
on_connection_opened(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)news;
    gmq_tally_client_of(tally, event->who)->connections++;
}

static void
on_connection_closed(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)news;
    gmq_tally_client_of(tally, event->who)->unacked = 0;
    if (strcmp(event->text, "missed heartbeats") == 0)
        gmq_tally_saw(tally, GMQ_SOMETIMES_HEARTBEAT);
}

static void
on_sent(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqMessageTally *message = gmq_tally_named(tally, event->message).message;

    (void)news;
    tally->last_work_ns = event->time_ns;
    if (message != NULL)
        return;
    message                = gmq_tally_message_of(tally, event->message);
    message->sent_ns       = event->time_ns;
    message->is_persistent = event->count != 0;
    tally->totals.attempted++;
}

static void
on_blocked(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)event;
    (void)news;
    gmq_tally_saw(tally, GMQ_SOMETIMES_BLOCKED);
}

static void
on_client_confirmed(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqMessageTally *message = gmq_tally_message_of(tally, event->message);

    (void)news;
    tally->last_work_ns = event->time_ns;
    tally->totals.confirmed += !message->is_confirmed;
    message->is_confirmed = true;
    if (message->is_returned)
        gmq_tally_saw(tally, GMQ_SOMETIMES_RETURN_AND_ACK);
    if (event->time_ns - message->sent_ns > INT64_C(1000000000))
        gmq_tally_saw(tally, GMQ_SOMETIMES_CONFIRM_LATE);
}

static void
on_client_nacked(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqMessageTally *message = gmq_tally_message_of(tally, event->message);

    (void)news;
    tally->last_work_ns = event->time_ns;
    tally->totals.nacked += !message->is_nacked;
    message->is_nacked = true;
}

static void
on_client_taken_back(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)news;
    tally->last_work_ns                                        = event->time_ns;
    gmq_tally_message_of(tally, event->message)->is_taken_back = true;
}

static void
on_client_returned(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqMessageTally *message = gmq_tally_message_of(tally, event->message);

    (void)news;
    tally->last_work_ns = event->time_ns;
    tally->totals.returned += !message->is_returned;
    message->is_returned = true;
}

static void
on_client_closed(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqClientTally *client = gmq_tally_client_of(tally, event->who);

    (void)news;
    g_ptr_array_set_size(client->waiting, 0);
    if (event->count > 200)
        client->closed_with = event->count;
}

/* All that was in the broker's memory is gone. */
static void
lose_all(GmqTally *tally)
{
    for (unsigned i = 0; i < tally->messages->len; i++) {
        const GmqMessageTally *message = tally->messages->pdata[i];

        for (GmqCopyTally *copy = message->copies; copy != NULL; copy = copy->next) {
            copy->lost += copy->live;
            copy->live = copy->unacked = 0;
        }
    }
    for (unsigned i = 0; i < tally->queues->len; i++) {
        GmqQueueTally *queue = tally->queues->pdata[i];

        queue->ready = queue->unacked = queue->consumers = queue->handed = 0;
    }
    for (unsigned i = 0; i < tally->clients->len; i++)
        ((GmqClientTally *)tally->clients->pdata[i])->unacked = 0;
}

/* A copy is there again, even one whose ack was not on the disk. */
static void
on_recovered(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqCopyTally *copy = gmq_tally_copy_of(tally, event->message, event->who);

    gmq_tally_saw(tally, GMQ_SOMETIMES_RECOVERED);
    if (copy->lost == 0 && copy->acked > 0)
        gmq_tally_saw(tally, GMQ_SOMETIMES_RESURRECTED);
    copy->lost = less(copy->lost);
    copy->live++;
    set_ready(copy->queue, copy->queue->ready + 1, news);
}

static void
on_ended(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)news;
    if (strcmp(event->who, "broker") == 0)
        lose_all(tally);
}

static const Count counts[GMQ_N_EVENTS] = {
    [GMQ_EVENT_QUEUE_DECLARED]    = on_queue_declared,
    [GMQ_EVENT_QUEUE_DELETED]     = on_queue_deleted,
    [GMQ_EVENT_QUEUE_PURGED]      = on_queue_purged,
    [GMQ_EVENT_CONSUMER_ADDED]    = on_consumer_added,
    [GMQ_EVENT_CONSUMER_REMOVED]  = on_consumer_removed,
    [GMQ_EVENT_PUBLISHED]         = on_published,
    [GMQ_EVENT_ROUTED]            = on_routed,
    [GMQ_EVENT_ENQUEUED]          = on_enqueued,
    [GMQ_EVENT_DELIVERED]         = on_delivered,
    [GMQ_EVENT_GOT]               = on_delivered,
    [GMQ_EVENT_SETTLED_UNSEEN]    = on_acked,
    [GMQ_EVENT_ACKED]             = on_acked,
    [GMQ_EVENT_REJECTED]          = on_rejected,
    [GMQ_EVENT_REQUEUED]          = on_requeued,
    [GMQ_EVENT_EXPIRED]           = on_expired,
    [GMQ_EVENT_DROPPED]           = on_dropped,
    [GMQ_EVENT_DEAD_LETTERED]     = on_dead_lettered,
    [GMQ_EVENT_CONFIRMED]         = on_confirm_sent,
    [GMQ_EVENT_CONNECTION_OPENED] = on_connection_opened,
    [GMQ_EVENT_CONNECTION_CLOSED] = on_connection_closed,
    [GMQ_EVENT_CLIENT_SENT]       = on_sent,
    [GMQ_EVENT_BLOCKED]           = on_blocked,
    [GMQ_EVENT_CLIENT_CONFIRMED]  = on_client_confirmed,
    [GMQ_EVENT_CLIENT_NACKED]     = on_client_nacked,
    [GMQ_EVENT_CLIENT_TAKEN_BACK] = on_client_taken_back,
    [GMQ_EVENT_CLIENT_RETURNED]   = on_client_returned,
    [GMQ_EVENT_CLIENT_RECEIVED]   = gmq_tally_received,
    [GMQ_EVENT_CLIENT_FINISHED]   = gmq_tally_finished,
    [GMQ_EVENT_CLIENT_REPLIED]    = gmq_tally_replied,
    [GMQ_EVENT_CLIENT_CANCELLED]  = gmq_tally_cancelled,
    [GMQ_EVENT_CLIENT_FORWARDED]  = gmq_tally_forwarded,
    [GMQ_EVENT_CLIENT_CLOSED]     = on_client_closed,
    [GMQ_EVENT_FAULT_CRASH]       = on_ended,
    [GMQ_EVENT_BROKER_STOPPED]    = on_ended,
    [GMQ_EVENT_RECOVERED]         = on_recovered,
    [GMQ_EVENT_CHECK_BROKEN]      = on_check_broken,
};

GmqTallyNews
gmq_tally_add(GmqTally *tally, const GmqTraceEvent *event)
{
    GmqTallyNews news = {0};

    if (counts[event->kind] != NULL)
        counts[event->kind](tally, event, &news);
    return news;
}
