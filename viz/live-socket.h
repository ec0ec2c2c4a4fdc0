/* live-socket.h - the connection to a broker's control socket, line by line, never waiting. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct GmqLiveSocket GmqLiveSocket;

/* Connects to the broker of that directory. NULL with an error, a sentence without its full stop,
 * that says what is not there. */
GmqLiveSocket *gmq_live_socket_new(const char *directory, GError **error);
void gmq_live_socket_free(GmqLiveSocket *socket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLiveSocket, gmq_live_socket_free)

int gmq_live_socket_fd(const GmqLiveSocket *socket);

/* Sends a short request, with its newline. */
bool gmq_live_socket_ask(GmqLiveSocket *socket, const char *request, GError **error);

/* The next line, without its newline, which may be changed and is lent until the next call. NULL
 * without an error when there is none yet, and with one when the broker is gone. */
char *gmq_live_socket_line(GmqLiveSocket *socket, size_t *size, GError **error);

G_END_DECLS
