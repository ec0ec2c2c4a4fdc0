#include "core/wire/method.h"
#include "core/wire/reader.h"
#include "core/wire/table.h"
#include "core/wire/utf8.h"

#define IDS_SIZE 4 /* class and method */

typedef struct {
    GmqReader reader;
    uint8_t octet;     /* of the bits being read (AMQP.md 4.1) */
    uint8_t mask;      /* of the next bit in it; 0: the next bit begins a new octet */
    const char *field; /* the first that was wrong */
    const char *wrong; /* what with it; NULL while all is well */
} Fields;

/* Remembers the first wrong only. A field cut short fails the reader and is told apart there. */
static void
note_wrong(Fields *fields, const char *field, const char *wrong)
{
    if (fields->wrong != NULL || fields->reader.failed)
        return;
    fields->field = field;
    fields->wrong = wrong;
}

/* One reader for each type of methods.def. */

static inline bool
read_bit(Fields *fields, G_GNUC_UNUSED const char *field)
{
    if (fields->mask == 0) {
        fields->octet = gmq_reader_u8(&fields->reader);
        fields->mask  = 1;
    }
    bool bit     = (fields->octet & fields->mask) != 0;
    fields->mask = (uint8_t)(fields->mask << 1);
    return bit;
}

static inline uint8_t
read_octet(Fields *fields, G_GNUC_UNUSED const char *field)
{
    fields->mask = 0;
    return gmq_reader_u8(&fields->reader);
}

static inline uint16_t
read_short(Fields *fields, G_GNUC_UNUSED const char *field)
{
    fields->mask = 0;
    return gmq_reader_u16(&fields->reader);
}

static inline uint32_t
read_long(Fields *fields, G_GNUC_UNUSED const char *field)
{
    fields->mask = 0;
    return gmq_reader_u32(&fields->reader);
}

static inline uint64_t
read_qword(Fields *fields, G_GNUC_UNUSED const char *field)
{
    fields->mask = 0;
    return gmq_reader_u64(&fields->reader);
}

static inline GmqSlice
read_shortstr(Fields *fields, const char *field)
{
    GmqSlice text = gmq_reader_shortstr(&fields->reader);

    fields->mask = 0;
    if (!gmq_utf8_check(text))
        note_wrong(fields, field, "is not UTF-8");
    return text;
}

static inline GmqSlice
read_longstr(Fields *fields, G_GNUC_UNUSED const char *field)
{
    fields->mask = 0;
    return gmq_reader_longstr(&fields->reader);
}

static inline GmqSlice
read_table(Fields *fields, const char *field)
{
    GmqSlice table = gmq_reader_longstr(&fields->reader);

    fields->mask = 0;
    if (!gmq_table_check(table))
        note_wrong(fields, field, "is not a well-formed table");
    return table;
}

/* One reader for each method. */
#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    static void read_##name(Fields *fields, Gmq##Name *method)                                     \
    {
#define FIELD(type, name) method->name = read_##type(fields, #name);
#define NO_FIELDS()                                                                                \
    (void)fields;                                                                                  \
    method->nothing = 0;
#define END(Name) }
#include "core/wire/methods.def"

/* Reads the fields of the method that has these ids; false when there is none. */
static inline bool
read_method(uint32_t ids, Fields *fields, GmqMethod *method)
{
    switch (ids) {
#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    case class_id << 16 | method_id:                                                               \
        method->id = GMQ_##NAME;                                                                   \
        read_##name(fields, &method->name);                                                        \
        return true;
#include "core/wire/methods.def"
    default:
        return false;
    }
}

static bool
refuse(const Fields *fields, const GmqMethod *method, GmqFault *fault)
{
    const char *name = gmq_method_info(method->id)->name;

    if (fields->wrong != NULL)
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR, "%s: field %s %s", name, fields->field,
                             fields->wrong);
    if (fields->reader.failed)
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR, "%s: the fields are cut short", name);
    return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR, "%s: %zu octets behind the last field", name,
                         gmq_reader_left(&fields->reader));
}

bool
gmq_method_decode(GmqSlice payload, GmqMethod *method, GmqFault *fault)
{
    if (payload.size < IDS_SIZE) {
        fault->class_id  = 0;
        fault->method_id = 0;
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR,
                             "method frame of %zu octets has no room for the method's ids",
                             payload.size);
    }

    uint32_t ids  = gmq_load_u32(payload.data);
    Fields fields = {.field = NULL};
    gmq_reader_init(&fields.reader, (GmqSlice){payload.data + IDS_SIZE, payload.size - IDS_SIZE});

    bool known = read_method(ids, &fields, method);
    if (known && fields.wrong == NULL && !fields.reader.failed &&
        gmq_reader_left(&fields.reader) == 0)
        return true;

    fault->class_id  = (uint16_t)(ids >> 16);
    fault->method_id = (uint16_t)ids;
    if (known)
        return refuse(&fields, method, fault);
    return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED, "there is no method with ids %u, %u",
                         fault->class_id, fault->method_id);
}
