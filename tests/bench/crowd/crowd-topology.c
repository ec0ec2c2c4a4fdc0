/* Very many queues and bindings. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/crowd/crowd.h"

#define MANY 100000
#define WINDOW 1000
#define EXCHANGE "crowd.x"
#define QUEUE "crowd.q"

static const char *
name_of(char name[NAME_MAX_SIZE], size_t i)
{
    snprintf(name, NAME_MAX_SIZE, "crowd.%zu", i);
    return name;
}

/* ---- queues ---- */

typedef struct {
    unsigned window;
    bool is_backwards;
} Way;

static void
make_queues(Talk *talk, size_t count, unsigned bits)
{
    char name[NAME_MAX_SIZE];

    step_begin();
    for (size_t i = 0; i < count; i++)
        declare_queue(talk, name_of(name, i), bits, NULL);
    talk_settle(talk);
    step_end("declare", count);
}

static void
go_through_queues(Way way)
{
    size_t count = crowd_size(MANY);
    char name[NAME_MAX_SIZE];
    Talk talk;

    talk_begin(&talk, way.window);
    declare_exchange(&talk, EXCHANGE, "direct");
    talk_settle(&talk);
    make_queues(&talk, count, 0);

    step_begin();
    for (size_t i = 0; i < count; i++)
        bind_queue(&talk, name_of(name, i), EXCHANGE, name, NULL);
    talk_settle(&talk);
    step_end("bind", count);

    step_begin();
    for (size_t i = 0; i < count; i++)
        delete_queue(&talk, name_of(name, way.is_backwards ? count - 1 - i : i));
    talk_settle(&talk);
    step_end("delete", count);

    delete_exchange(&talk, EXCHANGE);
    talk_end(&talk);
}

void
run_queues(void)
{
    go_through_queues((Way){.window = WINDOW});
}

void
run_queues_one_by_one(void)
{
    go_through_queues((Way){.window = 1});
}

void
run_queues_backwards(void)
{
    go_through_queues((Way){.window = WINDOW, .is_backwards = true});
}

void
run_exclusive_queues(void)
{
    size_t count = crowd_size(MANY);
    Talk talk;

    talk_begin(&talk, WINDOW);
    make_queues(&talk, count, EXCLUSIVE);
    step_begin();
    talk_end(&talk);
    step_end("close the connection", count);
}

/* As many consumers as a channel can have, and again. */
void
run_auto_delete_queues(void)
{
    size_t count = crowd_size(MANY);
    char name[NAME_MAX_SIZE];
    Talk talk;

    talk_begin(&talk, WINDOW);
    make_queues(&talk, count, AUTO_DELETE);
    step_begin();
    for (size_t i = 0; i < count; i++)
        consume(&talk, name_of(name, i), name, NO_ACK, NULL);
    talk_settle(&talk);
    step_end("consume", count);
    step_begin();
    for (size_t i = 0; i < count; i++)
        cancel(&talk, name_of(name, i));
    talk_settle(&talk);
    step_end("cancel", count);
    talk_end(&talk);
}

/* ---- bindings ---- */

typedef void BindOrUnbind(Talk *talk, const char *queue, const char *exchange, const char *key,
                          const Buffer *arguments);

/* Binding or unbinding of one number. Those of a headers exchange ask for it. */
static void
change_binding(Talk *talk, BindOrUnbind *change, bool has_arguments, size_t i)
{
    char key[NAME_MAX_SIZE];
    Buffer table = {0};

    if (has_arguments)
        put_number_argument(&table, "number", (int32_t)i);
    change(talk, QUEUE, EXCHANGE, name_of(key, i), &table);
    buffer_clear(&table);
}

static void
make_bindings(Talk *talk, const char *type, size_t count)
{
    talk_begin(talk, WINDOW);
    declare_exchange(talk, EXCHANGE, type);
    declare_queue(talk, QUEUE, 0, NULL);
    talk_settle(talk);
    step_begin();
    for (size_t i = 0; i < count; i++)
        change_binding(talk, bind_queue, type[0] == 'h', i);
    talk_settle(talk);
    step_end("bind", count);
}

static void
go_through_bindings(const char *type)
{
    size_t count    = crowd_size(MANY);
    uint32_t *order = allocate(count * sizeof *order);
    Talk talk;

    make_bindings(&talk, type, count);
    shuffle(order, count);
    step_begin();
    for (size_t i = 0; i < count; i++)
        change_binding(&talk, unbind_queue, type[0] == 'h', order[i]);
    talk_settle(&talk);
    step_end("unbind in any order", count);
    delete_queue(&talk, QUEUE);
    delete_exchange(&talk, EXCHANGE);
    talk_end(&talk);
    free(order);
}

void
run_direct_bindings(void)
{
    go_through_bindings("direct");
}

void
run_topic_bindings(void)
{
    go_through_bindings("topic");
}

void
run_fanout_bindings(void)
{
    go_through_bindings("fanout");
}

void
run_headers_bindings(void)
{
    go_through_bindings("headers");
}

void
run_bindings_of_a_queue(void)
{
    size_t count = crowd_size(MANY);
    Talk talk;

    make_bindings(&talk, "topic", count);
    step_begin();
    delete_queue(&talk, QUEUE);
    talk_settle(&talk);
    step_end("delete the queue", count);
    delete_exchange(&talk, EXCHANGE);
    talk_end(&talk);
}

void
run_bindings_of_an_exchange(void)
{
    size_t count = crowd_size(MANY);
    Talk talk;

    make_bindings(&talk, "topic", count);
    step_begin();
    delete_exchange(&talk, EXCHANGE);
    talk_settle(&talk);
    step_end("delete the exchange", count);
    delete_queue(&talk, QUEUE);
    talk_end(&talk);
}
