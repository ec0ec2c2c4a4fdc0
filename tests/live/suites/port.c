/* port.c - loaded before a client whose tests know one port only: what goes to 5672 goes to the
 * port in GLASSMQ_PORT instead. */
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define FIXED_PORT 5672

typedef int Connect(int fd, const struct sockaddr *address, socklen_t size);

static uint16_t
broker_port(void)
{
    const char *text = getenv("GLASSMQ_PORT");

    return text == NULL ? FIXED_PORT : (uint16_t)strtoul(text, NULL, 10);
}

int
connect(int fd, const struct sockaddr *address, socklen_t size)
{
    struct sockaddr_in other;
    void *found = dlsym(RTLD_NEXT, "connect");
    Connect *real;

    memcpy(&real, &found, sizeof real); /* C knows no cast from a pointer to data */
    if (address->sa_family != AF_INET || size < sizeof other)
        return real(fd, address, size);

    memcpy(&other, address, sizeof other);
    if (other.sin_port == htons(FIXED_PORT))
        other.sin_port = htons(broker_port());
    return real(fd, (const struct sockaddr *)&other, sizeof other);
}
