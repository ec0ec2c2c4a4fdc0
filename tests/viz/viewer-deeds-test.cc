/* What a reader can do besides running and stepping. */
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/core/temp-folder.h"
#include "tests/sim/shipped.h"
#include "tests/viz/viewing.h"
#include "viz/pane.h"
#include "viz/view-key.h"

namespace {

/* ---- time ---- */

TEST_F(Viewer, GoesToTheCauseAndBack)
{
    uint64_t cause = made_.length();
    uint64_t event = made_.note(GMQ_EVENT_CONNECTION_CLOSED, "w2", "",
                                [&](GmqEvent &one) { one.cause = cause; });

    gmq_viewer_go(viewer_, event);
    press("c");
    EXPECT_EQ(cause, this->event());
    press("C");
    EXPECT_EQ(event, this->event());
    press("C");
    EXPECT_EQ(event, this->event());
    EXPECT_TRUE(shows("There is no way back"));
    gmq_viewer_go(viewer_, 1);
    press("c");
    EXPECT_EQ(1u, this->event());
    EXPECT_TRUE(shows("Nothing that is recorded caused this"));
}

TEST_F(Viewer, GoesFromOneBrokenCheckToTheNextAndRoundTheEnd)
{
    press("b");
    EXPECT_TRUE(shows("No check is broken in this run."));
    uint64_t first = made_.note(GMQ_EVENT_CHECK_BROKEN, "view", "", "", "", "lost");
    made_.note(GMQ_EVENT_CONNECTION_CLOSED, "w2");
    uint64_t other = made_.note(GMQ_EVENT_CHECK_BROKEN, "view", "", "", "", "lost");
    renew();
    for (uint64_t expected : {first, other, first}) {
        press("b");
        EXPECT_EQ(expected, event());
    }
}

TEST_F(Viewer, GoesToATimeOrAnEventThatIsTyped)
{
    press("t#12\r");
    EXPECT_EQ(12u, event());
    press("t130ms\r");
    EXPECT_EQ(13u, event());
    press("tend\r");
    EXPECT_EQ(made_.length(), event());
    press("tfault:1\r");
    EXPECT_EQ(GMQ_EVENT_FAULT_CRASH, gmq_trace_event(made_.trace(), event())->kind);
    press("tcaption:1\r");
    EXPECT_EQ(GMQ_EVENT_CAPTION, gmq_trace_event(made_.trace(), event())->kind);
}

TEST_F(Viewer, SaysWhileItIsTypedWhatIsWrongWithAMoment)
{
    press("t#9");
    EXPECT_TRUE(shows("event 9 of 69"));
    press("99");
    EXPECT_TRUE(shows("the run has 69 events, so #999 is behind its end"));
    press("\r");
    EXPECT_TRUE(shows("Go to: #999")) << "it stays to be mended";
    press("\x7f\x7f\r");
    EXPECT_EQ(9u, event());
    press("t12");
    EXPECT_TRUE(gmq_viewer_key(viewer_, GMQ_KEY_ESC, 0));
    EXPECT_EQ(9u, event());
    EXPECT_FALSE(shows("Go to"));
}

TEST_F(Viewer, RunsWithoutDrawingToTheNextStop)
{
    press("+++++ ");
    EXPECT_TRUE(shows("express"));
    EXPECT_EQ(-1, gmq_viewer_play(viewer_, now_us_));
    EXPECT_EQ(GMQ_EVENT_FAULT_CRASH, gmq_trace_event(made_.trace(), event())->kind);
    EXPECT_FALSE(gmq_viewer_is_running(viewer_));
    for (int i = 0; i < 2; i++) {
        press(" ");
        gmq_viewer_play(viewer_, now_us_);
    }
    EXPECT_EQ(made_.length(), event());
}

TEST_F(Viewer, MovesAMessageInSmallSteps)
{
    gmq_viewer_go(viewer_, 14);
    press(" ");
    unsigned before = gmq_viewer_revision(viewer_);
    pass(100000);
    EXPECT_EQ(14u, event());
    EXPECT_LT(before, gmq_viewer_revision(viewer_)) << "something is to be drawn in between";
}

TEST_F(Viewer, DrawsNothingAnewWhileItStands)
{
    unsigned before = gmq_viewer_revision(viewer_);

    pass(3 * second);
    EXPECT_EQ(before, gmq_viewer_revision(viewer_));
    EXPECT_EQ(-1, gmq_viewer_play(viewer_, now_us_));
}

/* ---- what is shown ---- */

TEST_F(Viewer, ShowsTheEventsThatAFilterLetsThrough)
{
    gmq_viewer_go(viewer_, 60);
    press("fkind:deliver queue:tasks\r");
    EXPECT_TRUE(shows("filter: kind:deliver queue:tasks"));
    EXPECT_TRUE(shows("deliver p1-4 to w2"));
    EXPECT_FALSE(shows("receive"));
    press("f");
    EXPECT_TRUE(shows("Filter: kind:deliver queue:tasks")) << "it can be changed";
    press("\x15\r");
    EXPECT_FALSE(shows("filter:"));
}

TEST_F(Viewer, ChecksAFilterWhileItIsTyped)
{
    press("fkind:d");
    EXPECT_TRUE(shows("column 6: there is no kind of event \"d\""));
    press("eliver");
    EXPECT_TRUE(shows("5 of 69 events"));
    press(" qeue:x");
    EXPECT_TRUE(shows("there is no key \"qeue\"; did you mean queue?"));
    press("\r");
    EXPECT_TRUE(shows("Filter: kind:deliver qeue:x"));
    gmq_viewer_key(viewer_, GMQ_KEY_ESC, 0);
    EXPECT_FALSE(shows("filter:"));
}

TEST_F(Viewer, LooksForWordsForwardAndBackRoundTheEnds)
{
    press("/REQUEUE");
    EXPECT_TRUE(shows("1 event, and it is #69"));
    press("\r");
    EXPECT_EQ(69u, event());
    press("/receive\r");
    uint64_t first = event();
    EXPECT_EQ(GMQ_EVENT_CLIENT_RECEIVED, gmq_trace_event(made_.trace(), first)->kind);
    press("/\r");
    EXPECT_LT(first, event());
    press("\\");
    EXPECT_EQ(first, event());
    press("\\");
    EXPECT_LT(first, event()) << "round the start";
    press(";");
    EXPECT_EQ(first, event());
    press("/nowhere\r");
    EXPECT_TRUE(shows("\"nowhere\" is not found in any event."));
    EXPECT_EQ(first, event());
}

TEST_F(Viewer, FollowsAMessageAndLetsItGo)
{
    gmq_viewer_go(viewer_, made_.length());
    press("m");
    EXPECT_TRUE(shows("Following p1-5."));
    press("g]");
    EXPECT_STREQ("p1-5", gmq_trace_event(made_.trace(), event())->message);
    uint64_t sent = event();
    press("]");
    EXPECT_LT(sent, event());
    press("[");
    EXPECT_EQ(sent, event());
    press("[");
    EXPECT_TRUE(shows("p1-5 did nothing earlier."));
    press("m");
    EXPECT_TRUE(shows("p1-5 is followed no longer."));
}

TEST_F(Viewer, GoesToTheRowUnderTheCursorAndFollowsItsMessage)
{
    gmq_viewer_go(viewer_, 45);
    press("\t\t");
    gmq_viewer_key(viewer_, GMQ_KEY_UP, 0);
    gmq_viewer_key(viewer_, GMQ_KEY_UP, 0);
    press("\r");
    EXPECT_EQ(43u, event());
}

TEST_F(Viewer, ReachesEveryPaneWithTabAndComesBack)
{
    std::string before = screen();
    unsigned panes     = gmq_view_panes();
    int n              = 0;

    for (int pane = 0; pane < GMQ_N_PANES; pane++)
        n += (panes >> pane) & 1;
    std::set<std::string> screens;
    for (int i = 0; i < n; i++) {
        screens.insert(screen());
        press("\t");
    }
    EXPECT_EQ(before, screen());
    EXPECT_EQ((size_t)n, screens.size()) << "each looks different";
    gmq_viewer_key(viewer_, GMQ_KEY_BACKTAB, 0);
    EXPECT_NE(before, screen());
    press("\t");
    EXPECT_EQ(before, screen());
}

TEST_F(Viewer, ZoomsThePaneThatHasTheFocus)
{
    gmq_viewer_go(viewer_, 40);
    press("\t\tz");
    EXPECT_TRUE(shows("[LAST EVENTS]"));
    EXPECT_FALSE(shows("STORY"));
    EXPECT_TRUE(shows("   25 ")) << "many events are seen";
    press("z");
    EXPECT_TRUE(shows("STORY"));
}

TEST_F(Viewer, GoesBackBeforeItLeaves)
{
    press("\t\tz");
    gmq_viewer_key(viewer_, GMQ_KEY_UP, 0);
    int n = 1;
    while (n < 10 && gmq_viewer_key(viewer_, GMQ_KEY_ESC, 0))
        n++;
    EXPECT_EQ(3, n) << "the zoom and the pane before the view; there is no row at the start";
}

/* ---- commands ---- */

TEST_F(Viewer, DoesWhatALineSays)
{
    press(":goto #20\r");
    EXPECT_EQ(20u, event());
    press(":#21\r");
    EXPECT_EQ(21u, event());
    press(":150ms\r");
    EXPECT_EQ(15u, event());
    press(":sp\t");
    EXPECT_TRUE(shows(":speed "));
    press("x5\r");
    EXPECT_TRUE(shows(" x5 "));
    press(":filter kind:ack\r");
    EXPECT_TRUE(shows("filter: kind:ack"));
    press(":filter\r");
    EXPECT_FALSE(shows("filter: kind:ack"));
    press(":pane events\r");
    EXPECT_TRUE(shows("[LAST EVENTS]"));
    press(":theme light\r");
    EXPECT_EQ(GMQ_THEME_LIGHT, gmq_viewer_theme(viewer_));
    press(":help\r");
    EXPECT_TRUE(shows("run and stop"));
    press("x");
    EXPECT_FALSE(press(":quit\r"));
}

TEST_F(Viewer, SaysWhatIsWrongWithALine)
{
    const struct {
        const char *typed, *said;
    } cases[] = {
        {":gotoo 3\r", "there is no command \"gotoo\"; did you mean goto?"},
        {":goto\r", "something is missing: goto EVENT|TIME"},
        {":zoom 3\r", "zoom takes nothing more"},
        {":f x\r", "\"f\" may be filter or follow"},
        {":follow nobody\r", "there is no message \"nobody\""},
        {":layout x\r", "there is no layout \"x\"; there is flow"},
        {":pane x\r", "there is no pane \"x\"; there is flow, story"},
        {":speed x7\r", "there is no speed \"x7\""},
        {":theme x\r", "there is no theme \"x\""},
        {":present x\r", "present takes on or off"},
        {":export x\r", "the name must end with one of .txt"},
    };

    for (const auto &one : cases) {
        press(one.typed);
        EXPECT_TRUE(shows(one.said)) << one.typed << screen();
        gmq_viewer_key(viewer_, GMQ_KEY_ESC, 0);
    }
}

/* ---- export ---- */

TEST_F(Viewer, ExportsTheMoment)
{
    TempFolder folder;

    gmq_viewer_go(viewer_, 40);
    for (const char *name : {"a.txt", "a.dot"}) {
        std::string path = folder.path(name);
        press("e" + path + "\r");
        EXPECT_TRUE(shows("is written.")) << screen();
        EXPECT_TRUE(g_file_test(path.c_str(), G_FILE_TEST_EXISTS));
    }
    std::string text = folder.path("a.txt");
    EXPECT_NE(std::string::npos, read_text(text).find("event 40 / 69"));
    press("e" + text + "\r");
    EXPECT_TRUE(shows("Enter once more writes over it"));
    press("\r");
    EXPECT_TRUE(shows("is written."));
    press("e/nowhere/a.dot\r");
    EXPECT_TRUE(shows("Export to: /nowhere/a.dot"));
    press("\x15"
          "b.gif");
    EXPECT_TRUE(shows("the name must end with one of .txt"));
    press("\x15" + folder.path("a.trace") + "\r");
    EXPECT_TRUE(shows("a run has a trace once it is over"));
}

/* ---- presenting ---- */

TEST_F(Viewer, MovesTimeOnlyBySpaceWhilePresenting)
{
    gmq_viewer_go(viewer_, 20);
    gmq_viewer_set_presenting(viewer_, true);
    for (const char *key : {".", ",", "<", ">", "g", "G", "n", "N", "b", "c", "t", "/", "]"}) {
        press(key);
        EXPECT_EQ(20u, event()) << key;
    }
    gmq_viewer_key(viewer_, GMQ_KEY_RIGHT, 0);
    gmq_viewer_key(viewer_, GMQ_KEY_END, 0);
    press(":goto 3\r");
    EXPECT_TRUE(shows("while presenting only Space moves time"));
    gmq_viewer_key(viewer_, GMQ_KEY_ESC, 0);
    EXPECT_EQ(20u, event());
    press(" ");
    pass(second);
    EXPECT_LT(20u, event());
}

TEST_F(Viewer, LetsACaptionStandTwiceAsLongWhilePresenting)
{
    press("nn");
    uint64_t caption = event();
    gmq_viewer_set_presenting(viewer_, true);
    press(" ");
    pass(6 * second);
    EXPECT_EQ(caption, event());
    pass(2 * second);
    EXPECT_LT(caption, event());
}

/* ---- the mouse ---- */

TEST_F(Viewer, GoesToThePlaceOnTheTimeBarThatIsClicked)
{
    gmq_viewer_click(viewer_, 73, 22);
    EXPECT_EQ(made_.length(), event());
    gmq_viewer_click(viewer_, 5, 22);
    EXPECT_GT(20u, event());
}

TEST_F(Viewer, SelectsTheRowThatIsClickedAndGoesThereAtTheSecondClick)
{
    gmq_viewer_go(viewer_, 40);
    size_t at = screen().find("   39 ");
    ASSERT_NE(std::string::npos, at);
    std::string above = screen().substr(0, at);
    int y             = (int)std::count(above.begin(), above.end(), '\n');
    gmq_viewer_click(viewer_, 20, y);
    EXPECT_EQ(40u, event());
    EXPECT_TRUE(shows("[LAST EVENTS]"));
    gmq_viewer_click(viewer_, 20, y);
    EXPECT_EQ(39u, event());
}

TEST_F(Viewer, SelectsABoxAndShowsItsEventsAlone)
{
    gmq_viewer_go(viewer_, 40);
    std::string text = screen();
    size_t at        = text.find("tasks D");
    ASSERT_NE(std::string::npos, at);
    int y = (int)(at / 81), x = (int)(at % 81);
    gmq_viewer_click(viewer_, x, y);
    EXPECT_TRUE(shows("tasks: Enter shows its events alone"));
    g_autoptr(GmqScreen) drawn = gmq_viewer_draw(viewer_);
    EXPECT_EQ(GMQ_ROLE_HOT, gmq_screen_cell(drawn, x, y)->role);
    press("\r");
    EXPECT_TRUE(shows("filter: queue:\"tasks\""));
}

TEST_F(Viewer, FollowsTheTokenThatIsClicked)
{
    gmq_viewer_go(viewer_, made_.length());
    size_t at = screen().find("(7)");
    ASSERT_NE(std::string::npos, at);
    gmq_viewer_click(viewer_, (int)(at % 81) + 1, (int)(at / 81));
    EXPECT_TRUE(shows("Following p1-7."));
}

TEST_F(Viewer, ScrollsTheListUnderTheWheel)
{
    gmq_viewer_go(viewer_, 40);
    EXPECT_FALSE(shows("   36 "));
    gmq_viewer_wheel(viewer_, 10, 18, -1);
    gmq_viewer_wheel(viewer_, 10, 18, -1);
    EXPECT_TRUE(shows("   36 "));
    gmq_viewer_wheel(viewer_, 10, 18, 1);
    gmq_viewer_wheel(viewer_, 10, 18, 1);
    EXPECT_FALSE(shows("   36 "));
}

/* ---- the frames ---- */

TEST_F(Viewer, SaysWhyThereAreNoFrames)
{
    press(":pane wire\r");
    EXPECT_TRUE(shows("WIRE"));
    EXPECT_TRUE(shows("not the frames on its wires"));
}

/* ---- help ---- */

TEST_F(Viewer, TellsAboutEveryKeyInItsHelp)
{
    press("?");
    std::string all = screen();
    for (int i = 0; i < 30; i++) {
        gmq_viewer_key(viewer_, GMQ_KEY_DOWN, 0);
        all += screen();
    }
    const GmqViewKey *key;
    for (size_t i = 0; (key = gmq_view_key(i)) != NULL; i++) {
        if (key->help != NULL) {
            EXPECT_NE(std::string::npos, all.find(key->help)) << key->help;
        }
    }
    EXPECT_NE(std::string::npos, all.find("redelivered:yes|no"));
    press("x");
    EXPECT_FALSE(shows("KEYS"));
}

} // namespace
