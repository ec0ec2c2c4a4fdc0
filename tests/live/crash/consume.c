#include "tests/live/crash/consume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/live/crash/body.h"
#include "tests/live/crash/session.h"

enum {
    QUEUES_MAX     = 16,
    DRAIN_PREFETCH = 500,
    DRAIN_ACK      = 100,
    DRAIN_MS       = 10000
};

/* What a consumer does, in percent; what is left is nothing. */
typedef struct {
    char queue[64];
    int prefetch, acks, rejects, requeues;
} Habit;

static amqp_connection_state_t session;
static Habit habits[QUEUES_MAX];
static Body body;

static bool
read_habit(const char *text, Habit *habit)
{
    return sscanf(text, "%63[^,],%d,%d,%d,%d", habit->queue, &habit->prefetch, &habit->acks,
                  &habit->rejects, &habit->requeues) == 5;
}

/* The queue's name is the consumer's tag. */
static void
start_consumer(const char *queue, int prefetch)
{
    amqp_bytes_t name = amqp_cstring_bytes(queue);

    amqp_basic_qos(session, CHANNEL, 0, (uint16_t)prefetch, 0);
    session_check(session);
    amqp_basic_consume(session, CHANNEL, name, name, 0, 0, 0, amqp_empty_table);
    session_check(session);
}

/* The next delivery; whatever else comes is stepped over. */
static bool
next_delivery(amqp_envelope_t *envelope, int timeout_ms)
{
    struct timeval timeout = {timeout_ms / 1000, 0};

    for (;;) {
        amqp_maybe_release_buffers(session);
        amqp_rpc_reply_t reply = amqp_consume_message(session, envelope, &timeout, 0);
        if (reply.reply_type == AMQP_RESPONSE_NORMAL)
            return true;
        if (reply.library_error == AMQP_STATUS_TIMEOUT)
            return false;
        if (reply.library_error != AMQP_STATUS_UNEXPECTED_STATE)
            session_end(session, reply.library_error);
        amqp_frame_t frame;
        session_read(session, &frame, 0);
    }
}

static long long
delivery_count(const amqp_basic_properties_t *properties)
{
    const amqp_table_t *headers = &properties->headers;

    if ((properties->_flags & AMQP_BASIC_HEADERS_FLAG) == 0)
        return 0;
    for (int i = 0; i < headers->num_entries; i++) {
        const amqp_table_entry_t *entry = &headers->entries[i];
        if (entry->key.len == strlen("x-delivery-count") &&
            memcmp(entry->key.bytes, "x-delivery-count", entry->key.len) == 0)
            return entry->value.value.i64;
    }
    return 0;
}

/* The line of a delivery, or that it is not what was sent. */
static void
log_delivery(const char *queue, const amqp_envelope_t *envelope, char answer)
{
    const amqp_basic_properties_t *properties = &envelope->message.properties;
    const amqp_bytes_t *bytes                 = &envelope->message.body;

    if ((properties->_flags & AMQP_BASIC_MESSAGE_ID_FLAG) == 0 ||
        properties->delivery_mode != AMQP_DELIVERY_PERSISTENT ||
        !body_check(&body, properties->message_id.bytes, properties->message_id.len, bytes->bytes,
                    bytes->len)) {
        printf("! a message in %s was changed, of %zu bytes\n", queue, bytes->len);
        return;
    }
    printf("D %s %d %lld %c %s\n", queue, envelope->redelivered != 0, delivery_count(properties),
           answer, body.id);
}

static char
choose(const Habit *habit, unsigned *seed)
{
    int dice = rand_r(seed) % 100;

    if ((dice -= habit->acks) < 0)
        return 'a';
    if ((dice -= habit->rejects) < 0)
        return 'r';
    return dice < habit->requeues ? 'q' : '-';
}

/* When that fails the broker is gone, and what it sent before is still to be read: so reading finds
 * the end. */
static void
answer(uint64_t tag, char answer)
{
    if (answer == 'a')
        amqp_basic_ack(session, CHANNEL, tag, 0);
    else if (answer != '-')
        amqp_basic_nack(session, CHANNEL, tag, 0, answer == 'q');
}

static const Habit *
find_habit(amqp_bytes_t tag)
{
    for (const Habit *habit = habits;; habit++) {
        if (strlen(habit->queue) == tag.len && memcmp(habit->queue, tag.bytes, tag.len) == 0)
            return habit;
    }
}

int
consume_main(int argc, char **argv)
{
    amqp_envelope_t envelope;

    if (argc < 4 || argc > 3 + QUEUES_MAX)
        return 2;
    unsigned seed = (unsigned)strtoul(argv[2], NULL, 10);
    for (int i = 3; i < argc; i++) {
        if (!read_habit(argv[i], &habits[i - 3]))
            return 2;
    }
    session = session_open(atoi(argv[1]));
    for (int i = 3; i < argc; i++)
        start_consumer(habits[i - 3].queue, habits[i - 3].prefetch);
    for (;;) {
        if (!next_delivery(&envelope, 1000))
            continue;
        const Habit *habit = find_habit(envelope.consumer_tag);
        char chosen        = choose(habit, &seed);
        log_delivery(habit->queue, &envelope, chosen);
        uint64_t tag = envelope.delivery_tag;
        amqp_destroy_envelope(&envelope);
        answer(tag, chosen);
    }
}

static uint32_t
count_ready(const char *queue)
{
    const amqp_queue_declare_ok_t *found = amqp_queue_declare(
        session, CHANNEL, amqp_cstring_bytes(queue), 1, 0, 0, 0, amqp_empty_table);
    session_check(session);
    return found->message_count;
}

static void
ack_all(uint64_t tag)
{
    int status = amqp_basic_ack(session, CHANNEL, tag, 1);
    if (status != AMQP_STATUS_OK)
        session_end(session, status);
}

static void
drain(const char *queue)
{
    uint32_t left = count_ready(queue);
    uint64_t tag  = 0;
    amqp_envelope_t envelope;

    if (left == 0)
        return;
    start_consumer(queue, DRAIN_PREFETCH);
    for (; left > 0; left--) {
        if (!next_delivery(&envelope, DRAIN_MS)) {
            printf("! %s: %u of the messages that it counted do not come\n", queue, left);
            break;
        }
        log_delivery(queue, &envelope, 'a');
        tag = envelope.delivery_tag;
        amqp_destroy_envelope(&envelope);
        if (tag % DRAIN_ACK == 0)
            ack_all(tag);
    }
    if (tag % DRAIN_ACK != 0)
        ack_all(tag);
    amqp_basic_cancel(session, CHANNEL, amqp_cstring_bytes(queue));
    session_check(session);
    if ((left = count_ready(queue)) > 0)
        printf("! %s: %u messages more than it counted\n", queue, left);
}

int
drain_main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    session = session_open(atoi(argv[1]));
    for (int i = 2; i < argc; i++)
        drain(argv[i]);
    session_close(session);
    printf("E\n");
    return 0;
}
