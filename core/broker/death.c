#include "core/broker/death.h"

#include "core/broker/header.h"
#include "core/wire/properties.h"
#include "core/wire/table.h"

/* What a consumer says of its rejections (E2), in the record of a death. */
#define REJECT_REASON "x-reject-reason"

static bool
has_text(GmqSlice table, const char *name, GmqSlice text)
{
    GmqValue value;

    return gmq_table_find(table, gmq_slice_of(name), &value) && value.type == GMQ_VALUE_STRING &&
           gmq_slice_equal(value.bytes, text);
}

/* The inside of x-death; empty when there is none, or one that is no array. */
static GmqSlice
read_deaths(GmqSlice headers)
{
    GmqValue value;

    if (!gmq_table_find(headers, GMQ_SLICE("x-death"), &value) || value.type != GMQ_VALUE_ARRAY)
        return GMQ_SLICE("");
    return value.bytes;
}

/* Whether the header tells of deaths that count: what a client wrote may not (19.9). */
static bool
has_died_before(const GmqMessage *message, GmqSlice headers, const GmqDeath *death)
{
    GmqValue value;

    if (death->profile->ignores_published_deaths && !message->has_own_deaths)
        return false;
    return gmq_table_find(headers, GMQ_SLICE("x-death"), &value);
}

/* ---- one record ---- */

static void
add_text(GmqBuffer *table, const char *name, GmqSlice text)
{
    gmq_table_add_text(table, name, text);
}

/* The publish key, then those of CC. */
static void
add_routing_keys(GmqBuffer *table, const GmqMessage *message, GmqSlice headers)
{
    g_auto(GmqBuffer) keys = {0};
    GmqValue key           = {.type = GMQ_VALUE_STRING, .bytes = gmq_message_key(message)};
    GmqValue copies;

    gmq_array_add(&keys, &key);
    if (gmq_table_find(headers, GMQ_SLICE("CC"), &copies) && copies.type == GMQ_VALUE_ARRAY) {
        while (gmq_array_next(&copies.bytes, &key)) {
            if (key.type == GMQ_VALUE_STRING)
                gmq_array_add(&keys, &key);
        }
    }
    gmq_table_add(table, GMQ_SLICE("routing-keys"),
                  &(GmqValue){.type = GMQ_VALUE_ARRAY, .bytes = gmq_buffer_slice(&keys)});
}

static void
write_first_record(const GmqMessage *message, const GmqProperties *properties,
                   const GmqDeath *death, GmqBuffer *record)
{
    gmq_table_add_int(record, "count", 1);
    add_text(record, "reason", gmq_slice_of(death->reason));
    add_text(record, "queue", death->queue);
    gmq_table_add(record, GMQ_SLICE("time"),
                  &(GmqValue){.type = GMQ_VALUE_TIMESTAMP, .integer = death->time_s});
    add_text(record, "exchange", gmq_message_exchange(message));
    add_routing_keys(record, message, properties->headers);
    if (GMQ_HAS_PROPERTY(properties, EXPIRATION))
        add_text(record, "original-expiration", properties->expiration);
    if (death->said.size > 0)
        add_text(record, REJECT_REASON, death->said);
}

/* Whether the member of an old record is written anew. */
static bool
is_renewed(GmqSlice name, const GmqDeath *death)
{
    return gmq_slice_equal(name, GMQ_SLICE("count")) ||
           (death->said.size > 0 && gmq_slice_equal(name, GMQ_SLICE(REJECT_REASON)));
}

/* The same record with its count one higher and the last reason that was said; all else stays
 * (19.5). One without a count, which only a client can have written, begins to count. */
static int64_t
write_next_record(GmqSlice old, const GmqDeath *death, GmqBuffer *record)
{
    int64_t count = 1;
    GmqSlice name;
    GmqValue value;

    if (gmq_table_find(old, GMQ_SLICE("count"), &value) && gmq_value_is_integer(&value))
        count = MIN(value.integer, INT64_MAX - 1) + 1;
    gmq_table_add_int(record, "count", count);
    while (gmq_table_next(&old, &name, &value)) {
        if (!is_renewed(name, death))
            gmq_table_add(record, name, &value);
    }
    if (death->said.size > 0)
        add_text(record, REJECT_REASON, death->said);
    return count;
}

/* ---- the whole record ---- */

static bool
is_same_death(const GmqValue *record, const GmqDeath *death)
{
    return record->type == GMQ_VALUE_TABLE && has_text(record->bytes, "queue", death->queue) &&
           has_text(record->bytes, "reason", gmq_slice_of(death->reason));
}

/* This death in front, the others behind it in their order; one record for each queue and reason.
 * Only the very first record of a message is not sorted by name (19.7). Returns how often the
 * message died so. */
static int64_t
write_deaths(const GmqMessage *message, const GmqProperties *properties, const GmqDeath *death,
             bool is_first, GmqBuffer *deaths)
{
    g_auto(GmqBuffer) others = {0};
    g_auto(GmqBuffer) record = {0};
    g_auto(GmqBuffer) sorted = {0};
    GmqSlice rest            = is_first ? GMQ_SLICE("") : read_deaths(properties->headers);
    bool is_sorted           = rest.size > 0;
    int64_t count            = 1;
    GmqValue old;

    while (gmq_array_next(&rest, &old)) {
        if (!is_same_death(&old, death))
            gmq_array_add(&others, &old);
        else if (record.size == 0)
            count = write_next_record(old.bytes, death, &record);
    }
    if (record.size == 0)
        write_first_record(message, properties, death, &record);
    gmq_table_add_sorted(&sorted, gmq_buffer_slice(&record));
    gmq_array_add(deaths, &(GmqValue){.type  = GMQ_VALUE_TABLE,
                                      .bytes = gmq_buffer_slice(is_sorted ? &sorted : &record)});
    gmq_buffer_add(deaths, others.data, others.size);
    return count;
}

/* The headers that tell of one death, the first or the last: reason, queue, exchange (19.6). */
typedef const char *OneDeath[3];

static const OneDeath first_death = {"x-first-death-reason", "x-first-death-queue",
                                     "x-first-death-exchange"};
static const OneDeath last_death  = {"x-last-death-reason", "x-last-death-queue",
                                     "x-last-death-exchange"};

static bool
is_of(const OneDeath names, GmqSlice name)
{
    return gmq_slice_equal(name, gmq_slice_of(names[0])) ||
           gmq_slice_equal(name, gmq_slice_of(names[1])) ||
           gmq_slice_equal(name, gmq_slice_of(names[2]));
}

static void
add_one_death(GmqBuffer *table, const OneDeath names, const GmqMessage *message,
              const GmqDeath *death)
{
    add_text(table, names[0], gmq_slice_of(death->reason));
    add_text(table, names[1], death->queue);
    add_text(table, names[2], gmq_message_exchange(message));
}

/* Whether a header goes with this death. Those that are written anew are ours, whatever a client
 * wrote there. */
static bool
is_dropped(GmqSlice name, const GmqDeath *death, bool is_first)
{
    if (gmq_slice_equal(name, GMQ_SLICE("x-death")))
        return true;
    if (gmq_slice_equal(name, GMQ_SLICE(GMQ_HEADER_DELIVERY_COUNT)))
        return death->is_counted;
    if (gmq_slice_equal(name, GMQ_SLICE("CC")))
        return death->is_key_changed && !death->profile->keeps_cc_of_dead;
    return (is_first && is_of(first_death, name)) ||
           (death->profile->writes_last_death && is_of(last_death, name));
}

/* The headers that a death leaves as they are. */
static void
copy_headers(GmqSlice headers, const GmqDeath *death, bool is_first, GmqBuffer *table)
{
    GmqSlice name;
    GmqValue value;

    while (gmq_table_next(&headers, &name, &value)) {
        if (!is_dropped(name, death, is_first))
            gmq_table_add(table, name, &value);
    }
}

static int64_t
write_table(const GmqMessage *message, const GmqProperties *properties, const GmqDeath *death,
            GmqBuffer *table)
{
    g_auto(GmqBuffer) deaths = {0};
    bool is_first            = !has_died_before(message, properties->headers, death);
    int64_t count            = write_deaths(message, properties, death, is_first, &deaths);

    copy_headers(properties->headers, death, is_first, table);
    gmq_table_add(table, GMQ_SLICE("x-death"),
                  &(GmqValue){.type = GMQ_VALUE_ARRAY, .bytes = gmq_buffer_slice(&deaths)});
    if (is_first)
        add_one_death(table, first_death, message, death);
    if (death->profile->writes_last_death)
        add_one_death(table, last_death, message, death);
    return count;
}

int64_t
gmq_death_write_header(const GmqMessage *message, const GmqDeath *death, GmqBuffer *header)
{
    g_auto(GmqBuffer) table  = {0};
    g_auto(GmqBuffer) sorted = {0};
    GmqProperties properties;
    GmqFault ignored;

    /* What a queue holds was decoded when it was published. */
    if (!gmq_properties_decode(gmq_message_header(message), &properties, &ignored))
        properties = (GmqProperties){0};
    if (!GMQ_HAS_PROPERTY(&properties, HEADERS))
        properties.headers = GMQ_SLICE("");
    int64_t count = write_table(message, &properties, death, &table);

    gmq_table_add_sorted(&sorted, gmq_buffer_slice(&table));
    properties.headers = gmq_buffer_slice(&sorted);
    properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
    properties.present &= (uint16_t)~GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION);
    properties.expiration = (GmqSlice){0};
    gmq_properties_encode(&properties, message->body_size, header);
    return count;
}

/* ---- cycles ---- */

bool
gmq_death_is_cycle(GmqSlice header, GmqSlice queue)
{
    GmqProperties properties;
    GmqFault ignored;
    GmqValue record;

    if (!gmq_properties_decode(header, &properties, &ignored) ||
        !GMQ_HAS_PROPERTY(&properties, HEADERS))
        return false;

    GmqSlice rest = read_deaths(properties.headers);
    while (gmq_array_next(&rest, &record)) {
        /* What no broker wrote was not the broker's doing alone. */
        if (record.type != GMQ_VALUE_TABLE ||
            has_text(record.bytes, "reason", GMQ_SLICE("rejected")))
            return false;
        if (has_text(record.bytes, "queue", queue))
            return true;
    }
    return false;
}
