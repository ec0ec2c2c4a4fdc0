#include "sim/broker-url.h"

#include <string.h>

#define DEFAULT_PORT 5672

G_DEFINE_QUARK(gmq - remote - error - quark, gmq_remote_error)

void
gmq_broker_url_free(GmqBrokerUrl *url)
{
    if (url == NULL)
        return;
    g_free(url->user);
    g_free(url->password);
    g_free(url->host);
    g_free(url->vhost);
    g_free(url->place);
    g_free(url);
}

static bool
refuse(GError **error, const char *text, const char *why)
{
    g_set_error(error, GMQ_REMOTE_ERROR, GMQ_REMOTE_ERROR_URL,
                "\"%s\" is no address of a broker: %s. Write amqp://host:port, or "
                "amqp://user:password@host:port/vhost",
                text, why);
    return false;
}

static char *
part(const char *text, const char *otherwise)
{
    return g_strdup(text == NULL ? otherwise : text);
}

/* "/" is an empty name of a vhost, as the AMQP URI specification says; "%2F" is the usual one. */
static char *
read_vhost(const char *path)
{
    return g_strdup(path == NULL || *path == '\0' ? "/" : path + 1);
}

static bool
check(const char *text, GUri *uri, GError **error)
{
    const char *scheme = g_uri_get_scheme(uri);
    const char *host   = g_uri_get_host(uri);
    const char *path   = g_uri_get_path(uri);

    if (strcmp(scheme, "amqps") == 0)
        return refuse(error, text, "scenarios are played without TLS, so it begins with amqp://");
    if (strcmp(scheme, "amqp") != 0)
        return refuse(error, text, "it does not begin with amqp://");
    if (host == NULL || *host == '\0')
        return refuse(error, text, "it names no host");
    if (g_uri_get_port(uri) == 0)
        return refuse(error, text, "there is no port 0");
    if (*path == '/' && strchr(path + 1, '/') != NULL && path[1] != '/')
        return refuse(error, text, "a / in the name of a vhost is written %2F");
    return true;
}

GmqBrokerUrl *
gmq_broker_url_read(const char *text, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    g_autoptr(GUri) uri     = g_uri_parse(text, G_URI_FLAGS_HAS_PASSWORD, &wrong);

    if (uri == NULL) {
        refuse(error, text, wrong->message);
        return NULL;
    }
    if (!check(text, uri, error))
        return NULL;

    GmqBrokerUrl *url = g_new0(GmqBrokerUrl, 1);
    int port          = g_uri_get_port(uri);

    url->user     = part(g_uri_get_user(uri), "guest");
    url->password = part(g_uri_get_password(uri), "guest");
    url->host     = g_strdup(g_uri_get_host(uri));
    url->vhost    = read_vhost(g_uri_get_path(uri));
    url->port     = port < 0 ? DEFAULT_PORT : (uint16_t)port;
    url->place =
        g_strdup_printf(strchr(url->host, ':') != NULL ? "[%s]:%u" : "%s:%u", url->host, url->port);
    return url;
}
