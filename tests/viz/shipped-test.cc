/* What the shipped scenarios look like, at every moment and in every size. */
#include <gtest/gtest.h>

#include <regex>

#include "sim/run.h"
#include "tests/viz/golden.h"
#include "viz/dot.h"
#include "viz/sentence.h"
#include "viz/viewer.h"

namespace {

class Shipped : public testing::TestWithParam<std::string> {
  protected:
    Shipped()
    {
        g_autoptr(GError) error         = NULL;
        std::string path                = source_path("scenarios/" + GetParam());
        g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), &error);

        g_assert_no_error(error);
        trace_  = gmq_run_record(scenario, scenario->seed);
        stage_  = gmq_stage_new(trace_);
        viewer_ = gmq_viewer_new(stage_, GMQ_GLYPHS_UTF8);
    }

    ~Shipped() override
    {
        gmq_viewer_free(viewer_);
        gmq_stage_free(stage_);
        gmq_trace_free(trace_);
    }

    uint64_t
    length() const
    {
        return gmq_trace_length(trace_);
    }

    std::string
    screen(int width, int height)
    {
        gmq_viewer_resize(viewer_, width, height);
        g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer_);
        g_autofree char *text       = gmq_screen_to_text(screen);
        return text;
    }

    std::string
    golden_name(const char *ending) const
    {
        return GetParam().substr(0, GetParam().find('.')) + ending;
    }

    /* Without the places, which are Graphviz's: these texts are the same with any version of it. */
    std::string
    dot(uint64_t event)
    {
        g_autoptr(GmqTraits) traits   = gmq_traits_of_scenario(stage_->scenario);
        g_autoptr(GmqPicture) picture = gmq_picture_at(trace_, event);
        g_autofree char *moment       = gmq_dot_moment(picture);
        GmqDotPart part               = {};

        gmq_traits_lead_dead(traits, picture);
        part.picture = picture;
        part.vhost   = "/";
        part.traits  = traits;
        g_autofree char *dot =
            gmq_dot_draw_parts(&part, 1, gmq_dot_title(trace_), moment, GMQ_DOT_DEFAULT_USED);
        return dot;
    }

    GmqTrace *trace_;
    GmqStage *stage_;
    GmqViewer *viewer_;
};

TEST_P(Shipped, LookTheSameForwardAndBack)
{
    for (uint64_t n = 0; n <= length(); n += 11) {
        gmq_viewer_go(viewer_, n);
        std::string forward = screen(80, 24), wide = screen(160, 48);
        gmq_viewer_go(viewer_, n + 50);
        gmq_viewer_go(viewer_, n);
        ASSERT_EQ(forward, screen(80, 24)) << "event " << n;
        ASSERT_EQ(wide, screen(160, 48)) << "event " << n;
    }
}

/* Whatever is pressed, wherever one is: the screen has its size. */
TEST_P(Shipped, StandAnyKey)
{
    unsigned state = 3;
    int64_t now_us = 0;

    for (int i = 0; i < 300; i++) {
        state   = state * 1103515245u + 12345u;
        int key = (int)(state >> 16) % 140;
        gmq_viewer_key(viewer_, key < 128 ? key : GMQ_KEY_UP + key - 128, now_us);
        gmq_viewer_play(viewer_, now_us += 70000);
        if (i % 10 != 0)
            continue;
        std::string text = screen(80, 24);
        ASSERT_EQ(81 * 24, g_utf8_strlen(text.c_str(), -1)) << text;
    }
}

/* A row has so many characters, since the scenarios use no wide ones. Each moment has another width
 * and all heights. */
TEST_P(Shipped, FillEveryScreenExactly)
{
    const int widths[] = {1, 20, 60, 80, 100, 160, 200};

    for (uint64_t n = 0; n <= length(); n += 17) {
        int width = widths[n / 17 % G_N_ELEMENTS(widths)];
        gmq_viewer_go(viewer_, n);
        for (int height : {1, 5, 20, 24, 30, 48, 60}) {
            std::string text = screen(width, height);
            ASSERT_EQ((width + 1) * height, g_utf8_strlen(text.c_str(), -1)) << text;
        }
    }
}

/* Nothing on a screen with boxes is shortened that a reader needs: no name of an entity that is
 * there, unless the broker made it up. */
TEST_P(Shipped, ShowWholeNamesAt80Columns)
{
    gmq_viewer_go(viewer_, length());
    std::string text = screen(80, 24);

    for (unsigned i = 0; i < stage_->whole->queues->len; i++) {
        const GmqPictureQueue *queue = gmq_picture_queue(stage_->whole, i);
        if (!queue->is_deleted && !g_str_has_prefix(queue->name, "amq.gen-")) {
            EXPECT_NE(std::string::npos, text.find(queue->name)) << text;
        }
    }
    for (unsigned i = 0; i < stage_->whole->clients->len; i++)
        EXPECT_NE(std::string::npos, text.find(gmq_picture_client(stage_->whole, i)->name)) << text;
    EXPECT_FALSE(std::regex_search(text, std::regex("[+][0-9]+ more"))) << text;
}

/* At most three lines of sixty columns, except what an author wrote himself. */
TEST_P(Shipped, TellEveryEventInShortSentences)
{
    for (uint64_t n = 1; n <= length(); n++) {
        g_autofree char *sentence = gmq_sentence(stage_, n);
        g_auto(GStrv) lines       = gmq_text_wrap(GMQ_GLYPHS_UTF8, sentence, 60);
        EXPECT_LE(1u, g_strv_length(lines));
        EXPECT_GE(3u, g_strv_length(lines)) << sentence;
    }
}

TEST_P(Shipped, LeaveNothingOnTheWires)
{
    for (unsigned i = 0; i < stage_->whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(stage_->whole, i);
        EXPECT_EQ(0u, edge->forth.length) << i;
        EXPECT_EQ(0u, edge->back.length) << i;
    }
}

TEST_P(Shipped, AreDrawnAsAgreed)
{
    expect_golden(golden_name(".dot"), dot(length()));
}

TEST_P(Shipped, AreDrawnAsAgreedInTheMiddle)
{
    expect_golden(golden_name("-middle.dot"), dot(length() / 2));
}

TEST_P(Shipped, LookAsAgreedInTheMiddle)
{
    gmq_viewer_go(viewer_, length() / 2);
    expect_golden(golden_name(".txt"), screen(80, 24));
}

/* A line of its golden: the hash of a screen, and the words with which it is seen. */
std::string
hash_line(const GmqStage *stage, uint64_t event, int width, int height, GmqGlyphs glyphs)
{
    g_autoptr(GmqViewer) viewer = gmq_viewer_new(stage, glyphs);

    gmq_viewer_resize(viewer, width, height);
    gmq_viewer_go(viewer, event);
    g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer);
    g_autofree char *text       = gmq_screen_to_text(screen);
    g_autofree char *hash       = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_autofree char *line =
        g_strdup_printf("%.16s --render %dx%d --at %" G_GUINT64_FORMAT "%s\n", hash, width, height,
                        event, glyphs == GMQ_GLYPHS_ASCII ? " --ascii" : "");
    return line;
}

/* Screens are too many to keep whole: a line whose hash has changed tells which one to look at. */
TEST_P(Shipped, LookAsAgreedInEverySize)
{
    const int sizes[][2] = {{80, 24}, {100, 30}, {160, 48}};
    std::string lines    = "glassmq view scenarios/" + GetParam() + "\n";

    for (uint64_t part = 0; part <= 4; part++) {
        uint64_t event = part == 0 ? gmq_stage_opening(stage_) : length() * part / 4;
        for (const auto &size : sizes) {
            for (GmqGlyphs glyphs : {GMQ_GLYPHS_UTF8, GMQ_GLYPHS_ASCII})
                lines += hash_line(stage_, event, size[0], size[1], glyphs);
        }
    }
    expect_golden(golden_name(".screens"), lines);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Shipped, testing::ValuesIn(shipped_scenarios()),
                         [](const testing::TestParamInfo<std::string> &file) {
                             return test_name(file.param);
                         });

} // namespace
