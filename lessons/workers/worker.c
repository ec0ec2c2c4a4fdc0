/* A worker for the lessons 4, 5, 6, 13, 14 and 17, with the library librabbitmq.
 *
 * It takes one task at a time, does the work, sends the text of the task to the queue "done", and
 * only then acks. It does no task twice, rejects a broken one, and connects again when its
 * connection ends.
 *
 *     cc -o worker worker.c -lrabbitmq
 *     glassmq lesson check 5 -- ./worker */
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CHANNEL   = 1,
    FRAME_MAX = 131072,
    TASKS_MAX = 1000,
    TEXT_MAX  = 256,
    MS        = 1000,
    HEARTBEAT = 2,
    DOT_MS    = 100,
    AGAIN_MS  = 300,
};

/* The ids of the tasks that are done. */
static char done[TASKS_MAX][TEXT_MAX];
static unsigned n_done;

static bool
is_done(const char *id)
{
    for (unsigned i = 0; i < n_done; i++) {
        if (strcmp(done[i], id) == 0)
            return true;
    }
    return false;
}

/* A copy that ends with a NUL; what is too long is cut. */
static void
copy(char *to, size_t size, amqp_bytes_t from)
{
    snprintf(to, size, "%.*s", (int)from.len, (const char *)from.bytes);
}

static void
do_work(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '.')
            usleep(DOT_MS * MS);
    }
}

/* Takes one task; false when the connection is lost. */
static bool
work(amqp_connection_state_t connection, const amqp_envelope_t *task)
{
    char text[TEXT_MAX];
    char id[TEXT_MAX];

    copy(text, sizeof text, task->message.body);
    copy(id, sizeof id, task->message.properties.message_id);
    if (strstr(text, "broken") != NULL)
        return amqp_basic_reject(connection, CHANNEL, task->delivery_tag, false) == AMQP_STATUS_OK;
    if (!is_done(id)) {
        do_work(text);
        if (amqp_basic_publish(connection, CHANNEL, amqp_empty_bytes, amqp_cstring_bytes("done"),
                               false, false, NULL, task->message.body) != AMQP_STATUS_OK)
            return false;
        if (n_done < TASKS_MAX)
            memcpy(done[n_done++], id, sizeof id);
    }
    return amqp_basic_ack(connection, CHANNEL, task->delivery_tag, false) == AMQP_STATUS_OK;
}

static bool
went_well(amqp_rpc_reply_t reply)
{
    return reply.reply_type == AMQP_RESPONSE_NORMAL;
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
    amqp_basic_qos(connection, CHANNEL, 0, 1, false);
    amqp_basic_consume(connection, CHANNEL, amqp_cstring_bytes(getenv("GLASSMQ_QUEUE")),
                       amqp_empty_bytes, false, false, false, amqp_empty_table);
    return went_well(amqp_get_rpc_reply(connection));
}

static void
listen_once(const struct amqp_connection_info *where)
{
    amqp_connection_state_t connection = amqp_new_connection();
    bool is_on                         = begin(connection, where);

    while (is_on) {
        amqp_envelope_t task;

        amqp_maybe_release_buffers(connection);
        is_on = went_well(amqp_consume_message(connection, &task, NULL, 0));
        if (!is_on)
            break;
        is_on = work(connection, &task);
        amqp_destroy_envelope(&task);
    }
    amqp_destroy_connection(connection);
}

int
main(void)
{
    const char *given = getenv("AMQP_URL");
    char *url         = given == NULL ? NULL : strdup(given);
    struct amqp_connection_info where;

    if (url == NULL || amqp_parse_url(url, &where) != AMQP_STATUS_OK) {
        fputs("AMQP_URL is no address of a broker\n", stderr);
        return 1;
    }
    for (;;) {
        listen_once(&where);
        fprintf(stderr, "connecting again\n");
        usleep(AGAIN_MS * MS);
    }
}
