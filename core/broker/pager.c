#include "core/broker/pager.h"

#include "core/base/limits.h"
#include "core/base/site.h"
#include "core/broker/broker.h"
#include "core/broker/keep.h"
#include "core/store/scratch.h"
#include "core/wire/buffer.h"
#include "core/wire/reader.h"

/* What stands in the scratch file before the bytes: u64 number, u32 event, u8 marks. */
#define HEAD_SIZE 13

struct GmqPager {
    GmqBroker *broker;
    GmqHost *host;
    const GmqJournal *journal;
    GmqScratch *scratch;
    bool has_ended;
    GQueue queues; /* of GmqQueue: those that are watched, next one first; intrusive */
    GmqTimer again;

    /* How far it has come. */
    uint64_t kept;    /* so many messages at the front of each queue stay */
    size_t fruitless; /* queues that were looked at as a whole since a message left */
    uint64_t
        rest_below; /* nothing can leave unless messages hold more, or are written; 0: no rest */

    /* Of the turn. */
    size_t n_left;         /* messages that may still be looked at */
    size_t n_put;          /* that left, of those that are looked at */
    const GmqQueue *queue; /* the one they are of */
    bool is_waiting;       /* for the scratch file */
};

/* The turn that it brings about is all that is wanted. */
static void
on_again(GmqTimer *timer)
{
    (void)timer;
}

GmqPager *
gmq_pager_new(GmqBroker *broker, const GmqJournal *journal)
{
    GmqPager *pager = g_new0(GmqPager, 1);

    pager->broker     = broker;
    pager->host       = gmq_broker_host(broker);
    pager->journal    = journal;
    pager->scratch    = gmq_scratch_new(pager->host);
    pager->kept       = GMQ_PAGE_KEPT;
    pager->again.fire = on_again;
    return pager;
}

void
gmq_pager_free(GmqPager *pager)
{
    if (pager == NULL)
        return;
    gmq_timer_stop(gmq_broker_timers(pager->broker), &pager->again);
    gmq_scratch_free(pager->scratch);
    g_free(pager);
}

void
gmq_pager_end(GmqPager *pager)
{
    pager->has_ended = true;
    gmq_scratch_end(pager->scratch);
}

void
gmq_pager_watch(GmqPager *pager, GmqQueue *queue)
{
    g_assert(queue->pager_link.data == NULL);
    queue->is_watched      = true;
    queue->pager_link.data = queue;
    g_queue_push_tail_link(&pager->queues, &queue->pager_link);
}

void
gmq_pager_forget(GmqPager *pager, GmqQueue *queue)
{
    if (queue->pager_link.data == NULL)
        return;
    queue->is_watched      = false;
    queue->pager_link.data = NULL;
    g_queue_unlink(&pager->queues, &queue->pager_link);
}

/* ---- one message ---- */

/* Whether the scratch file takes another one now. */
static bool
has_room(GmqPager *pager)
{
    if (!gmq_scratch_has_room(pager->scratch))
        gmq_scratch_commit(pager->scratch);
    if (gmq_scratch_has_room(pager->scratch))
        return true;
    pager->is_waiting = gmq_scratch_is_writing(pager->scratch);
    return false;
}

static uint64_t
write_message(GmqPager *pager, const GmqMessage *message)
{
    uint8_t head[HEAD_SIZE];
    GmqSlice parts[] = {{head, sizeof head}, gmq_message_stored(message)};

    *gmq_store_u32(gmq_store_u64(head, message->number), message->event) =
        gmq_message_marks(message);
    return gmq_scratch_put(pager->scratch, parts, G_N_ELEMENTS(parts));
}

static bool
put_out(GmqEntry *entry, void *user)
{
    GmqPager *pager     = user;
    GmqMessage *message = entry->message;
    uint64_t id         = gmq_message_id(message);

    pager->n_left -= pager->n_left > 0 ? 1 : 0;
    if (id != 0 && gmq_keep_wants(pager->queue, message)) {
        if (!gmq_journal_is_written(pager->journal, id))
            return false;
        gmq_entry_set_out(entry, GMQ_OUT_JOURNAL, id, message->body_size);
    } else {
        if (!has_room(pager))
            return false;
        gmq_entry_set_out(entry, GMQ_OUT_SCRATCH, write_message(pager, message),
                          message->body_size);
    }
    gmq_message_unref(message);
    pager->n_put++;
    return true;
}

/* ---- all queues ---- */

static uint64_t
total(const GmqPager *pager)
{
    return gmq_broker_memory_held(pager->broker);
}

/* A look at some messages of the next queue. */
static void
visit(GmqPager *pager)
{
    GmqQueue *queue = pager->queues.head->data;
    bool is_done;

    gmq_pager_forget(pager, queue);
    pager->n_left -= MIN(pager->n_left, GMQ_PAGE_VISIT);
    if (gmq_queue_ready_count(queue) == 0)
        return;
    gmq_pager_watch(pager, queue);
    pager->queue = queue;
    pager->n_put = 0;
    is_done      = !gmq_backlog_put_out(&queue->backlog, pager->kept, put_out, pager);
    if (pager->n_put > 0)
        pager->fruitless = 0;
    else if (is_done)
        pager->fruitless++;
}

/* How much more there must be before a rest ends: something, however small the limit is. */
static uint64_t
step_of(uint64_t limit)
{
    return MAX(GMQ_PAGE_STEP(limit), 1);
}

/* All queues were looked at, and nothing can leave any more but what stands at the front, which
 * goes only when memory is really short. */
static void
lower_or_rest(GmqPager *pager, uint64_t limit)
{
    pager->fruitless = 0;
    if (pager->kept > 0 && total(pager) > GMQ_PAGE_TIGHT(limit))
        pager->kept /= 4;
    else
        pager->rest_below = total(pager) + step_of(limit);
}

/* Whether there is something to do, now or in another turn. */
static bool
is_busy(const GmqPager *pager, uint64_t limit)
{
    return total(pager) > GMQ_PAGE_MARK(limit) && pager->queues.length > 0 && !pager->is_waiting &&
           total(pager) >= pager->rest_below;
}

static void
put_messages_out(GmqPager *pager, uint64_t limit)
{
    pager->is_waiting = false;
    pager->n_left     = GMQ_PAGE_TURN;
    pager->rest_below = MIN(pager->rest_below, total(pager) + step_of(limit));
    while (pager->n_left > 0 && is_busy(pager, limit)) {
        pager->rest_below = 0;
        visit(pager);
        if (pager->fruitless >= pager->queues.length)
            lower_or_rest(pager, limit);
    }
}

static void
set_timer(GmqPager *pager, bool is_work_left)
{
    GmqTimers *timers = gmq_broker_timers(pager->broker);
    int64_t due_ns =
        is_work_left ? pager->host->now(pager->host) : gmq_scratch_deadline(pager->scratch);

    if (due_ns == INT64_MAX)
        gmq_timer_stop(timers, &pager->again);
    else
        gmq_timer_start(timers, &pager->again, due_ns);
}

static void
count_cost(GmqPager *pager)
{
    GmqJournalStats stats;
    uint64_t n_scratch = gmq_scratch_length(pager->scratch);

    gmq_journal_get_stats(pager->journal, &stats);
    gmq_broker_set_memory_out(pager->broker,
                              stats.messages * GMQ_KEPT_COST + n_scratch * GMQ_SCRATCH_COST);
}

void
gmq_pager_work(GmqPager *pager)
{
    uint64_t limit = GMQ_SITE(pager->host, PAGE_EARLY) ? 1 : gmq_broker_memory_limit(pager->broker);

    count_cost(pager);
    if (limit == 0 || pager->has_ended)
        return;
    if (total(pager) > GMQ_PAGE_MARK(limit))
        put_messages_out(pager, limit);
    else if (total(pager) <= GMQ_PAGE_MARK(limit) / 2)
        pager->kept = GMQ_PAGE_KEPT;
    gmq_scratch_commit(pager->scratch);
    set_timer(pager, is_busy(pager, limit));
}

void
gmq_pager_stored(GmqPager *pager, uint64_t ticket, GmqDiskResult result)
{
    pager->rest_below = 0;
    if ((ticket & GMQ_SCRATCH_TICKET) != 0)
        gmq_scratch_stored(pager->scratch, ticket, result);
}

/* ---- back ---- */

static GmqMessage *
restore(GmqSlice bytes)
{
    if (bytes.size < HEAD_SIZE)
        return NULL;

    GmqSlice stored     = {bytes.data + HEAD_SIZE, bytes.size - HEAD_SIZE};
    GmqMessage *message = gmq_message_restore(stored, bytes.data[HEAD_SIZE - 1]);
    if (message == NULL)
        return NULL;
    message->number = gmq_load_u64(bytes.data);
    message->event  = gmq_load_u32(bytes.data + 8);
    return message;
}

GmqMessage *
gmq_pager_load(GmqPager *pager, const GmqEntry *entry, GError **error)
{
    GmqSlice bytes;

    g_assert(gmq_entry_out_kind(entry) == GMQ_OUT_SCRATCH);
    if (pager->has_ended) {
        g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED, "the broker has ended");
        return NULL;
    }
    if (!gmq_scratch_read(pager->scratch, gmq_entry_out_number(entry), &bytes, error))
        return NULL;

    GmqMessage *message = restore(bytes);
    g_assert(message != NULL);
    return message;
}

void
gmq_pager_drop(GmqPager *pager, const GmqEntry *entry)
{
    g_assert(gmq_entry_out_kind(entry) == GMQ_OUT_SCRATCH);
    if (!pager->has_ended)
        gmq_scratch_drop(pager->scratch, gmq_entry_out_number(entry));
}
