#include "viz/tokens.h"

#include <gtest/gtest.h>

#include <string>

namespace {

class Tokens : public testing::Test {
  protected:
    ~Tokens() override
    {
        gmq_tokens_clear(&tokens_);
    }

    void
    push(const char *message, uint64_t order = 0, const char *client = nullptr)
    {
        GmqToken token = {};

        token.message = message;
        token.order   = order;
        token.client  = client;
        gmq_tokens_push_tail(&tokens_, token);
    }

    std::string
    text() const
    {
        std::string all;

        for (size_t i = 0; i < tokens_.length; i++)
            all += std::string(gmq_tokens_at(&tokens_, i)->message) + " ";
        return all;
    }

    GmqTokens tokens_ = {};
};

TEST_F(Tokens, StandInTheOrderInWhichTheyCame)
{
    for (const char *message : {"a", "b", "c", "d", "e", "f"})
        push(message);
    EXPECT_EQ("a b c d e f ", text());
}

TEST_F(Tokens, GoRoundWithoutGrowing)
{
    push("a");
    for (int i = 0; i < 1000; i++) {
        push("b");
        gmq_tokens_take(&tokens_, 0);
    }
    EXPECT_EQ("b ", text());
    EXPECT_GE(8u, tokens_.room);
}

TEST_F(Tokens, ComeBackToTheHead)
{
    push("b");
    gmq_tokens_push_head(&tokens_, GmqToken{"a", nullptr, 0, 0, 0, nullptr, true, false});
    EXPECT_EQ("a b ", text());
    EXPECT_TRUE(gmq_tokens_at(&tokens_, 0)->redelivered);
}

TEST_F(Tokens, ComeBackToTheirOldPlace)
{
    push("a", 10);
    push("c", 30);
    gmq_tokens_push_ordered(&tokens_, GmqToken{"b", nullptr, 0, 20, 0, nullptr, true, false});
    EXPECT_EQ("a b c ", text());
}

TEST_F(Tokens, LeaveFromTheMiddle)
{
    for (const char *message : {"a", "b", "c"})
        push(message);
    EXPECT_STREQ("b", gmq_tokens_take(&tokens_, 1).message);
    EXPECT_EQ("a c ", text());
}

TEST_F(Tokens, AreFoundByMessageAndHolder)
{
    push("a", 0, "w1");
    push("a", 0, "w2");
    EXPECT_EQ(0u, gmq_tokens_find(&tokens_, "a", nullptr));
    EXPECT_EQ(1u, gmq_tokens_find(&tokens_, "a", "w2"));
    EXPECT_EQ(tokens_.length, gmq_tokens_find(&tokens_, "a", "w3"));
}

TEST(MessageNames, AreOneForACopyAndItsOriginal)
{
    EXPECT_TRUE(gmq_message_same("p1-5", "p1-5"));
    EXPECT_TRUE(gmq_message_same("p1-5", "p1-5@audit"));
    EXPECT_TRUE(gmq_message_same("p1-5@audit", "p1-5"));
}

TEST(MessageNames, DifferForTwoCopiesAndTwoMessages)
{
    EXPECT_FALSE(gmq_message_same("p1-5@audit", "p1-5@mail"));
    EXPECT_FALSE(gmq_message_same("p1-5", "p1-51"));
    EXPECT_FALSE(gmq_message_same("a@b-1", "a@b-2"));
}

} // namespace
