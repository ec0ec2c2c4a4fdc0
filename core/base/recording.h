/* recording.h - the form of a recording: all that a broker was told, and how it was answered.
 *
 * The core asks the world for nothing but through its host, so who has its inputs and the answers
 * of its host can let it do the same again. A recording is the magic line and then blocks:
 *
 *     size of the records (32 bits)   CRC-32C of them (32 bits)   records
 *
 * A record is its kind (a byte), then its numbers, 7 bits a byte, the low ones first, and its bytes
 * behind their size. No record goes on in the next block, so a file that was cut can be read up to
 * its last whole block. Integers of blocks are big-endian. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

#define GMQ_RECORDING_MAGIC "GlassMQ recording 1\n"

/* What all recordings begin with, of whichever version. */
#define GMQ_RECORDING_START "GlassMQ recording "

#define GMQ_RECORDING_BLOCK_HEADER 8

/* The records of a block: some 100 KiB usually, more only for one that is larger by itself. */
#define GMQ_RECORDING_BLOCK_MAX (UINT32_C(1) << 30)

#define GMQ_RECORDED_NUMBERS_MAX 2

typedef enum {
#define RECORDED(NAME, what, numbers, has_bytes, is_answer) GMQ_RECORDED_##NAME,
#include "core/base/recording.def"
#undef RECORDED
    GMQ_N_RECORDED,
} GmqRecordedKind;

/* How it went, in the first number of what may fail. */
typedef enum {
    GMQ_RECORDED_FINE,
    GMQ_RECORDED_FAILED,
    GMQ_RECORDED_FULL,
} GmqRecordedResult;

typedef struct {
    GmqRecordedKind kind;
    uint64_t numbers[GMQ_RECORDED_NUMBERS_MAX];
    GmqSlice bytes; /* lent */
} GmqRecorded;

typedef struct {
    const char *what;
    unsigned numbers;
    bool has_bytes;
    bool is_answer;
} GmqRecordedInfo;

const GmqRecordedInfo *gmq_recorded_info(GmqRecordedKind kind);

/* Appends the record; numbers and bytes that its kind has not are left out. */
void gmq_recorded_write(const GmqRecorded *recorded, GString *out);

/* Takes the first record off the records of a block. False when there is no whole one, or none of a
 * kind that is known. */
bool gmq_recorded_read(GmqSlice *records, GmqRecorded *recorded);

/* Numbers that may be negative, so that small ones stay short. */
uint64_t gmq_zigzag(int64_t number);
int64_t gmq_unzigzag(uint64_t number);

G_END_DECLS
