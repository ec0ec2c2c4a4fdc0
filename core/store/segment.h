/* segment.h - the files of the journal, in the order of their numbers, and what of them still
 * counts.
 *
 * A record is live as long as its message is in some queue, or its definition holds. What says that
 * it is not any more stands in a later segment, and must outlive it: otherwise the message would be
 * back after a restart. So each segment knows min_ref, the oldest one that its DROPPED,
 * COPY_DROPPED, COPY_MARKED and MOVED records speak of, and a segment without live records may go
 * only when none of [min_ref, itself) is there any more. The oldest one always may. As one that was
 * moved to speaks of where its records were moved from, this holds from segment to segment however
 * often a record was moved: the last place to know of a message's end is the last to go. */
#pragma once

#include "core/base/disk.h"
#include "core/store/record.h"

G_BEGIN_DECLS

typedef struct {
    uint32_t number;
    uint32_t min_ref; /* its own number, or that of an older one */
    uint32_t seed;    /* of its records' checksums */
    uint64_t salt;
    uint64_t size;       /* what is on the disk of it, whole batches */
    uint64_t live;       /* bytes of live records */
    GmqFile *file;       /* NULL: not open */
    uint64_t used;       /* when it was used last, counting openings and uses */
    bool is_bad;         /* it cannot be read, so that it is not cleaned up */
    GArray *definitions; /* of uint64_t: ids of those written to it; NULL: none */
} GmqSegment;

typedef struct {
    GmqDisk *disk;
    GPtrArray *all;      /* of GmqSegment, by number, those that exist */
    GmqSegment *current; /* that is written to, the last one; NULL: the next batch begins one */
    uint64_t size;       /* of all */
    uint64_t live;
    unsigned n_open;
    uint64_t clock;
    bool may_remove; /* something has changed since the last removal */
} GmqSegments;

void gmq_segments_init(GmqSegments *segments, GmqDisk *disk);
void gmq_segments_clear(GmqSegments *segments);

/* Adds a segment behind all others, empty and not open. */
GmqSegment *gmq_segments_add(GmqSegments *segments, uint32_t number, uint64_t salt);

/* NULL when there is none of that number. */
GmqSegment *gmq_segments_find(const GmqSegments *segments, uint32_t number);

/* The open file of a segment, opened when it is not; NULL with an error. Others may be closed. */
GmqFile *gmq_segments_file(GmqSegments *segments, GmqSegment *segment, GError **error);

/* Gives a segment its file, which is open. */
void gmq_segments_adopt(GmqSegments *segments, GmqSegment *segment, GmqFile *file);

/* Accounting. The number may be of one that is gone. */
void gmq_segments_grow(GmqSegments *segments, GmqSegment *segment, uint64_t bytes);
void gmq_segments_shrink(GmqSegments *segments, GmqSegment *segment, uint64_t bytes);
void gmq_segments_enliven(GmqSegments *segments, GmqSegment *segment, uint64_t bytes);
void gmq_segments_bury(GmqSegments *segments, uint32_t number, uint64_t bytes);

/* A definition is written to it. These hold for long where messages come and go, and are found by
 * their ids when nothing else of the segment counts any more. */
void gmq_segment_add_definition(GmqSegment *segment, uint64_t id);

/* A record in segment speaks of something in that other one. */
static inline void
gmq_segment_refer(GmqSegment *segment, uint32_t other)
{
    segment->min_ref = MIN(segment->min_ref, other);
}

/* Removes what may go, but never the last one, which tells the next start where to go on. */
void gmq_segments_remove(GmqSegments *segments);

/* When more than half of all bytes are dead ones in segments that are not written to any more: the
 * sparsest of those that may go once they have no live records. Otherwise NULL. */
GmqSegment *gmq_segments_sparsest(const GmqSegments *segments);

/* Dead bytes of segments that are not written to any more. */
uint64_t gmq_segments_dead(const GmqSegments *segments);

G_END_DECLS
