/* Very many messages in one queue. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/crowd/crowd.h"

#define MANY 1000000
#define DEATHS 1000
#define WINDOW 1000
#define QUEUE "crowd.q"

#define HAS_PRIORITY 0x0800
#define HAS_EXPIRATION 0x0100

static void
fill(Talk *talk, size_t count)
{
    step_begin();
    for (size_t i = 0; i < count; i++)
        publish(talk, QUEUE, 0, NULL, 0);
    count_ready(talk, QUEUE);
    step_end("publish", count);
}

static void
begin(Talk *talk, const Buffer *arguments)
{
    talk_begin(talk, WINDOW);
    declare_queue(talk, QUEUE, 0, arguments);
    talk_settle(talk);
}

static void
end(Talk *talk)
{
    delete_queue(talk, QUEUE);
    talk_end(talk);
}

/* Takes everything out of the queue. */
static void
drain(size_t count)
{
    Talk talk;

    talk_begin(&talk, WINDOW);
    step_begin();
    consume(&talk, QUEUE, "crowd", NO_ACK, NULL);
    await_deliveries(&talk, count, NULL);
    step_end("consume", count);
    talk_end(&talk);
}

/* Purging and deleting is one turn of the broker: so long nobody else is served. */
void
run_backlog(void)
{
    size_t count = crowd_size(MANY);
    Talk talk;

    begin(&talk, NULL);
    fill(&talk, count);
    step_begin();
    purge_queue(&talk, QUEUE);
    talk_settle(&talk);
    step_end("purge", count);
    fill(&talk, count);
    drain(count);
    fill(&talk, count);
    step_begin();
    delete_queue(&talk, QUEUE);
    talk_settle(&talk);
    step_end("delete the queue", count);
    talk_end(&talk);
}

void
run_single_acks(void)
{
    size_t count    = crowd_size(MANY);
    uint64_t *tags  = allocate(count * sizeof *tags);
    uint32_t *order = allocate(count * sizeof *order);
    Talk talk;

    begin(&talk, NULL);
    fill(&talk, count);
    step_begin();
    consume(&talk, QUEUE, "crowd", 0, NULL);
    await_deliveries(&talk, count, tags);
    step_end("deliver", count);

    shuffle(order, count);
    step_begin();
    for (size_t i = 0; i < count; i++)
        ack(&talk, tags[order[i]], false);
    count_ready(&talk, QUEUE);
    step_end("ack", count);
    end(&talk);
    free(order);
    free(tags);
}

void
run_requeue(void)
{
    size_t count   = crowd_size(MANY);
    uint64_t *tags = allocate(count * sizeof *tags);
    Talk talk;

    begin(&talk, NULL);
    fill(&talk, count);
    consume(&talk, QUEUE, "crowd", 0, NULL);
    await_deliveries(&talk, count, tags);
    cancel(&talk, "crowd");
    talk_settle(&talk);
    step_begin();
    nack(&talk, 0, true, true);
    count_ready(&talk, QUEUE);
    step_end("nack all", count);

    step_begin();
    consume(&talk, QUEUE, "crowd", 0, NULL);
    await_deliveries(&talk, count, tags);
    step_end("deliver again", count);
    cancel(&talk, "crowd");
    talk_settle(&talk);
    step_begin();
    for (size_t i = count; i > 0; i--)
        nack(&talk, tags[i - 1], false, true);
    count_ready(&talk, QUEUE);
    step_end("nack the last first", count);
    drain(count);
    end(&talk);
    free(tags);
}

void
run_priorities(void)
{
    size_t count = crowd_size(MANY);
    Buffer table = {0};
    Talk talk;

    put_number_argument(&table, "x-max-priority", 255);
    begin(&talk, &table);
    step_begin();
    for (size_t i = 0; i < count; i++) {
        uint8_t priority = (uint8_t)(i * 2654435761u >> 8);

        publish(&talk, QUEUE, HAS_PRIORITY, &priority, 1);
    }
    count_ready(&talk, QUEUE);
    step_end("publish", count);
    drain(count);
    end(&talk);
    buffer_clear(&table);
}

/* Each message would live shorter than the one before. */
void
run_falling_ttl(void)
{
    size_t count = crowd_size(MANY);
    Talk talk;

    begin(&talk, NULL);
    step_begin();
    for (size_t i = 0; i < count; i++) {
        char expiration[16];

        int size      = snprintf(expiration + 1, sizeof expiration - 1, "%zu", 600000 + count - i);
        expiration[0] = (char)size;
        publish(&talk, QUEUE, HAS_EXPIRATION, expiration, (size_t)size + 1);
    }
    count_ready(&talk, QUEUE);
    step_end("publish", count);
    drain(count);
    end(&talk);
}

/* All of them after a second. */
void
run_expiry(void)
{
    size_t count = crowd_size(MANY);
    Buffer table = {0};
    Talk talk;

    put_number_argument(&table, "x-message-ttl", 1000);
    begin(&talk, &table);
    fill(&talk, count);
    step_begin();
    while (count_ready(&talk, QUEUE) > 0)
        usleep(20000);
    step_end("expire, the wait included", count);
    end(&talk);
    buffer_clear(&table);
}

/* All of them after a second, and each goes on to another queue. */
void
run_dead_letters(void)
{
    size_t count = crowd_size(MANY);
    Buffer table = {0};
    Talk talk;

    put_number_argument(&table, "x-message-ttl", 1000);
    put_text_argument(&table, "x-dead-letter-exchange", "");
    put_text_argument(&table, "x-dead-letter-routing-key", "crowd.dead");
    begin(&talk, &table);
    declare_queue(&talk, "crowd.dead", 0, NULL);
    talk_settle(&talk);
    fill(&talk, count);
    step_begin();
    while (count_ready(&talk, "crowd.dead") < count)
        usleep(20000);
    step_end("expire, the wait included", count);
    delete_queue(&talk, "crowd.dead");
    end(&talk);
    buffer_clear(&table);
}

/* Rejected, it comes straight back. */
void
run_deaths(void)
{
    size_t count = crowd_size(DEATHS);
    Buffer table = {0};
    Talk talk;

    put_text_argument(&table, "x-dead-letter-exchange", "");
    put_text_argument(&table, "x-dead-letter-routing-key", QUEUE);
    begin(&talk, &table);
    publish(&talk, QUEUE, 0, NULL, 0);
    consume(&talk, QUEUE, "crowd", 0, NULL);
    step_begin();
    for (size_t i = 0; i < count; i++) {
        uint64_t tag;

        await_deliveries(&talk, 1, &tag);
        nack(&talk, tag, false, false);
        talk_settle(&talk);
    }
    step_end("deaths", count);
    end(&talk);
    buffer_clear(&table);
}
