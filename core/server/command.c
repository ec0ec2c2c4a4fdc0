#include "core/server/command.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/nearest.h"
#include "core/broker/vhost.h"
#include "core/server/commands.h"

/* So many are named to who asks for one that is not there. */
#define VHOSTS_NAMED 8

G_DEFINE_QUARK(gmq - command - error - quark, gmq_command_error)

#define LISTING(name, summary, takes, columns, look)                                               \
    {                                                                                              \
        name, "", summary, takes, columns, look, NULL, NULL                                        \
    }
#define DEED(name, parameters, summary, takes, run)                                                \
    {                                                                                              \
        name, parameters, summary, takes, NULL, NULL, run, NULL                                    \
    }
#define TASK(name, parameters, summary, takes, begin)                                              \
    {                                                                                              \
        name, parameters, summary, takes, NULL, NULL, NULL, begin                                  \
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
    LISTING("list_users", "Users", 0, gmq_user_columns, gmq_look_at_users),
    LISTING("list_permissions", "What users may do", GMQ_TAKES_VHOST, gmq_permission_columns,
            gmq_look_at_permissions),
    LISTING("list_topic_permissions", "Which routing keys they may use", GMQ_TAKES_VHOST,
            gmq_topic_permission_columns, gmq_look_at_topic_permissions),
    LISTING("list_policies", "Policies", GMQ_TAKES_VHOST, gmq_policy_columns, gmq_look_at_policies),
    LISTING("list_operator_policies", "Operator policies", GMQ_TAKES_VHOST, gmq_policy_columns,
            gmq_look_at_operator_policies),
    LISTING("list_vhost_limits", "Limits of virtual hosts", 0, gmq_vhost_limit_columns,
            gmq_look_at_vhost_limits),
    LISTING("list_user_limits", "Limits of users", 0, gmq_user_limit_columns,
            gmq_look_at_user_limits),
    DEED("add_user", "USER [PASSWORD]", "Add a user", GMQ_TAKES_PASSWORD, gmq_run_add_user),
    DEED("delete_user", "USER", "Delete a user, and close his connections", 0, gmq_run_delete_user),
    DEED("change_password", "USER [PASSWORD]", "Change a user's password", GMQ_TAKES_PASSWORD,
         gmq_run_change_password),
    DEED("set_user_tags", "USER [TAG...]", "Replace a user's tags", 0, gmq_run_set_user_tags),
    DEED("set_user_limits", "USER JSON", "Set limits: '{\"max-connections\": 5}'", 0,
         gmq_run_set_user_limits),
    DEED("clear_user_limits", "USER LIMIT", "Take a limit away, or all", 0,
         gmq_run_clear_user_limits),
    DEED("add_vhost", "VHOST", "Add a virtual host", 0, gmq_run_add_vhost),
    DEED("delete_vhost", "VHOST", "Delete a virtual host with all that is in it", 0,
         gmq_run_delete_vhost),
    DEED("set_vhost_limits", "JSON", "Set limits: '{\"max-queues\": 100}'", GMQ_TAKES_VHOST,
         gmq_run_set_vhost_limits),
    DEED("clear_vhost_limits", "", "Take its limits away", GMQ_TAKES_VHOST,
         gmq_run_clear_vhost_limits),
    DEED("set_permissions", "USER CONFIGURE WRITE READ", "Let a user do what these patterns match",
         GMQ_TAKES_VHOST, gmq_run_set_permissions),
    DEED("clear_permissions", "USER", "Keep a user out of a virtual host", GMQ_TAKES_VHOST,
         gmq_run_clear_permissions),
    DEED("set_topic_permissions", "USER EXCHANGE WRITE READ",
         "Let a user use the routing keys that match", GMQ_TAKES_VHOST,
         gmq_run_set_topic_permissions),
    DEED("clear_topic_permissions", "USER [EXCHANGE]", "Take that back", GMQ_TAKES_VHOST,
         gmq_run_clear_topic_permissions),
    DEED("set_policy", "NAME PATTERN JSON", "Set arguments of all queues that match",
         GMQ_TAKES_VHOST | GMQ_TAKES_POLICY, gmq_run_set_policy),
    DEED("clear_policy", "NAME", "Take a policy away", GMQ_TAKES_VHOST, gmq_run_clear_policy),
    DEED("set_operator_policy", "NAME PATTERN JSON", "Set limits that users cannot lift",
         GMQ_TAKES_VHOST | GMQ_TAKES_POLICY, gmq_run_set_operator_policy),
    DEED("clear_operator_policy", "NAME", "Take an operator policy away", GMQ_TAKES_VHOST,
         gmq_run_clear_operator_policy),
    DEED("purge_queue", "QUEUE", "Drop the messages that wait in a queue", GMQ_TAKES_VHOST,
         gmq_run_purge_queue),
    DEED("delete_queue", "QUEUE", "Delete a queue", GMQ_TAKES_VHOST | GMQ_TAKES_CONDITION,
         gmq_run_delete_queue),
    DEED("pause_queue", "QUEUE", "Let a queue keep its messages to itself", GMQ_TAKES_VHOST,
         gmq_run_pause_queue),
    DEED("resume_queue", "QUEUE", "Let it hand them out again", GMQ_TAKES_VHOST,
         gmq_run_resume_queue),
    DEED("close_connection", "NAME REASON", "Close a connection, and tell its client why", 0,
         gmq_run_close_connection),
    DEED("close_all_connections", "REASON", "Close all of them", 0, gmq_run_close_all_connections),
    DEED("trace_on", "", "Copy all that is published and delivered to amq.rabbitmq.trace",
         GMQ_TAKES_VHOST, gmq_run_trace_on),
    DEED("trace_off", "", "Stop that", GMQ_TAKES_VHOST, gmq_run_trace_off),
    DEED("export_definitions", "FILE", "Write what the broker is set up with, as RabbitMQ does",
         GMQ_GIVES_DOCUMENT, gmq_run_export_definitions),
    DEED("import_definitions", "FILE", "Add what such a file says",
         GMQ_TAKES_VHOST | GMQ_TAKES_DOCUMENT, gmq_run_import_definitions),
    TASK("backup", "DIR", "Copy what is kept to a new data directory", GMQ_TAKES_PATH,
         gmq_begin_backup),
    DEED("status", "", "How the broker is", 0, gmq_run_status),
};

const GmqCommand gmq_command_events = {
    .name = "events", .parameters = "", .takes = GMQ_TAKES_VHOST};

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

/* "'/', 'shop' and 3 more", in order of creation. */
static GString *
name_vhosts(const GmqBroker *broker)
{
    const GQueue *vhosts = gmq_broker_vhosts(broker);
    GString *names       = g_string_new(NULL);
    unsigned n           = 0;

    for (const GList *each = vhosts->head; each != NULL && n < VHOSTS_NAMED; each = each->next) {
        GmqSlice name = ((const GmqVhost *)each->data)->name;

        g_string_append(names, n++ > 0 ? ", '" : "'");
        g_string_append_len(names, (const char *)name.data, (gssize)name.size);
        g_string_append_c(names, '\'');
    }
    if (vhosts->length > n)
        g_string_append_printf(names, " and %u more", vhosts->length - n);
    return names;
}

GmqVhost *
gmq_command_vhost(const GmqServing *serving, const GmqRequest *request, GError **error)
{
    GmqVhost *vhost = gmq_broker_find_vhost(serving->broker, request->vhost);

    if (vhost != NULL)
        return vhost;

    g_autoptr(GString) names = name_vhosts(serving->broker);
    gmq_command_refuse(error, "there is no virtual host '%.*s'; there %s %s",
                       (int)request->vhost.size, request->vhost.data,
                       gmq_broker_vhosts(serving->broker)->length == 1 ? "is" : "are",
                       names->len > 0 ? names->str : "none");
    return NULL;
}
