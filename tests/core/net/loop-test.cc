#include "core/net/loop.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace {

struct Reader {
    GmqWatch watch; /* first */
    uint32_t events;
    int n_calls;
};

void
note_events(GmqWatch *watch, uint32_t events)
{
    Reader *reader = reinterpret_cast<Reader *>(watch);

    reader->events = events;
    reader->n_calls++;
}

class Loop : public testing::Test {
  protected:
    void
    SetUp() override
    {
        loop = gmq_loop_new(nullptr);
        ASSERT_NE(nullptr, loop);
        ASSERT_EQ(0, pipe(pipe_fds));
        ASSERT_TRUE(gmq_loop_add(loop, pipe_fds[0], EPOLLIN, &reader.watch));
    }

    void
    TearDown() override
    {
        close(pipe_fds[0]);
        close(pipe_fds[1]);
        gmq_loop_free(loop);
    }

    GmqLoop *loop = nullptr;
    int pipe_fds[2];
    Reader reader = {{note_events}, 0, 0};
};

TEST_F(Loop, BeginsAtTimeZero)
{
    EXPECT_EQ(0, gmq_loop_now(loop));
}

TEST_F(Loop, IsNeverEarly)
{
    for (int64_t pause_ns : {1000, 150000, 999999, 1000001, 3700000}) {
        int64_t deadline_ns = gmq_loop_now(loop) + pause_ns;
        gmq_loop_wait(loop, deadline_ns);
        EXPECT_GE(gmq_loop_now(loop), deadline_ns);
    }
    EXPECT_EQ(0, reader.n_calls);
}

TEST_F(Loop, DoesNotWaitForATimeThatIsPast)
{
    gmq_loop_wait(loop, 0);
    EXPECT_LT(gmq_loop_now(loop), G_GINT64_CONSTANT(5000000000));
}

TEST_F(Loop, CallsTheWatchThatIsReady)
{
    ASSERT_EQ(1, write(pipe_fds[1], "x", 1));
    gmq_loop_wait(loop, INT64_MAX);
    EXPECT_EQ(1, reader.n_calls);
    EXPECT_EQ(uint32_t{EPOLLIN}, reader.events);
}

TEST_F(Loop, ReportsAgainWhatWasNotDealtWith)
{
    ASSERT_EQ(1, write(pipe_fds[1], "x", 1));
    gmq_loop_wait(loop, INT64_MAX);
    gmq_loop_wait(loop, INT64_MAX);
    EXPECT_EQ(2, reader.n_calls);
}

TEST_F(Loop, IsSilentAboutWhatNobodyWatchesFor)
{
    ASSERT_EQ(1, write(pipe_fds[1], "x", 1));
    gmq_loop_change(loop, pipe_fds[0], 0, &reader.watch);
    gmq_loop_wait(loop, 1);
    EXPECT_EQ(0, reader.n_calls);
}

TEST_F(Loop, ReportsAHangUpEvenThen)
{
    gmq_loop_change(loop, pipe_fds[0], 0, &reader.watch);
    close(pipe_fds[1]);
    gmq_loop_wait(loop, INT64_MAX);
    EXPECT_EQ(uint32_t{EPOLLHUP}, reader.events);
}

/* Ends another watch of the same batch from inside its own call. */
struct Ender {
    GmqWatch watch; /* first */
    GmqLoop *loop;
    Ender *other;
    int n_calls;
};

void
end_other(GmqWatch *watch, uint32_t)
{
    Ender *ender = reinterpret_cast<Ender *>(watch);

    ender->n_calls++;
    gmq_loop_forget(ender->loop, &ender->other->watch);
}

TEST_F(Loop, ForgetsAWatchInTheMiddleOfABatch)
{
    Ender one = {{end_other}, loop, nullptr, 0};
    Ender two = {{end_other}, loop, &one, 0};
    int other_fds[2];
    one.other = &two;
    ASSERT_EQ(0, pipe(other_fds));
    ASSERT_TRUE(gmq_loop_add(loop, other_fds[0], EPOLLIN, &one.watch));
    gmq_loop_change(loop, pipe_fds[0], EPOLLIN, &two.watch);
    ASSERT_EQ(1, write(pipe_fds[1], "x", 1));
    ASSERT_EQ(1, write(other_fds[1], "x", 1));

    gmq_loop_wait(loop, INT64_MAX);
    EXPECT_EQ(1, one.n_calls + two.n_calls);
    close(other_fds[0]);
    close(other_fds[1]);
}

} // namespace
