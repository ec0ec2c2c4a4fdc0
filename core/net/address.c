#include "core/net/address.h"

#include <arpa/inet.h>
#include <string.h>

G_DEFINE_QUARK(gmq - address - error - quark, gmq_address_error)

/* Hosts that stand for one address of each family. */
static const struct {
    const char *name;
    const char *hosts[2];
} names[] = {
    {"localhost", {"127.0.0.1", "::1"}},
    {"*", {"0.0.0.0", "::"}},
};

static bool
read_host(const char *host, GmqAddress *address)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, host, &address->v4.sin_addr) == 1) {
        address->any.sa_family = AF_INET;
        return true;
    }
    if (inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1) {
        address->any.sa_family = AF_INET6;
        return true;
    }
    return false;
}

static void
add_host(GmqEndpoint *endpoint, const char *host, uint16_t port)
{
    GmqAddress *address = &endpoint->addresses[endpoint->n_addresses];

    if (!read_host(host, address))
        return;
    gmq_address_set_port(address, port);
    endpoint->n_addresses++;
}

/* The host's length is known and its brackets, if any, are gone. */
static void
add_hosts(GmqEndpoint *endpoint, const char *host, uint16_t port)
{
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(host, names[i].name) == 0) {
            add_host(endpoint, names[i].hosts[0], port);
            add_host(endpoint, names[i].hosts[1], port);
            return;
        }
    }
    add_host(endpoint, host, port);
}

/* An IPv6 address wears brackets, so that its colons are not taken for the port's; no other host
 * does. Returns the host alone, NULL when the brackets are wrong. */
static char *
host_without_brackets(const char *text, const char *colon)
{
    size_t length     = (size_t)(colon - text);
    bool has_brackets = length >= 2 && text[0] == '[' && colon[-1] == ']';
    bool has_colon    = memchr(text, ':', length) != NULL;

    if (has_brackets != has_colon)
        return NULL;
    return has_brackets ? g_strndup(text + 1, length - 2) : g_strndup(text, length);
}

bool
gmq_endpoint_parse(const char *text, GmqEndpoint *endpoint, GError **error)
{
    const char *colon = strrchr(text, ':');
    guint64 port      = 0;

    endpoint->n_addresses = 0;
    if (colon != NULL && g_ascii_string_to_unsigned(colon + 1, 10, 0, UINT16_MAX, &port, NULL)) {
        g_autofree char *host = host_without_brackets(text, colon);
        if (host != NULL)
            add_hosts(endpoint, host, (uint16_t)port);
    }
    if (endpoint->n_addresses > 0)
        return true;
    g_set_error(error, GMQ_ADDRESS_ERROR, GMQ_ADDRESS_ERROR_SYNTAX,
                "\"%s\" is no ADDRESS:PORT such as 127.0.0.1:5672, [::1]:5672, localhost:5672 or "
                "*:5672",
                text);
    return false;
}

socklen_t
gmq_address_size(const GmqAddress *address)
{
    return address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
}

uint16_t
gmq_address_port(const GmqAddress *address)
{
    return ntohs(address->any.sa_family == AF_INET6 ? address->v6.sin6_port : address->v4.sin_port);
}

void
gmq_address_set_port(GmqAddress *address, uint16_t port)
{
    if (address->any.sa_family == AF_INET6)
        address->v6.sin6_port = htons(port);
    else
        address->v4.sin_port = htons(port);
}

bool
gmq_address_is_loopback(const GmqAddress *address)
{
    if (address->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

const char *
gmq_address_text(const GmqAddress *address, char text[GMQ_ADDRESS_TEXT_MAX])
{
    bool is_v6                  = address->any.sa_family == AF_INET6;
    char host[INET6_ADDRSTRLEN] = "?";

    if (is_v6)
        inet_ntop(AF_INET6, &address->v6.sin6_addr, host, sizeof host);
    else
        inet_ntop(AF_INET, &address->v4.sin_addr, host, sizeof host);
    g_snprintf(text, GMQ_ADDRESS_TEXT_MAX, is_v6 ? "[%s]:%u" : "%s:%u", host,
               (unsigned)gmq_address_port(address));
    return text;
}
