#include "core/server/cmd-ctl.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/nearest.h"
#include "core/base/options.h"
#include "core/server/command.h"
#include "core/server/ctl-client.h"
#include "core/server/ctl-file.h"
#include "core/server/ctl-print.h"
#include "core/server/data-dir.h"

#define ARGUMENTS_MAX 4096 /* words on a command line */

static char *data_path;
static char *format;
static char *vhost;
static char *priority_text;
static char *apply_to;
static gboolean if_empty;
static gboolean if_unused;

static const GOptionEntry entries[] = {
    {"data", 0, 0, G_OPTION_ARG_FILENAME, &data_path,
     GMQ_USAGE_TEXT(
         "The data directory of the broker (default: glassmq in the user's directory for state)"),
     "DIR"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &format, GMQ_USAGE_TEXT("table (the default) or json"),
     "FORMAT"},
    {"vhost", 'p', 0, G_OPTION_ARG_STRING, &vhost,
     GMQ_USAGE_TEXT("The virtual host (default: the broker's)"), "VHOST"},
    {"if-empty", 0, 0, G_OPTION_ARG_NONE, &if_empty,
     GMQ_USAGE_TEXT("Only a queue without messages"), NULL},
    {"if-unused", 0, 0, G_OPTION_ARG_NONE, &if_unused,
     GMQ_USAGE_TEXT("Only a queue without consumers"), NULL},
    {"priority", 0, 0, G_OPTION_ARG_STRING, &priority_text,
     GMQ_USAGE_TEXT("Of a policy: the highest that fits counts (default 0)"), "N"},
    {"apply-to", 0, 0, G_OPTION_ARG_STRING, &apply_to,
     GMQ_USAGE_TEXT("What a policy is for: all (the default), queues or exchanges"), "KIND"},
    G_OPTION_ENTRY_NULL,
};

static GmqUsage usage = {
    .command   = "ctl",
    .arguments = "COMMAND [ARGUMENT...]",
    .summary =
        GMQ_USAGE_TEXT("Looks into a broker that runs on this machine, and tells it what to do."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = ARGUMENTS_MAX,
};

/* ---- help ---- */

static void
add_command_help(GString *help, const GmqCommand *command)
{
    g_autofree char *call = g_strjoin(
        " ", command->name, command->columns != NULL ? "[COLUMN...]" : command->parameters, NULL);

    g_string_append_printf(help, "  %-44s %s\n", call, gmq_usage_text(command->summary));
}

static void
add_columns_help(GString *help, const GmqCommand *command)
{
    g_string_append_printf(help, "  %s:", command->name);
    for (const GmqColumn *column = command->columns; column->name != NULL; column++)
        g_string_append_printf(help, "%s%s", column == command->columns ? " " : ", ", column->name);
    g_string_append_c(help, '\n');
}

/* The caller frees it. */
static char *
help_text(void)
{
    GString *help = g_string_new(gmq_usage_text("Commands:\n"));

    for (size_t i = 0; i < gmq_command_count; i++)
        add_command_help(help, &gmq_commands[i]);
    g_string_append(help, gmq_usage_text("\nColumns:\n"));
    for (size_t i = 0; i < gmq_command_count; i++) {
        if (gmq_commands[i].columns != NULL)
            add_columns_help(help, &gmq_commands[i]);
    }
    g_string_append(
        help,
        gmq_usage_text(
            "\nA password that is not given is read from the standard input. FILE may be - for the "
            "standard\ninput or output.\n\n"
            "Exit status: 0 when it is done, 1 when the broker refuses or is not there, 2 for "
            "wrong use."));
    return g_string_free(help, FALSE);
}

/* ---- checks ---- */

static int
refuse_command(const char *name)
{
    const char *nearest = gmq_command_nearest(name);

    if (nearest == NULL)
        return gmq_usage_wrong(&usage, "there is no command %s", name);
    return gmq_usage_wrong(&usage, "there is no command %s. Did you mean %s?", name, nearest);
}

static int
check_count(const GmqCommand *command, unsigned n)
{
    if (n >= gmq_command_least(command) && n <= gmq_command_most(command))
        return GMQ_USAGE_GO_ON;
    if (command->parameters[0] == '\0')
        return gmq_usage_wrong(&usage, "%s takes no arguments", command->name);
    return gmq_usage_wrong(&usage, "%s takes %s", command->name, command->parameters);
}

static int
refuse_column(const GmqCommand *command, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (const GmqColumn *column = command->columns; column->name != NULL; column++)
        g_ptr_array_add(names, (void *)column->name);

    const char *nearest = gmq_nearest(name, (const char *const *)names->pdata, names->len);
    if (nearest == NULL)
        return gmq_usage_wrong(&usage, "%s has no column %s", command->name, name);
    return gmq_usage_wrong(&usage, "%s has no column %s. Did you mean %s?", command->name, name,
                           nearest);
}

static int
check_columns(const GmqCommand *command, char **names)
{
    for (; *names != NULL; names++) {
        if (gmq_column_find(command->columns, *names) == NULL)
            return refuse_column(command, *names);
    }
    return GMQ_USAGE_GO_ON;
}

/* An option that the command has no use for was meant for another. */
static int
check_options(const GmqCommand *command)
{
    const struct {
        const char *name;
        bool is_given;
        GmqTakes takes;
    } options[] = {
        {"--vhost", vhost != NULL, GMQ_TAKES_VHOST},
        {"--if-empty", if_empty, GMQ_TAKES_CONDITION},
        {"--if-unused", if_unused, GMQ_TAKES_CONDITION},
        {"--priority", priority_text != NULL, GMQ_TAKES_POLICY},
        {"--apply-to", apply_to != NULL, GMQ_TAKES_POLICY},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
        if (options[i].is_given && (command->takes & options[i].takes) == 0)
            return gmq_usage_wrong(&usage, "%s has no option %s", command->name, options[i].name);
    }
    if (format != NULL && strcmp(format, "table") != 0 && strcmp(format, "json") != 0)
        return gmq_usage_wrong(&usage, "--format takes table or json, not \"%s\"", format);
    return GMQ_USAGE_GO_ON;
}

static int
check(const GmqCommand *command, char **arguments)
{
    int status = check_options(command);

    if (status != GMQ_USAGE_GO_ON)
        return status;
    return command->columns != NULL ? check_columns(command, arguments)
                                    : check_count(command, g_strv_length(arguments));
}

/* ---- the request ---- */

static void
add_texts(GmqJson *json, const char *key, char **texts)
{
    gmq_json_key(json, key);
    gmq_json_open(json, '[');
    for (; *texts != NULL; texts++)
        gmq_json_put_text(json, gmq_slice_of(*texts));
    gmq_json_close(json, ']');
}

static void
add_options(GmqJson *json, int64_t priority)
{
    if (vhost != NULL)
        gmq_json_add_text_member(json, "vhost", gmq_slice_of(vhost));
    if (if_empty)
        gmq_json_add_bool(json, "if_empty", true);
    if (if_unused)
        gmq_json_add_bool(json, "if_unused", true);
    if (apply_to != NULL)
        gmq_json_add_text_member(json, "apply_to", gmq_slice_of(apply_to));
    if (priority_text != NULL) {
        gmq_json_key(json, "priority");
        gmq_json_put_integer(json, priority);
    }
}

/* Returns the request as a line; the caller frees it. document is JSON, NULL without one. */
static GString *
write_request(const GmqCommand *command, char **arguments, int64_t priority, const char *document)
{
    GString *line = g_string_new(NULL);
    GmqJson json  = {.out = line};
    bool is_file  = (command->takes & (GMQ_TAKES_DOCUMENT | GMQ_GIVES_DOCUMENT)) != 0;

    gmq_json_open(&json, '{');
    gmq_json_add_text_member(&json, "command", gmq_slice_of(command->name));
    if (!is_file && arguments[0] != NULL)
        add_texts(&json, command->columns != NULL ? "columns" : "arguments", arguments);
    add_options(&json, priority);
    if (document != NULL) {
        gmq_json_key(&json, "document");
        gmq_json_put_raw(&json, gmq_slice_of(document));
    }
    gmq_json_close(&json, '}');
    g_string_append_c(line, '\n');
    return line;
}

/* ---- the answer ---- */

/* Lends the names of the standard columns; the caller frees the array. */
static char **
standard_columns(const GmqCommand *command)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    for (const GmqColumn *column = command->columns; column->name != NULL; column++) {
        if (column->is_standard)
            g_strv_builder_add(names, column->name);
    }
    return g_strv_builder_end(names);
}

static void
print_answer(const GmqCommand *command, char **columns, const GmqCtlAnswer *answer)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_auto(GStrv) standard = NULL;
    bool is_json           = format != NULL && strcmp(format, "json") == 0;

    if (command->columns != NULL && is_json) {
        gmq_ctl_print_json(out, answer->rows);
    } else if (command->columns != NULL) {
        standard = columns[0] == NULL ? standard_columns(command) : NULL;
        gmq_ctl_print_table(out, standard != NULL ? standard : columns, answer->rows);
    } else if (is_json) {
        g_autofree char *text = json_to_string(answer->last, FALSE);
        g_string_append_printf(out, "%s\n", text);
    } else {
        gmq_ctl_print_members(out, answer->last);
    }
    fwrite(out->str, 1, out->len, stdout);
}

static int
fail(const GError *error)
{
    g_assert(error != NULL);

    const char *end = g_str_has_suffix(error->message, "?") ? "" : ".";
    fprintf(stderr, "glassmq ctl: %s%s\n", error->message, end);
    return g_error_matches(error, GMQ_CTL_ERROR, GMQ_CTL_ERROR_WRONG) ? GMQ_EXIT_USAGE : 1;
}

static int
ask(const GmqCommand *command, char **arguments, const GString *request, GError **error)
{
    g_auto(GmqCtlAnswer) answer = {0};
    g_autofree char *standard   = gmq_data_dir_default();
    GmqSlice line               = {(const uint8_t *)request->str, request->len};

    bool is_long = command->begin != NULL;

    if (!gmq_ctl_ask(data_path != NULL ? data_path : standard, line, is_long, &answer, error))
        return 1;
    if ((command->takes & GMQ_GIVES_DOCUMENT) != 0)
        return gmq_ctl_write_document(arguments[0], answer.last, error) ? 0 : 1;
    print_answer(command, arguments, &answer);
    return 0;
}

/* ---- the command ---- */

/* The broker may work in another directory. */
static char *
absolute_path(const char *path, GError **error)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);

    if (g_utf8_validate(absolute, -1, NULL))
        return g_steal_pointer(&absolute);
    g_set_error(error, GMQ_CTL_ERROR, GMQ_CTL_ERROR_FAILED,
                "the name of the directory is not UTF-8: choose another");
    return NULL;
}

/* The arguments, and the password that may be missing behind them. The caller frees them. */
static char **
complete_arguments(const GmqCommand *command, char **arguments, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    bool is_complete                = g_strv_length(arguments) == gmq_command_most(command);

    if ((command->takes & GMQ_TAKES_PATH) != 0) {
        g_autofree char *path = absolute_path(arguments[0], error);

        if (path == NULL)
            return NULL;
        g_strv_builder_add(builder, path);
        return g_strv_builder_end(builder);
    }
    g_strv_builder_addv(builder, (const char **)arguments);
    if ((command->takes & GMQ_TAKES_PASSWORD) != 0 && !is_complete) {
        g_autofree char *password = gmq_ctl_read_password(error);

        if (password == NULL)
            return NULL;
        g_strv_builder_add(builder, password);
    }
    return g_strv_builder_end(builder);
}

static int
run(const GmqCommand *command, char **given)
{
    g_autoptr(GError) error   = NULL;
    g_autofree char *document = NULL;
    gint64 priority           = 0;

    if (priority_text != NULL &&
        !g_ascii_string_to_signed(priority_text, 10, INT32_MIN, INT32_MAX, &priority, NULL))
        return gmq_usage_wrong(&usage, "--priority takes a whole number, not \"%s\"",
                               priority_text);
    if ((command->takes & GMQ_TAKES_DOCUMENT) != 0) {
        document = gmq_ctl_read_document(given[0], &error);
        if (document == NULL)
            return fail(error);
    }
    g_auto(GStrv) arguments = complete_arguments(command, given, &error);
    if (arguments == NULL)
        return fail(error);

    GString *request = write_request(command, arguments, priority, document);
    int status       = ask(command, arguments, request, &error);
    g_string_free(request, TRUE);
    return error == NULL ? status : fail(error);
}

static void
forget_options(void)
{
    g_clear_pointer(&data_path, g_free);
    g_clear_pointer(&format, g_free);
    g_clear_pointer(&vhost, g_free);
    g_clear_pointer(&priority_text, g_free);
    g_clear_pointer(&apply_to, g_free);
    if_empty  = FALSE;
    if_unused = FALSE;
}

static int
find_and_run(char **words)
{
    const GmqCommand *command = gmq_command_find(words[0]);

    if (command == NULL)
        return refuse_command(words[0]);
    int status = check(command, words + 1);
    return status == GMQ_USAGE_GO_ON ? run(command, words + 1) : status;
}

int
gmq_cmd_ctl(int argc, char **argv)
{
    g_auto(GStrv) words   = NULL;
    g_autofree char *help = help_text();

    usage.more = help;
    int status = gmq_usage_parse(&usage, argc, argv, &words);
    if (status == GMQ_USAGE_GO_ON)
        status = find_and_run(words);
    usage.more = NULL;
    forget_options();
    return status;
}
