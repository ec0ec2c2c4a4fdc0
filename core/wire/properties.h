/* properties.h - the content header of a message (0-9-1 spec, 2.3.5.2; AMQP.md 4.2).
 *
 * The broker passes the bytes of a content header on as they came and reads from them only what it
 * needs; a client builds one. */
#pragma once

#include "core/base/fault.h"
#include "core/base/slice.h"
#include "core/wire/buffer.h"
#include "core/wire/method.h"

G_BEGIN_DECLS

#define GMQ_CONTENT_HEADER_FIXED 14 /* class, weight, body size, first flag word */

/* properties.def: PROPERTY(NAME, name, type) in wire order. Bit 15 of the flags is the first. */
typedef enum {
#define PROPERTY(NAME, name, type) GMQ_PROPERTY_##NAME,
#include "core/wire/properties.def"
#undef PROPERTY
    GMQ_N_PROPERTIES,
} GmqPropertyId;

#define GMQ_PROPERTY_BIT(id) ((uint16_t)(1u << (15 - (id))))
#define GMQ_HAS_PROPERTY(properties, NAME)                                                         \
    (((properties)->present & GMQ_PROPERTY_BIT(GMQ_PROPERTY_##NAME)) != 0)

typedef struct {
    uint16_t present; /* GMQ_PROPERTY_BIT of each that is there; others are zero */
#define PROPERTY(NAME, name, type) GmqWire_##type name;
#include "core/wire/properties.def"
#undef PROPERTY
} GmqProperties;

/* Reads class, weight, body size and checks that class is 60 and weight 0, else 505, and that the
 * body size is at most GMQ_BODY_SIZE_MAX, else 501 (AMQP.md 4.3). Cheap: looks at 12 bytes. */
bool gmq_content_header_check(GmqSlice payload, uint64_t *body_size, GmqFault *fault);

/* Decodes the properties of a content header's payload. Text is lent. What does not decode, and
 * bytes left over, are 501. Strings are not checked to be UTF-8: they pass through. */
bool gmq_properties_decode(GmqSlice payload, GmqProperties *properties, GmqFault *fault);

/* Appends the payload of a content header: class 60, weight 0, body_size, and what is present. */
void gmq_properties_encode(const GmqProperties *properties, uint64_t body_size, GmqBuffer *buffer);

/* Returns "content-type=text/plain priority=5" for people; the caller frees it. */
char *gmq_properties_format(const GmqProperties *properties);

G_END_DECLS
