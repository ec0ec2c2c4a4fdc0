#include "lessons/runs.h"

#include <gtest/gtest.h>

#include "tests/lessons/folder.h"
#include "tests/lessons/texts.h"
#include "tests/sim/shipped.h"

namespace {

std::string
picture(GmqRunsLook look, const char *target, int width)
{
    GPtrArray *lines = gmq_runs_picture("what it shows", target, width, GMQ_GLYPHS_UTF8, &look);

    if (lines == NULL)
        return "";
    g_autofree char *text = gmq_spans_to_text(lines);
    g_ptr_array_unref(lines);
    return text;
}

TEST(Runs, AFileIsRunOnce)
{
    g_autoptr(GmqRuns) runs = gmq_runs_new(source_path("scenarios").c_str(), "en");
    const GmqFigure *first  = gmq_runs_get(runs, "01-hello-queue.yaml", NULL);

    ASSERT_NE(nullptr, first);
    EXPECT_EQ(first, gmq_runs_get(runs, "01-hello-queue.yaml", NULL));
}

TEST(Runs, AreThoseOfTheLanguage)
{
    Folder folder;

    folder.write("s.yaml", world);
    folder.write("s.ko.yaml", spoiled(world, "title: T", "title: 큐"));
    for (auto [language, title] : {std::pair("en", "T"), {"ko", "큐"}, {"fr", "T"}}) {
        g_autoptr(GmqRuns) runs = gmq_runs_new(folder.path(), language);
        const GmqFigure *figure = gmq_runs_get(runs, "s.yaml", NULL);
        ASSERT_NE(nullptr, figure);
        EXPECT_STREQ(title, gmq_figure_stage(figure)->scenario->title);
    }
}

TEST(Runs, AnErrorIsToldEachTime)
{
    g_autoptr(GmqRuns) runs = gmq_runs_new("/nowhere", "en");

    for (int i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        EXPECT_EQ(nullptr, gmq_runs_get(runs, "a.yaml", &error));
        ASSERT_NE(nullptr, error);
        EXPECT_NE(nullptr, strstr(error->message, "/nowhere/a.yaml")) << error->message;
    }
}

TEST(Runs, APictureIsDrawnOrTold)
{
    g_autoptr(GmqRuns) runs = gmq_runs_new(source_path("scenarios").c_str(), "en");
    const char *target      = "01-hello-queue.yaml#20";

    EXPECT_NE(std::string::npos, picture({runs, 0, false}, target, 72).find("QUEUES"));
    EXPECT_NE(std::string::npos, picture({runs, 0, true}, target, 72).find("after event 20"));
    EXPECT_NE(std::string::npos, picture({runs, 0, false}, target, 40).find("after event 20"))
        << "too narrow for boxes";
}

TEST(Runs, APictureOfNothingIsLeftToItsWords)
{
    g_autoptr(GmqRuns) runs = gmq_runs_new(source_path("scenarios").c_str(), "en");

    for (const char *target : {"", "#3", "nowhere.yaml#3", "01-hello-queue.yaml#soon"})
        EXPECT_EQ("", picture({runs, 0, false}, target, 72)) << target;
}

} // namespace
