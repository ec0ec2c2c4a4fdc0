#include "core/server/event-snapshot.h"

#include "core/amqp/snapshot.h"
#include "core/broker/snapshot.h"
#include "core/server/event-arguments.h"

typedef enum {
    CONNECTIONS,
    EXCHANGES,
    QUEUES,
    ARGUMENTS,
    BINDINGS,
    CONSUMERS,
    N_LISTS,
} List;

struct GmqEventSnapshot {
    GmqSnapshot *lists[N_LISTS];
    char *vhost;
    int64_t time_ns;
    unsigned chapter; /* of those below */
    unsigned row;     /* the next one there */
};

/* ---- rows as events: false when there is nothing to tell of one ---- */

/* Flags as in event.def. */
static uint64_t
flags(bool is_durable, bool is_auto_delete, bool is_special)
{
    return (is_durable ? 1u : 0u) | (is_auto_delete ? 2u : 0u) | (is_special ? 4u : 0u);
}

/* A connection is listed whatever its virtual host is. */
static bool
tell_connection(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event)
{
    const GmqConnectionView *view = row;

    event->kind = GMQ_EVENT_CONNECTION_OPENED;
    event->who  = view->client_name.size > 0 ? view->client_name : view->name;
    return gmq_slice_equal(view->vhost, gmq_slice_of(snapshot->vhost));
}

static bool
tell_exchange(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event)
{
    const GmqExchangeView *view = row;

    (void)snapshot;
    event->kind  = GMQ_EVENT_EXCHANGE_DECLARED;
    event->who   = view->name;
    event->text  = view->type;
    event->count = flags(view->is_durable, view->is_auto_delete, view->is_internal);
    return !view->is_predeclared;
}

static bool
tell_alternate(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event)
{
    const GmqExchangeView *view = row;

    (void)snapshot;
    event->kind = GMQ_EVENT_ALTERNATE_SET;
    event->who  = view->name;
    event->to   = view->alternate;
    return view->alternate.data != NULL;
}

static bool
tell_queue(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event)
{
    const GmqQueueView *view = row;

    (void)snapshot;
    event->kind  = GMQ_EVENT_QUEUE_DECLARED;
    event->who   = view->name;
    event->count = flags(view->is_durable, view->is_auto_delete, view->is_exclusive);
    return true;
}

static bool
tell_arguments(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event)
{
    *event         = *(const GmqEvent *)row;
    event->time_ns = snapshot->time_ns;
    return true;
}

static bool
tell_binding(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event)
{
    const GmqBindingView *view = row;

    (void)snapshot;
    event->kind = GMQ_EVENT_BOUND;
    event->who  = view->source;
    event->to   = view->target;
    event->key  = view->key;
    event->text = view->target_kind;
    return !view->is_default;
}

static bool
tell_consumer(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event)
{
    const GmqConsumerView *view = row;

    (void)snapshot;
    event->kind    = GMQ_EVENT_CONSUMER_ADDED;
    event->who     = view->queue;
    event->to      = view->owner;
    event->channel = (uint16_t)view->channel;
    event->count   = view->prefetch;
    event->text    = view->tag;
    return true;
}

static bool
tell_counts(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event)
{
    const GmqQueueView *view = row;

    (void)snapshot;
    event->kind  = GMQ_EVENT_QUEUE_COUNTED;
    event->who   = view->name;
    event->count = view->ready;
    event->tag   = view->unacked;
    return view->messages > 0;
}

static bool
tell_pause(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event)
{
    const GmqQueueView *view = row;

    (void)snapshot;
    event->kind  = GMQ_EVENT_QUEUE_PAUSED;
    event->who   = view->name;
    event->count = view->ready;
    return gmq_slice_equal(view->state, GMQ_SLICE("paused"));
}

static const struct {
    List list;
    size_t size; /* of a row */
    bool (*tell)(const GmqEventSnapshot *snapshot, const void *row, GmqEvent *event);
} chapters[] = {
    {CONNECTIONS, sizeof(GmqConnectionView), tell_connection},
    {EXCHANGES, sizeof(GmqExchangeView), tell_exchange},
    {EXCHANGES, sizeof(GmqExchangeView), tell_alternate},
    {QUEUES, sizeof(GmqQueueView), tell_queue},
    {ARGUMENTS, sizeof(GmqEvent), tell_arguments},
    {BINDINGS, sizeof(GmqBindingView), tell_binding},
    {CONSUMERS, sizeof(GmqConsumerView), tell_consumer},
    {QUEUES, sizeof(GmqQueueView), tell_counts},
    {QUEUES, sizeof(GmqQueueView), tell_pause},
};

GmqEventSnapshot *
gmq_event_snapshot_new(const GmqServing *serving, GmqSlice vhost)
{
    GmqEventSnapshot *snapshot = g_new0(GmqEventSnapshot, 1);
    GmqHost *host              = gmq_broker_host(serving->broker);

    snapshot->vhost              = gmq_slice_dup(vhost);
    snapshot->time_ns            = host->now(host);
    snapshot->lists[CONNECTIONS] = gmq_snapshot_connections(serving->amqp);
    snapshot->lists[EXCHANGES]   = gmq_snapshot_exchanges(serving->broker, vhost);
    snapshot->lists[QUEUES]      = gmq_snapshot_queues(serving->broker, vhost);
    snapshot->lists[ARGUMENTS]   = gmq_event_arguments_snapshot(serving->broker, vhost);
    snapshot->lists[BINDINGS]    = gmq_snapshot_bindings(serving->broker, vhost);
    snapshot->lists[CONSUMERS]   = gmq_snapshot_consumers(serving->amqp, vhost);
    return snapshot;
}

void
gmq_event_snapshot_free(GmqEventSnapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    for (unsigned i = 0; i < N_LISTS; i++)
        gmq_snapshot_free(snapshot->lists[i]);
    g_free(snapshot->vhost);
    g_free(snapshot);
}

bool
gmq_event_snapshot_next(GmqEventSnapshot *snapshot, GmqEvent *event)
{
    while (snapshot->chapter < G_N_ELEMENTS(chapters)) {
        const GArray *rows = snapshot->lists[chapters[snapshot->chapter].list]->rows;

        if (snapshot->row == rows->len) {
            snapshot->chapter++;
            snapshot->row = 0;
            continue;
        }
        const void *row = rows->data + chapters[snapshot->chapter].size * snapshot->row++;
        *event          = (GmqEvent){.time_ns = snapshot->time_ns};
        if (chapters[snapshot->chapter].tell(snapshot, row, event))
            return true;
    }
    return false;
}
