/* Reading names and passwords. */
#include <gtest/gtest.h>

#include <string>

#include "core/amqp/sasl.h"
#include "tests/core/broker/world.h"

/* "user:password", or what is wrong. */
static std::string
read(const std::string &mechanism, const std::string &response)
{
    GmqSlice user     = {};
    GmqSlice password = {};

    switch (gmq_sasl_read(slice(mechanism), slice(response), &user, &password)) {
    case GMQ_SASL_READ:
        return FakeHost::to_string(user) + ":" + FakeHost::to_string(password);
    case GMQ_SASL_UNKNOWN:
        return "unknown";
    default:
        return "malformed";
    }
}

static std::string
with_nuls(std::string text)
{
    for (char &letter : text) {
        if (letter == '|')
            letter = '\0';
    }
    return text;
}

TEST(Sasl, KnowsWhatItOffersAndNothingElse)
{
    for (const char *mechanism : {"", "plain", "PLAIN ", "PLAIN AMQPLAIN", "EXTERNAL", "CRAM-MD5"})
        EXPECT_EQ("unknown", read(mechanism, with_nuls("|guest|guest"))) << mechanism;
}

struct Plain {
    const char *response; /* | stands for NUL */
    const char *result;
};

class SaslPlain : public testing::TestWithParam<Plain> {};

TEST_P(SaslPlain, IsThreeTextsWithTwoNulsBetween)
{
    EXPECT_EQ(GetParam().result, read("PLAIN", with_nuls(GetParam().response)));
}

INSTANTIATE_TEST_SUITE_P(Of, SaslPlain,
                         testing::Values(Plain{"|guest|guest", "guest:guest"},
                                         Plain{"admin|guest|guest", "guest:guest"},
                                         Plain{"||", ":"}, Plain{"|user|", "user:"},
                                         Plain{"||word", ":word"},
                                         Plain{"|us er|päss", "us er:päss"}, Plain{"", "malformed"},
                                         Plain{"|", "malformed"}, Plain{"guest", "malformed"},
                                         Plain{"|guest", "malformed"}, Plain{"|a|b|", "malformed"},
                                         Plain{"|a|b|c", "malformed"}, Plain{"|||", "malformed"}));

TEST(SaslAmqplain, IsATableWithTwoTexts)
{
    EXPECT_EQ("guest:secret",
              read("AMQPLAIN", Table().add("LOGIN", "guest").add("PASSWORD", "secret")));
    EXPECT_EQ("guest:secret",
              read("AMQPLAIN",
                   Table().add("REALM", "/").add("PASSWORD", "secret").add("LOGIN", "guest")));
    EXPECT_EQ(":", read("AMQPLAIN", Table().add("LOGIN", "").add("PASSWORD", "")));
}

TEST(SaslAmqplain, TakesNothingLess)
{
    std::string good = Table().add("LOGIN", "guest").add("PASSWORD", "secret");

    for (const std::string &bad :
         {std::string(), std::string("guest"), std::string(Table().add("LOGIN", "guest")),
          std::string(Table().add("PASSWORD", "secret")),
          std::string(Table().add("LOGIN", "guest").add("PASSWORD", GMQ_VALUE_I32, 5)),
          std::string(Table().add("LOGIN").add("PASSWORD", "secret")),
          std::string(Table().add("login", "guest").add("password", "secret")),
          good.substr(0, good.size() - 1), good + "x"})
        EXPECT_EQ("malformed", read("AMQPLAIN", bad)) << testing::PrintToString(bad);
}
