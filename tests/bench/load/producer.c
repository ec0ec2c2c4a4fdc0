#include "tests/bench/load/producer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "tests/bench/load/figures.h"
#include "tests/bench/load/options.h"
#include "tests/bench/load/topology.h"

#define BLOCK_LEAST 65536
#define PAUSE_NS 100000000U /* the longest wait between two looks at stop */
#define PERSISTENT 2        /* delivery-mode */

static void
put_header(Buffer *buffer)
{
    size_t at = frame_open(buffer, FRAME_HEADER, 1);

    put_u16(buffer, 60);
    put_u16(buffer, 0);
    put_u64(buffer, (uint64_t)options.size);
    put_u16(buffer, options.persistent ? 0x1000 : 0);
    if (options.persistent)
        put_u8(buffer, PERSISTENT);
    frame_close(buffer, at);
}

static void
put_body(Buffer *buffer, uint32_t frame_max)
{
    size_t left = (size_t)options.size, most = frame_max - FRAME_START - 1;

    while (left > 0) {
        size_t size = left < most ? left : most;
        size_t at   = frame_open(buffer, FRAME_BODY, 1);
        buffer_reserve(buffer, size);
        memset(buffer->data + buffer->size, 'x', size);
        buffer->size += size;
        frame_close(buffer, at);
        left -= size;
    }
}

static void
encode_publish(Producer *producer, Buffer *buffer)
{
    char exchange[NAME_SIZE], key[NAME_SIZE];
    size_t at = method_open(buffer, 1, 60, 40);

    exchange_name(exchange);
    routing_key(key, producer->id % options.queues);
    put_u16(buffer, 0);
    put_shortstr(buffer, exchange);
    put_shortstr(buffer, key);
    put_u8(buffer, options.mandatory ? 1 : 0);
    frame_close(buffer, at);
    put_header(buffer);
    producer->body_at = buffer->size + FRAME_START;
    put_body(buffer, producer->connection->frame_max);
    producer->stride = buffer->size;
}

static int
count_per_block(size_t stride)
{
    int count = (int)(BLOCK_LEAST / stride) + 1;

    if (options.rate > 0)
        return 1;
    if (options.confirm > 0 && count > (options.confirm + 1) / 2)
        return (options.confirm + 1) / 2;
    return count;
}

static void
select_confirms(Producer *producer)
{
    Buffer buffer = {0};
    size_t at     = method_open(&buffer, 1, 85, 10);

    producer->settled = calloc(SETTLED_SIZE, 1);
    put_u8(&buffer, 0);
    frame_close(&buffer, at);
    connection_send_all(producer->connection, &buffer);
    connection_expect(producer->connection, 85, 11);
    buffer_clear(&buffer);
}

void
producer_init(Producer *producer, int id)
{
    Buffer one = {0};

    producer->connection = connection_open();
    producer->id         = id;
    encode_publish(producer, &one);
    producer->per_block = count_per_block(producer->stride);
    for (int i = 0; i < producer->per_block; i++)
        put_bytes(&producer->block, one.data, one.size);
    buffer_clear(&one);
    if (options.confirm > 0)
        select_confirms(producer);
}

static void
stamp_one(const Producer *producer, int index, uint64_t time_ns)
{
    uint8_t *body = producer->block.data + (size_t)index * producer->stride + producer->body_at;
    uint32_t id   = (uint32_t)producer->id;

    memcpy(body, &id, 4);
    memcpy(body + 4, &producer->sequence, 4);
    memcpy(body + 8, &time_ns, 8);
}

/* Makes the next block ready to be sent. */
static void
stamp(Producer *producer)
{
    uint64_t time_ns = now_ns();
    int count        = producer->per_block;

    if (options.messages > 0 && producer->sent + (uint64_t)count > options.messages)
        count = (int)(options.messages - producer->sent);
    for (int i = 0; i < count; i++, producer->sequence++) {
        if (options.size >= STAMP_SIZE)
            stamp_one(producer, i, time_ns);
    }
    producer->out_at   = 0;
    producer->out_size = (size_t)count * producer->stride;
    producer->sent += (uint64_t)count;
    figures.published += (uint64_t)count;
    if (options.rate > 0)
        producer->next_ns += (uint64_t)(1e9 / options.rate);
}

/* Confirms come singly in any order, or for all tags up to one. Returns how many this settled. */
static uint64_t
settle(Producer *producer, uint64_t tag, bool multiple)
{
    uint64_t count = 0;

    for (uint64_t each = multiple ? producer->low + 1 : tag; each <= tag; each++) {
        if (each > producer->low && producer->settled[each % SETTLED_SIZE] == 0) {
            producer->settled[each % SETTLED_SIZE] = 1;
            count++;
        }
    }
    while (producer->settled[(producer->low + 1) % SETTLED_SIZE] != 0)
        producer->settled[++producer->low % SETTLED_SIZE] = 0;
    return count;
}

static void
read_frame(Producer *producer, const uint8_t *frame)
{
    bool is_ack  = frame_is(frame, 60, 80);
    bool is_nack = frame_is(frame, 60, 120);

    if (is_ack || is_nack) {
        uint64_t count = settle(producer, get_u64(frame + 11), (frame[19] & 1) != 0);
        producer->confirmed += count;
        if (is_ack)
            figures.confirmed += count;
        else
            figures.nacked += count;
    } else if (frame_is(frame, 60, 50)) {
        figures.returned++;
    } else if (frame_is(frame, 10, 60)) {
        figures.blocked++;
    } else {
        check_not_closed(frame);
    }
}

static void
read_answers(Producer *producer)
{
    const uint8_t *frame;
    uint32_t size;

    if (!connection_fill(producer->connection)) {
        fprintf(stderr, "amqpload: the broker hung up on a producer\n");
        exit(1);
    }
    while ((frame = connection_next_frame(producer->connection, &size)) != NULL)
        read_frame(producer, frame);
}

static void
send_some(Producer *producer)
{
    ssize_t sent = send(producer->connection->fd, producer->block.data + producer->out_at,
                        producer->out_size, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        die("send");
    if (sent > 0) {
        producer->out_at += (size_t)sent;
        producer->out_size -= (size_t)sent;
    }
}

/* Stamps a block if it is time for one. Returns false when this producer has nothing left to do;
 * *wake_ns becomes the time of its next block if that comes first. */
static bool
prepare(Producer *producer, bool stop, uint64_t now, uint64_t *wake_ns)
{
    uint64_t count = (uint64_t)producer->per_block;

    if (producer->out_size > 0)
        return true;
    if (stop || (options.messages > 0 && producer->sent >= options.messages))
        return options.confirm > 0 && producer->confirmed < producer->sent;
    if (options.confirm > 0 &&
        producer->sent + count > producer->confirmed + (uint64_t)options.confirm)
        return true;
    if (options.rate > 0 && producer->next_ns > now)
        *wake_ns = producer->next_ns < *wake_ns ? producer->next_ns : *wake_ns;
    else
        stamp(producer);
    return true;
}

static void
wait_until(struct pollfd *polls, int n_polls, uint64_t now, uint64_t wake_ns)
{
    uint64_t left_ns     = wake_ns > now ? wake_ns - now : 0;
    struct timespec left = {.tv_nsec = (long)(left_ns < PAUSE_NS ? left_ns : PAUSE_NS - 1)};

    if (ppoll(polls, (nfds_t)n_polls, &left, NULL) < 0 && errno != EINTR)
        die("poll");
}

/* One round: blocks that are due, a wait, and what is ready. False when there is no more to do. */
static bool
round_of(Producer *producers, struct pollfd *polls, int n_producers, bool stop)
{
    uint64_t now = now_ns(), wake_ns = UINT64_MAX;
    bool is_busy = false;

    for (int i = 0; i < n_producers; i++) {
        is_busy |= prepare(&producers[i], stop, now, &wake_ns);
        polls[i].events = (short)(producers[i].out_size > 0 ? POLLIN | POLLOUT : POLLIN);
    }
    if (!is_busy)
        return false;
    wait_until(polls, n_producers, now, wake_ns);
    for (int i = 0; i < n_producers; i++) {
        if ((polls[i].revents & POLLIN) != 0)
            read_answers(&producers[i]);
        if (producers[i].out_size > 0)
            send_some(&producers[i]);
    }
    return true;
}

void
producers_run(Producer *producers, int n_producers, const atomic_bool *stop)
{
    struct pollfd *polls = calloc((size_t)n_producers, sizeof *polls);

    if (polls == NULL)
        abort();
    for (int i = 0; i < n_producers; i++) {
        polls[i].fd          = producers[i].connection->fd;
        producers[i].next_ns = now_ns() + (uint64_t)i * 1000;
    }
    while (round_of(producers, polls, n_producers, *stop))
        continue;
    free(polls);
}
