#include "viz/pane.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "sim/run.h"
#include "tests/sim/shipped.h"
#include "tests/viz/made.h"

namespace {

using Rows = std::vector<std::string>;

/* One pane on a screen of its own. */
class Pane {
  public:
    Pane(const GmqTrace *trace, GmqPane pane, uint64_t event = UINT64_MAX)
        : pane_(pane), stage_(gmq_stage_new(trace)), now_(gmq_picture_at(trace, event))
    {
        view.stage        = stage_;
        view.now          = now_;
        view.width        = 160;
        view.height       = 48;
        view.glyphs       = GMQ_GLYPHS_ASCII;
        view.speed        = "x1";
        view.focus        = pane;
        view.hop_permille = -1;
    }

    ~Pane()
    {
        gmq_picture_free(now_);
        gmq_stage_free(stage_);
    }

    Pane(const Pane &)            = delete;
    Pane &operator=(const Pane &) = delete;

    /* Without spaces at the ends of rows, and without empty rows at the end. */
    Rows
    draw(int width, int height) const
    {
        g_autoptr(GmqScreen) screen = gmq_screen_new(width, height, view.glyphs);
        gmq_pane_info(pane_)->draw(screen, &view, GmqRect{0, 0, width, height});
        g_autofree char *text = gmq_screen_to_text(screen);
        std::istringstream lines(text);
        Rows rows;

        for (std::string row; std::getline(lines, row);)
            rows.push_back(row.substr(0, row.find_last_not_of(' ') + 1));
        while (!rows.empty() && rows.back().empty())
            rows.pop_back();
        return rows;
    }

    uint64_t
    event_at(unsigned row) const
    {
        return gmq_pane_info(pane_)->event_at(&view, row);
    }

    std::string
    title() const
    {
        g_autofree char *text = gmq_pane_info(pane_)->make_title(&view);
        return text == nullptr ? "" : text;
    }

    unsigned
    rows() const
    {
        return gmq_pane_rows(&view, pane_);
    }

    GmqView view = {};

  private:
    GmqPane pane_;
    GmqStage *stage_;
    GmqPicture *now_;
};

/* The whole run of a scenario. */
class Ran {
  public:
    explicit Ran(const std::string &name)
    {
        g_autoptr(GError) error = nullptr;
        std::string path        = source_path("scenarios/" + name + ".yaml");

        scenario_ = gmq_scenario_load(path.c_str(), &error);
        EXPECT_NE(scenario_, nullptr) << (error != nullptr ? error->message : "");
        trace_ = gmq_run_record(scenario_, scenario_->seed);
    }

    ~Ran()
    {
        gmq_trace_free(trace_);
        gmq_scenario_free(scenario_);
    }

    Ran(const Ran &)            = delete;
    Ran &operator=(const Ran &) = delete;

    const GmqTrace *
    trace() const
    {
        return trace_;
    }

    /* The n-th event of that kind of that entity; of any when who is empty. */
    uint64_t
    find(GmqEventKind kind, const std::string &who = "", unsigned n = 1) const
    {
        for (uint64_t i = 1; i <= gmq_trace_length(trace_); i++) {
            const GmqTraceEvent *event = gmq_trace_event(trace_, i);
            if (event->kind == kind && (who.empty() || who == event->who) && --n == 0)
                return i;
        }
        ADD_FAILURE() << "no such event";
        return 0;
    }

  private:
    GmqScenario *scenario_;
    GmqTrace *trace_;
};

bool
contains(const Rows &rows, const std::string &text)
{
    for (const std::string &row : rows) {
        if (row.find(text) != std::string::npos)
            return true;
    }
    return false;
}

std::string
joined(const Rows &rows)
{
    std::string all;

    for (const std::string &row : rows)
        all += row + "\n";
    return all;
}

/* ---- ladders ---- */

TEST(Panes, FollowDrawsTheLifeOfAMessage)
{
    Made made;
    tell_work_queue(made);
    Pane pane(made.trace(), GMQ_PANE_FOLLOW);
    pane.view.follow = "p1-5";

    const char *const wanted = "  p1        broker          w1 CRASHED\n"
                               "   +--publish->|                 |  #40   0.400s\n"
                               "   |           +- enqueue in tasks  #42   0.420s\n"
                               "   |<--confirm-+                 |  #44   0.440s\n"
                               "   |           :  waits 1.650 s  |\n"
                               "   |           +--deliver------->|  #63   2.100s\n"
                               "   |           |   works 160 ms  :\n"
                               "   |           |        CRASHED  x  #65   2.260s\n"
                               "   |           +- requeue in tasks  #69   < now\n"
                               "\n"
                               "redelivered flag 0   deliveries so far 1\n";
    EXPECT_EQ(joined(pane.draw(50, 20)), wanted);
    EXPECT_EQ(pane.title(), "FOLLOW  message p1-5");
}

TEST(Panes, FollowTellsDeathsAndDeliveries)
{
    Ran run("18-retry-backoff");
    Pane pane(run.trace(), GMQ_PANE_FOLLOW);
    pane.view.follow = "boss-2";
    Rows rows        = pane.draw(50, 40);

    EXPECT_TRUE(contains(rows, "x-death [0] pause          expired         count 2"))
        << joined(rows);
    EXPECT_TRUE(contains(rows, "x-death [1] tasks          rejected        count 2"));
    EXPECT_TRUE(contains(rows, "redelivered flag 0   deliveries so far 3"));
    uint64_t death = pane.event_at(pane.rows() - 2);
    EXPECT_EQ(gmq_trace_event(run.trace(), death)->kind, GMQ_EVENT_DEAD_LETTERED);
}

TEST(Panes, FollowIsEmptyBeforeTheFirstMessage)
{
    Ran run("01-hello-queue");
    Pane pane(run.trace(), GMQ_PANE_FOLLOW, 3);

    EXPECT_EQ(pane.draw(50, 10), (Rows{"No message has been seen yet."}));
    EXPECT_EQ(pane.rows(), 0u);
}

TEST(Panes, TheLadderEndsAtTheMoment)
{
    Ran run("13-confirm-lost");
    uint64_t cut = run.find(GMQ_EVENT_FAULT_CUT);
    Pane pane(run.trace(), GMQ_PANE_FLOW, cut + 7);
    pane.view.layout = GMQ_LAYOUT_LADDER;
    Rows rows        = pane.draw(100, 30);

    EXPECT_TRUE(contains(rows, "x  CUT from broker")) << joined(rows);
    EXPECT_TRUE(contains(rows, "|<--confirm 3-")) << joined(rows);
    EXPECT_TRUE(contains(rows, "x---confirm 4-")) << joined(rows);
    EXPECT_TRUE(contains(rows, "< now")) << joined(rows);
    EXPECT_FALSE(contains(rows, "publish 5"));
}

TEST(Panes, ANarrowLadderTellsInWordsWhatHasNoColumn)
{
    Ran run("38-online-shop");
    Pane pane(run.trace(), GMQ_PANE_FLOW);
    pane.view.layout = GMQ_LAYOUT_LADDER;

    EXPECT_TRUE(contains(pane.draw(44, 60), "to ") || contains(pane.draw(44, 60), "from "));
}

/* ---- table ---- */

TEST(Panes, TheTableHasARowForEachQueue)
{
    Made made;
    tell_work_queue(made);
    Pane pane(made.trace(), GMQ_PANE_FLOW);
    pane.view.layout = GMQ_LAYOUT_TABLE;
    Rows rows        = pane.draw(78, 12);

    ASSERT_GE(rows.size(), 2u);
    EXPECT_EQ(rows[0],
              "queue          ready  unacked     in    out  again   dead  cons   in/s  out/s");
    EXPECT_EQ(rows[1],
              ">tasks D           2        1      6      3      0      0     1      0      2");
    EXPECT_EQ(pane.event_at(0), made.length());
    EXPECT_EQ(pane.event_at(1), 0u);
}

TEST(Panes, TheTableOfTwoHundredQueuesScrollsAndFilters)
{
    Made made;
    for (int i = 0; i < 200; i++)
        made.queue("queue-" + std::to_string(i));
    Pane pane(made.trace(), GMQ_PANE_FLOW);
    pane.view.layout = GMQ_LAYOUT_TABLE;

    EXPECT_EQ(pane.rows(), 200u);
    EXPECT_TRUE(contains(pane.draw(78, 12), "+190 more"));
    pane.view.cursor[GMQ_PANE_FLOW] = 150;
    EXPECT_TRUE(contains(pane.draw(78, 12), " queue-148 D"));
    pane.view.flow_filter = "-19";
    EXPECT_EQ(pane.rows(), 11u);
}

/* ---- links ---- */

TEST(Panes, LinksTellWhatALineIsLike)
{
    Ran run("13-confirm-lost");
    Pane pane(run.trace(), GMQ_PANE_LINKS, run.find(GMQ_EVENT_FAULT_CUT) - 1);

    EXPECT_EQ(joined(pane.draw(90, 7)),
              "link                 one-way   jitter        rate    loss  on its way      state\n"
              "shop <> broker         10 ms   +-0 ms    no limit     0 %       1> 0<  --- ok\n"
              "billing <> broker      10 ms   +-0 ms    no limit     0 %       0> 0<  --- ok\n"
              "\n"
              "now    no fault\n"
              "next   0.995s  cut shop from broker\n"
              "disk   sync 5 ms   stored 3   last 0.712s   faults none\n");
}

TEST(Panes, LinksTellWhatBefallsThem)
{
    Ran run("13-confirm-lost");
    uint64_t cut = run.find(GMQ_EVENT_FAULT_CUT);
    Pane pane(run.trace(), GMQ_PANE_LINKS, cut);
    Rows rows = pane.draw(90, 7);

    EXPECT_TRUE(contains(rows, "xxx CUT from broker")) << joined(rows);
    EXPECT_TRUE(contains(rows, "since  0.995s  cut shop from broker"));
    EXPECT_TRUE(contains(rows, "next   2.995s  heal shop"));
    EXPECT_EQ(pane.event_at(0), cut);
    EXPECT_EQ(pane.event_at(1), 0u);
}

TEST(Panes, LinksTellTheDisk)
{
    Ran run("10-full-disk");
    Pane pane(run.trace(), GMQ_PANE_LINKS, run.find(GMQ_EVENT_FAULT_DISK));

    EXPECT_TRUE(contains(pane.draw(100, 8), "disk   is full   sync ")) << joined(pane.draw(100, 8));
}

TEST(Panes, WithoutAScenarioConnectionsAreTold)
{
    Made made;
    made.note(GMQ_EVENT_CONNECTION_OPENED, "app");
    made.queue("tasks");
    made.consume("app", "tasks", 1);
    made.deliver("tasks", "app", "m1", 1);
    Pane pane(made.trace(), GMQ_PANE_LINKS);

    EXPECT_EQ(joined(pane.draw(70, 5)),
              "connection                     published delivered   unacked\n"
              "app                                    0         1         1  open\n");
}

/* ---- checks ---- */

TEST(Panes, ChecksAreNamedAndCounted)
{
    Ran run("01-hello-queue");
    Pane pane(run.trace(), GMQ_PANE_CHECKS);
    Rows rows = pane.draw(46, 26);

    EXPECT_EQ(pane.title(), "CHECKS  26 ok  0 broken");
    ASSERT_EQ(rows.size(), 26u);
    EXPECT_TRUE(contains(rows, "+ S2  nothing invented")) << joined(rows);
    EXPECT_TRUE(contains(rows, "  S13 dead-lettered once per reason          -"));
    EXPECT_EQ(pane.event_at(3), 0u);
}

TEST(Panes, WhatIsBrokenStandsFirstFromThenOn)
{
    Ran run("11-lying-disk");
    uint64_t broken = run.find(GMQ_EVENT_CHECK_BROKEN);
    Pane before(run.trace(), GMQ_PANE_CHECKS, broken - 1);
    Pane pane(run.trace(), GMQ_PANE_CHECKS, broken);

    EXPECT_EQ(before.title(), "CHECKS  26 ok  0 broken");
    EXPECT_EQ(pane.title(), "CHECKS  25 ok  1 broken");
    EXPECT_EQ(pane.event_at(0), broken);
    EXPECT_EQ(pane.draw(120, 3)[0].rfind("x S12 BROKEN at #" + std::to_string(broken), 0), 0u)
        << pane.draw(120, 3)[0];
}

/* ---- title and time ---- */

TEST(Panes, TheTimeBarShowsWhenALineIsBadAndWhatIsFollowed)
{
    Ran run("28-one-way-cut");
    Pane pane(run.trace(), GMQ_PANE_FLOW, 26);
    pane.view.follow            = "shop-1";
    g_autoptr(GmqScreen) screen = gmq_screen_new(158, 1, GMQ_GLYPHS_ASCII);
    gmq_pane_time_bar(screen, &pane.view, GmqRect{0, 0, 158, 1});
    g_autofree char *text = gmq_screen_to_text(screen);
    std::string bar       = text;

    EXPECT_NE(bar.find("!~~~~~~~"), std::string::npos) << bar;
    EXPECT_NE(bar.find("=*"), std::string::npos) << bar;
    EXPECT_NE(bar.find("  ! fault  ~ bad link  . idle  * followed  # now"), std::string::npos)
        << bar;
}

/* ---- any size, any name ---- */

void
tell_terrible_names(Made &made)
{
    std::string wide, rtl = "\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627";
    for (int i = 0; i < 85; i++)
        wide += "\u65e5";
    std::string quotes = "<a href=\"x\">&'";

    made.queue(wide);
    made.queue(rtl);
    made.exchange(quotes, "topic");
    for (const std::string &name : {wide, rtl, quotes}) {
        made.client(name, name == rtl ? "consumer" : "producer", 3);
        made.start(name);
        made.send(name, quotes, wide, name + "-1");
        made.arrive(name, quotes, wide, name + "-1", 1);
        made.enqueue(quotes, wide, "k", name + "-1", 1);
        made.deliver(wide, rtl, name + "-1", 1);
        made.note(GMQ_EVENT_DEAD_LETTERED, wide, "", name + "-1", rtl, "rejected", 7);
        made.note(GMQ_EVENT_FAULT_LINK, name, "", "", "", wide);
        made.note(GMQ_EVENT_CHECK_BROKEN, name, "", "", "", "S1 broken: " + wide);
        made.wait(700);
    }
    made.note(GMQ_EVENT_FAULT_CRASH, rtl);
}

/* Cells outside the rectangle keep what they had, and no cell of a wide character is alone. */
TEST(Panes, NeverDrawOutsideTheirRectangle)
{
    Made made;
    tell_terrible_names(made);

    for (GmqPane kind : {GMQ_PANE_FLOW, GMQ_PANE_FOLLOW, GMQ_PANE_LINKS, GMQ_PANE_CHECKS}) {
        for (GmqViewLayout layout : {GMQ_LAYOUT_LADDER, GMQ_LAYOUT_TABLE}) {
            for (GmqGlyphs glyphs : {GMQ_GLYPHS_UTF8, GMQ_GLYPHS_PLAIN, GMQ_GLYPHS_ASCII}) {
                Pane pane(made.trace(), kind);
                pane.view.layout = layout;
                pane.view.glyphs = glyphs;
                for (int width : {1, 2, 7, 19, 24, 25, 41, 45, 60, 96, 140, 300}) {
                    for (int height : {1, 2, 3, 8, 40}) {
                        g_autoptr(GmqScreen) screen = gmq_screen_new(width + 2, height + 2, glyphs);
                        gmq_pane_info(kind)->draw(screen, &pane.view, GmqRect{1, 1, width, height});
                        for (int x = 0; x < width + 2; x++) {
                            ASSERT_EQ(gmq_screen_cell(screen, x, 0)->text, ' ') << width;
                            ASSERT_EQ(gmq_screen_cell(screen, x, height + 1)->text, ' ') << width;
                        }
                        for (int y = 0; y < height + 2; y++) {
                            ASSERT_EQ(gmq_screen_cell(screen, 0, y)->text, ' ')
                                << gmq_pane_info(kind)->name << width << "x" << height;
                            ASSERT_EQ(gmq_screen_cell(screen, width + 1, y)->text, ' ')
                                << gmq_pane_info(kind)->name << width << "x" << height;
                        }
                    }
                }
            }
        }
    }
}

TEST(Panes, RowsHaveEventsUpToTheMomentOnly)
{
    Ran run("38-online-shop");

    for (uint64_t event : {uint64_t(0), uint64_t(40), uint64_t(150)}) {
        for (GmqPane kind :
             {GMQ_PANE_FLOW, GMQ_PANE_FOLLOW, GMQ_PANE_LINKS, GMQ_PANE_CHECKS, GMQ_PANE_MARKS}) {
            Pane pane(run.trace(), kind, event);
            pane.view.layout = GMQ_LAYOUT_LADDER;
            for (unsigned row = 0; row < pane.rows() + 2; row++)
                EXPECT_LE(pane.event_at(row), event) << gmq_pane_info(kind)->name;
        }
    }
}

} // namespace
