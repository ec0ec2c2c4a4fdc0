/* broker-url.h - where a broker is and who we are there: amqp://[user:pass@]host[:port][/vhost] */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    char *user;     /* without one "guest" */
    char *password; /* likewise */
    char *host;
    char *vhost;   /* without one "/" */
    uint16_t port; /* without one 5672 */
    char *place;   /* "host:port", for people */
} GmqBrokerUrl;

/* Why something about a broker elsewhere did not work; the message is a whole sentence without its
 * full stop. */
#define GMQ_REMOTE_ERROR gmq_remote_error_quark()
GQuark gmq_remote_error_quark(void);

typedef enum {
    GMQ_REMOTE_ERROR_URL,
    GMQ_REMOTE_ERROR_UNREACHABLE, /* nobody there, or nobody who speaks AMQP */
    GMQ_REMOTE_ERROR_REFUSED,     /* the broker does not want what we do */
    GMQ_REMOTE_ERROR_OCCUPIED,    /* there is something that we do not want to touch */
    GMQ_REMOTE_ERROR_IMPOSSIBLE,  /* the scenario wants what only our own broker can do */
} GmqRemoteError;

/* Returns NULL and an error for anything else than such an address; the caller frees it. */
GmqBrokerUrl *gmq_broker_url_read(const char *text, GError **error);
void gmq_broker_url_free(GmqBrokerUrl *url);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqBrokerUrl, gmq_broker_url_free)

G_END_DECLS
