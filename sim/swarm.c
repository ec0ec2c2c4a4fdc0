#include "sim/swarm.h"

#include "sim/faults.h"
#include "sim/keys.h"
#include "sim/swarm-private.h"
#include "sim/units.h"
#include "sim/yaml-print.h"

/* ---- drawing ---- */

uint64_t
gmq_swarm_between(GmqSwarm *swarm, uint64_t least, uint64_t most)
{
    return least + gmq_random_below(&swarm->random, most - least + 1);
}

uint64_t
gmq_swarm_scale(GmqSwarm *swarm, uint64_t least, uint64_t most)
{
    uint64_t span   = most - least + 1;
    unsigned n_bits = 0;

    while (span >> n_bits > 1)
        n_bits++;
    uint64_t bits = gmq_random_below(&swarm->random, n_bits + 1);
    return least + gmq_random_below(&swarm->random, MIN(span, UINT64_C(1) << bits));
}

bool
gmq_swarm_one_of(GmqSwarm *swarm, uint64_t n)
{
    return gmq_random_chance(&swarm->random, 1, n);
}

bool
gmq_swarm_has(const GmqSwarm *swarm, GmqSwarmFeature feature)
{
    return swarm->is_on[feature];
}

bool
gmq_swarm_uses(GmqSwarm *swarm, GmqSwarmFeature feature)
{
    bool draw = gmq_swarm_one_of(swarm, 2);
    return draw && swarm->is_on[feature];
}

const char *
gmq_swarm_pick(GmqSwarm *swarm, const GPtrArray *names)
{
    if (names->len == 0)
        return NULL;
    uint64_t index = gmq_random_below(&swarm->random, names->len);
    return names->pdata[index];
}

/* ---- writing ---- */

void
gmq_swarm_put(GmqSwarm *swarm, GmqYaml *map, const char *key, const char *text)
{
    gmq_yaml_put(swarm->document, map, key, text);
}

void
gmq_swarm_put_number(GmqSwarm *swarm, GmqYaml *map, const char *key, uint64_t number)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);
    gmq_swarm_put(swarm, map, key, text);
}

void
gmq_swarm_put_ms(GmqSwarm *swarm, GmqYaml *map, const char *key, uint64_t ms)
{
    g_autofree char *text = gmq_duration_text((int64_t)ms * 1000000);
    gmq_swarm_put(swarm, map, key, text);
}

/* ---- features ---- */

static const struct {
    const char *words;
    GmqKeyOwner owner;
    const char *key;
} features[GMQ_N_SWARM_FEATURES] = {
#define FEATURE(NAME, words, IN, key) [GMQ_SWARM_##NAME] = {words, GMQ_IN_##IN, key},
#include "sim/swarm.def"
#undef FEATURE
};

/* Each has a stream of its own, so that a new feature changes no other. */
static bool
is_feature_on(uint64_t seed, const char *name)
{
    g_autofree char *stream = g_strconcat("swarm/", name, NULL);
    GmqRandom random;

    gmq_random_init(&random, seed, stream);
    return gmq_random_chance(&random, 1, 2);
}

static void
draw_features(GmqSwarm *swarm)
{
    for (unsigned i = 0; i < GMQ_N_SWARM_FEATURES; i++)
        swarm->is_on[i] = gmq_key_works(features[i].owner, features[i].key) &&
                          is_feature_on(swarm->seed, features[i].words);
}

static uint64_t
draw_faults(uint64_t seed)
{
    uint64_t kinds = 0;

    for (unsigned i = 0; i < gmq_faults_count(); i++)
        kinds |= (uint64_t)is_feature_on(seed, gmq_faults_name(i)) << i;
    return kinds;
}

/* ---- the whole ---- */

static void
begin(GmqSwarm *swarm, const char *stream)
{
    gmq_random_init(&swarm->random, swarm->seed, stream);
}

static void
put_bytes(GmqSwarm *swarm, GmqYaml *map, const char *key, uint64_t least, uint64_t most)
{
    uint64_t bytes        = gmq_swarm_scale(swarm, least, most);
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT "B", (guint64)bytes);

    gmq_swarm_put(swarm, map, key, text);
}

static void
add_broker(GmqSwarm *swarm, GmqYaml *root)
{
    GmqYaml *broker = gmq_yaml_put_map(swarm->document, root, "broker");

    begin(swarm, "swarm/broker");
    if (gmq_swarm_has(swarm, GMQ_SWARM_HEARTBEAT)) {
        uint64_t seconds = gmq_swarm_between(swarm, 1, 4);
        gmq_swarm_put_ms(swarm, broker, "heartbeat", 1000 * seconds);
    }
    if (gmq_swarm_has(swarm, GMQ_SWARM_SMALL_FRAMES))
        gmq_swarm_put(swarm, broker, "frame_max", "4096B");
    if (gmq_swarm_has(swarm, GMQ_SWARM_SLOW_SYNC))
        gmq_swarm_put_ms(swarm, broker, "sync", gmq_swarm_scale(swarm, 1, 200));
    if (gmq_swarm_has(swarm, GMQ_SWARM_SMALL_SEGMENTS))
        put_bytes(swarm, broker, "segment", 256, 8192);
    if (gmq_swarm_has(swarm, GMQ_SWARM_BATCH_CONFIRMS))
        gmq_swarm_put_ms(swarm, broker, "batch", gmq_swarm_scale(swarm, 1, 100));
    if (gmq_swarm_has(swarm, GMQ_SWARM_MEMORY))
        put_bytes(swarm, broker, "memory", 1024, 100000);
    if (gmq_yaml_count(broker) == 0)
        gmq_yaml_remove(root, "broker");
}

static void
add_link(GmqSwarm *swarm, GmqYaml *link)
{
    static const char *const chunks[] = {"segments", "random", "bytes"};

    gmq_swarm_put_ms(swarm, link, "latency", gmq_swarm_scale(swarm, 1, 100));
    if (gmq_swarm_uses(swarm, GMQ_SWARM_JITTER))
        gmq_swarm_put_ms(swarm, link, "jitter", gmq_swarm_scale(swarm, 1, 200));
    if (gmq_swarm_uses(swarm, GMQ_SWARM_RATE)) {
        uint64_t kbit         = gmq_swarm_scale(swarm, 32, 4096);
        g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT " kbit/s", (guint64)kbit);
        gmq_swarm_put(swarm, link, "rate", text);
    }
    if (gmq_swarm_uses(swarm, GMQ_SWARM_SMALL_BUFFER))
        put_bytes(swarm, link, "buffer", 64, 16384);
    if (gmq_swarm_uses(swarm, GMQ_SWARM_CHUNKS)) {
        uint64_t which = gmq_random_below(&swarm->random, G_N_ELEMENTS(chunks));
        gmq_swarm_put(swarm, link, "chunks", chunks[which]);
    }
    if (gmq_swarm_uses(swarm, GMQ_SWARM_LOSS)) {
        uint64_t percent      = gmq_swarm_scale(swarm, 1, 20);
        g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT "%%", (guint64)percent);
        gmq_swarm_put(swarm, link, "loss", text);
    }
}

static void
add_links(GmqSwarm *swarm, GmqYaml *root)
{
    GmqYaml *links = gmq_yaml_put_map(swarm->document, root, "links");

    begin(swarm, "swarm/links");
    add_link(swarm, gmq_yaml_put_map(swarm->document, links, "default"));
    for (unsigned i = 0; i < swarm->clients->len; i++) {
        if (gmq_swarm_one_of(swarm, 3))
            add_link(swarm, gmq_yaml_put_map(swarm->document, links, swarm->clients->pdata[i]));
    }
}

static void
add_faults(GmqSwarm *swarm, uint64_t stop_ms)
{
    bool is_many = gmq_swarm_has(swarm, GMQ_SWARM_MANY_FAULTS);

    gmq_faults_add(&(GmqFaultsPlan){
        .document  = swarm->document,
        .clients   = (const char *const *)swarm->clients->pdata,
        .n_clients = swarm->clients->len,
        .stop_ns   = (int64_t)stop_ms * 1000000,
        .seed      = swarm->seed,
        .level     = is_many ? GMQ_FAULTS_MANY : GMQ_FAULTS_SOME,
        .kinds     = draw_faults(swarm->seed),
    });
}

static void
add_features(GmqSwarm *swarm, GmqYaml *root)
{
    g_autoptr(GString) about = g_string_new("Drawn by the swarm, with");
    bool is_first            = true;

    for (unsigned i = 0; i < GMQ_N_SWARM_FEATURES; i++) {
        if (swarm->is_on[i])
            g_string_append_printf(about, "%s %s", is_first ? "" : ",", features[i].words);
        is_first &= !swarm->is_on[i];
    }
    g_string_append(about, is_first ? " nothing special." : ".");
    gmq_swarm_put(swarm, root, "about", about->str);
}

char *
gmq_swarm_text(uint64_t seed)
{
    g_autoptr(GmqYamlDocument) document = gmq_yaml_new();
    g_autoptr(GPtrArray) queues         = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) exchanges      = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) clients        = g_ptr_array_new_with_free_func(g_free);
    GmqYaml *root                       = gmq_yaml_edit(document);
    GmqSwarm swarm                      = {.document  = document,
                                           .seed      = seed,
                                           .queues    = queues,
                                           .exchanges = exchanges,
                                           .clients   = clients};
    g_autofree char *title =
        g_strdup_printf("Seed %" G_GUINT64_FORMAT " of the swarm", (guint64)seed);

    draw_features(&swarm);
    begin(&swarm, "swarm/stop");
    uint64_t stop_ms = 1000 * gmq_swarm_between(&swarm, 4, 15);
    gmq_swarm_put(&swarm, root, "glassmq", "1");
    gmq_swarm_put(&swarm, root, "title", title);
    add_features(&swarm, root);
    gmq_swarm_put_number(&swarm, root, "seed", seed);
    gmq_swarm_put_ms(&swarm, root, "stop", stop_ms);
    if (gmq_swarm_has(&swarm, GMQ_SWARM_TIES))
        gmq_swarm_put(&swarm, root, "ties", "random");
    add_broker(&swarm, root);
    begin(&swarm, "swarm/topology");
    gmq_swarm_add_topology(&swarm, root);
    begin(&swarm, "swarm/clients");
    gmq_swarm_add_clients(&swarm, root);
    add_links(&swarm, root);
    add_faults(&swarm, stop_ms);
    return gmq_yaml_print(document);
}
