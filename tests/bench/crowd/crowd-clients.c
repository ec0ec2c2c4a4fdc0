/* Very many connections, channels and consumers. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/crowd/crowd.h"

#define CONNECTIONS 10000
#define CHANNELS 2000 /* below what brokers allow by default */
#define CONSUMERS 10000
#define TAGS 65535
#define MESSAGES 100000
#define WINDOW 1000
#define QUEUE "crowd.q"

static const char *
tag_of(char tag[NAME_MAX_SIZE], size_t i)
{
    snprintf(tag, NAME_MAX_SIZE, "crowd.%zu", i);
    return tag;
}

/* ---- connections and channels ---- */

void
run_connections(void)
{
    size_t count             = crowd_size(CONNECTIONS);
    Connection **connections = allocate(count * sizeof(Connection *));

    step_begin();
    for (size_t i = 0; i < count; i++)
        connections[i] = connection_open();
    step_end("open, with a channel each", count);
    step_begin();
    for (size_t i = 0; i < count; i++)
        connection_close(connections[i]);
    connection_close(connection_open()); /* behind all of those */
    step_end("hang up", count);
    free(connections);
}

void
run_channels(void)
{
    unsigned count = (unsigned)crowd_size(CHANNELS);
    Talk talk;

    talk_begin(&talk, WINDOW);
    step_begin();
    for (unsigned i = 0; i < count; i++)
        open_channel(&talk, i + 2);
    talk_settle(&talk);
    step_end("open", count);
    step_begin();
    talk_end(&talk);
    step_end("close the connection", count);
}

/* ---- consumers ---- */

/* The first consumer has another priority than the rest. */
static void
add_consumers(Talk *talk, size_t count, int32_t first_priority)
{
    char tag[NAME_MAX_SIZE];
    Buffer table = {0};

    put_number_argument(&table, "x-priority", first_priority);
    step_begin();
    for (size_t i = 0; i < count; i++)
        consume(talk, QUEUE, tag_of(tag, i), NO_ACK, i == 0 ? &table : NULL);
    talk_settle(talk);
    step_end("consume", count);
    buffer_clear(&table);
}

static void
cancel_consumers(Talk *talk, size_t count)
{
    char tag[NAME_MAX_SIZE];

    step_begin();
    for (size_t i = 0; i < count; i++)
        cancel(talk, tag_of(tag, i));
    talk_settle(talk);
    step_end("cancel", count);
}

static void
pass_messages(Talk *consumer, size_t count)
{
    Talk producer;

    talk_begin(&producer, WINDOW);
    step_begin();
    for (size_t i = 0; i < count; i++)
        publish(&producer, QUEUE, 0, NULL, 0);
    talk_settle(&producer);
    await_deliveries(consumer, count, NULL);
    step_end("messages", count);
    talk_end(&producer);
}

static void
go_through_consumers(size_t count, int32_t first_priority, const Buffer *arguments)
{
    Talk talk;

    talk_begin(&talk, WINDOW);
    declare_queue(&talk, QUEUE, 0, arguments);
    add_consumers(&talk, count, first_priority);
    pass_messages(&talk, crowd_size(MESSAGES));
    cancel_consumers(&talk, count);
    delete_queue(&talk, QUEUE);
    talk_end(&talk);
}

void
run_consumers(void)
{
    go_through_consumers(crowd_size(CONSUMERS), 0, NULL);
}

void
run_preferred_consumer(void)
{
    go_through_consumers(crowd_size(CONSUMERS), 1, NULL);
}

void
run_single_active(void)
{
    Buffer table = {0};

    put_shortstr(&table, "x-single-active-consumer");
    put_u8(&table, 't');
    put_u8(&table, 1);
    go_through_consumers(crowd_size(CONSUMERS), 0, &table);
    buffer_clear(&table);
}

void
run_tags(void)
{
    go_through_consumers(crowd_size(TAGS), 0, NULL);
}
