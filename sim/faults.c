#include "sim/faults.h"

#include "sim/keys.h"
#include "sim/random.h"
#include "sim/units.h"
#include "sim/yaml-edit.h"
#include "sim/yaml-print.h"

#define MS INT64_C(1000000)

/* In percent of the whole run: then all is healed, and what is late may come to its end. */
#define CALM_PERCENT 70

typedef struct {
    const GmqFaultsPlan *plan;
    GmqRandom random; /* of the kind of fault that is drawn now */
    GPtrArray *made;  /* of Made */
} Maker;

/* An entry that waits for its place in the timeline. */
typedef struct {
    int64_t at_ns;
    unsigned index;
    GmqYaml *entry;
} Made;

/* Says what an entry does; at and for are there already. */
typedef void (*Fill)(Maker *maker, GmqYaml *entry);

typedef struct {
    const char *name;
    GmqKeyOwner owner; /* of the key that must be known for it */
    const char *key;
    unsigned gap[GMQ_N_FAULT_LEVELS]; /* from one to the next on average, in percent of the time;
                                       * 0: it does not happen */
    int64_t least_ms, most_ms;        /* how long it lasts; 0: no time at all */
    Fill fill;
} Fault;

/* ---- what faults do ---- */

static void
put(Maker *maker, GmqYaml *map, const char *key, const char *text)
{
    gmq_yaml_put(maker->plan->document, map, key, text);
}

static GmqYaml *
put_map(Maker *maker, GmqYaml *map, const char *key)
{
    return gmq_yaml_put_map(maker->plan->document, map, key);
}

static const char *
draw_client(Maker *maker)
{
    uint64_t index = gmq_random_below(&maker->random, maker->plan->n_clients);
    return maker->plan->clients[index];
}

static void
put_ms(Maker *maker, GmqYaml *map, const char *key, uint64_t least, uint64_t most)
{
    uint64_t ms           = least + gmq_random_below(&maker->random, most - least + 1);
    g_autofree char *text = gmq_duration_text((int64_t)ms * MS);

    put(maker, map, key, text);
}

static void
fill_cut(Maker *maker, GmqYaml *entry)
{
    static const char *const sides[] = {NULL, "from broker", "to broker"};

    put(maker, entry, "cut", draw_client(maker));
    uint64_t side = gmq_random_below(&maker->random, G_N_ELEMENTS(sides));
    if (sides[side] != NULL)
        put(maker, entry, "only", sides[side]);
}

static void
fill_cut_all(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "cut", "all");
}

static void
fill_crash_client(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "crash", draw_client(maker));
}

static void
fill_stop_client(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "stop", draw_client(maker));
}

static void
fill_freeze_client(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "freeze", draw_client(maker));
}

static void
fill_freeze_broker(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "freeze", "broker");
}

static void
fill_reset(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "reset", draw_client(maker));
}

static void
fill_close(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "close", draw_client(maker));
}

/* Both ends believe for a while that they are connected. */
static void
fill_slow_close(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "close", draw_client(maker));
    put_ms(maker, entry, "slow_close", 50, 3000);
}

static void
fill_stop_broker(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "stop", "broker");
}

/* The process dies, and the disk keeps what was written. */
static void
fill_crash_broker(Maker *maker, GmqYaml *entry)
{
    put(maker, entry, "crash", "broker");
}

/* The power goes: what was not synced is lost. */
static void
fill_power_cut(Maker *maker, GmqYaml *entry)
{
    static const char *const losses[] = {"unsynced", "some unsynced"};

    put(maker, entry, "crash", "broker");
    GmqYaml *disk = put_map(maker, entry, "disk");
    uint64_t loss = gmq_random_below(&maker->random, G_N_ELEMENTS(losses));
    put(maker, disk, "lose", losses[loss]);
    if (gmq_random_chance(&maker->random, 1, 2))
        put(maker, disk, "tear", "last record");
}

static void
fill_slow_disk(Maker *maker, GmqYaml *entry)
{
    put_ms(maker, put_map(maker, entry, "disk"), "sync", 5, 500);
}

static void
fill_full_disk(Maker *maker, GmqYaml *entry)
{
    put(maker, put_map(maker, entry, "disk"), "full", "yes");
}

static void
fill_bad_write(Maker *maker, GmqYaml *entry)
{
    put(maker, put_map(maker, entry, "disk"), "fail", "write");
}

static void
fill_bad_sync(Maker *maker, GmqYaml *entry)
{
    put(maker, put_map(maker, entry, "disk"), "fail", "sync");
}

/* No write or sync fails in an exam: the broker takes nothing more until somebody starts it anew.
 *
 * clang-format off */
static const Fault faults[] = {
    {"cut", GMQ_IN_ENTRY, "cut", {0, 40, 10, 40}, 50, 3000, fill_cut},
    {"cut all", GMQ_IN_ENTRY, "cut", {0, 90, 40, 90}, 50, 1000, fill_cut_all},
    {"reset", GMQ_IN_ENTRY, "reset", {0, 40, 10, 40}, 0, 0, fill_reset},
    {"close", GMQ_IN_ENTRY, "close", {0, 60, 20, 60}, 0, 0, fill_close},
    {"slow close", GMQ_IN_ENTRY, "slow_close", {0, 90, 25, 0}, 0, 0, fill_slow_close},
    {"crash client", GMQ_IN_ENTRY, "crash", {0, 50, 12, 50}, 20, 1500, fill_crash_client},
    {"stop client", GMQ_IN_ENTRY, "stop", {0, 90, 25, 90}, 20, 1500, fill_stop_client},
    {"freeze client", GMQ_IN_ENTRY, "freeze", {0, 50, 15, 50}, 50, 2000, fill_freeze_client},
    {"freeze broker", GMQ_IN_ENTRY, "freeze", {0, 90, 30, 90}, 20, 500, fill_freeze_broker},
    {"crash broker", GMQ_IN_ENTRY, "crash", {0, 90, 30, 90}, 50, 1000, fill_crash_broker},
    {"power cut", GMQ_IN_ENTRY, "crash", {0, 80, 25, 80}, 50, 1000, fill_power_cut},
    {"stop broker", GMQ_IN_ENTRY, "stop", {0, 95, 45, 95}, 200, 1000, fill_stop_broker},
    {"slow disk", GMQ_IN_DISK, "sync", {0, 60, 20, 60}, 100, 2000, fill_slow_disk},
    {"full disk", GMQ_IN_DISK, "full", {0, 90, 35, 90}, 100, 1000, fill_full_disk},
    {"bad write", GMQ_IN_DISK, "fail", {0, 95, 45, 0}, 50, 500, fill_bad_write},
    {"bad sync", GMQ_IN_DISK, "fail", {0, 95, 45, 0}, 50, 500, fill_bad_sync},
};
/* clang-format on */

G_STATIC_ASSERT(G_N_ELEMENTS(faults) <= 64);

/* ---- when ---- */

static void
make_entry(Maker *maker, const Fault *fault, int64_t at_ms, int64_t for_ms)
{
    GmqYamlDocument *document = maker->plan->document;
    GmqYaml *list             = gmq_yaml_put_list(document, gmq_yaml_edit(document), "timeline");
    Made *made                = g_new0(Made, 1);
    g_autofree char *at       = gmq_duration_text(at_ms * MS);
    g_autofree char *duration = gmq_duration_text(for_ms * MS);

    *made = (Made){at_ms, maker->made->len, gmq_yaml_append_map(document, list)};
    g_ptr_array_add(maker->made, made);
    put(maker, made->entry, "at", at);
    fault->fill(maker, made->entry);
    if (for_ms > 0)
        put(maker, made->entry, "for", duration);
}

/* One after the other, so that faults of one kind do not overlap. */
static void
draw_faults(Maker *maker, const Fault *fault)
{
    const GmqFaultsPlan *plan = maker->plan;
    int64_t calm_ms           = plan->stop_ns / MS * CALM_PERCENT / 100;
    uint64_t gap_ms           = (uint64_t)calm_ms * fault->gap[plan->level] / 50;
    int64_t at_ms             = 0;
    g_autofree char *name     = g_strconcat("fault/", fault->name, NULL);

    if (gap_ms == 0)
        return;
    gmq_random_init(&maker->random, plan->seed, name);
    for (;;) {
        at_ms += 1 + (int64_t)gmq_random_below(&maker->random, gap_ms + 1);
        if (at_ms >= calm_ms)
            return;
        uint64_t span  = (uint64_t)(fault->most_ms - fault->least_ms);
        int64_t for_ms = fault->least_ms + (int64_t)gmq_random_below(&maker->random, span + 1);
        for_ms         = MIN(for_ms, MAX(calm_ms - at_ms, 1));
        make_entry(maker, fault, at_ms, fault->most_ms == 0 ? 0 : for_ms);
        at_ms += for_ms;
    }
}

static int
compare_made(const void *a, const void *b)
{
    const Made *one   = *(const Made *const *)a;
    const Made *other = *(const Made *const *)b;

    if (one->at_ns != other->at_ns)
        return one->at_ns < other->at_ns ? -1 : 1;
    return one->index < other->index ? -1 : one->index > other->index;
}

/* The entries that were made are the last ones of the list: they are put there again in the order
 * of their times. */
static void
sort_entries(Maker *maker)
{
    GmqYaml *list = gmq_yaml_at(gmq_yaml_edit(maker->plan->document), "timeline");
    unsigned base = gmq_yaml_count(list) - maker->made->len;

    g_ptr_array_sort(maker->made, compare_made);
    for (unsigned i = 0; i < maker->made->len; i++) {
        const Made *made             = maker->made->pdata[i];
        list->items->pdata[base + i] = made->entry;
    }
}

static void
add_calm(const GmqFaultsPlan *plan)
{
    GmqYaml *root         = gmq_yaml_edit(plan->document);
    GmqYaml *list         = gmq_yaml_put_list(plan->document, root, "timeline");
    GmqYaml *entry        = gmq_yaml_append_map(plan->document, list);
    g_autofree char *text = gmq_duration_text(plan->stop_ns / MS * CALM_PERCENT / 100 * MS);

    gmq_yaml_put(plan->document, entry, "at", text);
    gmq_yaml_put(plan->document, entry, "calm", "yes");
}

void
gmq_faults_add(const GmqFaultsPlan *plan)
{
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
    Maker maker               = {.plan = plan, .made = made};

    g_assert(plan->n_clients > 0);
    if (plan->level == GMQ_FAULTS_NONE)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(faults); i++) {
        if (gmq_key_works(faults[i].owner, faults[i].key) && (plan->kinds >> i & 1) != 0)
            draw_faults(&maker, &faults[i]);
    }
    if (made->len > 0)
        sort_entries(&maker);
    if (gmq_key_works(GMQ_IN_ENTRY, "calm"))
        add_calm(plan);
}

/* ---- names, and a whole text ---- */

unsigned
gmq_faults_count(void)
{
    return G_N_ELEMENTS(faults);
}

const char *
gmq_faults_name(unsigned kind)
{
    g_assert(kind < G_N_ELEMENTS(faults));
    return faults[kind].name;
}

static const char *const levels[GMQ_N_FAULT_LEVELS] = {
    [GMQ_FAULTS_NONE] = "none",
    [GMQ_FAULTS_SOME] = "some",
    [GMQ_FAULTS_MANY] = "many",
    [GMQ_FAULTS_EXAM] = "exam",
};

const char *
gmq_faults_level_name(GmqFaultLevel level)
{
    g_assert(level < GMQ_N_FAULT_LEVELS);
    return levels[level];
}

GmqFaultLevel
gmq_faults_find_level(const char *name)
{
    unsigned level = 0;

    while (level < GMQ_N_FAULT_LEVELS && strcmp(levels[level], name) != 0)
        level++;
    return (GmqFaultLevel)level;
}

/* Of what is expected only the permissions stay. */
static void
keep_allowed(GmqYaml *root)
{
    GmqYaml *expect = gmq_yaml_at(root, "expect");

    for (unsigned i = gmq_yaml_count(expect); i-- > 0;) {
        if (strcmp(gmq_yaml_key(expect, i), "allowed") != 0)
            gmq_yaml_remove_at(expect, i);
    }
    if (expect != NULL && gmq_yaml_count(expect) == 0)
        gmq_yaml_remove(root, "expect");
}

/* The names of those whom faults may befall; lent. An exam spares who publishes, if anybody else is
 * there. */
static GPtrArray *
find_victims(const GmqScenario *scenario, GmqFaultLevel level)
{
    GPtrArray *all             = g_ptr_array_new();
    g_autoptr(GPtrArray) takes = g_ptr_array_new();

    for (unsigned i = 0; i < scenario->clients->len; i++) {
        const GmqClientSpec *client = scenario->clients->pdata[i];
        g_ptr_array_add(all, client->name);
        if (client->role != GMQ_ROLE_PRODUCER && client->role != GMQ_ROLE_RPC_CLIENT)
            g_ptr_array_add(takes, client->name);
    }
    if (level != GMQ_FAULTS_EXAM || takes->len == 0)
        return all;
    g_ptr_array_unref(all);
    return g_steal_pointer(&takes);
}

/* keeps_expected: all that the file expects stays, not only what is allowed to break. */
static char *
draw_text(const GmqScenario *scenario, uint64_t seed, GmqFaultLevel level, bool keeps_expected)
{
    g_autoptr(GmqProblems) problems = gmq_problems_new(scenario->path, scenario->text);
    g_autoptr(GmqYamlDocument) document =
        gmq_yaml_parse(scenario->text, strlen(scenario->text), problems);
    g_autoptr(GPtrArray) names = find_victims(scenario, level);
    g_autofree char *number    = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)seed);

    g_assert(document != NULL); /* it was read before */
    gmq_yaml_put(document, gmq_yaml_edit(document), "seed", number);
    if (!keeps_expected)
        keep_allowed(gmq_yaml_edit(document));
    if (names->len > 0)
        gmq_faults_add(&(GmqFaultsPlan){
            .document  = document,
            .clients   = (const char *const *)names->pdata,
            .n_clients = names->len,
            .stop_ns   = scenario->stop_ns,
            .seed      = seed,
            .level     = level,
            .kinds     = ~UINT64_C(0),
        });
    return gmq_yaml_print(document);
}

char *
gmq_faults_text_expecting(const GmqScenario *scenario, uint64_t seed, GmqFaultLevel level)
{
    return draw_text(scenario, seed, level, true);
}

char *
gmq_faults_text(const GmqScenario *scenario, uint64_t seed, GmqFaultLevel level)
{
    return draw_text(scenario, seed, level, level == GMQ_FAULTS_NONE || level == GMQ_FAULTS_EXAM);
}
