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

typedef struct {
    uint16_t flags;
    uint8_t priority;
    bool is_persistent;
} Traits;

static void
decode_traits(GmqSlice header, Traits *traits)
{
    GmqProperties properties;
    GmqFault ignored;

    if (traits->flags == GMQ_PROPERTY_BIT(GMQ_PROPERTY_DELIVERY_MODE) &&
        header.size == GMQ_CONTENT_HEADER_FIXED + 1) {
        traits->is_persistent = header.data[GMQ_CONTENT_HEADER_FIXED] == DELIVERY_MODE_PERSISTENT;
        return;
    }
    if (!gmq_properties_decode(header, &properties, &ignored))
        return;
    traits->is_persistent = properties.delivery_mode == DELIVERY_MODE_PERSISTENT;
    traits->priority      = properties.priority;
}

static Traits
read_traits(GmqSlice header)
{
    Traits traits = {.flags = gmq_load_u16(header.data + FLAGS_AT)};

    if ((traits.flags & READ_PROPERTIES) != 0)
        decode_traits(header, &traits);
    return traits;
}

/* Bytes for the id, behind the body frame. */
static size_t
id_room(bool is_persistent)
{
    return is_persistent ? sizeof(uint64_t) : 0;
}

static uint8_t *
store_bytes(uint8_t *at, GmqSlice bytes)
{
    if (bytes.size > 0)
        memcpy(at, bytes.data, bytes.size);
    return at + bytes.size;
}

/* A message without a body yet; capacity does not count the room of the id. */
static GmqMessage *
begin(GmqSlice exchange, GmqSlice key, GmqSlice header, size_t body_size, size_t capacity)
{
    Traits traits = read_traits(header);
    GmqMessage *message =
        g_malloc(offsetof(GmqMessage, data) + capacity + id_room(traits.is_persistent));
    uint8_t *at = message->data;

    message->charged        = NULL;
    message->body_size      = (uint32_t)body_size;
    message->refs           = 1;
    message->header_size    = (uint32_t)header.size;
    message->flags          = traits.flags;
    message->exchange_size  = (uint8_t)exchange.size;
    message->key_size       = (uint8_t)key.size;
    message->priority       = traits.priority;
    message->is_persistent  = traits.is_persistent;
    message->has_hidden     = false;
    message->has_own_deaths = false;

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
    gmq_message_set_id(message, 0);
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
    gmq_message_set_id(message, 0);
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

    *message =
        g_realloc(*message, offsetof(GmqMessage, data) + size + id_room((*message)->is_persistent));
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

/* Where hidden keys stand, behind the body frame and the id: their size in 4 octets, then they. */
static size_t
hidden_at(const GmqMessage *message)
{
    return gmq_message_wire_size(message) + id_room(message->is_persistent);
}

void
gmq_message_hide_keys(GmqMessage **message, GmqSlice keys)
{
    size_t at = hidden_at(*message);

    g_assert((*message)->refs == 1);
    g_assert(keys.size <= UINT32_MAX);
    if (keys.size == 0)
        return;
    *message               = g_realloc(*message, offsetof(GmqMessage, data) + at + 4 + keys.size);
    (*message)->has_hidden = true;
    if ((*message)->charged != NULL)
        *(*message)->charged += 4 + keys.size;
    memcpy(gmq_store_u32((*message)->data + at, (uint32_t)keys.size), keys.data, keys.size);
}

GmqSlice
gmq_message_hidden_keys(const GmqMessage *message)
{
    const uint8_t *at = message->data + hidden_at(message);

    return message->has_hidden ? (GmqSlice){at + 4, gmq_load_u32(at)} : GMQ_SLICE("");
}

GmqMessage *
gmq_message_clone(const GmqMessage *message)
{
    GmqMessage *clone = gmq_message_copy(message, gmq_message_exchange(message),
                                         gmq_message_key(message), gmq_message_header(message));

    gmq_message_hide_keys(&clone, gmq_message_hidden_keys(message));
    clone->number = message->number;
    clone->event  = message->event;
    return clone;
}

/* ---- memory ---- */

G_STATIC_ASSERT(offsetof(GmqMessage, data) <= GMQ_MESSAGE_COST);

/* Bytes behind data. */
static size_t
inside_size(const GmqMessage *message)
{
    size_t hidden = message->has_hidden ? 4 + gmq_message_hidden_keys(message).size : 0;

    return hidden_at(message) + hidden;
}

static size_t
cost(const GmqMessage *message)
{
    return GMQ_MESSAGE_COST + inside_size(message);
}

void
gmq_message_charge(GmqMessage *message, size_t *held)
{
    g_assert(message->charged == NULL);

    message->charged = held;
    *held += cost(message);
}

void
gmq_message_destroy(GmqMessage *message)
{
    if (message->charged != NULL)
        *message->charged -= cost(message);
    g_free(message);
}

/* ---- on the disk ---- */

#define MARK_HIDDEN 1u
#define MARK_OWN_DEATHS 2u

uint8_t
gmq_message_marks(const GmqMessage *message)
{
    return (uint8_t)((message->has_hidden ? MARK_HIDDEN : 0) |
                     (message->has_own_deaths ? MARK_OWN_DEATHS : 0));
}

/* What is hidden stands behind the id, if there is one, which then comes along and means nothing
 * there. */
GmqSlice
gmq_message_stored(const GmqMessage *message)
{
    if (!message->has_hidden)
        return (GmqSlice){message->data, gmq_message_wire_size(message)};
    return (GmqSlice){message->data, inside_size(message)};
}

/* A shortstr at the beginning of *rest, and behind it. */
static bool
take_shortstr(GmqSlice *rest, GmqSlice *text)
{
    if (rest->size == 0 || rest->size - 1 < rest->data[0])
        return false;
    *text = (GmqSlice){rest->data + 1, rest->data[0]};
    rest->data += 1 + text->size;
    rest->size -= 1 + text->size;
    return true;
}

static bool
take_frame(GmqSlice *rest, GmqFrameType type, GmqSlice *payload)
{
    GmqFrame frame;
    GmqFault ignored;

    if (gmq_frame_read(rest, UINT32_MAX, &frame, &ignored) != GMQ_FRAME_READY || frame.type != type)
        return false;
    *payload = frame.payload;
    return true;
}

/* The inside of what is hidden, with its size before it, behind the room of the id. */
static bool
take_hidden(GmqSlice rest, size_t room, GmqSlice *keys)
{
    if (rest.size < room + 4)
        return false;
    *keys = (GmqSlice){rest.data + room + 4, rest.size - room - 4};
    return keys->size == gmq_load_u32(rest.data + room);
}

GmqMessage *
gmq_message_restore(GmqSlice bytes, uint8_t marks)
{
    GmqSlice exchange, key, header;
    GmqSlice body = {0};
    GmqSlice keys = {0};
    uint64_t body_size;
    GmqFault ignored;

    if (!take_shortstr(&bytes, &exchange) || !take_shortstr(&bytes, &key) || bytes.size == 0)
        return NULL;
    bytes.data++;
    bytes.size--;
    if (!take_frame(&bytes, GMQ_FRAME_HEADER, &header) ||
        !gmq_content_header_check(header, &body_size, &ignored) ||
        (body_size > 0 && !take_frame(&bytes, GMQ_FRAME_BODY, &body)) || body.size != body_size)
        return NULL;
    if ((marks & MARK_HIDDEN) == 0
            ? bytes.size > 0
            : !take_hidden(bytes, id_room(read_traits(header).is_persistent), &keys))
        return NULL;

    GmqMessage *message = gmq_message_new_whole(exchange, key, header, body);
    gmq_message_hide_keys(&message, keys);
    message->has_own_deaths = (marks & MARK_OWN_DEATHS) != 0;
    return message;
}
