#include "viz/moment.h"

#include <gtest/gtest.h>

#include "tests/viz/made.h"

namespace {

class Moment : public testing::Test {
  protected:
    Moment()
    {
        for (int i = 0; i < 5; i++)
            made_.queue("q" + std::to_string(i)); /* at 10 ms, 20 ms ... 50 ms */
    }

    uint64_t
    read(const char *text)
    {
        g_autoptr(GError) error = NULL;
        uint64_t event          = 99;

        EXPECT_TRUE(gmq_moment_read(made_.trace(), text, &event, &error)) << error->message;
        return event;
    }

    std::string
    refusal(const char *text)
    {
        g_autoptr(GError) error = NULL;
        uint64_t event          = 99;

        EXPECT_FALSE(gmq_moment_read(made_.trace(), text, &event, &error)) << text;
        return error != NULL ? error->message : "";
    }

    Made made_;
};

TEST_F(Moment, IsAnEvent)
{
    EXPECT_EQ(0u, read("0"));
    EXPECT_EQ(3u, read("3"));
    EXPECT_EQ(3u, read("#3"));
    EXPECT_EQ(5u, read("5"));
    EXPECT_EQ("the run has 5 events, so 6 is behind its end", refusal("6"));
}

TEST_F(Moment, IsTheLastEventUpToATime)
{
    EXPECT_EQ(0u, read("9ms"));
    EXPECT_EQ(1u, read("10ms"));
    EXPECT_EQ(1u, read("19ms"));
    EXPECT_EQ(4u, read("0.04s"));
    EXPECT_EQ(5u, read("8s"));
    EXPECT_EQ("the run ends at 8.000s, so 8001ms is behind its end", refusal("8001ms"));
}

TEST_F(Moment, IsTheStartOrTheEnd)
{
    EXPECT_EQ(0u, read("start"));
    EXPECT_EQ(5u, read("end"));
}

TEST_F(Moment, IsNothingElse)
{
    for (const char *text : {"", "#", "x", "-1", "1.5", "1e3", "5x", "ms", "18446744073709551616"})
        EXPECT_NE(std::string::npos, refusal(text).find("is no moment: give")) << text;
}

TEST_F(Moment, OfAnEmptyRun)
{
    Made empty;
    g_autoptr(GError) error = NULL;
    uint64_t event          = 99;

    EXPECT_TRUE(gmq_moment_read(empty.trace(), "end", &event, &error));
    EXPECT_EQ(0u, event);
    EXPECT_EQ(0u, gmq_moment_at_time(empty.trace(), 5000000));
}

} // namespace
