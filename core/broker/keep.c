#include "core/broker/keep.h"

#include "core/base/site.h"
#include "core/broker/header.h"
#include "core/broker/storage-private.h"
#include "core/broker/vhost.h"

#define NS_PER_MS INT64_C(1000000)

/* The journal, as long as there is one that takes anything. */
static GmqJournal *
journal_of(const GmqQueue *queue)
{
    const GmqStorage *storage = gmq_broker_storage(queue->vhost->broker);

    return storage == NULL || gmq_storage_has_failed(storage) ? NULL : storage->journal;
}

/* The id of the entry's message in the journal; 0 when it has none there. */
static uint64_t
id_of(const GmqEntry *entry)
{
    if (!gmq_entry_is_out(entry))
        return gmq_message_id(entry->message);
    return gmq_entry_out_kind(entry) == GMQ_OUT_JOURNAL ? gmq_entry_out_number(entry) : 0;
}

/* ---- in ---- */

/* A time of the host as one that outlives it. */
static int64_t
wall_time_of(const GmqQueue *queue, int64_t time_ns)
{
    GmqHost *host = queue->host;

    if (time_ns == INT64_MAX)
        return INT64_MAX;
    return host->wall_ms(host) + (time_ns - host->now(host)) / NS_PER_MS;
}

static GmqMessage *
take_clone(GmqMessage *message)
{
    GmqMessage *clone = gmq_message_clone(message);

    gmq_message_unref(message);
    return clone;
}

static void
add_message(GmqJournal *journal, GmqMessage *message)
{
    GmqJournalMessage added = {.message   = gmq_message_ref(message),
                               .number    = message->number,
                               .body_size = message->body_size,
                               .priority  = message->priority,
                               .marks     = gmq_message_marks(message)};

    gmq_message_set_id(message, gmq_journal_add_message(journal, &added));
}

/* A message that no queue has any more, as one who acks by itself has taken it, begins anew. */
GmqMessage *
gmq_keep_take(const GmqQueue *queue, GmqMessage *message, int64_t expires_ns, bool is_urgent)
{
    GmqJournal *journal = journal_of(queue);
    uint64_t id         = gmq_message_id(message);
    bool is_known       = journal != NULL && id != 0 && gmq_journal_has(journal, id);

    if (journal == NULL)
        return message;
    if (is_known && !gmq_journal_is_open(journal, id))
        message = take_clone(message);
    if (!is_known || gmq_message_id(message) == 0)
        add_message(journal, message);
    gmq_journal_add_copy(journal, gmq_message_id(message), queue->number,
                         wall_time_of(queue, expires_ns), is_urgent);
    return message;
}

/* ---- there ---- */

void
gmq_keep_relax(const GmqQueue *queue, const GmqEntry *entry)
{
    GmqJournal *journal = journal_of(queue);
    uint64_t id         = id_of(entry);

    if (journal != NULL && id != 0)
        gmq_journal_relax(journal, id);
}

void
gmq_keep_mark(const GmqQueue *queue, const GmqEntry *entry)
{
    GmqJournal *journal = journal_of(queue);
    uint64_t id         = id_of(entry);

    if (journal != NULL && id != 0)
        gmq_journal_mark_copy(journal, id, queue->number, entry->flags);
}

void
gmq_keep_replace(const GmqQueue *queue, const GmqEntry *entry)
{
    GmqJournal *journal = journal_of(queue);
    uint64_t id         = id_of(entry);

    if (journal != NULL && id != 0)
        gmq_journal_replace(journal, id);
}

static bool
is_in_scratch(const GmqEntry *entry)
{
    return gmq_entry_is_out(entry) && gmq_entry_out_kind(entry) == GMQ_OUT_SCRATCH;
}

void
gmq_keep_drop(const GmqQueue *queue, const GmqEntry *entry)
{
    const GmqStorage *storage = gmq_broker_storage(queue->vhost->broker);

    if (GMQ_BUG(queue->host, ACK_UNWRITTEN))
        return;
    if (storage != NULL && is_in_scratch(entry)) {
        gmq_pager_drop(storage->pager, entry);
        return;
    }

    GmqJournal *journal = journal_of(queue);
    uint64_t id         = id_of(entry);

    if (journal != NULL && id != 0)
        gmq_journal_drop_copy(journal, id, queue->number);
}

/* ---- back ---- */

static GmqMessage *
read_message(GmqJournal *journal, uint64_t id, GError **error)
{
    GmqFoundCopy found;
    GmqSlice bytes;

    if (!gmq_journal_read(journal, id, &found, &bytes, error))
        return NULL;

    GmqMessage *message = gmq_message_restore(bytes, found.marks);
    if (message == NULL || message->body_size != found.body_size) {
        g_clear_pointer(&message, gmq_message_unref);
        g_set_error(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_CONTENT,
                    "message %" G_GUINT64_FORMAT " of the journal is none", id);
        return NULL;
    }
    gmq_message_set_id(message, id);
    message->number = found.number;
    return message;
}

static void
note_unreadable(const GmqQueue *queue, uint64_t id, const GError *error)
{
    if (!gmq_host_is_unheard(queue->host))
        queue->host->note(queue->host, &(GmqEvent){.kind  = GMQ_EVENT_UNREADABLE,
                                                   .vhost = &queue->vhost->name,
                                                   .who   = queue->name,
                                                   .count = id,
                                                   .text  = gmq_slice_of(error->message)});
}

static GmqMessage *
fetch_message(const GmqStorage *storage, const GmqEntry *entry, GError **error)
{
    if (!is_in_scratch(entry))
        return read_message(storage->journal, gmq_entry_out_number(entry), error);

    GmqMessage *message = gmq_pager_load(storage->pager, entry, error);
    if (message != NULL)
        gmq_pager_drop(storage->pager, entry);
    return message;
}

GmqMessage *
gmq_keep_load(const GmqQueue *queue, const GmqEntry *entry)
{
    GmqBroker *broker       = queue->vhost->broker;
    GmqStorage *storage     = gmq_broker_storage(broker);
    uint64_t id             = gmq_entry_out_number(entry);
    g_autoptr(GError) error = NULL;
    GmqMessage *message     = fetch_message(storage, entry, &error);

    if (message == NULL) {
        note_unreadable(queue, id, error);
        gmq_storage_report(storage, error);
        return NULL;
    }
    gmq_broker_charge(broker, message);
    if (gmq_entry_failures(entry) > 0)
        message = gmq_message_take_with_count(message, gmq_entry_failures(entry));
    return message;
}
