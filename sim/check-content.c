/* S2: what clients receive is what others sent. */
#include "core/base/hash.h"
#include "sim/check-death.h"
#include "sim/check-field.h"
#include "sim/check-route.h"
#include "sim/recorder.h"

#define DELIVERY_COUNT "x-delivery-count"

struct GmqCheckContents {
    GPtrArray *all;      /* of GmqCheckContent; owned */
    GHashTable *by_name; /* of their names to the last of each; look-up only */
    GmqBuffer header;
    uint64_t longest; /* body */
};

GmqCheckContents *
gmq_check_contents_new(void)
{
    GmqCheckContents *contents = g_new0(GmqCheckContents, 1);

    contents->all     = g_ptr_array_new_with_free_func(g_free);
    contents->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    return contents;
}

void
gmq_check_contents_free(GmqCheckContents *contents)
{
    g_hash_table_unref(contents->by_name);
    g_ptr_array_unref(contents->all);
    gmq_buffer_clear(&contents->header);
    g_free(contents);
}

uint64_t
gmq_check_longest_body(const GmqCheckContents *contents)
{
    return contents->longest;
}

/* ---- what is sent ---- */

static int64_t
read_ttl(const GmqProperties *properties)
{
    int64_t ttl_ms = 0;

    if (!GMQ_HAS_PROPERTY(properties, EXPIRATION))
        return -1;
    for (size_t i = 0; i < properties->expiration.size; i++)
        ttl_ms = ttl_ms * 10 + (properties->expiration.data[i] - '0');
    return ttl_ms;
}

/* One block holds it, with its header behind it, and the name behind that. */
static GmqCheckContent *
add(GmqCheckContents *contents, const GmqProperties *properties, GmqSlice name, GmqSlice body)
{
    contents->header.size = 0;
    gmq_properties_encode(properties, body.size, &contents->header);

    GmqSlice header          = gmq_buffer_slice(&contents->header);
    size_t size              = sizeof(GmqCheckContent) + header.size;
    GmqCheckContent *content = g_malloc0(size + name.size + 1);
    uint8_t *rest            = (uint8_t *)(content + 1);
    GmqProperties own;
    GmqFault ignored;

    memcpy(rest, header.data, header.size);
    memcpy(rest + header.size, name.data, name.size);
    content->header = (GmqSlice){rest, header.size};
    content->name   = (const char *)(rest + header.size);
    if (gmq_properties_decode(content->header, &own, &ignored))
        content->headers = own.headers;
    content->body_size = body.size;
    contents->longest  = MAX(contents->longest, body.size);
    content->body_hash = gmq_hash_bytes(body);
    content->hash      = gmq_hash_add(gmq_hash_bytes(header), content->body_hash);
    content->ttl_ms    = read_ttl(properties);
    content->priority  = properties->priority;
    g_ptr_array_add(contents->all, content);
    return content;
}

GmqCheckContent *
gmq_check_contents_add(GmqCheckContents *contents, const GmqOutgoing *message)
{
    GmqSlice body            = {(const uint8_t *)message->body->str, message->body->len};
    GmqSlice name            = {(const uint8_t *)message->name->str, message->name->len};
    GmqCheckContent *content = add(contents, &message->properties, name, body);

    content->is_mandatory  = message->is_mandatory;
    content->is_persistent = message->is_persistent;
    g_hash_table_replace(contents->by_name, (char *)content->name, content);
    return content;
}

GmqCheckContent *
gmq_check_contents_forward(GmqCheckContents *contents, const GmqProperties *properties,
                           GmqSlice body)
{
    GmqCheckContent *content = add(contents, properties, properties->message_id, body);

    content->is_persistent = properties->delivery_mode == 2;
    g_hash_table_replace(contents->by_name, (char *)content->name, content);
    return content;
}

const GmqCheckContent *
gmq_check_contents_find(const GmqCheckContents *contents, const char *name)
{
    return g_hash_table_lookup(contents->by_name, name);
}

const GmqCheckContent *
gmq_check_contents_make(GmqCheckContents *contents, GmqSlice name)
{
    return add(contents, &(GmqProperties){0}, name, (GmqSlice){0});
}

/* ---- what is received ---- */

/* A message in the hands of a client. */
typedef struct {
    GmqCheck *check;
    const char *client;
    const char *name;
    const GmqCheckContent *sent;
    const GmqCheckMessage *message; /* that was delivered; NULL: only its name is known */
    uint64_t failures;              /* of its delivery, where the queue counts them */
    uint64_t failures_least;        /* that a broker must know of after its start */
    const GmqProperties *properties;
    const GmqClientContent *content;
} Receipt;

static void
break_change(const Receipt *receipt)
{
    gmq_check_break(receipt->check, receipt->client,
                    "S2 broken: %s received message %s with another body or other properties than "
                    "it was sent with.",
                    receipt->client, receipt->name);
}

/* Headers and expiration are what a broker may change. */
static bool
has_same_rest(const Receipt *receipt)
{
    const uint16_t changing =
        GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION);
    g_auto(GmqBuffer) is     = {0};
    g_auto(GmqBuffer) should = {0};
    GmqProperties received   = *receipt->properties;
    GmqProperties sent       = {0};
    GmqFault ignored;

    if (!gmq_properties_decode(receipt->sent->header, &sent, &ignored))
        return false;
    received.present &= (uint16_t)~changing;
    sent.present &= (uint16_t)~changing;
    gmq_properties_encode(&received, 0, &is);
    gmq_properties_encode(&sent, 0, &should);
    return gmq_slice_equal(gmq_buffer_slice(&is), gmq_buffer_slice(&should));
}

/* What brokers write of deaths and failed deliveries. */
static bool
is_brokers(GmqSlice name)
{
    static const char *const names[] = {
        "x-death",
        "x-first-death-queue",
        "x-first-death-reason",
        "x-first-death-exchange",
        "x-last-death-queue",
        "x-last-death-reason",
        "x-last-death-exchange",
        DELIVERY_COUNT,
        GMQ_CHECK_DELAY,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (gmq_slice_equal(name, gmq_slice_of(names[i])))
            return true;
    }
    return false;
}

/* Whether all in one table that is not a broker's stands in the other. */
static bool
is_within(GmqSlice table, GmqSlice other)
{
    GmqCheckField field;
    GmqCheckField same;

    while (gmq_check_next_field(&table, &field)) {
        g_autofree char *name = gmq_slice_dup(field.name);

        if (!is_brokers(field.name) &&
            !(gmq_check_find_field(other, name, &same) && gmq_check_same_value(&field, &same)))
            return false;
    }
    return true;
}

static void
check_expiration(const Receipt *receipt)
{
    bool is_there = GMQ_HAS_PROPERTY(receipt->properties, EXPIRATION);
    bool was_sent = receipt->sent->ttl_ms >= 0;
    bool is_dead  = receipt->message->reason != NULL;

    if (is_there && is_dead)
        gmq_check_break(receipt->check, receipt->client,
                        "S13 broken: message %s came to %s with an expiration, which goes when a "
                        "message is dead-lettered.",
                        receipt->name, receipt->client);
    else if (!is_dead &&
             (is_there != was_sent || read_ttl(receipt->properties) != receipt->sent->ttl_ms))
        break_change(receipt);
}

static void
check_failures(const Receipt *receipt)
{
    int64_t count = gmq_check_find_integer(receipt->properties->headers, DELIVERY_COUNT, 0);

    if ((uint64_t)count > receipt->failures || (uint64_t)count < receipt->failures_least)
        gmq_check_break(receipt->check, receipt->client,
                        "S2 broken: message %s came to %s with " DELIVERY_COUNT " %" G_GINT64_FORMAT
                        ", and %" G_GUINT64_FORMAT " deliveries had failed.",
                        receipt->name, receipt->client, count, (guint64)receipt->failures);
}

/* An exchange that held it back says for how long by a negative number. */
static void
check_delay(const Receipt *receipt)
{
    int64_t waited_ms = receipt->message->waited_ms;
    int64_t sent      = gmq_check_find_integer(receipt->sent->headers, GMQ_CHECK_DELAY, 0);
    int64_t delay     = gmq_check_find_integer(receipt->properties->headers, GMQ_CHECK_DELAY, 0);

    if (delay != (waited_ms > 0 ? -waited_ms : sent))
        break_change(receipt);
}

/* Part by part: what differs as a whole may differ by right. */
static void
check_parts(const Receipt *receipt)
{
    GmqSlice headers      = receipt->properties->headers;
    GmqSlice sent_headers = receipt->sent->headers;
    bool has_same_body    = gmq_hash_bytes(receipt->content->body) == receipt->sent->body_hash;

    if (!has_same_body || !has_same_rest(receipt) || !is_within(headers, sent_headers) ||
        !is_within(sent_headers, headers)) {
        break_change(receipt);
        return;
    }
    check_expiration(receipt);
    check_delay(receipt);
    check_failures(receipt);
    if (receipt->message->root->is_doubtful)
        return;
    if (receipt->message->reason != NULL)
        gmq_check_deaths_compare(receipt->check, receipt->message->deaths, headers, receipt->client,
                                 receipt->name);
    else if (gmq_check_find_field(headers, "x-death", &(GmqCheckField){0}) !=
             gmq_check_find_field(sent_headers, "x-death", &(GmqCheckField){0}))
        break_change(receipt);
}

static bool
is_unchanged(const Receipt *receipt)
{
    uint64_t hash = gmq_hash_add(gmq_hash_bytes(receipt->content->header),
                                 gmq_hash_bytes(receipt->content->body));

    return hash == receipt->sent->hash;
}

/* What was delivered under the tag; 0 for what came back to its sender. */
static void
find_delivery(Receipt *receipt, const char *connection, uint64_t tag)
{
    const GmqCheckConnection *at = gmq_check_connection(receipt->check, gmq_slice_of(connection));

    if (tag == 0 || tag > at->handed->len)
        return;
    const GmqCheckHanded *handed = &g_array_index(at->handed, GmqCheckHanded, tag - 1);
    if (handed->copy == NULL || strcmp(handed->copy->message->name, receipt->name) != 0)
        return;
    receipt->message  = handed->copy->message;
    receipt->sent     = receipt->message->content;
    receipt->failures = handed->failures;
    if (!handed->copy->was_recovered)
        receipt->failures_least = handed->failures;
}

/* Nobody saw how it died, so that only what stays the same then is looked at. */
static void
check_letter(const Receipt *receipt)
{
    if (gmq_hash_bytes(receipt->content->body) != receipt->sent->body_hash ||
        !has_same_rest(receipt) || !is_within(receipt->sent->headers, receipt->properties->headers))
        break_change(receipt);
}

void
gmq_check_received(GmqCheck *check, const char *connection, uint64_t tag,
                   const GmqProperties *properties, const GmqClientContent *content)
{
    if (check == NULL)
        return;

    GmqSlice client       = gmq_client_of_connection(gmq_slice_of(connection));
    g_autofree char *who  = gmq_slice_dup(client);
    g_autofree char *name = gmq_slice_dup(properties->message_id);
    Receipt receipt       = {.check      = check,
                             .client     = who,
                             .name       = name,
                             .sent       = gmq_check_contents_find(check->contents, name),
                             .properties = properties,
                             .content    = content};

    if (receipt.sent == NULL) {
        gmq_check_break(check, who, "S2 broken: %s received message \"%s\", which nobody sent.",
                        who, name);
        return;
    }
    find_delivery(&receipt, connection, tag);
    bool is_plain =
        receipt.message == NULL || (receipt.message->reason == NULL && receipt.failures == 0);
    if (is_plain && is_unchanged(&receipt))
        return;
    if (receipt.message == NULL && check->remote != NULL)
        check_letter(&receipt);
    else if (receipt.message == NULL)
        break_change(&receipt);
    else
        check_parts(&receipt);
}
