#include "core/broker/firehose.h"

#include "core/base/limits.h"
#include "core/broker/post.h"
#include "core/wire/properties.h"
#include "core/wire/table.h"

#define EXCHANGE "amq.rabbitmq.trace"
#define NODE "glassmq"

/* Publishers do not remember where messages went while each of them is to be copied. */
void
gmq_vhost_set_tracing(GmqVhost *vhost, bool is_on)
{
    vhost->is_tracing = is_on;
    vhost->topology++;
}

/* ---- the parts of the header table ---- */

static void
add_int(GmqBuffer *table, const char *name, int32_t value)
{
    gmq_table_add(table, gmq_slice_of(name), &(GmqValue){.type = GMQ_VALUE_I32, .integer = value});
}

static void
add_array(GmqBuffer *table, const char *name, const GmqBuffer *array)
{
    gmq_table_add(table, gmq_slice_of(name),
                  &(GmqValue){.type = GMQ_VALUE_ARRAY, .bytes = gmq_buffer_slice(array)});
}

static void
add_key(GmqBuffer *array, GmqSlice key)
{
    gmq_array_add(array, &(GmqValue){.type = GMQ_VALUE_STRING, .bytes = key});
}

static void
add_keys(GmqBuffer *array, GmqSlice keys)
{
    GmqValue key;

    while (gmq_array_next(&keys, &key)) {
        if (key.type == GMQ_VALUE_STRING)
            add_key(array, key.bytes);
    }
}

/* The routing key, then those of CC and BCC. */
static void
add_routing_keys(GmqBuffer *table, const GmqMessage *message, GmqSlice headers)
{
    g_auto(GmqBuffer) array = {0};
    GmqValue copies;

    add_key(&array, gmq_message_key(message));
    if (gmq_table_find(headers, GMQ_SLICE("CC"), &copies) && copies.type == GMQ_VALUE_ARRAY)
        add_keys(&array, copies.bytes);
    add_keys(&array, gmq_message_hidden_keys(message));
    add_array(table, "routing_keys", &array);
}

/* One function per type of property. */
static void
add_shortstr(GmqBuffer *table, const char *name, GmqSlice value)
{
    gmq_table_add_text(table, name, value);
}

static void
add_octet(GmqBuffer *table, const char *name, uint8_t value)
{
    add_int(table, name, value);
}

static void
add_qword(GmqBuffer *table, const char *name, uint64_t value)
{
    gmq_table_add_int(table, name, (int64_t)value);
}

static void
add_table(GmqBuffer *table, const char *name, GmqSlice value)
{
    gmq_table_add_table(table, name, value);
}

static void
add_properties(GmqBuffer *table, const GmqProperties *properties)
{
    g_auto(GmqBuffer) inner = {0};

#define PROPERTY(NAME, name, type)                                                                 \
    if (GMQ_HAS_PROPERTY(properties, NAME))                                                        \
        add_##type(&inner, #name, properties->name);
#include "core/wire/properties.def"
#undef PROPERTY
    gmq_table_add_table(table, "properties", gmq_buffer_slice(&inner));
}

static void
add_message(GmqBuffer *table, const GmqMessage *message)
{
    GmqProperties properties;
    GmqFault ignored;

    if (!gmq_properties_decode(gmq_message_header(message), &properties, &ignored))
        properties = (GmqProperties){0};
    gmq_table_add_text(table, "exchange_name", gmq_message_exchange(message));
    add_routing_keys(table, message, properties.headers);
    add_properties(table, &properties);
    gmq_table_add_text(table, "node", GMQ_SLICE(NODE));
}

static void
add_whose(GmqBuffer *table, const GmqVhost *vhost, const GmqTraced *whose)
{
    gmq_table_add_text(table, "vhost", vhost->name);
    gmq_table_add_text(table, "connection", whose->connection);
    add_int(table, "channel", whose->channel);
    gmq_table_add_text(table, "user", whose->user);
}

static void
add_queues(GmqBuffer *table, const GPtrArray *queues)
{
    g_auto(GmqBuffer) array = {0};

    for (unsigned i = 0; i < queues->len; i++)
        add_key(&array, ((const GmqQueue *)g_ptr_array_index(queues, i))->name);
    add_array(table, "routed_queues", &array);
}

/* ---- the copy ---- */

/* A trace of a trace would have no end. */
static bool
is_trace(const GmqMessage *message)
{
    return gmq_slice_equal(gmq_message_exchange(message), GMQ_SLICE(EXCHANGE));
}

/* The key is "publish." or "deliver." and the name, as much of it as fits. */
static void
send(GmqVhost *vhost, const GmqMessage *message, const char *kind, GmqSlice name,
     const GmqBuffer *table)
{
    g_auto(GmqBuffer) header = {0};
    GmqProperties properties = {.present = GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS),
                                .headers = gmq_buffer_slice(table)};
    g_autofree char *key     = g_strdup_printf("%s.%.*s", kind, (int)name.size, name.data);
    GmqSlice whole           = gmq_slice_of(key);

    whole.size = MIN(whole.size, GMQ_SHORTSTR_MAX);
    gmq_properties_encode(&properties, message->body_size, &header);
    gmq_posts_add(gmq_broker_posts(vhost->broker), vhost,
                  gmq_message_copy(message, GMQ_SLICE(EXCHANGE), whole, gmq_buffer_slice(&header)));
}

void
gmq_firehose_published(GmqVhost *vhost, const GmqMessage *message, const GPtrArray *queues,
                       const GmqTraced *by)
{
    g_auto(GmqBuffer) table = {0};

    if (is_trace(message))
        return;
    add_message(&table, message);
    add_whose(&table, vhost, by);
    add_queues(&table, queues);
    send(vhost, message, "publish", gmq_message_exchange(message), &table);
}

void
gmq_firehose_delivered(const GmqQueue *queue, const GmqEntry *entry, const GmqTraced *to)
{
    g_auto(GmqBuffer) table = {0};

    if (is_trace(entry->message))
        return;
    add_message(&table, entry->message);
    add_int(&table, "redelivered", gmq_entry_is_redelivered(entry));
    add_whose(&table, queue->vhost, to);
    send(queue->vhost, entry->message, "deliver", queue->name, &table);
}
