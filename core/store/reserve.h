/* reserve.h - space that the journal keeps for getting out of a full disk.
 *
 * When all messages of a full disk are taken, definitions may still stand between them, and hold
 * their segments. To move these on takes a header and a batch, for which there may be no space,
 * down to the last byte. So a file "reserve", whose bytes mean nothing, takes up as much as all
 * definitions do. With a full disk it is lent: cut to nothing, for what moves records out of a
 * segment that can go then. Until it is filled again nothing else is written, as that could not be
 * taken back. A file of no bytes is one that a crash found lent.
 *
 * Journals that are small on a disk with much space do without. */
#pragma once

#include "core/store/journal.h"
#include "core/store/segment.h"

G_BEGIN_DECLS

#define GMQ_RESERVE_NAME "reserve"

typedef struct {
    GmqFile *file;    /* NULL: none */
    uint64_t bytes;   /* of it when it is not lent */
    uint64_t wanted;  /* ... when it is filled, which is under way */
    int64_t retry_ns; /* not tried again before that */
    bool is_lent;
} GmqReserve;

void gmq_reserve_clear(GmqJournal *journal);

/* Adopts its file, which is there; false with an error. All definitions are known. */
bool gmq_reserve_adopt(GmqJournal *journal, GError **error);

/* Whether it is large enough for all live records of that segment. */
bool gmq_reserve_carries(const GmqJournal *journal, const GmqSegment *segment);

/* Before anything is appended: lends it when that helps, and has it filled when that is due. False
 * when nothing else may be appended now. */
bool gmq_reserve_prepare(GmqJournal *journal);

/* The disk has answered to what filled it. */
void gmq_reserve_filled(GmqJournal *journal, GmqDiskResult result);

G_END_DECLS
