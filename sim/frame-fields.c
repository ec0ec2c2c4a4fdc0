#include "sim/frame-fields.h"

#include "core/wire/format.h"
#include "core/wire/method.h"
#include "core/wire/properties.h"

/* So much of a body is shown. */
#define SHOWN_BODY_MAX 400

static void
free_field(void *data)
{
    GmqFrameField *field = data;

    g_free(field->name);
    g_free(field->value);
    g_free(field);
}

/* The name is that of a member, "routing_key"; the value becomes the field's. */
static void
add_value(GPtrArray *fields, const char *name, char *value)
{
    GmqFrameField *field = g_new(GmqFrameField, 1);

    field->name  = g_strdelimit(g_strdup(name), "_", '-');
    field->value = value;
    g_ptr_array_add(fields, field);
}

/* ---- one for each type of methods.def ---- */

static void
add_number(GPtrArray *fields, const char *name, uint64_t value)
{
    add_value(fields, name, g_strdup_printf("%" G_GUINT64_FORMAT, value));
}

#define add_bit add_number
#define add_octet add_number
#define add_short add_number
#define add_long add_number
#define add_qword add_number

static void
add_shortstr(GPtrArray *fields, const char *name, GmqSlice text)
{
    GString *value = g_string_new(NULL);

    gmq_format_text(value, text);
    add_value(fields, name, g_string_free(value, FALSE));
}

static void
add_longstr(GPtrArray *fields, const char *name, GmqSlice text)
{
    bool is_secret = strcmp(name, "response") == 0 || strcmp(name, "new_secret") == 0;

    if (is_secret)
        add_value(fields, name, g_strdup_printf("(%zu octets)", text.size));
    else
        add_shortstr(fields, name, text);
}

static void
add_table(GPtrArray *fields, const char *name, GmqSlice table)
{
    GString *value = g_string_new(NULL);

    gmq_format_table(value, table);
    add_value(fields, name, g_string_free(value, FALSE));
}

/* ---- payloads ---- */

static void
add_method(GPtrArray *fields, GmqSlice payload)
{
    GmqMethod method;
    GmqFault fault;

    if (!gmq_method_decode(payload, &method, &fault)) {
        add_value(fields, "wrong", g_strdup(fault.text));
        return;
    }
    switch (method.id) {
#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    case GMQ_##NAME: {                                                                             \
        const Gmq##Name *values = &method.name;                                                    \
        (void)values;
#define FIELD(type, name) add_##type(fields, #name, values->name);
#define END(Name)                                                                                  \
    break;                                                                                         \
    }
#include "core/wire/methods.def"
    default:
        g_assert_not_reached();
    }
}

static void
add_header(GPtrArray *fields, GmqSlice payload)
{
    GmqProperties values;
    GmqProperties *properties = &values;
    GmqFault fault;
    uint64_t body_size;

    if (!gmq_content_header_check(payload, &body_size, &fault) ||
        !gmq_properties_decode(payload, properties, &fault)) {
        add_value(fields, "wrong", g_strdup(fault.text));
        return;
    }
    add_number(fields, "body_size", body_size);
#define PROPERTY(NAME, name, type)                                                                 \
    if (GMQ_HAS_PROPERTY(properties, NAME))                                                        \
        add_##type(fields, #name, properties->name);
#include "core/wire/properties.def"
#undef PROPERTY
}

static void
add_body(GPtrArray *fields, GmqSlice payload)
{
    GmqSlice shown = {payload.data, MIN(payload.size, SHOWN_BODY_MAX)};

    add_number(fields, "octets", payload.size);
    add_shortstr(fields, shown.size < payload.size ? "begins" : "text", shown);
}

static void
add_payload(GPtrArray *fields, const GmqFrame *frame)
{
    switch (frame->type) {
    case GMQ_FRAME_METHOD:
        add_method(fields, frame->payload);
        break;
    case GMQ_FRAME_HEADER:
        add_header(fields, frame->payload);
        break;
    case GMQ_FRAME_BODY:
        add_body(fields, frame->payload);
        break;
    default:
        break;
    }
}

/* ---- all ---- */

static bool
is_protocol_header(GmqSlice bytes)
{
    return bytes.size == 8 && memcmp(bytes.data, "AMQP", 4) == 0;
}

char *
gmq_frame_name(const GmqFrame *frame, GmqSlice bytes)
{
    GmqMethod method;
    GmqFault fault;

    switch (frame->type) {
    case GMQ_FRAME_METHOD:
        return g_strdup(gmq_method_decode(frame->payload, &method, &fault)
                            ? gmq_method_info(method.id)->name
                            : "a method that makes no sense");
    case GMQ_FRAME_HEADER:
        return g_strdup("content header");
    case GMQ_FRAME_BODY:
        return g_strdup("content body");
    case GMQ_FRAME_HEARTBEAT:
        return g_strdup("heartbeat");
    default:
        return g_strdup(is_protocol_header(bytes) ? "protocol header" : "bytes that are no frame");
    }
}

GPtrArray *
gmq_frame_fields(const GmqFrame *frame, GmqSlice bytes)
{
    GPtrArray *fields = g_ptr_array_new_with_free_func(free_field);

    if (frame->type == 0) {
        add_body(fields, bytes);
        return fields;
    }
    add_number(fields, "channel", frame->channel);
    add_number(fields, "size", frame->payload.size);
    add_payload(fields, frame);
    return fields;
}
