#include "core/server/served.h"

#include "core/broker/storage.h"
#include "core/server/begin.h"
#include "core/server/command.h"
#include "core/server/config.h"

struct GmqServed {
    GmqConfig config;
    char *version;
    GmqBroker *broker;
    GmqAmqp *amqp;
    GmqServing serving;
};

char *
gmq_served_settings(const GmqConfig *config)
{
    g_autofree char *text = gmq_config_text(config);

    return g_strconcat(GMQ_VERSION "\n", text, NULL);
}

/* ---- life ---- */

static bool
read_settings(GmqServed *served, GmqSlice settings, GError **error)
{
    g_autofree char *text = gmq_slice_dup(settings);
    char *end             = strchr(text, '\n');

    if (end == NULL) {
        g_set_error_literal(error, GMQ_CONFIG_ERROR, GMQ_CONFIG_ERROR_WRONG,
                            "its settings are not whole");
        return false;
    }
    served->version = g_strndup(text, (gsize)(end - text));
    return gmq_config_read(&served->config, "its settings", end + 1, strlen(end + 1), error);
}

static void
take_users(GmqServed *served, const GmqSlice *users)
{
    if (users == NULL)
        return;
    served->config.users_text = gmq_slice_dup(*users);
    g_free(served->config.users_file);
    served->config.users_file = g_strdup("the users file");
}

GmqServed *
gmq_served_new(GmqHost *host, GmqSlice settings, const GmqSlice *users, GError **error)
{
    GmqServed *served = g_new0(GmqServed, 1);

    gmq_config_init(&served->config);
    take_users(served, users);
    if (read_settings(served, settings, error)) {
        GmqAmqpConfig config = gmq_begin_amqp(&served->config, served->version);

        served->broker = gmq_broker_new(host);
        if (gmq_begin_broker(served->broker, &served->config, "(recorded)", error)) {
            served->amqp    = gmq_amqp_new(served->broker, &config);
            served->serving = (GmqServing){
                .broker        = served->broker,
                .amqp          = served->amqp,
                .default_vhost = served->config.default_vhost,
                .data_path     = host->disk == NULL ? NULL : "(recorded)",
            };
            return served;
        }
    }
    gmq_served_free(served);
    return NULL;
}

void
gmq_served_free(GmqServed *served)
{
    if (served == NULL)
        return;
    if (served->amqp != NULL)
        gmq_amqp_free(served->amqp);
    if (served->broker != NULL)
        gmq_broker_free(served->broker);
    gmq_config_clear(&served->config);
    g_free(served->version);
    g_free(served);
}

GmqBroker *
gmq_served_broker(const GmqServed *served)
{
    return served->broker;
}

GmqAmqp *
gmq_served_amqp(const GmqServed *served)
{
    return served->amqp;
}

/* ---- commands ---- */

/* Whoever changed something waits for the journal, which hurries for it. */
static void
run(GmqServed *served, const GmqRequest *request)
{
    GmqStorage *storage    = gmq_broker_storage(served->broker);
    uint64_t changes       = storage == NULL ? 0 : gmq_storage_changes(storage);
    g_autoptr(GString) out = g_string_new(NULL);
    GmqAnswer answer       = {.out = out};

    gmq_json_open(&answer, '{');
    request->command->run(&served->serving, request, &answer, NULL);
    if (storage != NULL && gmq_storage_changes(storage) != changes)
        gmq_storage_mark(storage);
}

void
gmq_served_command(GmqServed *served, GmqSlice line)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    g_auto(GmqRequest) request   = {0};

    if (gmq_json_is_shallow((const char *)line.data, line.size, GMQ_JSON_DEPTH_MAX) &&
        json_parser_load_from_data(parser, (const char *)line.data, (gssize)line.size, NULL) &&
        gmq_request_read(&request, json_parser_get_root(parser), served->config.default_vhost,
                         NULL) &&
        request.command->run != NULL)
        run(served, &request);
}
