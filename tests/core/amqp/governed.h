/* governed.h - a broker with a client, and policies for its queue "q" and its exchange "x". */
#pragma once

#include "tests/core/amqp/peer.h"

class Governed {
  public:
    void
    set(const std::string &definition, GmqPolicyKind kind = GMQ_POLICY_USER,
        const std::string &name = "p", const std::string &pattern = "^[qx]$")
    {
        GmqPolicySpec spec      = {};
        g_autoptr(GError) error = nullptr;

        spec.name       = slice(name);
        spec.pattern    = slice(pattern);
        spec.definition = slice(definition);
        ASSERT_TRUE(gmq_vhost_set_policy(server.vhost(), kind, &spec, &error)) << error->message;
        server.turn();
    }

    void
    set_operator(const std::string &definition)
    {
        set(definition, GMQ_POLICY_OPERATOR);
    }

    void
    clear(GmqPolicyKind kind = GMQ_POLICY_USER)
    {
        ASSERT_TRUE(gmq_vhost_clear_policy(server.vhost(), kind, GMQ_SLICE("p"), nullptr));
        server.turn();
    }

    /* A queue "q" with these arguments, and one that is called as no policy wants. */
    void
    declare(const std::string &arguments = "")
    {
        EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
                  peer.ask("queue.declare queue=q", arguments));
        peer.ask("queue.declare queue=dead");
    }

    void
    fill(const std::vector<std::string> &bodies)
    {
        for (const std::string &body : bodies)
            peer.publish("", "q", body);
    }

    /* The bodies of all ready messages, each with a blank behind it. */
    std::string
    take_all(const std::string &queue)
    {
        std::string bodies;
        std::string reply;

        while ((reply = peer.ask("basic.get no-ack queue=" + queue)) != "basic.get-empty") {
            std::string rest = reply.substr(0, reply.rfind(" left="));
            bodies += rest.substr(rest.rfind(' ') + 1) + " ";
        }
        return bodies;
    }

    const GmqQueueSettings &
    settings() const
    {
        return gmq_vhost_find_queue(server.vhost(), GMQ_SLICE("q"))->settings;
    }

    Server server;
    Peer peer{server};
};

/* A definition, or arguments, of one number. */
inline std::string
number(const char *name, int64_t value)
{
    return Table().add(name, value);
}
