#include "core/net/net.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

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
        gmq_net_attach(net, &broker, &amqp);
    }

    void
    TearDown() override
    {
        gmq_net_hang_up(net);
        gmq_net_free(net);
        if (!folder.empty()) {
            unlink((folder + "/x").c_str());
            rmdir(folder.c_str());
        }
    }

    /* A disk, and what is under way to a file of it. */
    void
    append_something()
    {
        static const uint8_t byte = 'x';
        g_autofree char *path     = g_dir_make_tmp("gmq-net-XXXXXX", nullptr);
        GmqSlice slice            = {&byte, 1};

        folder = path;
        ASSERT_TRUE(gmq_net_open_disk(net, path, nullptr));
        disk          = gmq_net_host(net)->disk;
        GmqFile *file = disk->open(disk, "x", true, nullptr);
        disk->append(disk, file, &slice, 1, true, 7);
        disk->close(disk, file);
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

    GmqBroker broker;
    GmqAmqp amqp;
    GmqNet *net   = nullptr;
    GmqDisk *disk = nullptr;
    std::string folder;
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

using Stored = std::vector<std::pair<uint64_t, GmqDiskResult>>;

TEST_F(Net, TellsTheBrokerWhatTheDiskHasDone)
{
    int n_followed = 0;

    append_something();
    gmq_net_follow_disk(
        net, [](void *user) { ++*static_cast<int *>(user); }, &n_followed);
    amqp.on_woken = [&] { raise(SIGTERM); };
    gmq_net_host(net)->wake_at(gmq_net_host(net), 200000000);
    EXPECT_EQ(0, gmq_net_run(net));
    EXPECT_EQ((Stored{{7, GMQ_DISK_DONE}}), broker.stored);
    EXPECT_EQ(1, n_followed);
}

TEST_F(Net, EndsTheJournalWhenAllConnectionsAreGone)
{
    append_something();
    listen("127.0.0.1:0");
    FakeClient client(address());

    amqp.on_stop   = [&] { client.hang_up(); };
    broker.on_stop = [&] { EXPECT_EQ(1, amqp.connections[0]->n_closed); };
    broker.is_idle = [&] { return !broker.stored.empty(); };
    amqp.on_woken  = [&] { raise(SIGTERM); };
    gmq_net_host(net)->wake_at(gmq_net_host(net), 50000000);
    EXPECT_EQ(0, gmq_net_run(net));
    EXPECT_EQ(1, broker.n_stops);
    EXPECT_EQ((Stored{{7, GMQ_DISK_DONE}}), broker.stored) << "it was waited for";
    EXPECT_TRUE(gmq_net_hang_up(net));
    EXPECT_EQ(1, broker.n_stops) << "once is enough";
}

TEST_F(Net, ASecondSignalLeavesTheJournalAsItIs)
{
    append_something();
    broker.is_idle = [] { return false; };
    broker.on_stop = [] { raise(SIGINT); };
    raise(SIGTERM);
    EXPECT_EQ(SIGINT, gmq_net_run(net));
    EXPECT_TRUE(gmq_net_hang_up(net));
}

TEST_F(Net, EndsTheJournalOfABrokerThatNeverServed)
{
    append_something();
    broker.is_idle = [&] { return !broker.stored.empty(); };
    EXPECT_TRUE(gmq_net_hang_up(net));
    EXPECT_EQ(1, broker.n_stops);
    EXPECT_EQ(1u, broker.stored.size());
}

TEST_F(Net, WithoutADiskThereIsNoJournalToEnd)
{
    raise(SIGTERM);
    EXPECT_EQ(0, gmq_net_run(net));
    EXPECT_EQ(0, broker.n_stops);
    EXPECT_EQ(nullptr, gmq_net_host(net)->disk);
}

TEST_F(Net, SignalsEndItWhileTheyAreDeadly)
{
    gmq_net_set_deadly_signals(net, true);
    EXPECT_EXIT(raise(SIGTERM), testing::KilledBySignal(SIGTERM), "");
    gmq_net_set_deadly_signals(net, false);
    raise(SIGTERM);
    EXPECT_EQ(0, gmq_net_run(net));
}

TEST_F(Net, TellsTheWallClock)
{
    int64_t now_ms = (int64_t)time(nullptr) * 1000;

    EXPECT_NEAR((double)now_ms, (double)gmq_net_host(net)->wall_ms(gmq_net_host(net)), 5000);
}

} // namespace
