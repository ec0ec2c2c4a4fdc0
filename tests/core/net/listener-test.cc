#include "core/net/listener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "tests/core/net/fake-client.h"

namespace {

struct Accepted {
    int fd;
    GmqAddress from, to;
};

void
note_accepted(void *user, int fd, const GmqAddress *from, const GmqAddress *to)
{
    static_cast<std::vector<Accepted> *>(user)->push_back({fd, *from, *to});
}

GmqAddress
address_of(const char *text)
{
    GmqEndpoint endpoint;

    EXPECT_TRUE(gmq_endpoint_parse(text, &endpoint, nullptr));
    return endpoint.addresses[0];
}

class Listener : public testing::Test {
  protected:
    void
    TearDown() override
    {
        for (const Accepted &each : accepted)
            close(each.fd);
        gmq_listener_free(listener);
        gmq_loop_free(loop);
    }

    void
    listen(const char *text)
    {
        GmqAddress address = address_of(text);
        listener           = gmq_listener_new(loop, &address, note_accepted, &accepted, nullptr);
        ASSERT_NE(nullptr, listener);
    }

    /* Turns until so many were accepted, or the time is over. */
    void
    turn_until(size_t n_accepted, int64_t most_ns = 5000000000)
    {
        int64_t deadline = gmq_loop_now(loop) + most_ns;
        while (accepted.size() < n_accepted && gmq_loop_now(loop) < deadline) {
            gmq_loop_wait(loop, MIN(deadline, gmq_listener_deadline(listener)));
            gmq_listener_resume(listener);
        }
    }

    GmqLoop *loop         = gmq_loop_new(nullptr);
    GmqListener *listener = nullptr;
    std::vector<Accepted> accepted;
};

TEST_F(Listener, TellsThePortThatTheKernelChose)
{
    listen("127.0.0.1:0");
    EXPECT_NE(0, gmq_address_port(gmq_listener_address(listener)));
}

TEST_F(Listener, HandsOverConnectionsWithBothAddresses)
{
    listen("127.0.0.1:0");
    FakeClient client(*gmq_listener_address(listener));
    turn_until(1);

    ASSERT_EQ(1u, accepted.size());
    EXPECT_TRUE(gmq_address_is_loopback(&accepted[0].from));
    EXPECT_NE(0, gmq_address_port(&accepted[0].from));
    EXPECT_EQ(gmq_address_port(gmq_listener_address(listener)), gmq_address_port(&accepted[0].to));
    EXPECT_TRUE(fcntl(accepted[0].fd, F_GETFL) & O_NONBLOCK);
}

TEST_F(Listener, OfAllAddressesNamesTheOneThatWasCalled)
{
    listen("0.0.0.0:0");
    GmqAddress called = address_of("127.0.0.1:0");
    gmq_address_set_port(&called, gmq_address_port(gmq_listener_address(listener)));
    FakeClient client(called);
    turn_until(1);

    ASSERT_EQ(1u, accepted.size());
    EXPECT_TRUE(gmq_address_is_loopback(&accepted[0].to));
}

TEST_F(Listener, SaysThatThePortIsInUse)
{
    g_autoptr(GError) error = nullptr;

    listen("127.0.0.1:0");
    EXPECT_EQ(nullptr, gmq_listener_new(loop, gmq_listener_address(listener), note_accepted,
                                        &accepted, &error));
    EXPECT_TRUE(g_error_matches(error, GMQ_LISTENER_ERROR, GMQ_LISTENER_ERROR_IN_USE));
    EXPECT_NE(nullptr, strstr(error->message, "another program uses this port"));
}

TEST_F(Listener, SaysThatTheMachineHasNoSuchAddress)
{
    g_autoptr(GError) error = nullptr;
    GmqAddress address      = address_of("192.0.2.1:0"); /* RFC 5737: nobody's */

    EXPECT_EQ(nullptr, gmq_listener_new(loop, &address, note_accepted, &accepted, &error));
    EXPECT_TRUE(g_error_matches(error, GMQ_LISTENER_ERROR, GMQ_LISTENER_ERROR_NO_FAMILY));
}

/* Leaves the process no file to open while it lives. */
class NoMoreFiles {
  public:
    NoMoreFiles()
    {
        int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
        close(next);
        getrlimit(RLIMIT_NOFILE, &before);
        struct rlimit tight = before;
        tight.rlim_cur      = (rlim_t)next;
        setrlimit(RLIMIT_NOFILE, &tight);
    }

    ~NoMoreFiles()
    {
        setrlimit(RLIMIT_NOFILE, &before);
    }

  private:
    struct rlimit before;
};

TEST_F(Listener, HangsUpWhenNoMoreFilesMayBeOpened)
{
    listen("127.0.0.1:0");
    FakeClient refused(*gmq_listener_address(listener));
    FakeClient too(*gmq_listener_address(listener));

    {
        NoMoreFiles guard;
        turn_until(1, 50000000);
    }
    EXPECT_TRUE(accepted.empty());
    EXPECT_EQ("", refused.read(1));
    EXPECT_EQ("", too.read(1));

    FakeClient welcome(*gmq_listener_address(listener));
    turn_until(1);
    EXPECT_EQ(1u, accepted.size());
}

} // namespace
