#include "core/wire/buffer.h"

#include "core/base/limits.h"

/* Most buffers hold a method frame or two. */
#define LEAST_CAPACITY 128

void
gmq_buffer_clear(GmqBuffer *buffer)
{
    g_free(buffer->data);
    *buffer = (GmqBuffer){0};
}

uint8_t *
gmq_buffer_reserve(GmqBuffer *buffer, size_t count)
{
    if (count > buffer->capacity - buffer->size) {
        g_assert(count <= G_MAXSSIZE - buffer->size);

        size_t wanted    = MAX(buffer->size + count, LEAST_CAPACITY);
        buffer->capacity = MAX(wanted, buffer->capacity + buffer->capacity / 2);
        buffer->data     = (uint8_t *)g_realloc(buffer->data, buffer->capacity);
    }
    return buffer->data + buffer->size;
}

void
gmq_buffer_add(GmqBuffer *buffer, const void *data, size_t size)
{
    if (size == 0)
        return;
    memcpy(gmq_buffer_reserve(buffer, size), data, size);
    buffer->size += size;
}

void
gmq_buffer_add_u8(GmqBuffer *buffer, uint8_t value)
{
    *gmq_buffer_reserve(buffer, 1) = value;
    buffer->size += 1;
}

void
gmq_buffer_add_u16(GmqBuffer *buffer, uint16_t value)
{
    gmq_store_u16(gmq_buffer_reserve(buffer, 2), value);
    buffer->size += 2;
}

void
gmq_buffer_add_u32(GmqBuffer *buffer, uint32_t value)
{
    gmq_store_u32(gmq_buffer_reserve(buffer, 4), value);
    buffer->size += 4;
}

void
gmq_buffer_add_u64(GmqBuffer *buffer, uint64_t value)
{
    gmq_store_u64(gmq_buffer_reserve(buffer, 8), value);
    buffer->size += 8;
}

void
gmq_buffer_add_shortstr(GmqBuffer *buffer, GmqSlice text)
{
    g_assert(text.size <= GMQ_SHORTSTR_MAX);

    gmq_buffer_add_u8(buffer, (uint8_t)text.size);
    gmq_buffer_add(buffer, text.data, text.size);
}

void
gmq_buffer_add_longstr(GmqBuffer *buffer, GmqSlice bytes)
{
    g_assert(bytes.size <= UINT32_MAX);

    gmq_buffer_add_u32(buffer, (uint32_t)bytes.size);
    gmq_buffer_add(buffer, bytes.data, bytes.size);
}

size_t
gmq_buffer_begin_long(GmqBuffer *buffer)
{
    size_t begin = buffer->size;

    gmq_buffer_add_u32(buffer, 0);
    return begin;
}

void
gmq_buffer_end_long(GmqBuffer *buffer, size_t begin)
{
    g_assert(begin + 4 <= buffer->size);
    g_assert(buffer->size - begin - 4 <= UINT32_MAX);

    gmq_store_u32(buffer->data + begin, (uint32_t)(buffer->size - begin - 4));
}
