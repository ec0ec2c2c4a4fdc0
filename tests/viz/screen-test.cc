#include "viz/screen.h"

#include <gtest/gtest.h>

#include <string>

namespace {

std::string
text_of(const GmqScreen *screen)
{
    g_autofree char *text = gmq_screen_to_text(screen);
    return text;
}

TEST(Screen, IsFilledWithSpaces)
{
    g_autoptr(GmqScreen) screen = gmq_screen_new(3, 2, GMQ_GLYPHS_UTF8);

    EXPECT_EQ("   \n   \n", text_of(screen));
}

TEST(Screen, CutsOffWhatIsOutside)
{
    g_autoptr(GmqScreen) screen = gmq_screen_new(4, 1, GMQ_GLYPHS_UTF8);

    gmq_screen_put(screen, -1, 0, GMQ_ROLE_NORMAL, "abcdefg");
    gmq_screen_put(screen, 0, 5, GMQ_ROLE_NORMAL, "below");
    EXPECT_EQ("bcde\n", text_of(screen));
}

TEST(Screen, GivesAWideCharacterTwoColumns)
{
    g_autoptr(GmqScreen) screen = gmq_screen_new(6, 1, GMQ_GLYPHS_UTF8);

    EXPECT_EQ(4, gmq_screen_put(screen, 0, 0, GMQ_ROLE_NORMAL, "日本"));
    EXPECT_EQ("日本  \n", text_of(screen));
}

TEST(Screen, TakesInAnother)
{
    g_autoptr(GmqScreen) part   = gmq_screen_new(4, 1, GMQ_GLYPHS_UTF8);
    g_autoptr(GmqScreen) screen = gmq_screen_new(6, 2, GMQ_GLYPHS_UTF8);

    gmq_screen_put(part, 0, 0, GMQ_ROLE_HOT, "日x");
    gmq_screen_copy(screen, 3, 1, part);
    EXPECT_EQ("      \n   日x\n", text_of(screen));
    EXPECT_EQ(GMQ_ROLE_HOT, gmq_screen_cell(screen, 4, 1)->role);
    gmq_screen_copy(screen, 5, 0, part);
    EXPECT_EQ("      \n   日x\n", text_of(screen));
}

TEST(Screen, LeavesNoHalfOfAWideCharacter)
{
    g_autoptr(GmqScreen) screen = gmq_screen_new(4, 1, GMQ_GLYPHS_UTF8);

    gmq_screen_put(screen, 0, 0, GMQ_ROLE_NORMAL, "日本");
    gmq_screen_put(screen, 1, 0, GMQ_ROLE_NORMAL, "xy");
    EXPECT_EQ(" xy \n", text_of(screen));
}

TEST(Screen, EndsARowBeforeAWideCharacterThatDoesNotFit)
{
    g_autoptr(GmqScreen) screen = gmq_screen_new(3, 1, GMQ_GLYPHS_UTF8);

    gmq_screen_put(screen, 2, 0, GMQ_ROLE_NORMAL, "日");
    EXPECT_EQ("   \n", text_of(screen));
}

TEST(Screen, ShowsWhereItShortened)
{
    g_autoptr(GmqScreen) screen = gmq_screen_new(5, 1, GMQ_GLYPHS_UTF8);
    g_autoptr(GmqScreen) ascii  = gmq_screen_new(5, 1, GMQ_GLYPHS_ASCII);

    gmq_screen_put_in(screen, 0, 0, 4, GMQ_ROLE_NORMAL, "billing");
    gmq_screen_put_in(ascii, 0, 0, 4, GMQ_ROLE_NORMAL, "billing");
    EXPECT_EQ("bil… \n", text_of(screen));
    EXPECT_EQ("bil~ \n", text_of(ascii));
}

TEST(Screen, AlignsAtTheRight)
{
    g_autoptr(GmqScreen) screen = gmq_screen_new(6, 1, GMQ_GLYPHS_UTF8);

    gmq_screen_put_right(screen, 1, 0, 4, GMQ_ROLE_NORMAL, "12");
    EXPECT_EQ("   12 \n", text_of(screen));
}

TEST(Screen, TakesTheTeethOutOfHostileNames)
{
    g_autoptr(GmqScreen) screen = gmq_screen_new(12, 1, GMQ_GLYPHS_UTF8);

    gmq_screen_put(screen, 0, 0, GMQ_ROLE_NORMAL, "a\x1b[2Jb\u202e\xff");
    EXPECT_EQ("a?[2Jb\uFFFD     \n", text_of(screen));
}

TEST(Screen, KeepsToAsciiWhenAsked)
{
    g_autoptr(GmqScreen) screen = gmq_screen_new(6, 1, GMQ_GLYPHS_ASCII);

    gmq_screen_put(screen, 0, 0, GMQ_ROLE_NORMAL, "Zoë日x");
    EXPECT_EQ("Zo??x \n", text_of(screen));
}

TEST(Screen, ComposesAccents)
{
    EXPECT_EQ(3, gmq_text_width(GMQ_GLYPHS_UTF8, "Zoe\u0308"));
    EXPECT_EQ(0, gmq_text_width(GMQ_GLYPHS_UTF8, "\u200b"));
}

struct Wrapping {
    const char *text;
    int width;
    const char *expected;
};

class Wrap : public testing::TestWithParam<Wrapping> {};

TEST_P(Wrap, BreaksAtSpaces)
{
    g_auto(GStrv) lines    = gmq_text_wrap(GMQ_GLYPHS_UTF8, GetParam().text, GetParam().width);
    g_autofree char *joint = g_strjoinv("|", lines);

    EXPECT_STREQ(GetParam().expected, joint);
}

INSTANTIATE_TEST_SUITE_P(Screen, Wrap,
                         testing::Values(Wrapping{"one two three", 7, "one two|three"},
                                         Wrapping{"one two three", 60, "one two three"},
                                         Wrapping{"one  two\nthree", 60, "one two three"},
                                         Wrapping{"abcdefgh", 3, "abc|def|gh"},
                                         Wrapping{"a abcdefgh b", 4, "a|abcd|efgh|b"},
                                         Wrapping{"日本語", 5, "日本|語"}, Wrapping{"日", 1, "日"},
                                         Wrapping{"", 5, ""}));

} // namespace
