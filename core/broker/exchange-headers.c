/* A headers exchange: bindings whose arguments match the message's headers (AMQP.md 10.21). What a
 * binding asks for is worked out when it is made, so that routing only looks it up. */
#include "core/broker/argument.h"
#include "core/broker/exchange.h"
#include "core/broker/headers-index.h"
#include "core/wire/table.h"

/* The values of x-match. */
typedef struct {
    const char *name;
    bool wants_all; /* else any one is enough */
    bool with_x;    /* arguments that begin with "x-" count too */
} Mode;

static const Mode modes[] = {
    {"all", true, false}, /* the first is meant when x-match is absent */
    {"any", false, false},
    {"all-with-x", true, true},
    {"any-with-x", false, true},
};

static const Mode *
find_mode(GmqSlice name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
        if (gmq_slice_equal(gmq_slice_of(modes[i].name), name))
            return &modes[i];
    }
    return NULL;
}

static bool
check(const GmqExchange *exchange G_GNUC_UNUSED, GmqSlice key G_GNUC_UNUSED, GmqSlice arguments,
      GmqFault *fault)
{
    GmqValue match;

    if (!gmq_table_find(arguments, GMQ_SLICE("x-match"), &match))
        return true;

    g_autofree char *text = gmq_argument_format(&match);
    if (match.type != GMQ_VALUE_STRING)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "Invalid x-match field type %s (value %s); expected longstr",
                             gmq_argument_type_name(match.type), text);
    if (find_mode(match.bytes) == NULL)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "Invalid x-match field value '%s'; expected all, any, all-with-x, or "
                             "any-with-x",
                             text);
    return true;
}

/* ---- the wish of a binding ---- */

static const Mode *
mode_of(GmqSlice arguments)
{
    GmqValue match;

    return gmq_table_find(arguments, GMQ_SLICE("x-match"), &match) ? find_mode(match.bytes)
                                                                   : &modes[0];
}

static bool
counts(const Mode *mode, GmqSlice name)
{
    if (mode->with_x)
        return !gmq_slice_equal(name, GMQ_SLICE("x-match"));
    return !gmq_slice_starts_with(name, GMQ_SLICE("x-"));
}

/* Keeps those that count. */
static void
drop_others(GArray *headers, const Mode *mode)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < headers->len; i++) {
        GmqTableEntry header = g_array_index(headers, GmqTableEntry, i);

        if (counts(mode, header.name))
            g_array_index(headers, GmqTableEntry, kept++) = header;
    }
    g_array_set_size(headers, kept);
}

static void
add(GmqExchange *exchange, GmqBinding *binding)
{
    const Mode *mode          = mode_of(binding->arguments);
    g_autoptr(GArray) headers = g_array_new(FALSE, FALSE, sizeof(GmqTableEntry));

    gmq_table_index_fill(headers, binding->arguments);
    drop_others(headers, mode);
    binding->slot = gmq_headers_index_add(exchange->state, binding, mode->wants_all, headers);
}

static void
remove_(GmqExchange *exchange, GmqBinding *binding)
{
    gmq_headers_index_remove(exchange->state, binding->slot);
}

/* ---- matching ---- */

static void *
new_state(GmqExchange *exchange G_GNUC_UNUSED)
{
    return gmq_headers_index_new();
}

static void
free_state(void *index)
{
    gmq_headers_index_free(index);
}

static void
route_by_headers(const GmqExchange *exchange, GmqRoute *route)
{
    const GPtrArray *matches = gmq_headers_index_match(exchange->state, gmq_route_headers(route));

    for (unsigned i = 0; i < matches->len; i++)
        gmq_route_take(route, g_ptr_array_index(matches, i));
}

const GmqExchangeType gmq_exchange_headers = {
    .name         = "headers",
    .is_cacheable = false,
    .new_state    = new_state,
    .free_state   = free_state,
    .check        = check,
    .add          = add,
    .remove       = remove_,
    .route        = route_by_headers,
};
