#include "core/net/net.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <time.h>

#include "tests/core/net/fake-client.h"
#include "tests/core/net/fake-core.h"

namespace {

class Net : public testing::Test {
  protected:
    void
    SetUp() override
    {
        net = gmq_net_new(nullptr);
        ASSERT_NE(nullptr, net);
        gmq_net_attach(net, &amqp);
    }

    void
    TearDown() override
    {
        gmq_net_hang_up(net);
        gmq_net_free(net);
    }

    void
    listen(const char *text)
    {
        GmqEndpoint endpoint;

        ASSERT_TRUE(gmq_endpoint_parse(text, &endpoint, nullptr));
        ASSERT_TRUE(gmq_net_listen(net, &endpoint, nullptr));
    }

    std::string
    where()
    {
        g_autofree char *text = gmq_net_describe(net);

        return text;
    }

    /* The first address that it listens on. */
    GmqAddress
    address()
    {
        GmqEndpoint endpoint;
        std::string text = where();

        EXPECT_TRUE(gmq_endpoint_parse(text.substr(0, text.find(' ')).c_str(), &endpoint, nullptr));
        return endpoint.addresses[0];
    }

    GmqAmqp amqp;
    GmqNet *net = nullptr;
};

TEST_F(Net, ListensOnOnePortOfBothFamilies)
{
    listen("localhost:0");
    std::string text   = where();
    std::string port   = text.substr(10, text.find(' ') - 10);
    std::string v4only = "127.0.0.1:" + port;

    EXPECT_TRUE(text == v4only + " and [::1]:" + port || text == v4only) << text;
}

TEST_F(Net, NamesAllItsAddresses)
{
    listen("127.0.0.1:0");
    listen("127.0.0.2:0");
    listen("127.0.0.3:0");
    std::string text = where();

    EXPECT_EQ(0u, text.find("127.0.0.1:"));
    EXPECT_NE(std::string::npos, text.find(", 127.0.0.2:"));
    EXPECT_NE(std::string::npos, text.find(" and 127.0.0.3:"));
}

TEST_F(Net, RefusesAPortThatIsInUse)
{
    g_autoptr(GError) error = nullptr;
    GmqEndpoint endpoint    = {{}, 1};

    listen("127.0.0.1:0");
    endpoint.addresses[0] = address();
    EXPECT_FALSE(gmq_net_listen(net, &endpoint, &error));
    EXPECT_EQ("cannot listen on " + where() + ": another program uses this port",
              std::string(error->message));
}

TEST_F(Net, StopsAtASignalWhenNobodyIsThere)
{
    listen("127.0.0.1:0");
    raise(SIGTERM);
    EXPECT_EQ(0, gmq_net_run(net));
    EXPECT_EQ("the broker is shutting down", amqp.stop_text);
}

TEST_F(Net, ServesUntilItIsStoppedAndAllAreGone)
{
    listen("127.0.0.1:0");
    FakeClient client(address());

    amqp.on_woken = [&] { raise(SIGINT); };
    amqp.on_stop  = [&] { client.hang_up(); };
    gmq_net_host(net)->wake_at(gmq_net_host(net), 50000000);
    EXPECT_EQ(0, gmq_net_run(net));
    ASSERT_EQ(1u, amqp.connections.size());
    EXPECT_EQ(1, amqp.connections[0]->n_closed);
    EXPECT_EQ(1, amqp.n_woken);
    EXPECT_GE(gmq_net_host(net)->now(gmq_net_host(net)), 50000000) << "never early";
}

TEST_F(Net, ASecondSignalEndsTheGoodbye)
{
    listen("127.0.0.1:0");
    FakeClient client(address());

    amqp.on_woken = [&] { raise(SIGTERM); };
    amqp.on_stop  = [&] { raise(SIGINT); };
    gmq_net_host(net)->wake_at(gmq_net_host(net), 50000000);
    EXPECT_EQ(SIGINT, gmq_net_run(net));
    gmq_net_hang_up(net);
    EXPECT_EQ(1, amqp.connections[0]->n_closed);
    EXPECT_EQ("", client.read(1));
}

TEST_F(Net, ListensNoMoreDuringTheGoodbye)
{
    listen("127.0.0.1:0");
    FakeClient client(address());
    GmqAddress called = address();

    amqp.on_woken = [&] { raise(SIGTERM); };
    amqp.on_stop  = [&] {
        EXPECT_FALSE(FakeClient(called).is_connected());
        client.hang_up();
    };
    gmq_net_host(net)->wake_at(gmq_net_host(net), 50000000);
    EXPECT_EQ(0, gmq_net_run(net));
}

TEST_F(Net, TellsTheWallClock)
{
    int64_t now_ms = (int64_t)time(nullptr) * 1000;

    EXPECT_NEAR((double)now_ms, (double)gmq_net_host(net)->wall_ms(gmq_net_host(net)), 5000);
}

} // namespace
