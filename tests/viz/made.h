/* made.h - traces made by hand: a small run, told event by event.
 *
 * Time goes on by 10 ms with every step, so that each has a moment of its own. */
#pragma once

#include <cstdint>
#include <string>

#include "sim/trace.h"

class Made {
  public:
    Made()
    {
        char title[] = "A run made by hand", scenario[] = "made";
        GmqTraceInfo info = {};

        info.title    = title;
        info.scenario = scenario;
        info.seed     = 7;
        info.stop_ns  = 8000000000;
        trace_        = gmq_trace_new(&info);
    }

    ~Made()
    {
        gmq_trace_free(trace_);
    }

    Made(const Made &)            = delete;
    Made &operator=(const Made &) = delete;

    const GmqTrace *
    trace() const
    {
        return trace_;
    }

    uint64_t
    length() const
    {
        return gmq_trace_length(trace_);
    }

    void
    wait(int64_t ms)
    {
        time_ns_ += ms * 1000000;
    }

    /* Adds one event of that kind; the other members come from fill. */
    template <typename Fill>
    uint64_t
    note(GmqEventKind kind, const std::string &who, const std::string &message, Fill fill)
    {
        GmqEvent event = {};

        wait(10);
        event.kind    = kind;
        event.time_ns = time_ns_;
        event.who     = gmq_slice_of(who.c_str());
        fill(event);
        return gmq_trace_add(trace_, &event, message.c_str());
    }

    uint64_t
    note(GmqEventKind kind, const std::string &who, const std::string &to = "",
         const std::string &message = "", const std::string &key = "", const std::string &text = "",
         uint64_t count = 0, uint64_t tag = 0, bool again = false)
    {
        return note(kind, who, message, [&](GmqEvent &event) {
            event.to          = gmq_slice_of(to.c_str());
            event.key         = gmq_slice_of(key.c_str());
            event.text        = gmq_slice_of(text.c_str());
            event.count       = count;
            event.tag         = tag;
            event.redelivered = again;
        });
    }

    void
    exchange(const std::string &name, const std::string &type)
    {
        note(GMQ_EVENT_EXCHANGE_DECLARED, name, "", "", "", type, 0);
    }

    void
    queue(const std::string &name, uint64_t flags = 1)
    {
        note(GMQ_EVENT_QUEUE_DECLARED, name, "", "", "", "", flags);
    }

    void
    bind(const std::string &exchange, const std::string &queue, const std::string &key)
    {
        note(GMQ_EVENT_BOUND, exchange, queue, "", key, "queue");
    }

    void
    client(const std::string &name, const std::string &role, uint64_t prefetch = 0)
    {
        note(GMQ_EVENT_CLIENT_ADDED, name, "", "", "", role, prefetch);
    }

    void
    start(const std::string &name)
    {
        note(GMQ_EVENT_CLIENT_STARTED, name);
        note(GMQ_EVENT_CONNECTION_OPENED, name);
    }

    void
    consume(const std::string &name, const std::string &queue, uint64_t prefetch)
    {
        note(GMQ_EVENT_CONSUMER_ADDED, queue, name, "", "", "ctag", prefetch);
    }

    void
    send(const std::string &name, const std::string &exchange, const std::string &key,
         const std::string &message)
    {
        note(GMQ_EVENT_CLIENT_SENT, name, exchange, message, key);
    }

    /* What a client sent arrives at the broker; tag is the confirm number. */
    void
    arrive(const std::string &name, const std::string &exchange, const std::string &key,
           const std::string &message, uint64_t tag = 0)
    {
        note(GMQ_EVENT_PUBLISHED, name, exchange, message, key, "", 6, tag);
    }

    void
    enqueue(const std::string &exchange, const std::string &queue, const std::string &key,
            const std::string &message, uint64_t ready, const std::string &at = "tail")
    {
        note(GMQ_EVENT_ROUTED, exchange, queue, message, key, "queue");
        note(GMQ_EVENT_ENQUEUED, queue, "", message, "", at, ready);
    }

    void
    deliver(const std::string &queue, const std::string &name, const std::string &message,
            uint64_t tag, bool again = false)
    {
        note(GMQ_EVENT_DELIVERED, queue, name, message, "", "ctag", 0, tag, again);
    }

    void
    receive(const std::string &name, const std::string &queue, const std::string &message,
            uint64_t tag, bool again = false)
    {
        note(GMQ_EVENT_CLIENT_RECEIVED, name, queue, message, "", "", 500, tag, again);
    }

    void
    finish(const std::string &name, const std::string &queue, const std::string &message,
           uint64_t tag, const std::string &then = "ack")
    {
        note(GMQ_EVENT_CLIENT_FINISHED, name, queue, message, "", then, 0, tag);
    }

    void
    ack(const std::string &queue, const std::string &name, const std::string &message, uint64_t tag)
    {
        note(GMQ_EVENT_ACKED, queue, name, message, "", "", 0, tag);
    }

  private:
    GmqTrace *trace_ = nullptr;
    int64_t time_ns_ = 0;
};

/* A work queue with two workers; w1 dies while it works on p1-5. */
inline void
tell_work_queue(Made &made)
{
    made.queue("tasks");
    made.client("p1", "producer");
    made.client("w1", "consumer", 1);
    made.client("w2", "consumer", 1);
    for (const char *name : {"p1", "w1", "w2"})
        made.start(name);
    made.consume("w1", "tasks", 1);
    made.consume("w2", "tasks", 1);
    for (uint64_t i = 1; i <= 7; i++) {
        std::string message = "p1-" + std::to_string(i);

        made.send("p1", "", "tasks", message);
        if (i == 7)
            break;
        made.arrive("p1", "", "tasks", message, i);
        made.enqueue("", "tasks", "tasks", message, i < 3 ? 0 : i - 2, i < 3 ? "consumer" : "tail");
        if (i == 1)
            made.deliver("tasks", "w1", message, 1);
        if (i == 2)
            made.deliver("tasks", "w2", message, 1);
        made.note(GMQ_EVENT_CONFIRMED, "p1", "", "", "", "", 0, i);
        if (i < 6)
            made.note(GMQ_EVENT_CLIENT_CONFIRMED, "p1", "", message, "", "", 0, i);
    }
    struct {
        const char *name, *done, *next;
        uint64_t tag;
    } turns[] = {{"w1", "p1-1", "p1-3", 1}, {"w2", "p1-2", "p1-4", 1}, {"w1", "p1-3", "p1-5", 2}};
    for (const auto &turn : turns) {
        made.receive(turn.name, "tasks", turn.done, turn.tag);
        made.wait(490);
        made.finish(turn.name, "tasks", turn.done, turn.tag);
        made.ack("tasks", turn.name, turn.done, turn.tag);
        made.deliver("tasks", turn.name, turn.next, turn.tag + 1);
    }
    made.receive("w1", "tasks", "p1-5", 3);
    made.receive("w2", "tasks", "p1-4", 2);
    made.wait(140);
    made.note(GMQ_EVENT_FAULT_CRASH, "w1");
    made.note(GMQ_EVENT_CAPTION, "view", "", "", "", "w1 dies while it is working on message 5.");
    made.note(GMQ_EVENT_CONNECTION_CLOSED, "w1", "", "", "", "reset");
    made.note(GMQ_EVENT_CONSUMER_REMOVED, "tasks", "w1", "", "", "ctag");
    made.note(GMQ_EVENT_REQUEUED, "tasks", "", "p1-5", "", "head", 2, 0, true);
}
