/* buffer.h - bytes being put together, big-endian, growing as needed.
 *
 * Writes assert where reads report: an overlong string of our own is a bug. The caller keeps the
 * storage; gmq_buffer_clear() frees what it grew. All-zero is an empty buffer. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct {
    uint8_t *data;
    size_t size;     /* bytes written */
    size_t capacity; /* bytes allocated */
} GmqBuffer;

void gmq_buffer_clear(GmqBuffer *buffer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqBuffer, gmq_buffer_clear)

/* Makes room for count more bytes and returns where they will stand; size is not changed. */
uint8_t *gmq_buffer_reserve(GmqBuffer *buffer, size_t count);

void gmq_buffer_add(GmqBuffer *buffer, const void *data, size_t size);
void gmq_buffer_add_u8(GmqBuffer *buffer, uint8_t value);
void gmq_buffer_add_u16(GmqBuffer *buffer, uint16_t value);
void gmq_buffer_add_u32(GmqBuffer *buffer, uint32_t value);
void gmq_buffer_add_u64(GmqBuffer *buffer, uint64_t value);

/* A length octet and the bytes; asserts that they are at most GMQ_SHORTSTR_MAX. */
void gmq_buffer_add_shortstr(GmqBuffer *buffer, GmqSlice text);

/* A 32-bit length and the bytes. A table's inside is written the same way. */
void gmq_buffer_add_longstr(GmqBuffer *buffer, GmqSlice bytes);

/* A 32-bit length that is filled in by gmq_buffer_end_long: returns the place to give to it. */
size_t gmq_buffer_begin_long(GmqBuffer *buffer);
void gmq_buffer_end_long(GmqBuffer *buffer, size_t begin);

static inline GmqSlice
gmq_buffer_slice(const GmqBuffer *buffer)
{
    return (GmqSlice){buffer->data, buffer->size};
}

/* Stores a value at a place that has room for it. */
static inline uint8_t *
gmq_store_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

static inline uint8_t *
gmq_store_u32(uint8_t *at, uint32_t value)
{
    gmq_store_u16(at, (uint16_t)(value >> 16));
    gmq_store_u16(at + 2, (uint16_t)value);
    return at + 4;
}

static inline uint8_t *
gmq_store_u64(uint8_t *at, uint64_t value)
{
    gmq_store_u32(at, (uint32_t)(value >> 32));
    gmq_store_u32(at + 4, (uint32_t)value);
    return at + 8;
}

G_END_DECLS
