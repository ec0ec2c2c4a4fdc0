#include "core/server/ctl-file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/server/control.h"
#include "core/server/ctl-client.h"

#define READ_SIZE 65536

static void
fail(GError **error, const char *doing, const char *path, const char *reason)
{
    g_set_error(error, GMQ_CTL_ERROR, GMQ_CTL_ERROR_FAILED, "cannot %s %s: %s", doing, path,
                reason);
}

static bool
is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* ---- documents ---- */

static GString *
read_all(FILE *file)
{
    GString *text = g_string_new(NULL);
    char data[READ_SIZE];
    size_t size;

    while (text->len <= GMQ_CONTROL_REQUEST_MAX && (size = fread(data, 1, sizeof data, file)) > 0)
        g_string_append_len(text, data, (gssize)size);
    return text;
}

/* Returns what the file holds; NULL with an error. */
static GString *
read_file(const char *path, GError **error)
{
    FILE *file = is_standard(path) ? stdin : fopen(path, "re");

    if (file == NULL) {
        fail(error, "open", path, g_strerror(errno));
        return NULL;
    }
    errno         = 0;
    GString *text = read_all(file);
    int number    = ferror(file) ? errno : text->len > GMQ_CONTROL_REQUEST_MAX ? EFBIG : 0;

    if (!is_standard(path))
        fclose(file);
    if (number == 0)
        return text;
    g_string_free(text, TRUE);
    fail(error, "read", path, g_strerror(number));
    return NULL;
}

/* The parser names the line itself, "<data>:3:7: ...", under a name that says nothing. */
static void
fail_to_parse(GError **error, const char *path, const GError *why)
{
    const char *message = g_str_has_prefix(why->message, "<data>:") ? why->message + 7 : "";

    g_set_error(error, GMQ_CTL_ERROR, GMQ_CTL_ERROR_FAILED, "%s%s%s is no JSON", path,
                message[0] == '\0' ? "" : ":", message[0] == '\0' ? "" : message);
}

char *
gmq_ctl_read_document(const char *path, GError **error)
{
    GString *text                = read_file(path, error);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) why        = NULL;
    char *line                   = NULL;

    if (text == NULL)
        return NULL;
    if (!gmq_json_is_shallow(text->str, text->len, GMQ_JSON_DEPTH_MAX))
        fail(error, "read", path, "it nests too deep");
    else if (!json_parser_load_from_data(parser, text->str, (gssize)text->len, &why))
        fail_to_parse(error, path, why);
    else if (json_parser_get_root(parser) == NULL)
        fail(error, "read", path, "it is empty");
    else
        line = json_to_string(json_parser_get_root(parser), FALSE);
    g_string_free(text, TRUE);
    return line;
}

bool
gmq_ctl_write_document(const char *path, JsonNode *answer, GError **error)
{
    JsonNode *document    = json_object_get_member(json_node_get_object(answer), "document");
    g_autofree char *text = json_to_string(document, TRUE);
    FILE *file            = is_standard(path) ? stdout : fopen(path, "we");

    if (file == NULL) {
        fail(error, "write", path, g_strerror(errno));
        return false;
    }
    fprintf(file, "%s\n", text);
    if (is_standard(path))
        return true;
    bool is_written = ferror(file) == 0;
    if (fclose(file) == 0 && is_written)
        return true;
    fail(error, "write", path, g_strerror(errno));
    return false;
}

/* ---- passwords ---- */

/* Turns the echo of a terminal off, and on again as it was; false when there is no terminal. */
static bool
hide(struct termios *before)
{
    struct termios hidden;

    if (tcgetattr(STDIN_FILENO, before) < 0)
        return false;
    hidden = *before;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    return tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
}

char *
gmq_ctl_read_password(GError **error)
{
    struct termios before;
    char *line  = NULL;
    size_t room = 0;

    if (isatty(STDIN_FILENO))
        fputs("Password: ", stderr);
    bool is_hidden = hide(&before);
    ssize_t size   = getline(&line, &room, stdin);
    if (is_hidden) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }

    char *password = size <= 0 ? NULL : g_strndup(line, strcspn(line, "\r\n"));
    free(line);
    if (password == NULL)
        fail(error, "read", "the password", "the standard input is empty");
    return password;
}
