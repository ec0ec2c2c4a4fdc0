#include "core/server/ctl-client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/server/control.h"
#include "core/server/data-dir.h"

/* A broker that is busy for longer than this is none that answers. */
#define PATIENCE_S 60

#define READ_SIZE 65536

G_DEFINE_QUARK(gmq - ctl - error - quark, gmq_ctl_error)

void
gmq_ctl_answer_clear(GmqCtlAnswer *answer)
{
    g_clear_pointer(&answer->rows, g_ptr_array_unref);
    g_clear_pointer(&answer->last, json_node_unref);
}

static bool
fail(GError **error, const char *path, int number)
{
    const char *reason = number == EAGAIN ? "the broker does not answer" : g_strerror(number);

    g_set_error(error, GMQ_CTL_ERROR, GMQ_CTL_ERROR_FAILED, "cannot talk to the broker at %s: %s",
                path, reason);
    return false;
}

static bool
fail_to_connect(GError **error, const char *data_path, const char *path, int number)
{
    if (number != ENOENT && number != ECONNREFUSED && number != ENOTDIR)
        return fail(error, path, number);
    g_set_error(
        error, GMQ_CTL_ERROR, GMQ_CTL_ERROR_FAILED,
        "no broker runs with the data directory %s: start one with glassmq serve --data %s, "
        "or say with --data where it is",
        data_path, data_path);
    return false;
}

/* Returns the socket, or -1 with an error. */
static int
open_socket(const char *data_path, const char *path, bool is_long, GError **error)
{
    const struct timeval patience = {.tv_sec = is_long ? 0 : PATIENCE_S};
    struct sockaddr_un address;

    if (!gmq_control_address(path, &address, error))
        return -1;

    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        return fd;
    }
    fail_to_connect(error, data_path, path, errno);
    if (fd >= 0)
        close(fd);
    return -1;
}

/* A broker that hangs up in the middle may have said why. */
static bool
send_all(int fd, const char *path, GmqSlice request, GError **error)
{
    while (request.size > 0) {
        ssize_t size = send(fd, request.data, request.size, MSG_NOSIGNAL);

        if (size < 0 && (errno == EPIPE || errno == ECONNRESET))
            return true;
        if (size < 0 && errno != EINTR)
            return fail(error, path, errno);
        request.data += MAX(size, 0);
        request.size -= (size_t)MAX(size, 0);
    }
    return true;
}

/* ---- the answer ---- */

/* Returns the object of a line; NULL when there is none in it. */
static JsonNode *
parse_line(const char *line, size_t size)
{
    g_autoptr(JsonParser) parser = json_parser_new();

    if (!gmq_json_is_shallow(line, size, GMQ_JSON_DEPTH_MAX + 2) ||
        !json_parser_load_from_data(parser, line, (gssize)size, NULL))
        return NULL;

    JsonNode *root = json_parser_get_root(parser);
    return root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_node_copy(root) : NULL;
}

static bool
take_line(GmqCtlAnswer *answer, const char *line, size_t size)
{
    g_autoptr(JsonNode) node = parse_line(line, size);
    JsonNode *row;

    if (node == NULL)
        return false;
    row = json_object_get_member(json_node_get_object(node), "row");
    if (row == NULL)
        answer->last = g_steal_pointer(&node);
    else if (JSON_NODE_HOLDS_OBJECT(row))
        g_ptr_array_add(answer->rows, json_node_copy(row));
    else
        return false;
    return true;
}

/* Takes the whole lines out of the input; false when one of them is none of ours. */
static bool
take_lines(GmqCtlAnswer *answer, GString *input, size_t searched)
{
    size_t start = 0;
    char *end;

    while (answer->last == NULL &&
           (end = memchr(input->str + searched, '\n', input->len - searched)) != NULL) {
        size_t at = (size_t)(end - input->str);

        if (!take_line(answer, input->str + start, at - start))
            return false;
        start = searched = at + 1;
    }
    g_string_erase(input, 0, (gssize)start);
    return true;
}

static bool
receive(int fd, const char *path, GmqCtlAnswer *answer, GError **error)
{
    g_autoptr(GString) input = g_string_new(NULL);
    char data[READ_SIZE];

    while (answer->last == NULL) {
        size_t searched = input->len;
        ssize_t size    = recv(fd, data, sizeof data, 0);

        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return fail(error, path, size == 0 ? ECONNRESET : errno);
        g_string_append_len(input, data, size);
        if (!take_lines(answer, input, searched))
            return fail(error, path, EPROTO);
    }
    return true;
}

/* Whether the last line says that all went well; if not, why. */
static bool
check_last(const GmqCtlAnswer *answer, GError **error)
{
    JsonObject *last = json_node_get_object(answer->last);
    bool is_wrong    = json_object_get_boolean_member_with_default(last, "wrong", FALSE);

    if (json_object_get_boolean_member_with_default(last, "ok", FALSE))
        return true;
    g_set_error_literal(
        error, GMQ_CTL_ERROR, is_wrong ? GMQ_CTL_ERROR_WRONG : GMQ_CTL_ERROR_FAILED,
        json_object_get_string_member_with_default(last, "error", "the broker does not say why"));
    return false;
}

bool
gmq_ctl_ask(const char *data_path, GmqSlice request, bool is_long, GmqCtlAnswer *answer,
            GError **error)
{
    g_autofree char *path = gmq_data_dir_socket_path(data_path);
    int fd                = open_socket(data_path, path, is_long, error);

    if (fd < 0)
        return false;
    answer->rows = g_ptr_array_new_with_free_func((GDestroyNotify)json_node_unref);

    bool is_whole = send_all(fd, path, request, error) && receive(fd, path, answer, error);
    close(fd);
    return is_whole && check_last(answer, error);
}
