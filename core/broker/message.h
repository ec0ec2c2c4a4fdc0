/* message.h - a message: immutable, reference-counted, one block of memory.
 *
 * Behind the struct stands what a delivery sends, in the order it is sent, so that delivering a
 * small message is one copy:
 *
 *     exchange shortstr | routing key shortstr | frame-end      the tail of a deliver method
 *     header frame: 7 octets | content header as received | frame-end
 *     body frame:   7 octets | body | frame-end                 absent for an empty body
 *
 * and then what is not sent: of a persistent message its id in the journal, and what is hidden.
 * The channel numbers in the two frame headers are 0 and are patched in the copy. A body that is
 * larger than the receiver's frames is cut anew, from gmq_message_body(). */
#pragma once

#include "core/base/slice.h"
#include "core/wire/properties.h"

G_BEGIN_DECLS

/* Bytes of memory that are counted for the struct of a message. It is smaller on a machine of 32
 * bits, but a broker there holds its publishers back at the same moment. */
#define GMQ_MESSAGE_COST 40

/* Of a small message this struct is a good part: what is wanted once, or by few, is not kept in it.
 */
typedef struct GmqMessage {
    union {
        uint64_t number; /* of the broker, counted from 1 in publish order; 0 before it is one */
        size_t capacity; /* while the body comes: bytes at data */
    };
    size_t *charged;    /* a count of bytes that has its own in it; NULL before it is one */
    uint32_t body_size; /* bytes */
    union {
        uint32_t event;       /* number of its publish event, low 32 bits; 0 when nobody looked */
        uint32_t body_filled; /* while the body comes: bytes of it that are there */
    };
    uint32_t refs;
    uint32_t header_size;  /* bytes of the content header */
    uint16_t flags;        /* property flags of the content header */
    uint8_t exchange_size; /* bytes of the exchange's name */
    uint8_t key_size;      /* bytes of the routing key */
    uint8_t priority;      /* 0 without the property */
    bool is_persistent;    /* delivery-mode 2 */
    bool has_hidden;       /* see gmq_message_hide_keys() */
    bool has_own_deaths;   /* its x-death was written here, not by a client (19.9) */
    uint8_t data[];
} GmqMessage;

/* Returns a message with one reference, room for its body, and nothing in it yet. header is the
 * payload of the content header frame, with at least GMQ_CONTENT_HEADER_FIXED bytes. Room for more
 * than GMQ_BODY_TRUST bytes of body is made only as they come. */
GmqMessage *gmq_message_new(GmqSlice exchange, GmqSlice key, GmqSlice header, uint64_t body_size);

/* The same with the body, which is there as a whole. */
GmqMessage *gmq_message_new_whole(GmqSlice exchange, GmqSlice key, GmqSlice header, GmqSlice body);

/* Appends to the body of a message that nobody shares yet, at most what is missing. The message may
 * move. */
void gmq_message_add_body(GmqMessage **message, GmqSlice bytes);

/* Where the next bytes of the body go, for reading them in place, and how many fit there; then
 * says that size of them were written. The message may move in the first call. */
uint8_t *gmq_message_window(GmqMessage **message, size_t *size);
void gmq_message_window_filled(GmqMessage *message, size_t size);

/* Keeps the routing keys of BCC with a message from which that header was taken, since
 * dead-lettering follows them (19.2): the inside of an array, behind everything that is sent. The
 * body must be complete; the message may move. */
void gmq_message_hide_keys(GmqMessage **message, GmqSlice keys);

/* Returns a copy with another address and content header: what is published again. */
GmqMessage *gmq_message_copy(const GmqMessage *message, GmqSlice exchange, GmqSlice key,
                             GmqSlice header);

/* Returns a copy that has all but the id in the journal. */
GmqMessage *gmq_message_clone(const GmqMessage *message);

/* Adds the message's bytes to *held, which must outlive it, until it is freed; copies are charged
 * too. Its body must be complete. */
void gmq_message_charge(GmqMessage *message, size_t *held);

static inline GmqMessage *
gmq_message_ref(GmqMessage *message)
{
    message->refs++;
    return message;
}

/* The property expiration in milliseconds; -1 without one, or when it is no number (11.4). */
int64_t gmq_message_read_ttl(const GmqMessage *message);

void gmq_message_destroy(GmqMessage *message);

static inline void
gmq_message_unref(GmqMessage *message)
{
    if (--message->refs == 0)
        gmq_message_destroy(message);
}

/* The same, for most messages without a look at their properties. */
static inline int64_t
gmq_message_ttl_ms(const GmqMessage *message)
{
    return (message->flags & GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION)) == 0
               ? -1
               : gmq_message_read_ttl(message);
}

static inline GmqSlice
gmq_message_exchange(const GmqMessage *message)
{
    return (GmqSlice){message->data + 1, message->exchange_size};
}

static inline GmqSlice
gmq_message_key(const GmqMessage *message)
{
    return (GmqSlice){message->data + 2 + message->exchange_size, message->key_size};
}

/* Bytes of the address with its frame-end: where the header frame begins. */
static inline size_t
gmq_message_address_size(const GmqMessage *message)
{
    return (size_t)message->exchange_size + message->key_size + 3;
}

/* Bytes from data to behind the header frame: where the body frame begins. */
static inline size_t
gmq_message_head_size(const GmqMessage *message)
{
    return gmq_message_address_size(message) + 8 + message->header_size;
}

/* Bytes from data to the end of the body frame. */
static inline size_t
gmq_message_wire_size(const GmqMessage *message)
{
    return gmq_message_head_size(message) +
           (message->body_size == 0 ? 0 : (size_t)message->body_size + 8);
}

/* The id in the journal of a persistent message; 0: it has none, as others never have. Set on one
 * that is not persistent it does nothing. */
static inline uint64_t
gmq_message_id(const GmqMessage *message)
{
    uint64_t id = 0;

    if (message->is_persistent)
        memcpy(&id, message->data + gmq_message_wire_size(message), sizeof id);
    return id;
}

static inline void
gmq_message_set_id(GmqMessage *message, uint64_t id)
{
    if (message->is_persistent)
        memcpy(message->data + gmq_message_wire_size(message), &id, sizeof id);
}

/* What is written of a message, lent, and what more there is to know; and the message that they
 * were of, new, with one reference; NULL for bytes that are none. */
GmqSlice gmq_message_stored(const GmqMessage *message);
uint8_t gmq_message_marks(const GmqMessage *message);
GmqMessage *gmq_message_restore(GmqSlice bytes, uint8_t marks);

/* The inside of an array of routing keys that no consumer sees; empty without them. */
GmqSlice gmq_message_hidden_keys(const GmqMessage *message);

/* The payload of the content header frame. */
static inline GmqSlice
gmq_message_header(const GmqMessage *message)
{
    return (GmqSlice){message->data + gmq_message_address_size(message) + 7, message->header_size};
}

static inline GmqSlice
gmq_message_body(const GmqMessage *message)
{
    return (GmqSlice){message->data + gmq_message_head_size(message) + 7, message->body_size};
}

G_END_DECLS
