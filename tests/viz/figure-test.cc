#include "viz/figure.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/viz/golden.h"

namespace {

const std::string hello = source_path("scenarios/01-hello-queue.yaml");

std::string
draw(const std::string &path, const char *moment, int width, GmqGlyphs glyphs,
     unsigned rows_most = 0)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqFigure) figure = gmq_figure_new(path.c_str(), &error);
    if (figure == NULL)
        return error->message;
    g_autoptr(GmqScreen) screen = gmq_figure_draw(figure, moment, width, rows_most, glyphs, &error);
    if (screen == NULL)
        return error->message;
    g_autofree char *text = gmq_screen_to_text(screen);
    return text;
}

TEST(Figure, ShowsTheFlowOfTheMoment)
{
    std::string text = draw(hello, "20", 72, GMQ_GLYPHS_UTF8);

    EXPECT_NE(std::string::npos, text.find("alice")) << text;
    EXPECT_NE(std::string::npos, text.find("[1]")) << text;
    EXPECT_NE(std::string::npos, text.find("QUEUES")) << text;
}

TEST(Figure, HasNoEmptyRowAtItsEndsAndNoTwoInside)
{
    for (const char *moment : {"start", "20", "end"}) {
        std::string text = draw(hello, moment, 72, GMQ_GLYPHS_ASCII);
        std::string row(72, ' ');
        EXPECT_NE(row, text.substr(0, 72)) << text;
        EXPECT_NE(row, text.substr(text.size() - 73, 72)) << text;
        EXPECT_EQ(std::string::npos, text.find(row + "\n" + row)) << text;
    }
}

TEST(Figure, IsAsHighAsItsBoxesWant)
{
    std::string text =
        draw(source_path("scenarios/03-publish-subscribe.yaml"), "end", 76, GMQ_GLYPHS_UTF8);

    EXPECT_EQ(std::string::npos, text.find("more below")) << text;
    for (const char *name : {"phone", "radio", "diary", "letters", "ann", "ben", "cleo"})
        EXPECT_NE(std::string::npos, text.find(name)) << text;
}

TEST(Figure, FitsIntoTheRowsThatThereAre)
{
    for (unsigned rows : {8, 12, 16}) {
        std::string text =
            draw(source_path("scenarios/38-online-shop.yaml"), "40", 72, GMQ_GLYPHS_UTF8, rows);
        EXPECT_LE(std::count(text.begin(), text.end(), '\n'), rows) << text;
    }
}

TEST(Figure, IsToldInSentencesToo)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqFigure) figure = gmq_figure_new(hello.c_str(), &error);
    ASSERT_NE(nullptr, figure);
    g_autofree char *text = gmq_figure_tell(figure, "20", &error);

    EXPECT_NE(nullptr, strstr(text, "after event 20 of 53")) << text;
    EXPECT_EQ(nullptr, gmq_figure_tell(figure, "54", &error));
    EXPECT_NE(nullptr, error);
}

TEST(Figure, OfWhatIsNotThereSaysSo)
{
    EXPECT_NE(std::string::npos, draw("nowhere.yaml", "1", 72, GMQ_GLYPHS_UTF8).find("nowhere"));
    EXPECT_NE(std::string::npos, draw(hello, "soon", 72, GMQ_GLYPHS_UTF8).find("soon"));
}

} // namespace
