#include "core/wire/utf8.h"

#include <gtest/gtest.h>

#include "tests/core/wire/samples.h"

/* The whole of Unicode against GLib, which does not take NUL. */
TEST(Utf8, AgreesWithGlibOnEveryCharacter)
{
    for (gunichar c = 1; c <= 0x110010; c++) {
        char text[6];
        int size = g_unichar_to_utf8(c, text);

        ASSERT_EQ(g_utf8_validate_len(text, size, nullptr) != FALSE,
                  gmq_utf8_check(slice_of(std::string(text, size))))
            << c;
    }
}

TEST(Utf8, AgreesWithGlibOnEveryTwoAndThreeBytes)
{
    for (int first = 0x80; first < 0x100; first++) {
        for (int second = 1; second < 0x100; second++) {
            for (int third : {0x01, 0x7F, 0x80, 0xBF, 0xC0}) {
                char text[] = {char(first), char(second), char(third)};

                for (size_t size : {2, 3})
                    ASSERT_EQ(g_utf8_validate_len(text, size, nullptr) != FALSE,
                              gmq_utf8_check(slice_of(std::string(text, size))));
            }
        }
    }
}

TEST(Utf8, TakesNul)
{
    EXPECT_TRUE(gmq_utf8_check(slice_of(std::string("a\0b", 3))));
}

TEST(Utf8, FindsTheBadByteAnywhere)
{
    for (size_t size = 1; size < 40; size++) {
        std::string text(size, 'a');

        EXPECT_TRUE(gmq_utf8_check(slice_of(text)));
        for (size_t at = 0; at < size; at++) {
            std::string bad = text;
            bad[at]         = '\xFF';
            EXPECT_FALSE(gmq_utf8_check(slice_of(bad)));
        }
    }
}

TEST(Utf8, RefusesACharacterThatIsCut)
{
    std::string text = "0123456🐰";

    EXPECT_TRUE(gmq_utf8_check(slice_of(text)));
    for (size_t cut = 1; cut < 4; cut++)
        EXPECT_FALSE(gmq_utf8_check(slice_of(text.substr(0, text.size() - cut))));
}
