/* A sender for the lessons 3, 12 and 16, with the library librabbitmq.
 *
 * It sends "WORD 1", "WORD 2" and so on to its queue, and waits for the confirm of each message.
 * What was refused or may be lost is sent again.
 *
 *     cc -o sender sender.c -lrabbitmq
 *     glassmq lesson check 12 -- ./sender order 10 */
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CHANNEL    = 1,
    FRAME_MAX  = 131072,
    TEXT_MAX   = 256,
    MS         = 1000,
    HEARTBEAT  = 2,
    REFUSED_MS = 100,
    AGAIN_MS   = 300,
};

typedef enum {
    TAKEN,
    REFUSED,
    LOST,
} Answer;

static bool
went_well(amqp_rpc_reply_t reply)
{
    return reply.reply_type == AMQP_RESPONSE_NORMAL;
}

/* Waits for the confirm. Anything else that comes is the end. */
static Answer
hear(amqp_connection_state_t connection)
{
    amqp_frame_t frame;

    amqp_maybe_release_buffers(connection);
    if (amqp_simple_wait_frame(connection, &frame) != AMQP_STATUS_OK ||
        frame.frame_type != AMQP_FRAME_METHOD)
        return LOST;
    if (frame.payload.method.id == AMQP_BASIC_ACK_METHOD)
        return TAKEN;
    return frame.payload.method.id == AMQP_BASIC_NACK_METHOD ? REFUSED : LOST;
}

static Answer
send_one(amqp_connection_state_t connection, const char *text)
{
    amqp_basic_properties_t properties = {._flags        = AMQP_BASIC_DELIVERY_MODE_FLAG,
                                          .delivery_mode = AMQP_DELIVERY_PERSISTENT};

    if (amqp_basic_publish(connection, CHANNEL, amqp_empty_bytes,
                           amqp_cstring_bytes(getenv("GLASSMQ_QUEUE")), false, false, &properties,
                           amqp_cstring_bytes(text)) != AMQP_STATUS_OK)
        return LOST;
    return hear(connection);
}

static bool
begin(amqp_connection_state_t connection, const struct amqp_connection_info *where)
{
    amqp_socket_t *socket = amqp_tcp_socket_new(connection);

    if (amqp_socket_open(socket, where->host, where->port) != AMQP_STATUS_OK ||
        !went_well(amqp_login(connection, where->vhost, 0, FRAME_MAX, HEARTBEAT,
                              AMQP_SASL_METHOD_PLAIN, where->user, where->password)))
        return false;
    amqp_channel_open(connection, CHANNEL);
    amqp_confirm_select(connection, CHANNEL);
    return went_well(amqp_get_rpc_reply(connection));
}

/* Sends number n and all that follow, and returns the first that did not arrive. */
static int
send_all(const struct amqp_connection_info *where, const char *word, int n, int count)
{
    amqp_connection_state_t connection = amqp_new_connection();
    bool is_on                         = begin(connection, where);
    char text[TEXT_MAX];

    while (is_on && n <= count) {
        snprintf(text, sizeof text, "%s %d", word, n);
        Answer answer = send_one(connection, text);

        is_on = answer != LOST;
        n += answer == TAKEN;
        if (answer == REFUSED)
            usleep(REFUSED_MS * MS); /* the queue is full: later there will be room */
    }
    if (is_on)
        amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(connection);
    return n;
}

int
main(int argc, char **argv)
{
    const char *given = getenv("AMQP_URL");
    int count         = argc > 2 ? atoi(argv[2]) : 0;
    char *url         = given == NULL ? NULL : strdup(given);
    struct amqp_connection_info where;

    if (url == NULL || amqp_parse_url(url, &where) != AMQP_STATUS_OK) {
        fputs("AMQP_URL is no address of a broker\n", stderr);
        return 1;
    }
    for (int n = 1; n <= count;) {
        n = send_all(&where, argv[1], n, count);
        if (n <= count)
            usleep(AGAIN_MS * MS);
    }
    free(url);
    return 0;
}
