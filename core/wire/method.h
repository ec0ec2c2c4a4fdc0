/* method.h - the methods of AMQP 0-9-1, made from methods.def (AMQP.md 4).
 *
 * Every method is a struct with its fields in the standard's order, named as in the standard with
 * underscores: GmqBasicAck has delivery_tag and multiple. GmqMethod holds any one of them. Strings
 * and tables of a decoded method are lent from the payload. */
#pragma once

#include "core/base/fault.h"
#include "core/base/slice.h"
#include "core/wire/buffer.h"

G_BEGIN_DECLS

/* The type of a field, by its name in methods.def. */
typedef uint8_t GmqWire_octet;
typedef uint16_t GmqWire_short;
typedef uint32_t GmqWire_long;
typedef uint64_t GmqWire_qword;
typedef bool GmqWire_bit;
typedef GmqSlice GmqWire_shortstr; /* UTF-8, checked by the decoder */
typedef GmqSlice GmqWire_longstr;
typedef GmqSlice GmqWire_table; /* its inside, without the length, checked: see table.h */

/* Who may send a method. */
typedef enum {
    GMQ_FROM_CLIENT = 1,
    GMQ_FROM_SERVER = 2,
    GMQ_FROM_BOTH   = 3,
} GmqMethodFrom;

typedef enum {
#define METHOD(NAME, name, Name, class_id, method_id, from, content) GMQ_##NAME,
#include "core/wire/methods.def"
    GMQ_N_METHODS,
} GmqMethodId;

#define METHOD(NAME, name, Name, class_id, method_id, from, content) typedef struct Gmq##Name {
#define FIELD(type, name) GmqWire_##type name;
#define NO_FIELDS() char nothing; /* C has no empty struct, and C++ has one of another size */
#define END(Name)                                                                                  \
    }                                                                                              \
    Gmq##Name;
#include "core/wire/methods.def"

typedef struct {
    GmqMethodId id;
    union {
#define METHOD(NAME, name, Name, class_id, method_id, from, content) Gmq##Name name;
#include "core/wire/methods.def"
    };
} GmqMethod;

typedef struct {
    const char *name; /* "basic.ack" */
    uint16_t class_id;
    uint16_t method_id;
    GmqMethodFrom from;
    bool has_content; /* a header frame follows */
} GmqMethodInfo;

/* What the standard says of a method; id below GMQ_N_METHODS. */
const GmqMethodInfo *gmq_method_info(GmqMethodId id);

/* Decodes the payload of a method frame. Unknown ids are 540 (AMQP.md 3.6), fields that do not
 * decode, bytes left over, a bad table and a shortstr that is not UTF-8 are 501 (3.7). The fault
 * carries the ids as far as they are known. */
bool gmq_method_decode(GmqSlice payload, GmqMethod *method, GmqFault *fault);

/* Appends the payload of a method frame. */
void gmq_method_encode(const GmqMethod *method, GmqBuffer *buffer);

/* Appends a whole method frame. */
void gmq_method_add_frame(const GmqMethod *method, uint16_t channel, GmqBuffer *buffer);

/* Returns "basic.ack delivery-tag=5 multiple=1" for people; the caller frees it. */
char *gmq_method_format(const GmqMethod *method);

G_END_DECLS
