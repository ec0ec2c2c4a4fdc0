/* history.h - telling a check what happened, event by event. */
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/check.h"

inline const char *const history_scenario =
    "glassmq: 1\n"
    "title: T\n"
    "stop: 5s\n"
    "topology:\n"
    "  exchanges: {x: {type: fanout}}\n"
    "  queues: {q: {}, r: {}}\n"
    "  bindings: [{from: x, to: q}, {from: x, to: r}]\n"
    "clients:\n"
    "  p: {role: producer, publish: {to: default, key: q, body: x, count: 9,\n"
    "      messages: [{n: 8, mandatory: yes}]}, confirms: {window: 9}}\n"
    "  c: {role: consumer, from: q, prefetch: 2}\n"
    "  d: {role: consumer, from: q, ack: auto}\n";

class History : public testing::Test {
  protected:
    void
    SetUp() override
    {
        const char *yaml = text();

        scenario = gmq_scenario_parse("t.yaml", yaml, strlen(yaml), NULL);
        check    = gmq_check_new(scenario, on_broken, this);
        gmq_outgoing_init(&outgoing);
        declare_all();
        gmq_check_begin(check);
    }

    /* The scenario, and the events of its topology. */
    virtual const char *
    text() const
    {
        return history_scenario;
    }

    virtual void
    declare_all()
    {
        tell(GMQ_EVENT_EXCHANGE_DECLARED, "x", "", 0, 0, 0, "fanout");
        tell(GMQ_EVENT_QUEUE_DECLARED, "q", "");
        tell(GMQ_EVENT_QUEUE_DECLARED, "r", "");
        bind("x", "q");
        bind("x", "r");
    }

    void
    bind(const char *from, const char *to, const char *key = "", const char *type = "queue")
    {
        GmqEvent event = {};
        event.kind     = GMQ_EVENT_BOUND;
        event.who      = gmq_slice_of(from);
        event.to       = gmq_slice_of(to);
        event.key      = gmq_slice_of(key);
        event.text     = gmq_slice_of(type);
        tell(event);
    }

    void
    TearDown() override
    {
        gmq_outgoing_clear(&outgoing);
        gmq_check_free(check);
        gmq_scenario_free(scenario);
    }

    /* The event with these members; the others are set in between by the caller. */
    void
    tell(const GmqEvent &event)
    {
        GmqTraceEvent traced = {};
        GmqEvent whole       = event;

        whole.time_ns = now_ms * INT64_C(1000000);
        whole.cause   = cause;
        cause         = 0;
        traced.number = ++number;
        gmq_check_add(check, &whole, &traced);
    }

    /* The event that is told next was led to by this one. */
    History &
    because(uint64_t event)
    {
        cause = event;
        return *this;
    }

    void
    tell(GmqEventKind kind, const char *who, const char *to, uint64_t message = 0, uint64_t tag = 0,
         uint64_t count = 0, const char *text = "", bool redelivered = false)
    {
        GmqEvent event    = {};
        event.kind        = kind;
        event.who         = gmq_slice_of(who);
        event.to          = gmq_slice_of(to);
        event.message     = message;
        event.tag         = tag;
        event.count       = count;
        event.text        = gmq_slice_of(text);
        event.redelivered = redelivered;
        event.channel     = 1;
        tell(event);
    }

    /* Client p sends message n. */
    void
    send(uint64_t n, const char *connection = "p")
    {
        gmq_outgoing_fill(&outgoing, gmq_scenario_find_client(scenario, "p"), n);
        gmq_check_sent(check, connection, &outgoing);
    }

    /* The broker takes message n under the same number. */
    void
    publish(uint64_t n, const char *exchange = "", const char *key = "q", uint64_t confirm = 0)
    {
        std::string name = "p-" + std::to_string(n);
        GmqEvent event   = {};

        event.kind       = GMQ_EVENT_PUBLISHED;
        event.who        = gmq_slice_of("p");
        event.to         = gmq_slice_of(exchange);
        event.key        = gmq_slice_of(key);
        event.message    = n;
        event.message_id = gmq_slice_of(name.c_str());
        event.tag        = confirm;
        tell(event);
    }

    void
    enqueue(uint64_t n, uint64_t ready, const char *queue = "q")
    {
        tell(GMQ_EVENT_ENQUEUED, queue, "", n, 0, ready, "tail");
    }

    /* Messages 1 to n are published and ready in q. */
    void
    fill(uint64_t n)
    {
        for (uint64_t i = 1; i <= n; i++) {
            send(i);
            publish(i);
            enqueue(i, i);
        }
        gmq_check_turn_ended(check);
    }

    void
    deliver(uint64_t n, uint64_t tag, const char *to = "c", bool redelivered = false)
    {
        tell(GMQ_EVENT_DELIVERED, "q", to, n, tag, 0, "t", redelivered);
    }

    /* The only sentence that was told. */
    std::string
    sentence() const
    {
        EXPECT_EQ(1u, sentences.size());
        return sentences.empty() ? "" : sentences[0];
    }

    static void
    on_broken(void *user, const char *, const char *sentence)
    {
        static_cast<History *>(user)->sentences.push_back(sentence);
    }

    GmqScenario *scenario = nullptr;
    GmqCheck *check       = nullptr;
    GmqOutgoing outgoing  = {};
    uint64_t number       = 0;
    uint64_t cause        = 0;
    int64_t now_ms        = 0;
    std::vector<std::string> sentences;
};
