/* reader.h - reads big-endian wire values from a slice, never past its end.
 *
 * The first short read fails the reader for good and gives zeros, so that a caller may read a whole
 * record and look at failed once (0-9-1 spec, 4.2.5). */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
} GmqReader;

static inline void
gmq_reader_init(GmqReader *reader, GmqSlice bytes)
{
    reader->at     = bytes.data;
    reader->end    = bytes.data;
    reader->failed = false;
    if (bytes.size > 0) /* C allows no sum with NULL, not even of 0 */
        reader->end += bytes.size;
}

static inline size_t
gmq_reader_left(const GmqReader *reader)
{
    return (size_t)(reader->end - reader->at);
}

/* Steps over count bytes and returns where they began; NULL when there are fewer. Comparing with
 * what is left, instead of adding first, means that a length from the wire can never wrap. */
static inline const uint8_t *
gmq_reader_take(GmqReader *reader, size_t count)
{
    const uint8_t *start = reader->at;

    if (reader->failed || count > gmq_reader_left(reader)) {
        reader->failed = true;
        return NULL;
    }
    reader->at += count;
    return start;
}

static inline uint16_t
gmq_load_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t
gmq_load_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t
gmq_load_u64(const uint8_t *at)
{
    return (uint64_t)gmq_load_u32(at) << 32 | gmq_load_u32(at + 4);
}

static inline uint8_t
gmq_reader_u8(GmqReader *reader)
{
    const uint8_t *at = gmq_reader_take(reader, 1);
    return at == NULL ? 0 : at[0];
}

static inline uint16_t
gmq_reader_u16(GmqReader *reader)
{
    const uint8_t *at = gmq_reader_take(reader, 2);
    return at == NULL ? 0 : gmq_load_u16(at);
}

static inline uint32_t
gmq_reader_u32(GmqReader *reader)
{
    const uint8_t *at = gmq_reader_take(reader, 4);
    return at == NULL ? 0 : gmq_load_u32(at);
}

static inline uint64_t
gmq_reader_u64(GmqReader *reader)
{
    const uint8_t *at = gmq_reader_take(reader, 8);
    return at == NULL ? 0 : gmq_load_u64(at);
}

/* size bytes, lent from the slice under the reader. */
static inline GmqSlice
gmq_reader_bytes(GmqReader *reader, size_t size)
{
    const uint8_t *at = gmq_reader_take(reader, size);
    return (GmqSlice){at, at == NULL ? 0 : size};
}

/* A length octet and that many bytes. */
static inline GmqSlice
gmq_reader_shortstr(GmqReader *reader)
{
    return gmq_reader_bytes(reader, gmq_reader_u8(reader));
}

/* A 32-bit length and that many bytes: a longstr, or the inside of a table or array. */
static inline GmqSlice
gmq_reader_longstr(GmqReader *reader)
{
    return gmq_reader_bytes(reader, gmq_reader_u32(reader));
}

G_END_DECLS
