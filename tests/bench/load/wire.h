/* wire.h - AMQP frames, written into a growing buffer and read in place.
 *
 * On purpose nothing of the broker: the load must not share its mistakes or its speed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Frame types. */
#define FRAME_METHOD 1
#define FRAME_HEADER 2
#define FRAME_BODY 3
#define FRAME_START 7 /* octets before the payload */
#define FRAME_END 0xCE

typedef struct {
    uint8_t *data;
    size_t size, room;
} Buffer;

void buffer_reserve(Buffer *buffer, size_t size);
void buffer_clear(Buffer *buffer);

void put_bytes(Buffer *buffer, const void *data, size_t size);
void put_u8(Buffer *buffer, unsigned value);
void put_u16(Buffer *buffer, unsigned value);
void put_u32(Buffer *buffer, uint32_t value);
void put_u64(Buffer *buffer, uint64_t value);
void put_shortstr(Buffer *buffer, const char *text);

/* A length that is not known yet: returns where it stands, for put_length_at() to fill in when all
 * that it counts is there. */
size_t put_length(Buffer *buffer);
void put_length_at(Buffer *buffer, size_t at);

/* A frame is opened, filled, and closed; open returns what close needs. */
size_t frame_open(Buffer *buffer, unsigned type, unsigned channel);
size_t method_open(Buffer *buffer, unsigned channel, unsigned class_id, unsigned method_id);
void frame_close(Buffer *buffer, size_t at);

uint16_t get_u16(const uint8_t *data);
uint32_t get_u32(const uint8_t *data);
uint64_t get_u64(const uint8_t *data);

/* Whether a whole frame is that method. */
bool frame_is(const uint8_t *frame, unsigned class_id, unsigned method_id);
