#include "core/server/cmd-serve.h"

#include <errno.h>
#include <stdio.h>

#include "core/base/options.h"
#include "core/net/net.h"

#define LISTEN_DEFAULT "localhost:5672"
#define SIGNAL_STATUS 128 /* as shells report a program that a signal ended */

static char **listen_texts;
static char *heartbeat_text;

static const GOptionEntry entries[] = {
    {"listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &listen_texts,
     "Listen there (default " LISTEN_DEFAULT "); may be given again", "ADDRESS:PORT"},
    {"heartbeat", 0, 0, G_OPTION_ARG_STRING, &heartbeat_text,
     "Propose to clients a heartbeat every S seconds (default 60; 0: none)", "S"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command = "serve",
    .summary = "Serves AMQP 0-9-1 clients until SIGTERM or SIGINT (Ctrl-C) comes. Queues are kept "
               "in memory.\nThe user guest with the password guest may log in from this machine.",
    .more    = "ADDRESS is an IPv4 address, an IPv6 address in brackets, localhost, or * for all. "
               "Port 0 takes any\nfree port. When the broker is ready it prints one line that says "
               "where it listens.\n\n"
               "Exit status: 0 after a stop that all clients were told of, 1 when it cannot serve, "
               "2 for wrong\nuse, 128 and the signal's number when a second signal ended it at "
               "once.",
    .entries = entries,
};

/* Lets the parsed options go, so that the command may run again in the same process. */
static void
forget_options(void)
{
    g_clear_pointer(&listen_texts, g_strfreev);
    g_clear_pointer(&heartbeat_text, g_free);
}

/* Returns the endpoints to listen on, of GmqEndpoint; NULL when one of the texts is wrong. */
static GArray *
read_endpoints(GError **error)
{
    static const char *const defaults[] = {LISTEN_DEFAULT, NULL};
    const char *const *texts = listen_texts == NULL ? defaults : (const char *const *)listen_texts;
    g_autoptr(GArray) endpoints = g_array_new(FALSE, FALSE, sizeof(GmqEndpoint));

    for (; *texts != NULL; texts++) {
        GmqEndpoint endpoint;
        if (!gmq_endpoint_parse(*texts, &endpoint, error))
            return NULL;
        g_array_append_val(endpoints, endpoint);
    }
    return g_steal_pointer(&endpoints);
}

static bool
listen_all(GmqNet *net, const GArray *endpoints, GError **error)
{
    for (unsigned i = 0; i < endpoints->len; i++) {
        if (!gmq_net_listen(net, &g_array_index(endpoints, GmqEndpoint, i), error))
            return false;
    }
    return true;
}

/* Whoever started the broker may wait for this line, so it must not stay in a buffer. A broker
 * that nobody listens to serves all the same. */
static void
say_ready(const GmqNet *net)
{
    g_autofree char *where = gmq_net_describe(net);

    printf("GlassMQ " GMQ_VERSION " serves AMQP 0-9-1 on %s (queues in memory)\n", where);
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
    fprintf(stderr, "glassmq serve: %s.\n", error->message);
    return 1;
}

static int
serve(const GArray *endpoints, const GmqAmqpConfig *config)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GmqNet) net   = gmq_net_new(&error);

    if (net == NULL)
        return fail(error);

    g_autoptr(GmqBroker) broker = gmq_broker_new(gmq_net_host(net));
    g_autoptr(GmqAmqp) amqp     = gmq_amqp_new(broker, config);
    gmq_net_attach(net, amqp);
    if (!listen_all(net, endpoints, &error))
        return fail(error);

    say_ready(net);
    int number = gmq_net_run(net);
    gmq_net_hang_up(net);
    return number == 0 ? 0 : SIGNAL_STATUS + number;
}

static int
read_and_serve(void)
{
    g_autoptr(GError) error = NULL;
    GmqAmqpConfig config    = GMQ_AMQP_CONFIG_DEFAULT;
    uint64_t heartbeat_s    = config.heartbeat_s;

    if (!gmq_usage_number(&usage, "--heartbeat", heartbeat_text, 0, UINT16_MAX, &heartbeat_s))
        return GMQ_EXIT_USAGE;
    config.heartbeat_s = (uint16_t)heartbeat_s;
    config.version     = GMQ_VERSION;

    g_autoptr(GArray) endpoints = read_endpoints(&error);
    if (endpoints == NULL)
        return fail(error);
    g_log_set_default_handler(write_log, NULL);
    return serve(endpoints, &config);
}

int
gmq_cmd_serve(int argc, char **argv)
{
    g_auto(GStrv) arguments = NULL;
    int status              = gmq_usage_parse(&usage, argc, argv, &arguments);

    if (status == GMQ_USAGE_GO_ON)
        status = read_and_serve();
    forget_options();
    return status;
}
