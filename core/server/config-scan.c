#include "core/server/config-scan.h"

#include <stdarg.h>
#include <string.h>

#include "core/server/config.h"

bool
gmq_config_refuse(const GmqConfigLine *line, GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, GMQ_CONFIG_ERROR, GMQ_CONFIG_ERROR_WRONG, "%s:%u: %s", line->path,
                line->number, sentence);
    return false;
}

/* GLib's own escapes: \s \n \t \r and \\. The caller frees the value; NULL when it has others. */
static char *
unescape(const char *value)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error  = NULL;

    g_key_file_set_value(file, "g", "k", value);
    g_autofree char *text = g_key_file_get_string(file, "g", "k", &error);
    return error == NULL ? g_steal_pointer(&text) : NULL;
}

typedef struct {
    GmqConfigLineFunc take;
    void *user;
    char *group; /* owned; NULL before the first */
} Scan;

static bool
take_group(Scan *scan, GmqConfigLine *line, const char *text, GError **error)
{
    size_t size = strlen(text);

    if (text[size - 1] != ']')
        return gmq_config_refuse(line, error, "a group is written [name]");
    g_free(scan->group);
    scan->group = g_strndup(text + 1, size - 2);
    line->group = scan->group;
    return scan->take(scan->user, line, error);
}

static bool
take_key(const Scan *scan, GmqConfigLine *line, char *text, char *sign, GError **error)
{
    *sign       = '\0';
    line->group = scan->group;
    line->key   = g_strchomp(text);

    g_autofree char *value = unescape(g_strstrip(sign + 1));
    if (value == NULL)
        return gmq_config_refuse(line, error,
                                 "the value of %s has a backslash in it that stands for nothing: "
                                 "write \\\\",
                                 line->key);
    line->value = value;
    return scan->take(scan->user, line, error);
}

/* The text may be written to. */
static bool
take_line(Scan *scan, GmqConfigLine *line, char *text, GError **error)
{
    char *start = g_strstrip(text);
    char *sign  = strchr(start, '=');

    if (start[0] == '\0' || start[0] == '#')
        return true;
    if (start[0] == '[')
        return take_group(scan, line, start, error);
    if (sign == NULL || sign == start)
        return gmq_config_refuse(line, error, "a line is [group], key = value, or a # comment");
    if (scan->group == NULL)
        return gmq_config_refuse(line, error, "a key stands in a group: write its [name] above");
    return take_key(scan, line, start, sign, error);
}

/* The line that the byte stands in. */
static unsigned
number_at(const char *text, const char *at)
{
    unsigned number = 1;

    for (; text < at; text++)
        number += *text == '\n' ? 1 : 0;
    return number;
}

static bool
check_encoding(const char *path, const char *text, gsize size, GError **error)
{
    const char *end;

    if (g_utf8_validate_len(text, size, &end))
        return true;
    GmqConfigLine line = {.path = path, .number = number_at(text, end)};
    return gmq_config_refuse(&line, error, "this is not UTF-8");
}

bool
gmq_config_scan(const char *path, const char *text, gsize size, GmqConfigLineFunc take, void *user,
                GError **error)
{
    if (!check_encoding(path, text, size, error))
        return false;

    g_autofree char *copy = g_strndup(text, size);
    g_auto(GStrv) lines   = g_strsplit(copy, "\n", -1);
    Scan scan             = {.take = take, .user = user};
    bool is_right         = true;
    for (unsigned i = 0; is_right && lines[i] != NULL; i++) {
        GmqConfigLine line = {.path = path, .number = i + 1};

        is_right = take_line(&scan, &line, lines[i], error);
    }
    g_free(scan.group);
    return is_right;
}
