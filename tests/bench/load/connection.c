#include "tests/bench/load/connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/load/options.h"

#define INPUT_LEAST (1 << 20)
#define FRAME_MAX 131072
#define CHANNELS_MAX 2047
#define PROTOCOL "AMQP\0\0\x09\x01"
#define PROTOCOL_SIZE 8

void
die(const char *what)
{
    fprintf(stderr, "amqpload: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void
wait_for_room(int fd)
{
    struct pollfd full = {.fd = fd, .events = POLLOUT};

    poll(&full, 1, -1);
}

void
connection_send(Connection *connection, const void *data, size_t size)
{
    const uint8_t *at = data;

    while (size > 0) {
        ssize_t sent = send(connection->fd, at, size, MSG_NOSIGNAL);
        if (sent > 0) {
            at += sent;
            size -= (size_t)sent;
        } else if (sent < 0 && errno == EAGAIN) {
            wait_for_room(connection->fd);
        } else if (sent == 0 || errno != EINTR) {
            die("send");
        }
    }
}

void
connection_send_all(Connection *connection, Buffer *buffer)
{
    connection_send(connection, buffer->data, buffer->size);
    buffer->size = 0;
}

/* Moves what is left to the start when half of the room is read, and doubles the room when even
 * then it is full. */
static void
make_room(Connection *connection)
{
    if (connection->input_at > 0 && connection->input_at == connection->input_size)
        connection->input_at = connection->input_size = 0;
    if (connection->input_at > connection->input_room / 2) {
        memmove(connection->input, connection->input + connection->input_at,
                connection->input_size - connection->input_at);
        connection->input_size -= connection->input_at;
        connection->input_at = 0;
    }
    if (connection->input_size < connection->input_room)
        return;
    connection->input_room = connection->input_room > 0 ? connection->input_room * 2 : INPUT_LEAST;
    connection->input      = realloc(connection->input, connection->input_room);
    if (connection->input == NULL)
        abort();
}

bool
connection_fill(Connection *connection)
{
    make_room(connection);

    ssize_t got = recv(connection->fd, connection->input + connection->input_size,
                       connection->input_room - connection->input_size, 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (got <= 0)
        return false;
    connection->input_size += (size_t)got;
    return true;
}

const uint8_t *
connection_next_frame(Connection *connection, uint32_t *size)
{
    const uint8_t *frame = connection->input + connection->input_at;
    size_t have          = connection->input_size - connection->input_at;

    if (have < FRAME_START)
        return NULL;
    *size = get_u32(frame + 3);
    if (have < (size_t)*size + FRAME_START + 1)
        return NULL;
    if (frame[FRAME_START + *size] != FRAME_END) {
        fprintf(stderr, "amqpload: bad frame end\n");
        exit(1);
    }
    connection->input_at += *size + FRAME_START + 1;
    return frame;
}

void
check_not_closed(const uint8_t *frame)
{
    if (!frame_is(frame, 10, 50) && !frame_is(frame, 20, 40))
        return;
    fprintf(stderr, "amqpload: closed by the broker: %u %.*s\n", get_u16(frame + 11), frame[13],
            (const char *)frame + 14);
    exit(1);
}

const uint8_t *
connection_expect(Connection *connection, unsigned class_id, unsigned method_id)
{
    for (;;) {
        const uint8_t *frame;
        uint32_t size;

        while ((frame = connection_next_frame(connection, &size)) != NULL) {
            if (frame_is(frame, class_id, method_id))
                return frame;
            check_not_closed(frame);
        }
        if (!connection_fill(connection)) {
            fprintf(stderr, "amqpload: the broker hung up (waiting for %u.%u)\n", class_id,
                    method_id);
            exit(1);
        }
    }
}

static int
connect_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port   = htons((uint16_t)options.port),
    };

    if (fd < 0)
        die("socket");
    if (inet_pton(AF_INET, options.host, &address.sin_addr) != 1) {
        fprintf(stderr, "amqpload: %s is not an IPv4 address\n", options.host);
        exit(1);
    }
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void
put_client_properties(Buffer *buffer)
{
    static const char *const capabilities[] = {
        "publisher_confirms",
        "basic.nack",
        "consumer_cancel_notify",
    };
    size_t table = put_length(buffer);

    put_shortstr(buffer, "capabilities");
    put_u8(buffer, 'F');
    size_t inner = put_length(buffer);
    for (size_t i = 0; i < sizeof capabilities / sizeof capabilities[0]; i++) {
        put_shortstr(buffer, capabilities[i]);
        put_u8(buffer, 't');
        put_u8(buffer, 1);
    }
    put_length_at(buffer, inner);
    put_length_at(buffer, table);
}

static void
put_start_ok(Buffer *buffer)
{
    size_t at = method_open(buffer, 0, 10, 11);

    put_client_properties(buffer);
    put_shortstr(buffer, "PLAIN");
    size_t response = put_length(buffer);
    put_u8(buffer, 0);
    put_bytes(buffer, options.user, strlen(options.user));
    put_u8(buffer, 0);
    put_bytes(buffer, options.password, strlen(options.password));
    put_length_at(buffer, response);
    put_shortstr(buffer, "en_US");
    frame_close(buffer, at);
}

static void
put_tune_ok_and_open(Buffer *buffer, uint32_t frame_max)
{
    size_t at = method_open(buffer, 0, 10, 31);

    put_u16(buffer, CHANNELS_MAX);
    put_u32(buffer, frame_max);
    put_u16(buffer, 0);
    frame_close(buffer, at);

    at = method_open(buffer, 0, 10, 40);
    put_shortstr(buffer, options.vhost);
    put_shortstr(buffer, "");
    put_u8(buffer, 0);
    frame_close(buffer, at);
}

static void
put_channel_open(Buffer *buffer)
{
    size_t at = method_open(buffer, 1, 20, 10);

    put_shortstr(buffer, "");
    frame_close(buffer, at);
}

Connection *
connection_open(void)
{
    Connection *connection = calloc(1, sizeof *connection);
    Buffer buffer          = {0};

    if (connection == NULL)
        abort();
    connection->fd = connect_socket();
    connection_send(connection, PROTOCOL, PROTOCOL_SIZE);
    connection_expect(connection, 10, 10);
    put_start_ok(&buffer);
    connection_send_all(connection, &buffer);

    connection->frame_max = get_u32(connection_expect(connection, 10, 30) + 13);
    if (connection->frame_max == 0 || connection->frame_max > FRAME_MAX)
        connection->frame_max = FRAME_MAX;
    put_tune_ok_and_open(&buffer, connection->frame_max);
    connection_send_all(connection, &buffer);
    connection_expect(connection, 10, 41);
    put_channel_open(&buffer);
    connection_send_all(connection, &buffer);
    connection_expect(connection, 20, 11);
    buffer_clear(&buffer);
    return connection;
}

void
connection_close(Connection *connection)
{
    close(connection->fd);
    free(connection->input);
    free(connection);
}
