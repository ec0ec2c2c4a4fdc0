/* access.h - for tests of permissions: a user who may do some things and not others. */
#pragma once

#include <gtest/gtest.h>

#include "core/broker/permission.h"
#include "core/broker/user.h"
#include "tests/core/amqp/peer.h"

/* A user u who may configure what has a c in its name, write to what has a w, read what has an r,
 * and a queue and a topic exchange of each name. */
class Access : public testing::Test {
  protected:
    Access() : u(add_user("u")), vhost(server.vhost())
    {
        Login login;

        permit("^(c|cr|cw|crw|amq\\.gen.*)$", "^(w|wr|cw|crw)$", "^(r|wr|cr|crw)$");
        guest = std::make_unique<Peer>(server);
        for (std::string name : {"c", "w", "r", "none"}) {
            guest->ask("queue.declare queue=" + name);
            guest->ask("exchange.declare exchange=" + name + " type=topic");
        }
        login.user = login.password = "u";
        peer                        = std::make_unique<Peer>(server, login);
    }

    GmqUser *
    add_user(const char *name)
    {
        GmqUser *user = gmq_broker_add_user(server.broker, gmq_slice_of(name), nullptr);

        gmq_user_set_password(user, gmq_slice_of(name));
        return user;
    }

    void
    permit(const char *configure, const char *write, const char *read)
    {
        ASSERT_TRUE(gmq_user_set_permission(u, server.vhost(), configure, write, read, nullptr));
    }

    void
    permit_topic(const char *exchange, const char *write, const char *read)
    {
        ASSERT_TRUE(
            gmq_user_set_topic_permission(u, vhost, gmq_slice_of(exchange), write, read, nullptr));
    }

    /* The answer on a channel that nothing was said on before. */
    std::string
    ask(const std::string &text, const std::string &table = "")
    {
        std::string answer = peer->ask(open_channel(), text, table);
        return bare(answer);
    }

    std::string
    publish(const std::string &exchange, const std::string &key, const std::string &properties = "",
            const std::string &headers = "")
    {
        return bare(
            peer->send(::publish(open_channel(), exchange, key, "hi", properties, headers)));
    }

    int
    open_channel()
    {
        peer->ask(++channel, "channel.open");
        return channel;
    }

    std::string
    bare(const std::string &answer) const
    {
        std::string prefix = "#" + std::to_string(channel) + " ";
        return answer.compare(0, prefix.size(), prefix) == 0 ? answer.substr(prefix.size())
                                                             : answer;
    }

    /* How a method with those ids is refused. */
    static std::string
    refused(const std::string &ids, const std::string &what)
    {
        return "channel.close 403 " + ids + " ACCESS_REFUSED - access to " + what +
               " in vhost '/' refused for user 'u'";
    }

    Server server;
    GmqUser *u;
    GmqVhost *vhost;
    std::unique_ptr<Peer> guest;
    std::unique_ptr<Peer> peer;
    int channel = 1;
};
