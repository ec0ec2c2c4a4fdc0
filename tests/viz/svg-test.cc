#include "viz/svg.h"

#include <gtest/gtest.h>
#include <locale.h>

#include <string>

namespace {

class Svg : public testing::Test {
  protected:
    Svg() : svg_(gmq_svg_new(200, 100, "A \"title\"", "What <it> shows"))
    {
    }

    ~Svg() override
    {
        gmq_svg_free(svg_);
    }

    std::string
    text() const
    {
        g_autofree char *text = gmq_svg_to_text(svg_);
        return text;
    }

    bool
    has(const std::string &part) const
    {
        return text().find(part) != std::string::npos;
    }

    GmqSvg *svg_;
};

void
expect_xml(const std::string &text)
{
    GMarkupParser parser    = {};
    g_autoptr(GError) error = NULL;
    g_autoptr(GMarkupParseContext) context =
        g_markup_parse_context_new(&parser, (GMarkupParseFlags)0, NULL, NULL);

    EXPECT_TRUE(g_markup_parse_context_parse(context, text.c_str(), -1, &error) &&
                g_markup_parse_context_end_parse(context, &error))
        << text << error->message;
}

TEST_F(Svg, TellsAScreenReaderWhatItIs)
{
    expect_xml(text());
    EXPECT_TRUE(has("role=\"img\""));
    EXPECT_TRUE(has("<title>A &quot;title&quot;</title>\n<desc>What &lt;it&gt; shows</desc>"));
}

TEST_F(Svg, FollowsLightAndDark)
{
    gmq_svg_line(svg_, 0, 0, 10, 0, GMQ_TONE_INK, 0);

    EXPECT_TRUE(has(".l-ink{stroke:#20262E}\n"));
    EXPECT_TRUE(has("@media (prefers-color-scheme:dark){\n"));
    EXPECT_TRUE(has(".l-ink{stroke:#E6E9ED}\n"));
}

TEST_F(Svg, NamesOnlyTheColoursThatItUses)
{
    EXPECT_FALSE(has("series"));
    gmq_svg_circle(svg_, 5, 5, 2, GMQ_TONE_SERIES_2, GMQ_TONE_NONE);
    EXPECT_TRUE(has(".f-series-2{"));
    EXPECT_FALSE(has(".l-series-2{"));
}

TEST_F(Svg, WritesOneDecimalInEveryLocale)
{
    setlocale(LC_ALL, "de_DE.UTF-8");
    gmq_svg_rect(svg_, 1.25, -0.04, 3.96, 10, 2.5, GMQ_TONE_QUEUE, GMQ_TONE_LINE);
    std::string drawn = text();
    setlocale(LC_ALL, "C");

    EXPECT_NE(std::string::npos,
              drawn.find("<rect x=\"1.3\" y=\"0\" width=\"4\" height=\"10\" rx=\"2.5\" "
                         "class=\"f-queue l-line\"/>"))
        << drawn;
}

TEST_F(Svg, NeverDrawsABoxOfNegativeSize)
{
    gmq_svg_rect(svg_, 0, 0, -5, -1, 0, GMQ_TONE_INK, GMQ_TONE_NONE);

    EXPECT_TRUE(has("width=\"0\" height=\"0\""));
}

TEST_F(Svg, EndsAnArrowWithAHead)
{
    gmq_svg_line(svg_, 10, 20, 50, 20, GMQ_TONE_MOVING, GMQ_SVG_ARROW | GMQ_SVG_DASHED);

    EXPECT_TRUE(has("<line x1=\"10\" y1=\"20\" x2=\"41\" y2=\"20\" class=\"f-none l-moving\" "
                    "stroke-dasharray=\"7 4\"/>"))
        << text();
    EXPECT_TRUE(has("<path d=\"M50 20L41 23.5L41 16.5Z\" class=\"f-moving l-none\"/>")) << text();
}

TEST_F(Svg, DrawsAnArrowWithoutLengthAsALine)
{
    gmq_svg_line(svg_, 10, 20, 10, 20, GMQ_TONE_INK, GMQ_SVG_ARROW);

    EXPECT_FALSE(has("<path"));
    EXPECT_FALSE(has("nan"));
}

TEST_F(Svg, DrawsPathsOpenOrFilled)
{
    for (GmqTone fill : {GMQ_TONE_NONE, GMQ_TONE_EXCHANGE}) {
        gmq_svg_begin_path(svg_, 0, 0);
        gmq_svg_path_to(svg_, 10, 5);
        gmq_svg_path_to(svg_, 20.55, 0);
        gmq_svg_end_path(svg_, fill, GMQ_TONE_SERIES_1, GMQ_SVG_BOLD);
    }

    EXPECT_TRUE(has("<path d=\"M0 0L10 5L20.6 0\" class=\"f-none l-series-1\" "
                    "stroke-width=\"2.5\"/>"))
        << text();
    EXPECT_TRUE(has("<path d=\"M0 0L10 5L20.6 0Z\" class=\"f-exchange l-series-1\"")) << text();
}

TEST_F(Svg, GroupsHaveTitles)
{
    gmq_svg_begin_group(svg_, "message <1>");
    gmq_svg_begin_group(svg_, "");
    gmq_svg_end_group(svg_);
    gmq_svg_end_group(svg_);

    expect_xml(text());
    EXPECT_TRUE(has("<g><title>message &lt;1&gt;</title>\n<g>\n</g>\n</g>"));
}

TEST_F(Svg, AnchorsWords)
{
    gmq_svg_text(svg_, 10, 20, "left", GMQ_TONE_INK, 0);
    gmq_svg_text(svg_, 10, 20, "mid", GMQ_TONE_INK, GMQ_SVG_MIDDLE | GMQ_SVG_BOLD);
    gmq_svg_text(svg_, 10, 20, "end", GMQ_TONE_BROKEN, GMQ_SVG_END | GMQ_SVG_SMALL);

    EXPECT_TRUE(has("<text x=\"10\" y=\"20\" class=\"f-ink l-none\">left</text>")) << text();
    EXPECT_TRUE(has(" font-weight=\"bold\" text-anchor=\"middle\">mid</text>")) << text();
    EXPECT_TRUE(has(" font-size=\"11\" text-anchor=\"end\">end</text>")) << text();
}

TEST_F(Svg, ShortensALabelAndTellsTheWhole)
{
    std::string name(255, 'x');

    gmq_svg_label(svg_, 0, 0, 40, name.c_str(), GMQ_TONE_INK, 0);
    gmq_svg_label(svg_, 0, 0, 400, "short", GMQ_TONE_INK, 0);

    EXPECT_TRUE(has("<title>" + name + "</title>xx\u2026xx</text>")) << text();
    EXPECT_TRUE(has(">short</text>")) << text();
}

TEST_F(Svg, TakesWhatNamesMayHold)
{
    for (const char *name :
         {"<b>&\"'", "\x01\x1f\n\t", "\xff\xc3", "\u05e9\u202Ex", "\U0001F407", ""}) {
        gmq_svg_begin_group(svg_, name);
        gmq_svg_text(svg_, 0, 0, name, GMQ_TONE_INK, 0);
        gmq_svg_label(svg_, 0, 0, 1, name, GMQ_TONE_INK, 0);
        gmq_svg_end_group(svg_);
    }
    expect_xml(text());
}

TEST_F(Svg, KnowsThatWideAndBoldWordsAreWider)
{
    EXPECT_LT(gmq_svg_text_width("abc", 0), gmq_svg_text_width("abc", GMQ_SVG_BOLD));
    EXPECT_LT(gmq_svg_text_width("abc", GMQ_SVG_SMALL), gmq_svg_text_width("abc", 0));
    EXPECT_LT(gmq_svg_text_width("abc", 0), gmq_svg_text_width("\u4e2d\u4e2d\u4e2d", 0));
    EXPECT_EQ(0, gmq_svg_text_width("", 0));
}

} // namespace
