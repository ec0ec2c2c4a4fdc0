/* scan.h - reads a segment of the journal record by record, from its first byte.
 *
 * Where a record is bad it says whether that is the torn end of the last batch or damage of what
 * was on the disk (record.h). It changes nothing. */
#pragma once

#include "core/store/record.h"

G_BEGIN_DECLS

typedef struct GmqScan GmqScan;

/* Where the bytes come from; user and what it stands for are lent. */
typedef struct {
    /* Reads exactly size bytes at offset; false with an error. Pieces come in large reads. */
    bool (*read)(void *user, uint64_t offset, uint8_t *to, size_t size, GError **error);
    void *user;
    uint64_t size; /* bytes of the segment */
} GmqScanSource;

typedef enum {
    GMQ_SCAN_RECORD,     /* *record is the next one */
    GMQ_SCAN_DONE,       /* there is no more */
    GMQ_SCAN_TORN,       /* bad, and nothing behind it proves that it was on the disk */
    GMQ_SCAN_DAMAGED,    /* bad */
    GMQ_SCAN_NEWER,      /* the segment has a later format */
    GMQ_SCAN_UNREADABLE, /* the source failed, with its error */
} GmqScanResult;

/* Begins with the segment of that number, which is in its HEADER too. */
GmqScan *gmq_scan_new(const GmqScanSource *source, uint32_t number);

/* The same for bytes in memory, which are lent. */
GmqScan *gmq_scan_new_bytes(GmqSlice bytes, uint32_t number);

void gmq_scan_free(GmqScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqScan, gmq_scan_free)

/* The next record, lent until the next call of anything here; the first one is the HEADER. After an
 * answer that is no record it gives the same answer again, but tries what was UNREADABLE. A segment
 * whose HEADER is bad is TORN when there is nothing behind it: it was just being made. */
GmqScanResult gmq_scan_next(GmqScan *scan, GmqRecord *record, GError **error);

/* Where the last record or the bad one begins, in bytes. */
uint64_t gmq_scan_offset(const GmqScan *scan);

/* What is bad there, a sentence without its full stop; NULL when nothing is. */
const char *gmq_scan_trouble(const GmqScan *scan);

/* The salt of the segment, once its HEADER was read or skipped; and the seed of its checksums. */
uint64_t gmq_scan_salt(const GmqScan *scan);
uint32_t gmq_scan_seed(const GmqScan *scan);

/* Behind a bad record: goes on with the next good one, at *found, which gmq_scan_next() gives then.
 * False when there is none, or with an error when the source failed. */
bool gmq_scan_skip(GmqScan *scan, uint64_t *found, GError **error);

G_END_DECLS
