/* Many deadlines on one timer. */
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <vector>

#include "core/broker/timer.h"
#include "tests/core/chance.h"

static const int n_timers = 40;

/* Timers that write down when they fired. */
class Timer : public testing::Test {
  protected:
    struct Alarm {
        GmqTimer timer; /* first: the core's pointer leads back here */
        Timer *test;
        int name;
        int64_t again_after; /* 0: it fires once */
    };

    Timer()
    {
        gmq_timers_init(&timers);
        for (int i = 0; i < n_timers; i++) {
            alarms[i]            = Alarm();
            alarms[i].test       = this;
            alarms[i].name       = i;
            alarms[i].timer.fire = on_fire;
        }
    }

    ~Timer() override
    {
        gmq_timers_clear(&timers);
    }

    Timer(const Timer &)            = delete;
    Timer &operator=(const Timer &) = delete;

    void
    start(int name, int64_t due_ns)
    {
        gmq_timer_start(&timers, &alarms[name].timer, due_ns);
    }

    void
    stop(int name)
    {
        gmq_timer_stop(&timers, &alarms[name].timer);
    }

    /* The names of those that fire now, in their order. */
    std::vector<int>
    fire(int64_t at_ns)
    {
        fired.clear();
        now_ns = at_ns;
        gmq_timers_fire(&timers, at_ns);
        return fired;
    }

    static void
    on_fire(GmqTimer *timer)
    {
        auto *alarm = reinterpret_cast<Alarm *>(timer);

        alarm->test->fired.push_back(alarm->name);
        if (alarm->again_after > 0)
            alarm->test->start(alarm->name, alarm->test->now_ns + alarm->again_after);
        if (alarm->test->when_fired)
            alarm->test->when_fired(alarm->name);
    }

    GmqTimers timers;
    Alarm alarms[n_timers];
    std::vector<int> fired;
    std::function<void(int name)> when_fired;
    int64_t now_ns = 0;
};

using Names = std::vector<int>;

TEST_F(Timer, FiresOnceWhenItIsDue)
{
    start(1, 100);
    EXPECT_EQ(100, gmq_timers_next(&timers));
    EXPECT_EQ(Names(), fire(99));
    EXPECT_EQ(Names{1}, fire(100));
    EXPECT_EQ(Names(), fire(1000));
    EXPECT_EQ(INT64_MAX, gmq_timers_next(&timers));
}

TEST_F(Timer, FiresInOrderOfTimeThenOfStarting)
{
    start(1, 200);
    start(2, 100);
    start(3, 200);
    start(4, 100);
    EXPECT_EQ((Names{2, 4, 1, 3}), fire(500));
}

TEST_F(Timer, IsMovedByStartingItAgain)
{
    start(1, 100);
    start(2, 150);
    start(1, 150);
    EXPECT_EQ(150, gmq_timers_next(&timers));
    EXPECT_EQ((Names{2, 1}), fire(150)) << "it starts anew, behind the other";
}

TEST_F(Timer, DoesNotFireWhenItWasStopped)
{
    start(1, 100);
    start(2, 100);
    stop(1);
    stop(1);
    EXPECT_EQ(Names{2}, fire(100));
}

TEST_F(Timer, MayStartItselfAgain)
{
    alarms[1].again_after = 10;
    start(1, 100);
    EXPECT_EQ(Names{1}, fire(105)) << "not twice in one go";
    EXPECT_EQ(115, gmq_timers_next(&timers));
}

TEST_F(Timer, MayStopAnotherThatIsDue)
{
    when_fired = [this](int name) {
        if (name == 1)
            stop(2);
    };
    start(1, 100);
    start(2, 100);
    start(3, 100);
    EXPECT_EQ((Names{1, 3}), fire(100));
}

TEST_F(Timer, AgreesWithASortedListOnRandomOperations)
{
    Chance chance(3);
    std::map<int, std::pair<int64_t, uint64_t>> model; /* due and when it was started */
    int64_t now = 0;

    for (uint64_t i = 0; i < 100000; i++) {
        int name = static_cast<int>(chance.below(n_timers));

        switch (chance.below(4)) {
        case 0:
        case 1:
            model[name] = {now + static_cast<int64_t>(chance.below(50)), i};
            start(name, model[name].first);
            break;
        case 2:
            model.erase(name);
            stop(name);
            break;
        default:
            now += static_cast<int64_t>(chance.below(10));
            std::map<std::pair<int64_t, uint64_t>, int> due;
            for (const auto &[each, when] : model) {
                if (when.first <= now)
                    due[when] = each;
            }
            Names expected;
            for (const auto &[when, each] : due) {
                expected.push_back(each);
                model.erase(each);
            }
            ASSERT_EQ(expected, fire(now));
        }
        int64_t next = INT64_MAX;
        for (const auto &[each, when] : model)
            next = std::min(next, when.first);
        ASSERT_EQ(next, gmq_timers_next(&timers));
    }
}
