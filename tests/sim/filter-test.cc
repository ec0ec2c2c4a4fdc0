#include "sim/filter.h"

#include <gtest/gtest.h>

#include <string>

namespace {

GmqTraceEvent
event_of(GmqEventKind kind)
{
    GmqTraceEvent event = {};

    event.kind = kind;
    event.who = event.to = event.key = event.message = event.text = "";
    return event;
}

GmqTraceEvent
delivery()
{
    GmqTraceEvent event = event_of(GMQ_EVENT_DELIVERED);

    event.number  = 214;
    event.cause   = 200;
    event.time_ns = 1470000000;
    event.who     = "tasks";
    event.to      = "w1";
    event.message = "p1-5";
    event.tag     = 3;
    event.channel = 1;
    event.text    = "ctag-1";
    return event;
}

bool
lets_through(const std::string &text, const GmqTraceEvent &event)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqFilter) filter = gmq_filter_new(text.c_str(), NULL, &error);

    EXPECT_NE(nullptr, filter) << text << ": " << (error != NULL ? error->message : "");
    return filter != NULL && gmq_filter_matches(filter, &event);
}

struct Case {
    const char *text;
    bool holds;
};

class OfADelivery : public testing::TestWithParam<Case> {};

} // namespace

TEST_P(OfADelivery, AFilterHoldsOrNot)
{
    EXPECT_EQ(GetParam().holds, lets_through(GetParam().text, delivery())) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Filter, OfADelivery,
    testing::Values(
        Case{"", true}, Case{"   ", true}, Case{"kind:deliver", true}, Case{"kind:ack", false},
        Case{"kind:deliver,ack", true}, Case{"kind:ack,deliver", true}, Case{"!kind:ack", true},
        Case{"!kind:deliver", false}, Case{"!!kind:deliver", true}, Case{"kind!=deliver", false},
        Case{"kind=deliver", true}, Case{"kind:fault", false}, Case{"kind:d*", true},
        Case{"kind:deliver queue:tasks m:p1-5 t>1s", true},
        Case{"kind:deliver queue:tasks m:p1-5 t>2s", false}, Case{"queue:tasks", true},
        Case{"queue:task", false}, Case{"queue:t*s", true}, Case{"queue:w1", false},
        Case{"client:w1", true}, Case{"client:tasks", false}, Case{"exchange:tasks", false},
        Case{"who:tasks", true}, Case{"to:w1", true}, Case{"to:\"w1\"", true}, Case{"m:p1-5", true},
        Case{"m:5", true}, Case{"m:15", false}, Case{"m:p1", false}, Case{"m:p1-*", true},
        Case{"message:p1-5", true}, Case{"t:1.47s", true}, Case{"t:1470ms", true},
        Case{"t<1.47s", false}, Case{"t<=1.47s", true}, Case{"t>=1.47s", true}, Case{"t:>1s", true},
        Case{"t:1s..2s", true}, Case{"t:2s..", false}, Case{"t:..2s", true},
        Case{"t!=1s..2s", false}, Case{"n:214", true}, Case{"n:#214", true}, Case{"n>213", true},
        Case{"n>214", false}, Case{"n<0", false}, Case{"n:1,214", true}, Case{"n:1,3..9", false},
        Case{"event:214", true}, Case{"cause:200", true}, Case{"tag:3", true},
        Case{"channel:1", true}, Case{"redelivered:no", true}, Case{"redelivered:yes", false},
        Case{"level:story", true}, Case{"level:net", false}, Case{"text:CTAG", true},
        Case{"key:*", false}, Case{"w1", true}, Case{"TASK", true}, Case{"liver", true},
        Case{"nobody", false}, Case{"!nobody", true}, Case{"\"p1-5\"", true}));

TEST(Filter, KnowsTheCopiesOfAMessage)
{
    GmqTraceEvent event = delivery();

    event.message = "p1-5@audit";
    EXPECT_TRUE(lets_through("m:p1-5", event));
    EXPECT_TRUE(lets_through("m:5", event));
    EXPECT_TRUE(lets_through("m:p1-5@audit", event));
    EXPECT_FALSE(lets_through("m:p1-5@log", event));
}

TEST(Filter, KnowsWhatTheNamesOfAnEventAreNamesOf)
{
    GmqTraceEvent sent   = event_of(GMQ_EVENT_PUBLISHED);
    GmqTraceEvent routed = event_of(GMQ_EVENT_ROUTED);

    sent.who    = "p1";
    sent.key    = "order.eu";
    routed.who  = "same";
    routed.to   = "same";
    routed.text = "queue";
    EXPECT_TRUE(lets_through("exchange:(default) client:p1 key:order.*", sent));
    EXPECT_TRUE(lets_through("exchange:\"\"", sent)) << "that is the default exchange";
    EXPECT_FALSE(lets_through("queue:\"\"", sent));
    EXPECT_TRUE(lets_through("exchange:same queue:same", routed));
    routed.text = "exchange";
    EXPECT_FALSE(lets_through("queue:same", routed));
}

TEST(Filter, TakesAllFaultsByTheirGroup)
{
    EXPECT_TRUE(lets_through("kind:fault", event_of(GMQ_EVENT_FAULT_CRASH)));
    EXPECT_TRUE(lets_through("kind:fault.*", event_of(GMQ_EVENT_FAULT_CUT)));
    EXPECT_FALSE(lets_through("kind:client", event_of(GMQ_EVENT_CLIENT_SENT)))
        << "that is a kind itself";
}

TEST(Filter, TakesNamesInQuotes)
{
    GmqTraceEvent event = delivery();

    event.who = "my, \"own\" queue";
    EXPECT_TRUE(lets_through("queue:\"my, \\\"own\\\" queue\"", event));
    EXPECT_TRUE(lets_through("queue:x,\"my*\"", event));
}

TEST(Filter, IsNothingWhereThereIsNone)
{
    GmqTraceEvent event = delivery();

    EXPECT_TRUE(gmq_filter_matches(NULL, &event));
}

TEST(Filter, KeepsItsText)
{
    g_autoptr(GmqFilter) filter = gmq_filter_new("  kind:ack   n>3 ", NULL, NULL);

    EXPECT_STREQ("kind:ack   n>3", gmq_filter_text(filter));
}

namespace {

struct Mistake {
    const char *text;
    unsigned column;
    const char *message;
};

class OfAMistake : public testing::TestWithParam<Mistake> {};

} // namespace

TEST_P(OfAMistake, AFilterSaysWhereAndWhat)
{
    g_autoptr(GError) error     = NULL;
    unsigned column             = 0;
    g_autoptr(GmqFilter) filter = gmq_filter_new(GetParam().text, &column, &error);

    ASSERT_EQ(nullptr, filter) << GetParam().text;
    EXPECT_EQ(GetParam().column, column) << GetParam().text;
    EXPECT_STREQ(GetParam().message, error->message);
}

INSTANTIATE_TEST_SUITE_P(
    Filter, OfAMistake,
    testing::Values(
        Mistake{"kind:ack knid:x", 10, "there is no key \"knid\"; did you mean kind?"},
        Mistake{"zzzzzz:x", 1, "there is no key \"zzzzzz\"; kind, queue, client, m and t are some"},
        Mistake{"kind:delver", 6, "there is no kind of event \"delver\"; did you mean deliver?"},
        Mistake{"kind:ack,delver", 10,
                "there is no kind of event \"delver\"; did you mean deliver?"},
        Mistake{"kind:q*z", 6, "there is no kind of event \"q*z\""},
        Mistake{"kind:", 6, "something is missing here: kind:deliver,ack"},
        Mistake{"kind>ack", 6, "kind has no order: write kind:deliver,ack"},
        Mistake{"t>1", 3, "\"1\" is no time; write t>1.5s or :1s..2s"},
        Mistake{"n:x", 3, "\"x\" is no number; write n>12 or :7..9"},
        Mistake{"n:..", 3, "\"..\" is no number; write n>12 or :7..9"},
        Mistake{"redelivered:maybe", 13, "redelivered takes yes|no, not \"maybe\""},
        Mistake{"\"open", 1, "the quote is not closed"},
        Mistake{"w1 !", 5, "a word is missing here"},
        Mistake{"a,b", 2, "\",\" makes no sense here; put the word in double quotes"},
        Mistake{"ü kind:x", 8, "there is no kind of event \"x\""},
        Mistake{"\xff", 1, "a filter is valid UTF-8"}));

TEST(Filter, RefusesTextsWithoutEnd)
{
    g_autoptr(GError) error = NULL;
    std::string text(GMQ_FILTER_TEXT_MAX + 1, 'x');

    EXPECT_EQ(nullptr, gmq_filter_new(text.c_str(), NULL, &error));
    EXPECT_STREQ("a filter has at most 1024 bytes", error->message);
}

/* While somebody types, every beginning of a text is read. */
TEST(Filter, SurvivesEveryBeginningAndEveryByte)
{
    std::string text = "!kind:deliver,ack queue:\"a \\\" b\" t>=1.5s n!=#3..9 word";
    unsigned state   = 1;

    for (int i = 0; i < 20000; i++) {
        std::string wrong = text.substr(0, (size_t)i % text.size());
        for (int j = 0; j < 3 && !wrong.empty(); j++) {
            state                              = state * 1103515245u + 12345u;
            wrong[(state >> 8) % wrong.size()] = " !:=<>\",\\.#x0s\xc3"[(state >> 20) % 15];
        }
        g_autoptr(GmqFilter) filter = gmq_filter_new(wrong.c_str(), NULL, NULL);
        GmqTraceEvent event         = delivery();
        gmq_filter_matches(filter, &event);
    }
}

TEST(Filter, ShowsItsKeys)
{
    size_t n = 0;

    while (gmq_filter_key(n) != NULL)
        n++;
    EXPECT_LT(10u, n);
    EXPECT_STREQ("kind", gmq_filter_key(0)->key);
}
