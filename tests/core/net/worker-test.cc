#include "core/net/worker.h"

#include <atomic>
#include <gtest/gtest.h>
#include <signal.h>
#include <vector>

namespace {

/* What is done and finished, in order, and a door that holds the thread up. */
struct Diary {
    std::vector<int> worked;
    std::vector<int> finished;
    std::vector<int> dropped;
    std::atomic<bool> is_shut{false};
    std::atomic<bool> is_inside{false};
    sigset_t blocked;
};

struct Task {
    GmqJob job; /* first */
    Diary *diary;
    int number;
};

void
work(GmqJob *job)
{
    Task *task = reinterpret_cast<Task *>(job);

    task->diary->is_inside = true;
    while (task->diary->is_shut)
        g_usleep(1000);
    pthread_sigmask(SIG_SETMASK, nullptr, &task->diary->blocked);
    task->diary->worked.push_back(task->number);
    task->diary->is_inside = false;
}

void
finish(GmqJob *job)
{
    Task *task = reinterpret_cast<Task *>(job);

    (job->is_dropped ? task->diary->dropped : task->diary->finished).push_back(task->number);
    g_free(task);
}

class Worker : public testing::Test {
  protected:
    void
    SetUp() override
    {
        loop   = gmq_loop_new(nullptr);
        worker = gmq_worker_new(loop, nullptr);
        ASSERT_NE(nullptr, worker);
    }

    void
    TearDown() override
    {
        ASSERT_TRUE(gmq_worker_stop(worker, 5000));
        gmq_worker_free(worker);
        gmq_loop_free(loop);
    }

    void
    give(int number)
    {
        Task *task = g_new0(Task, 1);

        task->job    = {work, finish, false, nullptr};
        task->diary  = &diary;
        task->number = number;
        gmq_worker_give(worker, &task->job);
    }

    void
    wait_for(size_t n)
    {
        int64_t end = gmq_loop_now(loop) + G_GINT64_CONSTANT(20000000000);

        while (diary.finished.size() < n && gmq_loop_now(loop) < end)
            gmq_loop_wait(loop, gmq_loop_now(loop) + 50000000);
        ASSERT_EQ(n, diary.finished.size());
    }

    void
    shut_in(int number)
    {
        diary.is_shut = true;
        give(number);
        while (!diary.is_inside)
            g_usleep(100);
    }

    GmqLoop *loop     = nullptr;
    GmqWorker *worker = nullptr;
    Diary diary;
};

TEST_F(Worker, DoesAndFinishesInOrder)
{
    std::vector<int> all;

    for (int i = 0; i < 1000; i++) {
        give(i);
        all.push_back(i);
        if (i % 100 == 0)
            gmq_loop_wait(loop, gmq_loop_now(loop) + 1000000);
    }
    wait_for(1000);
    EXPECT_EQ(all, diary.worked);
    EXPECT_EQ(all, diary.finished);
    EXPECT_TRUE(diary.dropped.empty());
}

TEST_F(Worker, TakesNoSignals)
{
    give(1);
    wait_for(1);
    for (int number : {SIGTERM, SIGINT, SIGHUP, SIGXFSZ})
        EXPECT_TRUE(sigismember(&diary.blocked, number)) << number;
    sigset_t own;
    pthread_sigmask(SIG_SETMASK, nullptr, &own);
    EXPECT_FALSE(sigismember(&own, SIGTERM)) << "this thread does as before";
}

TEST_F(Worker, DropsAtTheStopWhatIsNotFinished)
{
    give(1);
    g_usleep(20000);
    shut_in(2);
    give(3);
    EXPECT_FALSE(gmq_worker_stop(worker, 20)) << "2 holds it up";
    EXPECT_TRUE(diary.finished.empty());
    EXPECT_TRUE(diary.dropped.empty());
    diary.is_shut = false;
    EXPECT_TRUE(gmq_worker_stop(worker, 5000));
    EXPECT_EQ((std::vector<int>{1, 2}), diary.worked);
    EXPECT_EQ((std::vector<int>{1, 2, 3}), diary.dropped);

    give(4);
    EXPECT_EQ((std::vector<int>{1, 2, 3, 4}), diary.dropped) << "after the stop at once";
    gmq_loop_wait(loop, gmq_loop_now(loop) + 1000000);
    EXPECT_TRUE(diary.finished.empty());
}

} // namespace
