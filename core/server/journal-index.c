#include "core/server/journal-index.h"

/* Ids count up, so those that are live stand together in chunks. */
#define CHUNK 4096

typedef struct {
    uint32_t segment; /* 0: the id is not there */
    uint32_t offset;
} Place;

typedef struct {
    uint64_t number; /* the key: ids of it divided by CHUNK */
    unsigned n_used;
    Place places[CHUNK];
} Chunk;

/* What came after a message was written. */
typedef struct {
    uint32_t queue;
    uint32_t flags;
    bool is_dropped;
} Change;

typedef struct {
    uint64_t id;     /* the key */
    GArray *changes; /* of Change, in their order */
} Changed;

struct GmqJournalIndex {
    GHashTable *chunks;  /* of Chunk; owned */
    GHashTable *changed; /* of Changed: messages whose copies are not as they were written; owned */
    uint64_t batch;
    uint64_t id;
    bool was_stopped;
};

static void
free_changed(void *value)
{
    Changed *changed = value;

    g_array_unref(changed->changes);
    g_free(changed);
}

GmqJournalIndex *
gmq_journal_index_new(void)
{
    GmqJournalIndex *index = g_new0(GmqJournalIndex, 1);

    /* The keys stand in the values. */
    index->chunks  = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    index->changed = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_changed);
    return index;
}

void
gmq_journal_index_free(GmqJournalIndex *index)
{
    if (index == NULL)
        return;
    g_hash_table_unref(index->chunks);
    g_hash_table_unref(index->changed);
    g_free(index);
}

/* ---- places ---- */

static Chunk *
find_chunk(const GmqJournalIndex *index, uint64_t id)
{
    uint64_t number = id / CHUNK;

    return g_hash_table_lookup(index->chunks, &number);
}

static void
set_place(GmqJournalIndex *index, uint64_t id, uint32_t segment, uint64_t offset)
{
    Chunk *chunk = find_chunk(index, id);

    if (chunk == NULL) {
        chunk         = g_new0(Chunk, 1);
        chunk->number = id / CHUNK;
        g_hash_table_replace(index->chunks, &chunk->number, chunk);
    }
    Place *place = &chunk->places[id % CHUNK];
    chunk->n_used += place->segment == 0 ? 1 : 0;
    *place    = (Place){segment, (uint32_t)offset};
    index->id = MAX(index->id, id);
}

static void
drop_in_chunk(GmqJournalIndex *index, Chunk *chunk, uint64_t first, uint64_t end)
{
    for (uint64_t id = first; id < end; id++) {
        Place *place = &chunk->places[id % CHUNK];
        chunk->n_used -= place->segment == 0 ? 0 : 1;
        *place = (Place){0};
        g_hash_table_remove(index->changed, &id);
    }
    if (chunk->n_used == 0)
        g_hash_table_remove(index->chunks, &chunk->number);
}

static void
drop_range(GmqJournalIndex *index, GmqRecordRange range)
{
    uint64_t end = range.first + range.n;

    for (uint64_t id = range.first; id < end;) {
        uint64_t next = MIN(end, (id / CHUNK + 1) * CHUNK);
        Chunk *chunk  = find_chunk(index, id);
        if (chunk != NULL)
            drop_in_chunk(index, chunk, id, next);
        id = next;
    }
    index->id = MAX(index->id, end - 1);
}

static const Place *
find_place(const GmqJournalIndex *index, uint64_t id)
{
    const Chunk *chunk = find_chunk(index, id);

    return chunk == NULL || chunk->places[id % CHUNK].segment == 0 ? NULL
                                                                   : &chunk->places[id % CHUNK];
}

/* ---- changes ---- */

static void
add_change(GmqJournalIndex *index, GmqRecordChange change, bool is_dropped)
{
    const Change last = {change.queue, change.flags, is_dropped};
    Changed *changed  = g_hash_table_lookup(index->changed, &change.id);

    if (find_place(index, change.id) == NULL)
        return;
    if (changed == NULL) {
        changed  = g_new(Changed, 1);
        *changed = (Changed){change.id, g_array_new(FALSE, FALSE, sizeof(Change))};
        g_hash_table_replace(index->changed, &changed->id, changed);
    }
    g_array_append_val(changed->changes, last);
}

/* False: the copy is gone. */
static bool
apply_changes(const GArray *changes, GmqRecordCopy *copy)
{
    for (unsigned i = 0; i < changes->len; i++) {
        const Change *change = &g_array_index(changes, Change, i);
        if (change->queue != copy->queue)
            continue;
        if (change->is_dropped)
            return false;
        copy->flags = change->flags;
    }
    return true;
}

/* ---- records ---- */

static void
add_message(GmqJournalIndex *index, uint32_t segment, uint64_t offset, const GmqRecord *record)
{
    set_place(index, record->id, segment, offset);
    if (record->type == GMQ_RECORD_MESSAGE)
        g_hash_table_remove(index->changed, &record->id);
}

void
gmq_journal_index_add(GmqJournalIndex *index, uint32_t segment, uint64_t offset,
                      const GmqRecord *record)
{
    GmqRecordType type = record->type;

    index->was_stopped = type == GMQ_RECORD_END;
    if (type == GMQ_RECORD_BATCH)
        index->batch = MAX(index->batch, record->number);
    if (type == GMQ_RECORD_MESSAGE || type == GMQ_RECORD_DEFINITION)
        add_message(index, segment, offset, record);
    for (unsigned i = 0; i < record->count && type == GMQ_RECORD_DROPPED; i++)
        drop_range(index, gmq_record_range(record, i));
    if (type != GMQ_RECORD_COPY_DROPPED && type != GMQ_RECORD_COPY_MARKED)
        return;
    for (unsigned i = 0; i < record->count; i++)
        add_change(index, gmq_record_change(record, i), type == GMQ_RECORD_COPY_DROPPED);
}

bool
gmq_journal_index_is_live(const GmqJournalIndex *index, uint32_t segment, uint64_t offset,
                          const GmqRecord *record, GArray *copies)
{
    const Place *place     = find_place(index, record->id);
    const Changed *changed = g_hash_table_lookup(index->changed, &record->id);

    g_array_set_size(copies, 0);
    if (place == NULL || place->segment != segment || place->offset != (uint32_t)offset)
        return false;
    if (record->type == GMQ_RECORD_DEFINITION)
        return true;
    for (unsigned i = 0; i < record->count; i++) {
        GmqRecordCopy copy = gmq_record_copy(record, i);
        if (changed == NULL || apply_changes(changed->changes, &copy))
            g_array_append_val(copies, copy);
    }
    return copies->len > 0;
}

bool
gmq_journal_index_has(const GmqJournalIndex *index, uint64_t id)
{
    return find_place(index, id) != NULL;
}

bool
gmq_journal_index_was_stopped(const GmqJournalIndex *index)
{
    return index->was_stopped;
}

uint64_t
gmq_journal_index_batch(const GmqJournalIndex *index)
{
    return index->batch;
}

uint64_t
gmq_journal_index_id(const GmqJournalIndex *index)
{
    return index->id;
}
