#include "core/broker/header.h"

#include "core/wire/properties.h"
#include "core/wire/table.h"

static void
copy_table_without(GmqSlice table, GmqSlice name, GmqBuffer *kept)
{
    const uint8_t *entry = table.data;
    GmqSlice key;
    GmqValue value;

    while (gmq_table_next(&table, &key, &value)) {
        if (!gmq_slice_equal(key, name))
            gmq_buffer_add(kept, entry, (size_t)(table.data - entry));
        entry = table.data;
    }
}

GmqMessage *
gmq_message_take_without_bcc(GmqMessage *message)
{
    const GmqSlice name = GMQ_SLICE("BCC");
    GmqProperties properties;
    GmqFault ignored;
    GmqValue value;

    if (!gmq_properties_decode(gmq_message_header(message), &properties, &ignored) ||
        !GMQ_HAS_PROPERTY(&properties, HEADERS) ||
        !gmq_table_find(properties.headers, name, &value))
        return message;

    g_auto(GmqBuffer) table  = {0};
    g_auto(GmqBuffer) header = {0};
    copy_table_without(properties.headers, name, &table);
    properties.headers = gmq_buffer_slice(&table);
    gmq_properties_encode(&properties, message->body_size, &header);

    GmqMessage *copy = gmq_message_copy(message, gmq_message_exchange(message),
                                        gmq_message_key(message), gmq_buffer_slice(&header));
    copy->number     = message->number;
    copy->event      = message->event;
    if (value.type == GMQ_VALUE_ARRAY)
        gmq_message_hide_keys(&copy, value.bytes);
    gmq_message_unref(message);
    return copy;
}

GmqMessage *
gmq_message_take_with_count(GmqMessage *message, uint32_t count)
{
    g_auto(GmqBuffer) table  = {0};
    g_auto(GmqBuffer) header = {0};
    GmqProperties properties;
    GmqFault ignored;

    /* What a queue holds was decoded when it was published. */
    if (!gmq_properties_decode(gmq_message_header(message), &properties, &ignored))
        properties = (GmqProperties){0};
    if (GMQ_HAS_PROPERTY(&properties, HEADERS))
        copy_table_without(properties.headers, GMQ_SLICE(GMQ_HEADER_DELIVERY_COUNT), &table);
    gmq_table_add_int(&table, GMQ_HEADER_DELIVERY_COUNT, count);
    properties.headers = gmq_buffer_slice(&table);
    properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
    gmq_properties_encode(&properties, message->body_size, &header);

    GmqMessage *counted = gmq_message_copy(message, gmq_message_exchange(message),
                                           gmq_message_key(message), gmq_buffer_slice(&header));
    gmq_message_hide_keys(&counted, gmq_message_hidden_keys(message));
    counted->number = message->number;
    counted->event  = message->event;
    gmq_message_set_id(counted, gmq_message_id(message));
    gmq_message_unref(message);
    return counted;
}

static bool
decode_headers(const GmqMessage *message, GmqProperties *properties)
{
    GmqFault ignored;

    return (message->flags & GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS)) != 0 &&
           gmq_properties_decode(gmq_message_header(message), properties, &ignored);
}

bool
gmq_message_find_header(const GmqMessage *message, GmqSlice name, GmqValue *value)
{
    GmqProperties properties;

    return decode_headers(message, &properties) && gmq_table_find(properties.headers, name, value);
}

/* The first of that name has the new value; another one of that name, which nobody reads, goes. */
static void
copy_table_with(GmqSlice table, GmqSlice name, const GmqValue *replaced, GmqBuffer *copy)
{
    bool is_replaced = false;
    GmqSlice key;
    GmqValue value;

    while (gmq_table_next(&table, &key, &value)) {
        if (!gmq_slice_equal(key, name))
            gmq_table_add(copy, key, &value);
        else if (!is_replaced)
            gmq_table_add(copy, key, replaced);
        is_replaced |= gmq_slice_equal(key, name);
    }
}

GmqMessage *
gmq_message_copy_with_header(const GmqMessage *message, GmqSlice name, const GmqValue *value)
{
    g_auto(GmqBuffer) table  = {0};
    g_auto(GmqBuffer) header = {0};
    GmqProperties properties;
    bool has_headers = decode_headers(message, &properties);

    g_assert(has_headers);
    copy_table_with(properties.headers, name, value, &table);
    properties.headers = gmq_buffer_slice(&table);
    gmq_properties_encode(&properties, message->body_size, &header);

    GmqMessage *copy = gmq_message_copy(message, gmq_message_exchange(message),
                                        gmq_message_key(message), gmq_buffer_slice(&header));
    copy->number     = message->number;
    copy->event      = message->event;
    gmq_message_hide_keys(&copy, gmq_message_hidden_keys(message));
    return copy;
}
