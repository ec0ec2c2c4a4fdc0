/* asked.h - a history in which clients ask for queues, exchanges and bindings with arguments. */
#pragma once

#include "core/wire/frame.h"
#include "core/wire/method.h"
#include "core/wire/table.h"
#include "tests/sim/history.h"

/* An argument: a number or a text. */
struct Arg {
    Arg(const char *name_, int integer_) : name(name_), integer(integer_), text(nullptr)
    {
    }
    Arg(const char *name_, const char *text_) : name(name_), integer(0), text(text_)
    {
    }
    const char *name;
    int64_t integer;
    const char *text;
};

using Args = std::vector<Arg>;

class Asked : public History {
  protected:
    /* Only what a test asks for is there. */
    void
    declare_all() override
    {
    }

    /* A client sends the method, in pieces of one byte. */
    void
    ask(const GmqMethod &method, const char *connection = "setup")
    {
        g_auto(GmqBuffer) bytes = {};

        if (!was_greeted)
            gmq_check_heard(check, connection, GMQ_SLICE("AMQP\1\1\1\1"));
        was_greeted  = true;
        size_t begin = gmq_frame_begin(&bytes, GMQ_FRAME_METHOD, 1);
        gmq_method_encode(&method, &bytes);
        gmq_frame_end(&bytes, begin);
        for (size_t i = 0; i < bytes.size; i++)
            gmq_check_heard(check, connection, GmqSlice{bytes.data + i, 1});
    }

    static void
    fill_table(GmqBuffer *table, const Args &args)
    {
        for (const Arg &arg : args) {
            if (arg.text != nullptr)
                gmq_table_add_text(table, arg.name, gmq_slice_of(arg.text));
            else
                gmq_table_add_int(table, arg.name, arg.integer);
        }
    }

    void
    queue(const char *name, const Args &args = {}, uint64_t flags = 0)
    {
        g_auto(GmqBuffer) table = {};
        GmqMethod method        = {};

        fill_table(&table, args);
        method.id                      = GMQ_QUEUE_DECLARE;
        method.queue_declare.queue     = gmq_slice_of(name);
        method.queue_declare.arguments = gmq_buffer_slice(&table);
        ask(method);
        tell(GMQ_EVENT_QUEUE_DECLARED, name, "", 0, 0, flags);
    }

    void
    exchange(const char *name, const char *type, const Args &args = {})
    {
        g_auto(GmqBuffer) table = {};
        GmqMethod method        = {};

        fill_table(&table, args);
        method.id                         = GMQ_EXCHANGE_DECLARE;
        method.exchange_declare.exchange  = gmq_slice_of(name);
        method.exchange_declare.type      = gmq_slice_of(type);
        method.exchange_declare.arguments = gmq_buffer_slice(&table);
        ask(method);
        tell(GMQ_EVENT_EXCHANGE_DECLARED, name, "", 0, 0, 0, type);
    }

    void
    bind_asked(const char *from, const char *to, const char *key, const Args &args = {})
    {
        g_auto(GmqBuffer) table = {};
        GmqMethod method        = {};

        fill_table(&table, args);
        method.id                     = GMQ_QUEUE_BIND;
        method.queue_bind.queue       = gmq_slice_of(to);
        method.queue_bind.exchange    = gmq_slice_of(from);
        method.queue_bind.routing_key = gmq_slice_of(key);
        method.queue_bind.arguments   = gmq_buffer_slice(&table);
        ask(method);
        bind(from, to, key);
    }

    void
    unbind_asked(const char *from, const char *to, const char *key, const Args &args = {})
    {
        g_auto(GmqBuffer) table = {};
        GmqMethod method        = {};
        GmqEvent event          = {};

        fill_table(&table, args);
        method.id                       = GMQ_QUEUE_UNBIND;
        method.queue_unbind.queue       = gmq_slice_of(to);
        method.queue_unbind.exchange    = gmq_slice_of(from);
        method.queue_unbind.routing_key = gmq_slice_of(key);
        method.queue_unbind.arguments   = gmq_buffer_slice(&table);
        ask(method);
        event.kind = GMQ_EVENT_UNBOUND;
        event.who  = gmq_slice_of(from);
        event.to   = gmq_slice_of(to);
        event.key  = gmq_slice_of(key);
        event.text = GMQ_SLICE("queue");
        tell(event);
    }

    /* Message n is sent and enters a queue by its name. Returns the event of that. */
    uint64_t
    enter(uint64_t n, uint64_t ready, const char *into = "q", uint64_t confirm = 0)
    {
        send(n);
        publish(n, "", into, confirm);
        because(number);
        enqueue(n, ready, into);
        return number;
    }

    /* The message that died with the last event becomes a letter. Returns the event of that. */
    uint64_t
    die(uint64_t n, const char *reason, const char *to, const char *key, uint64_t count = 1,
        const char *in = "q")
    {
        GmqEvent event = {};

        event.kind    = GMQ_EVENT_DEAD_LETTERED;
        event.who     = gmq_slice_of(in);
        event.to      = gmq_slice_of(to);
        event.key     = gmq_slice_of(key);
        event.message = n;
        event.count   = count;
        event.text    = gmq_slice_of(reason);
        because(number);
        tell(event);
        return number;
    }

    /* An exchange sends message n, which was published with that event, to a queue. */
    void
    hop(uint64_t n, uint64_t published, const char *from, const char *to, const char *key = "")
    {
        GmqEvent event = {};

        event.kind    = GMQ_EVENT_ROUTED;
        event.who     = gmq_slice_of(from);
        event.to      = gmq_slice_of(to);
        event.key     = gmq_slice_of(key);
        event.message = n;
        event.text    = GMQ_SLICE("queue");
        because(published);
        tell(event);
    }

    void
    end_turn()
    {
        gmq_check_turn_ended(check);
    }

    /* Nothing was told until here. */
    void
    expect_held() const
    {
        EXPECT_TRUE(sentences.empty()) << sentences[0];
    }

    bool was_greeted = false;
};
