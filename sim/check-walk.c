/* The way of a message through the exchanges, walked naively. */
#include "sim/check-death.h"
#include "sim/check-route.h"

struct GmqCheckWalk {
    GPtrArray *visited; /* of GmqCheckExchange */
    GPtrArray *choices; /* of GmqCheckExchange that have yet to choose */
    GPtrArray *cut;     /* of texts: queues that it reached and must not enter; lent */
};

typedef struct {
    GmqCheck *check;
    GmqCheckMessage *message;
    GmqCheckWalk *walk;
} Way;

static bool
matches_direct(const GmqCheckBinding *binding, const GmqCheckMessage *message)
{
    return strcmp(binding->key, message->key) == 0;
}

static bool
matches_all(const GmqCheckBinding *binding, const GmqCheckMessage *message)
{
    (void)binding;
    (void)message;
    return true;
}

static bool
matches_topic(const GmqCheckBinding *binding, const GmqCheckMessage *message)
{
    return gmq_check_topic_matches(gmq_slice_of(binding->key), gmq_slice_of(message->key));
}

static bool
matches_headers(const GmqCheckBinding *binding, const GmqCheckMessage *message)
{
    return gmq_check_headers_match((GmqSlice){binding->arguments, binding->size},
                                   message->content->headers);
}

/* One that has a choice takes one of its bindings, whatever their keys. */
static const struct {
    const char *name;
    bool (*matches)(const GmqCheckBinding *binding, const GmqCheckMessage *message);
    bool has_choice;
} types[] = {
    {"direct", matches_direct, false},        {"fanout", matches_all, false},
    {"topic", matches_topic, false},          {"headers", matches_headers, false},
    {"x-recent-history", matches_all, false}, {"x-consistent-hash", matches_all, true},
    {"x-modulus-hash", matches_all, true},    {"x-random", matches_all, true},
};

static unsigned
type_of(const GmqCheckExchange *exchange)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].name, exchange->type) == 0)
            return i;
    }
    return 0;
}

GmqCheckExchange *
gmq_check_find_exchange(const GmqCheckRoutes *routes, GmqSlice name)
{
    for (unsigned i = 0; i < routes->exchanges->len; i++) {
        GmqCheckExchange *exchange = routes->exchanges->pdata[i];

        if (exchange->is_there && gmq_slice_equal(gmq_slice_of(exchange->name), name))
            return exchange;
    }
    return NULL;
}

void
gmq_check_walk_free(GmqCheckWalk *walk)
{
    if (walk == NULL)
        return;
    g_ptr_array_unref(walk->visited);
    g_ptr_array_unref(walk->choices);
    g_ptr_array_unref(walk->cut);
    g_free(walk);
}

/* ---- steps ---- */

static bool
has_text(const GPtrArray *texts, const char *text)
{
    for (unsigned i = 0; i < texts->len; i++) {
        if (strcmp(texts->pdata[i], text) == 0)
            return true;
    }
    return false;
}

/* A letter does not enter a queue again from which it went round without a rejection. */
static void
reach_queue(const Way *way, const char *queue)
{
    GmqCheckMessage *message = way->message;

    if (has_text(message->routes, queue))
        return;
    if (message->reason != NULL && strcmp(message->reason, "rejected") != 0 &&
        gmq_check_deaths_is_cycle(message->deaths, queue)) {
        if (way->walk != NULL)
            g_ptr_array_add(way->walk->cut, (void *)queue);
        return;
    }
    g_ptr_array_add(message->routes, g_strdup(queue));
}

static void visit(const Way *way, GmqCheckExchange *exchange);

static void
follow(const Way *way, const GmqCheckBinding *binding)
{
    if (binding->to_queue)
        reach_queue(way, binding->to);
    else
        visit(way, gmq_check_find_exchange(way->check->routes, gmq_slice_of(binding->to)));
}

static bool
is_of(const GmqCheckBinding *binding, const GmqCheckExchange *exchange)
{
    return !binding->is_away && strcmp(binding->from, exchange->name) == 0;
}

/* Each binding that matches is followed, or left for the choice. Returns whether any does. */
static bool
follow_matches(const Way *way, const GmqCheckExchange *exchange, unsigned type)
{
    const GPtrArray *bindings = way->check->routes->bindings;
    bool has_match            = false;

    for (unsigned i = 0; i < bindings->len; i++) {
        const GmqCheckBinding *binding = bindings->pdata[i];

        if (!is_of(binding, exchange) || !types[type].matches(binding, way->message))
            continue;
        has_match = true;
        if (!types[type].has_choice)
            follow(way, binding);
    }
    return has_match;
}

/* Exchanges may lead in circles; each is visited once, so this ends. */
static void
visit(const Way *way, GmqCheckExchange *exchange)
{
    if (exchange == NULL || g_ptr_array_find(way->walk->visited, exchange, NULL))
        return;
    g_ptr_array_add(way->walk->visited, exchange);
    if (gmq_check_must_wait(way->message, exchange))
        return;

    unsigned type         = type_of(exchange);
    bool has_match        = follow_matches(way, exchange, type);
    const char *alternate = exchange->alternate != NULL ? exchange->alternate : exchange->policy;
    if (has_match && types[type].has_choice)
        g_ptr_array_add(way->walk->choices, exchange);
    if (!has_match && alternate != NULL)
        visit(way, gmq_check_find_exchange(way->check->routes, gmq_slice_of(alternate)));
}

void
gmq_check_find_routes(GmqCheck *check, GmqCheckMessage *message)
{
    Way way          = {check, message, NULL};
    const char *from = message->holder != NULL ? message->holder : message->exchange;

    message->is_routed = true;
    if (*from == '\0') {
        const GmqCheckQueue *queue = g_hash_table_lookup(check->queues, message->key);

        if (queue != NULL && queue->is_there)
            reach_queue(&way, message->key);
        return;
    }
    way.walk          = g_new0(GmqCheckWalk, 1);
    way.walk->visited = g_ptr_array_new();
    way.walk->choices = g_ptr_array_new();
    way.walk->cut     = g_ptr_array_new();
    visit(&way, gmq_check_find_exchange(check->routes, gmq_slice_of(from)));
    if (way.walk->choices->len > 0)
        message->walk = way.walk;
    else
        gmq_check_walk_free(way.walk);
}

/* ---- choices ---- */

static void
choose(GmqCheck *check, GmqCheckMessage *message, const GmqEvent *event, GmqCheckExchange *exchange)
{
    bool to_queue = gmq_slice_equal(event->text, GMQ_SLICE("queue"));
    Way way       = {check, message, message->walk};

    for (unsigned i = 0; i < check->routes->bindings->len; i++) {
        const GmqCheckBinding *binding = check->routes->bindings->pdata[i];

        if (!is_of(binding, exchange) || binding->to_queue != to_queue ||
            !gmq_slice_equal(gmq_slice_of(binding->to), event->to))
            continue;
        g_ptr_array_remove(message->walk->choices, exchange);
        gmq_check_chosen(check, exchange, message, binding);
        follow(&way, binding);
        return;
    }
}

void
gmq_check_hop(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckMessage *message =
        event->message < check->messages->len ? check->messages->pdata[event->message] : NULL;

    if (message == NULL || (message->letters == NULL && message->walk == NULL))
        return;
    message = gmq_check_publish_of(check, event);
    if (!message->is_routed)
        gmq_check_find_routes(check, message);
    if (message->walk == NULL)
        return;
    GmqCheckExchange *exchange = gmq_check_find_exchange(check->routes, event->who);
    if (exchange != NULL && g_ptr_array_find(message->walk->choices, exchange, NULL))
        choose(check, message, event, exchange);
}

static bool
is_reached(const GmqCheckMessage *message, const GmqCheck *check, const GmqCheckBinding *binding)
{
    if (binding->to_queue)
        return has_text(message->routes, binding->to) || has_text(message->walk->cut, binding->to);
    GmqCheckExchange *to = gmq_check_find_exchange(check->routes, gmq_slice_of(binding->to));
    return to == NULL || g_ptr_array_find(message->walk->visited, to, NULL);
}

/* What was reached before is not told again. */
static bool
may_be_silent(const GmqCheck *check, const GmqCheckMessage *message,
              const GmqCheckExchange *exchange)
{
    bool has_binding = false;

    for (unsigned i = 0; i < check->routes->bindings->len; i++) {
        const GmqCheckBinding *binding = check->routes->bindings->pdata[i];

        if (!is_of(binding, exchange))
            continue;
        has_binding = true;
        if (is_reached(message, check, binding))
            return true;
    }
    return !has_binding; /* all are gone by now */
}

void
gmq_check_choices_made(GmqCheck *check, const GmqCheckMessage *message)
{
    for (unsigned i = 0; message->walk != NULL && i < message->walk->choices->len; i++) {
        const GmqCheckExchange *exchange = message->walk->choices->pdata[i];

        if (!may_be_silent(check, message, exchange))
            gmq_check_break(check, exchange->name,
                            "S10 broken: exchange %s sent message %s to none of its queues after "
                            "event %" G_GUINT64_FORMAT ", and should have chosen one.",
                            exchange->name, message->name, (guint64)message->event);
    }
}
