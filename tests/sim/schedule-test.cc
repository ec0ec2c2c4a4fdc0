#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/random.h"
#include "sim/schedule.h"

namespace {

/* An event that writes its letter down. */
struct Letter {
    std::string *log;
    char letter;
};

void
write_letter(void *target)
{
    auto *letter = static_cast<Letter *>(target);
    *letter->log += letter->letter;
}

struct Forever {
    GmqSchedule *schedule;
};

void
add_again(void *target)
{
    auto *forever = static_cast<Forever *>(target);
    gmq_schedule_add(forever->schedule, 0, GMQ_PHASE_CLIENT, "again", add_again, target);
}

} // namespace

TEST(Schedule, TakesTheEarlierEventFirst)
{
    g_autoptr(GmqSchedule) schedule = gmq_schedule_new();
    std::string log;
    Letter a = {&log, 'a'}, b = {&log, 'b'};

    gmq_schedule_add(schedule, 20, GMQ_PHASE_CLIENT, "b", write_letter, &b);
    gmq_schedule_add(schedule, 10, GMQ_PHASE_CLIENT, "a", write_letter, &a);
    while (gmq_schedule_step(schedule)) {
    }
    EXPECT_EQ("ab", log);
    EXPECT_EQ(20, gmq_schedule_now(schedule));
}

TEST(Schedule, OrdersOneInstantByPhase)
{
    g_autoptr(GmqSchedule) schedule = gmq_schedule_new();
    std::string log;
    Letter letters[] = {{&log, 'a'}, {&log, 'b'}, {&log, 'c'},
                        {&log, 'd'}, {&log, 'e'}, {&log, 'f'}};

    for (int phase = GMQ_PHASE_OBSERVER; phase >= GMQ_PHASE_TIMELINE; phase--)
        gmq_schedule_add(schedule, 5, static_cast<GmqPhase>(phase), "letter", write_letter,
                         &letters[phase]);
    while (gmq_schedule_step(schedule)) {
    }
    EXPECT_EQ("abcdef", log);
}

TEST(Schedule, KeepsTheOrderOfEqualEvents)
{
    g_autoptr(GmqSchedule) schedule = gmq_schedule_new();
    std::string log;
    Letter letters[26];

    for (int i = 0; i < 26; i++) {
        letters[i] = {&log, static_cast<char>('a' + i)};
        gmq_schedule_add(schedule, 5, GMQ_PHASE_NETWORK, "letter", write_letter, &letters[i]);
    }
    while (gmq_schedule_step(schedule)) {
    }
    EXPECT_EQ("abcdefghijklmnopqrstuvwxyz", log);
}

TEST(Schedule, ForgetsACancelledEvent)
{
    g_autoptr(GmqSchedule) schedule = gmq_schedule_new();
    std::string log;
    Letter a = {&log, 'a'}, b = {&log, 'b'}, c = {&log, 'c'};

    gmq_schedule_add(schedule, 1, GMQ_PHASE_CLIENT, "a", write_letter, &a);
    uint64_t ticket = gmq_schedule_add(schedule, 2, GMQ_PHASE_CLIENT, "b", write_letter, &b);
    gmq_schedule_add(schedule, 3, GMQ_PHASE_CLIENT, "c", write_letter, &c);
    gmq_schedule_cancel(schedule, ticket);
    while (gmq_schedule_step(schedule)) {
    }
    EXPECT_EQ("ac", log);
}

TEST(Schedule, WhatLiesInThePastHappensNow)
{
    g_autoptr(GmqSchedule) schedule = gmq_schedule_new();
    std::string log;
    Letter a = {&log, 'a'};

    gmq_schedule_add(schedule, 100, GMQ_PHASE_CLIENT, "a", write_letter, &a);
    gmq_schedule_step(schedule);
    gmq_schedule_add(schedule, 50, GMQ_PHASE_CLIENT, "a", write_letter, &a);
    EXPECT_EQ(100, gmq_schedule_next_time(schedule));
}

TEST(Schedule, SortsThousandsWithCancelledOnesBetween)
{
    g_autoptr(GmqSchedule) schedule = gmq_schedule_new();
    GmqRandom random;
    std::string log;
    Letter a = {&log, 'a'}, x = {&log, 'x'};

    gmq_random_init(&random, 1, "times");
    for (int i = 0; i < 5000; i++) {
        auto time       = static_cast<int64_t>(gmq_random_below(&random, 1000));
        uint64_t ticket = gmq_schedule_add(schedule, time, GMQ_PHASE_CLIENT, "x", write_letter, &x);
        time            = static_cast<int64_t>(gmq_random_below(&random, 1000));
        gmq_schedule_add(schedule, time, GMQ_PHASE_CLIENT, "a", write_letter, &a);
        gmq_schedule_cancel(schedule, ticket);
    }

    int64_t last = 0;
    while (gmq_schedule_step(schedule)) {
        EXPECT_LE(last, gmq_schedule_now(schedule));
        last = gmq_schedule_now(schedule);
    }
    EXPECT_EQ(std::string(5000, 'a'), log);
}

TEST(Schedule, ReportsALivelockWithItsLastEvents)
{
    g_autoptr(GmqSchedule) schedule = gmq_schedule_new();
    Forever forever                 = {schedule};

    add_again(&forever);
    while (gmq_schedule_step(schedule)) {
    }
    g_autofree char *names = gmq_schedule_livelock(schedule);
    ASSERT_NE(nullptr, names);
    EXPECT_EQ(static_cast<uint64_t>(GMQ_INSTANT_EVENTS_MAX), gmq_schedule_count(schedule));
    EXPECT_EQ(0, std::string(names).rfind("again, again, ", 0));
}

TEST(Schedule, AnEmptyOneIsNoLivelock)
{
    g_autoptr(GmqSchedule) schedule = gmq_schedule_new();

    EXPECT_FALSE(gmq_schedule_step(schedule));
    EXPECT_EQ(nullptr, gmq_schedule_livelock(schedule));
}

namespace {

/* Ten events of one instant and phase, in the order in which they happen. */
std::string
drawn_order(uint64_t seed, GmqPhase phase)
{
    g_autoptr(GmqSchedule) schedule = gmq_schedule_new();
    std::string log;
    std::vector<Letter> letters;
    GmqRandom ties;

    gmq_random_init(&ties, seed, "ties");
    gmq_schedule_set_ties(schedule, &ties);
    for (char letter = 'a'; letter <= 'j'; letter++)
        letters.push_back({&log, letter});
    for (Letter &letter : letters)
        gmq_schedule_add(schedule, 5, phase, "letter", write_letter, &letter);
    while (gmq_schedule_step(schedule)) {
    }
    return log;
}

} // namespace

TEST(Schedule, DrawsTheOrderOfOneInstantWhenThatIsAskedFor)
{
    std::string log = drawn_order(1, GMQ_PHASE_CLIENT);

    EXPECT_NE("abcdefghij", log);
    EXPECT_EQ(log, drawn_order(1, GMQ_PHASE_CLIENT));
    EXPECT_NE(log, drawn_order(2, GMQ_PHASE_CLIENT));
    std::sort(log.begin(), log.end());
    EXPECT_EQ("abcdefghij", log);
}

TEST(Schedule, NeverDrawsTheOrderOfTheTimeline)
{
    EXPECT_EQ("abcdefghij", drawn_order(1, GMQ_PHASE_TIMELINE));
    EXPECT_EQ("abcdefghij", drawn_order(1, GMQ_PHASE_OBSERVER));
}
