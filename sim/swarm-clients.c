/* The clients of a drawn scenario. */
#include <string.h>

#include "sim/swarm-private.h"

#define PRODUCERS_MAX 3
#define CONSUMERS_MAX 4
#define COPIES_MAX 6

/* Of each producer. */
#define MESSAGES_MAX 60

/* When a client begins, and whether it comes back, which it must with needs_return. */
static void
add_life(GmqSwarm *swarm, GmqYaml *client, bool needs_return)
{
    if (gmq_swarm_uses(swarm, GMQ_SWARM_LATE_START))
        gmq_swarm_put_ms(swarm, client, "start", gmq_swarm_scale(swarm, 1, 2000));
    bool leaves = gmq_swarm_one_of(swarm, 8);
    if (!leaves || needs_return) {
        GmqYaml *reconnect = gmq_yaml_put_map(swarm->document, client, "reconnect");
        gmq_swarm_put_ms(swarm, reconnect, "after", gmq_swarm_scale(swarm, 10, 500));
    }
}

static GmqYaml *
add_client(GmqSwarm *swarm, GmqYaml *clients, const char *stem, unsigned number, const char *role)
{
    char *name      = g_strdup_printf("%s%u", stem, number);
    GmqYaml *client = gmq_yaml_put_map(swarm->document, clients, name);

    g_ptr_array_add(swarm->clients, name);
    gmq_swarm_put(swarm, client, "role", role);
    return client;
}

/* ---- producers ---- */

static void
add_target(GmqSwarm *swarm, GmqYaml *publish)
{
    static const char *const keys[] = {"a", "b", "a.b", "b.a", "a.a.b", "nowhere"};

    if (swarm->exchanges->len == 0 || gmq_swarm_one_of(swarm, 2)) {
        gmq_swarm_put(swarm, publish, "to", "default");
        gmq_swarm_put(swarm, publish, "key", gmq_swarm_pick(swarm, swarm->queues));
        return;
    }
    uint64_t key = gmq_random_below(&swarm->random, G_N_ELEMENTS(keys));
    gmq_swarm_put(swarm, publish, "to", gmq_swarm_pick(swarm, swarm->exchanges));
    gmq_swarm_put(swarm, publish, "key", keys[key]);
}

static void
add_message(GmqSwarm *swarm, GmqYaml *publish)
{
    g_autoptr(GString) body = g_string_new("{n}");

    if (gmq_swarm_uses(swarm, GMQ_SWARM_LARGE_BODIES)) {
        for (uint64_t size = gmq_swarm_scale(swarm, 1, 6000); size > 0; size--)
            g_string_append_c(body, 'x');
    }
    gmq_swarm_put(swarm, publish, "body", body->str);
    gmq_swarm_put(swarm, publish, "persistent",
                  gmq_swarm_uses(swarm, GMQ_SWARM_TRANSIENT_MESSAGES) ? "no" : "yes");
    if (gmq_swarm_uses(swarm, GMQ_SWARM_MANDATORY))
        gmq_swarm_put(swarm, publish, "mandatory", "yes");
    if (gmq_swarm_uses(swarm, GMQ_SWARM_MESSAGE_PRIORITY))
        gmq_swarm_put_number(swarm, publish, "priority", gmq_swarm_between(swarm, 0, 12));
    if (gmq_swarm_uses(swarm, GMQ_SWARM_MESSAGE_TTL))
        gmq_swarm_put_ms(swarm, publish, "ttl", gmq_swarm_scale(swarm, 1, 4000));
}

static void
add_confirms(GmqSwarm *swarm, GmqYaml *client)
{
    static const char *const thens[] = {"ignore", "republish", "reconnect and republish", "stop"};
    GmqYaml *confirms                = gmq_yaml_put_map(swarm->document, client, "confirms");

    gmq_swarm_put_number(swarm, confirms, "window", gmq_swarm_scale(swarm, 1, 64));
    if (gmq_swarm_one_of(swarm, 2)) {
        uint64_t then = gmq_random_below(&swarm->random, G_N_ELEMENTS(thens));
        gmq_swarm_put_ms(swarm, confirms, "timeout", gmq_swarm_scale(swarm, 100, 2000));
        gmq_swarm_put(swarm, confirms, "then", thens[then]);
    }
}

static void
add_producer(GmqSwarm *swarm, GmqYaml *clients, unsigned number)
{
    GmqYaml *client  = add_client(swarm, clients, "p", number, "producer");
    GmqYaml *publish = gmq_yaml_put_map(swarm->document, client, "publish");

    add_target(swarm, publish);
    add_message(swarm, publish);
    if (!gmq_swarm_uses(swarm, GMQ_SWARM_BURSTS))
        gmq_swarm_put_ms(swarm, publish, "every", gmq_swarm_scale(swarm, 1, 100));
    gmq_swarm_put_number(swarm, publish, "count", gmq_swarm_between(swarm, 1, MESSAGES_MAX));
    if (gmq_swarm_uses(swarm, GMQ_SWARM_TX)) {
        GmqYaml *tx = gmq_yaml_put_map(swarm->document, client, "tx");
        gmq_swarm_put_number(swarm, tx, "every", gmq_swarm_scale(swarm, 1, 10));
        if (gmq_swarm_one_of(swarm, 2)) {
            uint64_t step         = gmq_swarm_scale(swarm, 1, 8);
            g_autofree char *each = g_strdup_printf("every %" G_GUINT64_FORMAT, (guint64)step);
            gmq_swarm_put(swarm, tx, "rollback", each);
        }
    } else if (gmq_swarm_uses(swarm, GMQ_SWARM_CONFIRMS)) {
        add_confirms(swarm, client);
    }
    add_life(swarm, client, gmq_yaml_at(client, "confirms") != NULL);
}

/* ---- consumers ---- */

static void
add_rule(GmqSwarm *swarm, GmqYaml *rules, const char *condition, const char *what)
{
    GmqYaml *rule = gmq_yaml_append_map(swarm->document, rules);

    if (condition != NULL)
        gmq_swarm_put(swarm, rule, "if", condition);
    gmq_swarm_put(swarm, rule, "do", what);
}

static void
add_rules(GmqSwarm *swarm, GmqYaml *client)
{
    static const char *const conditions[] = {"redelivered == no", "n == 3", "n <= 5", "n > 20"};
    static const char *const deeds[]      = {"reject", "requeue", "ignore"};
    GmqYaml *rules                        = gmq_yaml_put_list(swarm->document, client, "rules");
    uint64_t condition                    = gmq_random_below(&swarm->random, 4);
    uint64_t deed                         = gmq_random_below(&swarm->random, 3);

    /* What is requeued for ever is a run without an end: once is enough. */
    if (deed == 1)
        condition = 0;
    add_rule(swarm, rules, conditions[condition], deeds[deed]);
    add_rule(swarm, rules, NULL, "ack");
}

static void
add_acks(GmqSwarm *swarm, GmqYaml *client)
{
    if (gmq_swarm_uses(swarm, GMQ_SWARM_AUTO_ACK)) {
        gmq_swarm_put(swarm, client, "ack", gmq_swarm_one_of(swarm, 4) ? "never" : "auto");
        return;
    }
    uint64_t prefetch = gmq_swarm_scale(swarm, 1, 50);
    uint64_t batch    = gmq_swarm_scale(swarm, 1, 10);
    gmq_swarm_put(swarm, client, "ack", "manual");
    if (gmq_swarm_has(swarm, GMQ_SWARM_PREFETCH)) {
        gmq_swarm_put_number(swarm, client, "prefetch", prefetch);
        batch = MIN(batch, prefetch);
        if (gmq_swarm_uses(swarm, GMQ_SWARM_CHANNEL_SCOPE))
            gmq_swarm_put(swarm, client, "scope", "channel");
    }
    if (gmq_swarm_uses(swarm, GMQ_SWARM_BATCH_ACK))
        gmq_swarm_put_number(swarm, client, "batch", batch);
    else if (gmq_swarm_uses(swarm, GMQ_SWARM_RULES))
        add_rules(swarm, client);
}

static bool
is_manual(const GmqYaml *client)
{
    return strcmp(gmq_yaml_find(client, "ack")->text, "manual") == 0;
}

/* It asks for one message after the other. */
static void
add_getter(GmqSwarm *swarm, GmqYaml *clients, unsigned number)
{
    GmqYaml *client = add_client(swarm, clients, "g", number, "getter");

    gmq_swarm_put(swarm, client, "from", gmq_swarm_pick(swarm, swarm->queues));
    gmq_swarm_put_ms(swarm, client, "every", gmq_swarm_between(swarm, 20, 500));
    gmq_swarm_put(swarm, client, "ack", gmq_swarm_one_of(swarm, 3) ? "auto" : "manual");
    add_life(swarm, client, false);
}

/* One who asks, and one who answers. */
static void
add_rpc(GmqSwarm *swarm, GmqYaml *clients)
{
    GmqYaml *server  = add_client(swarm, clients, "s", 1, "rpc-server");
    GmqYaml *asker   = add_client(swarm, clients, "r", 1, "rpc-client");
    GmqYaml *publish = gmq_yaml_put_map(swarm->document, asker, "publish");

    gmq_swarm_put(swarm, server, "from", swarm->rpc_queue);
    gmq_swarm_put_ms(swarm, server, "work", gmq_swarm_scale(swarm, 1, 200));
    add_life(swarm, server, false);
    gmq_swarm_put(swarm, publish, "to", "default");
    gmq_swarm_put(swarm, publish, "key", swarm->rpc_queue);
    gmq_swarm_put_ms(swarm, publish, "every", gmq_swarm_scale(swarm, 1, 500));
    gmq_swarm_put_number(swarm, publish, "count", gmq_swarm_scale(swarm, 1, 20));
    if (gmq_swarm_one_of(swarm, 2))
        gmq_swarm_put_ms(swarm, asker, "timeout", gmq_swarm_scale(swarm, 10, 1000));
    add_life(swarm, asker, false);
}

static void
add_consumer(GmqSwarm *swarm, GmqYaml *clients, unsigned number)
{
    GmqYaml *client = add_client(swarm, clients, "c", number, "consumer");

    gmq_swarm_put(swarm, client, "from", gmq_swarm_pick(swarm, swarm->queues));
    add_acks(swarm, client);
    if (gmq_swarm_uses(swarm, GMQ_SWARM_DEDUPE) && is_manual(client))
        gmq_swarm_put(swarm, client, "dedupe", "by message-id");
    if (gmq_swarm_uses(swarm, GMQ_SWARM_CONSUMER_PRIORITY))
        gmq_swarm_put_number(swarm, client, "priority", gmq_swarm_between(swarm, 0, 3));
    if (gmq_swarm_uses(swarm, GMQ_SWARM_SLOW_WORK))
        gmq_swarm_put_ms(swarm, client, "work", gmq_swarm_between(swarm, 1, 400));
    add_life(swarm, client, false);
}

void
gmq_swarm_add_clients(GmqSwarm *swarm, GmqYaml *root)
{
    GmqYaml *clients = gmq_yaml_put_map(swarm->document, root, "clients");
    bool is_many     = gmq_swarm_has(swarm, GMQ_SWARM_MANY_CLIENTS);
    uint64_t n_producers =
        gmq_swarm_between(swarm, 1, is_many ? PRODUCERS_MAX + COPIES_MAX : PRODUCERS_MAX);
    uint64_t n_consumers =
        gmq_swarm_between(swarm, 1, is_many ? CONSUMERS_MAX + COPIES_MAX : CONSUMERS_MAX);

    for (unsigned i = 1; i <= n_producers; i++)
        add_producer(swarm, clients, i);
    for (unsigned i = 1; i <= n_consumers; i++)
        add_consumer(swarm, clients, i);
    if (gmq_swarm_has(swarm, GMQ_SWARM_GETTERS))
        add_getter(swarm, clients, 1);
    if (gmq_swarm_has(swarm, GMQ_SWARM_RPC))
        add_rpc(swarm, clients);
}
