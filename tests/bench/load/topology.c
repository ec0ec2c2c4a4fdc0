#include "tests/bench/load/topology.h"

#include <stdio.h>
#include <string.h>

#include "tests/bench/load/options.h"

#define DURABLE 2 /* the bit in exchange.declare and queue.declare */

static bool
has_exchange(void)
{
    return options.exchange_type[0] != '\0';
}

static bool
is_topic(void)
{
    return strcmp(options.exchange_type, "topic") == 0;
}

void
queue_name(char name[NAME_SIZE], int queue)
{
    snprintf(name, NAME_SIZE, "%s.q%d", options.prefix, queue);
}

void
exchange_name(char name[NAME_SIZE])
{
    name[0] = '\0';
    if (has_exchange())
        snprintf(name, NAME_SIZE, "%s.x.%s", options.prefix, options.exchange_type);
}

void
routing_key(char key[NAME_SIZE], int queue)
{
    if (!has_exchange())
        queue_name(key, queue);
    else if (is_topic())
        snprintf(key, NAME_SIZE, "load.%d.0.info", queue);
    else
        snprintf(key, NAME_SIZE, "key%d", queue);
}

/* The first binding of a queue matches its key; the others are there to be looked at. */
static void
binding_key(char key[NAME_SIZE], int queue, int binding)
{
    if (is_topic() && binding == 0)
        snprintf(key, NAME_SIZE, "load.%d.*.info", queue);
    else if (is_topic())
        snprintf(key, NAME_SIZE, "load.%d.%d.#", queue, binding);
    else if (binding > 0)
        snprintf(key, NAME_SIZE, "key%d.%d", queue, binding);
    else
        routing_key(key, queue);
}

static void
call(Connection *connection, Buffer *buffer, unsigned class_id, unsigned answer_id)
{
    connection_send_all(connection, buffer);
    connection_expect(connection, class_id, answer_id);
}

static void
declare_exchange(Connection *connection, Buffer *buffer, const char *exchange)
{
    size_t at = method_open(buffer, 1, 40, 10);

    put_u16(buffer, 0);
    put_shortstr(buffer, exchange);
    put_shortstr(buffer, options.exchange_type);
    put_u8(buffer, options.durable ? DURABLE : 0);
    put_u32(buffer, 0);
    frame_close(buffer, at);
    call(connection, buffer, 40, 11);
}

static void
declare_queue(Connection *connection, Buffer *buffer, const char *queue)
{
    size_t at = method_open(buffer, 1, 50, 10);

    put_u16(buffer, 0);
    put_shortstr(buffer, queue);
    put_u8(buffer, options.durable ? DURABLE : 0);
    size_t table = put_length(buffer);
    if (options.queue_type != NULL) {
        put_shortstr(buffer, "x-queue-type");
        put_u8(buffer, 'S');
        put_u32(buffer, (uint32_t)strlen(options.queue_type));
        put_bytes(buffer, options.queue_type, strlen(options.queue_type));
    }
    put_length_at(buffer, table);
    frame_close(buffer, at);
    call(connection, buffer, 50, 11);
}

static void
bind_queue(Connection *connection, Buffer *buffer, const char *queue, const char *exchange,
           const char *key)
{
    size_t at = method_open(buffer, 1, 50, 20);

    put_u16(buffer, 0);
    put_shortstr(buffer, queue);
    put_shortstr(buffer, exchange);
    put_shortstr(buffer, key);
    put_u8(buffer, 0);
    put_u32(buffer, 0);
    frame_close(buffer, at);
    call(connection, buffer, 50, 21);
}

void
topology_declare(Connection *connection)
{
    Buffer buffer = {0};
    char exchange[NAME_SIZE], queue[NAME_SIZE], key[NAME_SIZE];

    exchange_name(exchange);
    if (has_exchange())
        declare_exchange(connection, &buffer, exchange);
    for (int i = 0; i < options.queues; i++) {
        queue_name(queue, i);
        declare_queue(connection, &buffer, queue);
        for (int j = 0; has_exchange() && j < options.bindings; j++) {
            binding_key(key, i, j);
            bind_queue(connection, &buffer, queue, exchange, key);
        }
    }
    buffer_clear(&buffer);
}

/* queue.delete and exchange.delete look the same. */
static void
delete_thing(Connection *connection, Buffer *buffer, unsigned class_id, unsigned method_id,
             const char *name)
{
    size_t at = method_open(buffer, 1, class_id, method_id);

    put_u16(buffer, 0);
    put_shortstr(buffer, name);
    put_u8(buffer, 0);
    frame_close(buffer, at);
    call(connection, buffer, class_id, method_id + 1);
}

void
topology_delete(Connection *connection)
{
    Buffer buffer = {0};
    char name[NAME_SIZE];

    for (int i = 0; i < options.queues; i++) {
        queue_name(name, i);
        delete_thing(connection, &buffer, 50, 40, name);
    }
    exchange_name(name);
    if (has_exchange())
        delete_thing(connection, &buffer, 40, 20, name);
    buffer_clear(&buffer);
}
