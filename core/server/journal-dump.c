#include <stdio.h>

#include "core/server/journal-index.h"
#include "core/server/journal-json.h"
#include "core/server/journal-tool.h"
#include "core/server/journal-walk.h"

typedef struct {
    const GmqJournalIndex *index; /* NULL: all records are shown */
    GArray *copies;               /* of GmqRecordCopy */
    uint64_t body_max;
    bool is_damaged;
    GString *line;
} Dump;

static bool
index_record(void *user, const GmqSegmentFile *file, uint64_t offset, const GmqRecord *record,
             GError **error)
{
    (void)error;
    gmq_journal_index_add(user, file->number, offset, record);
    return true;
}

static GmqJson
begin_line(Dump *dump, const GmqSegmentFile *file, uint64_t offset, uint64_t size)
{
    GmqJson json = {.out = g_string_truncate(dump->line, 0)};

    gmq_json_open(&json, '{');
    gmq_json_add_text_member(&json, "segment", gmq_slice_of(file->name));
    gmq_json_add_count(&json, "offset", offset);
    gmq_json_add_count(&json, "size", size);
    return json;
}

static bool
end_line(GmqJson *json, GError **error)
{
    gmq_json_close(json, '}');
    g_string_append_c(json->out, '\n');
    if (fwrite(json->out->str, 1, json->out->len, stdout) == json->out->len)
        return true;
    g_set_error(error, GMQ_TOOL_ERROR, GMQ_TOOL_ERROR_FAILED, "cannot write the output");
    return false;
}

static bool
is_shown(const Dump *dump, const GmqSegmentFile *file, uint64_t offset, const GmqRecord *record)
{
    if (dump->index == NULL)
        return true;
    return (record->type == GMQ_RECORD_DEFINITION || record->type == GMQ_RECORD_MESSAGE) &&
           gmq_journal_index_is_live(dump->index, file->number, offset, record, dump->copies);
}

static bool
show_record(void *user, const GmqSegmentFile *file, uint64_t offset, const GmqRecord *record,
            GError **error)
{
    Dump *dump = user;

    if (!is_shown(dump, file, offset, record))
        return true;
    GmqJson json = begin_line(dump, file, offset, record->size);
    gmq_journal_json_record(&json, record, dump->index == NULL ? NULL : dump->copies,
                            dump->body_max);
    return end_line(&json, error);
}

static bool
show_gap(void *user, const GmqJournalGap *gap, GError **error)
{
    Dump *dump   = user;
    GmqJson json = begin_line(dump, gap->file, gap->from, gap->to - gap->from);

    if (!gap->is_tail)
        dump->is_damaged = true;
    gmq_json_add_text_member(&json, "type", gmq_slice_of(gap->is_tail ? "TORN" : "DAMAGED"));
    gmq_json_add_text_member(&json, "trouble", gmq_slice_of(gap->trouble));
    return end_line(&json, error);
}

int
gmq_journal_dump(const char *path, bool is_live_only, uint64_t body_max, GError **error)
{
    static const GmqWalker indexing  = {.record = index_record};
    static const GmqWalker showing   = {.record = show_record, .gap = show_gap};
    g_autoptr(GmqJournalFiles) files = gmq_journal_files_open(path, error);
    g_autoptr(GmqJournalIndex) index = is_live_only ? gmq_journal_index_new() : NULL;
    g_autoptr(GArray) copies         = g_array_new(FALSE, FALSE, sizeof(GmqRecordCopy));
    g_autoptr(GString) line          = g_string_new(NULL);
    Dump dump = {.index = index, .copies = copies, .body_max = body_max, .line = line};

    if (files == NULL || (index != NULL && !gmq_journal_walk(files, &indexing, index, error)) ||
        !gmq_journal_walk(files, &showing, &dump, error))
        return -1;
    return dump.is_damaged ? 1 : 0;
}
