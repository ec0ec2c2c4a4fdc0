#include "core/server/command.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/nearest.h"
#include "core/broker/vhost.h"
#include "core/server/commands.h"

G_DEFINE_QUARK(gmq - command - error - quark, gmq_command_error)

#define LISTING(name, summary, takes, columns, look)                                               \
    {                                                                                              \
        name, "", summary, takes, columns, look, NULL                                              \
    }
#define DEED(name, parameters, summary, takes, run)                                                \
    {                                                                                              \
        name, parameters, summary, takes, NULL, NULL, run                                          \
    }

const GmqCommand gmq_commands[] = {
    LISTING("list_connections", "Connections of clients", 0, gmq_connection_columns,
            gmq_look_at_connections),
    LISTING("list_channels", "Their channels", 0, gmq_channel_columns, gmq_look_at_channels),
    LISTING("list_consumers", "Who consumes from which queue", GMQ_TAKES_VHOST,
            gmq_consumer_columns, gmq_look_at_consumers),
    LISTING("list_exchanges", "Exchanges", GMQ_TAKES_VHOST, gmq_exchange_columns,
            gmq_look_at_exchanges),
    LISTING("list_queues", "Queues", GMQ_TAKES_VHOST, gmq_queue_columns, gmq_look_at_queues),
    LISTING("list_bindings", "Bindings", GMQ_TAKES_VHOST, gmq_binding_columns,
            gmq_look_at_bindings),
    LISTING("list_vhosts", "Virtual hosts", 0, gmq_vhost_columns, gmq_look_at_vhosts),
    DEED("purge_queue", "QUEUE", "Drop the messages that wait in a queue", GMQ_TAKES_VHOST,
         gmq_run_purge_queue),
    DEED("delete_queue", "QUEUE", "Delete a queue", GMQ_TAKES_VHOST | GMQ_TAKES_CONDITION,
         gmq_run_delete_queue),
    DEED("close_connection", "NAME REASON", "Close a connection, and tell its client why", 0,
         gmq_run_close_connection),
    DEED("close_all_connections", "REASON", "Close all of them", 0, gmq_run_close_all_connections),
    DEED("status", "", "How the broker is", 0, gmq_run_status),
};

const size_t gmq_command_count = G_N_ELEMENTS(gmq_commands);

const GmqCommand *
gmq_command_find(const char *name)
{
    g_autofree char *plain = g_strdelimit(g_strdup(name), "-", '_');

    for (size_t i = 0; i < gmq_command_count; i++) {
        if (strcmp(gmq_commands[i].name, plain) == 0)
            return &gmq_commands[i];
    }
    return NULL;
}

const char *
gmq_command_nearest(const char *name)
{
    const char *names[G_N_ELEMENTS(gmq_commands)];
    g_autofree char *plain = g_strdelimit(g_strdup(name), "-", '_');

    for (size_t i = 0; i < gmq_command_count; i++)
        names[i] = gmq_commands[i].name;
    return gmq_nearest(plain, names, G_N_ELEMENTS(names));
}

/* ---- how many arguments ---- */

/* The words of the parameters; of those in brackets only when all of them count. */
static unsigned
count_words(const char *parameters, bool with_optional)
{
    unsigned n      = 0;
    bool is_in_word = false;

    for (const char *c = parameters; *c != '\0'; c++) {
        bool is_optional = *c == '[';

        if (*c != ' ' && !is_in_word)
            n += !is_optional || with_optional ? 1 : 0;
        is_in_word = *c != ' ';
    }
    return n;
}

unsigned
gmq_command_least(const GmqCommand *command)
{
    return count_words(command->parameters, false);
}

unsigned
gmq_command_most(const GmqCommand *command)
{
    if (strstr(command->parameters, "...") != NULL)
        return G_MAXINT;
    return count_words(command->parameters, true);
}

/* ---- for the functions ---- */

/* What a text quotes may be anything; an error is UTF-8. */
static void G_GNUC_PRINTF(3, 0)
    set_error(GError **error, GmqCommandError code, const char *format, va_list args)
{
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    g_autofree char *text     = g_utf8_make_valid(sentence, -1);

    g_set_error_literal(error, GMQ_COMMAND_ERROR, code, text);
}

bool
gmq_command_refuse(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_error(error, GMQ_COMMAND_ERROR_REFUSED, format, args);
    va_end(args);
    return false;
}

bool
gmq_command_wrong(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_error(error, GMQ_COMMAND_ERROR_WRONG, format, args);
    va_end(args);
    return false;
}

GmqVhost *
gmq_command_vhost(const GmqServing *serving, const GmqRequest *request, GError **error)
{
    GmqVhost *vhost = gmq_broker_find_vhost(serving->broker, request->vhost);

    if (vhost == NULL)
        gmq_command_refuse(error, "there is no virtual host '%.*s'", (int)request->vhost.size,
                           request->vhost.data);
    return vhost;
}
