#include "sim/outgoing.h"

#include "core/wire/table.h"

void
gmq_outgoing_init(GmqOutgoing *outgoing)
{
    *outgoing = (GmqOutgoing){
        .name = g_string_new(NULL), .key = g_string_new(NULL), .body = g_string_new(NULL)};
}

void
gmq_outgoing_clear(GmqOutgoing *outgoing)
{
    g_string_free(outgoing->name, TRUE);
    g_string_free(outgoing->key, TRUE);
    g_string_free(outgoing->body, TRUE);
    gmq_buffer_clear(&outgoing->headers);
}

/* Each message has a number and each answer names its message, so this is not left to printf. */
static void
append_number(GString *out, uint64_t n)
{
    char digits[20];
    size_t first = sizeof digits;

    do {
        digits[--first] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    g_string_append_len(out, digits + first, (gssize)(sizeof digits - first));
}

void
gmq_outgoing_set_name(GString *name, const char *client, uint64_t n)
{
    g_string_assign(name, client);
    g_string_append_c(name, '-');
    append_number(name, n);
}

/* The text with {n} replaced. */
static void
fill_text(GString *out, const char *text, uint64_t n)
{
    g_string_truncate(out, 0);
    while (text != NULL) {
        const char *place = strstr(text, "{n}");

        if (place == NULL) {
            g_string_append(out, text);
            return;
        }
        g_string_append_len(out, text, place - text);
        append_number(out, n);
        text = place + strlen("{n}");
    }
}

/* The first line of messages that fits number n; NULL without any. */
static const GmqMessageSpec *
find_line(const GmqPublishSpec *publish, uint64_t n)
{
    for (unsigned i = 0; publish->messages != NULL && i < publish->messages->len; i++) {
        const GmqMessageSpec *line = publish->messages->pdata[i];

        if (n >= line->first && n <= line->last && (n - line->first) % line->step == 0)
            return line;
    }
    return NULL;
}

static void
add_header(GmqBuffer *table, const GmqHeaderLine *header, uint64_t n)
{
    g_autoptr(GString) text = g_string_new(NULL);

    switch (header->kind) {
    case GMQ_HEADER_BOOL:
        gmq_table_add_bool(table, header->name, header->integer != 0);
        break;
    case GMQ_HEADER_INTEGER:
        gmq_table_add_int(table, header->name, header->integer);
        break;
    case GMQ_HEADER_TEXT:
        fill_text(text, header->text, n);
        gmq_table_add_text(table, header->name, gmq_slice_of(text->str));
        break;
    }
}

static void
fill_properties(GmqOutgoing *outgoing, uint64_t n)
{
    const GPtrArray *headers  = outgoing->lines;
    GmqProperties *properties = &outgoing->properties;

    *properties = (GmqProperties){
        .present    = GMQ_PROPERTY_BIT(GMQ_PROPERTY_MESSAGE_ID),
        .message_id = gmq_slice_of(outgoing->name->str),
    };
    if (outgoing->is_persistent) {
        properties->present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_DELIVERY_MODE);
        properties->delivery_mode = 2;
    }
    if (outgoing->priority != UINT64_MAX) {
        properties->present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_PRIORITY);
        properties->priority = (uint8_t)outgoing->priority;
    }
    if (outgoing->ttl_ms >= 0) {
        g_snprintf(outgoing->expiration, sizeof outgoing->expiration, "%" G_GINT64_FORMAT,
                   outgoing->ttl_ms);
        properties->present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION);
        properties->expiration = gmq_slice_of(outgoing->expiration);
    }
    outgoing->headers.size = 0;
    if (headers == NULL)
        return;
    for (unsigned i = 0; i < headers->len; i++)
        add_header(&outgoing->headers, headers->pdata[i], n);
    properties->present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
    properties->headers = gmq_buffer_slice(&outgoing->headers);
}

/* What the line does not say, common does. */
static void
fill(GmqOutgoing *outgoing, const GmqClientSpec *client, const GmqMessageSpec *line,
     const GmqMessageSpec *common, uint64_t n)
{
    outgoing->exchange = line->to != NULL ? line->to : common->to != NULL ? common->to : "";

    int persistent          = line->persistent != GMQ_UNSET ? line->persistent : common->persistent;
    int mandatory           = line->mandatory != GMQ_UNSET ? line->mandatory : common->mandatory;
    outgoing->is_persistent = persistent == GMQ_YES;
    outgoing->is_mandatory  = mandatory == GMQ_YES;
    outgoing->priority      = line->priority != UINT64_MAX ? line->priority : common->priority;
    int64_t ttl_ns          = line->ttl_ns >= 0 ? line->ttl_ns : common->ttl_ns;
    outgoing->ttl_ms        = ttl_ns < 0 ? -1 : ttl_ns / 1000000;

    gmq_outgoing_set_name(outgoing->name, client->name, n);
    fill_text(outgoing->key, line->key != NULL ? line->key : common->key, n);
    fill_text(outgoing->body, line->body != NULL ? line->body : common->body, n);
    outgoing->lines = line->headers != NULL ? line->headers : common->headers;
    fill_properties(outgoing, n);
}

static const GmqMessageSpec nothing = GMQ_MESSAGE_UNSET;

void
gmq_outgoing_fill(GmqOutgoing *outgoing, const GmqClientSpec *client, uint64_t n)
{
    const GmqMessageSpec *line = find_line(&client->publish, n);

    fill(outgoing, client, line == NULL ? &nothing : line, &client->publish.message, n);
}

void
gmq_outgoing_fill_line(GmqOutgoing *outgoing, const GmqClientSpec *client,
                       const GmqMessageSpec *line, uint64_t n)
{
    fill(outgoing, client, line, &nothing, n);
}
