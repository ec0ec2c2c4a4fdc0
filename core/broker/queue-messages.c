/* The messages of a queue: in, out, back, and away (AMQP.md 13, 16 to 19). */
#include "core/base/site.h"
#include "core/broker/broker.h"
#include "core/broker/dead-letter.h"
#include "core/broker/header.h"
#include "core/broker/keep.h"
#include "core/broker/queue.h"
#include "core/broker/storage.h"
#include "core/broker/vhost.h"

#define NS_PER_MS INT64_C(1000000)

/* As far as an entry can count. */
#define FAILURES_MAX (UINT32_MAX / GMQ_ENTRY_FAILURE)

/* ---- away: the end of a message in this queue ---- */

void
gmq_queue_let_go(GmqQueue *queue, GmqEntry *entry)
{
    bool is_out = gmq_entry_is_out(entry);

    if (is_out || gmq_keep_wants(queue, entry->message))
        gmq_keep_drop(queue, entry);
    if (!is_out)
        gmq_message_unref(entry->message);
}

static bool
has_dead_letters(const GmqQueue *queue)
{
    return queue->settings.dead_letter_exchange.data != NULL;
}

/* The message dies of the reason: dead-lettered where the queue has an exchange for that, dropped
 * otherwise. Takes over the entry; cause is the event that led to it. */
static void
bury_saying(GmqQueue *queue, GmqEntry *entry, const char *reason, GmqSlice said, uint64_t cause)
{
    if (has_dead_letters(queue) && !GMQ_BUG(queue->host, DEAD_NEVER))
        gmq_dead_letter(queue, entry, reason, said, cause);
    gmq_queue_let_go(queue, entry);
}

static void
bury(GmqQueue *queue, GmqEntry *entry, const char *reason, uint64_t cause)
{
    bury_saying(queue, entry, reason, (GmqSlice){0}, cause);
}

/* ---- next ---- */

/* A queue goes no further than to a message that cannot be read: what is behind it may be as bad,
 * and its place is not to be lost. Whoever resumes it tries again. */
static bool
take_out(GmqQueue *queue, const GmqEntry *next, GmqEntry *entry)
{
    GmqMessage *message = gmq_keep_load(queue, next);

    if (message == NULL) {
        queue->is_stuck = true;
        gmq_queue_pause(queue);
        return false;
    }
    gmq_backlog_take(&queue->backlog, entry);
    gmq_entry_set_message(entry, message);
    return true;
}

bool
gmq_queue_take(GmqQueue *queue, GmqEntry *entry)
{
    const GmqEntry *next = gmq_backlog_peek(&queue->backlog);

    if (next == NULL || queue->is_stuck)
        return false;
    return gmq_entry_is_out(next) ? take_out(queue, next, entry)
                                  : gmq_backlog_take(&queue->backlog, entry);
}

/* Takes one that dies, which is read only when somebody wants to see it. */
static bool
take_dying(GmqQueue *queue, GmqEntry *entry)
{
    return has_dead_letters(queue) || gmq_host_is_heard(queue->host)
               ? gmq_queue_take(queue, entry)
               : gmq_backlog_take(&queue->backlog, entry);
}

/* ---- expiry (17) ---- */

/* When a message that comes in now dies here: the smaller of its own time and the queue's. */
static int64_t
expiry_of(const GmqQueue *queue, const GmqMessage *message)
{
    int64_t ttl_ms     = queue->settings.ttl_ms;
    int64_t own_ttl_ms = gmq_message_ttl_ms(message);

    if (ttl_ms < 0 || (own_ttl_ms >= 0 && own_ttl_ms < ttl_ms))
        ttl_ms = own_ttl_ms;
    return ttl_ms < 0 ? INT64_MAX : queue->host->now(queue->host) + ttl_ms * NS_PER_MS;
}

static void
set_expiry_timer(GmqQueue *queue)
{
    GmqTimers *timers    = gmq_broker_timers(queue->vhost->broker);
    const GmqEntry *next = gmq_backlog_peek(&queue->backlog);

    if (next == NULL || next->expires_ns == INT64_MAX || queue->is_stuck)
        gmq_timer_stop(timers, &queue->expiry);
    else if (queue->expiry.place == 0 || queue->expiry.due_ns != next->expires_ns)
        gmq_timer_start(timers, &queue->expiry, next->expires_ns);
}

static bool
is_front_expired(const GmqQueue *queue)
{
    const GmqEntry *next = gmq_backlog_peek(&queue->backlog);

    return next != NULL && next->expires_ns <= queue->host->now(queue->host);
}

void
gmq_queue_drop_expired(GmqQueue *queue)
{
    GmqEntry entry;

    if (!queue->may_expire || GMQ_BUG(queue->host, EXPIRY_NEVER))
        return;
    while (is_front_expired(queue) && take_dying(queue, &entry)) {
        uint64_t cause =
            gmq_queue_note(queue, GMQ_EVENT_EXPIRED, &entry, 0, entry.event, "expired");

        bury(queue, &entry, "expired", cause);
    }
    set_expiry_timer(queue);
    if (queue->backlog.length == 0)
        queue->may_expire = false;
}

/* ---- length limits (18) ---- */

static bool
is_above(const GmqQueue *queue, uint64_t more_messages, uint64_t more_bytes)
{
    const GmqQueueSettings *settings = &queue->settings;

    if (GMQ_BUG(queue->host, LIMIT_IGNORED))
        return false;
    return (settings->length_max >= 0 &&
            queue->backlog.length + more_messages > (uint64_t)settings->length_max) ||
           (settings->bytes_max >= 0 &&
            queue->backlog.bytes + more_bytes > (uint64_t)settings->bytes_max);
}

/* The oldest go until the rest fits. */
static void
drop_heads(GmqQueue *queue)
{
    GmqEntry entry;

    if (queue->settings.overflow != GMQ_OVERFLOW_DROP_HEAD)
        return;
    while (is_above(queue, 0, 0) && take_dying(queue, &entry)) {
        uint64_t cause = gmq_queue_note(queue, GMQ_EVENT_DROPPED, &entry, 0, entry.event, "maxlen");

        bury(queue, &entry, "maxlen", cause);
    }
}

/* A queue that refuses looks before it looks for a consumer. */
static bool
must_refuse(const GmqQueue *queue, const GmqMessage *message)
{
    return queue->settings.overflow != GMQ_OVERFLOW_DROP_HEAD &&
           is_above(queue, 1, message->body_size);
}

static bool
refuse(GmqQueue *queue, GmqMessage *message)
{
    if (!must_refuse(queue, message))
        return false;

    GmqEntry entry = {.message = message}; /* which never was in the queue */
    uint64_t cause = gmq_queue_note(queue, GMQ_EVENT_DROPPED, &entry, 0, message->event, "refused");
    if (queue->settings.overflow == GMQ_OVERFLOW_REJECT_PUBLISH_DLX && has_dead_letters(queue))
        gmq_dead_letter(queue, &entry, "maxlen", (GmqSlice){0}, cause);
    return true;
}

/* ---- duplicates (E4) ---- */

/* A message that was here before is as good as taken. One that the queue is about to refuse was not
 * here. */
static bool
drop_duplicate(const GmqQueue *queue, GmqMessage *message)
{
    GmqEntry entry = {.message = message};

    if (!gmq_dedup_knows(queue->dedup, message)) {
        if (!must_refuse(queue, message))
            gmq_dedup_remember(queue->dedup, message);
        return false;
    }
    gmq_queue_note(queue, GMQ_EVENT_DROPPED, &entry, 0, message->event, "duplicate");
    return true;
}

/* ---- out ---- */

/* Somebody has the message in hands, who will probably settle it before it is written. */
static void
relax(const GmqQueue *queue, const GmqEntry *entry)
{
    if (gmq_keep_wants(queue, entry->message))
        gmq_keep_relax(queue, entry);
}

void
gmq_queue_dispatch(GmqQueue *queue)
{
    GmqEntry entry;

    gmq_queue_drop_expired(queue);
    while (gmq_queue_has_taker(queue) &&
           !(queue->backlog.length == 1 && GMQ_BUG(queue->host, LAST_STAYS)) &&
           gmq_queue_take(queue, &entry)) {
        relax(queue, &entry);
        gmq_queue_hand_over(queue, &entry);
        gmq_queue_drop_expired(queue);
    }
}

void
gmq_queue_trim(GmqQueue *queue)
{
    if (queue->is_queued)
        gmq_queue_dispatch(queue);
    drop_heads(queue);
    gmq_queue_drop_expired(queue);
}

/* ---- in ---- */

/* What waits may have to leave memory. */
static void
push(GmqQueue *queue, const GmqEntry *entry)
{
    gmq_backlog_push(&queue->backlog, entry);
    if (!queue->is_watched)
        gmq_storage_watch(queue);
}

/* What consumers can take now leaves before the queue is found full, or a message too late, since
 * the turn is no reason to lose one. */
static void
dispatch_early(GmqQueue *queue, int64_t expires_ns)
{
    const GmqQueueSettings *settings = &queue->settings;

    if (settings->length_max >= 0 || settings->bytes_max >= 0 ||
        expires_ns <= queue->host->now(queue->host))
        gmq_queue_dispatch(queue);
}

bool
gmq_queue_publish(GmqQueue *queue, GmqMessage *message)
{
    int64_t expires_ns = expiry_of(queue, message);

    gmq_queue_drop_expired(queue);
    if (queue->is_queued)
        dispatch_early(queue, expires_ns);
    if (queue->dedup != NULL && drop_duplicate(queue, message))
        return true;
    if (refuse(queue, message))
        return false;

    bool is_handed_over = gmq_queue_has_taker(queue) && gmq_queue_ready_count(queue) == 0;
    GmqEntry entry      = {
             .message    = gmq_message_ref(message),
             .place      = queue->place++,
             .expires_ns = expires_ns,
    };

    if (gmq_keep_wants(queue, message))
        entry.message = gmq_keep_take(queue, entry.message, expires_ns, !is_handed_over);
    entry.event = (uint32_t)gmq_queue_note(queue, GMQ_EVENT_ENQUEUED, &entry, !is_handed_over,
                                           message->event, is_handed_over ? "consumer" : "tail");
    if (is_handed_over) {
        gmq_queue_hand_over(queue, &entry);
        return true;
    }
    if (GMQ_BUG(queue->host, ENQUEUE_LOST)) {
        gmq_queue_let_go(queue, &entry);
        return true;
    }
    push(queue, &entry);
    queue->may_expire |= entry.expires_ns != INT64_MAX;
    drop_heads(queue);
    gmq_queue_drop_expired(queue);
    return true;
}

bool
gmq_queue_get(GmqQueue *queue, GmqEntry *entry)
{
    gmq_queue_renew_lease(queue);
    gmq_queue_catch_up(queue);
    gmq_queue_drop_expired(queue);
    if (queue->is_paused || !gmq_queue_take(queue, entry))
        return false;
    queue->unacked++;
    relax(queue, entry);
    return true;
}

/* ---- back ---- */

void
gmq_queue_settle(GmqQueue *queue, GmqEntry *entry)
{
    g_assert(queue->unacked > 0);

    queue->unacked--;
    gmq_queue_let_go(queue, entry);
}

void
gmq_queue_reject(GmqQueue *queue, GmqEntry *entry, GmqSlice said)
{
    g_assert(queue->unacked > 0);

    queue->unacked--;
    if (queue->is_gone)
        gmq_queue_let_go(queue, entry);
    else
        bury_saying(queue, entry, "rejected", said, entry->event);
}

/* One more delivery has failed, of a queue that counts them (E1). Returns false when that was one
 * too many: the message died of it. */
static bool
count_failure(GmqQueue *queue, GmqEntry *entry)
{
    if (gmq_entry_failures(entry) < MIN(queue->settings.delivery_limit, FAILURES_MAX)) {
        entry->flags += GMQ_ENTRY_FAILURE;
        entry->message = gmq_message_take_with_count(entry->message, gmq_entry_failures(entry));
        return true;
    }
    uint64_t cause =
        gmq_queue_note(queue, GMQ_EVENT_DROPPED, entry, 0, entry->event, "delivery_limit");
    bury(queue, entry, "delivery_limit", cause);
    return false;
}

void
gmq_queue_requeue(GmqQueue *queue, GmqEntry *entry)
{
    if (queue->is_gone) {
        gmq_queue_settle(queue, entry);
        return;
    }

    uint32_t old_flags = entry->flags;

    g_assert(queue->unacked > 0);
    queue->unacked--;
    if (queue->settings.delivery_limit >= 0 && !count_failure(queue, entry))
        return;
    if (!GMQ_BUG(queue->host, REQUEUE_UNMARKED))
        entry->flags |= GMQ_ENTRY_REDELIVERED;
    if (GMQ_BUG(queue->host, REQUEUE_TAIL))
        entry->place = queue->place++;
    if (gmq_keep_wants(queue, entry->message) && entry->flags != old_flags)
        gmq_keep_mark(queue, entry);
    entry->event =
        (uint32_t)gmq_queue_note(queue, GMQ_EVENT_REQUEUED, entry, 1, entry->event,
                                 gmq_backlog_is_first(&queue->backlog, entry) ? "head" : "place");
    gmq_backlog_return(&queue->backlog, entry);
    if (!queue->is_watched)
        gmq_storage_watch(queue);
    queue->may_expire |= entry->expires_ns != INT64_MAX;
    drop_heads(queue);
    gmq_queue_drop_expired(queue);
    if (gmq_queue_has_taker(queue) && gmq_queue_ready_count(queue) > 0 &&
        !GMQ_BUG(queue->host, REQUEUE_SLEEPS))
        gmq_broker_line_up(queue->vhost->broker, queue);
}
