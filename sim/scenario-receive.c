/* Reads what is said of clients that receive. */
#include "sim/language.h"
#include "sim/reader.h"
#include "sim/rule.h"
#include "sim/units.h"

#define NS_PER_MS INT64_C(1000000)
#define PRIORITY_MOST 1000000

/* ---- work ---- */

/* "300ms", "exp 300ms", or "per dot 300ms". */
void
gmq_read_work(GmqScenarioReader *reader, const void *node, void *target)
{
    GmqClientSpec *client = target;
    const char *text      = gmq_read_text(reader, node, "\"work\"");
    bool ok;

    if (text == NULL)
        return;
    client->work_per_dot = g_str_has_prefix(text, "per dot ");
    if (client->work_per_dot)
        ok = gmq_read_duration(text + strlen("per dot "), &client->work_ns);
    else
        ok = gmq_read_delay(text, &client->work_exponential, &client->work_ns);
    if (!ok)
        gmq_read_problem(reader, node,
                         _("\"work\" is a duration such as 300ms, \"exp 300ms\" or \"per dot "
                           "300ms\", not \"%s\"."),
                         text);
}

void
gmq_read_getter_every(GmqScenarioReader *reader, const void *node, void *target)
{
    GmqClientSpec *client = target;
    const char *text      = gmq_read_text(reader, node, "\"every\"");

    if (text == NULL)
        return;
    if (!gmq_read_delay(text, &client->ask_exponential, &client->ask_ns))
        gmq_read_problem(reader, node,
                         _("\"every\" is a duration such as 300ms or \"exp 300ms\", not \"%s\"."),
                         text);
    else if (client->ask_ns == 0)
        gmq_read_problem(reader, node,
                         _("\"every\" of a getter is longer than 0s: it would ask for ever within "
                           "one moment."));
}

void
gmq_read_consumer_priority(GmqScenarioReader *reader, const void *node, void *target)
{
    GmqClientSpec *client = target;
    const char *text      = gmq_read_text(reader, node, "\"priority\"");
    uint64_t number       = 0;

    if (text == NULL)
        return;
    bool is_negative = *text == '-';
    if (!gmq_read_count(text + is_negative, &number) || number > PRIORITY_MOST)
        gmq_read_problem(
            reader, node,
            _("\"priority\" of a consumer is a whole number from -%u to %u, not \"%s\"."),
            PRIORITY_MOST, PRIORITY_MOST, text);
    else
        client->consumer_priority = is_negative ? -(int64_t)number : (int64_t)number;
}

/* ---- rules ---- */

void
gmq_read_rule_if(GmqScenarioReader *reader, const void *node, void *target)
{
    ((GmqRule *)target)->terms = gmq_read_condition(reader, node);
}

/* An x-delay is a whole number of milliseconds, and has 32 bits. */
static void
check_delay(GmqScenarioReader *reader, const GmqYaml *node, const GmqRule *rule)
{
    const GmqYaml *delay = gmq_yaml_find(node, "delay");

    if (rule->delay_ns % NS_PER_MS != 0 || rule->delay_ns / NS_PER_MS > UINT32_MAX)
        gmq_read_problem(reader, delay, _("A delay is in whole ms, and at most %u of them."),
                         UINT32_MAX);
}

/* "to" is of no use but to a forward, and so are "key" and "delay". */
static void
check_target(GmqScenarioReader *reader, const GmqYaml *node, const GmqRule *rule)
{
    static const char *const keys[] = {"to", "key", "delay"};

    if (rule->deed == GMQ_RULE_FORWARD) {
        if (rule->to == NULL)
            gmq_read_problem(reader, node, _("\"do: forward\" needs \"to\"."));
        else if (strcmp(rule->to, "default") != 0)
            gmq_read_refer(reader, gmq_yaml_find(node, "to"), GMQ_NAME_EXCHANGE | GMQ_NAME_QUEUE);
        check_delay(reader, node, rule);
        if (rule->key != NULL && strlen(rule->key) > 255)
            gmq_read_problem(reader, gmq_yaml_find(node, "key"), _("A key has at most 255 bytes."));
        return;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        const GmqYaml *key = gmq_yaml_find(node, keys[i]);

        if (key != NULL && rule->deed != GMQ_N_RULE_DEEDS)
            gmq_read_problem(reader, key, _("\"%s\" needs \"do: forward\"."), keys[i]);
    }
}

static void
read_rule(GmqScenarioReader *reader, const GmqYaml *node, GPtrArray *rules)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_RULE, GMQ_N_OWNERS};
    const GmqRule *above              = rules->len == 0 ? NULL : rules->pdata[rules->len - 1];
    GmqRule *rule                     = g_new0(GmqRule, 1);

    g_ptr_array_add(rules, rule);
    rule->line = node->line;
    rule->deed = GMQ_N_RULE_DEEDS;
    if (above != NULL && above->terms == NULL)
        gmq_read_problem(reader, node,
                         _("This rule is never used: the one above it fits every message."));
    if (!gmq_read_is_map(reader, node, _("A rule")))
        return;
    gmq_read_map(reader, node, owners, rule);
    gmq_read_need(reader, node, GMQ_IN_RULE, "do");
    check_target(reader, node, rule);
}

void
gmq_read_rules(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *list   = node;
    GmqClientSpec *client = target;

    if (!gmq_read_is_list(reader, list, "\"rules\""))
        return;
    client->rules = gmq_read_new_array(reader, g_free);
    for (unsigned i = 0; i < list->items->len; i++)
        read_rule(reader, list->items->pdata[i], client->rules);
}

/* ---- what must be so of all keys together ---- */

/* What a rule says to the broker about a message that the broker has forgotten is an error. */
static void
check_rule(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client,
           const GmqRule *rule)
{
    static const bool needs_manual[GMQ_N_RULE_DEEDS + 1] = {
        [GMQ_RULE_ACK]     = true,
        [GMQ_RULE_REJECT]  = true,
        [GMQ_RULE_REQUEUE] = true,
        [GMQ_RULE_IGNORE]  = true,
    };

    if (needs_manual[rule->deed] && client->ack != GMQ_ACK_MANUAL)
        gmq_read_problem(reader, gmq_yaml_find(node, "do"),
                         _("\"do: %s\" is about acks and needs \"ack: manual\"."),
                         gmq_yaml_find(node, "do")->text);
    if (rule->deed == GMQ_RULE_IGNORE && client->batch > 1)
        gmq_read_problem(reader, node,
                         _("\"do: ignore\" and \"batch\" do not go together: an ack of several "
                           "would ack what was ignored."));
}

static void
check_receiver(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client)
{
    const GmqYaml *from  = gmq_read_need(reader, node, GMQ_IN_RECEIVER, "from");
    const GmqYaml *rules = gmq_yaml_find(node, "rules");

    if (from != NULL)
        gmq_read_refer(reader, from, GMQ_NAME_QUEUE);
    if (client->batch > 1 && client->ack != GMQ_ACK_MANUAL)
        gmq_read_problem(reader, node, _("\"batch\" is about acks and needs \"ack: manual\"."));
    if (client->dedupe == GMQ_DEDUPE_BY_MESSAGE_ID && client->ack != GMQ_ACK_MANUAL)
        gmq_read_problem(reader, node, _("\"dedupe\" is about acks and needs \"ack: manual\"."));
    for (unsigned i = 0; client->rules != NULL && i < client->rules->len; i++)
        check_rule(reader, rules->items->pdata[i], client, client->rules->pdata[i]);
}

void
gmq_read_check_consumer(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client)
{
    check_receiver(reader, node, client);
    if (client->prefetch > 0 && client->batch > client->prefetch)
        gmq_read_problem(
            reader, node,
            _("\"batch\" is at most \"prefetch\": more messages never come together."));
    if (client->prefetch > 0 && client->ack == GMQ_ACK_AUTO)
        gmq_read_problem(reader, node,
                         _("\"ack: auto\" has nothing that \"prefetch\" could limit."));
}

void
gmq_read_check_getter(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client)
{
    check_receiver(reader, node, client);
    gmq_read_need(reader, node, GMQ_IN_GETTER, "every");
}
