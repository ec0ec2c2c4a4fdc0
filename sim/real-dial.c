#include "sim/real-dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct GmqDial {
    struct addrinfo *first; /* owned; the first one is used */
};

int64_t
gmq_dial_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

GmqDial *
gmq_dial_new(const GmqBrokerUrl *url, GError **error)
{
    g_autofree char *port  = g_strdup_printf("%u", url->port);
    struct addrinfo hints  = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int wrong              = getaddrinfo(url->host, port, &hints, &found);

    if (wrong != 0) {
        g_set_error(error, GMQ_REMOTE_ERROR, GMQ_REMOTE_ERROR_UNREACHABLE,
                    "no address is known for \"%s\": %s", url->host, gai_strerror(wrong));
        return NULL;
    }
    GmqDial *dial = g_new0(GmqDial, 1);
    dial->first   = found;
    return dial;
}

void
gmq_dial_free(GmqDial *dial)
{
    if (dial == NULL)
        return;
    freeaddrinfo(dial->first);
    g_free(dial);
}

int
gmq_dial_start(const GmqDial *dial)
{
    const struct addrinfo *to = dial->first;
    int yes                   = 1;
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, to->ai_protocol);

    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd, to->ai_addr, to->ai_addrlen) != 0 && errno != EINPROGRESS) {
        int wrong = errno;

        close(fd);
        errno = wrong;
        return -1;
    }
    return fd;
}

int
gmq_dial_result(int fd)
{
    int wrong      = 0;
    socklen_t size = sizeof wrong;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &wrong, &size) != 0)
        return errno;
    return wrong;
}

static gssize
result_of(gssize n)
{
    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? -1 : -2;
}

gssize
gmq_dial_write(int fd, GmqSlice bytes)
{
    return result_of(send(fd, bytes.data, bytes.size, MSG_NOSIGNAL));
}

gssize
gmq_dial_read(int fd, uint8_t *room, size_t size)
{
    return result_of(recv(fd, room, size, 0));
}

void
gmq_dial_end(int fd)
{
    shutdown(fd, SHUT_WR);
}

void
gmq_dial_reset(int fd)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}
