#include "core/server/journal-summary.h"

#include "core/broker/message.h"
#include "core/wire/table.h"

typedef struct {
    uint32_t number;
    char *vhost; /* NULL: there is no definition of it */
    char *name;
    uint64_t n_messages;
    uint64_t bytes; /* of their bodies */
} Queue;

typedef struct {
    char *type;
    unsigned count;
} Kind;

struct GmqJournalSummary {
    const GmqJournalIndex *index; /* while it is made */
    GArray *copies;               /* of GmqRecordCopy: of the last message */
    GPtrArray *queues;            /* of Queue, in the order of their coming */
    GHashTable *queue_by_number;  /* of Queue; look-up only */
    GArray *kinds;                /* of Kind */
    unsigned n_definitions;
    uint64_t bytes;
    uint64_t n_messages; /* in queues that are there; known in the end */
    uint64_t n_wrong;
    uint64_t n_copies; /* in queues that are not there */
};

const char *
gmq_count_of(uint64_t count, const char *noun, char text[GMQ_COUNT_SIZE])
{
    g_snprintf(text, GMQ_COUNT_SIZE, "%" G_GUINT64_FORMAT " %s%s", count, noun,
               count == 1 ? "" : "s");
    return text;
}

static void
free_queue(void *value)
{
    Queue *queue = value;

    g_free(queue->vhost);
    g_free(queue->name);
    g_free(queue);
}

static void
clear_kind(void *value)
{
    g_free(((Kind *)value)->type);
}

void
gmq_journal_summary_free(GmqJournalSummary *summary)
{
    if (summary == NULL)
        return;
    g_array_unref(summary->copies);
    g_ptr_array_unref(summary->queues);
    g_hash_table_unref(summary->queue_by_number);
    g_array_unref(summary->kinds);
    g_free(summary);
}

/* ---- definitions ---- */

static Queue *
need_queue(GmqJournalSummary *summary, uint32_t number)
{
    Queue *queue = g_hash_table_lookup(summary->queue_by_number, GUINT_TO_POINTER(number));

    if (queue != NULL)
        return queue;
    queue         = g_new0(Queue, 1);
    queue->number = number;
    g_ptr_array_add(summary->queues, queue);
    g_hash_table_insert(summary->queue_by_number, GUINT_TO_POINTER(number), queue);
    return queue;
}

/* The text behind the key; the caller frees it. */
static char *
find_text(GmqSlice table, const char *key)
{
    GmqValue value;

    if (!gmq_table_find(table, gmq_slice_of(key), &value) || value.type != GMQ_VALUE_STRING)
        return g_strdup("?");
    return g_utf8_make_valid((const char *)value.bytes.data, (gssize)value.bytes.size);
}

/* Takes over the type. */
static void
count_kind(GmqJournalSummary *summary, char *type)
{
    Kind kind = {type, 1};

    for (unsigned i = 0; i < summary->kinds->len; i++) {
        Kind *known = &g_array_index(summary->kinds, Kind, i);
        if (strcmp(known->type, type) != 0)
            continue;
        known->count++;
        g_free(type);
        return;
    }
    g_array_append_val(summary->kinds, kind);
}

static void
add_definition(GmqJournalSummary *summary, GmqSlice table)
{
    char *type = find_text(table, "type");
    GmqValue number;

    summary->n_definitions++;
    if (strcmp(type, "queue") == 0 && gmq_table_find(table, GMQ_SLICE("number"), &number)) {
        Queue *queue = need_queue(summary, (uint32_t)number.integer);
        g_free(queue->vhost);
        g_free(queue->name);
        queue->vhost = find_text(table, "vhost");
        queue->name  = find_text(table, "name");
    }
    count_kind(summary, type);
}

/* ---- messages ---- */

static void
add_message(GmqJournalSummary *summary, const GmqRecord *record)
{
    GmqMessage *message = gmq_message_restore(record->bytes, record->marks);

    summary->n_wrong += message == NULL ? 1 : 0;
    if (message != NULL)
        gmq_message_unref(message);
    for (unsigned i = 0; i < summary->copies->len; i++) {
        Queue *queue = need_queue(summary, g_array_index(summary->copies, GmqRecordCopy, i).queue);
        queue->n_messages++;
        queue->bytes += record->body_size;
    }
}

static bool
take_record(void *user, const GmqSegmentFile *file, uint64_t offset, const GmqRecord *record,
            GError **error)
{
    GmqJournalSummary *summary = user;

    (void)error;
    if ((record->type != GMQ_RECORD_DEFINITION && record->type != GMQ_RECORD_MESSAGE) ||
        !gmq_journal_index_is_live(summary->index, file->number, offset, record, summary->copies))
        return true;
    summary->bytes += record->size;
    if (record->type == GMQ_RECORD_DEFINITION)
        add_definition(summary, record->bytes);
    else
        add_message(summary, record);
    return true;
}

GmqJournalSummary *
gmq_journal_summary_new(GmqJournalFiles *files, const GmqJournalIndex *index, GError **error)
{
    static const GmqWalker walker        = {.record = take_record};
    g_autoptr(GmqJournalSummary) summary = g_new0(GmqJournalSummary, 1);

    summary->index           = index;
    summary->copies          = g_array_new(FALSE, FALSE, sizeof(GmqRecordCopy));
    summary->queues          = g_ptr_array_new_with_free_func(free_queue);
    summary->queue_by_number = g_hash_table_new(g_direct_hash, g_direct_equal);
    summary->kinds           = g_array_new(FALSE, FALSE, sizeof(Kind));
    g_array_set_clear_func(summary->kinds, clear_kind);
    if (!gmq_journal_walk(files, &walker, summary, error))
        return NULL;

    for (unsigned i = 0; i < summary->queues->len; i++) {
        const Queue *queue = g_ptr_array_index(summary->queues, i);
        *(queue->name == NULL ? &summary->n_copies : &summary->n_messages) += queue->n_messages;
    }
    return g_steal_pointer(&summary);
}

/* ---- telling ---- */

uint64_t
gmq_journal_summary_bytes(const GmqJournalSummary *summary)
{
    return summary->bytes;
}

uint64_t
gmq_journal_summary_wrong(const GmqJournalSummary *summary)
{
    return summary->n_wrong;
}

static unsigned
count_queues(const GmqJournalSummary *summary)
{
    unsigned count = 0;

    for (unsigned i = 0; i < summary->queues->len; i++) {
        const Queue *queue = g_ptr_array_index(summary->queues, i);
        count += queue->name != NULL && queue->n_messages > 0 ? 1 : 0;
    }
    return count;
}

char *
gmq_journal_summary_describe(const GmqJournalSummary *summary)
{
    char messages[GMQ_COUNT_SIZE];
    char queues[GMQ_COUNT_SIZE];
    char definitions[GMQ_COUNT_SIZE];

    return g_strdup_printf("%s in %s and %s",
                           gmq_count_of(summary->n_messages, "message", messages),
                           gmq_count_of(count_queues(summary), "queue", queues),
                           gmq_count_of(summary->n_definitions, "definition", definitions));
}

void
gmq_journal_summary_print(const GmqJournalSummary *summary, GString *out)
{
    char text[GMQ_COUNT_SIZE];
    char bytes[GMQ_COUNT_SIZE];

    g_string_append_printf(out, "definitions  %u", summary->n_definitions);
    for (unsigned i = 0; i < summary->kinds->len; i++) {
        const Kind *kind = &g_array_index(summary->kinds, Kind, i);
        g_string_append_printf(out, "%s%u %s", i == 0 ? ": " : ", ", kind->count, kind->type);
    }
    g_string_append_printf(out, "\nmessages     %" G_GUINT64_FORMAT " in %s\n", summary->n_messages,
                           gmq_count_of(count_queues(summary), "queue", text));
    for (unsigned i = 0; i < summary->queues->len; i++) {
        const Queue *queue = g_ptr_array_index(summary->queues, i);
        if (queue->name != NULL && queue->n_messages > 0)
            g_string_append_printf(out, "             queue %s in vhost %s: %s with %s\n",
                                   queue->name, queue->vhost,
                                   gmq_count_of(queue->n_messages, "message", text),
                                   gmq_count_of(queue->bytes, "byte", bytes));
    }
    if (summary->n_copies > 0)
        g_string_append_printf(out, "             %s of queues that are not there, not counted\n",
                               gmq_count_of(summary->n_copies, "message", text));
}
