/* The language in which the program speaks: how it is chosen, and what is said then. */
#include "sim/language.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/catalog.h"

namespace {

/* A process with these variables of the environment, and no others about languages. */
const char *
wanted(const char *all, const char *messages, const char *lang, const char *language)
{
    const char *const names[]  = {"LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"};
    const char *const values[] = {all, messages, lang, language};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (values[i] == nullptr)
            g_unsetenv(names[i]);
        else
            g_setenv(names[i], values[i], TRUE);
    }
    EXPECT_TRUE(gmq_language_choose(nullptr, nullptr));
    return gmq_language();
}

class Language : public testing::Test {
  protected:
    void
    TearDown() override
    {
        gmq_language_choose("en", nullptr);
    }
};

} // namespace

TEST_F(Language, IsEnglishWithoutAnyWish)
{
    EXPECT_STREQ(wanted(nullptr, nullptr, nullptr, nullptr), "en");
    EXPECT_STREQ(wanted("", "", "", ""), "en");
    EXPECT_STREQ(wanted(nullptr, nullptr, "C.UTF-8", nullptr), "en");
    EXPECT_STREQ(wanted(nullptr, nullptr, "kok_IN.UTF-8", nullptr), "en");
}

TEST_F(Language, FollowsTheLocaleThatCountsMost)
{
    EXPECT_STREQ(wanted(nullptr, nullptr, "ko_KR.UTF-8", nullptr), "ko");
    EXPECT_STREQ(wanted(nullptr, "en_GB.UTF-8", "ko_KR.UTF-8", nullptr), "en");
    EXPECT_STREQ(wanted(nullptr, "ko", "de_DE.UTF-8", nullptr), "ko");
    EXPECT_STREQ(wanted("C", "ko_KR.UTF-8", "ko_KR.UTF-8", nullptr), "en");
    EXPECT_STREQ(wanted("ko_KR.UTF-8", "C", "C", nullptr), "ko");
}

TEST_F(Language, TakesTheFirstLanguageOfTheListThatThereIs)
{
    EXPECT_STREQ(wanted(nullptr, nullptr, "C.UTF-8", "fr:ko:en"), "ko");
    EXPECT_STREQ(wanted(nullptr, nullptr, "ko_KR.UTF-8", "fr:en_US:ko"), "en");
    EXPECT_STREQ(wanted(nullptr, nullptr, "ko_KR.UTF-8", "fr"), "ko");
    EXPECT_STREQ(wanted("C", nullptr, nullptr, "ko"), "en");
    EXPECT_STREQ(wanted("POSIX", nullptr, nullptr, "ko"), "en");
}

TEST_F(Language, RefusesOthersAndNamesThoseThatThereAre)
{
    g_autoptr(GError) error = nullptr;

    ASSERT_TRUE(gmq_language_choose("ko", nullptr));
    EXPECT_FALSE(gmq_language_choose("fr", &error));
    EXPECT_STREQ(gmq_language(), "ko");
    ASSERT_NE(error, nullptr);
    EXPECT_STREQ(error->message,
                 "there is no language \"fr\": there are en (English) and ko (Korean)");
    EXPECT_FALSE(gmq_language_choose("", nullptr));
    EXPECT_TRUE(gmq_language_choose("en_US.UTF-8", nullptr));
}

TEST_F(Language, SaysTextsInKorean)
{
    EXPECT_STREQ(_("Serve AMQP clients"), "Serve AMQP clients");
    ASSERT_TRUE(gmq_language_choose("ko", nullptr));
    EXPECT_STREQ(_("Serve AMQP clients"), "AMQP 클라이언트를 맞이하는 브로커를 띄웁니다");
    EXPECT_STREQ(_("a text that is in no catalog"), "a text that is in no catalog");
    EXPECT_STREQ(_(""), "");
    EXPECT_STREQ(C_("a test", "Serve AMQP clients"), "Serve AMQP clients");
}

TEST_F(Language, IsEnglishForAWhile)
{
    ASSERT_TRUE(gmq_language_choose("ko", nullptr));
    {
        g_auto(GmqEnglish) english = gmq_english_begin();
        EXPECT_STREQ(gmq_language(), "en");
        EXPECT_STREQ(_("Serve AMQP clients"), "Serve AMQP clients");
    }
    EXPECT_STREQ(gmq_language(), "ko");
}

TEST_F(Language, CountsInEnglish)
{
    EXPECT_STREQ(P_("one of a test", "some of a test", 1), "one of a test");
    EXPECT_STREQ(P_("one of a test", "some of a test", 0), "some of a test");
    EXPECT_STREQ(P_("one of a test", "some of a test", 2), "some of a test");
}

TEST(Catalog, FindsNothingInWhatIsNone)
{
    const unsigned char bytes[64] = {1, 2, 3};
    GmqCatalog wrong              = {bytes, sizeof bytes};
    GmqCatalog empty              = {bytes, 0};

    EXPECT_EQ(gmq_catalog_find(&wrong, "text"), nullptr);
    EXPECT_EQ(gmq_catalog_find(&empty, "text"), nullptr);
}
