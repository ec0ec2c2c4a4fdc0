/* The next segment of the journal: its file, and the header that is on the disk before all else. */
#include "core/base/site.h"
#include "core/store/journal-private.h"

bool
gmq_journal_needs_segment(const GmqJournal *journal)
{
    const GmqSegment *current = journal->segments.current;

    return current == NULL || journal->must_rotate || current->size >= journal->segment_size ||
           GMQ_SITE(journal->host, SEGMENT_NEW);
}

bool
gmq_journal_reuse_segment(GmqJournal *journal, uint32_t number, GError **error)
{
    GmqDisk *disk = journal->host->disk;
    char name[GMQ_SEGMENT_NAME_SIZE];

    gmq_segment_name(number, name);
    GmqFile *file = disk->open(disk, name, false, error);
    if (file == NULL)
        return false;
    if (!disk->renew(disk, file, 0, (GmqSlice){NULL, 0}, error)) {
        disk->close(disk, file);
        return false;
    }
    journal->next_segment = number;
    journal->fresh        = file;
    return true;
}

static bool
open_fresh(GmqJournal *journal)
{
    GmqDisk *disk           = journal->host->disk;
    g_autoptr(GError) error = NULL;
    char name[GMQ_SEGMENT_NAME_SIZE];

    if (journal->fresh != NULL)
        return true;
    gmq_segment_name(journal->next_segment, name);
    journal->fresh = disk->open(disk, name, true, &error);
    if (journal->fresh != NULL)
        return true;
    if (g_error_matches(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FULL))
        gmq_journal_set_full(journal, error->message);
    else
        gmq_journal_fail(journal, error->message);
    return false;
}

void
gmq_journal_make_segment(GmqJournal *journal)
{
    if (!open_fresh(journal))
        return;
    journal->fresh_salt = journal->host->random(journal->host, GMQ_STREAM_JOURNAL);
    gmq_batch_begin(&journal->batch, 0);
    gmq_batch_add_header(&journal->batch, journal->next_segment, journal->fresh_salt);
    gmq_batch_finish(&journal->batch);
    gmq_journal_append(journal, journal->fresh, GMQ_PHASE_HEADER);
}

/* The file as it was before its header: it is tried again. */
static void
cut_fresh(GmqJournal *journal)
{
    GmqDisk *disk           = journal->host->disk;
    g_autoptr(GError) error = NULL;

    if (disk->truncate(disk, journal->fresh, 0, &error))
        gmq_journal_set_full(journal, "there is no space left for the journal");
    else
        gmq_journal_fail(journal, error->message);
}

void
gmq_journal_segment_made(GmqJournal *journal, GmqDiskResult result)
{
    GmqSegments *segments = &journal->segments;

    if (result != GMQ_DISK_DONE) {
        cut_fresh(journal);
        return;
    }
    GmqSegment *segment = gmq_segments_add(segments, journal->next_segment, journal->fresh_salt);
    gmq_segments_adopt(segments, segment, g_steal_pointer(&journal->fresh));
    segments->current    = segment;
    segments->may_remove = true;
    gmq_segments_grow(segments, segment, journal->batch.size);
    journal->next_segment++;
    journal->must_rotate = false;
}
