#include "viz/live-line.h"

#include <gtest/gtest.h>
#include <string>

#include "viz/live-names.h"

namespace {

std::string
text_of(GmqSlice slice)
{
    return slice.size == 0 ? ""
                           : std::string(reinterpret_cast<const char *>(slice.data), slice.size);
}

class LiveLine : public ::testing::Test {
  protected:
    bool
    read(const std::string &text)
    {
        text_ = text;
        return gmq_live_line_read(&line_, text_.data(), text_.size());
    }

    std::string
    text(const char *key)
    {
        return text_of(gmq_live_line_text(&line_, key));
    }

    uint64_t
    number(const char *key)
    {
        return gmq_live_line_number(&line_, key);
    }

    std::string text_;
    GmqLiveLine line_ = {};
};

TEST_F(LiveLine, ReadsTextsNumbersAndWords)
{
    ASSERT_TRUE(read("{\"n\":17,\"k\":\"ack\",\"ok\":true,\"no\":false,\"x\":null,\"big\":"
                     "\"0xffffffffffffffff\"}"));
    EXPECT_EQ(17u, number("n"));
    EXPECT_EQ("ack", text("k"));
    EXPECT_EQ(1u, number("ok"));
    EXPECT_EQ(0u, number("no"));
    EXPECT_EQ(UINT64_MAX, number("big"));
    EXPECT_EQ(nullptr, gmq_live_line_find(&line_, "other"));
    EXPECT_EQ(0u, number("other"));
}

TEST_F(LiveLine, PutsEscapedTextsTogether)
{
    ASSERT_TRUE(read("{\"a\":\"q\\\"\\\\\\n\\u0041\\u00e9\\u20ac\",\"b\":\"\\u0000\\ud800\"}"));
    EXPECT_EQ("q\"\\\nA\u00e9\u20ac", text("a"));
    EXPECT_EQ("\ufffd\ufffd", text("b"));
}

TEST_F(LiveLine, TakesAnEmptyObject)
{
    EXPECT_TRUE(read("{}"));
    EXPECT_TRUE(read(" { } "));
}

TEST_F(LiveLine, RefusesALineThatIsCutAnywhere)
{
    std::string whole = "{\"n\":17,\"k\":\"a\\u0041k\",\"ok\":true}";

    ASSERT_TRUE(read(whole));
    for (size_t size = 0; size < whole.size(); size++)
        EXPECT_FALSE(read(whole.substr(0, size))) << size;
}

TEST_F(LiveLine, RefusesWhatIsNoLineOfABroker)
{
    const char *const lines[] = {"[]",
                                 "{\"a\":{}}",
                                 "{\"a\":[1]}",
                                 "{\"a\":1}x",
                                 "{\"a\":-1}",
                                 "{\"a\":1.5}",
                                 "{\"a\":18446744073709551616}",
                                 "{\"a\":\"\\x\"}",
                                 "{\"a\":\"\\u12g4\"}",
                                 "{\"a\" 1}",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "{\"a\":yes}",
                                 "HTTP/1.1 400 Bad Request",
                                 ""};

    for (const char *line : lines)
        EXPECT_FALSE(read(line)) << line;
    EXPECT_FALSE(read(std::string("{\"a\":\0}", 7)));
}

TEST_F(LiveLine, TakesSoManyMembersAndNoMore)
{
    auto with = [](unsigned n) {
        std::string line = "{";
        for (unsigned i = 0; i < n; i++)
            line += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":1";
        return line + "}";
    };

    EXPECT_TRUE(read(with(GMQ_LIVE_MEMBERS_MAX - 1)));
    EXPECT_TRUE(read(with(GMQ_LIVE_MEMBERS_MAX)));
    EXPECT_FALSE(read(with(GMQ_LIVE_MEMBERS_MAX + 1)));
}

/* ---- names ---- */

GmqEvent
event(GmqEventKind kind, uint64_t message, const char *id = "")
{
    GmqEvent made = {};

    made.kind       = kind;
    made.message    = message;
    made.message_id = gmq_slice_of(id);
    return made;
}

TEST(LiveNames, CallAMessageByItsIdWhenThatIsPlain)
{
    g_autoptr(GmqLiveNames) names = gmq_live_names_new();
    const std::string order = "order-1", spaces = "two words", at = "me@home",
                      longest(GMQ_LIVE_NAME_SIZE_MAX, 'x'), longer = longest + "x";
    auto publish = [&](uint64_t number, const std::string &id) {
        GmqEvent made = event(GMQ_EVENT_PUBLISHED, number, id.c_str());
        return std::string(gmq_live_names_of(names, &made, GMQ_SLICE("")));
    };

    EXPECT_EQ("order-1", publish(1, order));
    EXPECT_EQ("m2", publish(2, order)); /* taken */
    EXPECT_EQ("m3", publish(3, spaces));
    EXPECT_EQ("m4", publish(4, at));
    EXPECT_EQ(longest, publish(5, longest));
    EXPECT_EQ("m6", publish(6, longer));
    EXPECT_EQ("m7", publish(7, ""));
    EXPECT_EQ("", publish(0, order));
}

TEST(LiveNames, TellCopiesApartByTheirQueues)
{
    g_autoptr(GmqLiveNames) names = gmq_live_names_new();
    GmqEvent route                = event(GMQ_EVENT_ROUTED, 1);
    GmqEvent enqueue              = event(GMQ_EVENT_ENQUEUED, 1);

    route.text = GMQ_SLICE("queue");
    EXPECT_STREQ("m1", gmq_live_names_of(names, &route, GMQ_SLICE("")));
    EXPECT_STREQ("m1", gmq_live_names_of(names, &enqueue, GMQ_SLICE("audit")));
    EXPECT_STREQ("m1", gmq_live_names_of(names, &route, GMQ_SLICE("")));
    EXPECT_STREQ("m1@audit", gmq_live_names_of(names, &enqueue, GMQ_SLICE("audit")));
}

TEST(LiveNames, ForgetAllWhenThereAreTooMany)
{
    g_autoptr(GmqLiveNames) names = gmq_live_names_new();
    GmqEvent first                = event(GMQ_EVENT_PUBLISHED, 1, "order");

    EXPECT_STREQ("order", gmq_live_names_of(names, &first, GMQ_SLICE("")));
    for (uint64_t number = 2; number <= GMQ_LIVE_NAMES_MAX; number++) {
        GmqEvent made = event(GMQ_EVENT_ENQUEUED, number);
        gmq_live_names_of(names, &made, GMQ_SLICE(""));
    }
    GmqEvent later = event(GMQ_EVENT_ACKED, 1);
    EXPECT_STREQ("order", gmq_live_names_of(names, &later, GMQ_SLICE("")));

    GmqEvent more = event(GMQ_EVENT_ENQUEUED, GMQ_LIVE_NAMES_MAX + 1);
    gmq_live_names_of(names, &more, GMQ_SLICE(""));
    EXPECT_STREQ("m1", gmq_live_names_of(names, &later, GMQ_SLICE("")));
}

} // namespace
