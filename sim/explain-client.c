#include "sim/explain-private.h"
#include "sim/language.h"
#include "sim/particle.h"
#include "sim/rule.h"

static const GmqKeyOwner publish_owners[] = {GMQ_IN_PUBLISH, GMQ_N_OWNERS};
static const GmqKeyOwner message_owners[] = {GMQ_IN_MESSAGE, GMQ_N_OWNERS};
static const GmqKeyOwner rule_owners[]    = {GMQ_IN_RULE, GMQ_N_OWNERS};

/* The clauses behind a subject, as one sentence. */
static void
add_about(GString *out, const char *subject, GPtrArray *clauses)
{
    g_autofree char *joined = gmq_explain_join(clauses);

    if (clauses->len > 0)
        gmq_explain_take(out, gmq_told(C_("explain", "%s %s"), subject, joined), false);
}

/* ---- what it sends ---- */

static void
add_message(GString *out, const char *name, const GmqYaml *line)
{
    static const char *const without[] = {"n", NULL};
    const GmqExplainKeys keys          = {.owners = message_owners, .without = without};
    g_autoptr(GPtrArray) clauses       = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *which             = gmq_explain_find(line, GMQ_IN_MESSAGE, "n");
    g_autofree char *subject =
        gmq_told(_("Of what %s sends, %s"), name, which == NULL ? _("each other message") : which);

    gmq_explain_clauses(line, &keys, clauses);
    add_about(out, subject, clauses);
}

static void
add_publish(GString *out, const char *name, const GmqYaml *publish)
{
    static const char *const without[] = {"count", "messages", NULL};
    const GmqExplainKeys keys          = {.owners = publish_owners, .without = without};
    g_autoptr(GPtrArray) clauses       = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *count             = gmq_explain_find(publish, GMQ_IN_PUBLISH, "count");
    const GmqYaml *messages            = gmq_yaml_find(publish, "messages");

    gmq_explain_clauses(publish, &keys, clauses);
    g_ptr_array_add(clauses, NULL);
    g_autofree char *joined = g_strjoinv(", ", (char **)clauses->pdata);
    gmq_explain_take(
        out, gmq_told(_("%s sends %s %s"), name, count == NULL ? _("1 message") : count, joined),
        false);
    for (unsigned i = 0; messages != NULL && i < messages->items->len; i++)
        add_message(out, name, messages->items->pdata[i]);
}

/* ---- what it does with what comes ---- */

static void
add_rule(GString *out, const char *name, const GmqRule *rule, const GmqYaml *line)
{
    static const char *const without[] = {"if", NULL};
    const GmqExplainKeys keys          = {.owners = rule_owners, .without = without};
    g_autoptr(GPtrArray) clauses       = g_ptr_array_new_with_free_func(g_free);

    gmq_explain_clauses(line, &keys, clauses);
    g_ptr_array_add(clauses, NULL);
    g_autofree char *joined = g_strjoinv(" ", (char **)clauses->pdata);
    if (rule->terms == NULL) {
        gmq_explain_take(out, gmq_told(_("When any other message comes, %s %s"), name, joined),
                         false);
        return;
    }
    g_autofree char *condition = gmq_explain_condition(rule->terms);
    gmq_explain_take(
        out, gmq_told(_("When a message comes and %s, %s %s"), condition, name, joined), false);
}

/* The client of that name, or the first of its copies. */
static const GmqClientSpec *
find_client(const GmqScenario *scenario, const char *name)
{
    g_autofree char *first      = g_strdup_printf("%s1", name);
    const GmqClientSpec *client = gmq_scenario_find_client(scenario, name);
    return client != NULL ? client : gmq_scenario_find_client(scenario, first);
}

static void
add_rules(GString *out, const GmqClientSpec *client, const char *name, const GmqYaml *rules)
{
    for (unsigned i = 0; client->rules != NULL && i < client->rules->len; i++)
        add_rule(out, name, client->rules->pdata[i], rules->items->pdata[i]);
}

/* ---- the whole ---- */

/* What it is, and how it comes and goes. */
static void
add_itself(GString *out, const char *name, const GmqYaml *map)
{
    static const GmqKeyOwner owners[]  = {GMQ_IN_CLIENT, GMQ_N_OWNERS};
    static const char *const without[] = {"role", "copies", NULL};
    const GmqExplainKeys keys          = {.owners = owners, .without = without};
    g_autoptr(GPtrArray) clauses       = g_ptr_array_new_with_free_func(g_free);
    const GmqYaml *copies              = gmq_yaml_find(map, "copies");

    g_ptr_array_add(clauses, gmq_explain_find(map, GMQ_IN_CLIENT, "role"));
    if (copies != NULL) {
        g_autofree char *names = g_strdup_printf(_("%s1 to %s%s"), name, name, copies->text);
        g_ptr_array_add(clauses,
                        gmq_explain_fill(gmq_explain_phrase(GMQ_IN_CLIENT, "copies", ""), names));
    }
    gmq_explain_clauses(map, &keys, clauses);
    add_about(out, name, clauses);
}

void
gmq_explain_client(GString *out, const GmqScenario *scenario, const char *name, const GmqYaml *map)
{
    static const char *const without[] = {"publish", "rules", NULL};
    const GmqClientSpec *client        = find_client(scenario, name);
    const GmqExplainKeys keys          = {.owners  = gmq_key_owners_of_role(client->role),
                                          .without = without};
    g_autoptr(GPtrArray) clauses       = g_ptr_array_new_with_free_func(g_free);

    add_itself(out, name, map);
    if (gmq_yaml_find(map, "publish") != NULL)
        add_publish(out, name, gmq_yaml_find(map, "publish"));
    gmq_explain_clauses(map, &keys, clauses);
    add_about(out, name, clauses);
    if (gmq_yaml_find(map, "rules") != NULL)
        add_rules(out, client, name, gmq_yaml_find(map, "rules"));
}
