#include "core/base/limits.h"
#include "core/wire/frame.h"
#include "core/wire/method.h"

#define IDS_SIZE 4 /* class and method */

typedef struct {
    uint8_t *at;
    uint8_t mask; /* of the next bit in the octet before at; 0: the next bit begins a new octet */
} Place;

/* The most room that a field of each type of methods.def can need. Bits may share it. */
#define ROOM_bit(value) 1
#define ROOM_octet(value) 1
#define ROOM_short(value) 2
#define ROOM_long(value) 4
#define ROOM_qword(value) 8
#define ROOM_shortstr(value) (1 + (value).size)
#define ROOM_longstr(value) (4 + (value).size)
#define ROOM_table(value) (4 + (value).size)

/* One writer for each of them. */

static inline void
write_bit(Place *place, bool value)
{
    if (place->mask == 0) {
        *place->at++ = 0;
        place->mask  = 1;
    }
    if (value)
        place->at[-1] |= place->mask;
    place->mask = (uint8_t)(place->mask << 1);
}

static inline void
write_octet(Place *place, uint8_t value)
{
    place->mask  = 0;
    *place->at++ = value;
}

static inline void
write_short(Place *place, uint16_t value)
{
    place->mask = 0;
    place->at   = gmq_store_u16(place->at, value);
}

static inline void
write_long(Place *place, uint32_t value)
{
    place->mask = 0;
    place->at   = gmq_store_u32(place->at, value);
}

static inline void
write_qword(Place *place, uint64_t value)
{
    place->mask = 0;
    place->at   = gmq_store_u64(place->at, value);
}

static inline void
write_bytes(Place *place, GmqSlice bytes)
{
    if (bytes.size == 0)
        return;
    memcpy(place->at, bytes.data, bytes.size);
    place->at += bytes.size;
}

static inline void
write_shortstr(Place *place, GmqSlice text)
{
    g_assert(text.size <= GMQ_SHORTSTR_MAX);

    write_octet(place, (uint8_t)text.size);
    write_bytes(place, text);
}

static inline void
write_longstr(Place *place, GmqSlice bytes)
{
    g_assert(bytes.size <= UINT32_MAX);

    write_long(place, (uint32_t)bytes.size);
    write_bytes(place, bytes);
}

static inline void
write_table(Place *place, GmqSlice table)
{
    write_longstr(place, table);
}

/* For each method its room, and its writer. */
#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    static inline size_t room_##name(const Gmq##Name *method)                                      \
    {                                                                                              \
        (void)method;                                                                              \
        return IDS_SIZE
#define FIELD(type, name) +ROOM_##type(method->name)
#define END(Name)                                                                                  \
    ;                                                                                              \
    }
#include "core/wire/methods.def"

#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    static void write_##name(Place *place, const Gmq##Name *method)                                \
    {                                                                                              \
        write_long(place, class_id << 16 | method_id);
#define FIELD(type, name) write_##type(place, method->name);
#define NO_FIELDS() (void)method;
#define END(Name) }
#include "core/wire/methods.def"

void
gmq_method_encode(const GmqMethod *method, GmqBuffer *buffer)
{
    Place place = {.at = NULL};

    switch (method->id) {
#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    case GMQ_##NAME:                                                                               \
        place.at = gmq_buffer_reserve(buffer, room_##name(&method->name));                         \
        write_##name(&place, &method->name);                                                       \
        break;
#include "core/wire/methods.def"
    default:
        g_assert_not_reached();
    }
    buffer->size = (size_t)(place.at - buffer->data);
}

void
gmq_method_add_frame(const GmqMethod *method, uint16_t channel, GmqBuffer *buffer)
{
    size_t begin = gmq_frame_begin(buffer, GMQ_FRAME_METHOD, channel);

    gmq_method_encode(method, buffer);
    gmq_frame_end(buffer, begin);
}
