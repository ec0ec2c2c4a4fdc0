#include "sim/explain.h"

#include "sim/explain-private.h"
#include "sim/language.h"
#include "sim/particle.h"
#include "sim/schema.h"
#include "sim/story.h"

#define WIDTH 78

/* How a thing that has a name is told of. */
static void
add_named(GString *out, const GmqKey *key, const GmqYaml *name, const GmqYaml *value)
{
    g_autofree char *inside  = gmq_explain_map(value, gmq_schema_part(key));
    const char *phrase       = gmq_explain_phrase(key->owner, key->key, "");
    g_autofree char *subject = gmq_explain_fill(phrase, name->text);

    if (*inside == '\0' && key->owner != GMQ_IN_TOPOLOGY)
        return;
    if (key->owner != GMQ_IN_TOPOLOGY)
        gmq_explain_take(out, gmq_told(C_("explain", "%s %s"), subject, inside), false);
    else if (*inside == '\0')
        gmq_explain_take(out, gmq_told(C_("named", "%s %s"), phrase, name->text), false);
    else
        gmq_explain_take(out, gmq_told(_("%s %s, which %s"), phrase, name->text, inside), false);
}

/* Each line of a list, each name of a map. */
static void
add_each(GString *out, const GmqKey *key, const GmqYaml *node)
{
    for (unsigned i = 0; node->items != NULL && i < node->items->len; i++) {
        const GmqYaml *item = node->items->pdata[i];

        if (node->type == GMQ_YAML_MAP) {
            add_named(out, key, item, node->items->pdata[++i]);
        } else {
            g_autofree char *inside = gmq_explain_map(item, gmq_schema_part(key));
            gmq_explain_take(out,
                             gmq_told(C_("explain", "%s %s"),
                                      gmq_explain_phrase(key->owner, key->key, ""), inside),
                             false);
        }
    }
}

/* ---- parts of the file ---- */

static void
add_topology(GString *out, const GmqScenario *scenario, const GmqYaml *topology)
{
    (void)scenario;
    for (unsigned i = 0; i + 1 < topology->items->len; i += 2) {
        const GmqYaml *key = topology->items->pdata[i];
        add_each(out, gmq_key_find(GMQ_IN_TOPOLOGY, key->text), topology->items->pdata[i + 1]);
    }
}

static void
add_broker(GString *out, const GmqScenario *scenario, const GmqYaml *broker)
{
    g_autofree char *clauses = gmq_explain_map(broker, GMQ_IN_BROKER);

    (void)scenario;
    if (*clauses != '\0')
        gmq_explain_take(out, gmq_told(_("The broker %s"), clauses), false);
}

static void
add_clients(GString *out, const GmqScenario *scenario, const GmqYaml *clients)
{
    for (unsigned i = 0; i + 1 < clients->items->len; i += 2) {
        const GmqYaml *name = clients->items->pdata[i];
        gmq_explain_client(out, scenario, name->text, clients->items->pdata[i + 1]);
    }
}

static void
add_links(GString *out, const GmqScenario *scenario, const GmqYaml *links)
{
    (void)scenario;
    for (unsigned i = 0; i + 1 < links->items->len; i += 2) {
        const GmqYaml *name     = links->items->pdata[i];
        g_autofree char *inside = gmq_explain_map(links->items->pdata[i + 1], GMQ_IN_LINK);
        bool is_default         = strcmp(name->text, "default") == 0;

        gmq_explain_take(out,
                         is_default
                             ? gmq_told(_("Unless something else is said, a link %s"), inside)
                             : gmq_told(_("The link of %s %s"), name->text, inside),
                         false);
    }
}

static void
add_timeline(GString *out, const GmqScenario *scenario, const GmqYaml *timeline)
{
    (void)scenario;
    for (unsigned i = 0; i < timeline->items->len; i++)
        gmq_explain_entry(out, timeline->items->pdata[i]);
}

static void
add_expect(GString *out, const GmqScenario *scenario, const GmqYaml *expect)
{
    (void)scenario;
    for (unsigned i = 0; i + 1 < expect->items->len; i += 2) {
        const GmqYaml *name  = expect->items->pdata[i];
        const GmqYaml *value = expect->items->pdata[i + 1];
        const GmqKey *key    = gmq_key_find(GMQ_IN_RUN, name->text);
        GmqKeyOwner part     = gmq_schema_part(key);

        if (part == GMQ_N_OWNERS || part == GMQ_IN_LATENCY)
            gmq_explain_take(out, gmq_explain_clause(key, value), true);
        else
            add_each(out, key, value);
    }
}

static const struct {
    const char *key;
    void (*add)(GString *out, const GmqScenario *scenario, const GmqYaml *node);
} parts[] = {
    {"broker", add_broker}, {"topology", add_topology}, {"clients", add_clients},
    {"links", add_links},   {"timeline", add_timeline}, {"expect", add_expect},
};

/* ---- the whole ---- */

static bool
add_part(GString *out, const GmqScenario *scenario, const char *key, const GmqYaml *node)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (strcmp(parts[i].key, key) != 0)
            continue;
        if (node->items != NULL && node->items->len > 0) {
            g_string_append_printf(out, "\n%s\n", gmq_explain_phrase(GMQ_IN_SCENARIO, key, ""));
            parts[i].add(out, scenario, node);
        }
        return true;
    }
    return false;
}

/* What is said of the whole, as one paragraph. */
static void
add_head(GString *out, const GmqYaml *root)
{
    static const char *const keys[] = {"seed", "stop", "ties", "epoch"};
    g_autoptr(GString) sentences    = g_string_new(NULL);
    g_autofree char *title          = gmq_explain_find(root, GMQ_IN_SCENARIO, "title");
    g_autofree char *about          = gmq_explain_find(root, GMQ_IN_SCENARIO, "about");

    g_string_append_printf(out, "%s\n\n", title);
    if (about != NULL) {
        gmq_story_wrap(out, about, WIDTH, "");
        g_string_append_c(out, '\n');
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *sentence = gmq_explain_find(root, GMQ_IN_SCENARIO, keys[i]);
        if (sentence != NULL)
            g_string_append_printf(sentences, "%s ", sentence);
    }
    gmq_story_wrap(out, sentences->str, WIDTH, "");
}

void
gmq_explain_add(const GmqScenario *scenario, GString *out)
{
    g_autoptr(GmqProblems) problems = gmq_problems_new(scenario->path, scenario->text);
    g_autoptr(GmqYamlDocument) document =
        gmq_yaml_parse(scenario->text, strlen(scenario->text), problems);
    const GmqYaml *root = gmq_yaml_root(document);

    add_head(out, root);
    for (unsigned i = 0; i + 1 < root->items->len; i += 2) {
        const GmqYaml *key = root->items->pdata[i];
        add_part(out, scenario, key->text, root->items->pdata[i + 1]);
    }
}
