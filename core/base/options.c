#include "core/base/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/nearest.h"

/* The language of people, chosen before a command runs. */
static GmqUsageTexts texts_of_user;

void
gmq_usage_set_texts(GmqUsageTexts texts)
{
    texts_of_user = texts;
}

const char *
gmq_usage_text(const char *english)
{
    return texts_of_user == NULL || *english == '\0' ? english : texts_of_user(english);
}

static const char *
translate(const char *english, gpointer data)
{
    (void)data;
    return gmq_usage_text(english);
}

static void
tell(const GmqUsage *usage, const char *sentence)
{
    const char *end = g_str_has_suffix(sentence, "?") ? "" : ".";

    fprintf(stderr, gmq_usage_text("glassmq %s: %s%s See glassmq %s --help.\n"), usage->command,
            sentence, end, usage->command);
}

int
gmq_usage_wrong(const GmqUsage *usage, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(gmq_usage_text(format), args);
    va_end(args);
    tell(usage, sentence);
    return GMQ_EXIT_USAGE;
}

bool
gmq_usage_number(const GmqUsage *usage, const char *option, const char *text, uint64_t least,
                 uint64_t most, uint64_t *value)
{
    guint64 number;

    if (text == NULL)
        return true;
    if (!g_ascii_string_to_unsigned(text, 10, least, most, &number, NULL)) {
        gmq_usage_wrong(usage, "%s takes a whole number from %ju to %ju, not \"%s\"", option,
                        (guint64)least, (guint64)most, text);
        return false;
    }
    *value = number;
    return true;
}

static void
add_names(GPtrArray *names, const GOptionEntry *entries)
{
    for (const GOptionEntry *entry = entries; entry != NULL && entry->long_name != NULL; entry++)
        g_ptr_array_add(names, g_strconcat("--", entry->long_name, NULL));
}

/* The long names of all options with their dashes; the caller frees the array. */
static GPtrArray *
option_names(const GmqUsage *usage)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    add_names(names, usage->entries);
    add_names(names, usage->shared);
    g_ptr_array_add(names, g_strdup("--help"));
    return names;
}

/* The option that a mistyped long one was meant to be, lent from names; NULL when none is near. */
static const char *
nearest_option(const GPtrArray *names, const char *option)
{
    if (!g_str_has_prefix(option, "--"))
        return NULL;
    return gmq_nearest(option, (const char *const *)names->pdata, names->len);
}

static int
refuse_option(const GmqUsage *usage, const char *argument)
{
    g_autoptr(GPtrArray) names = option_names(usage);
    g_autofree char *option    = g_strndup(argument, strcspn(argument, "="));
    const char *nearest        = nearest_option(names, option);

    if (nearest == NULL)
        return gmq_usage_wrong(usage, "there is no option %s", option);
    return gmq_usage_wrong(usage, "there is no option %s. Did you mean %s?", option, nearest);
}

/* GLib's sentences begin with a capital and end as they please. */
static int
refuse_value(const GmqUsage *usage, const GError *error)
{
    size_t length = strlen(error->message);

    while (length > 0 && g_ascii_ispunct(error->message[length - 1]) &&
           strchr(".!", error->message[length - 1]) != NULL)
        length--;
    return gmq_usage_wrong(usage, "%c%.*s", g_ascii_tolower(error->message[0]),
                           (int)(length > 0 ? length - 1 : 0), error->message + 1);
}

static GOptionContext *
context_new(const GmqUsage *usage, gboolean *help)
{
    const GOptionEntry help_entry[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, help, gmq_usage_text("Show this help"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    GOptionContext *context = g_option_context_new(usage->arguments);

    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_ignore_unknown_options(context, TRUE);
    g_option_context_set_summary(context, usage->summary);
    g_option_context_set_description(context, usage->more);
    if (usage->entries != NULL)
        g_option_context_add_main_entries(context, usage->entries, NULL);
    if (usage->shared != NULL)
        g_option_context_add_main_entries(context, usage->shared, NULL);
    g_option_context_add_main_entries(context, help_entry, NULL);
    g_option_context_set_translate_func(context, translate, NULL, NULL);
    g_option_group_set_translate_func(g_option_context_get_main_group(context), translate, NULL,
                                      NULL);
    return context;
}

/* The help with its heads, which are GLib's own, in the language of the user. */
static void
print_with_heads(const char *help)
{
    const char *rest    = g_str_has_prefix(help, "Usage:") ? help + strlen("Usage:") : help;
    const char *options = strstr(rest, "\nOptions:\n");

    if (rest != help)
        fputs(gmq_usage_text("Usage:"), stdout);
    if (options == NULL) {
        fputs(rest, stdout);
        return;
    }
    fwrite(rest, 1, (size_t)(options - rest), stdout);
    printf("\n%s\n%s", gmq_usage_text("Options:"), options + strlen("\nOptions:\n"));
}

/* The usage line begins with the program's name, which GLib keeps for the whole process. */
static void
print_help(const GmqUsage *usage, GOptionContext *context)
{
    g_autofree char *name = g_strconcat("glassmq ", usage->command, NULL);

    g_set_prgname(name);
    g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
    print_with_heads(help);
}

static int
check_files(const GmqUsage *usage, char **files)
{
    unsigned n = g_strv_length(files);

    if (n < usage->n_files_least)
        return gmq_usage_wrong(usage, "%s is missing", usage->arguments);
    if (n > usage->n_files_most)
        return gmq_usage_wrong(usage, "there is no place for \"%s\"", files[usage->n_files_most]);
    return GMQ_USAGE_GO_ON;
}

/* The words of argv from first on; *options gets those before "--", *behind those after it. */
static void
split_words(int argc, char **argv, GStrvBuilder *options, GStrvBuilder *behind)
{
    bool is_behind = false;

    for (int i = 0; i < argc; i++) {
        if (!is_behind && strcmp(argv[i], "--") == 0)
            is_behind = true;
        else
            g_strv_builder_add(is_behind ? behind : options, argv[i]);
    }
}

/* What GLib left of the words, without the command's name. An unknown option is left too. */
static int
collect_files(const GmqUsage *usage, char **left, char **behind, char ***files)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (char **word = left + 1; *word != NULL; word++) {
        if ((*word)[0] == '-' && (*word)[1] != '\0')
            return refuse_option(usage, *word);
        g_strv_builder_add(builder, *word);
    }
    g_strv_builder_addv(builder, (const char **)behind);

    g_auto(GStrv) all = g_strv_builder_end(builder);
    int status        = check_files(usage, all);
    if (status == GMQ_USAGE_GO_ON)
        *files = g_steal_pointer(&all);
    return status;
}

int
gmq_usage_parse(const GmqUsage *usage, int argc, char **argv, char ***files)
{
    gboolean help                     = FALSE;
    g_autoptr(GError) error           = NULL;
    g_autoptr(GStrvBuilder) options   = g_strv_builder_new();
    g_autoptr(GStrvBuilder) rest      = g_strv_builder_new();
    g_autoptr(GOptionContext) context = context_new(usage, &help);

    *files = NULL;
    split_words(argc, argv, options, rest);

    g_auto(GStrv) words  = g_strv_builder_end(options);
    g_auto(GStrv) behind = g_strv_builder_end(rest);
    if (!g_option_context_parse_strv(context, &words, &error))
        return refuse_value(usage, error);
    if (help) {
        print_help(usage, context);
        return 0;
    }
    return collect_files(usage, words, behind, files);
}
