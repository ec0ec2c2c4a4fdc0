/* A consistent hash exchange: each message to exactly one destination, always the same one for the
 * same key, by weight (AMQP.md 10e.1).
 *
 * The destinations compete for each message: a hash of the message and of a destination's name is
 * that one's number, and the one wins whose -log2(number) / weight is the smallest. That gives each
 * its share exactly, and one that comes or goes moves only the messages that it wins or has won. It
 * is integers throughout, so every machine decides alike. */
#include "core/broker/argument.h"
#include "core/broker/exchange.h"
#include "core/broker/hash.h"
#include "core/wire/properties.h"

#define HASH_HEADER "hash-header"
#define HASH_PROPERTY "hash-property"

/* AMQP.md 10e.1. With weights up to a billion no log would be too large for being multiplied with
 * one, where the costs of two are compared. */
#define WEIGHT_MAX 10000

/* A destination, by the oldest of its bindings. */
typedef struct {
    GmqBinding *binding;
    uint64_t seed; /* a hash of its name */
    uint32_t weight;
} Rival;

/* A property that can be hashed in place of the routing key; NULL as reader: none. */
typedef struct {
    const char *name;
    uint64_t (*hash)(const GmqProperties *properties);
} Property;

typedef struct {
    GArray *rivals;           /* of Rival, by weight, then by name */
    const Property *property; /* NULL without one */
    GmqSlice header;          /* lent from the exchange's arguments; data NULL without one */
} State;

/* ---- what is hashed ---- */

static uint64_t
hash_message_id(const GmqProperties *properties)
{
    return gmq_hash_add(0, properties->message_id);
}

static uint64_t
hash_correlation_id(const GmqProperties *properties)
{
    return gmq_hash_add(0, properties->correlation_id);
}

static uint64_t
hash_timestamp(const GmqProperties *properties)
{
    return gmq_hash_add_number(0, properties->timestamp);
}

static const Property known_properties[] = {
    {"correlation_id", hash_correlation_id},
    {"message_id", hash_message_id},
    {"timestamp", hash_timestamp},
};

static const Property *
find_property(GmqSlice name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known_properties); i++) {
        if (gmq_slice_equal(gmq_slice_of(known_properties[i].name), name))
            return &known_properties[i];
    }
    return NULL;
}

/* Integers hash by their value, of whatever width, and everything else by type and bytes. */
static uint64_t
hash_value(const GmqValue *value)
{
    if (gmq_value_is_integer(value))
        return gmq_hash_add_number(1, (uint64_t)value->integer);

    uint64_t hash = gmq_hash_add_number(2, value->type);
    hash          = gmq_hash_add_number(hash, (uint64_t)value->integer);
    hash          = gmq_hash_add_number(hash, value->bits);
    return gmq_hash_add(hash, value->bytes);
}

static uint64_t
hash_header(GmqRoute *route, GmqSlice name)
{
    const GmqTableEntry *header = gmq_table_index_find(gmq_route_headers(route), name);

    return header == NULL ? 0 : hash_value(&header->value);
}

static uint64_t
hash_keys(const GArray *keys)
{
    uint64_t hash = 0;

    for (unsigned i = 0; i < keys->len; i++)
        hash = gmq_hash_add(hash, g_array_index(keys, GmqSlice, i));
    return hash;
}

/* Messages without the header or property all have the same hash. */
static uint64_t
hash_message(const State *state, GmqRoute *route)
{
    GmqProperties properties;
    GmqFault ignored;

    if (state->header.data != NULL)
        return hash_header(route, state->header);
    if (state->property == NULL)
        return hash_keys(route->keys);
    if (!gmq_properties_decode(gmq_message_header(route->message), &properties, &ignored))
        return 0;
    return state->property->hash(&properties);
}

/* ---- arguments of the exchange ---- */

static bool
check_header(GmqSlice arguments, GmqFault *fault)
{
    GmqValue header;

    if (!gmq_table_find(arguments, GMQ_SLICE(HASH_HEADER), &header) ||
        header.type == GMQ_VALUE_STRING)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "Invalid " HASH_HEADER " field type %s; expected longstr",
                         gmq_argument_type_name(header.type));
}

static bool
check_property(GmqSlice arguments, GmqFault *fault)
{
    GmqValue property;

    if (!gmq_table_find(arguments, GMQ_SLICE(HASH_PROPERTY), &property))
        return true;
    if (property.type == GMQ_VALUE_STRING && find_property(property.bytes) != NULL)
        return true;

    g_autofree char *text = gmq_argument_format(&property);
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED, "Unsupported property: %s", text);
}

static bool
check_arguments(GmqSlice arguments, GmqFault *fault)
{
    GmqValue ignored;

    if (gmq_table_find(arguments, GMQ_SLICE(HASH_HEADER), &ignored) &&
        gmq_table_find(arguments, GMQ_SLICE(HASH_PROPERTY), &ignored))
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             HASH_HEADER " and " HASH_PROPERTY " are mutually exclusive");
    return check_header(arguments, fault) && check_property(arguments, fault);
}

static void *
new_state(GmqExchange *exchange)
{
    State *state = g_new0(State, 1);
    GmqValue value;

    state->rivals = g_array_new(FALSE, FALSE, sizeof(Rival));
    if (gmq_table_find(exchange->arguments, GMQ_SLICE(HASH_HEADER), &value))
        state->header = value.bytes.data == NULL ? GMQ_SLICE("") : value.bytes;
    if (gmq_table_find(exchange->arguments, GMQ_SLICE(HASH_PROPERTY), &value))
        state->property = find_property(value.bytes);
    return state;
}

static void
free_state(void *data)
{
    State *state = data;

    g_array_unref(state->rivals);
    g_free(state);
}

/* ---- bindings: the key is the weight ---- */

/* Digits with or without a sign; false when it is no integer. What is too large is WEIGHT_MAX + 1,
 * and what is negative 0. */
static bool
read_weight(GmqSlice key, uint32_t *weight)
{
    bool is_signed   = key.size > 0 && (key.data[0] == '+' || key.data[0] == '-');
    bool is_negative = is_signed && key.data[0] == '-';
    uint64_t value   = 0;

    if (key.size == (is_signed ? 1u : 0u))
        return false;
    for (size_t i = is_signed; i < key.size; i++) {
        if (!g_ascii_isdigit(key.data[i]))
            return false;
        value = MIN(value * 10 + (key.data[i] - '0'), WEIGHT_MAX + 1);
    }
    *weight = is_negative ? 0 : (uint32_t)value;
    return true;
}

static bool
check(const GmqExchange *exchange G_GNUC_UNUSED, GmqSlice key, GmqSlice arguments G_GNUC_UNUSED,
      GmqFault *fault)
{
    uint32_t weight;

    if (!read_weight(key, &weight))
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "The binding key must be an integer: <<\"%.*s\">>", (int)key.size,
                             key.data);
    if (weight == 0)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "The binding key must be greater than 0");
    if (weight > WEIGHT_MAX)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "The binding key must be at most %d", WEIGHT_MAX);
    return true;
}

static bool
has_same_target(const GmqBinding *a, const GmqBinding *b)
{
    return a->queue == b->queue && a->exchange == b->exchange;
}

static int
compare(const Rival *a, const Rival *b)
{
    if (a->weight != b->weight)
        return a->weight < b->weight ? -1 : 1;
    if ((a->binding->queue != NULL) != (b->binding->queue != NULL))
        return a->binding->queue == NULL ? -1 : 1;
    return gmq_slice_compare(gmq_binding_target(a->binding), gmq_binding_target(b->binding));
}

static void
add_rival(State *state, GmqBinding *binding)
{
    Rival rival = {.binding = binding};
    unsigned place;

    read_weight(binding->key, &rival.weight);
    rival.seed = gmq_hash_add(binding->queue != NULL, gmq_binding_target(binding));
    for (place = 0; place < state->rivals->len; place++) {
        if (compare(&g_array_index(state->rivals, Rival, place), &rival) > 0)
            break;
    }
    g_array_insert_val(state->rivals, place, rival);
    binding->slot = state;
}

static bool
has_rival(const State *state, const GmqBinding *binding)
{
    for (unsigned i = 0; i < state->rivals->len; i++) {
        if (has_same_target(g_array_index(state->rivals, Rival, i).binding, binding))
            return true;
    }
    return false;
}

/* A second binding of a destination does not count. */
static void
add(GmqExchange *exchange, GmqBinding *binding)
{
    if (!has_rival(exchange->state, binding))
        add_rival(exchange->state, binding);
}

/* The one that counted goes: the oldest of those that did not takes its place. */
static void
remove_(GmqExchange *exchange, GmqBinding *binding)
{
    State *state = exchange->state;

    if (binding->slot == NULL)
        return;
    for (unsigned i = 0; i < state->rivals->len; i++) {
        if (g_array_index(state->rivals, Rival, i).binding == binding) {
            g_array_remove_index(state->rivals, i);
            break;
        }
    }
    for (GList *link = exchange->bindings.head; link != NULL; link = link->next) {
        if (link->data != binding && has_same_target(link->data, binding)) {
            add_rival(state, link->data);
            break;
        }
    }
}

/* ---- the competition ---- */

#define LOG_BITS 24

/* -log2(number / 2^64) with LOG_BITS bits behind the point, at least 1. The digits come one by one:
 * squaring a number doubles its log, and so moves the next digit in front of the point. */
static uint64_t
minus_log2(uint64_t number)
{
    unsigned leading  = (unsigned)__builtin_clzll(number | 1);
    uint64_t mantissa = (number | 1) << leading >> 32; /* from 1 to 2, with 31 bits behind */
    uint64_t fraction = 0;

    for (unsigned i = 0; i < LOG_BITS; i++) {
        mantissa    = (mantissa * mantissa) >> 31;
        bool is_two = mantissa >> 32 != 0;
        fraction    = fraction << 1 | is_two;
        mantissa >>= is_two;
    }
    return ((uint64_t)(leading + 1) << LOG_BITS) - fraction;
}

typedef struct {
    const Rival *rival;
    uint64_t cost; /* to be divided by the rival's weight */
} Best;

/* Compares cost / weight without dividing: logs have 31 bits, and weights 30. */
static bool
is_cheaper(const Best *a, const Best *b)
{
    return b->rival == NULL || a->cost * b->rival->weight < b->cost * a->rival->weight;
}

/* Among equals the largest number has the smallest log, so one log for each weight is enough. */
static const Rival *
choose(const GArray *rivals, uint64_t hash)
{
    Best best = {0};

    for (unsigned i = 0; i < rivals->len;) {
        const Rival *first  = &g_array_index(rivals, Rival, i);
        const Rival *rival  = first;
        uint64_t number_max = 0;
        Best of_weight      = {.rival = first};

        for (; i < rivals->len && rival->weight == first->weight; i++, rival++) {
            uint64_t number = gmq_hash_mix(hash ^ rival->seed);

            if (number > number_max)
                of_weight.rival = rival;
            number_max = MAX(number, number_max);
        }
        of_weight.cost = minus_log2(number_max);
        if (is_cheaper(&of_weight, &best))
            best = of_weight;
    }
    return best.rival;
}

static void
route_by_hash(const GmqExchange *exchange, GmqRoute *route)
{
    const State *state = exchange->state;

    if (state->rivals->len > 0)
        gmq_route_take(route, choose(state->rivals, hash_message(state, route))->binding);
}

const GmqExchangeType gmq_exchange_consistent_hash = {
    .name            = "x-consistent-hash",
    .is_cacheable    = false, /* a property may decide */
    .check_arguments = check_arguments,
    .new_state       = new_state,
    .free_state      = free_state,
    .check           = check,
    .add             = add,
    .remove          = remove_,
    .route           = route_by_hash,
};
