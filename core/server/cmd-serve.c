#include "core/server/cmd-serve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/options.h"
#include "core/net/net.h"
#include "core/server/begin.h"
#include "core/server/config.h"
#include "core/server/control.h"
#include "core/server/data-dir.h"
#include "core/server/served.h"

#define SIGNAL_STATUS 128 /* as shells report a program that a signal ended */

#define NO_DATA "none"

static char *config_path;
static char *data_path;
static char **listen_texts;
static char *heartbeat_text;
static char *profile_name;
static char *record_path;

static const GOptionEntry entries[] = {
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &config_path,
     GMQ_USAGE_TEXT("Read the configuration in FILE; options win over it"), "FILE"},
    {"listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &listen_texts,
     GMQ_USAGE_TEXT("Listen there (default localhost:5672); may be given again"), "ADDRESS:PORT"},
    {"data", 0, 0, G_OPTION_ARG_FILENAME, &data_path,
     GMQ_USAGE_TEXT("The data directory (default: glassmq in the user's directory for state; none: "
                    "keep nothing)"),
     "DIR"},
    {"heartbeat", 0, 0, G_OPTION_ARG_STRING, &heartbeat_text,
     GMQ_USAGE_TEXT("Propose to clients a heartbeat every S seconds (default 60; 0: none)"), "S"},
    {"profile", 0, 0, G_OPTION_ARG_STRING, &profile_name,
     GMQ_USAGE_TEXT(
         "Behave as default, rabbitmq-3.10, rabbitmq-3.13 or rabbitmq-4 where versions of "
         "RabbitMQ differ"),
     "NAME"},
    {"record", 0, 0, G_OPTION_ARG_FILENAME, &record_path,
     GMQ_USAGE_TEXT("Write down in FILE all that the broker is told, for glassmq replay"), "FILE"},
    G_OPTION_ENTRY_NULL,
};

static GmqUsage usage = {
    .command = "serve",
    .summary = GMQ_USAGE_TEXT(
        "Serves AMQP 0-9-1 clients until SIGTERM or SIGINT (Ctrl-C) comes. What is durable "
        "outlives stops\nand crashes in the data directory. The user guest with the password "
        "guest may log in from this\nmachine."),
    .entries = entries,
};

/* Above and below the keys of the configuration. */
#define HELP_START                                                                                 \
    GMQ_USAGE_TEXT(                                                                                \
        "ADDRESS is an IPv4 address, an IPv6 address in brackets, localhost, or * for all. "       \
        "Port 0 takes any\nfree port. When the broker is ready it prints one line that says "      \
        "where it "                                                                                \
        "listens. One broker\nuses a data directory at a time; glassmq ctl finds the broker "      \
        "through "                                                                                 \
        "it, and glassmq ctl backup\ncopies it while the broker runs. With --data none all is "    \
        "kept "                                                                                    \
        "in memory, and gone with the end.\n\nFILE is a GLib key file. Its keys, and what holds "  \
        "where "                                                                                   \
        "one is missing:\n\n")
#define HELP_END                                                                                   \
    GMQ_USAGE_TEXT(                                                                                \
        "\nSizes may end in KiB, MiB, GiB (1024 each) or KB, MB, GB (1000 each), times in ms, s, " \
        "min, h or d.\nWhat stands under [users] is for a new data directory: in one that was "    \
        "used, "                                                                                   \
        "what it holds counts.\n\nExit status: 0 after a stop that all clients were told of, 1 "   \
        "when "                                                                                    \
        "it cannot serve, 2 for wrong\nuse, 128 and the signal's number when a second signal "     \
        "ended "                                                                                   \
        "it at once.")

/* Lets the parsed options go, so that the command may run again in the same process. */
static void
forget_options(void)
{
    g_clear_pointer(&config_path, g_free);
    g_clear_pointer(&data_path, g_free);
    g_clear_pointer(&listen_texts, g_strfreev);
    g_clear_pointer(&heartbeat_text, g_free);
    g_clear_pointer(&profile_name, g_free);
    g_clear_pointer(&record_path, g_free);
}

/* ---- saying ---- */

/* Whoever started the broker may wait for this line, so it must not stay in a buffer. A broker
 * that nobody listens to serves all the same. */
static void
say_ready(const GmqNet *net, const GmqDataDir *dir)
{
    g_autofree char *where = gmq_net_describe(net);

    printf("GlassMQ " GMQ_VERSION " serves AMQP 0-9-1 on %s ", where);
    if (dir == NULL)
        puts("(queues in memory, no data directory for glassmq ctl)");
    else
        printf("(journal in %s)\n", gmq_data_dir_path(dir));
    if (fflush(stdout) != 0) {
        g_message("cannot say that it is ready: %s", g_strerror(errno));
        clearerr(stdout);
    }
}

static void
write_log(const char *domain, GLogLevelFlags level, const char *message, void *unused)
{
    (void)domain;
    (void)level;
    (void)unused;
    fprintf(stderr, "glassmq serve: %s.\n", message);
}

static int
fail(const GError *error)
{
    g_assert(error != NULL);

    const char *end = g_str_has_suffix(error->message, "?") ? "" : ".";

    fprintf(stderr, "glassmq serve: %s%s\n", error->message, end);
    return 1;
}

/* ---- the configuration ---- */

/* Returns the endpoints to listen on, of GmqEndpoint; NULL when one of the texts is wrong. */
static GArray *
read_endpoints(const GmqConfig *config, GError **error)
{
    g_autoptr(GArray) endpoints = g_array_new(FALSE, FALSE, sizeof(GmqEndpoint));

    for (char **text = config->listeners; *text != NULL; text++) {
        GmqEndpoint endpoint;
        if (!gmq_endpoint_parse(*text, &endpoint, error))
            return NULL;
        g_array_append_val(endpoints, endpoint);
    }
    return g_steal_pointer(&endpoints);
}

/* Options win over the file. */
static void
take_options(GmqConfig *config)
{
    if (listen_texts != NULL) {
        g_strfreev(config->listeners);
        config->listeners = g_strdupv(listen_texts);
    }
    if (data_path != NULL) {
        g_free(config->data);
        config->data = g_strdup(data_path);
    }
}

/* ---- serving ---- */

static bool
listen_all(GmqNet *net, const GArray *endpoints, GError **error)
{
    for (unsigned i = 0; i < endpoints->len; i++) {
        if (!gmq_net_listen(net, &g_array_index(endpoints, GmqEndpoint, i), error))
            return false;
    }
    return true;
}

/* False with an error when there should be a data directory, and it cannot be had. */
static bool
open_data(const GmqConfig *config, GmqDataDir **dir, GError **error)
{
    g_autofree char *standard = gmq_data_dir_default();

    if (strcmp(config->data, NO_DATA) == 0)
        return true;
    *dir = gmq_data_dir_open(config->data[0] == '\0' ? standard : config->data, error);
    return *dir != NULL;
}

static bool
open_control(GmqNet *net, const GmqDataDir *dir, const GmqServing *serving, GmqControl **control,
             GError **error)
{
    if (dir == NULL)
        return true;

    g_autofree char *path = gmq_data_dir_socket_path(gmq_data_dir_path(dir));
    *control              = gmq_control_new(net, path, serving, error);
    return *control != NULL;
}

static void
on_stored(void *user)
{
    gmq_control_on_stored(user);
}

static int
run(GmqNet *net, const GmqDataDir *dir, const GArray *endpoints, const GmqServing *serving)
{
    g_autoptr(GError) error       = NULL;
    g_autoptr(GmqControl) control = NULL;

    gmq_net_attach(net, serving->broker, serving->amqp);
    if (!listen_all(net, endpoints, &error) || !open_control(net, dir, serving, &control, &error))
        return fail(error);
    if (control != NULL)
        gmq_net_follow_disk(net, on_stored, control);
    gmq_recording_note(serving->recording, GMQ_RECORDED_READY, 0, 0, (GmqSlice){0});
    say_ready(net, dir);

    int number = gmq_net_run(net);
    gmq_net_follow_disk(net, NULL, NULL);
    return number == 0 ? 0 : SIGNAL_STATUS + number;
}

/* A disk that does not answer has bytes of the core in hands, so that nothing may be freed, and the
 * lock is kept until the kernel lets the process go. */
static void
hang_up(GmqNet *net, int status)
{
    if (gmq_net_hang_up(net))
        return;
    fflush(NULL);
    _exit(status == 0 ? 1 : status);
}

static int
serve_with(GmqNet *net, const GmqDataDir *dir, const GmqConfig *config, const GArray *endpoints,
           GmqRecording *recording)
{
    g_autoptr(GError) error = NULL;
    const char *path        = dir == NULL ? NULL : gmq_data_dir_path(dir);
    GmqHost *host           = recording == NULL ? gmq_net_host(net) : gmq_recording_host(recording);
    g_autoptr(GmqBroker) broker = gmq_broker_new(host);
    GmqAmqpConfig settings      = gmq_begin_amqp(config, GMQ_VERSION);

    gmq_net_set_deadly_signals(net, true);
    bool is_filled = gmq_begin_broker(broker, config, path, &error);
    gmq_net_set_deadly_signals(net, false);
    if (!is_filled) {
        int status = fail(error);
        hang_up(net, status);
        return status;
    }
    g_autoptr(GmqAmqp) amqp = gmq_amqp_new(broker, &settings);
    GmqServing serving      = {
             .broker        = broker,
             .amqp          = amqp,
             .default_vhost = config->default_vhost,
             .data_path     = path,
             .recording     = recording,
    };
    int status = run(net, dir, endpoints, &serving);
    hang_up(net, status);
    if (recording != NULL && status == 0)
        gmq_recording_end(recording);
    return status;
}

/* The users file is read now, so that what the recording says is what the broker gets. */
static bool
read_users(GmqConfig *config, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (config->users_file[0] == '\0' ||
        g_file_get_contents(config->users_file, &config->users_text, NULL, &why))
        return true;
    g_set_error(error, GMQ_CONFIG_ERROR, GMQ_CONFIG_ERROR_FAILED, "%s: %s", config->users_file,
                why->message);
    return false;
}

/* False with an error when there should be a recording, and it cannot be made. */
static bool
open_recording(GmqNet *net, GmqConfig *config, GmqRecording **recording, GError **error)
{
    g_autofree char *settings = gmq_served_settings(config);

    if (record_path == NULL)
        return true;
    if (!read_users(config, error))
        return false;
    *recording = gmq_recording_new(record_path, gmq_net_host(net), error);
    if (*recording == NULL)
        return false;
    gmq_recording_add(*recording, GMQ_RECORDED_SETTINGS, gmq_net_host(net)->disk == NULL ? 0 : 1, 0,
                      gmq_slice_of(settings));
    if (config->users_text != NULL)
        gmq_recording_add(*recording, GMQ_RECORDED_USERS, 0, 0, gmq_slice_of(config->users_text));
    gmq_net_record(net, *recording);
    return true;
}

static int
serve(GmqConfig *config, const GArray *endpoints)
{
    g_autoptr(GError) error           = NULL;
    g_autoptr(GmqDataDir) dir         = NULL;
    g_autoptr(GmqRecording) recording = NULL;

    if (!open_data(config, &dir, &error))
        return fail(error);
    g_autoptr(GmqNet) net = gmq_net_new(&error);
    if (net == NULL || (dir != NULL && !gmq_net_open_disk(net, gmq_data_dir_path(dir), &error)) ||
        !open_recording(net, config, &recording, &error))
        return fail(error);
    return serve_with(net, dir, config, endpoints, recording);
}

/* False after a sentence on stderr when there is no such profile. */
static bool
take_profile(GmqConfig *config)
{
    const char *nearest = profile_name == NULL ? NULL : gmq_profile_nearest(profile_name);

    if (profile_name == NULL)
        return true;
    if (gmq_profile_find(profile_name) != NULL) {
        g_free(config->profile);
        config->profile = g_strdup(profile_name);
        return true;
    }
    if (nearest != NULL)
        gmq_usage_wrong(&usage, "there is no profile \"%s\". Did you mean %s?", profile_name,
                        nearest);
    else
        gmq_usage_wrong(&usage, "there is no profile \"%s\", only %s", profile_name,
                        GMQ_PROFILE_NAMES);
    return false;
}

static int
read_and_serve(void)
{
    g_autoptr(GError) error  = NULL;
    g_auto(GmqConfig) config = {0};

    gmq_config_init(&config);
    if (config_path != NULL && !gmq_config_load(&config, config_path, &error))
        return fail(error);
    if (!gmq_usage_number(&usage, "--heartbeat", heartbeat_text, 0, UINT16_MAX,
                          &config.heartbeat_s))
        return GMQ_EXIT_USAGE;
    take_options(&config);
    if (!take_profile(&config))
        return GMQ_EXIT_USAGE;

    g_autoptr(GArray) endpoints = read_endpoints(&config, &error);
    if (endpoints == NULL)
        return fail(error);
    g_log_set_default_handler(write_log, NULL);
    return serve(&config, endpoints);
}

int
gmq_cmd_serve(int argc, char **argv)
{
    g_auto(GStrv) arguments = NULL;
    g_autofree char *keys   = gmq_config_help();
    g_autofree char *help =
        g_strconcat(gmq_usage_text(HELP_START), keys, gmq_usage_text(HELP_END), NULL);

    usage.more = help;
    int status = gmq_usage_parse(&usage, argc, argv, &arguments);
    if (status == GMQ_USAGE_GO_ON)
        status = read_and_serve();
    usage.more = NULL;
    forget_options();
    return status;
}
