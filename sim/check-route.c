/* The exchanges and bindings that are there, and whether messages came where these lead. */
#include "sim/check-route.h"

#include "sim/check-asked.h"
#include "sim/check-field.h"

static const struct {
    const char *name;
    const char *type;
} predeclared[] = {
    {"amq.direct", "direct"},   {"amq.fanout", "fanout"}, {"amq.topic", "topic"},
    {"amq.headers", "headers"}, {"amq.match", "headers"},
};

/* ---- exchanges ---- */

static void
free_exchange(void *data)
{
    GmqCheckExchange *exchange = data;

    g_free(exchange->name);
    g_free(exchange->type);
    g_free(exchange->alternate);
    g_free(exchange->policy);
    gmq_check_choices_forget(exchange);
    g_free(exchange);
}

static GmqCheckExchange *
add_exchange(GmqCheckRoutes *routes, GmqSlice name)
{
    GmqCheckExchange *exchange = g_new0(GmqCheckExchange, 1);

    exchange->name = gmq_slice_dup(name);
    g_ptr_array_add(routes->exchanges, exchange);
    return exchange;
}

static void
add_predeclared(GmqCheckRoutes *routes)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(predeclared); i++) {
        GmqCheckExchange *exchange = add_exchange(routes, gmq_slice_of(predeclared[i].name));

        exchange->type     = g_strdup(predeclared[i].type);
        exchange->is_there = true;
    }
}

/* One that was there before; NULL without. */
static GmqCheckExchange *
find_any(const GmqCheckRoutes *routes, GmqSlice name)
{
    for (unsigned i = 0; i < routes->exchanges->len; i++) {
        GmqCheckExchange *exchange = routes->exchanges->pdata[i];

        if (gmq_slice_equal(gmq_slice_of(exchange->name), name))
            return exchange;
    }
    return NULL;
}

/* One that hashes something else than the key is not looked at more closely. */
static void
read_arguments(GmqCheckExchange *exchange, GmqSlice arguments)
{
    GmqCheckField ignored;
    bool is_hash   = g_str_has_suffix(exchange->type, "-hash");
    bool has_other = gmq_check_find_field(arguments, "hash-header", &ignored) ||
                     gmq_check_find_field(arguments, "hash-property", &ignored);

    exchange->is_delayed = strcmp(exchange->type, "x-delayed-message") == 0;
    if (exchange->is_delayed) {
        g_free(exchange->type);
        exchange->type = gmq_check_find_text(arguments, "x-delayed-type");
        if (exchange->type == NULL)
            exchange->type = g_strdup("direct");
    }
    exchange->alternate = gmq_check_find_text(arguments, "alternate-exchange");
    exchange->is_steady = is_hash && !has_other;
}

/* What comes back with a new broker is as it was; what is new is as it was asked for. */
void
gmq_check_routes_declared(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckExchange *exchange = find_any(check->routes, event->who);
    const GmqCheckWish *wish   = gmq_check_find_wish(check, GMQ_CHECK_EXCHANGE, event->who);

    if (exchange == NULL)
        exchange = add_exchange(check->routes, event->who);
    exchange->is_there = true;
    if (check->is_starting && exchange->type != NULL)
        return;
    g_free(exchange->type);
    g_clear_pointer(&exchange->alternate, g_free);
    g_clear_pointer(&exchange->policy, g_free);
    exchange->type = wish == NULL ? gmq_slice_dup(event->text) : g_strdup(wish->key);
    gmq_check_choices_forget(exchange);
    read_arguments(exchange,
                   wish == NULL ? GMQ_SLICE("") : (GmqSlice){wish->arguments, wish->size});
}

void
gmq_check_alternate_set(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckExchange *exchange = gmq_check_find_exchange(check->routes, event->who);

    if (exchange == NULL)
        return;
    g_clear_pointer(&exchange->policy, g_free);
    if (event->kind == GMQ_EVENT_ALTERNATE_SET)
        exchange->policy = gmq_slice_dup(event->to);
}

/* ---- bindings ---- */

static void
free_binding(void *data)
{
    GmqCheckBinding *binding = data;

    g_free(binding->from);
    g_free(binding->to);
    g_free(binding->key);
    g_free(binding->arguments);
    g_free(binding);
}

static bool
is_named(const GmqCheckBinding *binding, const GmqEvent *event)
{
    return binding->to_queue == gmq_slice_equal(event->text, GMQ_SLICE("queue")) &&
           gmq_slice_equal(gmq_slice_of(binding->from), event->who) &&
           gmq_slice_equal(gmq_slice_of(binding->to), event->to) &&
           gmq_slice_equal(gmq_slice_of(binding->key), event->key);
}

/* The first binding of that name that is away, or there. */
static GmqCheckBinding *
find_binding(const GmqCheckRoutes *routes, const GmqEvent *event, bool is_away)
{
    for (unsigned i = 0; i < routes->bindings->len; i++) {
        GmqCheckBinding *binding = routes->bindings->pdata[i];

        if (binding->is_away == is_away && is_named(binding, event))
            return binding;
    }
    return NULL;
}

static void
tell_choices(const GmqCheckRoutes *routes, const GmqCheckBinding *binding,
             void (*tell)(GmqCheckExchange *exchange, const GmqCheckBinding *binding))
{
    GmqCheckExchange *exchange = find_any(routes, gmq_slice_of(binding->from));

    if (exchange != NULL)
        tell(exchange, binding);
}

static void
drop_binding(GmqCheckRoutes *routes, GmqCheckBinding *binding)
{
    tell_choices(routes, binding, gmq_check_choices_unbound);
    g_ptr_array_remove(routes->bindings, binding);
}

void
gmq_check_routes_bound(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckRoutes *routes   = check->routes;
    GmqCheckBinding *binding = check->is_starting ? find_binding(routes, event, true) : NULL;

    if (binding != NULL) {
        binding->is_away = false;
        return;
    }
    GmqCheckWish *wish = gmq_check_take_wish(check, GMQ_CHECK_BIND, event);
    binding            = g_new0(GmqCheckBinding, 1);
    binding->from      = gmq_slice_dup(event->who);
    binding->to        = gmq_slice_dup(event->to);
    binding->key       = gmq_slice_dup(event->key);
    binding->to_queue  = gmq_slice_equal(event->text, GMQ_SLICE("queue"));
    if (wish != NULL) {
        binding->arguments = g_steal_pointer(&wish->arguments);
        binding->size      = wish->size;
    }
    gmq_check_free_wish(wish);
    g_ptr_array_add(routes->bindings, binding);
    tell_choices(routes, binding, gmq_check_choices_bound);
}

static bool
has_arguments(const GmqCheckBinding *binding, const GmqCheckWish *wish)
{
    return binding->size == wish->size &&
           (wish->size == 0 || memcmp(binding->arguments, wish->arguments, wish->size) == 0);
}

/* Of several with one key the wish says which; without a wish the first one goes. */
void
gmq_check_routes_unbound(GmqCheck *check, const GmqEvent *event)
{
    GPtrArray *bindings      = check->routes->bindings;
    GmqCheckWish *wish       = gmq_check_take_wish(check, GMQ_CHECK_UNBIND, event);
    GmqCheckBinding *binding = find_binding(check->routes, event, false);

    for (unsigned i = 0; wish != NULL && i < bindings->len; i++) {
        GmqCheckBinding *other = bindings->pdata[i];

        if (is_named(other, event) && has_arguments(other, wish))
            binding = other;
    }
    gmq_check_free_wish(wish);
    if (binding != NULL)
        drop_binding(check->routes, binding);
}

/* ---- coming and going ---- */

GmqCheckRoutes *
gmq_check_routes_new(void)
{
    GmqCheckRoutes *routes = g_new0(GmqCheckRoutes, 1);

    routes->exchanges = g_ptr_array_new_with_free_func(free_exchange);
    routes->bindings  = g_ptr_array_new_with_free_func(free_binding);
    add_predeclared(routes);
    return routes;
}

void
gmq_check_routes_free(GmqCheckRoutes *routes)
{
    g_ptr_array_unref(routes->exchanges);
    g_ptr_array_unref(routes->bindings);
    g_free(routes);
}

static void
drop_bindings(GmqCheckRoutes *routes, const char *name, bool is_queue)
{
    for (unsigned i = routes->bindings->len; i-- > 0;) {
        GmqCheckBinding *binding = routes->bindings->pdata[i];
        bool is_target           = binding->to_queue == is_queue && strcmp(binding->to, name) == 0;
        bool is_source           = !is_queue && strcmp(binding->from, name) == 0;

        if (is_target || is_source)
            drop_binding(routes, binding);
    }
}

void
gmq_check_routes_drop_exchange(GmqCheckRoutes *routes, const char *name)
{
    GmqCheckExchange *exchange = find_any(routes, gmq_slice_of(name));

    drop_bindings(routes, name, false);
    if (exchange != NULL)
        exchange->is_there = false;
}

void
gmq_check_routes_drop_queue(GmqCheckRoutes *routes, const char *name)
{
    drop_bindings(routes, name, true);
}

void
gmq_check_routes_reset(GmqCheckRoutes *routes)
{
    for (unsigned i = 0; i < routes->exchanges->len; i++) {
        GmqCheckExchange *exchange = routes->exchanges->pdata[i];

        exchange->is_there = g_str_has_prefix(exchange->name, "amq.");
        gmq_check_choices_forget(exchange);
    }
    for (unsigned i = 0; i < routes->bindings->len; i++)
        ((GmqCheckBinding *)routes->bindings->pdata[i])->is_away = true;
}

void
gmq_check_routes_started(GmqCheckRoutes *routes)
{
    for (unsigned i = routes->bindings->len; i-- > 0;) {
        if (((const GmqCheckBinding *)routes->bindings->pdata[i])->is_away)
            g_ptr_array_remove_index(routes->bindings, i);
    }
}

/* ---- judging ---- */

static bool
has_copy_in(const GmqCheckMessage *message, const char *queue)
{
    const GPtrArray *copies = message->root->copies;

    for (unsigned i = copies->len; i-- > 0;) {
        const GmqCheckCopy *copy = copies->pdata[i];

        if (copy->message == message && strcmp(copy->queue->name, queue) == 0)
            return true;
    }
    return gmq_check_was_refused(message, queue);
}

/* A queue that goes before a transaction is committed gets nothing of it. */
static bool
was_deleted(const GmqCheck *check, const char *name, uint64_t since)
{
    for (unsigned i = 0; i < check->all_queues->len; i++) {
        const GmqCheckQueue *queue = check->all_queues->pdata[i];

        if (queue->is_gone && queue->deleted_at > since && strcmp(queue->name, name) == 0)
            return true;
    }
    return false;
}

static void
break_absence(GmqCheck *check, const GmqCheckMessage *message, const char *queue)
{
    if (message->reason == NULL)
        gmq_check_break(check, queue,
                        "S10 broken: message %s should have reached queue %s after event "
                        "%" G_GUINT64_FORMAT ", and did not.",
                        message->name, queue, (guint64)message->event);
    else
        gmq_check_break(check, queue,
                        "S13 broken: message %s died in queue %s at event %" G_GUINT64_FORMAT
                        " (%s) and should have reached queue %s, and did not.",
                        message->name, message->died_in->name, (guint64)message->event,
                        message->reason, queue);
}

static void
check_return(GmqCheck *check, const GmqCheckMessage *message)
{
    bool is_due = message->is_mandatory && message->routes->len == 0 && !message->is_waiting;

    if (is_due && !message->is_returned)
        gmq_check_break(check, message->name,
                        "S10 broken: message %s is mandatory and reached no queue, and was not "
                        "returned.",
                        message->name);
    if (message->is_returned && !is_due)
        gmq_check_break(check, message->name,
                        "S10 broken: message %s was returned, and should not be.", message->name);
}

void
gmq_check_routed(GmqCheck *check, GmqCheckMessage *message)
{
    if (!message->is_routed)
        gmq_check_find_routes(check, message);
    gmq_check_choices_made(check, message);
    gmq_check_all_held(check, message);
    for (unsigned i = 0; i < message->routes->len; i++) {
        if (!has_copy_in(message, message->routes->pdata[i]) &&
            !was_deleted(check, message->routes->pdata[i], message->event))
            break_absence(check, message, message->routes->pdata[i]);
    }
    check_return(check, message);
}
