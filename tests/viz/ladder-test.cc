#include "viz/ladder.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/viz/made.h"

namespace {

/* "p1 > broker: publish 5", "broker: enqueue 5 in tasks", "over all: text"; what is on its way
 * ends with "...", what is lost with "x". */
std::string
said(const GmqLadder *ladder, const GmqRung *rung)
{
    g_autofree char *words = gmq_ladder_words(ladder, rung, true);
    std::string from       = gmq_ladder_column(ladder, rung->from)->name;
    std::string to         = gmq_ladder_column(ladder, rung->to)->name;

    if (rung->kind == GMQ_RUNG_SPAN)
        return std::string("over all: ") + words;
    if (rung->kind != GMQ_RUNG_ARROW)
        return from + ": " + words;
    const char *ends[] = {" ...", "", " x"};
    return from + " > " + to + ": " + words + ends[rung->end];
}

std::vector<std::string>
tell(const Made &made, const char *message = nullptr, uint64_t from = 0, uint64_t to = UINT64_MAX)
{
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    GmqLadderWish wish        = {};

    wish.from                   = from;
    wish.to                     = to;
    wish.message                = message;
    g_autoptr(GmqLadder) ladder = gmq_ladder_new(stage, &wish);
    std::vector<std::string> lines;
    for (unsigned i = 0; i < ladder->rungs->len; i++)
        lines.push_back(said(ladder, gmq_ladder_rung(ladder, i)));
    return lines;
}

using Lines = std::vector<std::string>;

void
open_shop(Made &made)
{
    made.queue("tasks");
    made.client("p1", "producer");
    made.client("w1", "consumer", 1);
    made.start("p1");
    made.start("w1");
    made.consume("w1", "tasks", 1);
}

/* The rungs behind those of the beginning. */
Lines
tell_after(const Made &made, uint64_t begin, const char *message = nullptr)
{
    return tell(made, message, begin + 1);
}

TEST(Ladder, BeginsWithWhoConnectsAndNotWithTheTopology)
{
    Made made;
    open_shop(made);

    EXPECT_EQ(tell(made), (Lines{"p1 > broker: connect", "w1 > broker: connect",
                                 "w1 > broker: consume tasks"}));
}

TEST(Ladder, HasColumnsForProducersTheBrokerAndConsumers)
{
    Made made;
    made.client("w1", "consumer");
    made.client("asker", "rpc-client");
    made.client("p1", "producer");
    made.consume("asker", "replies", 0);
    g_autoptr(GmqStage) stage   = gmq_stage_new(made.trace());
    GmqLadderWish wish          = {};
    wish.to                     = made.length();
    g_autoptr(GmqLadder) ladder = gmq_ladder_new(stage, &wish);

    ASSERT_EQ(ladder->columns->len, 4u);
    EXPECT_STREQ(gmq_ladder_column(ladder, 0)->name, "asker");
    EXPECT_STREQ(gmq_ladder_column(ladder, 1)->name, "p1");
    EXPECT_STREQ(gmq_ladder_column(ladder, 2)->name, "broker");
    EXPECT_STREQ(gmq_ladder_column(ladder, 3)->name, "w1");
    EXPECT_EQ(ladder->broker, 2u);
    EXPECT_FALSE(gmq_ladder_column(ladder, 1)->is_used);
}

TEST(Ladder, TellsTheLifeOfOneMessageWithItsWaits)
{
    Made made;
    tell_work_queue(made);

    EXPECT_EQ(tell(made, "p1-5"),
              (Lines{"p1 > broker: publish 5", "broker: enqueue 5 in tasks",
                     "broker > p1: confirm 5", "broker: waits 1.650 s", "broker > w1: deliver 5",
                     "w1: works 160 ms", "w1: CRASHED", "broker: requeue 5 in tasks"}));
}

TEST(Ladder, KnowsNothingOfWhatComesLater)
{
    Made made;
    open_shop(made);
    uint64_t begin = made.length();
    made.send("p1", "", "tasks", "p1-1");
    EXPECT_EQ(tell_after(made, begin), (Lines{"p1 > broker: publish 1 ..."}));

    uint64_t sent = made.length();
    made.arrive("p1", "", "tasks", "p1-1");
    EXPECT_EQ(tell_after(made, begin), (Lines{"p1 > broker: publish 1"}));
    EXPECT_EQ(tell(made, nullptr, begin + 1, sent), (Lines{"p1 > broker: publish 1 ..."}));
}

TEST(Ladder, PutsAnArrowWhereItArrivesAndWhatMovesLast)
{
    Made made;
    open_shop(made);
    uint64_t begin = made.length();
    made.send("p1", "", "tasks", "p1-1");
    made.send("p1", "", "tasks", "p1-2");
    made.note(GMQ_EVENT_FAULT_FREEZE, "w1");
    made.arrive("p1", "", "tasks", "p1-1");

    EXPECT_EQ(tell_after(made, begin),
              (Lines{"w1: FROZEN", "p1 > broker: publish 1", "p1 > broker: publish 2 ..."}));
}

TEST(Ladder, SaysWhatIsLostWithAConnection)
{
    Made made;
    open_shop(made);
    uint64_t begin = made.length();
    made.deliver("tasks", "w1", "p1-1", 1);
    made.send("p1", "", "tasks", "p1-2");
    made.note(GMQ_EVENT_CONNECTION_CLOSED, "w1", "", "", "", "reset");

    EXPECT_EQ(tell_after(made, begin),
              (Lines{"broker > w1: deliver 1 x", "broker: w1 is gone: reset",
                     "p1 > broker: publish 2 ..."}));
}

TEST(Ladder, WhatIsOnItsWayToTheBrokerDiesWithIt)
{
    Made made;
    open_shop(made);
    uint64_t begin = made.length();
    made.send("p1", "", "tasks", "p1-1");
    made.note(GMQ_EVENT_FAULT_CRASH, "broker");

    EXPECT_EQ(tell_after(made, begin), (Lines{"p1 > broker: publish 1 x", "broker: CRASHED"}));
}

TEST(Ladder, NamesTheMessageOfAConfirm)
{
    Made made;
    open_shop(made);
    uint64_t begin = made.length();
    for (uint64_t i = 1; i <= 3; i++) {
        made.send("p1", "", "tasks", "p1-" + std::to_string(i));
        made.arrive("p1", "", "tasks", "p1-" + std::to_string(i), i);
    }
    uint64_t first = made.length();
    made.note(GMQ_EVENT_CONFIRMED, "p1", "", "", "", "", 0, 1);
    made.note(GMQ_EVENT_CONFIRMED, "p1", "", "", "", "", 1, 3);

    Lines all = tell_after(made, begin);
    ASSERT_EQ(all.size(), 5u);
    EXPECT_EQ(all[3], "broker > p1: confirm 1 ...");
    EXPECT_EQ(all[4], "broker > p1: confirm up to 3 ...");
    EXPECT_EQ(tell(made, "p1-2").back(), "broker > p1: confirm up to 3 ...");
    EXPECT_EQ(tell(made, "p1-1", 0, first).size(), 1u);
}

TEST(Ladder, DrawsOneArrowForAnAckOfSeveral)
{
    Made made;
    open_shop(made);
    made.receive("w1", "tasks", "p1-1", 1);
    made.receive("w1", "tasks", "p1-2", 2);
    made.note(GMQ_EVENT_CLIENT_FINISHED, "w1", "tasks", "p1-1", "", "ack later", 0, 1);
    uint64_t finish =
        made.note(GMQ_EVENT_CLIENT_FINISHED, "w1", "tasks", "p1-2", "", "ack of all so far", 0, 2);
    for (const char *message : {"p1-1", "p1-2"}) {
        made.note(GMQ_EVENT_ACKED, std::string("tasks"), std::string(message),
                  [&](GmqEvent &event) {
                      event.to    = gmq_slice_of("w1");
                      event.cause = finish;
                  });
    }

    Lines first = tell(made, "p1-1");
    EXPECT_EQ(first.back(), "w1 > broker: ack up to p1-2");
    EXPECT_EQ(first.size(), 3u);
    EXPECT_EQ(tell(made, "p1-2").size(), 2u);
}

TEST(Ladder, DotsTheWayOfDeadLetters)
{
    Made made;
    open_shop(made);
    uint64_t begin = made.length();
    made.note(GMQ_EVENT_EXPIRED, "pause", "", "p1-1", "");
    made.note(GMQ_EVENT_DEAD_LETTERED, "pause", "", "p1-1", "tasks", "expired", 1);
    made.note(GMQ_EVENT_DEAD_LETTERED, "pause", "", "p1-2", "tasks", "maxlen", 1);

    EXPECT_EQ(tell_after(made, begin),
              (Lines{"broker: p1-1 expires in pause", "broker: dead-letter p1-1",
                     "broker: dead-letter p1-2: maxlen"}));
}

TEST(Ladder, SaysHowLongNothingHappens)
{
    Made made;
    open_shop(made);
    uint64_t begin = made.length();
    made.note(GMQ_EVENT_FAULT_FREEZE, "w1");
    made.wait(1990);
    made.note(GMQ_EVENT_FAULT_THAW, "w1");
    made.wait(40);
    made.note(GMQ_EVENT_CALM, "");

    EXPECT_EQ(tell_after(made, begin), (Lines{"w1: FROZEN", "broker: 2 s later", "w1: thawed",
                                              "over all: all faults are over"}));
}

TEST(Ladder, ShowsOnlyWhatMatches)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    GmqLadderWish wish        = {};
    wish.to                   = made.length();
    wish.match                = [](const void *, const GmqTraceEvent *event) {
        return event->kind == GMQ_EVENT_REQUEUED;
    };
    g_autoptr(GmqLadder) ladder = gmq_ladder_new(stage, &wish);

    ASSERT_EQ(ladder->rungs->len, 1u);
    EXPECT_EQ(said(ladder, gmq_ladder_rung(ladder, 0)), "broker: requeue 5 in tasks");
}

TEST(Ladder, BundlesWhatIsOnItsWayTogether)
{
    Made made;
    open_shop(made);
    for (int i = 1; i <= 5; i++)
        made.send("p1", "", "tasks", "p1-" + std::to_string(i));
    made.deliver("tasks", "w1", "p1-9", 1);
    g_autoptr(GmqStage) stage   = gmq_stage_new(made.trace());
    GmqLadderWish wish          = {};
    wish.from                   = made.length() - 5;
    wish.to                     = made.length();
    wish.is_bundled             = true;
    g_autoptr(GmqLadder) ladder = gmq_ladder_new(stage, &wish);

    ASSERT_EQ(ladder->rungs->len, 2u);
    EXPECT_EQ(said(ladder, gmq_ladder_rung(ladder, 0)), "p1 > broker: publish 1 ...");
    EXPECT_EQ(gmq_ladder_rung(ladder, 0)->n_more, 4u);
    EXPECT_EQ(gmq_ladder_rung(ladder, 1)->n_more, 0u);
}

TEST(Ladder, ClientsOfARunningBrokerReceiveAtOnce)
{
    Made made;
    made.note(GMQ_EVENT_CONNECTION_OPENED, "app");
    made.consume("app", "tasks", 1);
    uint64_t begin = made.length();
    made.deliver("tasks", "app", "m1", 1);

    EXPECT_EQ(tell_after(made, begin), (Lines{"broker > app: deliver m1"}));
}

TEST(Ladder, IsEmptyWithoutEvents)
{
    Made made;

    EXPECT_TRUE(tell(made).empty());
    EXPECT_TRUE(tell(made, "p1-1", 7, 3).empty());
}

struct Length {
    int64_t ns;
    const char *text;
};

TEST(Ladder, SaysLengthsOfTimeForPeople)
{
    for (const Length &length :
         {Length{0, "0 ms"}, Length{80000000, "80 ms"}, Length{1000000000, "1 s"},
          Length{1250000000, "1.250 s"}, Length{2500000000, "2.5 s"}, Length{999999999, "1 s"}}) {
        g_autofree char *text = gmq_ladder_duration(length.ns);
        EXPECT_STREQ(text, length.text);
    }
}

} // namespace
