#include "sim/scenario.h"

#include <errno.h>
#include <stdio.h>

#include "core/base/limits.h"
#include "core/store/journal.h"
#include "sim/language.h"
#include "sim/reader.h"

G_DEFINE_QUARK(gmq - scenario - error, gmq_scenario_error)

/* 2026-01-01T00:00:00Z: a wall clock that is the same for everybody. */
#define EPOCH_DEFAULT_MS INT64_C(1767225600000)

/* A smaller segment would hold little but its own header. */
#define SEGMENT_LEAST 256

static const char *const role_names[GMQ_N_ROLES] = {
    [GMQ_ROLE_PRODUCER] = "producer", [GMQ_ROLE_CONSUMER] = "consumer",
    [GMQ_ROLE_GETTER] = "getter",     [GMQ_ROLE_RPC_SERVER] = "rpc-server",
    [GMQ_ROLE_ADMIN] = "admin",       [GMQ_ROLE_RPC_CLIENT] = "rpc-client",
    [GMQ_ROLE_RAW] = "raw",
};

static const char *const exchange_kind_names[] = {
    [GMQ_EXCHANGE_KIND_DIRECT]          = "direct",
    [GMQ_EXCHANGE_KIND_FANOUT]          = "fanout",
    [GMQ_EXCHANGE_KIND_TOPIC]           = "topic",
    [GMQ_EXCHANGE_KIND_HEADERS]         = "headers",
    [GMQ_EXCHANGE_KIND_CONSISTENT_HASH] = "x-consistent-hash",
    [GMQ_EXCHANGE_KIND_MODULUS_HASH]    = "x-modulus-hash",
    [GMQ_EXCHANGE_KIND_RANDOM]          = "x-random",
    [GMQ_EXCHANGE_KIND_DELAYED]         = "x-delayed-message",
};

static const char *const habits_names[] = {
    [GMQ_HABITS_DEFAULT]       = "default",
    [GMQ_HABITS_RABBITMQ_3_10] = "rabbitmq-3.10",
    [GMQ_HABITS_RABBITMQ_3_13] = "rabbitmq-3.13",
    [GMQ_HABITS_RABBITMQ_4]    = "rabbitmq-4",
};

static const char *const full_names[] = {
    [GMQ_FULL_DROP_HEAD]          = "drop-head",
    [GMQ_FULL_REJECT_PUBLISH]     = "reject-publish",
    [GMQ_FULL_REJECT_PUBLISH_DLX] = "reject-publish-dlx",
};

const char *
gmq_role_name(GmqRole role)
{
    g_assert(role < GMQ_N_ROLES);
    return role_names[role];
}

const char *
gmq_exchange_kind_name(GmqExchangeKind kind)
{
    g_assert(kind < G_N_ELEMENTS(exchange_kind_names));
    return exchange_kind_names[kind];
}

const char *
gmq_habits_name(GmqHabits habits)
{
    g_assert(habits < G_N_ELEMENTS(habits_names));
    return habits_names[habits];
}

const char *
gmq_full_name(GmqFull full)
{
    g_assert(full < G_N_ELEMENTS(full_names));
    return full_names[full];
}

/* The folder that the file is in, when the path tells it; otherwise NULL. The caller frees it. */
static char *
folder_of(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    char *name              = g_path_get_basename(folder);

    if (*name == '.' || *name == G_DIR_SEPARATOR)
        g_clear_pointer(&name, g_free);
    return name;
}

/* The file's name without folder and .yaml. One that is called "scenario", as in a lesson, has the
 * name of its folder. The caller frees it. */
static char *
name_of(const char *path)
{
    char *name = g_path_get_basename(path);
    char *end  = name;

    if (g_str_has_suffix(name, ".yaml"))
        end = name + strlen(name) - strlen(".yaml");
    else if (g_str_has_suffix(name, ".yml"))
        end = name + strlen(name) - strlen(".yml");
    if (end > name)
        *end = '\0';

    bool is_plain = strcmp(name, "scenario") == 0 || g_str_has_prefix(name, "scenario.");
    char *folder  = is_plain ? folder_of(path) : NULL;
    if (folder == NULL)
        return name;
    g_free(name);
    return folder;
}

static GmqScenario *
scenario_new(const char *path, const char *text)
{
    GmqScenario *scenario = g_new0(GmqScenario, 1);
    g_autofree char *name = name_of(path);

    scenario->texts    = g_string_chunk_new(4096);
    scenario->arrays   = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    scenario->name     = g_string_chunk_insert(scenario->texts, name);
    scenario->path     = g_string_chunk_insert(scenario->texts, path);
    scenario->text     = g_string_chunk_insert(scenario->texts, text);
    scenario->seed     = 1;
    scenario->epoch_ms = EPOCH_DEFAULT_MS;
    scenario->broker.heartbeat_ns = INT64_C(60000000000);
    scenario->broker.frame_max    = 131072;
    scenario->broker.sync_ns      = 1000000;
    scenario->broker.segment_size = GMQ_SEGMENT_SIZE;
    scenario->broker.channel_max  = GMQ_CHANNEL_MAX_DEFAULT;
    scenario->exchanges           = g_ptr_array_new_with_free_func(g_free);
    scenario->queues              = g_ptr_array_new_with_free_func(g_free);
    scenario->bindings            = g_ptr_array_new_with_free_func(g_free);
    scenario->later_queues        = g_ptr_array_new();
    scenario->later_exchanges     = g_ptr_array_new();
    scenario->clients             = g_ptr_array_new_with_free_func(g_free);
    scenario->links               = g_array_new(FALSE, TRUE, sizeof(GmqLinkSpec));
    scenario->timeline            = g_ptr_array_new_with_free_func(g_free);
    scenario->expectations        = g_ptr_array_new_with_free_func(g_free);
    scenario->allowed             = g_ptr_array_new();
    return scenario;
}

void
gmq_scenario_free(GmqScenario *scenario)
{
    if (scenario == NULL)
        return;
    g_ptr_array_unref(scenario->exchanges);
    g_ptr_array_unref(scenario->queues);
    g_ptr_array_unref(scenario->bindings);
    g_ptr_array_unref(scenario->later_queues);
    g_ptr_array_unref(scenario->later_exchanges);
    g_ptr_array_unref(scenario->clients);
    g_array_unref(scenario->links);
    g_ptr_array_unref(scenario->timeline);
    g_ptr_array_unref(scenario->expectations);
    g_ptr_array_unref(scenario->allowed);
    g_ptr_array_unref(scenario->arrays);
    g_string_chunk_free(scenario->texts);
    g_free(scenario);
}

const GmqQueueLine *
gmq_scenario_find_queue(const GmqScenario *scenario, const char *name)
{
    for (unsigned i = 0; i < scenario->queues->len; i++) {
        const GmqQueueLine *queue = scenario->queues->pdata[i];

        if (strcmp(queue->name, name) == 0)
            return queue;
    }
    return NULL;
}

bool
gmq_scenario_is_queue(const GmqScenario *scenario, const char *name)
{
    return gmq_scenario_find_queue(scenario, name) != NULL ||
           g_ptr_array_find_with_equal_func(scenario->later_queues, name, g_str_equal, NULL);
}

const GmqClientSpec *
gmq_scenario_find_client(const GmqScenario *scenario, const char *name)
{
    for (unsigned i = 0; i < scenario->clients->len; i++) {
        const GmqClientSpec *client = scenario->clients->pdata[i];

        if (strcmp(client->name, name) == 0)
            return client;
    }
    return NULL;
}

/* ---- the outermost map ---- */

void
gmq_read_version(GmqScenarioReader *reader, const void *node, void *target)
{
    const char *text = gmq_read_text(reader, node, "\"glassmq\"");

    (void)target;
    if (text != NULL && strcmp(text, "1") != 0)
        gmq_read_problem(reader, node, _("This program reads version 1 of the format, not \"%s\"."),
                         text);
}

void
gmq_read_broker(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_BROKER, GMQ_N_OWNERS};
    GmqScenario *scenario             = target;

    gmq_read_map(reader, node, owners, &scenario->broker);
    if (scenario->broker.frame_max < 4096 || scenario->broker.frame_max > UINT32_MAX)
        gmq_read_problem(reader, node, _("\"frame_max\" is at least 4096B and less than 4096MiB."));
    if (scenario->broker.segment_size < SEGMENT_LEAST)
        gmq_read_problem(reader, node, _("\"segment\" is at least 256B."));
    if (scenario->broker.memory == 0 && gmq_yaml_find(node, "memory") != NULL)
        gmq_read_problem(reader, node, _("\"memory\" is at least 1B."));
}

void
gmq_read_links(GmqScenarioReader *reader, const void *node, void *target)
{
    (void)target;
    reader->links = node;
}

static void
check_first_key(GmqScenarioReader *reader, const GmqYaml *root)
{
    const GmqYaml *first = root->items->len == 0 ? root : root->items->pdata[0];

    if (strcmp(first->text, "glassmq") != 0)
        gmq_read_problem(reader, first, _("A scenario begins with \"glassmq: 1\"."));
}

static void
check_whole(GmqScenarioReader *reader, const GmqYaml *root)
{
    GmqScenario *scenario = reader->scenario;
    const GmqYaml *stop   = gmq_read_need(reader, root, GMQ_IN_SCENARIO, "stop");

    check_first_key(reader, root);
    gmq_read_need(reader, root, GMQ_IN_SCENARIO, "title");
    if (scenario->title != NULL && strchr(scenario->title, '\n') != NULL)
        gmq_read_problem(reader, gmq_yaml_find(root, "title"), _("The title is one line."));
    if (stop != NULL && scenario->stop_ns == 0)
        gmq_read_problem(reader, stop, _("A run takes some time: \"stop\" is more than 0s."));
}

static void
read_root(GmqScenarioReader *reader, const GmqYamlDocument *document)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_SCENARIO, GMQ_N_OWNERS};
    const GmqYaml *root               = gmq_yaml_root(document);

    if (root == NULL || root->type != GMQ_YAML_MAP) {
        gmq_problems_add(reader->problems, 1, 1, _("A scenario begins with \"glassmq: 1\"."));
        return;
    }
    gmq_read_map(reader, root, owners, reader->scenario);
    check_whole(reader, root);
    gmq_read_apply_links(reader);
    gmq_read_check_timeline(reader);
    gmq_read_check_names(reader);
}

GmqScenario *
gmq_scenario_parse(const char *path, const char *text, size_t size, GError **error)
{
    g_autofree char *copy               = g_strndup(text, size);
    g_autoptr(GmqProblems) problems     = gmq_problems_new(path, copy);
    g_autoptr(GmqYamlDocument) document = gmq_yaml_parse(text, size, problems);
    g_autoptr(GmqScenario) scenario     = scenario_new(path, copy);
    g_autoptr(GArray) references        = g_array_new(FALSE, FALSE, sizeof(GmqReference));
    g_autoptr(GArray) link_names        = g_array_new(FALSE, FALSE, sizeof(GmqLinkName));
    GmqScenarioReader reader            = {.scenario   = scenario,
                                           .problems   = problems,
                                           .references = references,
                                           .link_names = link_names};

    if (document != NULL)
        read_root(&reader, document);
    if (gmq_problems_count(problems) == 0)
        return g_steal_pointer(&scenario);

    g_autofree char *all = gmq_problems_text(problems);
    g_set_error_literal(error, GMQ_SCENARIO_ERROR, GMQ_SCENARIO_ERROR_WRONG, all);
    return NULL;
}

char *
gmq_scenario_read_file(const char *path, size_t *size, GError **error)
{
    size_t most           = GMQ_YAML_SIZE_MAX + 1;
    g_autofree char *text = NULL;
    FILE *file            = fopen(path, "re");

    if (file != NULL) {
        text        = g_malloc(most + 1);
        *size       = fread(text, 1, most, file);
        text[*size] = '\0';
    }
    int number = file == NULL || ferror(file) ? errno : 0;
    if (file != NULL)
        fclose(file);
    if (number == 0)
        return g_steal_pointer(&text);
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(number), "%s: %s", path,
                g_strerror(number));
    return NULL;
}

GmqScenario *
gmq_scenario_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    size_t size;

    text = gmq_scenario_read_file(path, &size, error);
    if (text == NULL)
        return NULL;
    return gmq_scenario_parse(path, text, size, error);
}
