/* record.h - what the journal is made of: records, each with its length, type and checksum.
 *
 * A segment is a file "journal-00000001" of records, one behind the other. Integers are big-endian,
 * as on the wire. Each record begins with GMQ_RECORD_HEAD bytes:
 *
 *     u32 crc     CRC-32C of the segment's salt (none in a HEADER) and of all that follows
 *     u32 size    bytes of the whole record
 *     u8  type
 *     u8  flags   GMQ_RECORD_MOVED: written before, in an older segment
 *     u16 count   of the items in it, where it has any
 *
 * and goes on, by type, with
 *
 *     HEADER       u64 magic, u32 format, u32 segment number, u64 salt; first in each segment, and
 *                  nowhere else. It is on the disk before anything else comes into the file.
 *     BATCH        u64 salt, u64 batch number: all before it was on the disk when it was written.
 *                  Batch numbers count up through all segments.
 *     DEFINITION   u64 id, then the inside of a field table (AMQP.md 5)
 *     MESSAGE      u64 id, u64 number of the message, u32 body size, u8 priority, u8 marks of its
 *                  own, u16 0; count copies {u32 queue, u32 flags, i64 wall ms of its death or
 *                  INT64_MAX}; then the bytes of the message
 *     DROPPED      count ranges of ids {u64 first, u32 n}: definitions that hold no more, messages
 *                  that are in no queue any more
 *     COPY_DROPPED count of {u64 id, u32 queue}: the message is gone from that queue
 *     COPY_MARKED  count of {u64 id, u32 queue, u32 flags}: new flags of that copy
 *     END          u64 salt: the broker stopped here in an orderly way; all before it was on the
 *                  disk when it was written
 *
 * The salt is random and another one in each segment, so that no message can contain a record that
 * looks like the journal's own. Damage behind which a valid BATCH or END stands is damage of what
 * was on the disk; damage behind which there is none is the torn tail of the last batch. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

#define GMQ_RECORD_HEAD 12

#define GMQ_JOURNAL_MAGIC UINT64_C(0x476c6173734d510a) /* "GlassMQ\n" */
#define GMQ_JOURNAL_FORMAT 1

typedef enum {
    GMQ_RECORD_HEADER = 1,
    GMQ_RECORD_BATCH,
    GMQ_RECORD_DEFINITION,
    GMQ_RECORD_MESSAGE,
    GMQ_RECORD_DROPPED,
    GMQ_RECORD_COPY_DROPPED,
    GMQ_RECORD_COPY_MARKED,
    GMQ_RECORD_END,
    GMQ_N_RECORD_TYPES,
} GmqRecordType;

#define GMQ_RECORD_MOVED 1u

/* Bytes behind the head: of a HEADER, a BATCH, an END; of what stands before a message's copies; of
 * an item of each kind. */
#define GMQ_RECORD_HEADER_BODY 24
#define GMQ_RECORD_BATCH_BODY 16
#define GMQ_RECORD_END_BODY 8
#define GMQ_RECORD_MESSAGE_BODY 24
#define GMQ_RECORD_COPY_SIZE 16
#define GMQ_RECORD_RANGE_SIZE 12
#define GMQ_RECORD_COPY_DROPPED_SIZE 12
#define GMQ_RECORD_COPY_MARKED_SIZE 16

/* ---- writing ---- */

/* What the checksums of a segment's records begin with; those of a HEADER begin with 0. */
uint32_t gmq_record_seed(uint64_t salt);

/* Stores the head of a record, still without size and checksum. Returns where its body begins. */
uint8_t *gmq_record_begin(uint8_t *record, GmqRecordType type, unsigned flags, unsigned count);

/* Completes the record: n bytes that stand at record, and the rest, which stands elsewhere and
 * follows them in the file. */
void gmq_record_finish(uint8_t *record, size_t n, GmqSlice rest, uint32_t seed);

/* ---- reading ---- */

/* A record; what it points to is lent from the bytes that it was decoded from. */
typedef struct {
    GmqRecordType type;
    bool is_moved;
    uint16_t count;
    uint32_t size;        /* of the whole record */
    GmqSlice whole;       /* all its bytes */
    const uint8_t *items; /* count of them, in the form of the type */
    uint64_t id;          /* of a DEFINITION or MESSAGE */
    uint64_t number;      /* of a HEADER's segment, a BATCH, a MESSAGE */
    uint64_t salt;        /* of a HEADER, a BATCH, an END */
    uint32_t format;      /* of a HEADER */
    uint32_t body_size;   /* of a MESSAGE, with the next two */
    uint8_t priority;
    uint8_t marks;
    GmqSlice bytes; /* a DEFINITION's table, well formed; the bytes of a MESSAGE */
} GmqRecord;

/* Items: a MESSAGE's copies; ranges of a DROPPED; those of a COPY_DROPPED and a COPY_MARKED. */
typedef struct {
    uint32_t queue;
    uint32_t flags;
    int64_t expires_ms;
} GmqRecordCopy;

typedef struct {
    uint64_t first;
    uint32_t n;
} GmqRecordRange;

typedef struct {
    uint64_t id;
    uint32_t queue;
    uint32_t flags; /* of a COPY_MARKED */
} GmqRecordChange;

GmqRecordCopy gmq_record_copy(const GmqRecord *record, unsigned i);
GmqRecordRange gmq_record_range(const GmqRecord *record, unsigned i);
GmqRecordChange gmq_record_change(const GmqRecord *record, unsigned i);

/* Decodes the bytes, which are to be one record. Returns NULL when all in it is right, otherwise
 * what is wrong, in words behind "it" ("has a wrong checksum"). */
const char *gmq_record_decode(GmqSlice bytes, uint32_t seed, GmqRecord *record);

/* Whether the checksum of the bytes is right, at least GMQ_RECORD_HEAD of them. */
bool gmq_record_has_checksum(GmqSlice bytes, uint32_t seed);

/* The name of a type as in the list above, such as "MESSAGE". */
const char *gmq_record_type_name(GmqRecordType type);

/* ---- names of files ---- */

#define GMQ_SEGMENT_NAME_SIZE 20 /* with the final NUL */

void gmq_segment_name(uint32_t number, char name[GMQ_SEGMENT_NAME_SIZE]);

/* The number in the name of a segment; false when it is not one. */
bool gmq_segment_number(const char *name, uint32_t *number);

G_END_DECLS
