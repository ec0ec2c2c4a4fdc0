#include "core/broker/exchange.h"

#include "core/broker/vhost.h"
#include "core/wire/table.h"

static const GmqExchangeType *const types[] = {
    &gmq_exchange_direct,       &gmq_exchange_fanout,          &gmq_exchange_topic,
    &gmq_exchange_headers,      &gmq_exchange_consistent_hash, &gmq_exchange_delayed,
    &gmq_exchange_modulus_hash, &gmq_exchange_random,          &gmq_exchange_recent_history,
};

const GmqExchangeType *
gmq_exchange_type_find(GmqSlice name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (gmq_slice_equal(gmq_slice_of(types[i]->name), name))
            return types[i];
    }
    return NULL;
}

static GmqSlice
copy(GmqSlice bytes)
{
    return (GmqSlice){g_memdup2(bytes.data, bytes.size), bytes.size};
}

static void *
new_state(GmqExchange *exchange, const GmqExchangeType *type)
{
    return type->new_state == NULL ? NULL : type->new_state(exchange);
}

static void
free_state(void *state, const GmqExchangeType *type)
{
    if (type->free_state != NULL)
        type->free_state(state);
}

/* ---- policies (25) ---- */

/* The argument wins over the policy (25.3). The default exchange has no alternate (10.23). */
static void
choose_policies(GmqExchange *exchange)
{
    const GmqPolicy *policy;
    GmqValue value;

    for (int kind = 0; kind < GMQ_N_POLICY_KINDS; kind++)
        exchange->policies[kind] = gmq_policy_find_best(exchange->vhost->policies[kind],
                                                        GMQ_POLICY_EXCHANGES, exchange->name);
    policy              = exchange->policies[GMQ_POLICY_USER];
    exchange->alternate = (GmqSlice){0};
    if (gmq_table_find(exchange->arguments, GMQ_SLICE("alternate-exchange"), &value))
        exchange->alternate = value.bytes;
    else if (policy != NULL && exchange->name.size > 0)
        exchange->alternate = policy->effect.alternate;
}

static void
note_alternate(const GmqExchange *exchange, uint64_t cause)
{
    GmqHost *host = exchange->vhost->host;
    bool is_there = exchange->alternate.data != NULL;

    if (!gmq_host_is_unheard(host))
        host->note(host, &(GmqEvent){.kind  = is_there ? GMQ_EVENT_ALTERNATE_SET
                                                       : GMQ_EVENT_ALTERNATE_CLEARED,
                                     .vhost = &exchange->vhost->name,
                                     .cause = cause,
                                     .who   = exchange->name,
                                     .to    = exchange->alternate});
}

/* Having none differs from having one without a name. */
static bool
is_same_name(GmqSlice a, GmqSlice b)
{
    if (a.data == NULL || b.data == NULL)
        return a.data == b.data;
    return gmq_slice_equal(a, b);
}

void
gmq_exchange_apply_policies(GmqExchange *exchange, uint64_t cause)
{
    GmqSlice before = exchange->alternate;

    choose_policies(exchange);
    if (is_same_name(before, exchange->alternate))
        return;
    exchange->vhost->topology++;
    note_alternate(exchange, cause);
}

/* ---- life ---- */

GmqExchange *
gmq_exchange_new(GmqVhost *vhost, const GmqExchangeType *type, GmqSlice name, GmqSlice arguments)
{
    GmqExchange *exchange = g_new0(GmqExchange, 1);

    exchange->vhost     = vhost;
    exchange->type      = type;
    exchange->name      = copy(name);
    exchange->arguments = copy(arguments);
    exchange->link.data = exchange;
    choose_policies(exchange);

    exchange->router = type->find_router == NULL ? type : type->find_router(exchange->arguments);
    exchange->state  = new_state(exchange, exchange->router);
    if (exchange->router != type)
        exchange->delay = new_state(exchange, type);
    exchange->dedup        = gmq_dedup_new(vhost->host, exchange->arguments);
    exchange->is_attentive = type->holds != NULL || type->keep != NULL ||
                             exchange->router->keep != NULL || exchange->dedup != NULL;
    return exchange;
}

void
gmq_exchange_free(GmqExchange *exchange)
{
    g_assert(exchange->bindings.length == 0);
    g_assert(exchange->inbound.length == 0);

    free_state(exchange->state, exchange->router);
    if (exchange->router != exchange->type)
        free_state(exchange->delay, exchange->type);
    gmq_dedup_free(exchange->dedup);
    g_free((void *)exchange->name.data);
    g_free((void *)exchange->arguments.data);
    g_free(exchange);
}

/* A message that is held back is not seen by the one who routes before it is let go. */
void
gmq_exchange_keep(GmqExchange *exchange, GmqMessage *message)
{
    const GmqExchangeType *type   = exchange->type;
    const GmqExchangeType *keeper = exchange->router;

    if (exchange->dedup != NULL)
        gmq_dedup_remember(exchange->dedup, message);
    if (type->holds != NULL && type->holds(exchange, message))
        keeper = type;
    if (keeper->keep != NULL)
        keeper->keep(exchange, message);
}
