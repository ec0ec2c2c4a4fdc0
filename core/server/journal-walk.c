#include "core/server/journal-walk.h"

#include "core/wire/reader.h"

typedef struct {
    GmqJournalFiles *files;
    const GmqWalker *walker;
    void *user;
    const GmqSegmentFile *file;
    GmqScan *scan;
    bool is_last;
} Walk;

/* Reads what the head of a bad record says. */
static void
guess(const Walk *walk, GmqJournalGap *gap)
{
    uint8_t head[GMQ_RECORD_HEAD + 8];

    if (gmq_journal_files_peek(walk->files, gap->from, head, sizeof head) < sizeof head)
        return;
    bool is_whole = gmq_load_u32(head + 4) == gap->to - gap->from;
    bool is_type  = head[8] > 0 && head[8] < GMQ_N_RECORD_TYPES;
    if (!is_whole || !is_type)
        return;
    gap->is_one = true;
    gap->type   = (GmqRecordType)head[8];
    if (gap->type == GMQ_RECORD_DEFINITION || gap->type == GMQ_RECORD_MESSAGE)
        gap->id = gmq_load_u64(head + GMQ_RECORD_HEAD);
}

/* Tells of the gap that begins where the scan is, and goes on behind it; *goes_on is false when
 * nothing is there. */
static bool
step_over(const Walk *walk, GmqScanResult result, bool *goes_on, GError **error)
{
    g_autoptr(GError) why    = NULL;
    uint64_t found           = 0;
    g_autofree char *trouble = g_strdup(gmq_scan_trouble(walk->scan));
    const GmqWalker *walker  = walk->walker;
    GmqJournalGap gap        = {.file = walk->file, .trouble = trouble, .to = walk->file->size};

    gap.from    = gmq_scan_offset(walk->scan);
    gap.is_tail = result == GMQ_SCAN_TORN && walk->is_last;
    *goes_on    = (!gap.is_tail || walker->takes_tail) && gmq_scan_skip(walk->scan, &found, &why);
    g_assert(why == NULL); /* reading does not fail, see journal-files.h */
    if (*goes_on)
        gap.to = found;
    guess(walk, &gap);
    return walker->gap == NULL || walker->gap(walk->user, &gap, error);
}

static bool
walk_records(Walk *walk, GError **error)
{
    const GmqWalker *walker = walk->walker;
    bool goes_on            = true;
    GmqScanResult result;
    GmqRecord record;

    while (goes_on) {
        result = gmq_scan_next(walk->scan, &record, error);
        if (result == GMQ_SCAN_RECORD) {
            if (walker->record != NULL &&
                !walker->record(walk->user, walk->file, gmq_scan_offset(walk->scan), &record,
                                error))
                return false;
        } else if (result == GMQ_SCAN_NEWER) {
            g_set_error(error, GMQ_TOOL_ERROR, GMQ_TOOL_ERROR_FAILED, "%s/%s: %s",
                        gmq_journal_files_path(walk->files), walk->file->name,
                        gmq_scan_trouble(walk->scan));
            return false;
        } else if (result == GMQ_SCAN_DONE) {
            goes_on = false;
        } else if (!step_over(walk, result, &goes_on, error)) {
            return false;
        }
    }
    return true;
}

static bool
walk_segment(Walk *walk, unsigned i, GError **error)
{
    const GmqWalker *walker = walk->walker;

    walk->is_last = i + 1 == gmq_journal_files_count(walk->files);
    walk->scan    = gmq_journal_files_scan(walk->files, i, error);
    walk->file    = gmq_journal_files_get(walk->files, i);
    if (walk->scan == NULL || !walk_records(walk, error))
        return false;
    return walker->end == NULL ||
           walker->end(walk->user, walk->file, gmq_journal_files_trouble(walk->files), error);
}

bool
gmq_journal_walk(GmqJournalFiles *files, const GmqWalker *walker, void *user, GError **error)
{
    Walk walk = {.files = files, .walker = walker, .user = user};

    for (unsigned i = 0; i < gmq_journal_files_count(files); i++) {
        if (!walk_segment(&walk, i, error))
            return false;
    }
    return true;
}
