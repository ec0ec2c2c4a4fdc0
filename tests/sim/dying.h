/* dying.h - a history in which messages die: queue q dies to exchange d, the key of its letters is
 * "dead", and they come to r, which keeps them for 100 ms and sends them back. */
#pragma once

#include "core/wire/properties.h"
#include "tests/sim/asked.h"

class Dying : public Asked {
  protected:
    const char *
    text() const override
    {
        return "glassmq: 1\n"
               "title: T\n"
               "stop: 5s\n"
               "epoch: 1970-01-01T00:00:00Z\n"
               "topology: {queues: {q: {}, r: {}}}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q, body: x, count: 9,\n"
               "      headers: {kind: red}, messages: [{n: 2, ttl: 50ms}]}, confirms: {window: "
               "9}}\n"
               "  c: {role: consumer, from: q}\n";
    }

    void
    declare_all() override
    {
        exchange("d", "direct");
        queue("q", {{"x-dead-letter-exchange", "d"},
                    {"x-dead-letter-routing-key", "dead"},
                    {"x-delivery-limit", 1}});
        queue("r", {{"x-message-ttl", 100},
                    {"x-dead-letter-exchange", ""},
                    {"x-dead-letter-routing-key", "q"}});
        bind_asked("d", "r", "dead");
    }

    void
    reject(uint64_t n, uint64_t tag)
    {
        tell(GMQ_EVENT_REJECTED, "q", "c", n, tag);
    }

    /* Message n was rejected in q and is in r now. Returns the event with which it came there. */
    uint64_t
    bury(uint64_t n)
    {
        enter(n, 1);
        deliver(n, 1);
        reject(n, 1);
        because(die(n, "rejected", "d", "dead"));
        enqueue(n, 1, "r");
        end_turn();
        return number;
    }

    /* A death as it stands in x-death. */
    struct Record {
        const char *queue, *reason, *exchange, *key;
        int64_t count;
        const char *expiration;
        int64_t time_s;
    };

    static void
    add_death(GmqBuffer *array, const Record &record)
    {
        g_auto(GmqBuffer) table = {};
        g_auto(GmqBuffer) keys  = {};
        GmqValue key            = {};
        GmqValue value          = {};

        gmq_table_add_int(&table, "count", record.count);
        gmq_table_add_text(&table, "reason", gmq_slice_of(record.reason));
        gmq_table_add_text(&table, "queue", gmq_slice_of(record.queue));
        value.type    = GMQ_VALUE_TIMESTAMP;
        value.integer = record.time_s;
        gmq_table_add(&table, GMQ_SLICE("time"), &value);
        gmq_table_add_text(&table, "exchange", gmq_slice_of(record.exchange));
        key.type  = GMQ_VALUE_STRING;
        key.bytes = gmq_slice_of(record.key);
        gmq_array_add(&keys, &key);
        value.type  = GMQ_VALUE_ARRAY;
        value.bytes = gmq_buffer_slice(&keys);
        gmq_table_add(&table, GMQ_SLICE("routing-keys"), &value);
        if (record.expiration != nullptr)
            gmq_table_add_text(&table, "original-expiration", gmq_slice_of(record.expiration));
        value.type  = GMQ_VALUE_TABLE;
        value.bytes = gmq_buffer_slice(&table);
        gmq_array_add(array, &value);
    }

    /* Client c receives message n under the tag, with these headers besides its own. */
    void
    receive(uint64_t n, uint64_t tag, const std::vector<Record> &records,
            const std::vector<const char *> &first = {"q", "rejected", ""}, int delivery_count = 0,
            const char *body = "x", const char *expiration = nullptr)
    {
        g_auto(GmqBuffer) headers = {};
        g_auto(GmqBuffer) header  = {};
        g_auto(GmqBuffer) deaths  = {};
        std::string name          = "p-" + std::to_string(n);
        GmqProperties properties  = {};
        GmqValue value            = {};

        gmq_table_add_text(&headers, "kind", GMQ_SLICE("red"));
        for (const Record &record : records)
            add_death(&deaths, record);
        value.type  = GMQ_VALUE_ARRAY;
        value.bytes = gmq_buffer_slice(&deaths);
        if (!records.empty()) {
            gmq_table_add(&headers, GMQ_SLICE("x-death"), &value);
            gmq_table_add_text(&headers, "x-first-death-queue", gmq_slice_of(first[0]));
            gmq_table_add_text(&headers, "x-first-death-reason", gmq_slice_of(first[1]));
            gmq_table_add_text(&headers, "x-first-death-exchange", gmq_slice_of(first[2]));
        }
        if (delivery_count > 0)
            gmq_table_add_int(&headers, "x-delivery-count", delivery_count);
        properties.present =
            GMQ_PROPERTY_BIT(GMQ_PROPERTY_MESSAGE_ID) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
        properties.message_id = gmq_slice_of(name.c_str());
        properties.headers    = gmq_buffer_slice(&headers);
        if (expiration != nullptr) {
            properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION);
            properties.expiration = gmq_slice_of(expiration);
        }
        gmq_properties_encode(&properties, 1, &header);
        GmqClientContent content = {gmq_buffer_slice(&header), gmq_slice_of(body)};
        gmq_check_received(check, "c", tag, &properties, &content);
    }

    /* What waits in r goes to c under tag 2, which needs not look at it any more. */
    void
    deliver_dead(uint64_t n, uint64_t entered)
    {
        because(entered);
        tell(GMQ_EVENT_DELIVERED, "r", "c", n, 2, 0, "t");
    }

    const Record rejected = {"q", "rejected", "", "q", 1, nullptr, 0};
};
