/* relaylimit - what the kernel alone allows.
 *
 * A producer thread writes blocks of the size that publishes have, one relay thread copies bytes
 * from socket to socket over loopback TCP without looking at them, and a consumer thread reads
 * them. A broker that is one thread of ordinary reads and writes can hardly be faster, so a
 * broker's rate divided by this one, taken in the same run, says how close to the limit it is.
 *
 *     relaylimit [body bytes = 16] [seconds = 3]
 *
 * It prints one JSON object. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BLOCK_SIZE 65536
#define RELAY_SIZE (1 << 18)
#define CONSUME_SIZE (1 << 20)

/* Bytes around a body: basic.publish 8 + 4 + 2 + 1 + 8 + 1, header 8 + 14, body 8. */
#define PUBLISH_OVERHEAD (24 + 22 + 8)

static atomic_bool stop;
static _Atomic uint64_t received;
static size_t stride; /* bytes of one publish */
static int in_client, in_relay, out_relay, out_client;

static double
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Ends the program when a call failed. */
static int
check(int answer, const char *what)
{
    if (answer >= 0)
        return answer;
    fprintf(stderr, "relaylimit: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void
set_no_delay(int fd)
{
    int on = 1;

    check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
}

static void
connect_pair(int *client, int *server)
{
    struct sockaddr_in address = {
        .sin_family      = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct sockaddr *any = (struct sockaddr *)&address;
    socklen_t size       = sizeof address;
    int listener         = check(socket(AF_INET, SOCK_STREAM, 0), "socket");

    check(bind(listener, any, size), "bind");
    check(listen(listener, 1), "listen");
    check(getsockname(listener, any, &size), "getsockname");
    *client = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
    check(connect(*client, any, size), "connect");
    *server = check(accept(listener, NULL, NULL), "accept");
    set_no_delay(*client);
    set_no_delay(*server);
    close(listener);
}

/* Sends all of it; false at the end of the connection. */
static bool
send_all(int fd, const uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

static void *
produce(void *unused)
{
    size_t size    = stride > BLOCK_SIZE ? stride : BLOCK_SIZE / stride * stride;
    uint8_t *block = calloc(1, size);

    while (!stop && send_all(in_client, block, size))
        continue;
    free(block);
    return unused;
}

static void *
relay(void *unused)
{
    static uint8_t block[RELAY_SIZE];
    ssize_t got;

    do
        got = recv(in_relay, block, sizeof block, 0);
    while (got > 0 && send_all(out_relay, block, (size_t)got));
    return unused;
}

static void *
consume(void *unused)
{
    static uint8_t block[CONSUME_SIZE];
    ssize_t got;

    while ((got = recv(out_client, block, sizeof block, 0)) > 0)
        received += (uint64_t)got;
    return unused;
}

int
main(int argc, char **argv)
{
    static void *(*const jobs[])(void *) = {consume, relay, produce};
    size_t body                          = argc > 1 ? strtoul(argv[1], NULL, 10) : 16;
    double seconds                       = argc > 2 ? strtod(argv[2], NULL) : 3;
    pthread_t threads[3];

    stride = PUBLISH_OVERHEAD + body;
    connect_pair(&in_client, &in_relay);
    connect_pair(&out_relay, &out_client);
    double start = now();
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, jobs[i], NULL);
    usleep((useconds_t)(seconds * 1e6));

    double bytes = (double)received, elapsed = now() - start;
    stop = true;
    shutdown(in_client, SHUT_RDWR);
    shutdown(out_relay, SHUT_RDWR);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    printf("{\"body\":%zu,\"limit_msgs_per_s\":%.0f,\"limit_mb_per_s\":%.1f}\n", body,
           bytes / (double)stride / elapsed, bytes / elapsed / 1e6);
    return 0;
}
