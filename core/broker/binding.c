#include "core/broker/binding.h"

#include "core/broker/exchange.h"
#include "core/broker/queue.h"
#include "core/broker/table-index.h"

/* Repeated names are found by looking through so many at most; a table with more is sorted. */
#define FEW_NAMES 32

/* ---- making ---- */

GmqBinding *
gmq_binding_new(const GmqBinding *like)
{
    size_t key_size       = like->key.size;
    size_t arguments_size = like->arguments.size;
    GmqBinding *binding   = g_malloc(sizeof(GmqBinding) + key_size + arguments_size);
    uint8_t *bytes        = (uint8_t *)(binding + 1);

    *binding = (GmqBinding){
        .source    = like->source,
        .queue     = like->queue,
        .exchange  = like->exchange,
        .key       = {bytes, key_size},
        .arguments = {bytes + key_size, arguments_size},
    };
    if (key_size > 0)
        memcpy(bytes, like->key.data, key_size);
    if (arguments_size > 0)
        memcpy(bytes + key_size, like->arguments.data, arguments_size);
    binding->source_link.data = binding;
    binding->target_link.data = binding;
    binding->slot_link.data   = binding;
    return binding;
}

void
gmq_binding_free(GmqBinding *binding)
{
    g_free(binding);
}

/* ---- comparing ---- */

static uint32_t
mix(uint32_t hash, uint64_t value)
{
    uint64_t mixed = (hash ^ value) * 0x9E3779B97F4A7C15u;

    return (uint32_t)(mixed >> 32);
}

static uint32_t
mix_bytes(uint32_t hash, GmqSlice bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ bytes.data[i]) * 16777619u;
    return mix(hash, bytes.size);
}

/* Equal values hash alike, so the width of an integer must not count. */
static uint32_t
hash_entry(GmqSlice name, const GmqValue *value)
{
    uint32_t hash = mix_bytes(1, name);

    if (gmq_value_is_integer(value))
        return mix(hash, (uint64_t)value->integer);
    if (value->type == GMQ_VALUE_TABLE || value->type == GMQ_VALUE_ARRAY)
        return mix(hash, value->type);
    return mix_bytes(mix(mix(hash, value->bits), (uint64_t)value->integer), value->bytes);
}

static bool
has_name(const GmqSlice *names, unsigned n_names, GmqSlice name)
{
    for (unsigned i = 0; i < n_names; i++) {
        if (gmq_slice_equal(names[i], name))
            return true;
    }
    return false;
}

static uint32_t
hash_many(GmqSlice arguments)
{
    g_autoptr(GArray) index = g_array_new(FALSE, FALSE, sizeof(GmqTableEntry));
    uint32_t sum            = 0;

    gmq_table_index_fill(index, arguments);
    for (unsigned i = 0; i < index->len; i++) {
        const GmqTableEntry *entry = &g_array_index(index, GmqTableEntry, i);

        sum += hash_entry(entry->name, &entry->value);
    }
    return sum;
}

/* A sum, since the order of the names does not count; the first of a name does. */
static uint32_t
hash_arguments(GmqSlice arguments)
{
    GmqSlice names[FEW_NAMES];
    GmqSlice rest    = arguments;
    unsigned n_names = 0;
    uint32_t sum     = 0;
    GmqSlice name;
    GmqValue value;

    while (gmq_table_next(&rest, &name, &value)) {
        if (has_name(names, n_names, name))
            continue;
        if (n_names == FEW_NAMES)
            return hash_many(arguments);
        names[n_names++] = name;
        sum += hash_entry(name, &value);
    }
    return sum;
}

unsigned
gmq_binding_hash(const void *data)
{
    const GmqBinding *binding = data;
    uint32_t hash             = mix(0, (uintptr_t)binding->source);

    hash = mix(hash, (uintptr_t)binding->queue);
    hash = mix(hash, (uintptr_t)binding->exchange);
    hash = mix_bytes(hash, binding->key);
    return mix(hash, hash_arguments(binding->arguments));
}

int
gmq_binding_same(const void *a, const void *b)
{
    const GmqBinding *one   = a;
    const GmqBinding *other = b;

    return one->source == other->source && one->queue == other->queue &&
           one->exchange == other->exchange && gmq_slice_equal(one->key, other->key) &&
           gmq_table_equal(one->arguments, other->arguments);
}

/* ---- the destination ---- */

GmqSlice
gmq_binding_target(const GmqBinding *binding)
{
    return binding->queue != NULL ? binding->queue->name : binding->exchange->name;
}

const char *
gmq_binding_target_type(const GmqBinding *binding)
{
    return binding->queue != NULL ? "queue" : "exchange";
}
