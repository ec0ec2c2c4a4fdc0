/* A headers exchange: bindings whose arguments match the message's headers (AMQP.md 10.21). What a
 * binding asks for is worked out when it is made, so that routing only compares. */
#include "core/broker/argument.h"
#include "core/broker/exchange.h"
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

/* What a binding asks for: names and values lent from its arguments, each name once. A void value
 * asks only that the header is there. */
typedef struct {
    bool wants_all;
    unsigned n_headers;
    GmqTableEntry headers[];
} Wish;

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

static Wish *
new_wish(GmqSlice arguments)
{
    const Mode *mode          = mode_of(arguments);
    g_autoptr(GArray) headers = g_array_new(FALSE, FALSE, sizeof(GmqTableEntry));

    gmq_table_index_fill(headers, arguments);

    Wish *wish = g_malloc(sizeof(Wish) + headers->len * sizeof(GmqTableEntry));
    *wish      = (Wish){.wants_all = mode->wants_all};
    for (unsigned i = 0; i < headers->len; i++) {
        const GmqTableEntry *header = &g_array_index(headers, GmqTableEntry, i);

        if (counts(mode, header->name))
            wish->headers[wish->n_headers++] = *header;
    }
    return wish;
}

static void
add(GmqExchange *exchange G_GNUC_UNUSED, GmqBinding *binding)
{
    binding->slot = new_wish(binding->arguments);
}

static void
remove_(GmqExchange *exchange G_GNUC_UNUSED, GmqBinding *binding)
{
    g_free(binding->slot);
}

/* ---- matching ---- */

static bool
has_header(const GArray *headers, const GmqTableEntry *wanted)
{
    const GmqTableEntry *found = gmq_table_index_find(headers, wanted->name);

    return found != NULL &&
           (wanted->value.type == GMQ_VALUE_VOID || gmq_value_equal(&wanted->value, &found->value));
}

/* The first header that decides, does: one that is there for any, one that is not for all. */
static bool
matches(const Wish *wish, const GArray *headers)
{
    for (unsigned i = 0; i < wish->n_headers; i++) {
        if (has_header(headers, &wish->headers[i]) != wish->wants_all)
            return !wish->wants_all;
    }
    return wish->wants_all;
}

static void
route_by_headers(const GmqExchange *exchange, GmqRoute *route)
{
    const GArray *headers = gmq_route_headers(route);

    for (GList *link = exchange->bindings.head; link != NULL; link = link->next) {
        const GmqBinding *binding = link->data;

        if (matches(binding->slot, headers))
            gmq_route_take(route, binding);
    }
}

const GmqExchangeType gmq_exchange_headers = {
    .name         = "headers",
    .is_cacheable = false,
    .check        = check,
    .add          = add,
    .remove       = remove_,
    .route        = route_by_headers,
};
