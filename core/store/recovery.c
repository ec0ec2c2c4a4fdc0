#include "core/store/recovery.h"

#include "core/store/scan.h"
#include "core/wire/reader.h"

/* ---- life ---- */

static GmqJournal *
new_journal(GmqHost *host, const GmqJournalClass *class_, void *user)
{
    GmqJournal *journal = g_new0(GmqJournal, 1);

    journal->host         = host;
    journal->class_       = class_;
    journal->user         = user;
    journal->next_id      = 1;
    journal->next_segment = 1;
    journal->settle_ns    = INT64_MAX;
    journal->limit        = GMQ_BATCH_BYTES_MAX;
    journal->segment_size = GMQ_SEGMENT_SIZE;
    gmq_changes_init(&journal->changes);
    gmq_segments_init(&journal->segments, host->disk);
    gmq_stage_init(&journal->stage);
    gmq_epochs_init(&journal->epochs);
    gmq_heirs_init(&journal->heirs);
    gmq_batch_init(&journal->batch);
    return journal;
}

static void
free_staged(GmqJournal *journal)
{
    GmqStaged *staged;

    gmq_journal_close(journal);
    for (GmqLine line = GMQ_LINE_NONE; line < GMQ_N_LINES; line++) {
        while ((staged = gmq_stage_first(&journal->stage, line)) != NULL) {
            bool is_awaited = staged->is_awaited;
            void *waiter    = staged->waiter;
            uint64_t tag    = staged->tag;

            gmq_journal_unstage(journal, staged);
            if (is_awaited)
                journal->class_->done(journal->user, waiter, tag, false);
        }
    }
}

void
gmq_journal_free(GmqJournal *journal)
{
    if (journal == NULL)
        return;
    if (journal->fresh != NULL)
        journal->host->disk->close(journal->host->disk, journal->fresh);
    gmq_reserve_clear(journal);
    free_staged(journal);
    gmq_heirs_tell(journal, UINT64_MAX, false);
    gmq_heirs_clear(&journal->heirs);
    gmq_stage_clear(&journal->stage);
    gmq_slots_clear(&journal->slots);
    gmq_changes_clear(&journal->changes);
    gmq_segments_clear(&journal->segments);
    gmq_windows_clear(&journal->windows);
    gmq_notes_clear(&journal->notes);
    gmq_epochs_clear(&journal->epochs);
    gmq_batch_clear(&journal->batch);
    gmq_cleaner_clear(&journal->cleaner);
    g_free(journal->trouble);
    g_free(journal);
}

/* ---- segments ---- */

/* A segment that is read. */
typedef struct {
    GmqDisk *disk;
    GmqFile *file;
    char name[GMQ_SEGMENT_NAME_SIZE];
    uint64_t size;
    uint64_t good; /* bytes of it that are whole records */
} Source;

static bool
read_source(void *user, uint64_t offset, uint8_t *to, size_t size, GError **error)
{
    Source *source = user;

    return source->disk->read(source->disk, source->file, offset, to, size, error);
}

static bool
say_damaged(const Source *source, uint64_t offset, const char *what, GError **error)
{
    g_set_error(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_DAMAGED,
                "%s is damaged at byte %" G_GUINT64_FORMAT
                ": %s; \"glassmq journal salvage DIR\" saves what can be saved",
                source->name, offset, what);
    return false;
}

static bool
say_disk(const char *message, GError **error)
{
    g_set_error_literal(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_DISK, message);
    return false;
}

/* The last batch did not come to the disk whole. */
static void
note_torn(GmqRecovery *recovery, Source *source, uint32_t number, uint64_t offset)
{
    GmqJournalReport *report = recovery->report;

    source->good   = offset;
    report->cut    = source->size - offset;
    report->cut_at = offset;
    g_strlcpy(report->cut_file, source->name, sizeof report->cut_file);
    recovery->is_torn = true;
    if (recovery->segment == NULL || recovery->segment->number != number)
        recovery->torn = number;
}

/* What ends a scan; true when the journal can go on with it. */
static bool
end_scan(GmqRecovery *recovery, const GmqScan *scan, GmqScanResult result, Source *source,
         uint32_t number, GError **error)
{
    uint64_t offset = gmq_scan_offset(scan);
    bool is_last = number == g_array_index(recovery->numbers, uint32_t, recovery->numbers->len - 1);

    if (result == GMQ_SCAN_DONE)
        return true;
    if (result == GMQ_SCAN_NEWER) {
        g_set_error(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_NEWER, "%s: %s", source->name,
                    gmq_scan_trouble(scan));
        return false;
    }
    if (result != GMQ_SCAN_TORN || !is_last)
        return say_damaged(source, offset, gmq_scan_trouble(scan), error);
    note_torn(recovery, source, number, offset);
    return true;
}

/* What is written only when all before it is on the disk. */
static bool
is_proof(GmqRecordType type)
{
    return type == GMQ_RECORD_HEADER || type == GMQ_RECORD_BATCH || type == GMQ_RECORD_END;
}

static bool
apply(GmqRecovery *recovery, const GmqScan *scan, const GmqRecord *record, const Source *source,
      GError **error)
{
    g_autoptr(GError) failed = NULL;
    uint64_t offset          = gmq_scan_offset(scan);
    char what[80];

    recovery->is_ended = record->type == GMQ_RECORD_END;
    if (is_proof(record->type))
        recovery->proof = offset;
    if (offset > UINT32_MAX)
        recovery->wrong = "is too far from the beginning";
    else if (!gmq_recovery_apply(recovery, record, offset, &failed))
        return say_disk(failed->message, error);
    if (record->type == GMQ_RECORD_HEADER) /* so that what stands in it can be read back */
        gmq_segments_grow(&recovery->journal->segments, recovery->segment, source->size);
    if (recovery->wrong == NULL)
        return true;
    g_snprintf(what, sizeof what, "the record %s", recovery->wrong);
    return say_damaged(source, offset, what, error);
}

static bool
read_records(GmqRecovery *recovery, Source *source, uint32_t number, GError **error)
{
    g_autoptr(GError) failed = NULL;
    GmqScanSource bytes      = {.read = read_source, .user = source, .size = source->size};
    g_autoptr(GmqScan) scan  = gmq_scan_new(&bytes, number);
    GmqScanResult result;
    GmqRecord record;

    while ((result = gmq_scan_next(scan, &record, &failed)) == GMQ_SCAN_RECORD) {
        if (!apply(recovery, scan, &record, source, error))
            return false;
    }
    if (result == GMQ_SCAN_UNREADABLE)
        return say_disk(failed->message, error);
    return end_scan(recovery, scan, result, source, number, error);
}

static bool
read_segment(GmqRecovery *recovery, uint32_t number, GError **error)
{
    GmqJournal *journal      = recovery->journal;
    GmqDisk *disk            = journal->host->disk;
    g_autoptr(GError) failed = NULL;
    Source source            = {.disk = disk};

    gmq_segment_name(number, source.name);
    source.file = disk->open(disk, source.name, false, &failed);
    if (source.file == NULL)
        return say_disk(failed->message, error);
    source.size = source.good = disk->size(disk, source.file);
    bool is_good              = read_records(recovery, &source, number, error);
    disk->close(disk, source.file);
    if (!is_good)
        return false;
    recovery->report->n_segments++;
    recovery->report->bytes += source.size;
    if (recovery->torn != number && source.good < source.size) {
        recovery->segment->size -= source.size - source.good;
        journal->segments.size -= source.size - source.good;
    }
    return true;
}

/* ---- opening ---- */

/* The numbers of the segments, ascending: names of more digits than others come at the wrong place
 * among them. */
static bool
find_files(GmqRecovery *recovery, GError **error)
{
    GmqDisk *disk              = recovery->journal->host->disk;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) failed   = NULL;
    uint32_t number;

    if (!disk->list(disk, names, &failed))
        return say_disk(failed->message, error);
    for (unsigned i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        unsigned place   = recovery->numbers->len;

        recovery->has_reserve |= strcmp(name, GMQ_RESERVE_NAME) == 0;
        if (!gmq_segment_number(name, &number))
            continue;
        while (place > 0 && g_array_index(recovery->numbers, uint32_t, place - 1) > number)
            place--;
        g_array_insert_val(recovery->numbers, place, number);
    }
    return true;
}

static bool
read_segments(GmqRecovery *recovery, GError **error)
{
    for (unsigned i = 0; i < recovery->numbers->len; i++) {
        if (!read_segment(recovery, g_array_index(recovery->numbers, uint32_t, i), error))
            return false;
    }
    return true;
}

static bool
tell_definitions(GmqJournal *journal, GError **error)
{
    for (uint64_t id = 1; (id = gmq_slots_next(&journal->slots, id)) != 0; id++) {
        const GmqSlot *slot = gmq_slots_find(&journal->slots, id);
        GmqFoundCopy found;
        GmqSlice table;

        if ((slot->copies & GMQ_SLOT_DEFINITION) == 0)
            continue;
        if (!gmq_journal_read(journal, id, &found, &table, error) ||
            !journal->class_->found_definition(journal->user, id, table, error))
            return false;
    }
    return true;
}

static bool
adopt_reserve(GmqRecovery *recovery, GError **error)
{
    g_autoptr(GError) failed = NULL;

    return !recovery->has_reserve || gmq_reserve_adopt(recovery->journal, &failed) ||
           say_disk(failed->message, error);
}

/* ---- the end that is found ---- */

/* Whether the bytes are whole records still: pages that no sync has saved may go at any time. */
static bool
are_records(GmqSlice bytes, uint32_t seed)
{
    GmqRecord record;

    while (bytes.size >= GMQ_RECORD_HEAD) {
        size_t size  = gmq_load_u32(bytes.data + 4);
        GmqSlice one = {bytes.data, size};

        if (size < GMQ_RECORD_HEAD || size > bytes.size ||
            gmq_record_decode(one, one.data[8] == GMQ_RECORD_HEADER ? 0 : seed, &record) != NULL)
            return false;
        bytes = (GmqSlice){bytes.data + size, bytes.size - size};
    }
    return bytes.size == 0;
}

/* That it can be read says nothing: what came last may be in memory alone, and if its sync has
 * failed no later one saves it. So it is written anew, and is on the disk before anything is added
 * to it, or segments go for it. That is a batch at most: all before was there already. */
static bool
renew_end(GmqRecovery *recovery, GmqFile *file, GError **error)
{
    const GmqSegment *last   = recovery->segment;
    GmqDisk *disk            = recovery->journal->host->disk;
    size_t size              = (size_t)(last->size - recovery->proof);
    g_autofree uint8_t *end  = g_malloc(size);
    g_autoptr(GError) failed = NULL;
    GmqSlice bytes           = {end, size};
    char name[GMQ_SEGMENT_NAME_SIZE];

    if (!disk->read(disk, file, recovery->proof, end, size, &failed))
        return say_disk(failed->message, error);
    if (!are_records(bytes, last->seed)) {
        gmq_segment_name(last->number, name);
        g_set_error(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_DISK,
                    "%s is not any more what it was when it was read", name);
        return false;
    }
    return disk->renew(disk, file, recovery->proof, bytes, &failed) ||
           say_disk(failed->message, error);
}

/* Cuts what is torn and makes the last segment the current one: all that changes the disk. */
static bool
go_on(GmqRecovery *recovery, GError **error)
{
    GmqJournal *journal      = recovery->journal;
    GmqSegment *last         = recovery->segment;
    g_autoptr(GError) failed = NULL;

    if (recovery->torn != 0)
        return gmq_journal_reuse_segment(journal, recovery->torn, &failed) ||
               say_disk(failed->message, error);
    if (last == NULL)
        return true;
    GmqFile *file = gmq_segments_file(&journal->segments, last, &failed);
    if (file == NULL)
        return say_disk(failed->message, error);
    journal->segments.current = last;
    return renew_end(recovery, file, error);
}

static bool
recover(GmqRecovery *recovery, GError **error)
{
    GmqJournal *journal      = recovery->journal;
    GmqJournalReport *report = recovery->report;

    *report = (GmqJournalReport){0};
    if (!find_files(recovery, error) || !read_segments(recovery, error) ||
        !tell_definitions(journal, error) || !adopt_reserve(recovery, error) ||
        !go_on(recovery, error))
        return false;
    report->is_new               = journal->batch_number == 0;
    report->was_clean            = recovery->is_ended && !recovery->is_torn;
    journal->must_speak          = recovery->is_ended;
    journal->segments.may_remove = true;
    return true;
}

GmqJournal *
gmq_journal_open(GmqHost *host, const GmqJournalClass *class_, void *user, GmqJournalReport *report,
                 GError **error)
{
    g_autoptr(GmqJournal) journal = new_journal(host, class_, user);
    g_autoptr(GArray) numbers     = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GmqRecovery recovery          = {.journal = journal, .report = report, .numbers = numbers};

    return recover(&recovery, error) ? g_steal_pointer(&journal) : NULL;
}
