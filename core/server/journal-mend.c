#include "core/server/journal-mend.h"

#include "core/server/journal-summary.h"
#include "core/wire/table.h"

#define VHOST_DEFAULT "/"

/* A virtual host that a definition names, or a queue that a message is in. */
typedef struct {
    char *name;      /* of a virtual host */
    uint32_t number; /* of a queue */
    bool is_seen;    /* its own definition was */
    uint64_t first;  /* the lowest id of what is in the virtual host */
    uint64_t count;  /* messages in the queue */
} Need;

struct GmqJournalMend {
    GArray *vhosts; /* of Need, in the order of their coming */
    GArray *queues;
    bool has_broker;              /* the definition that says that the others are whole was seen */
    const GmqJournalIndex *index; /* in the end, with the next three */
    GArray *copies;
    uint64_t next_id;
    uint64_t free_id; /* ids below are in use */
};

static void
clear_need(void *value)
{
    g_free(((Need *)value)->name);
}

GmqJournalMend *
gmq_journal_mend_new(void)
{
    GmqJournalMend *mend = g_new0(GmqJournalMend, 1);

    mend->vhosts  = g_array_new(FALSE, FALSE, sizeof(Need));
    mend->queues  = g_array_new(FALSE, FALSE, sizeof(Need));
    mend->copies  = g_array_new(FALSE, FALSE, sizeof(GmqRecordCopy));
    mend->free_id = 1;
    g_array_set_clear_func(mend->vhosts, clear_need);
    return mend;
}

void
gmq_journal_mend_free(GmqJournalMend *mend)
{
    if (mend == NULL)
        return;
    g_array_unref(mend->vhosts);
    g_array_unref(mend->queues);
    g_array_unref(mend->copies);
    g_free(mend);
}

/* ---- what is there, and what is needed ---- */

static Need *
need_vhost(GmqJournalMend *mend, GmqSlice name)
{
    for (unsigned i = 0; i < mend->vhosts->len; i++) {
        Need *need = &g_array_index(mend->vhosts, Need, i);
        if (gmq_slice_equal(gmq_slice_of(need->name), name))
            return need;
    }

    const Need need = {.name = gmq_slice_dup(name), .first = UINT64_MAX};
    g_array_append_val(mend->vhosts, need);
    return &g_array_index(mend->vhosts, Need, mend->vhosts->len - 1);
}

static Need *
need_queue(GmqJournalMend *mend, uint32_t number)
{
    for (unsigned i = mend->queues->len; i-- > 0;) {
        Need *need = &g_array_index(mend->queues, Need, i);
        if (need->number == number)
            return need;
    }

    const Need need = {.number = number};
    g_array_append_val(mend->queues, need);
    return &g_array_index(mend->queues, Need, mend->queues->len - 1);
}

static bool
is_type(GmqSlice table, const char *type)
{
    GmqValue value;

    return gmq_table_find(table, GMQ_SLICE("type"), &value) && value.type == GMQ_VALUE_STRING &&
           gmq_slice_equal(value.bytes, gmq_slice_of(type));
}

void
gmq_journal_mend_see(GmqJournalMend *mend, GmqSlice table)
{
    GmqValue value;

    mend->has_broker |= is_type(table, "broker");
    if (is_type(table, "vhost") && gmq_table_find(table, GMQ_SLICE("name"), &value) &&
        value.type == GMQ_VALUE_STRING)
        need_vhost(mend, value.bytes)->is_seen = true;
    if (is_type(table, "queue") && gmq_table_find(table, GMQ_SLICE("number"), &value))
        need_queue(mend, (uint32_t)value.integer)->is_seen = true;
}

static bool
take_record(void *user, const GmqSegmentFile *file, uint64_t offset, const GmqRecord *record,
            GError **error)
{
    GmqJournalMend *mend = user;
    GmqValue vhost;

    (void)error;
    if ((record->type != GMQ_RECORD_DEFINITION && record->type != GMQ_RECORD_MESSAGE) ||
        !gmq_journal_index_is_live(mend->index, file->number, offset, record, mend->copies))
        return true;
    for (unsigned i = 0; i < mend->copies->len; i++)
        need_queue(mend, g_array_index(mend->copies, GmqRecordCopy, i).queue)->count++;
    if (record->type == GMQ_RECORD_DEFINITION &&
        gmq_table_find(record->bytes, GMQ_SLICE("vhost"), &vhost) &&
        vhost.type == GMQ_VALUE_STRING) {
        Need *need  = need_vhost(mend, vhost.bytes);
        need->first = MIN(need->first, record->id);
    }
    return true;
}

/* ---- making it again ---- */

/* What is in a virtual host is found again only behind it, in the order of ids: so it gets one that
 * is free and below all of them, as its own was. Without one it comes last. */
static uint64_t
take_id_below(GmqJournalMend *mend, uint64_t limit)
{
    while (mend->free_id < limit && gmq_journal_index_has(mend->index, mend->free_id))
        mend->free_id++;
    return mend->free_id < limit ? mend->free_id++ : mend->next_id++;
}

static bool
mend_vhost(GmqJournalMend *mend, const Need *need, GmqJournalCopy *copy, GString *told,
           GError **error)
{
    g_auto(GmqBuffer) table = {0};

    gmq_table_add_text(&table, "type", GMQ_SLICE("vhost"));
    gmq_table_add_text(&table, "name", gmq_slice_of(need->name));
    g_string_append_printf(
        told, "The definition of the virtual host %s is lost: it is made again.\n", need->name);
    return gmq_journal_copy_define(copy, take_id_below(mend, need->first), gmq_buffer_slice(&table),
                                   error);
}

static bool
mend_queue(GmqJournalMend *mend, const Need *need, const char *vhost, GmqJournalCopy *copy,
           GString *told, GError **error)
{
    g_autofree char *name   = g_strdup_printf("salvaged-%u", need->number);
    g_auto(GmqBuffer) table = {0};
    char count[GMQ_COUNT_SIZE];

    gmq_table_add_text(&table, "type", GMQ_SLICE("queue"));
    gmq_table_add_text(&table, "vhost", gmq_slice_of(vhost));
    gmq_table_add_text(&table, "name", gmq_slice_of(name));
    gmq_table_add_int(&table, "number", need->number);
    gmq_table_add_bool(&table, "auto_delete", false);
    gmq_table_add_table(&table, "arguments", (GmqSlice){0});
    g_string_append_printf(told,
                           "The definition of a queue is lost, or it was deleted: its %s went into "
                           "the queue %s of the virtual host %s.\n",
                           gmq_count_of(need->count, "message", count), name, vhost);
    return gmq_journal_copy_define(copy, mend->next_id++, gmq_buffer_slice(&table), error);
}

/* A broker takes definitions without this one for those of a first start that a crash cut short,
 * and begins anew. */
static bool
mend_broker(GmqJournalMend *mend, GmqJournalCopy *copy, GError **error)
{
    g_auto(GmqBuffer) table = {0};

    gmq_table_add_text(&table, "type", GMQ_SLICE("broker"));
    gmq_table_add_text(&table, "version", GMQ_SLICE(GMQ_VERSION));
    return gmq_journal_copy_define(copy, mend->next_id++, gmq_buffer_slice(&table), error);
}

/* Where queues go whose own is not known; lent. */
static const char *
choose_vhost(const GmqJournalMend *mend)
{
    const char *first = VHOST_DEFAULT;

    for (unsigned i = mend->vhosts->len; i-- > 0;) {
        first = g_array_index(mend->vhosts, Need, i).name;
        if (strcmp(first, VHOST_DEFAULT) == 0)
            return first;
    }
    return first;
}

bool
gmq_journal_mend_finish(GmqJournalMend *mend, GmqJournalFiles *files, const GmqJournalIndex *index,
                        GmqJournalCopy *copy, GString *told, GError **error)
{
    static const GmqWalker walker = {.record = take_record, .takes_tail = true};

    mend->index   = index;
    mend->next_id = gmq_journal_index_id(index) + 1;
    if (!gmq_journal_walk(files, &walker, mend, error))
        return false;
    if (mend->vhosts->len == 0)
        need_vhost(mend, GMQ_SLICE(VHOST_DEFAULT))->first = 0;
    for (unsigned i = 0; i < mend->vhosts->len; i++) {
        const Need *need = &g_array_index(mend->vhosts, Need, i);
        if (!need->is_seen && !mend_vhost(mend, need, copy, told, error))
            return false;
    }
    for (unsigned i = 0; i < mend->queues->len; i++) {
        const Need *need = &g_array_index(mend->queues, Need, i);
        if (!need->is_seen && !mend_queue(mend, need, choose_vhost(mend), copy, told, error))
            return false;
    }
    return mend->has_broker || mend_broker(mend, copy, error);
}
