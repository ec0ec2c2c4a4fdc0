/* Queues get back what the journal kept of them (AMQP.md 26.1). */
#include "core/base/site.h"
#include "core/broker/definition.h"
#include "core/broker/storage-private.h"
#include "core/broker/vhost.h"
#include "core/wire/table.h"

#define NS_PER_MS INT64_C(1000000)

typedef struct {
    GmqStorage *storage;
    uint32_t number;
    GmqQueue *queue; /* of that number; NULL: it is not there any more */
    int64_t now_ns;  /* the same moment by two clocks */
    int64_t now_ms;
    uint64_t count;
} Filling;

/* ---- crashes (16.8) ----
 *
 * It is not known who had a message in hands when the broker came to its end without having said
 * so: as in RabbitMQ each may have been delivered then. That is not written to each, but once: the
 * id of the record of the crash is above those of all messages that were there. */

#define CRASH "crash"

bool
gmq_storage_take_crash(GmqStorage *storage, uint64_t id, GmqSlice table)
{
    GmqValue type;

    if (!gmq_table_find(table, GMQ_SLICE("type"), &type) || type.type != GMQ_VALUE_STRING ||
        !gmq_slice_equal(type.bytes, GMQ_SLICE(CRASH)))
        return false;
    if (storage->crash_id != 0)
        g_array_append_val(storage->old_crash_ids, storage->crash_id);
    storage->crash_id = id;
    return true;
}

static void
add_crash(GmqStorage *storage)
{
    g_auto(GmqBuffer) table = {0};

    gmq_table_add_text(&table, "type", GMQ_SLICE(CRASH));
    gmq_table_add_int(&table, "timestamp_in_ms", storage->host->wall_ms(storage->host));
    if (storage->crash_id != 0)
        g_array_append_val(storage->old_crash_ids, storage->crash_id);
    storage->crash_id = gmq_journal_add_definition(storage->journal, gmq_buffer_slice(&table));
}

void
gmq_storage_keep_crash(GmqStorage *storage, bool was_clean)
{
    if (!was_clean)
        add_crash(storage);
    for (unsigned i = 0; i < storage->old_crash_ids->len; i++)
        gmq_journal_drop_definition(storage->journal,
                                    g_array_index(storage->old_crash_ids, uint64_t, i));
}

/* ---- copies ---- */

/* A time that outlives the host as one of this host. */
static int64_t
host_time_of(const Filling *filling, int64_t time_ms)
{
    return time_ms == INT64_MAX ? INT64_MAX
                                : filling->now_ns + (time_ms - filling->now_ms) * NS_PER_MS;
}

/* Somebody looks: then its number is worth being read. */
static void
note_recovered(const Filling *filling, uint64_t id, bool is_redelivered)
{
    GmqHost *host = filling->storage->host;
    GmqFoundCopy found;
    GmqSlice ignored;

    if (gmq_host_is_unheard(host) ||
        !gmq_journal_read(filling->storage->journal, id, &found, &ignored, NULL))
        return;
    host->note(host, &(GmqEvent){.kind        = GMQ_EVENT_RECOVERED,
                                 .vhost       = &filling->queue->vhost->name,
                                 .who         = filling->queue->name,
                                 .message     = found.number,
                                 .redelivered = is_redelivered,
                                 .count       = gmq_queue_ready_count(filling->queue)});
}

static void
push(Filling *filling, const GmqRecovered *copy)
{
    GmqQueue *queue = filling->queue;
    GmqEntry entry  = {.place      = queue->place++,
                       .expires_ns = host_time_of(filling, copy->expires_ms),
                       .flags      = copy->flags};

    if (copy->id < filling->storage->crash_id)
        entry.flags |= GMQ_ENTRY_REDELIVERED;
    gmq_entry_set_out(&entry, GMQ_OUT_JOURNAL, copy->id, copy->body_size);
    gmq_backlog_push_out(&queue->backlog, &entry, copy->priority);
    queue->may_expire |= entry.expires_ns != INT64_MAX;
    filling->count++;
    note_recovered(filling, copy->id, gmq_entry_is_redelivered(&entry));
}

static void
on_copy(const GmqRecovered *copy, void *user)
{
    Filling *filling    = user;
    GmqJournal *journal = filling->storage->journal;

    if (!gmq_journal_has(journal, copy->id) || GMQ_BUG(filling->storage->host, RECOVER_FORGET))
        return;
    if (filling->queue != NULL)
        push(filling, copy);
    else
        gmq_journal_drop_copy(journal, copy->id, filling->number);
}

uint64_t
gmq_storage_fill(GmqStorage *storage)
{
    GmqHost *host         = storage->host;
    GmqRecovery *recovery = storage->recovery;
    Filling filling       = {
              .storage = storage, .now_ns = host->now(host), .now_ms = host->wall_ms(host)};

    gmq_broker_number_from(storage->broker, gmq_recovery_message_max(recovery));
    for (unsigned i = 0; i < gmq_recovery_queue_count(recovery); i++) {
        filling.number         = gmq_recovery_queue_at(recovery, i);
        filling.queue          = gmq_definitions_find_queue(storage->broker, filling.number);
        storage->queue_numbers = MAX(storage->queue_numbers, filling.number);
        gmq_recovery_take(recovery, i, on_copy, &filling);
    }
    return filling.count;
}
