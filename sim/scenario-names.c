#include "core/base/nearest.h"
#include "sim/deed.h"
#include "sim/language.h"
#include "sim/reader.h"
#include "sim/units.h"

static const char *const predeclared[] = {
    "amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match", NULL,
};
static const char *const outcomes[] = {"acked", "dropped", "lost", NULL};

/* What the kinds are called when a name is none of them, in this order. */
static const struct {
    unsigned kind;
    const char *what;
} kind_names[] = {
    {GMQ_NAME_EXCHANGE, N_("an exchange")},
    {GMQ_NAME_QUEUE, N_("a queue")},
    {GMQ_NAME_CLIENT, N_("a client")},
    {GMQ_NAME_BROKER, N_("the broker")},
    {GMQ_NAME_ALL, N_("\"all\"")},
    {GMQ_NAME_MESSAGE, N_("a message of a producer")},
    {GMQ_NAME_COPY, N_("a message of a producer")},
    {GMQ_NAME_OUTCOME, N_("acked, dropped or lost")},
    {GMQ_NAME_SPEAKER, N_("a client")},
};

void
gmq_read_refer(GmqScenarioReader *reader, const GmqYaml *node, unsigned kinds)
{
    GmqReference reference = {node, kinds};

    if (kinds != 0)
        g_array_append_val(reader->references, reference);
}

bool
gmq_message_name_split(const char *name, char **client, uint64_t *number, char **queue)
{
    const char *at     = strchr(name, '@');
    size_t size        = at == NULL ? strlen(name) : (size_t)(at - name);
    const char *hyphen = g_strrstr_len(name, (gssize)size, "-");

    if (hyphen == NULL || hyphen == name)
        return false;

    g_autofree char *digits = g_strndup(hyphen + 1, size - (size_t)(hyphen + 1 - name));
    if (!gmq_read_count(digits, number) || *number == 0 || *digits == '0')
        return false;
    *client = g_strndup(name, (size_t)(hyphen - name));
    *queue  = g_strdup(at == NULL ? "" : at + 1);
    return true;
}

/* ---- what is declared ---- */

static void
add_exchanges(const GmqScenario *scenario, GPtrArray *names)
{
    for (unsigned i = 0; predeclared[i] != NULL; i++)
        g_ptr_array_add(names, (char *)predeclared[i]);
    for (unsigned i = 0; i < scenario->exchanges->len; i++) {
        const GmqExchangeLine *exchange = scenario->exchanges->pdata[i];
        g_ptr_array_add(names, exchange->name);
    }
    g_ptr_array_extend(names, scenario->later_exchanges, NULL, NULL);
}

static bool
is_among(const GPtrArray *names, const char *text)
{
    for (unsigned i = 0; i < names->len; i++) {
        if (strcmp(names->pdata[i], text) == 0)
            return true;
    }
    return false;
}

bool
gmq_scenario_has_exchange(const GmqScenario *scenario, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    add_exchanges(scenario, names);
    return is_among(names, name);
}

static void
add_queues(const GmqScenario *scenario, GPtrArray *names)
{
    for (unsigned i = 0; i < scenario->queues->len; i++) {
        const GmqQueueLine *queue = scenario->queues->pdata[i];
        g_ptr_array_add(names, queue->name);
    }
    g_ptr_array_extend(names, scenario->later_queues, NULL, NULL);
}

static void
add_clients(const GmqScenario *scenario, GPtrArray *names)
{
    for (unsigned i = 0; i < scenario->clients->len; i++) {
        const GmqClientSpec *client = scenario->clients->pdata[i];
        g_ptr_array_add(names, client->name);
    }
}

/* All words that a name of these kinds may be; messages are no list. The caller frees it. */
static GPtrArray *
collect_names(const GmqScenario *scenario, unsigned kinds)
{
    GPtrArray *names = g_ptr_array_new();

    if ((kinds & GMQ_NAME_EXCHANGE) != 0)
        add_exchanges(scenario, names);
    if ((kinds & GMQ_NAME_QUEUE) != 0)
        add_queues(scenario, names);
    if ((kinds & (GMQ_NAME_CLIENT | GMQ_NAME_SPEAKER)) != 0)
        add_clients(scenario, names);
    if ((kinds & GMQ_NAME_BROKER) != 0)
        g_ptr_array_add(names, (char *)"broker");
    if ((kinds & GMQ_NAME_ALL) != 0)
        g_ptr_array_add(names, (char *)"all");
    for (unsigned i = 0; (kinds & GMQ_NAME_OUTCOME) != 0 && outcomes[i] != NULL; i++)
        g_ptr_array_add(names, (char *)outcomes[i]);
    return names;
}

/* "a queue or the broker"; the caller frees it. */
static char *
describe(unsigned kinds)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(kind_names); i++) {
        if ((kinds & kind_names[i].kind) != 0)
            g_string_append_printf(out, "%s%s", out->len == 0 ? "" : _(" or "),
                                   _(kind_names[i].what));
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- checking ---- */

static void
check_speaker(GmqScenarioReader *reader, const GmqYaml *node)
{
    const GmqClientSpec *client = gmq_scenario_find_client(reader->scenario, node->text);

    if (client->role == GMQ_ROLE_RAW)
        gmq_read_problem(reader, node, _("\"%s\" is a raw client, and says nothing but its lines."),
                         node->text);
    if (client->run != NULL)
        gmq_read_problem(reader, node, _("\"%s\" is a real program, and does what it likes."),
                         node->text);
}

static void
check_plain(GmqScenarioReader *reader, const GmqReference *reference)
{
    g_autoptr(GPtrArray) names = collect_names(reader->scenario, reference->kinds);

    if (is_among(names, reference->node->text)) {
        if ((reference->kinds & GMQ_NAME_SPEAKER) != 0)
            check_speaker(reader, reference->node);
        return;
    }
    g_autofree char *what = describe(reference->kinds);
    g_autofree char *sentence =
        g_strdup_printf(_("\"%s\" is not %s."), reference->node->text, what);
    gmq_read_unknown(reader, reference->node, sentence, (const char *const *)names->pdata,
                     names->len);
}

/* Whether the timeline lets it send more than its settings say. */
static bool
is_wished(const GmqScenario *scenario, const GmqClientSpec *client)
{
    for (unsigned i = 0; i < scenario->timeline->len; i++) {
        const GmqDeed *deed = gmq_deed_find(scenario->timeline->pdata[i], GMQ_DEED_PUBLISH);

        if (deed != NULL && strcmp(deed->name, client->name) == 0)
            return true;
    }
    return false;
}

static void
check_number(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client,
             uint64_t number)
{
    if (is_wished(reader->scenario, client) || client->role == GMQ_ROLE_RPC_SERVER ||
        client->role == GMQ_N_ROLES)
        return;
    if (client->role != GMQ_ROLE_PRODUCER && client->role != GMQ_ROLE_RPC_CLIENT)
        gmq_read_problem(reader, node, _("\"%s\" is no producer and sends no messages."),
                         client->name);
    else if (number > client->publish.count)
        gmq_read_problem(reader, node,
                         P_("\"%s\" sends only %ju message.", "\"%s\" sends only %ju messages.",
                            client->publish.count),
                         client->name, (guint64)client->publish.count);
}

static void
check_message(GmqScenarioReader *reader, const GmqReference *reference)
{
    g_autofree char *client = NULL;
    g_autofree char *queue  = NULL;
    uint64_t number;
    const GmqYaml *node = reference->node;

    if (!gmq_message_name_split(node->text, &client, &number, &queue)) {
        gmq_read_problem(reader, node,
                         _("\"%s\" is no name of a message: they are CLIENT-N, such as p1-5."),
                         node->text);
        return;
    }

    const GmqClientSpec *spec = gmq_scenario_find_client(reader->scenario, client);
    if (spec == NULL) {
        GmqYaml part = *node;
        part.text    = client;
        check_plain(reader, &(GmqReference){&part, GMQ_NAME_CLIENT});
        return;
    }
    check_number(reader, node, spec, number);
    if (*queue != '\0') {
        GmqYaml part = *node;
        part.text    = queue;
        if ((reference->kinds & GMQ_NAME_COPY) == 0)
            gmq_read_problem(reader, node, _("Here stands a message without a queue: \"%s-%ju\"."),
                             client, (guint64)number);
        else
            check_plain(reader, &(GmqReference){&part, GMQ_NAME_QUEUE});
    }
}

void
gmq_read_check_names(GmqScenarioReader *reader)
{
    for (unsigned i = 0; i < reader->references->len; i++) {
        const GmqReference *reference = &g_array_index(reader->references, GmqReference, i);

        if ((reference->kinds & (GMQ_NAME_MESSAGE | GMQ_NAME_COPY)) != 0)
            check_message(reader, reference);
        else
            check_plain(reader, reference);
    }
}
