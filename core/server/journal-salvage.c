#include <stdio.h>

#include "core/broker/message.h"
#include "core/server/journal-mend.h"
#include "core/server/journal-summary.h"
#include "core/server/journal-tool.h"
#include "core/server/journal-trial.h"

typedef struct {
    GmqJournalFiles *files;
    GmqJournalIndex *index;
    GmqJournalCopy *copy;
    GmqJournalMend *mend;
    GString *lost; /* sentences */
    unsigned n_gaps;
    bool is_harmless; /* what was lost holds nothing of the broker's */
} Salvage;

/* ---- what is lost ---- */

static bool
is_readable(const GmqRecord *record)
{
    GmqMessage *message = gmq_message_restore(record->bytes, record->marks);

    if (message != NULL)
        gmq_message_unref(message);
    return message != NULL;
}

static void
tell_what_it_was(const GmqJournalGap *gap, GString *out)
{
    if (!gap->is_one)
        g_string_append(out, "at least one record.\n");
    else if (gap->type == GMQ_RECORD_MESSAGE)
        g_string_append_printf(out, "by its head the message with id %" G_GUINT64_FORMAT ".\n",
                               gap->id);
    else if (gap->type == GMQ_RECORD_DEFINITION)
        g_string_append_printf(out, "by its head the definition with id %" G_GUINT64_FORMAT ".\n",
                               gap->id);
    else
        g_string_append_printf(out, "by its head one record %s.\n",
                               gmq_record_type_name(gap->type));
}

/* Such a record has one size. */
static bool
is_without_content(const GmqJournalGap *gap)
{
    static const size_t sizes[GMQ_N_RECORD_TYPES] = {
        [GMQ_RECORD_HEADER] = GMQ_RECORD_HEADER_BODY,
        [GMQ_RECORD_BATCH]  = GMQ_RECORD_BATCH_BODY,
        [GMQ_RECORD_END]    = GMQ_RECORD_END_BODY,
    };

    return gap->is_one && gap->to - gap->from == GMQ_RECORD_HEAD + sizes[gap->type] &&
           sizes[gap->type] > 0;
}

static bool
take_gap(void *user, const GmqJournalGap *gap, GError **error)
{
    Salvage *salvage = user;
    char text[GMQ_COUNT_SIZE];

    (void)error;
    salvage->n_gaps++;
    salvage->is_harmless &= is_without_content(gap);
    g_string_append_printf(salvage->lost, "Lost of %s: %s from %" G_GUINT64_FORMAT " on (%s), ",
                           gap->file->name, gmq_count_of(gap->to - gap->from, "byte", text),
                           gap->from, gap->trouble);
    tell_what_it_was(gap, salvage->lost);
    return true;
}

static bool
take_end(void *user, const GmqSegmentFile *file, const char *unreadable, GError **error)
{
    Salvage *salvage = user;

    (void)error;
    if (unreadable != NULL)
        g_string_append_printf(salvage->lost, "%s: %s.\n", file->name, unreadable);
    return true;
}

/* ---- what is saved ---- */

/* Without an END the broker takes everything that it finds for delivered before. */
static bool
take_record(void *user, const GmqSegmentFile *file, uint64_t offset, const GmqRecord *record,
            GError **error)
{
    Salvage *salvage = user;

    if (record->type == GMQ_RECORD_END)
        return true;
    if (record->type == GMQ_RECORD_MESSAGE && !is_readable(record)) {
        salvage->n_gaps++;
        salvage->is_harmless = false;
        g_string_append_printf(salvage->lost,
                               "Lost of %s: the message with id %" G_GUINT64_FORMAT
                               " at byte %" G_GUINT64_FORMAT ", whose content is none.\n",
                               file->name, record->id, offset);
        return true;
    }
    if (record->type == GMQ_RECORD_DEFINITION)
        gmq_journal_mend_see(salvage->mend, record->bytes);
    gmq_journal_index_add(salvage->index, file->number, offset, record);
    return gmq_journal_copy_add(salvage->copy, file->number,
                                gmq_scan_salt(gmq_journal_files_current(salvage->files)), record,
                                error);
}

/* ---- telling ---- */

static void
print(const Salvage *salvage, const char *new_path, const GmqJournalSummary *summary)
{
    g_autofree char *saved = gmq_journal_summary_describe(summary);

    printf("Saved to %s: %s.\n", new_path, saved);
    if (salvage->n_gaps == 0)
        puts("Nothing was lost.");
    else if (salvage->is_harmless)
        puts("No message and no definition was lost.");
    else
        puts("Messages that stood in what is lost are gone. What was settled may be back, when the "
             "record that\nsays so is lost; and what was deleted or changed may be as it was "
             "before.");
    printf("All messages count as redelivered, so that consumers can tell. To go on: glassmq serve "
           "--data %s\n",
           new_path);
}

/* Reads what was written, which must be whole. */
static bool
refuse_gap(void *user, const GmqJournalGap *gap, GError **error)
{
    (void)user;
    g_set_error(error, GMQ_TOOL_ERROR, GMQ_TOOL_ERROR_FAILED,
                "what was written to %s cannot be read again: %s", gap->file->name, gap->trouble);
    return false;
}

static bool
index_record(void *user, const GmqSegmentFile *file, uint64_t offset, const GmqRecord *record,
             GError **error)
{
    (void)error;
    gmq_journal_index_add(user, file->number, offset, record);
    return true;
}

static GmqJournalSummary *
look_at(const char *path, GError **error)
{
    static const GmqWalker walker    = {.record = index_record, .gap = refuse_gap};
    g_autoptr(GmqJournalFiles) files = gmq_journal_files_open(path, error);
    g_autoptr(GmqJournalIndex) index = gmq_journal_index_new();

    if (files == NULL || !gmq_journal_walk(files, &walker, index, error))
        return NULL;
    return gmq_journal_summary_new(files, index, error);
}

int
gmq_journal_salvage(const char *path, const char *new_path, GError **error)
{
    static const GmqWalker walker = {
        .record = take_record, .gap = take_gap, .end = take_end, .takes_tail = true};
    g_autoptr(GmqJournalFiles) files = gmq_journal_files_open(path, error);
    g_autoptr(GmqJournalIndex) index = gmq_journal_index_new();
    g_autoptr(GString) lost          = g_string_new(NULL);
    g_autoptr(GmqJournalMend) mend   = gmq_journal_mend_new();
    Salvage salvage                  = {
                         .files       = files,
                         .index       = index,
                         .mend        = mend,
                         .lost        = lost,
                         .is_harmless = true,
    };

    if (files == NULL)
        return -1;
    g_autoptr(GmqJournalCopy) copy = gmq_journal_copy_new(new_path, error);
    salvage.copy                   = copy;
    if (copy == NULL || !gmq_journal_walk(files, &walker, &salvage, error) ||
        (salvage.n_gaps > 0 && !gmq_journal_mend_finish(mend, files, index, copy, lost, error)) ||
        !gmq_journal_copy_finish(copy, gmq_journal_index_batch(index) + 1, error))
        return -1;
    g_autoptr(GmqJournalSummary) summary = look_at(new_path, error);
    if (summary == NULL)
        return -1;
    fputs(lost->str, stdout);
    if (!gmq_journal_trial(new_path, error)) {
        g_prefix_error(
            error, "what can be read is in %s, but a broker does not start with it: ", new_path);
        return -1;
    }
    print(&salvage, new_path, summary);
    return 0;
}
