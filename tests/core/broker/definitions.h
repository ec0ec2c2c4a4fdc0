/* definitions.h - for tests: a durable broker, and short words for what is set in it. */
#pragma once

#include "tests/core/broker/durable.h"

class Definitions : public Durable {
  protected:
    GmqVhost *
    add_vhost(const std::string &name)
    {
        return gmq_broker_add_vhost(broker, slice(name), nullptr);
    }

    GmqUser *
    add_user(const std::string &name)
    {
        return gmq_broker_add_user(broker, slice(name), nullptr);
    }

    GmqUser *
    guest() const
    {
        return gmq_broker_find_user(broker, GMQ_SLICE("guest"));
    }

    GmqQueue *
    find(const std::string &name) const
    {
        return gmq_vhost_find_queue(vhost, slice(name));
    }

    /* Declares a durable queue with arguments. */
    std::string
    queue_with(const std::string &name, const std::string &arguments)
    {
        GmqQueueSpec spec = {};

        spec.name       = slice(name);
        spec.arguments  = slice(arguments);
        spec.is_durable = true;
        return outcome(gmq_vhost_declare_queue(vhost, &spec, &fault) != nullptr);
    }

    void
    set_policy(const std::string &name, const std::string &pattern, const std::string &definition,
               GmqPolicyKind kind = GMQ_POLICY_USER)
    {
        GmqPolicySpec spec = {};

        spec.name       = slice(name);
        spec.pattern    = slice(pattern);
        spec.apply_to   = GMQ_SLICE("queues");
        spec.priority   = 3;
        spec.definition = slice(definition);
        ASSERT_TRUE(gmq_vhost_set_policy(vhost, kind, &spec, nullptr));
    }

    static void
    set_tags(GmqUser *user, const char *first, const char *second = nullptr)
    {
        const char *const tags[] = {first, second, nullptr};
        gmq_user_set_tags(user, tags);
    }

    static void
    permit(GmqUser *user, GmqVhost *where, const char *read)
    {
        ASSERT_TRUE(gmq_user_set_permission(user, where, "c.*", "w.*", read, nullptr));
    }
};
