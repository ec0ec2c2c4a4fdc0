/* record.h - what the journal is made of: records, each with its length, type and checksum.
 *
 * A segment is a file "journal-00000001" of records, one behind the other. Integers are big-endian,
 * as on the wire. Each record begins with GMQ_RECORD_HEAD bytes:
 *
 *     u32 crc     CRC-32C of all that follows in the record
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
 *     END          u64 salt: the broker stopped here in an orderly way
 *
 * The salt is random and another one in each segment, so that no message can contain a record that
 * looks like the journal's own. Damage behind which a valid BATCH stands is damage of what was on
 * the disk; damage behind which there is none is the torn tail of the last batch. */
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

G_END_DECLS
