#include "sim/check.h"
#include "sim/language.h"
#include "sim/reader.h"
#include "sim/sometimes.h"
#include "sim/units.h"

/* Where the names of a list, or the one word, must come from. */
static unsigned
names_of(GmqExpectKind kind)
{
    if (kind == GMQ_EXPECT_MESSAGE_ROUTE)
        return GMQ_NAME_EXCHANGE | GMQ_NAME_QUEUE;
    return kind == GMQ_EXPECT_MESSAGE_ENDS_IN ? GMQ_NAME_QUEUE | GMQ_NAME_OUTCOME : 0;
}

static GmqExpectation *
add_expectation(GmqScenarioReader *reader, const GmqKey *key, const GmqYaml *node,
                const GmqExpectScope *scope)
{
    GmqExpectation *expectation = g_new0(GmqExpectation, 1);
    g_autofree char *label =
        g_strconcat(scope->label, *scope->label == '\0' ? "" : ".", key->key, NULL);

    expectation->line  = node->line;
    expectation->kind  = key->kind;
    expectation->name  = scope->name == NULL ? NULL : gmq_read_keep(reader, scope->name);
    expectation->label = gmq_read_keep(reader, label);
    expectation->text  = gmq_read_keep(reader, node->text);
    g_ptr_array_add(reader->scenario->expectations, expectation);
    return expectation;
}

static bool
read_hash(const char *text, uint64_t *hash)
{
    g_autofree char *hex = g_strconcat("0x", text, NULL);
    return strlen(text) == 16 && gmq_read_seed(hex, hash);
}

static bool
read_expected(const GmqKey *key, const char *text, GmqExpectation *expectation)
{
    bool ok;

    switch (key->type) {
    case GMQ_KEY_EXPECT_COUNTS:
        return gmq_read_range(text, gmq_read_count, &expectation->least, &expectation->most);
    case GMQ_KEY_EXPECT_TIMES:
        return gmq_read_range(text, gmq_read_range_duration, &expectation->least,
                              &expectation->most);
    case GMQ_KEY_EXPECT_TIME:
        return gmq_read_range_duration(text, &expectation->most);
    case GMQ_KEY_EXPECT_HASH:
        ok                = read_hash(text, &expectation->least);
        expectation->most = expectation->least;
        return ok;
    default:
        expectation->word = expectation->text;
        return *text != '\0';
    }
}

/* [a, b] as a list of texts, and as one text for reports. */
static void
read_names(GmqScenarioReader *reader, const GmqKey *key, const GmqYaml *node,
           GmqExpectation *expectation)
{
    GPtrArray *names       = gmq_read_new_array(reader, NULL);
    g_autoptr(GString) all = g_string_new("[");

    for (unsigned i = 0; i < node->items->len; i++) {
        const GmqYaml *item = node->items->pdata[i];
        const char *text    = gmq_read_text(reader, item, _("A name"));

        if (text == NULL)
            continue;
        gmq_read_refer(reader, item, names_of(key->kind));
        g_ptr_array_add(names, gmq_read_keep(reader, text));
        g_string_append_printf(all, "%s%s", all->len == 1 ? "" : ", ", text);
    }
    g_ptr_array_add(names, NULL);
    g_string_append_c(all, ']');
    expectation->names = (char **)names->pdata;
    expectation->text  = gmq_read_keep(reader, all->str);
}

static void
check_sometimes(GmqScenarioReader *reader, const GmqYaml *node)
{
    const char *known[GMQ_N_SOMETIMES];

    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++)
        known[i] = gmq_sometimes_name((GmqSometimes)i);
    if (gmq_sometimes_find(node->text) != GMQ_N_SOMETIMES)
        return;

    g_autofree char *sentence =
        g_strdup_printf(_("\"%s\" is nothing that can be seen to happen."), node->text);
    gmq_read_unknown(reader, node, sentence, known, G_N_ELEMENTS(known));
}

/* Each word of a list is an expectation of its own. */
static void
read_words(GmqScenarioReader *reader, const GmqKey *key, const GmqYaml *node,
           const GmqExpectScope *scope)
{
    for (unsigned i = 0; i < node->items->len; i++) {
        const GmqYaml *item = node->items->pdata[i];

        if (gmq_read_text(reader, item, _("A word")) == NULL)
            continue;
        check_sometimes(reader, item);
        GmqExpectation *expectation = add_expectation(reader, key, item, scope);
        expectation->word           = expectation->text;
    }
}

static void
check_invariant(GmqScenarioReader *reader, const GmqYaml *node)
{
    if (!gmq_check_is_known(node->text))
        gmq_read_problem(reader, node, _("\"%s\" is no check; these are S1 to S21 and L1 to L5."),
                         node->text);
}

static void
read_broken(GmqScenarioReader *reader, const GmqYaml *node)
{
    check_invariant(reader, node);
    reader->scenario->broken = gmq_read_keep(reader, node->text);
}

void
gmq_read_expectation(GmqScenarioReader *reader, const GmqKey *key, const GmqYaml *node,
                     const GmqExpectScope *scope)
{
    g_autofree char *what = g_strdup_printf("\"%s\"", key->key);
    bool is_list          = key->type == GMQ_KEY_EXPECT_NAMES || key->type == GMQ_KEY_EXPECT_WORDS;

    if (is_list && !gmq_read_is_list(reader, node, what))
        return;
    if (key->type == GMQ_KEY_EXPECT_WORDS) {
        read_words(reader, key, node, scope);
        return;
    }
    if (key->type == GMQ_KEY_EXPECT_NAMES) {
        read_names(reader, key, node, add_expectation(reader, key, node, scope));
        return;
    }
    if (gmq_read_text(reader, node, what) == NULL)
        return;
    if (!read_expected(key, node->text, add_expectation(reader, key, node, scope)))
        gmq_read_refuse(reader, key, node);
    if (key->kind == GMQ_EXPECT_BROKEN)
        read_broken(reader, node);
    else if (key->type == GMQ_KEY_EXPECT_WORD)
        gmq_read_refer(reader, node, names_of(key->kind));
}

/* ---- the parts ---- */

void
gmq_read_expect(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_RUN, GMQ_N_OWNERS};
    GmqExpectScope scope              = {.label = "", .name = NULL};

    (void)target;
    gmq_read_map(reader, node, owners, &scope);
}

void
gmq_read_allowed(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *list = node;

    (void)target;
    if (!gmq_read_is_list(reader, list, "\"allowed\""))
        return;
    for (unsigned i = 0; i < list->items->len; i++) {
        const GmqYaml *item = list->items->pdata[i];
        const char *text    = gmq_read_text(reader, item, _("The name of a check"));

        if (text == NULL)
            continue;
        check_invariant(reader, item);
        g_ptr_array_add(reader->scenario->allowed, gmq_read_keep(reader, text));
    }
}

void
gmq_read_expect_latency(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_LATENCY, GMQ_N_OWNERS};
    GmqExpectScope scope              = {.label = "latency", .name = NULL};

    (void)target;
    gmq_read_map(reader, node, owners, &scope);
}

/* A map whose keys are names of one kind. */
static void
read_scopes(GmqScenarioReader *reader, const GmqYaml *map, const char *label, GmqKeyOwner owner,
            unsigned kinds)
{
    const GmqKeyOwner owners[] = {owner, GMQ_N_OWNERS};

    if (!gmq_read_is_map(reader, map, _("This")))
        return;
    for (unsigned i = 0; i + 1 < map->items->len; i += 2) {
        const GmqYaml *name    = map->items->pdata[i];
        g_autofree char *whole = g_strconcat(label, ".", name->text, NULL);
        GmqExpectScope scope   = {.label = whole, .name = name->text};

        gmq_read_refer(reader, name, kinds);
        gmq_read_map(reader, map->items->pdata[i + 1], owners, &scope);
    }
}

void
gmq_read_expect_queues(GmqScenarioReader *reader, const void *node, void *target)
{
    (void)target;
    read_scopes(reader, node, "queues", GMQ_IN_EXPECT_QUEUE, GMQ_NAME_QUEUE);
}

/* By reason; the labels say of which queue. */
void
gmq_read_expect_dead(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_EXPECT_DEAD, GMQ_N_OWNERS};
    const GmqExpectScope *queue       = target;
    g_autofree char *label            = g_strconcat(queue->label, ".dead_lettered", NULL);
    GmqExpectScope scope              = {.label = label, .name = queue->name};

    gmq_read_map(reader, node, owners, &scope);
}

void
gmq_read_expect_messages(GmqScenarioReader *reader, const void *node, void *target)
{
    (void)target;
    read_scopes(reader, node, "messages", GMQ_IN_EXPECT_MESSAGE, GMQ_NAME_MESSAGE);
}

void
gmq_read_expect_clients(GmqScenarioReader *reader, const void *node, void *target)
{
    (void)target;
    read_scopes(reader, node, "clients", GMQ_IN_EXPECT_CLIENT, GMQ_NAME_CLIENT);
}
