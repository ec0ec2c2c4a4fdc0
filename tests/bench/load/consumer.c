#include "tests/bench/load/consumer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "tests/bench/load/figures.h"
#include "tests/bench/load/options.h"
#include "tests/bench/load/producer.h"
#include "tests/bench/load/topology.h"

#define BATCH 64
#define PAUSE_MS 50 /* the longest wait between two looks at stop */
#define NO_ACK 2    /* the bit in basic.consume */

static void
set_prefetch(Consumer *consumer, Buffer *buffer)
{
    size_t at = method_open(buffer, 1, 60, 10);

    put_u32(buffer, 0);
    put_u16(buffer, (unsigned)options.prefetch);
    put_u8(buffer, 0);
    frame_close(buffer, at);
    connection_send_all(consumer->connection, buffer);
    connection_expect(consumer->connection, 60, 11);
}

static void
begin(Consumer *consumer, Buffer *buffer, const char *queue)
{
    size_t at = method_open(buffer, 1, 60, 20);

    put_u16(buffer, 0);
    put_shortstr(buffer, queue);
    put_shortstr(buffer, "");
    put_u8(buffer, options.ack > 0 ? 0 : NO_ACK);
    put_u32(buffer, 0);
    frame_close(buffer, at);
    connection_send_all(consumer->connection, buffer);
    connection_expect(consumer->connection, 60, 21);
}

void
consumer_init(Consumer *consumer, int index)
{
    Buffer buffer = {0};
    char queue[NAME_SIZE];

    consumer->connection = connection_open();
    consumer->next_sequence =
        calloc((size_t)options.producers + 1, sizeof *consumer->next_sequence);
    if (options.prefetch > 0)
        set_prefetch(consumer, &buffer);
    queue_name(queue, index % options.queues);
    begin(consumer, &buffer, queue);
    buffer_clear(&buffer);
}

static void
acknowledge(Consumer *consumer)
{
    Buffer buffer = {0};
    size_t at     = method_open(&buffer, 1, 60, 80);

    put_u64(&buffer, consumer->tag);
    put_u8(&buffer, 1);
    frame_close(&buffer, at);
    connection_send_all(consumer->connection, &buffer);
    buffer_clear(&buffer);
    consumer->unacked = 0;
}

static void
begin_message(Consumer *consumer, const uint8_t *frame)
{
    const uint8_t *tag = frame + 12 + frame[11]; /* behind the consumer tag */

    if (!frame_is(frame, 60, 60)) {
        check_not_closed(frame);
        return;
    }
    consumer->tag            = get_u64(tag);
    consumer->is_redelivered = (tag[8] & 1) != 0;
    if (consumer->is_redelivered)
        figures.redelivered++;
}

/* Who only drains knows one producer, and what it sent comes in order even if it was out before. */
static bool
is_order_known(const Consumer *consumer, uint32_t id)
{
    if (options.consumers > options.queues)
        return false;
    return options.producers == 0 ? id == 0
                                  : id < (uint32_t)options.producers && !consumer->is_redelivered;
}

static void
check_stamp(Consumer *consumer, const uint8_t *body, uint64_t now)
{
    uint32_t id, sequence;
    uint64_t sent_ns;

    memcpy(&id, body, 4);
    memcpy(&sequence, body + 4, 4);
    memcpy(&sent_ns, body + 8, 8);
    if (sent_ns > 0 && sent_ns < now)
        latency_add(now - sent_ns);
    if (!is_order_known(consumer, id))
        return;
    if (sequence + 1 <= consumer->next_sequence[id])
        figures.reordered++;
    else
        consumer->next_sequence[id] = sequence + 1;
}

/* Returns 1 when the frame completes a message, 0 when not. */
static uint64_t
read_frame(Consumer *consumer, const uint8_t *frame, uint32_t size, uint64_t now)
{
    switch (frame[0]) {
    case FRAME_METHOD:
        begin_message(consumer, frame);
        return 0;
    case FRAME_HEADER:
        consumer->body_left     = get_u64(frame + 11);
        consumer->is_body_start = true;
        break;
    case FRAME_BODY:
        if (consumer->is_body_start && size >= STAMP_SIZE)
            check_stamp(consumer, frame + FRAME_START, now);
        consumer->is_body_start = false;
        consumer->body_left -= size;
        break;
    default:
        return 0;
    }
    if (consumer->body_left > 0)
        return 0;
    consumer->unacked++;
    return 1;
}

static void
read_frames(Consumer *consumer)
{
    const uint8_t *frame;
    uint32_t size;
    uint64_t count = 0, now = now_ns(), zero = 0;

    while ((frame = connection_next_frame(consumer->connection, &size)) != NULL) {
        count += read_frame(consumer, frame, size, now);
        if (options.ack > 0 && consumer->unacked >= (uint64_t)options.ack)
            acknowledge(consumer);
    }
    if (count == 0)
        return;
    figures.consumed += count;
    atomic_compare_exchange_strong(&figures.first_delivery_ns, &zero, now);
    figures.last_delivery_ns = now;
}

static void
watch(Consumer *consumer, int epoll)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = consumer};

    epoll_ctl(epoll, EPOLL_CTL_ADD, consumer->connection->fd, &event);
    read_frames(consumer); /* what came along with consume-ok */
}

static void
read_some(Consumer *consumer)
{
    if (!connection_fill(consumer->connection)) {
        fprintf(stderr, "amqpload: the broker hung up on a consumer\n");
        exit(1);
    }
    read_frames(consumer);
}

void
consumers_run(Consumer *consumers, int n_consumers, const atomic_bool *stop)
{
    struct epoll_event events[BATCH];
    int epoll = epoll_create1(0);

    for (int i = 0; i < n_consumers; i++)
        watch(&consumers[i], epoll);
    while (!*stop) {
        int n_events = epoll_wait(epoll, events, BATCH, PAUSE_MS);
        for (int i = 0; i < n_events; i++)
            read_some(events[i].data.ptr);
    }
    for (int i = 0; i < n_consumers; i++) {
        if (options.ack > 0 && consumers[i].unacked > 0)
            acknowledge(&consumers[i]);
    }
    close(epoll);
}
