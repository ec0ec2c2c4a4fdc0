#include "viz/flow.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/viz/laid.h"

namespace {

/* ---- 200 queues ---- */

void
tell_city(Made &made)
{
    made.exchange("jobs", "topic");
    made.exchange("mails", "topic");
    made.client("boss", "producer");
    made.start("boss");
    for (int i = 0; i < 200; i++) {
        std::string name = (i % 10 == 0 ? "mails." : "tasks.") + std::to_string(i);
        made.queue(name);
        made.bind(i % 10 == 0 ? "mails" : "jobs", name, "#");
        std::string worker = "worker-" + std::to_string(i);
        made.client(worker, "consumer", 1);
        made.start(worker);
        made.consume(worker, name, 1);
    }
    made.send("boss", "jobs", "k", "boss-1");
    made.arrive("boss", "jobs", "k", "boss-1");
    for (int i = 1; i <= 9; i++)
        made.enqueue("jobs", "tasks." + std::to_string(i), "k", "boss-1@" + std::to_string(i), 1);
}

TEST(Flow, CollapsesWhatIsAlike)
{
    Made made;
    tell_city(made);
    Laid laid(made, small_area);
    std::string screen = laid.screen(80, 24);

    EXPECT_LE(laid->boxes->len, 8u);
    EXPECT_EQ(0u, gmq_layout_scroll_most(laid.layout()));
    EXPECT_NE(std::string::npos, screen.find(" tasks.* ")) << screen;
    EXPECT_NE(std::string::npos, screen.find("180 queues")) << screen;
    EXPECT_NE(std::string::npos, screen.find("ready 9")) << screen;
    EXPECT_EQ(laid.find("tasks.1"), laid.find("tasks.199"));
}

TEST(Flow, ShowsWhatMatchesAndWhatLiesOnItsWay)
{
    Made made;
    tell_city(made);
    Laid laid(made, small_area, {0, 0, "TASKS.17"});
    std::string screen = laid.screen(80, 24, GMQ_GLYPHS_UTF8, "tasks.17");

    EXPECT_NE(nullptr, laid.find("tasks.17"));
    EXPECT_NE(laid.find("tasks.17"), laid.find("tasks.171"));
    EXPECT_NE(nullptr, laid.find("jobs"));
    EXPECT_NE(nullptr, laid.find("boss"));
    EXPECT_EQ(NULL, laid.find("mails"));
    EXPECT_NE(std::string::npos, screen.find(" tasks.17 ")) << screen;
}

TEST(Flow, SaysThatNothingMatches)
{
    Made made;
    tell_city(made);
    Laid laid(made, small_area, {0, 0, "zebra"});

    EXPECT_EQ(0u, laid->boxes->len);
    EXPECT_NE(std::string::npos,
              laid.screen(80, 24, GMQ_GLYPHS_UTF8, "zebra").find("Nothing has \"zebra\""));
}

/* The limit is far above what it takes, for machines that do other things too. */
TEST(Flow, OfACityIsQuick)
{
    Made made;
    tell_city(made);
    Laid laid(made, small_area);
    laid.screen(160, 48); /* asks Graphviz once */
    int64_t start = g_get_monotonic_time();

    for (int i = 0; i < 10; i++)
        laid.screen(160, 48);
    int64_t each_us = (g_get_monotonic_time() - start) / 10;
    RecordProperty("each_us", (int)each_us);
    EXPECT_LT(each_us, 200000);
}

/* ---- what runs on the lines ---- */

/* A message is to be seen by its number on any line that it is on, at every size. */
TEST(Flow, NumbersEveryMessageOnItsWay)
{
    for (unsigned seed = 1; seed <= 12; seed++) {
        Made made;
        tell_random_town(made, seed);
        std::string from = "p1", to = "x1";
        made.send(from, to, "key.0", "p1-77");
        for (auto size : {std::pair(80, 24), std::pair(100, 30), std::pair(160, 48)}) {
            Laid laid(made, small_area);
            std::string screen = laid.screen(size.first, size.second, GMQ_GLYPHS_ASCII);
            bool is_seen       = screen.find("1)+1") != std::string::npos ||
                           screen.find("1+1") != std::string::npos ||
                           screen.find("(p1-77)") != std::string::npos;
            EXPECT_TRUE(is_seen) << "seed " << seed << "\n" << screen;
        }
    }
}

TEST(Flow, SaysWhyMessagesAreDead)
{
    Made made;
    tell_town(made, {1, 2, 2, 1});
    made.note(GMQ_EVENT_DEAD_LETTERED, "q1", "x2", "p1-1", "k", "rejected");
    made.note(GMQ_EVENT_DEAD_LETTERED, "q1", "x2", "p1-2", "k", "rejected");
    made.note(GMQ_EVENT_QUEUE_DECLARED, "q1", "", "", "", "", 1);
    Laid laid(made, large_area);

    EXPECT_NE(std::string::npos, laid.screen(160, 48).find("rejected 2")) << laid.screen(160, 48);
    EXPECT_NE(std::string::npos, laid.screen(160, 48).find("┈")) << "dotted";
}

TEST(Flow, SaysWhereWhatHasNoRouteGoes)
{
    Made made;
    tell_town(made, {1, 2, 2, 1});
    made.note(GMQ_EVENT_ALTERNATE_SET, "x1", "x2");
    Laid laid(made, large_area);

    EXPECT_NE(std::string::npos, laid.screen(160, 48).find("no route 0")) << laid.screen(160, 48);
    EXPECT_NE(std::string::npos, laid.screen(160, 48).find("╌")) << "dashed";
    EXPECT_NE(std::string::npos, laid.screen(160, 48, GMQ_GLYPHS_ASCII).find("~"));
}

TEST(Flow, DoublesASlowLine)
{
    Made made;
    tell_town(made, {1, 1, 1, 1});
    made.note(GMQ_EVENT_FAULT_LINK, "w1", "", "", "", "latency 500 ms");
    Laid slow(made, large_area);
    made.note(GMQ_EVENT_FAULT_LINK, "w1");
    Laid healed(made, large_area);

    EXPECT_NE(std::string::npos, slow.screen(100, 30).find("═══▶")) << slow.screen(100, 30);
    EXPECT_NE(std::string::npos, slow.screen(100, 30, GMQ_GLYPHS_ASCII).find("===>"));
    EXPECT_EQ(std::string::npos, healed.screen(100, 30).find("═══▶"));
}

TEST(Flow, SaysThatTheBrokerIsFrozen)
{
    Made made;
    tell_town(made, {1, 1, 1, 1});
    made.note(GMQ_EVENT_FAULT_FREEZE, "broker");
    Laid frozen(made, large_area);
    made.note(GMQ_EVENT_FAULT_THAW, "broker");
    Laid thawed(made, large_area);

    EXPECT_NE(std::string::npos, frozen.screen(80, 24).find("BROKER FROZEN"));
    EXPECT_EQ(std::string::npos, thawed.screen(80, 24).find("BROKER FROZEN"));
}

/* ---- in play ---- */

/* The screen while the message of the last event has gone so far along its line. */
std::string
in_play(const Made &made, bool is_running, int permille)
{
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    GmqView view              = {};

    view.stage                  = stage;
    view.now                    = stage->whole;
    view.width                  = 100;
    view.height                 = 30;
    view.speed                  = "x1";
    view.glyphs                 = GMQ_GLYPHS_ASCII;
    view.is_running             = is_running;
    view.hop_permille           = permille;
    view.choice                 = -1;
    g_autoptr(GmqScreen) screen = gmq_view_draw(&view);
    g_autofree char *text       = gmq_screen_to_text(screen);
    return text;
}

TEST(Flow, MovesTheMessageOfAnEventOnlyInPlay)
{
    Made made;
    tell_town(made, {1, 1, 1, 1});
    made.send("p1", "x1", "key.0", "p1-5");
    made.note(GMQ_EVENT_PUBLISHED, "p1", "x1", "p1-1", "key.0", "", 6, 1);
    made.note(GMQ_EVENT_PUBLISHED, "p1", "x1", "p1-5", "key.0", "", 6, 2);
    made.send("p1", "x1", "key.0", "p1-6");
    size_t start  = in_play(made, true, 0).find("(6)");
    size_t middle = in_play(made, true, 500).find("(6)");
    size_t end    = in_play(made, true, 1000).find("(6)");

    ASSERT_NE(std::string::npos, start);
    EXPECT_LT(start, middle);
    EXPECT_LT(middle, end);
    EXPECT_EQ(in_play(made, false, 0), in_play(made, false, 1000)) << "a step stands still";
    EXPECT_EQ(in_play(made, true, -1).find("(6)"), in_play(made, false, -1).find("(6)"));
}

/* Along the line from w1 back to x1, which goes around the queues. */
TEST(Flow, MovesAMessageAroundCorners)
{
    Made made;
    tell_town(made, {1, 1, 2, 2});
    made.send("w1", "x1", "key.0", "w1-9");
    std::set<size_t> places;

    for (int permille = 0; permille <= 1000; permille += 50) {
        size_t place = in_play(made, true, permille).find("(w1-9)");
        ASSERT_NE(std::string::npos, place) << in_play(made, true, permille);
        places.insert(place);
    }
    EXPECT_GE(places.size(), 8u);
}

} // namespace
