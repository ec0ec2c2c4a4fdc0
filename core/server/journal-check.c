#include <stdio.h>

#include "core/server/journal-summary.h"
#include "core/server/journal-tool.h"
#include "core/server/journal-trial.h"

typedef struct {
    GmqJournalIndex *index;
    uint64_t counts[GMQ_N_RECORD_TYPES];
    uint64_t bytes;
    GString *troubles; /* lines */
    bool is_damaged;
    bool is_refused; /* sound, but a broker does not start with it */
} Check;

static bool
take_record(void *user, const GmqSegmentFile *file, uint64_t offset, const GmqRecord *record,
            GError **error)
{
    Check *check = user;

    (void)error;
    check->counts[record->type]++;
    gmq_journal_index_add(check->index, file->number, offset, record);
    return true;
}

static bool
take_gap(void *user, const GmqJournalGap *gap, GError **error)
{
    Check *check = user;
    char text[GMQ_COUNT_SIZE];

    (void)error;
    gmq_count_of(gap->to - gap->from, "byte", text);
    if (gap->is_tail) {
        g_string_append_printf(check->troubles,
                               "%s has a torn tail at byte %" G_GUINT64_FORMAT
                               " (%s): the last batch was not complete, and nothing of it was "
                               "confirmed. The broker cuts off its %s.\n",
                               gap->file->name, gap->from, gap->trouble, text);
        return true;
    }
    check->is_damaged = true;
    g_string_append_printf(check->troubles,
                           "%s is damaged at byte %" G_GUINT64_FORMAT ": %s; %s cannot be used.\n",
                           gap->file->name, gap->from, gap->trouble, text);
    return true;
}

static bool
take_end(void *user, const GmqSegmentFile *file, const char *unreadable, GError **error)
{
    Check *check = user;

    (void)error;
    check->bytes += file->size;
    if (unreadable == NULL)
        return true;
    check->is_damaged = true;
    g_string_append_printf(check->troubles, "%s: %s.\n", file->name, unreadable);
    return true;
}

/* ---- telling ---- */

static void
add_records(const Check *check, GString *out)
{
    uint64_t sum          = 0;
    const char *separator = ": ";

    for (unsigned type = 1; type < GMQ_N_RECORD_TYPES; type++)
        sum += check->counts[type];
    g_string_append_printf(out, "records      %" G_GUINT64_FORMAT, sum);
    for (unsigned type = 1; type < GMQ_N_RECORD_TYPES; type++) {
        if (check->counts[type] == 0)
            continue;
        g_string_append_printf(out, "%s%" G_GUINT64_FORMAT " %s", separator, check->counts[type],
                               gmq_record_type_name((GmqRecordType)type));
        separator = ", ";
    }
    g_string_append_c(out, '\n');
}

static void
add_verdict(const Check *check, const char *path, GString *out)
{
    g_string_append(out, check->troubles->str);
    if (check->is_refused)
        g_string_append(out, "No record is damaged, but a broker does not start with them.\n");
    else if (!check->is_damaged)
        g_string_append(out, "The journal is sound.\n");
    else
        g_string_append_printf(
            out,
            "The journal is damaged. What can be read of it is saved by: glassmq "
            "journal salvage %s NEWDIR\n",
            path);
}

static void
print(const Check *check, const GmqJournalFiles *files, const GmqJournalSummary *summary)
{
    g_autoptr(GString) out = g_string_new(NULL);
    uint64_t live          = gmq_journal_summary_bytes(summary);
    char text[GMQ_COUNT_SIZE];

    g_string_append_printf(out, "segments     %u with %s", gmq_journal_files_count(files),
                           gmq_count_of(check->bytes, "byte", text));
    g_string_append_printf(out, ", of which %" G_GUINT64_FORMAT, live);
    g_string_append_printf(out, " count and %" G_GUINT64_FORMAT " do not\n", check->bytes - live);
    add_records(check, out);
    gmq_journal_summary_print(summary, out);
    g_string_append_printf(out, "last end     %s\n",
                           gmq_journal_index_was_stopped(check->index)
                               ? "in order"
                               : "without a stop: messages will count as redelivered");
    add_verdict(check, gmq_journal_files_path(files), out);
    fwrite(out->str, 1, out->len, stdout);
}

/* What cannot be seen record by record: that they make sense together. */
static void
try_it(Check *check, const char *path)
{
    g_autoptr(GError) why = NULL;

    if (check->is_damaged || gmq_journal_trial(path, &why))
        return;
    check->is_refused = true;
    g_string_append_printf(check->troubles, "A broker says: %s.\n", why->message);
}

int
gmq_journal_check(const char *path, GError **error)
{
    static const GmqWalker walker    = {.record = take_record, .gap = take_gap, .end = take_end};
    g_autoptr(GmqJournalFiles) files = gmq_journal_files_open(path, error);
    g_autoptr(GmqJournalIndex) index = gmq_journal_index_new();
    g_autoptr(GString) troubles      = g_string_new(NULL);
    Check check                      = {.index = index, .troubles = troubles};

    if (files == NULL || !gmq_journal_walk(files, &walker, &check, error))
        return -1;
    g_autoptr(GmqJournalSummary) summary = gmq_journal_summary_new(files, index, error);
    if (summary == NULL)
        return -1;

    uint64_t n_wrong = gmq_journal_summary_wrong(summary);
    if (n_wrong > 0) {
        check.is_damaged = true;
        g_string_append_printf(troubles, "%" G_GUINT64_FORMAT " of the messages cannot be read.\n",
                               n_wrong);
    }
    try_it(&check, path);
    print(&check, files, summary);
    return check.is_damaged || check.is_refused ? 1 : 0;
}
