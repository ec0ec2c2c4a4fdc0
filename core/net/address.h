/* address.h - where to listen, and where a peer is: an IP address with a port.
 *
 * Names are not looked up: a broker that waits for a name server at start is a broker that does
 * not start. The one name known is localhost. */
#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

/* The longest text, "[" an IPv6 address "]:65535", with its final NUL. */
#define GMQ_ADDRESS_TEXT_MAX 56

typedef union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} GmqAddress;

/* What one --listen asks for. localhost and * are two addresses, of which the second, the IPv6
 * one, may be missing on a machine without IPv6. */
typedef struct {
    GmqAddress addresses[2];
    unsigned n_addresses;
} GmqEndpoint;

typedef enum {
    GMQ_ADDRESS_ERROR_SYNTAX,
} GmqAddressError;

#define GMQ_ADDRESS_ERROR (gmq_address_error_quark())
GQuark gmq_address_error_quark(void);

/* Reads "127.0.0.1:5672", "[::1]:5672", "localhost:5672" or "*:5672"; port 0 stands for any free
 * one. False with an error that says what is allowed. */
bool gmq_endpoint_parse(const char *text, GmqEndpoint *endpoint, GError **error);

/* Bytes of the sockaddr that is in use. */
socklen_t gmq_address_size(const GmqAddress *address);

uint16_t gmq_address_port(const GmqAddress *address);
void gmq_address_set_port(GmqAddress *address, uint16_t port);

bool gmq_address_is_loopback(const GmqAddress *address);

/* Writes "127.0.0.1:5672" or "[::1]:5672" and returns text. */
const char *gmq_address_text(const GmqAddress *address, char text[GMQ_ADDRESS_TEXT_MAX]);

G_END_DECLS
