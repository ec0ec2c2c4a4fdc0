#include "core/broker/message.h"

#include "core/base/limits.h"
#include "core/wire/frame.h"
#include "core/wire/properties.h"
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
    (GMQ_PROPERTY_BIT(GMQ_PROPERTY_DELIVERY_MODE) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_PRIORITY) |      \
     GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION))

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
    if (GMQ_HAS_PROPERTY(&properties, EXPIRATION))
        message->ttl_ms = read_milliseconds(properties.expiration);
}

static uint8_t *
store_bytes(uint8_t *at, GmqSlice bytes)
{
    if (bytes.size > 0)
        memcpy(at, bytes.data, bytes.size);
    return at + bytes.size;
}

GmqMessage *
gmq_message_new(GmqSlice exchange, GmqSlice key, GmqSlice header, uint64_t body_size)
{
    g_assert(exchange.size <= GMQ_SHORTSTR_MAX);
    g_assert(key.size <= GMQ_SHORTSTR_MAX);
    g_assert(header.size >= GMQ_CONTENT_HEADER_FIXED);

    size_t head    = exchange.size + key.size + 3 + header.size + 8;
    size_t trusted = (size_t)MIN(body_size, GMQ_BODY_TRUST);
    size_t size    = head + (body_size == 0 ? 0 : trusted + 8);

    GmqMessage *message = g_malloc(sizeof(GmqMessage) + size);
    uint8_t *at         = message->data;

    message->number        = 0;
    message->body_size     = body_size;
    message->body_filled   = 0;
    message->event         = 0;
    message->capacity      = size;
    message->refs          = 1;
    message->header_size   = (uint32_t)header.size;
    message->hidden_size   = 0;
    message->exchange_size = (uint8_t)exchange.size;
    message->key_size      = (uint8_t)key.size;
    message->flags         = gmq_load_u16(header.data + FLAGS_AT);
    message->is_persistent = false;
    message->priority      = 0;
    message->ttl_ms        = -1;
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

/* The frame-end behind the body, once the last byte of it is there. */
static void
finish_body(GmqMessage *message)
{
    if (message->body_filled == message->body_size && message->body_size > 0)
        message->data[gmq_message_wire_size(message) - 1] = GMQ_FRAME_END;
}

/* Makes room for at least one more byte of the body, doubling what is there: an announced size
 * alone never costs memory. */
static void
grow(GmqMessage **message)
{
    size_t whole = gmq_message_wire_size(*message);
    size_t size  = MIN(whole, (*message)->capacity * 2);

    *message             = g_realloc(*message, sizeof(GmqMessage) + size);
    (*message)->capacity = size;
}

uint8_t *
gmq_message_window(GmqMessage **message, size_t *size)
{
    size_t used = gmq_message_head_size(*message) + 7 + (size_t)(*message)->body_filled;

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

    message->body_filled += size;
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
    GmqMessage *copy = gmq_message_new(exchange, key, header, message->body_size);

    gmq_message_add_body(&copy, gmq_message_body(message));
    return copy;
}

void
gmq_message_hide_keys(GmqMessage **message, GmqSlice keys)
{
    size_t wire_size = gmq_message_wire_size(*message);

    g_assert((*message)->refs == 1);
    g_assert((*message)->body_filled == (*message)->body_size);
    if (keys.size == 0)
        return;
    *message                = g_realloc(*message, sizeof(GmqMessage) + wire_size + keys.size);
    (*message)->capacity    = wire_size + keys.size;
    (*message)->hidden_size = (uint32_t)keys.size;
    memcpy((*message)->data + wire_size, keys.data, keys.size);
}

void
gmq_message_destroy(GmqMessage *message)
{
    g_free(message);
}
