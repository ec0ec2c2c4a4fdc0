#include "core/broker/message.h"

#include "core/base/limits.h"
#include "core/wire/buffer.h"
#include "core/wire/frame.h"
#include "core/wire/reader.h"

/* Where the flags and the first properties stand in a content header (AMQP.md 4.2). */
#define FLAGS_AT 12
#define DELIVERY_MODE_PERSISTENT 2

/* Decimal digits and nothing else, up to GMQ_TTL_MS_MAX; -1 for anything else (11.4). */
static int64_t
read_milliseconds(GmqSlice text)
{
    int64_t value = text.size == 0 ? -1 : 0;

    for (size_t i = 0; i < text.size; i++) {
        if (!g_ascii_isdigit(text.data[i]))
            return -1;
        value = value * 10 + (text.data[i] - '0');
        if (value > GMQ_TTL_MS_MAX)
            return -1;
    }
    return value;
}

/* What a queue must know of the properties. Most headers are empty or hold delivery-mode alone, and
 * need no decoding. */
#define READ_PROPERTIES                                                                            \
    (GMQ_PROPERTY_BIT(GMQ_PROPERTY_DELIVERY_MODE) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_PRIORITY))

static void
read_properties(GmqMessage *message, GmqSlice header)
{
    GmqProperties properties;
    GmqFault fault;

    if (message->flags == GMQ_PROPERTY_BIT(GMQ_PROPERTY_DELIVERY_MODE) &&
        header.size == GMQ_CONTENT_HEADER_FIXED + 1) {
        message->is_persistent = header.data[GMQ_CONTENT_HEADER_FIXED] == DELIVERY_MODE_PERSISTENT;
        return;
    }
    if (!gmq_properties_decode(header, &properties, &fault))
        return;
    message->is_persistent = properties.delivery_mode == DELIVERY_MODE_PERSISTENT;
    message->priority      = properties.priority;
}

static uint8_t *
store_bytes(uint8_t *at, GmqSlice bytes)
{
    if (bytes.size > 0)
        memcpy(at, bytes.data, bytes.size);
    return at + bytes.size;
}

/* A message without a body yet, and where its body frame begins. */
static GmqMessage *
begin(GmqSlice exchange, GmqSlice key, GmqSlice header, size_t body_size, size_t capacity)
{
    GmqMessage *message = g_malloc(offsetof(GmqMessage, data) + capacity);
    uint8_t *at         = message->data;

    message->charged        = NULL;
    message->body_size      = (uint32_t)body_size;
    message->refs           = 1;
    message->header_size    = (uint32_t)header.size;
    message->flags          = gmq_load_u16(header.data + FLAGS_AT);
    message->exchange_size  = (uint8_t)exchange.size;
    message->key_size       = (uint8_t)key.size;
    message->priority       = 0;
    message->is_persistent  = false;
    message->has_hidden     = false;
    message->has_own_deaths = false;
    if ((message->flags & READ_PROPERTIES) != 0)
        read_properties(message, header);

    *at++ = (uint8_t)exchange.size;
    at    = store_bytes(at, exchange);
    *at++ = (uint8_t)key.size;
    at    = store_bytes(at, key);
    *at++ = GMQ_FRAME_END;
    at    = gmq_frame_store_header(at, GMQ_FRAME_HEADER, 0, (uint32_t)header.size);
    at    = store_bytes(at, header);
    *at++ = GMQ_FRAME_END;
    if (body_size > 0)
        gmq_frame_store_header(at, GMQ_FRAME_BODY, 0, (uint32_t)body_size);
    return message;
}

/* Bytes of everything before the body, the start of its frame included, and behind it. */
static size_t
bytes_around(GmqSlice exchange, GmqSlice key, GmqSlice header, size_t body_size)
{
    g_assert(exchange.size <= GMQ_SHORTSTR_MAX);
    g_assert(key.size <= GMQ_SHORTSTR_MAX);
    g_assert(header.size >= GMQ_CONTENT_HEADER_FIXED);
    g_assert(header.size <= UINT32_MAX);
    g_assert(body_size <= UINT32_MAX);

    return exchange.size + key.size + 3 + header.size + 8 + (body_size == 0 ? 0 : 8);
}

/* The frame-end behind the body, once the last byte of it is there. */
static void
finish_body(GmqMessage *message)
{
    if (message->body_filled < message->body_size)
        return;
    message->number = 0;
    message->event  = 0;
    if (message->body_size > 0)
        message->data[gmq_message_wire_size(message) - 1] = GMQ_FRAME_END;
}

GmqMessage *
gmq_message_new(GmqSlice exchange, GmqSlice key, GmqSlice header, uint64_t body_size)
{
    size_t capacity =
        bytes_around(exchange, key, header, body_size) + (size_t)MIN(body_size, GMQ_BODY_TRUST);
    GmqMessage *message = begin(exchange, key, header, body_size, capacity);

    message->capacity    = capacity;
    message->body_filled = 0;
    finish_body(message);
    return message;
}

GmqMessage *
gmq_message_new_whole(GmqSlice exchange, GmqSlice key, GmqSlice header, GmqSlice body)
{
    size_t size         = bytes_around(exchange, key, header, body.size) + body.size;
    GmqMessage *message = begin(exchange, key, header, body.size, size);

    message->number = 0;
    message->event  = 0;
    if (body.size > 0) {
        memcpy(message->data + size - 1 - body.size, body.data, body.size);
        message->data[size - 1] = GMQ_FRAME_END;
    }
    return message;
}

/* Makes room for at least one more byte of the body, doubling what is there: an announced size
 * alone never costs memory. */
static void
grow(GmqMessage **message)
{
    size_t whole = gmq_message_wire_size(*message);
    size_t size  = MIN(whole, (*message)->capacity * 2);

    *message             = g_realloc(*message, offsetof(GmqMessage, data) + size);
    (*message)->capacity = size;
}

uint8_t *
gmq_message_window(GmqMessage **message, size_t *size)
{
    size_t used = gmq_message_head_size(*message) + 7 + (*message)->body_filled;

    g_assert((*message)->refs == 1);
    g_assert((*message)->body_filled < (*message)->body_size);
    if (used + 1 >= (*message)->capacity)
        grow(message);
    *size = (*message)->capacity - used - 1;
    return (*message)->data + used;
}

void
gmq_message_window_filled(GmqMessage *message, size_t size)
{
    g_assert(size <= message->body_size - message->body_filled);

    message->body_filled += (uint32_t)size;
    finish_body(message);
}

void
gmq_message_add_body(GmqMessage **message, GmqSlice bytes)
{
    while (bytes.size > 0) {
        size_t room;
        uint8_t *at   = gmq_message_window(message, &room);
        size_t filled = MIN(room, bytes.size);

        memcpy(at, bytes.data, filled);
        gmq_message_window_filled(*message, filled);
        bytes.data += filled;
        bytes.size -= filled;
    }
}

GmqMessage *
gmq_message_copy(const GmqMessage *message, GmqSlice exchange, GmqSlice key, GmqSlice header)
{
    GmqMessage *copy = gmq_message_new_whole(exchange, key, header, gmq_message_body(message));

    copy->has_own_deaths = message->has_own_deaths;
    if (message->charged != NULL)
        gmq_message_charge(copy, message->charged);
    return copy;
}

/* ---- what few messages have ---- */

int64_t
gmq_message_read_ttl(const GmqMessage *message)
{
    GmqProperties properties;
    GmqFault ignored;

    if (!gmq_properties_decode(gmq_message_header(message), &properties, &ignored) ||
        !GMQ_HAS_PROPERTY(&properties, EXPIRATION))
        return -1;
    return read_milliseconds(properties.expiration);
}

/* Hidden keys stand behind the body frame: their size in 4 octets, then they. */
void
gmq_message_hide_keys(GmqMessage **message, GmqSlice keys)
{
    size_t wire_size = gmq_message_wire_size(*message);

    g_assert((*message)->refs == 1);
    g_assert(keys.size <= UINT32_MAX);
    if (keys.size == 0)
        return;
    *message = g_realloc(*message, offsetof(GmqMessage, data) + wire_size + 4 + keys.size);
    (*message)->has_hidden = true;
    if ((*message)->charged != NULL)
        *(*message)->charged += 4 + keys.size;
    memcpy(gmq_store_u32((*message)->data + wire_size, (uint32_t)keys.size), keys.data, keys.size);
}

GmqSlice
gmq_message_hidden_keys(const GmqMessage *message)
{
    const uint8_t *at = message->data + gmq_message_wire_size(message);

    return message->has_hidden ? (GmqSlice){at + 4, gmq_load_u32(at)} : GMQ_SLICE("");
}

/* ---- memory ---- */

static size_t
block_size(const GmqMessage *message)
{
    size_t hidden = message->has_hidden ? 4 + gmq_message_hidden_keys(message).size : 0;

    return offsetof(GmqMessage, data) + gmq_message_wire_size(message) + hidden;
}

void
gmq_message_charge(GmqMessage *message, size_t *held)
{
    g_assert(message->charged == NULL);

    message->charged = held;
    *held += block_size(message);
}

void
gmq_message_destroy(GmqMessage *message)
{
    if (message->charged != NULL)
        *message->charged -= block_size(message);
    g_free(message);
}
