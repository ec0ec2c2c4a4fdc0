#include "core/broker/dedup.h"

#include "core/base/limits.h"
#include "core/broker/argument.h"
#include "core/broker/header.h"
#include "core/broker/vhost.h"

#define SWITCH "x-message-deduplication"
#define SIZE "x-cache-size"
#define TTL "x-cache-ttl"
#define HEADER "x-deduplication-header"

#define NS_PER_MS INT64_C(1000000)

/* A byte for the kind, and a text of a shortstr's length or the checksum of a longer one. */
#define ID_MAX (1 + GMQ_SHORTSTR_MAX)

typedef struct {
    GmqSlice id; /* the bytes behind the struct */
    int64_t expires_ns;
    GList link; /* in dedup->ids; data is the id */
} Id;

struct GmqDedup {
    GmqHost *host;
    GmqSlice header;    /* owned */
    uint64_t count_max; /* ids */
    int64_t ttl_ms;     /* -1: for ever */
    GHashTable *table;  /* of GmqSlice * to Id; for look-up only */
    GQueue ids;         /* of Id, oldest first; intrusive */
};

/* ---- arguments ---- */

static bool
refuse(const char *name, const char *what, const char *why, GmqFault *fault)
{
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED, "invalid arg '%s' for %s: %s", name,
                         what, why);
}

static bool
check_number(GmqSlice arguments, const char *name, const char *what, int64_t most, GmqFault *fault)
{
    char why[96];
    GmqValue value;

    if (!gmq_table_find(arguments, gmq_slice_of(name), &value))
        return true;
    if (!gmq_value_is_integer(&value)) {
        gmq_argument_refuse_number(&value, why, sizeof why);
        return refuse(name, what, why, fault);
    }
    if (value.integer >= 1 && value.integer <= most)
        return true;
    g_snprintf(why, sizeof why, "%" G_GINT64_FORMAT " is not from 1 to %" G_GINT64_FORMAT,
               value.integer, most);
    return refuse(name, what, why, fault);
}

static bool
check_header(GmqSlice arguments, const char *what, GmqFault *fault)
{
    GmqValue value;

    if (!gmq_table_find(arguments, GMQ_SLICE(HEADER), &value))
        return true;
    return (value.type == GMQ_VALUE_STRING && value.bytes.size > 0 &&
            value.bytes.size <= GMQ_SHORTSTR_MAX) ||
           refuse(HEADER, what, "not the name of a header", fault);
}

bool
gmq_dedup_check(GmqSlice arguments, const char *what, GmqFault *fault)
{
    GmqValue value;

    if (!gmq_table_find(arguments, GMQ_SLICE(SWITCH), &value))
        return true;
    if (value.type != GMQ_VALUE_BOOL)
        return refuse(SWITCH, what, "neither true nor false", fault);
    return check_number(arguments, SIZE, what, GMQ_DEDUP_COUNT_MAX, fault) &&
           check_number(arguments, TTL, what, GMQ_TTL_MS_MAX, fault) &&
           check_header(arguments, what, fault);
}

bool
gmq_dedup_check_same(const char *what, GmqSlice current, GmqSlice received, GmqFault *fault)
{
    static const char *const names[] = {SWITCH, SIZE, TTL, HEADER};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (!gmq_argument_check_same(names[i], what, current, received, fault))
            return false;
    }
    return true;
}

/* ---- life ---- */

static bool
is_asked_for(GmqSlice arguments)
{
    GmqValue value;

    return gmq_table_find(arguments, GMQ_SLICE(SWITCH), &value) && value.integer != 0;
}

static int64_t
number_of(GmqSlice arguments, const char *name, int64_t otherwise)
{
    GmqValue value;

    return gmq_table_find(arguments, gmq_slice_of(name), &value) ? value.integer : otherwise;
}

GmqDedup *
gmq_dedup_new(GmqHost *host, GmqSlice arguments)
{
    GmqValue header;

    if (!is_asked_for(arguments))
        return NULL;

    GmqDedup *dedup   = g_new0(GmqDedup, 1);
    bool has_own_name = gmq_table_find(arguments, GMQ_SLICE(HEADER), &header);
    dedup->host       = host;
    dedup->header     = gmq_slice_own(has_own_name ? header.bytes : GMQ_SLICE(HEADER));
    dedup->count_max  = (uint64_t)number_of(arguments, SIZE, GMQ_DEDUP_COUNT_DEFAULT);
    dedup->ttl_ms     = number_of(arguments, TTL, -1);
    dedup->table      = g_hash_table_new(gmq_slice_hash, gmq_slice_same);
    return dedup;
}

static void
forget(GmqDedup *dedup, Id *id)
{
    g_hash_table_remove(dedup->table, &id->id);
    g_queue_unlink(&dedup->ids, &id->link);
    g_free(id);
}

void
gmq_dedup_free(GmqDedup *dedup)
{
    if (dedup == NULL)
        return;
    while (dedup->ids.length > 0)
        forget(dedup, dedup->ids.head->data);
    g_hash_table_unref(dedup->table);
    g_free((void *)dedup->header.data);
    g_free(dedup);
}

/* ---- ids ---- */

/* Writes the id into storage and lends it; empty when the message has none. A number and a text are
 * never the same, and numbers of all widths are alike. */
static GmqSlice
read_id(const GmqDedup *dedup, const GmqMessage *message, uint8_t storage[ID_MAX])
{
    GmqValue value;

    if (!gmq_message_find_header(message, dedup->header, &value))
        return (GmqSlice){0};
    if (gmq_value_is_integer(&value)) {
        storage[0] = 'n';
        gmq_store_u64(storage + 1, (uint64_t)value.integer);
        return (GmqSlice){storage, 1 + sizeof(uint64_t)};
    }
    if (value.type != GMQ_VALUE_STRING && value.type != GMQ_VALUE_BYTES)
        return (GmqSlice){0};
    if (value.bytes.size <= GMQ_SHORTSTR_MAX) {
        storage[0] = 't';
        if (value.bytes.size > 0)
            memcpy(storage + 1, value.bytes.data, value.bytes.size);
        return (GmqSlice){storage, 1 + value.bytes.size};
    }

    g_autofree char *sum =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, value.bytes.data, value.bytes.size);
    storage[0] = 'l';
    memcpy(storage + 1, sum, strlen(sum));
    return (GmqSlice){storage, 1 + strlen(sum)};
}

bool
gmq_dedup_knows(GmqDedup *dedup, const GmqMessage *message)
{
    uint8_t storage[ID_MAX];
    GmqSlice id = read_id(dedup, message, storage);
    Id *known   = id.size == 0 ? NULL : g_hash_table_lookup(dedup->table, &id);

    if (known == NULL)
        return false;
    if (known->expires_ns > dedup->host->now(dedup->host))
        return true;
    forget(dedup, known);
    return false;
}

/* The message's own header x-cache-ttl counts more than the argument. */
static int64_t
expiry_of(const GmqDedup *dedup, const GmqMessage *message)
{
    int64_t ttl_ms = dedup->ttl_ms;
    GmqValue value;

    if (gmq_message_find_header(message, GMQ_SLICE(TTL), &value) && gmq_value_is_integer(&value) &&
        value.integer >= 0 && value.integer <= GMQ_TTL_MS_MAX)
        ttl_ms = value.integer;
    return ttl_ms < 0 ? INT64_MAX : dedup->host->now(dedup->host) + ttl_ms * NS_PER_MS;
}

static Id *
new_id(GmqSlice bytes)
{
    Id *id = g_malloc0(sizeof(Id) + bytes.size);

    memcpy(id + 1, bytes.data, bytes.size);
    id->id        = (GmqSlice){(uint8_t *)(id + 1), bytes.size};
    id->link.data = id;
    return id;
}

void
gmq_dedup_remember(GmqDedup *dedup, const GmqMessage *message)
{
    uint8_t storage[ID_MAX];
    GmqSlice bytes = read_id(dedup, message, storage);

    if (bytes.size == 0 || g_hash_table_contains(dedup->table, &bytes))
        return;

    Id *id         = new_id(bytes);
    id->expires_ns = expiry_of(dedup, message);
    g_hash_table_insert(dedup->table, &id->id, id);
    g_queue_push_tail_link(&dedup->ids, &id->link);
    if (dedup->ids.length > dedup->count_max)
        forget(dedup, dedup->ids.head->data);
}
