#include "core/broker/queue.h"

#include "core/broker/broker.h"
#include "core/broker/storage.h"
#include "core/broker/vhost.h"

#define NS_PER_MS INT64_C(1000000)

static void
on_expiry(GmqTimer *timer)
{
    gmq_queue_drop_expired((GmqQueue *)((char *)timer - offsetof(GmqQueue, expiry)));
}

static void
on_lease_over(GmqTimer *timer)
{
    GmqQueue *queue = (GmqQueue *)((char *)timer - offsetof(GmqQueue, lease));

    gmq_vhost_remove_queue(queue->vhost, queue, "expired");
}

/* ---- policies (25) ---- */

static void
choose_policies(GmqQueue *queue)
{
    for (int kind = 0; kind < GMQ_N_POLICY_KINDS; kind++)
        queue->policies[kind] =
            gmq_policy_find_best(queue->vhost->policies[kind], GMQ_POLICY_QUEUES, queue->name);
    queue->settings = gmq_policy_merge(&queue->declared, queue->policies);
}

void
gmq_queue_apply_policies(GmqQueue *queue)
{
    int64_t old_expires_ms = queue->settings.expires_ms;

    choose_policies(queue);
    if (queue->settings.expires_ms != old_expires_ms)
        gmq_queue_renew_lease(queue);
    gmq_queue_trim(queue);
}

/* A queue that is gone hears of no policy any more, so it keeps nothing of one. */
static void
forget_policies(GmqQueue *queue)
{
    const GmqPolicy *none[GMQ_N_POLICY_KINDS] = {NULL};

    memcpy(queue->policies, none, sizeof none);
    queue->settings = gmq_policy_merge(&queue->declared, none);
}

/* ---- life ---- */

GmqQueue *
gmq_queue_new(GmqVhost *vhost, GmqSlice name, GmqSlice arguments, const GmqQueueSettings *settings)
{
    GmqQueue *queue = g_new0(GmqQueue, 1);

    queue->vhost     = vhost;
    queue->host      = vhost->host;
    queue->name      = (GmqSlice){(uint8_t *)gmq_slice_dup(name), name.size};
    queue->arguments = (GmqSlice){g_memdup2(arguments.data, arguments.size), arguments.size};
    queue->declared  = *settings;
    queue->refs      = 1;
    queue->link.data = queue;
    queue->dispatch_link.data            = queue;
    queue->expiry.fire                   = on_expiry;
    queue->lease.fire                    = on_lease_over;
    queue->declared.dead_letter_exchange = gmq_slice_own(settings->dead_letter_exchange);
    queue->declared.dead_letter_key      = gmq_slice_own(settings->dead_letter_key);
    choose_policies(queue);
    gmq_backlog_init(&queue->backlog, (unsigned)settings->priority_max);
    queue->dedup = gmq_dedup_new(queue->host, queue->arguments);
    gmq_queue_renew_lease(queue);
    return queue;
}

GmqQueue *
gmq_queue_ref(GmqQueue *queue)
{
    queue->refs++;
    return queue;
}

void
gmq_queue_unref(GmqQueue *queue)
{
    if (--queue->refs > 0)
        return;

    g_assert(queue->is_gone);
    g_assert(queue->backlog.length == 0);
    gmq_consumer_line_clear(&queue->line);
    gmq_dedup_free(queue->dedup);
    g_free((void *)queue->declared.dead_letter_exchange.data);
    g_free((void *)queue->declared.dead_letter_key.data);
    g_free((void *)queue->name.data);
    g_free((void *)queue->arguments.data);
    g_free(queue);
}

/* The clock of an unused queue runs while nobody consumes. */
void
gmq_queue_renew_lease(GmqQueue *queue)
{
    GmqTimers *timers = gmq_broker_timers(queue->vhost->broker);

    if (queue->is_gone)
        return;
    if (queue->settings.expires_ms < 0 || queue->consumers.length > 0)
        gmq_timer_stop(timers, &queue->lease);
    else
        gmq_timer_start(timers, &queue->lease,
                        queue->host->now(queue->host) + queue->settings.expires_ms * NS_PER_MS);
}

uint64_t
gmq_queue_announce(const GmqQueue *queue, GmqEventKind kind, const GmqEntry *entry, unsigned added,
                   uint64_t cause, const char *text)
{
    return queue->host->note(queue->host,
                             &(GmqEvent){.kind        = kind,
                                         .vhost       = &queue->vhost->name,
                                         .cause       = cause,
                                         .who         = queue->name,
                                         .message     = entry->message->number,
                                         .redelivered = gmq_entry_is_redelivered(entry),
                                         .count       = gmq_queue_ready_count(queue) + added,
                                         .text        = gmq_slice_of(text)});
}

void
gmq_queue_clear(GmqQueue *queue)
{
    GmqEntry entry;

    while (gmq_backlog_take(&queue->backlog, &entry))
        gmq_queue_let_go(queue, &entry);
    gmq_backlog_clear(&queue->backlog);
}

uint64_t
gmq_queue_purge(GmqQueue *queue)
{
    uint64_t count = gmq_queue_ready_count(queue);

    gmq_queue_clear(queue);
    gmq_queue_drop_expired(queue);
    if (!gmq_host_is_unheard(queue->host))
        queue->host->note(queue->host, &(GmqEvent){.kind  = GMQ_EVENT_QUEUE_PURGED,
                                                   .vhost = &queue->vhost->name,
                                                   .who   = queue->name,
                                                   .count = count});
    return count;
}

void
gmq_queue_end(GmqQueue *queue)
{
    GmqTimers *timers = gmq_broker_timers(queue->vhost->broker);

    queue->is_gone = true;
    forget_policies(queue);
    gmq_timer_stop(timers, &queue->expiry);
    gmq_timer_stop(timers, &queue->lease);
    gmq_broker_step_out(queue->vhost->broker, queue);
    gmq_storage_forget(queue);
    while (queue->consumers.length > 0) {
        GmqConsumer *consumer = queue->consumers.head->data;

        gmq_queue_detach_consumer(queue, consumer);
        consumer->class_->cancelled(consumer);
        gmq_queue_unref(queue);
    }
    gmq_queue_clear(queue);
}
