/* journal-files.h - the files of a journal that no broker uses, for looking at.
 *
 * Nothing is written to them. What the disk cannot give back is read as zeros, so that it shows up
 * as damage, and what was wrong is kept. */
#pragma once

#include "core/store/scan.h"

G_BEGIN_DECLS

#define GMQ_TOOL_ERROR (gmq_tool_error_quark())
GQuark gmq_tool_error_quark(void);

typedef enum {
    GMQ_TOOL_ERROR_FAILED,
} GmqToolError;

typedef struct {
    uint32_t number;
    char name[GMQ_SEGMENT_NAME_SIZE];
    uint64_t size;
} GmqSegmentFile;

typedef struct GmqJournalFiles GmqJournalFiles;

/* Takes the directory until it is freed; NULL with an error, a sentence without its full stop, when
 * there is no journal in it or a broker uses it. */
GmqJournalFiles *gmq_journal_files_open(const char *path, GError **error);
void gmq_journal_files_free(GmqJournalFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqJournalFiles, gmq_journal_files_free)

const char *gmq_journal_files_path(const GmqJournalFiles *files);

/* The segments in the order of their numbers, at least one; lent. */
unsigned gmq_journal_files_count(const GmqJournalFiles *files);
const GmqSegmentFile *gmq_journal_files_get(const GmqJournalFiles *files, unsigned i);

/* Opens a segment; it and its scan are lent until the next call of this. NULL with an error. */
GmqScan *gmq_journal_files_scan(GmqJournalFiles *files, unsigned i, GError **error);

/* That scan. */
const GmqScan *gmq_journal_files_current(const GmqJournalFiles *files);

/* Reads bytes of the segment that is open: fewer at its end, or where they cannot be read. */
size_t gmq_journal_files_peek(GmqJournalFiles *files, uint64_t offset, uint8_t *to, size_t size);

/* What could not be read of the segment that is open, without a full stop; NULL: nothing. */
const char *gmq_journal_files_trouble(const GmqJournalFiles *files);

G_END_DECLS
