#include "sim/wire-text.h"

#include "core/wire/format.h"
#include "core/wire/method.h"
#include "core/wire/properties.h"

/* So much of a body is shown. */
#define SHOWN_BODY_MAX 60

static char *
method_text(GmqSlice payload)
{
    GmqMethod method;
    GmqFault fault;

    if (!gmq_method_decode(payload, &method, &fault))
        return g_strdup_printf("a method that makes no sense: %s", fault.text);
    return gmq_method_format(&method);
}

static char *
header_text(GmqSlice payload)
{
    GmqProperties properties;
    GmqFault fault;
    uint64_t body_size;

    if (!gmq_content_header_check(payload, &body_size, &fault) ||
        !gmq_properties_decode(payload, &properties, &fault))
        return g_strdup_printf("a header that makes no sense: %s", fault.text);

    g_autofree char *text = gmq_properties_format(&properties);
    return g_strdup_printf("header body-size=%" G_GUINT64_FORMAT "%s%s", body_size,
                           *text == '\0' ? "" : " ", text);
}

static char *
body_text(GmqSlice payload)
{
    g_autoptr(GString) text = g_string_new("body ");
    GmqSlice shown          = {payload.data, MIN(payload.size, SHOWN_BODY_MAX)};

    gmq_format_text(text, shown);
    if (shown.size < payload.size)
        g_string_append(text, " ...");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
gmq_wire_text(const GmqFrame *frame)
{
    switch (frame->type) {
    case GMQ_FRAME_METHOD:
        return method_text(frame->payload);
    case GMQ_FRAME_HEADER:
        return header_text(frame->payload);
    case GMQ_FRAME_BODY:
        return body_text(frame->payload);
    default:
        return g_strdup("heartbeat");
    }
}
