#include "core/wire/properties.h"

#include "core/base/limits.h"
#include "core/wire/format.h"
#include "core/wire/reader.h"
#include "core/wire/table.h"

#define CLASS_BASIC 60

#define WEIGHT_AT 2
#define BODY_SIZE_AT 4
#define FLAGS_AT 12

/* Flags that no property has: bit 1, and bit 0, which announces another flag word that class basic
 * does not need (0-9-1 spec, 4.2.6.1). */
#define UNKNOWN_FLAGS ((uint16_t)(GMQ_PROPERTY_BIT(GMQ_N_PROPERTIES - 1) - 1))

bool
gmq_content_header_check(GmqSlice payload, uint64_t *body_size, GmqFault *fault)
{
    if (payload.size < GMQ_CONTENT_HEADER_FIXED)
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR, "content header of %zu octets",
                             payload.size);

    uint16_t class_id = gmq_load_u16(payload.data);
    uint16_t weight   = gmq_load_u16(payload.data + WEIGHT_AT);
    if (class_id != CLASS_BASIC)
        return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME,
                             "content header for class %u instead of %u", class_id, CLASS_BASIC);
    if (weight != 0)
        return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME,
                             "content header with weight %u instead of 0", weight);

    *body_size = gmq_load_u64(payload.data + BODY_SIZE_AT);
    if (*body_size > GMQ_BODY_SIZE_MAX)
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR,
                             "content header announces a body of %" G_GUINT64_FORMAT
                             " octets, more than %d",
                             *body_size, GMQ_BODY_SIZE_MAX);
    return true;
}

/* One reader for each type of properties.def. */
#define read_octet gmq_reader_u8
#define read_qword gmq_reader_u64
#define read_shortstr gmq_reader_shortstr

/* A table that is not well-formed fails the reader like one that is cut short. */
static GmqSlice
read_table(GmqReader *reader)
{
    GmqSlice table = gmq_reader_longstr(reader);

    if (!gmq_table_check(table))
        reader->failed = true;
    return table;
}

bool
gmq_properties_decode(GmqSlice payload, GmqProperties *properties, GmqFault *fault)
{
    GmqReader reader;

    *properties = (GmqProperties){0};
    gmq_reader_init(&reader, payload);
    gmq_reader_take(&reader, FLAGS_AT);

    uint16_t present = gmq_reader_u16(&reader);
    if ((present & UNKNOWN_FLAGS) != 0)
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR, "unknown property flags 0x%04x",
                             present & UNKNOWN_FLAGS);
    properties->present = present;

#define PROPERTY(NAME, name, type)                                                                 \
    if (GMQ_HAS_PROPERTY(properties, NAME)) {                                                      \
        properties->name = read_##type(&reader);                                                   \
        if (reader.failed)                                                                         \
            return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR, "property %s does not decode",      \
                                 #name);                                                           \
    }
#include "core/wire/properties.def"
#undef PROPERTY

    if (reader.failed || gmq_reader_left(&reader) > 0)
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR,
                             "content header of %zu octets is not as long as its flags say",
                             payload.size);
    return true;
}

/* One writer for each type. */
#define add_octet gmq_buffer_add_u8
#define add_qword gmq_buffer_add_u64
#define add_shortstr gmq_buffer_add_shortstr
#define add_table gmq_buffer_add_longstr

void
gmq_properties_encode(const GmqProperties *properties, uint64_t body_size, GmqBuffer *buffer)
{
    g_assert((properties->present & UNKNOWN_FLAGS) == 0);

    gmq_buffer_reserve(buffer, GMQ_CONTENT_HEADER_FIXED);
    gmq_buffer_add_u16(buffer, CLASS_BASIC);
    gmq_buffer_add_u16(buffer, 0); /* weight */
    gmq_buffer_add_u64(buffer, body_size);
    gmq_buffer_add_u16(buffer, properties->present);

#define PROPERTY(NAME, name, type)                                                                 \
    if (GMQ_HAS_PROPERTY(properties, NAME))                                                        \
        add_##type(buffer, properties->name);
#include "core/wire/properties.def"
#undef PROPERTY
}

/* One text for each type. */

static void
format_qword(GString *out, uint64_t value)
{
    g_string_append_printf(out, "%" G_GUINT64_FORMAT, value);
}

#define format_octet format_qword
#define format_shortstr gmq_format_text
#define format_table gmq_format_table

char *
gmq_properties_format(const GmqProperties *properties)
{
    GString *out = g_string_new(NULL);

#define PROPERTY(NAME, name, type)                                                                 \
    if (GMQ_HAS_PROPERTY(properties, NAME)) {                                                      \
        gmq_format_name(out, #name);                                                               \
        format_##type(out, properties->name);                                                      \
    }
#include "core/wire/properties.def"
#undef PROPERTY
    return g_string_free(out, FALSE);
}
