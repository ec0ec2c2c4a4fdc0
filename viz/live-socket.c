#include "viz/live-socket.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "core/base/data-path.h"
#include "sim/language.h"
#include "viz/live.h"

#define READ_SIZE 65536

/* The longest path that the address of a socket holds. */
#define PATH_MAX_SIZE 107

struct GmqLiveSocket {
    GSocket *socket;
    GByteArray *input;
    size_t first; /* of the input: where the next line begins */
    size_t searched;
};

/* What a socket cannot do, in words that say what to do about it. */
static void
explain(const char *directory, const GError *why, GError **error)
{
    if (!g_file_test(directory, G_FILE_TEST_IS_DIR))
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED, _("there is no directory %s"),
                    directory);
    else if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED,
                    _("the broker of %s answers its own user alone: %s"), directory, why->message);
    else if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
             g_error_matches(why, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED,
                    _("no broker runs in %s: start one with glassmq serve --data %s"), directory,
                    directory);
    else
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED,
                    _("cannot talk to the broker of %s: %s"), directory, why->message);
}

GmqLiveSocket *
gmq_live_socket_new(const char *directory, GError **error)
{
    g_autofree char *path = gmq_data_path_socket(directory);
    g_autoptr(GError) why = NULL;

    if (strlen(path) > PATH_MAX_SIZE) {
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED,
                    _("the path of the socket %s is too long: %d bytes are the most"), path,
                    PATH_MAX_SIZE);
        return NULL;
    }
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &why);
    if (socket == NULL || !g_socket_connect(socket, address, NULL, &why)) {
        explain(directory, why, error);
        return NULL;
    }
    g_socket_set_blocking(socket, FALSE);

    GmqLiveSocket *made = g_new0(GmqLiveSocket, 1);
    made->socket        = g_steal_pointer(&socket);
    made->input         = g_byte_array_new();
    return made;
}

void
gmq_live_socket_free(GmqLiveSocket *socket)
{
    if (socket == NULL)
        return;
    g_object_unref(socket->socket);
    g_byte_array_unref(socket->input);
    g_free(socket);
}

int
gmq_live_socket_fd(const GmqLiveSocket *socket)
{
    return g_socket_get_fd(socket->socket);
}

/* So short a text fits into the buffer of any socket that is read at all. */
bool
gmq_live_socket_ask(GmqLiveSocket *socket, const char *request, GError **error)
{
    size_t size  = strlen(request);
    gssize taken = g_socket_send(socket->socket, request, size, NULL, error);

    if (taken == (gssize)size)
        return true;
    if (taken >= 0)
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED,
                    _("the broker does not take the request"));
    return false;
}

/* Lines that were taken go away before more is read. */
static void
tidy(GmqLiveSocket *socket)
{
    if (socket->first == 0)
        return;
    g_byte_array_remove_range(socket->input, 0, (unsigned)socket->first);
    socket->searched -= socket->first;
    socket->first = 0;
}

/* False when nothing came. */
static bool
read_more(GmqLiveSocket *socket, GError **error)
{
    g_autoptr(GError) why = NULL;
    char bytes[READ_SIZE];

    tidy(socket);
    gssize size = g_socket_receive(socket->socket, bytes, sizeof bytes, NULL, &why);
    if (size > 0) {
        g_byte_array_append(socket->input, (const guint8 *)bytes, (unsigned)size);
        return true;
    }
    if (size == 0)
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED, _("the broker has gone"));
    else if (!g_error_matches(why, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED, _("the broker has gone: %s"),
                    why->message);
    return false;
}

/* A line that is there whole; NULL without one. */
static char *
take_line(GmqLiveSocket *socket, size_t *size)
{
    if (socket->searched == socket->input->len)
        return NULL;

    char *from = (char *)socket->input->data + socket->searched;
    char *end  = memchr(from, '\n', socket->input->len - socket->searched);
    if (end == NULL) {
        socket->searched = socket->input->len;
        return NULL;
    }
    char *start      = (char *)socket->input->data + socket->first;
    *size            = (size_t)(end - start);
    socket->first    = (size_t)(end + 1 - (char *)socket->input->data);
    socket->searched = socket->first;
    return start;
}

char *
gmq_live_socket_line(GmqLiveSocket *socket, size_t *size, GError **error)
{
    char *line = take_line(socket, size);

    while (line == NULL && read_more(socket, error)) {
        line = take_line(socket, size);
        if (line == NULL && socket->input->len > GMQ_LIVE_LINE_MAX) {
            g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED,
                        _("what answers there says lines that are too long: it is no broker"));
            return NULL;
        }
    }
    return line;
}
