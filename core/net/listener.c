#include "core/net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

#define BACKLOG 4096   /* the kernel cuts it to net.core.somaxconn */
#define ACCEPTS_MAX 64 /* per turn: a crowd at the door must not stop the work inside */
#define REST_NS (NS_PER_S / 10)
#define LOG_PERIOD_NS (10 * NS_PER_S)

struct GmqListener {
    GmqWatch watch;
    GmqLoop *loop;
    GmqAcceptFunc accepted;
    void *user;
    GmqAddress address;
    bool is_wildcard; /* peers then arrive at addresses of their own */
    int fd;
    int spare_fd;          /* given up to take and close one more; -1: lost */
    int64_t rest_until_ns; /* INT64_MAX: it is not resting */
    int64_t log_after_ns;  /* not the same complaint again before */
};

G_DEFINE_QUARK(gmq - listener - error - quark, gmq_listener_error)

static void
set_error(GError **error, const GmqAddress *address, int number)
{
    char text[GMQ_ADDRESS_TEXT_MAX];
    GmqListenerError code = GMQ_LISTENER_ERROR_FAILED;
    const char *reason    = g_strerror(number);

    switch (number) {
    case EADDRINUSE:
        code   = GMQ_LISTENER_ERROR_IN_USE;
        reason = "another program uses this port";
        break;
    case EACCES:
        reason = "only root may use this port";
        break;
    case EAFNOSUPPORT:
    case EADDRNOTAVAIL:
        code   = GMQ_LISTENER_ERROR_NO_FAMILY;
        reason = "this machine has no such address";
        break;
    }
    g_set_error(error, GMQ_LISTENER_ERROR, code, "cannot listen on %s: %s",
                gmq_address_text(address, text), reason);
}

/* Options that accepted sockets take over from the one that listens. On loopback there is nothing
 * to avoid congestion of, and an algorithm that paces what is sent, as BBR does, costs a timer for
 * every burst: RFC 5681, which every kernel has, only gets out of the way. */
static void
set_options(int fd, const GmqAddress *address)
{
    static const char reno[] = "reno";
    int on                   = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (address->any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (gmq_address_is_loopback(address))
        setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, reno, sizeof reno - 1);
}

/* Returns the socket, or -1 with errno. *address gets the port that was bound. */
static int
open_socket(GmqAddress *address)
{
    socklen_t size = sizeof *address;
    int fd         = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    set_options(fd, address);
    if (bind(fd, &address->any, gmq_address_size(address)) == 0 && listen(fd, BACKLOG) == 0 &&
        getsockname(fd, &address->any, &size) == 0)
        return fd;

    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

static bool
is_wildcard(const GmqAddress *address)
{
    if (address->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
    return address->v4.sin_addr.s_addr == htonl(INADDR_ANY);
}

static int
open_spare(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
complain(GmqListener *listener, int number)
{
    char text[GMQ_ADDRESS_TEXT_MAX];
    int64_t now = gmq_loop_now(listener->loop);

    if (now < listener->log_after_ns)
        return;
    listener->log_after_ns = now + LOG_PERIOD_NS;
    g_message("connections to %s are turned away: %s", gmq_address_text(&listener->address, text),
              g_strerror(number));
}

static void
rest(GmqListener *listener)
{
    listener->rest_until_ns = gmq_loop_now(listener->loop) + REST_NS;
    gmq_loop_change(listener->loop, listener->fd, 0, &listener->watch);
}

/* Out of files: gives up the spare one for a moment, so that the client at the head of the line
 * is hung up on instead of waiting. Without a spare the line rests. */
static void
turn_away(GmqListener *listener)
{
    if (listener->spare_fd < 0) {
        rest(listener);
        return;
    }
    close(listener->spare_fd);
    int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    listener->spare_fd = open_spare();
}

/* What accept4(2) reports about one connection, or that there is none, is no trouble of ours. */
static bool
is_trouble(int number)
{
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

static void
meet_trouble(GmqListener *listener, int number)
{
    complain(listener, number);
    if (number == EMFILE || number == ENFILE)
        turn_away(listener);
    else
        rest(listener);
}

/* Returns false when there is nobody more to take now. */
static bool
accept_one(GmqListener *listener)
{
    GmqAddress from;
    GmqAddress to       = listener->address;
    socklen_t from_size = sizeof from;
    socklen_t to_size   = sizeof to;
    int fd = accept4(listener->fd, &from.any, &from_size, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0) {
        int number = errno;
        if (is_trouble(number))
            meet_trouble(listener, number);
        return number == ECONNABORTED || number == EINTR;
    }
    if (listener->is_wildcard)
        getsockname(fd, &to.any, &to_size);
    listener->accepted(listener->user, fd, &from, &to);
    return true;
}

static void
listener_ready(GmqWatch *watch, uint32_t events)
{
    (void)events;
    for (int i = 0; i < ACCEPTS_MAX && accept_one((GmqListener *)watch); i++)
        continue;
}

GmqListener *
gmq_listener_new(GmqLoop *loop, const GmqAddress *address, GmqAcceptFunc accepted, void *user,
                 GError **error)
{
    GmqAddress bound = *address;
    int fd           = open_socket(&bound);

    if (fd < 0) {
        set_error(error, address, errno);
        return NULL;
    }

    GmqListener *listener = g_new(GmqListener, 1);
    *listener             = (GmqListener){
                    .watch         = {listener_ready},
                    .loop          = loop,
                    .accepted      = accepted,
                    .user          = user,
                    .address       = bound,
                    .is_wildcard   = is_wildcard(&bound),
                    .fd            = fd,
                    .spare_fd      = open_spare(),
                    .rest_until_ns = INT64_MAX,
    };
    if (!gmq_loop_add(loop, fd, EPOLLIN, &listener->watch)) {
        set_error(error, address, errno);
        gmq_listener_free(listener);
        return NULL;
    }
    return listener;
}

void
gmq_listener_free(GmqListener *listener)
{
    if (listener == NULL)
        return;
    close(listener->fd);
    if (listener->spare_fd >= 0)
        close(listener->spare_fd);
    g_free(listener);
}

const GmqAddress *
gmq_listener_address(const GmqListener *listener)
{
    return &listener->address;
}

void
gmq_listener_resume(GmqListener *listener)
{
    if (gmq_loop_now(listener->loop) < listener->rest_until_ns)
        return;
    listener->rest_until_ns = INT64_MAX;
    if (listener->spare_fd < 0)
        listener->spare_fd = open_spare();
    gmq_loop_change(listener->loop, listener->fd, EPOLLIN, &listener->watch);
}

int64_t
gmq_listener_deadline(const GmqListener *listener)
{
    return listener->rest_until_ns;
}
