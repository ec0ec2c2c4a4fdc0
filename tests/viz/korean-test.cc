/* The view in Korean: columns line up although a character takes two, and nothing stays English. */
#include <gtest/gtest.h>

#include "sim/columns.h"
#include "sim/language.h"
#include "sim/run.h"
#include "tests/viz/golden.h"
#include "viz/dot.h"
#include "viz/sentence.h"
#include "viz/tell.h"
#include "viz/viewer.h"

namespace {

class Korean : public testing::TestWithParam<std::string> {
  protected:
    Korean()
    {
        g_autoptr(GError) error         = NULL;
        std::string path                = source_path("scenarios/" + GetParam());
        g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), &error);

        g_assert_no_error(error);
        gmq_language_choose("ko", NULL);
        trace_  = gmq_run_record(scenario, scenario->seed);
        stage_  = gmq_stage_new(trace_);
        viewer_ = gmq_viewer_new(stage_, GMQ_GLYPHS_UTF8);
    }

    ~Korean() override
    {
        gmq_viewer_free(viewer_);
        gmq_stage_free(stage_);
        gmq_trace_free(trace_);
        gmq_language_choose("en", NULL);
    }

    std::string
    screen(int width, int height)
    {
        gmq_viewer_resize(viewer_, width, height);
        g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer_);
        g_autofree char *text       = gmq_screen_to_text(screen);
        return text;
    }

    /* Each row of the screen takes as many columns as it is wide. */
    void
    expect_full(int width, int height)
    {
        std::string text   = screen(width, height);
        g_auto(GStrv) rows = g_strsplit(text.c_str(), "\n", -1);

        ASSERT_EQ((unsigned)height + 1, g_strv_length(rows));
        for (int y = 0; y < height; y++)
            ASSERT_EQ(width, gmq_columns(rows[y])) << "row " << y << " of\n" << text;
    }

    GmqTrace *trace_;
    GmqStage *stage_;
    GmqViewer *viewer_;
};

std::string
name_of(const testing::TestParamInfo<std::string> &info)
{
    std::string name = info.param.substr(0, info.param.find('.'));

    for (char &c : name)
        c = g_ascii_isalnum(c) ? c : '_';
    return name;
}

} // namespace

TEST_P(Korean, FillsEveryScreenExactly)
{
    const int sizes[][2] = {{80, 24}, {100, 30}, {160, 48}, {60, 20}, {44, 12}, {31, 7}};
    uint64_t length      = gmq_trace_length(trace_);

    for (uint64_t n = 0; n <= length; n += MAX(length / 8, 1)) {
        gmq_viewer_go(viewer_, n);
        for (const auto &size : sizes)
            expect_full(size[0], size[1]);
    }
}

TEST_P(Korean, FillsEveryLayoutAndTheHelp)
{
    gmq_viewer_go(viewer_, gmq_trace_length(trace_) / 2);
    for (char key : std::string("lll\t\tzz??:\x1b/\x1b")) {
        gmq_viewer_key(viewer_, key, 0);
        expect_full(80, 24);
        expect_full(100, 30);
    }
}

/* A sentence has no mark left in it, and it is Korean. */
TEST_P(Korean, TellsEveryEvent)
{
    for (uint64_t n = 1; n <= gmq_trace_length(trace_); n++) {
        g_autofree char *sentence = gmq_sentence(stage_, n);
        GmqEventKind kind         = gmq_trace_event(trace_, n)->kind;
        bool is_korean            = false;

        if (gmq_stage_is_caption(kind))
            continue;
        for (const char *at = sentence; *at != '\0'; at = g_utf8_next_char(at))
            is_korean |= g_unichar_get_script(g_utf8_get_char(at)) == G_UNICODE_SCRIPT_HANGUL;
        ASSERT_TRUE(is_korean) << sentence;
        ASSERT_EQ(nullptr, strchr(sentence, '{')) << sentence;
    }
}

/* What is written into files is the same in every language. */
TEST_P(Korean, WritesEnglishFiles)
{
    g_autoptr(GmqPicture) picture = gmq_picture_at(trace_, gmq_trace_length(trace_));
    g_autofree char *korean       = gmq_dot_draw(picture);
    gmq_language_choose("en", NULL);
    g_autofree char *english = gmq_dot_draw(picture);

    EXPECT_STREQ(korean, english);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Korean,
                         testing::Values("01-hello-queue.yaml", "06-worker-dies.yaml",
                                         "18-retry-backoff.yaml", "22-rpc-late-reply.yaml"),
                         name_of);
