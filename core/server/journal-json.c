#include "core/server/journal-json.h"

#include "core/broker/entry.h"
#include "core/broker/message.h"

/* ---- messages ---- */

static void
add_base64(GmqJson *json, const char *key, GmqSlice bytes)
{
    g_autofree char *text =
        g_base64_encode(bytes.size == 0 ? (const uint8_t *)"" : bytes.data, bytes.size);

    gmq_json_add_text_member(json, key, gmq_slice_of(text));
}

/* A 0 is valid UTF-8, and no text. */
static bool
is_text(GmqSlice bytes)
{
    return bytes.size == 0 || (g_utf8_validate_len((const char *)bytes.data, bytes.size, NULL) &&
                               memchr(bytes.data, '\0', bytes.size) == NULL);
}

/* Cut where a character begins, when it is a text as a whole. */
static void
add_body(GmqJson *json, GmqSlice body, uint64_t body_max)
{
    size_t size = (size_t)MIN(body.size, body_max);

    gmq_json_add_count(json, "body_size", body.size);
    if (is_text(body)) {
        while (size < body.size && size > 0 && (body.data[size] & 0xc0) == 0x80)
            size--;
        gmq_json_add_text_member(json, "body", (GmqSlice){body.data, size});
    } else {
        add_base64(json, "body_base64", (GmqSlice){body.data, size});
    }
    if (size < body.size)
        gmq_json_add_bool(json, "is_cut", true);
}

static void
put_shortstr(GmqJson *json, GmqSlice text)
{
    gmq_json_put_text(json, text);
}

static void
put_table(GmqJson *json, GmqSlice table)
{
    gmq_json_put_table(json, table);
}

static void
put_octet(GmqJson *json, uint8_t value)
{
    gmq_json_put_count(json, value);
}

static void
put_qword(GmqJson *json, uint64_t value)
{
    gmq_json_put_count(json, value);
}

static void
add_properties(GmqJson *json, GmqSlice header)
{
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(header, &properties, &fault))
        return;
    gmq_json_key(json, "properties");
    gmq_json_open(json, '{');
#define PROPERTY(NAME, name, type)                                                                 \
    if (GMQ_HAS_PROPERTY(&properties, NAME)) {                                                     \
        gmq_json_key(json, #name);                                                                 \
        put_##type(json, properties.name);                                                         \
    }
#include "core/wire/properties.def"
#undef PROPERTY
    gmq_json_close(json, '}');
}

static void
add_flags(GmqJson *json, uint32_t flags)
{
    gmq_json_add_bool(json, "redelivered", (flags & GMQ_ENTRY_REDELIVERED) != 0);
    gmq_json_add_count(json, "failures", flags / GMQ_ENTRY_FAILURE);
}

static void
add_copy(GmqJson *json, GmqRecordCopy copy)
{
    gmq_json_open(json, '{');
    gmq_json_add_count(json, "queue", copy.queue);
    add_flags(json, copy.flags);
    if (copy.expires_ms != INT64_MAX) {
        gmq_json_key(json, "expires_ms");
        gmq_json_put_integer(json, copy.expires_ms);
    }
    gmq_json_close(json, '}');
}

static void
add_copies(GmqJson *json, const GmqRecord *record, const GArray *copies)
{
    unsigned count = copies == NULL ? record->count : copies->len;

    gmq_json_key(json, "copies");
    gmq_json_open(json, '[');
    for (unsigned i = 0; i < count; i++)
        add_copy(json, copies == NULL ? gmq_record_copy(record, i)
                                      : g_array_index(copies, GmqRecordCopy, i));
    gmq_json_close(json, ']');
}

static void
add_message(GmqJson *json, const GmqRecord *record, const GArray *copies, uint64_t body_max)
{
    GmqMessage *message = gmq_message_restore(record->bytes, record->marks);

    gmq_json_add_count(json, "number", record->number);
    add_copies(json, record, copies);
    if (message == NULL) {
        add_base64(json, "bytes_base64", record->bytes);
        return;
    }
    gmq_json_add_text_member(json, "exchange", gmq_message_exchange(message));
    gmq_json_add_text_member(json, "routing_key", gmq_message_key(message));
    add_properties(json, gmq_message_header(message));
    add_body(json, message->body_size == 0 ? (GmqSlice){0} : gmq_message_body(message), body_max);
    gmq_message_unref(message);
}

/* ---- others ---- */

static void
add_ranges(GmqJson *json, const GmqRecord *record)
{
    gmq_json_key(json, "ids");
    gmq_json_open(json, '[');
    for (unsigned i = 0; i < record->count; i++) {
        GmqRecordRange range = gmq_record_range(record, i);
        gmq_json_open(json, '{');
        gmq_json_add_count(json, "first", range.first);
        gmq_json_add_count(json, "count", range.n);
        gmq_json_close(json, '}');
    }
    gmq_json_close(json, ']');
}

static void
add_changes(GmqJson *json, const GmqRecord *record)
{
    gmq_json_key(json, "copies");
    gmq_json_open(json, '[');
    for (unsigned i = 0; i < record->count; i++) {
        GmqRecordChange change = gmq_record_change(record, i);
        gmq_json_open(json, '{');
        gmq_json_add_count(json, "id", change.id);
        gmq_json_add_count(json, "queue", change.queue);
        if (record->type == GMQ_RECORD_COPY_MARKED)
            add_flags(json, change.flags);
        gmq_json_close(json, '}');
    }
    gmq_json_close(json, ']');
}

void
gmq_journal_json_record(GmqJson *json, const GmqRecord *record, const GArray *copies,
                        uint64_t body_max)
{
    gmq_json_add_text_member(json, "type", gmq_slice_of(gmq_record_type_name(record->type)));
    if (record->id != 0)
        gmq_json_add_count(json, "id", record->id);
    if (record->is_moved)
        gmq_json_add_bool(json, "is_moved", true);

    switch (record->type) {
    case GMQ_RECORD_HEADER:
        gmq_json_add_count(json, "format", record->format);
        break;
    case GMQ_RECORD_BATCH:
        gmq_json_add_count(json, "number", record->number);
        break;
    case GMQ_RECORD_DEFINITION:
        gmq_json_key(json, "definition");
        gmq_json_put_table(json, record->bytes);
        break;
    case GMQ_RECORD_MESSAGE:
        add_message(json, record, copies, body_max);
        break;
    case GMQ_RECORD_DROPPED:
        add_ranges(json, record);
        break;
    case GMQ_RECORD_COPY_DROPPED:
    case GMQ_RECORD_COPY_MARKED:
        add_changes(json, record);
        break;
    default:
        break;
    }
}
