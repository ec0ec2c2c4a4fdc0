#include "tests/bench/load/wire.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_LEAST 4096

void
buffer_reserve(Buffer *buffer, size_t size)
{
    if (buffer->size + size <= buffer->room)
        return;
    while (buffer->size + size > buffer->room)
        buffer->room = buffer->room > 0 ? buffer->room * 2 : BUFFER_LEAST;
    buffer->data = realloc(buffer->data, buffer->room);
    if (buffer->data == NULL)
        abort();
}

void
buffer_clear(Buffer *buffer)
{
    free(buffer->data);
    *buffer = (Buffer){0};
}

void
put_bytes(Buffer *buffer, const void *data, size_t size)
{
    buffer_reserve(buffer, size);
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
}

void
put_u8(Buffer *buffer, unsigned value)
{
    uint8_t octet = (uint8_t)value;

    put_bytes(buffer, &octet, sizeof octet);
}

void
put_u16(Buffer *buffer, unsigned value)
{
    uint16_t big = htons((uint16_t)value);

    put_bytes(buffer, &big, sizeof big);
}

void
put_u32(Buffer *buffer, uint32_t value)
{
    uint32_t big = htonl(value);

    put_bytes(buffer, &big, sizeof big);
}

void
put_u64(Buffer *buffer, uint64_t value)
{
    put_u32(buffer, (uint32_t)(value >> 32));
    put_u32(buffer, (uint32_t)value);
}

void
put_shortstr(Buffer *buffer, const char *text)
{
    put_u8(buffer, (unsigned)strlen(text));
    put_bytes(buffer, text, strlen(text));
}

size_t
put_length(Buffer *buffer)
{
    size_t at = buffer->size;

    put_u32(buffer, 0);
    return at;
}

void
put_length_at(Buffer *buffer, size_t at)
{
    uint32_t length = htonl((uint32_t)(buffer->size - at - 4));

    memcpy(buffer->data + at, &length, sizeof length);
}

size_t
frame_open(Buffer *buffer, unsigned type, unsigned channel)
{
    put_u8(buffer, type);
    put_u16(buffer, channel);
    return put_length(buffer);
}

size_t
method_open(Buffer *buffer, unsigned channel, unsigned class_id, unsigned method_id)
{
    size_t at = frame_open(buffer, FRAME_METHOD, channel);

    put_u16(buffer, class_id);
    put_u16(buffer, method_id);
    return at;
}

void
frame_close(Buffer *buffer, size_t at)
{
    put_length_at(buffer, at);
    put_u8(buffer, FRAME_END);
}

uint16_t
get_u16(const uint8_t *data)
{
    uint16_t value;

    memcpy(&value, data, sizeof value);
    return ntohs(value);
}

uint32_t
get_u32(const uint8_t *data)
{
    uint32_t value;

    memcpy(&value, data, sizeof value);
    return ntohl(value);
}

uint64_t
get_u64(const uint8_t *data)
{
    return (uint64_t)get_u32(data) << 32 | get_u32(data + 4);
}

bool
frame_is(const uint8_t *frame, unsigned class_id, unsigned method_id)
{
    return frame[0] == FRAME_METHOD && get_u16(frame + FRAME_START) == class_id &&
           get_u16(frame + FRAME_START + 2) == method_id;
}
