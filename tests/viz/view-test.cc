#include "viz/view.h"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>
#include <vector>

#include "tests/viz/golden.h"
#include "tests/viz/made.h"

namespace {

std::string
render(const GmqStage *stage, uint64_t event, int width, int height,
       GmqGlyphs glyphs = GMQ_GLYPHS_UTF8, unsigned scroll = 0)
{
    g_autoptr(GmqPicture) now = gmq_picture_at(stage->trace, event);
    GmqView view              = {};

    view.stage                  = stage;
    view.now                    = now;
    view.width                  = width;
    view.height                 = height;
    view.glyphs                 = glyphs;
    view.speed                  = "x1";
    view.scroll[GMQ_PANE_FLOW]  = scroll;
    g_autoptr(GmqScreen) screen = gmq_view_draw(&view);
    g_autofree char *text       = gmq_screen_to_text(screen);
    return text;
}

std::string
render_last(const Made &made, int width, int height, GmqGlyphs glyphs = GMQ_GLYPHS_UTF8)
{
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    return render(stage, made.length(), width, height, glyphs);
}

int
columns(const std::string &row)
{
    int width = 0;

    for (const char *at = row.c_str(); *at != '\0'; at = g_utf8_next_char(at))
        width += g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
    return width;
}

void
expect_size(const std::string &text, int width, int height)
{
    std::istringstream rows(text);
    std::string row;
    int n = 0;

    for (; std::getline(rows, row); n++)
        ASSERT_EQ(width, columns(row)) << "row " << n << " of " << width << "x" << height << "\n"
                                       << text;
    ASSERT_EQ(height, n);
}

void
tell_names_of_all_kinds(Made &made)
{
    made.exchange("日本語のとても長い名前の交換器", "topic");
    made.exchange("evil\x1b[2J\u202e", "fanout");
    for (int i = 0; i < 12; i++) {
        std::string name = "queue-with-a-long-name-" + std::to_string(i);
        made.queue(name);
        made.bind("日本語のとても長い名前の交換器", name, "key.with.*.many.words.#");
    }
    made.client("クライアント", "producer");
    for (int i = 0; i < 9; i++) {
        std::string name = "worker-" + std::to_string(i);
        made.client(name, "consumer", 3);
        made.start(name);
        made.consume(name, "queue-with-a-long-name-" + std::to_string(i), 3);
    }
    for (int i = 1; i < 30; i++) {
        std::string message = "クライアント-" + std::to_string(i);
        made.send("クライアント", "日本語のとても長い名前の交換器", "k", message);
        made.enqueue("日本語のとても長い名前の交換器", "queue-with-a-long-name-1", "k", message,
                     (uint64_t)i);
    }
    made.note(GMQ_EVENT_CAPTION, "view", "", "", "", std::string(400, 'x') + " 日本\n語");
}

struct Run {
    const char *name;
    std::function<void(Made &)> tell;
};

class ViewSizes : public testing::TestWithParam<Run> {};

/* The sizes around each limit between two layouts, and the ends. */
TEST_P(ViewSizes, GiveExactlySoManyRowsAndColumns)
{
    Made made;
    GetParam().tell(made);
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());

    for (int width : {1, 2, 3, 5, 9, 17, 20, 36, 59, 60, 79, 80, 99, 100, 159, 160, 200, 500}) {
        for (int height : {1, 2, 3, 4, 5, 9, 19, 20, 23, 24, 29, 30, 47, 48, 60, 200}) {
            for (GmqGlyphs glyphs : {GMQ_GLYPHS_UTF8, GMQ_GLYPHS_ASCII}) {
                for (uint64_t event : {uint64_t(0), made.length() / 2, made.length()})
                    expect_size(render(stage, event, width, height, glyphs), width, height);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(View, ViewSizes,
                         testing::Values(Run{"Nothing", [](Made &) {}},
                                         Run{"WorkQueue", tell_work_queue},
                                         Run{"Names", tell_names_of_all_kinds}),
                         [](const testing::TestParamInfo<Run> &run) { return run.param.name; });

TEST(View, LooksAsAgreedAt80x24)
{
    Made made;
    tell_work_queue(made);

    expect_golden("made-work-queue-80x24.txt", render_last(made, 80, 24));
}

TEST(View, LooksAsAgreedInAscii)
{
    Made made;
    tell_work_queue(made);
    std::string text = render_last(made, 80, 24, GMQ_GLYPHS_ASCII);

    expect_golden("made-work-queue-ascii.txt", text);
    EXPECT_TRUE(g_str_is_ascii(text.c_str()));
}

TEST(View, LooksAsAgreedWithoutBoxes)
{
    Made made;
    tell_work_queue(made);

    expect_golden("made-work-queue-60x20.txt", render_last(made, 60, 20));
}

TEST(View, LooksAsAgreedInATinyPlace)
{
    Made made;
    tell_work_queue(made);

    expect_golden("made-work-queue-20x5.txt", render_last(made, 20, 5));
}

TEST(View, LooksAsAgreedOnAProjectorWall)
{
    Made made;
    tell_work_queue(made);

    expect_golden("made-work-queue-160x48.txt", render_last(made, 160, 48));
}

/* The corner of each box, at every event at which it is there, is where it was before. */
TEST(View, NeverMovesABox)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    size_t corner             = std::string::npos;

    for (uint64_t event = 1; event <= made.length(); event++) {
        std::string text = render(stage, event, 80, 24, GMQ_GLYPHS_ASCII);
        size_t found     = text.find(" tasks D ");
        if (found == std::string::npos)
            continue;
        EXPECT_TRUE(corner == std::string::npos || corner == found) << text;
        corner = found;
    }
    EXPECT_NE(std::string::npos, corner);
}

TEST(View, DependsOnTheMomentAndNotOnTheWayToIt)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqStage) one   = gmq_stage_new(made.trace());
    g_autoptr(GmqStage) other = gmq_stage_new(made.trace());

    for (uint64_t event = 0; event <= made.length(); event += 7)
        EXPECT_EQ(render(one, event, 100, 30), render(other, event, 100, 30));
}

TEST(View, SaysHowManyBoxesAreHiddenAndScrollsToThem)
{
    Made made;
    tell_names_of_all_kinds(made);
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    std::string above         = render(stage, made.length(), 100, 24);
    std::string below         = render(stage, made.length(), 100, 24, GMQ_GLYPHS_UTF8, 8);

    EXPECT_NE(std::string::npos, above.find(" more"));
    EXPECT_EQ(std::string::npos, above.find("me-11 "));
    EXPECT_NE(std::string::npos, below.find("me-11 ")) << below;
    EXPECT_NE(std::string::npos, below.find(" above"));
}

TEST(View, TellsWhoWaitsForAReply)
{
    Made made;
    made.queue("replies");
    made.client("anna", "rpc-client");
    made.start("anna");
    made.consume("anna", "replies", 0);
    made.send("anna", "", "work", "anna-1");
    made.send("anna", "", "work", "anna-2");
    EXPECT_NE(std::string::npos, render_last(made, 80, 24).find(" anna waiting "));
    made.note(GMQ_EVENT_CLIENT_REPLIED, "anna", "replies", "s-1", "anna-1", "in time", 40);
    EXPECT_NE(std::string::npos, render_last(made, 80, 24).find(" anna waiting "));
    made.note(GMQ_EVENT_CLIENT_GAVE_UP, "anna", "", "anna-2", "", "");
    EXPECT_NE(std::string::npos, render_last(made, 80, 24).find(" anna idle "));
}

TEST(View, TellsTheStateOfEveryConsumer)
{
    Made made;
    made.queue("tasks");
    made.client("w1", "consumer", 1);
    EXPECT_NE(std::string::npos, render_last(made, 80, 24).find(" w1 absent "));
    made.start("w1");
    EXPECT_NE(std::string::npos, render_last(made, 80, 24).find(" w1 idle "));
    made.receive("w1", "tasks", "p1-1", 1);
    EXPECT_NE(std::string::npos, render_last(made, 80, 24).find(" w1 working "));
    made.note(GMQ_EVENT_FAULT_CUT, "w1");
    EXPECT_NE(std::string::npos, render_last(made, 80, 24).find(" w1 CUT "));
    made.note(GMQ_EVENT_FAULT_CRASH, "w1");
    EXPECT_NE(std::string::npos, render_last(made, 80, 24).find(" w1 CRASHED "));
}

TEST(View, CutsTheWireOfADeadClient)
{
    Made made;
    tell_work_queue(made);

    EXPECT_NE(std::string::npos, render_last(made, 80, 24).find("╳│was doing [5]"));
    EXPECT_NE(std::string::npos, render_last(made, 80, 24, GMQ_GLYPHS_ASCII).find("x|was doing"));
}

} // namespace
