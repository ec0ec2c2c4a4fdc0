#include "tests/bench/crowd/talk.h"

#include <string.h>

#define SEND_AT 65536
#define BODY "sixteen bytes..."
#define BODY_SIZE 16

/* ---- windows ---- */

void
talk_begin(Talk *talk, unsigned window)
{
    *talk = (Talk){.connection = connection_open(), .window = window};
}

void
talk_settle(Talk *talk)
{
    if (talk->buffer.size > 0)
        connection_send_all(talk->connection, &talk->buffer);
    for (; talk->pending > 0; talk->pending--)
        connection_expect(talk->connection, talk->class_id, talk->answer_id);
}

/* Opens a method that has an answer. */
static size_t
ask_on(Talk *talk, unsigned channel, unsigned class_id, unsigned method_id)
{
    if (talk->class_id != class_id || talk->answer_id != method_id + 1)
        talk_settle(talk);
    talk->class_id  = class_id;
    talk->answer_id = method_id + 1;
    return method_open(&talk->buffer, channel, class_id, method_id);
}

static size_t
ask(Talk *talk, unsigned class_id, unsigned method_id)
{
    size_t at = ask_on(talk, 1, class_id, method_id);

    put_u16(&talk->buffer, 0);
    return at;
}

static void
finish(Talk *talk, size_t at)
{
    frame_close(&talk->buffer, at);
    talk->pending++;
    if (talk->pending >= talk->window)
        talk_settle(talk);
}

static void
put_arguments(Talk *talk, const Buffer *arguments)
{
    put_u32(&talk->buffer, arguments == NULL ? 0 : (uint32_t)arguments->size);
    if (arguments != NULL)
        put_bytes(&talk->buffer, arguments->data, arguments->size);
}

void
talk_end(Talk *talk)
{
    talk_settle(talk);

    size_t at = ask_on(talk, 0, 10, 50);
    put_u16(&talk->buffer, 200);
    put_shortstr(&talk->buffer, "");
    put_u32(&talk->buffer, 0);
    finish(talk, at);
    talk_settle(talk);
    connection_close(talk->connection);
    buffer_clear(&talk->buffer);
}

/* ---- topology ---- */

void
declare_exchange(Talk *talk, const char *exchange, const char *type)
{
    size_t at = ask(talk, 40, 10);

    put_shortstr(&talk->buffer, exchange);
    put_shortstr(&talk->buffer, type);
    put_u8(&talk->buffer, 0);
    put_arguments(talk, NULL);
    finish(talk, at);
}

/* exchange.delete, queue.delete and queue.purge look the same. */
static void
ask_with_name(Talk *talk, unsigned class_id, unsigned method_id, const char *name)
{
    size_t at = ask(talk, class_id, method_id);

    put_shortstr(&talk->buffer, name);
    put_u8(&talk->buffer, 0);
    finish(talk, at);
}

void
delete_exchange(Talk *talk, const char *exchange)
{
    ask_with_name(talk, 40, 20, exchange);
}

void
delete_queue(Talk *talk, const char *queue)
{
    ask_with_name(talk, 50, 40, queue);
}

void
purge_queue(Talk *talk, const char *queue)
{
    ask_with_name(talk, 50, 30, queue);
}

void
declare_queue(Talk *talk, const char *queue, unsigned bits, const Buffer *arguments)
{
    size_t at = ask(talk, 50, 10);

    put_shortstr(&talk->buffer, queue);
    put_u8(&talk->buffer, bits);
    put_arguments(talk, arguments);
    finish(talk, at);
}

void
bind_queue(Talk *talk, const char *queue, const char *exchange, const char *key,
           const Buffer *arguments)
{
    size_t at = ask(talk, 50, 20);

    put_shortstr(&talk->buffer, queue);
    put_shortstr(&talk->buffer, exchange);
    put_shortstr(&talk->buffer, key);
    put_u8(&talk->buffer, 0);
    put_arguments(talk, arguments);
    finish(talk, at);
}

void
unbind_queue(Talk *talk, const char *queue, const char *exchange, const char *key,
             const Buffer *arguments)
{
    size_t at = ask(talk, 50, 50);

    put_shortstr(&talk->buffer, queue);
    put_shortstr(&talk->buffer, exchange);
    put_shortstr(&talk->buffer, key);
    put_arguments(talk, arguments);
    finish(talk, at);
}

uint32_t
count_ready(Talk *talk, const char *queue)
{
    talk_settle(talk);

    size_t at = method_open(&talk->buffer, 1, 50, 10);
    put_u16(&talk->buffer, 0);
    put_shortstr(&talk->buffer, queue);
    put_u8(&talk->buffer, 1); /* passive */
    put_arguments(talk, NULL);
    frame_close(&talk->buffer, at);
    connection_send_all(talk->connection, &talk->buffer);

    const uint8_t *frame = connection_expect(talk->connection, 50, 11);
    return get_u32(frame + FRAME_START + 4 + 1 + strlen(queue));
}

/* ---- channels and consumers ---- */

void
open_channel(Talk *talk, unsigned channel)
{
    size_t at = ask_on(talk, channel, 20, 10);

    put_shortstr(&talk->buffer, "");
    finish(talk, at);
}

void
close_channel(Talk *talk, unsigned channel)
{
    size_t at = ask_on(talk, channel, 20, 40);

    put_u16(&talk->buffer, 200);
    put_shortstr(&talk->buffer, "");
    put_u32(&talk->buffer, 0);
    finish(talk, at);
}

void
consume(Talk *talk, const char *queue, const char *tag, unsigned bits, const Buffer *arguments)
{
    size_t at = ask(talk, 60, 20);

    put_shortstr(&talk->buffer, queue);
    put_shortstr(&talk->buffer, tag);
    put_u8(&talk->buffer, bits);
    put_arguments(talk, arguments);
    finish(talk, at);
}

void
cancel(Talk *talk, const char *tag)
{
    size_t at = ask_on(talk, 1, 60, 30);

    put_shortstr(&talk->buffer, tag);
    put_u8(&talk->buffer, 0);
    finish(talk, at);
}

/* ---- messages ---- */

static void
send_if_much(Talk *talk)
{
    if (talk->buffer.size >= SEND_AT)
        connection_send_all(talk->connection, &talk->buffer);
}

void
publish(Talk *talk, const char *queue, unsigned flags, const void *properties,
        size_t properties_size)
{
    Buffer *buffer = &talk->buffer;
    size_t at      = method_open(buffer, 1, 60, 40);

    put_u16(buffer, 0);
    put_shortstr(buffer, "");
    put_shortstr(buffer, queue);
    put_u8(buffer, 0);
    frame_close(buffer, at);

    at = frame_open(buffer, FRAME_HEADER, 1);
    put_u16(buffer, 60);
    put_u16(buffer, 0);
    put_u64(buffer, BODY_SIZE);
    put_u16(buffer, flags);
    put_bytes(buffer, properties, properties_size);
    frame_close(buffer, at);

    at = frame_open(buffer, FRAME_BODY, 1);
    put_bytes(buffer, BODY, BODY_SIZE);
    frame_close(buffer, at);
    send_if_much(talk);
}

void
ack(Talk *talk, uint64_t tag, bool is_multiple)
{
    size_t at = method_open(&talk->buffer, 1, 60, 80);

    put_u64(&talk->buffer, tag);
    put_u8(&talk->buffer, is_multiple);
    frame_close(&talk->buffer, at);
    send_if_much(talk);
}

void
nack(Talk *talk, uint64_t tag, bool is_multiple, bool is_requeue)
{
    size_t at = method_open(&talk->buffer, 1, 60, 120);

    put_u64(&talk->buffer, tag);
    put_u8(&talk->buffer, (is_multiple ? 1u : 0u) | (is_requeue ? 2u : 0u));
    frame_close(&talk->buffer, at);
    send_if_much(talk);
}

void
await_deliveries(Talk *talk, size_t count, uint64_t *tags)
{
    const uint8_t *frame;

    talk_settle(talk);
    for (size_t i = 0; i < count; i++) {
        frame = connection_expect(talk->connection, 60, 60) + FRAME_START + 4;
        if (tags != NULL)
            tags[i] = get_u64(frame + 1 + frame[0]);
    }
}

/* ---- tables ---- */

void
put_text_argument(Buffer *table, const char *name, const char *text)
{
    put_shortstr(table, name);
    put_u8(table, 'S');
    put_u32(table, (uint32_t)strlen(text));
    put_bytes(table, text, strlen(text));
}

void
put_number_argument(Buffer *table, const char *name, int32_t number)
{
    put_shortstr(table, name);
    put_u8(table, 'I');
    put_u32(table, (uint32_t)number);
}
