#include "lessons/markdown.h"

#include <gtest/gtest.h>

#include <string>

namespace {

std::string
set_in(int width, const char *text, GmqGlyphs glyphs = GMQ_GLYPHS_UTF8)
{
    GmqMarkdown how       = {width, glyphs, nullptr, nullptr};
    g_autofree char *done = gmq_markdown_text(&how, text);
    return done;
}

/* Each piece with its role in front: "N:plain C:code". */
std::string
pieces(const char *text)
{
    static const char letters[] = "NDSMTAGFHBEC";
    GmqMarkdown how             = {72, GMQ_GLYPHS_UTF8, nullptr, nullptr};
    g_autoptr(GPtrArray) lines  = gmq_markdown_lines(&how, text);
    std::string out;

    for (guint i = 0; i < lines->len; i++) {
        auto *line = (GmqSpans *)lines->pdata[i];
        for (guint s = 0; s < line->len; s++) {
            auto *span = &g_array_index(line, GmqSpan, s);
            out += std::string("[") + letters[span->role] + ":" + span->text + "]";
        }
    }
    return out;
}

TEST(Markdown, JoinsTheLinesOfAParagraph)
{
    EXPECT_EQ("one two three\n", set_in(40, "one\ntwo\nthree\n"));
    EXPECT_EQ("one\n\ntwo\n", set_in(40, "\n\none\n\n\n\ntwo\n\n"));
    EXPECT_EQ("", set_in(40, ""));
    EXPECT_EQ("", set_in(40, "\n \n"));
}

TEST(Markdown, BreaksLinesAtSpaces)
{
    EXPECT_EQ("one two\nthree\n", set_in(9, "one two three"));
    EXPECT_EQ("abcd\nx\n", set_in(4, "abcd  x"));
    EXPECT_EQ("abcd\nefgh\n", set_in(4, "abcdefgh"));
    EXPECT_EQ("a\nb\n", set_in(1, "ab"));
}

TEST(Markdown, GivesKoreanTwoColumns)
{
    EXPECT_EQ("메시지는\n큐에\n있습니다.\n", set_in(9, "메시지는 큐에 있습니다."));
    EXPECT_EQ("메시\n지는\n", set_in(4, "메시지는"));
    EXPECT_EQ("메\n시\n", set_in(3, "메시"));
    EXPECT_EQ("메\n시\n", set_in(1, "메시"));
}

TEST(Markdown, SetsListsBesideTheirMarks)
{
    EXPECT_EQ("- one two\n  three\n- four\n", set_in(10, "- one two\nthree\n- four"));
    EXPECT_EQ("1. one two\n   three\n2. b\n", set_in(11, "1. one two three\n2. b"));
    EXPECT_EQ("- a\n  - b c d\n    e\n", set_in(9, "- a\n  - b c d e"));
    EXPECT_EQ("a\n\n- b\n\nc\n", set_in(9, "a\n\n- b\n\nc"));
    EXPECT_EQ("1999. was good\n", set_in(40, "1999. was good"));
}

TEST(Markdown, KeepsCodeAsItIs)
{
    EXPECT_EQ("a\n\n  x:   1\n    y: *2*\n\n  z\n\nb\n",
              set_in(40, "a\n\n```\nx:   1\n  y: *2*\n\nz\n```\n\nb"));
}

TEST(Markdown, SetsHeadingsApart)
{
    EXPECT_EQ("Title\n\ntext\n\nMore\n\ntext\n", set_in(40, "# Title\ntext\n## More\n\n\ntext"));
    EXPECT_EQ("#31 is an event\n", set_in(40, "#31 is an event"));
}

TEST(Markdown, GivesMarkedWordsTheirRoles)
{
    EXPECT_EQ("[N:a ][S:b c][N: d]", pieces("a **b c** d"));
    EXPECT_EQ("[N:a ][E:b][N: ][C:x*y*][N:.]", pieces("a *b* `x*y*`."));
    EXPECT_EQ("[S:a ][E:b][S: c]", pieces("**a *b* c**"));
    EXPECT_EQ("[S:Big ][C:x]", pieces("# Big `x`"));
    EXPECT_EQ("[S:큐][N:는 기다립니다]", pieces("**큐**는 기다립니다"));
}

TEST(Markdown, LeavesLonelyMarksAlone)
{
    EXPECT_EQ("2 * 3 * 4\n", set_in(40, "2 * 3 * 4"));
    EXPECT_EQ("a ` b\n", set_in(40, "a ` b"));
    EXPECT_EQ("*a\n", set_in(40, "*a"));
    EXPECT_EQ("**\n", set_in(40, "**"));
    EXPECT_EQ("``\n", set_in(40, "``"));
    EXPECT_EQ("*a* \\ `\n", set_in(40, "\\*a\\* \\ \\`"));
    EXPECT_EQ("processed_twice <b> [a](b)\n", set_in(40, "processed_twice <b> [a](b)"));
}

TEST(Markdown, DrawsAsciiWhereItMust)
{
    EXPECT_EQ("a -> b...\n", set_in(40, "a → b…", GMQ_GLYPHS_ASCII));
    EXPECT_EQ("a -> 큐\n", set_in(40, "a → 큐", GMQ_GLYPHS_PLAIN));
    EXPECT_EQ("? a\n", set_in(40, "큐 a", GMQ_GLYPHS_ASCII));
}

TEST(Markdown, TakesNothingBroken)
{
    EXPECT_EQ("a\uFFFDb\n", set_in(40, "a\xff"
                                       "b"));
    EXPECT_EQ("a?b\n", set_in(40, "a\033b"));
}

GPtrArray *
draw(const char *alt, const char *target, int width, GmqGlyphs, void *data)
{
    g_autofree char *words = g_strdup_printf("%s|%s|%d", alt, target, width);
    GPtrArray *lines       = gmq_spans_list_new();

    *(int *)data += 1;
    gmq_spans_add(lines, GMQ_ROLE_NORMAL, words);
    return lines;
}

TEST(Markdown, AsksForPictures)
{
    int asked             = 0;
    GmqMarkdown how       = {30, GMQ_GLYPHS_UTF8, draw, &asked};
    g_autofree char *with = gmq_markdown_text(&how, "a\n![A queue](x.yaml#31)\nb");
    std::string without   = set_in(30, "a\n![A queue](x.yaml#31)\nb");

    EXPECT_STREQ("a\n\nA queue|x.yaml#31|30\n\nb\n", with);
    EXPECT_EQ(1, asked);
    EXPECT_EQ("a\n\n[A queue]\n\nb\n", without);
}

TEST(Spans, DrawIntoAScreen)
{
    GmqMarkdown how             = {20, GMQ_GLYPHS_UTF8, nullptr, nullptr};
    g_autoptr(GPtrArray) lines  = gmq_markdown_lines(&how, "# A\n\n**큐** `b`");
    g_autoptr(GmqScreen) screen = gmq_screen_new(8, 2, GMQ_GLYPHS_UTF8);

    gmq_spans_draw(screen, (GmqRect){1, 0, 7, 2}, lines, 1);
    g_autofree char *text = gmq_screen_to_text(screen);
    EXPECT_STREQ("        \n 큐 b   \n", text);
    EXPECT_EQ(GMQ_ROLE_STRONG, gmq_screen_cell(screen, 1, 1)->role);
    EXPECT_EQ(GMQ_ROLE_CODE, gmq_screen_cell(screen, 4, 1)->role);

    g_autoptr(GPtrArray) again = gmq_spans_of_screen(screen);
    g_autofree char *back      = gmq_spans_to_text(again);
    EXPECT_STREQ("\n 큐 b\n", back);
}

TEST(Spans, WrapPlainText)
{
    g_autoptr(GPtrArray) lines = gmq_spans_list_new();

    gmq_spans_add_wrapped(lines, GMQ_ROLE_NORMAL, "1. one two three", 3, 10, GMQ_GLYPHS_UTF8);
    g_autofree char *text = gmq_spans_to_text(lines);
    EXPECT_STREQ("1. one\n   two\n   three\n", text);
}

} // namespace
