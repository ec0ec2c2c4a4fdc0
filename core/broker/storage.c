#include "core/broker/storage.h"

#include "core/base/limits.h"
#include "core/broker/definition.h"
#include "core/broker/storage-private.h"
#include "core/broker/vhost.h"
#include "core/store/scratch.h"

#define NS_PER_MS INT64_C(1000000)

/* ---- what the journal calls ---- */

static GmqSlice
lend(void *message)
{
    return gmq_message_stored(message);
}

static void
release(void *message)
{
    gmq_message_unref(message);
}

static void
on_done(void *user, void *waiter, uint64_t tag, bool is_kept)
{
    (void)user;
    ((GmqWaiter *)waiter)->done(waiter, tag, is_kept);
}

static void
on_stored(void *user, uint64_t number)
{
    GmqHost *host = ((const GmqStorage *)user)->host;

    if (!gmq_host_is_unheard(host))
        host->note(host, &(GmqEvent){.kind = GMQ_EVENT_STORED, .message = number});
}

static void
on_copy(void *user, const GmqFoundCopy *copy)
{
    gmq_recovery_add(((const GmqStorage *)user)->recovery, copy);
}

static void
on_copy_dropped(void *user, uint64_t id, uint32_t queue)
{
    gmq_recovery_drop(((const GmqStorage *)user)->recovery, id, queue);
}

static void
on_copy_marked(void *user, uint64_t id, uint32_t queue, uint32_t flags)
{
    gmq_recovery_mark(((const GmqStorage *)user)->recovery, id, queue, flags);
}

/* What a new broker has goes when there is something else. */
static bool
on_definition(void *user, uint64_t id, GmqSlice table, GError **error)
{
    GmqStorage *storage = user;

    if (gmq_storage_take_crash(storage, id, table))
        return true;
    if (!storage->has_definitions)
        gmq_definitions_begin(storage->broker);
    storage->has_definitions = true;
    return gmq_definition_apply(storage->broker, id, table, error);
}

static const GmqJournalClass journal_class = {
    .lend               = lend,
    .release            = release,
    .done               = on_done,
    .stored             = on_stored,
    .found_copy         = on_copy,
    .found_copy_dropped = on_copy_dropped,
    .found_copy_marked  = on_copy_marked,
    .found_definition   = on_definition,
};

/* ---- trouble (24) ---- */

void
gmq_storage_report(GmqStorage *storage, const GError *error)
{
    if (storage->trouble == NULL)
        storage->trouble = g_strdup(error->message);
    gmq_broker_set_alarm(storage->broker, GMQ_ALARM_FAILURE, true);
}

bool
gmq_storage_has_failed(const GmqStorage *storage)
{
    return gmq_journal_state(storage->journal) == GMQ_JOURNAL_FAILED;
}

static void
look_at_free_space(GmqStorage *storage)
{
    int64_t now_ns = storage->host->now(storage->host);
    uint64_t least = gmq_broker_disk_free_least(storage->broker);

    if (now_ns < storage->look_ns)
        return;
    storage->look_ns = now_ns + GMQ_DISK_RETRY_MS * NS_PER_MS;
    storage->is_low  = least > 0 && storage->host->disk->free_space(storage->host->disk) < least;
}

static void
set_alarms(GmqStorage *storage)
{
    GmqJournalState state = gmq_journal_state(storage->journal);

    gmq_broker_set_alarm(storage->broker, GMQ_ALARM_DISK,
                         storage->is_low || state == GMQ_JOURNAL_FULL);
    if (state == GMQ_JOURNAL_FAILED)
        gmq_broker_set_alarm(storage->broker, GMQ_ALARM_FAILURE, true);
}

/* While free space is low somebody waits for more of it. */
static void
set_timer(GmqStorage *storage)
{
    GmqTimers *timers = gmq_broker_timers(storage->broker);
    int64_t due_ns    = gmq_journal_deadline(storage->journal);

    if (storage->is_low)
        due_ns = MIN(due_ns, storage->look_ns);
    if (due_ns == INT64_MAX)
        gmq_timer_stop(timers, &storage->timer);
    else if (storage->timer.place == 0 || storage->timer.due_ns != due_ns)
        gmq_timer_start(timers, &storage->timer, due_ns);
}

/* The turn that this begins ends with a commit. */
static void
on_timer(GmqTimer *timer)
{
    GmqStorage *storage = (GmqStorage *)((char *)timer - offsetof(GmqStorage, timer));

    look_at_free_space(storage);
    set_alarms(storage);
}

/* ---- life ---- */

static GmqStorage *
storage_new(GmqBroker *broker)
{
    GmqStorage *storage = g_new0(GmqStorage, 1);

    storage->broker        = broker;
    storage->host          = gmq_broker_host(broker);
    storage->recovery      = gmq_recovery_new();
    storage->old_crash_ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    storage->timer.fire    = on_timer;
    return storage;
}

void
gmq_storage_free(GmqStorage *storage)
{
    gmq_timer_stop(gmq_broker_timers(storage->broker), &storage->timer);
    g_clear_pointer(&storage->pager, gmq_pager_free);
    g_clear_pointer(&storage->journal, gmq_journal_free);
    g_clear_pointer(&storage->recovery, gmq_recovery_free);
    g_clear_pointer(&storage->old_crash_ids, g_array_unref);
    g_free(storage->trouble);
    g_free(storage);
}

static void
note_started(const GmqStorage *storage, const GmqJournalReport *report, uint64_t count)
{
    GmqHost *host   = storage->host;
    const char *how = report->is_new ? "new" : report->was_clean ? "clean" : "crash";

    if (!gmq_host_is_unheard(host))
        host->note(host, &(GmqEvent){.kind  = GMQ_EVENT_STARTED,
                                     .who   = GMQ_SLICE("broker"),
                                     .count = count,
                                     .text  = gmq_slice_of(how)});
}

/* Makes the broker what the journal says. One that a first start left half-written is as a new
 * one. */
static void
take_up(GmqStorage *storage, GmqJournalReport *report)
{
    uint64_t count = 0;

    gmq_storage_keep_crash(storage, report->was_clean || report->is_new);
    if (storage->has_definitions) {
        storage->queue_numbers = gmq_definitions_queue_number_max(storage->broker);
        report->is_new |= !gmq_definitions_are_whole(storage->broker);
        count = gmq_storage_fill(storage);
        gmq_definitions_end(storage->broker);
    } else {
        report->is_new = true;
        gmq_definitions_write_all(storage->broker);
    }
    g_clear_pointer(&storage->recovery, gmq_recovery_free);
    g_clear_pointer(&storage->old_crash_ids, g_array_unref);
    note_started(storage, report, count);
}

/* Limits and times to live hold for what came back too. */
static void
trim_queues(const GmqBroker *broker)
{
    for (GList *link = gmq_broker_vhosts(broker)->head; link != NULL; link = link->next) {
        GmqVhost *vhost = link->data;

        for (GList *each = vhost->queue_list.head; each != NULL; each = each->next)
            gmq_queue_trim(each->data);
    }
}

bool
gmq_broker_open_storage(GmqBroker *broker, GmqJournalReport *report, GError **error)
{
    GmqStorage *storage = storage_new(broker);

    gmq_broker_set_storage(broker, storage);
    storage->journal =
        gmq_journal_open(gmq_broker_host(broker), &journal_class, storage, report, error);
    if (storage->journal == NULL) {
        gmq_broker_set_storage(broker, NULL);
        gmq_storage_free(storage);
        return false;
    }
    storage->pager = gmq_pager_new(broker, storage->journal);
    take_up(storage, report);
    trim_queues(broker);
    gmq_broker_dispatch(broker); /* what dies of that is kept in the same batch as its death */
    gmq_broker_commit(broker);
    return true;
}

/* ---- turns ---- */

void
gmq_broker_stored(GmqBroker *broker, uint64_t ticket, GmqDiskResult result)
{
    GmqStorage *storage = gmq_broker_storage(broker);

    if ((ticket & GMQ_SCRATCH_TICKET) == 0)
        gmq_journal_stored(storage->journal, ticket, result);
    gmq_pager_stored(storage->pager, ticket, result);
    set_alarms(storage);
}

void
gmq_broker_commit(GmqBroker *broker)
{
    GmqStorage *storage = gmq_broker_storage(broker);

    if (storage == NULL)
        return;
    gmq_journal_commit(storage->journal);
    gmq_pager_work(storage->pager);
    look_at_free_space(storage);
    set_alarms(storage);
    set_timer(storage);
}

void
gmq_broker_stop_storage(GmqBroker *broker)
{
    gmq_pager_end(gmq_broker_storage(broker)->pager);
    gmq_journal_stop(gmq_broker_storage(broker)->journal);
}

bool
gmq_broker_is_storage_idle(const GmqBroker *broker)
{
    const GmqStorage *storage = gmq_broker_storage(broker);

    return storage == NULL || gmq_journal_is_idle(storage->journal);
}

GmqJournal *
gmq_broker_journal(const GmqBroker *broker)
{
    const GmqStorage *storage = gmq_broker_storage(broker);

    return storage == NULL ? NULL : storage->journal;
}

const char *
gmq_broker_disk_trouble(const GmqBroker *broker)
{
    const GmqStorage *storage = gmq_broker_storage(broker);

    if (storage == NULL)
        return NULL;
    const char *trouble = gmq_journal_trouble(storage->journal);
    return trouble != NULL ? trouble : storage->trouble;
}

/* ---- memory ---- */

void
gmq_storage_watch(GmqQueue *queue)
{
    GmqStorage *storage = gmq_broker_storage(queue->vhost->broker);

    queue->is_watched = true;
    if (storage != NULL)
        gmq_pager_watch(storage->pager, queue);
}

void
gmq_storage_forget(GmqQueue *queue)
{
    GmqStorage *storage = gmq_broker_storage(queue->vhost->broker);

    if (storage != NULL)
        gmq_pager_forget(storage->pager, queue);
}

/* ---- marks and waiters ---- */

uint64_t
gmq_storage_changes(const GmqStorage *storage)
{
    return storage->changes;
}

uint64_t
gmq_storage_definition_mark(const GmqStorage *storage)
{
    return storage->definition_mark;
}

uint64_t
gmq_storage_mark(GmqStorage *storage)
{
    return gmq_journal_mark(storage->journal);
}

uint64_t
gmq_storage_committed(const GmqStorage *storage)
{
    return gmq_journal_committed(storage->journal);
}

bool
gmq_storage_await(GmqStorage *storage, const GmqMessage *message, GmqWaiter *waiter, uint64_t tag)
{
    uint64_t id = gmq_message_id(message);

    return id != 0 && gmq_journal_await(storage->journal, id, waiter, tag);
}

/* ---- definitions ---- */

uint32_t
gmq_storage_next_queue_number(GmqStorage *storage)
{
    return ++storage->queue_numbers;
}

static void
count_change(GmqStorage *storage)
{
    storage->changes++;
    storage->definition_mark = gmq_journal_mark(storage->journal);
}

uint64_t
gmq_storage_add_definition(GmqStorage *storage, GmqSlice table)
{
    uint64_t id = gmq_journal_add_definition(storage->journal, table);

    count_change(storage);
    return id;
}

void
gmq_storage_drop_definition(GmqStorage *storage, uint64_t id)
{
    gmq_journal_drop_definition(storage->journal, id);
    count_change(storage);
}
