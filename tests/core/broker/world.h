/* world.h - for tests: a broker with one virtual host, and short words for what is done to it. */
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/broker/exchange.h"
#include "core/broker/vhost.h"
#include "core/wire/properties.h"
#include "core/wire/table.h"
#include "tests/core/fake-host.h"

inline GmqSlice
slice(const std::string &text)
{
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

/* The inside of a field table, put together piece by piece. */
class Table {
  public:
    Table &
    add(const std::string &name, GmqValueType type, int64_t integer)
    {
        GmqValue value = {};
        value.type     = type;
        value.integer  = integer;
        return add(name, value);
    }

    Table &
    add(const std::string &name, int64_t integer)
    {
        return add(name, GMQ_VALUE_I64, integer);
    }

    Table &
    add(const std::string &name, const char *text)
    {
        GmqValue value = {};
        value.type     = GMQ_VALUE_STRING;
        value.bytes    = gmq_slice_of(text);
        return add(name, value);
    }

    /* A void value. */
    Table &
    add(const std::string &name)
    {
        return add(name, GMQ_VALUE_VOID, 0);
    }

    /* An array of longstr. */
    Table &
    add(const std::string &name, const std::vector<std::string> &texts)
    {
        GmqBuffer array = {};
        GmqValue item   = {};

        item.type = GMQ_VALUE_STRING;
        for (const std::string &text : texts) {
            item.bytes = slice(text);
            gmq_array_add(&array, &item);
        }
        item.type  = GMQ_VALUE_ARRAY;
        item.bytes = gmq_buffer_slice(&array);
        add(name, item);
        gmq_buffer_clear(&array);
        return *this;
    }

    Table &
    add(const std::string &name, const GmqValue &value)
    {
        GmqBuffer buffer = {};

        gmq_table_add(&buffer, slice(name), &value);
        bytes_ += FakeHost::to_string(gmq_buffer_slice(&buffer));
        gmq_buffer_clear(&buffer);
        return *this;
    }

    operator std::string() const
    {
        return bytes_;
    }

  private:
    std::string bytes_;
};

enum Flags : unsigned {
    PLAIN       = 0,
    DURABLE     = 1,
    AUTO_DELETE = 2,
    INTERNAL    = 4,
    EXCLUSIVE   = 4,
};

/* "" when it was done, else the message of the error, which is freed. A reference, since the order
 * in which arguments are worked out is free. */
inline std::string
told(bool is_done, GError *&error)
{
    std::string text = error == nullptr ? "" : error->message;

    EXPECT_EQ(is_done, error == nullptr) << text;
    g_clear_error(&error);
    return text;
}

/* Each verb returns "" when it was done, else the reply-text. */
class World : public testing::Test {
  protected:
    World()
        : broker(gmq_broker_new(fake.host())), vhost(gmq_broker_find_vhost(broker, GMQ_SLICE("/")))
    {
        gmq_route_init(&route, fake.host());
        fake.take_events();
    }

    ~World() override
    {
        gmq_route_clear(&route);
        g_clear_pointer(&broker, gmq_broker_free);
    }

    World(const World &)            = delete;
    World &operator=(const World &) = delete;

    std::string
    exchange(const std::string &name, const std::string &type = "direct", unsigned flags = PLAIN,
             const std::string &arguments = "")
    {
        GmqExchangeSpec spec = {};

        spec.name           = slice(name);
        spec.type           = slice(type);
        spec.arguments      = slice(arguments);
        spec.is_durable     = (flags & DURABLE) != 0;
        spec.is_auto_delete = (flags & AUTO_DELETE) != 0;
        spec.is_internal    = (flags & INTERNAL) != 0;
        return outcome(gmq_vhost_declare_exchange(vhost, &spec, &fault) != nullptr);
    }

    std::string
    delete_exchange(const std::string &name, bool if_unused = false)
    {
        return outcome(gmq_vhost_delete_exchange(vhost, slice(name), if_unused, &fault));
    }

    std::string
    queue(const std::string &name, unsigned flags = PLAIN, const void *owner = nullptr)
    {
        GmqQueueSpec spec = {};

        spec.name           = slice(name);
        spec.is_durable     = (flags & DURABLE) != 0;
        spec.is_auto_delete = (flags & AUTO_DELETE) != 0;
        spec.is_exclusive   = (flags & EXCLUSIVE) != 0;
        spec.owner          = owner;
        return outcome(gmq_vhost_declare_queue(vhost, &spec, &fault) != nullptr);
    }

    std::string
    delete_queue(const std::string &name)
    {
        uint64_t count;
        return outcome(
            gmq_vhost_delete_queue(vhost, slice(name), nullptr, false, false, &count, &fault));
    }

    /* Makes as many bindings of a queue as there are keys. */
    void
    bind_keys(const std::string &source, const std::string &target,
              const std::vector<std::string> &keys)
    {
        for (const std::string &key : keys)
            ASSERT_EQ("", bind(source, key, target));
    }

    std::string
    bind(const std::string &source, const std::string &key, const std::string &target,
         const std::string &arguments = "", const void *owner = nullptr)
    {
        GmqBindingSpec spec = describe(source, key, target, true, arguments, owner);
        return outcome(gmq_vhost_bind(vhost, &spec, &fault));
    }

    std::string
    unbind(const std::string &source, const std::string &key, const std::string &target,
           const std::string &arguments = "", const void *owner = nullptr)
    {
        GmqBindingSpec spec = describe(source, key, target, true, arguments, owner);
        return outcome(gmq_vhost_unbind(vhost, &spec, &fault));
    }

    std::string
    bind_exchange(const std::string &source, const std::string &key, const std::string &target)
    {
        GmqBindingSpec spec = describe(source, key, target, false, "", nullptr);
        return outcome(gmq_vhost_bind(vhost, &spec, &fault));
    }

    std::string
    unbind_exchange(const std::string &source, const std::string &key, const std::string &target)
    {
        GmqBindingSpec spec = describe(source, key, target, false, "", nullptr);
        return outcome(gmq_vhost_unbind(vhost, &spec, &fault));
    }

    bool
    has_exchange(const std::string &name) const
    {
        return gmq_vhost_find_exchange(vhost, slice(name)) != nullptr;
    }

    /* Publishes a message with that number and returns the names of the queues it reaches, in their
     * order, each with a space behind it; or the reply-text. */
    std::string
    publish(const std::string &name, const std::string &key, const std::string &headers = "",
            uint64_t number = 1)
    {
        GmqMessage *message = make_message(name, key, headers);
        GmqExchange *start  = gmq_vhost_find_exchange(vhost, slice(name));
        std::string reached;

        message->number = number;
        message->event  = 1000 + number;
        if (!gmq_route_message(&route, start, message, &fault))
            reached = fault.text;
        else
            reached = reached_queues();
        gmq_message_unref(message);
        return reached;
    }

    static GmqMessage *
    make_message(const std::string &name, const std::string &key, const std::string &headers = "")
    {
        GmqProperties properties = {};
        GmqBuffer header         = {};

        if (!headers.empty())
            properties.present = GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
        properties.headers = slice(headers);
        gmq_properties_encode(&properties, 0, &header);

        GmqMessage *message =
            gmq_message_new(slice(name), slice(key), gmq_buffer_slice(&header), 0);
        gmq_buffer_clear(&header);
        return message;
    }

    std::string
    reached_queues() const
    {
        std::string names;

        for (unsigned i = 0; i < route.queues->len; i++) {
            auto *reached = static_cast<GmqQueue *>(g_ptr_array_index(route.queues, i));
            names += FakeHost::to_string(reached->name) + " ";
        }
        return names;
    }

    /* "" after success, else the text of the fault. */
    std::string
    outcome(bool done)
    {
        std::string text = done ? "" : fault.text;

        EXPECT_EQ(done, text.empty());
        return text;
    }

    static GmqBindingSpec
    describe(const std::string &source, const std::string &key, const std::string &target,
             bool to_queue, const std::string &arguments, const void *owner)
    {
        GmqBindingSpec spec = {};

        spec.source    = slice(source);
        spec.target    = slice(target);
        spec.to_queue  = to_queue;
        spec.key       = slice(key);
        spec.arguments = slice(arguments);
        spec.owner     = owner;
        return spec;
    }

    FakeHost fake;
    GmqBroker *broker;
    GmqVhost *vhost;
    GmqRoute route;
    GmqFault fault = {};
};
