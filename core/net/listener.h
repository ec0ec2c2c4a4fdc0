/* listener.h - takes connections from one address and hands them to whoever serves them.
 *
 * When the process may open no more files, a connection is taken and closed at once, so that its
 * client learns of it, and the log says so now and then. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/net/address.h"
#include "core/net/loop.h"

G_BEGIN_DECLS

typedef struct GmqListener GmqListener;

/* Takes the connected, non-blocking socket. */
typedef void (*GmqAcceptFunc)(void *user, int fd, const GmqAddress *from, const GmqAddress *to);

typedef enum {
    GMQ_LISTENER_ERROR_NO_FAMILY, /* the machine does not speak this kind of address */
    GMQ_LISTENER_ERROR_IN_USE,
    GMQ_LISTENER_ERROR_FAILED,
} GmqListenerError;

#define GMQ_LISTENER_ERROR (gmq_listener_error_quark())
GQuark gmq_listener_error_quark(void);

/* Listens on address; loop and user are lent. NULL with an error whose message is a sentence
 * without its full stop. */
GmqListener *gmq_listener_new(GmqLoop *loop, const GmqAddress *address, GmqAcceptFunc accepted,
                              void *user, GError **error);

/* Stops listening; connections that were not taken yet are reset by the kernel. */
void gmq_listener_free(GmqListener *listener);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqListener, gmq_listener_free)

/* Where it listens, with the real port when port 0 was asked for. */
const GmqAddress *gmq_listener_address(const GmqListener *listener);

/* After an accept that the kernel could not serve, the listener rests. It is woken by this, which
 * is called once per turn and costs nothing otherwise. */
void gmq_listener_resume(GmqListener *listener);

/* When gmq_listener_resume() has something to do; INT64_MAX: nothing is planned. */
int64_t gmq_listener_deadline(const GmqListener *listener);

G_END_DECLS
