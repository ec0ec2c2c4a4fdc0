#include "core/wire/method.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "tests/core/wire/samples.h"

class EveryMethod : public testing::TestWithParam<GmqMethodId> {
  protected:
    /* Decodes a copy that ends where its allocation ends: a sanitizer sees a read behind it. */
    bool
    decode(const std::string &payload)
    {
        copy.assign(payload.begin(), payload.end());
        copy.shrink_to_fit();
        fault = {};
        return gmq_method_decode(GmqSlice{copy.data(), copy.size()}, &decoded, &fault);
    }

    Samples samples;
    std::vector<uint8_t> copy;
    GmqMethod decoded = {};
    GmqFault fault    = {};
};

INSTANTIATE_TEST_SUITE_P(Method, EveryMethod, testing::ValuesIn(all_methods()),
                         [](const auto &tried) { return test_name(tried.param); });

TEST_P(EveryMethod, RoundTripsWithAValueInEveryField)
{
    for (unsigned seed = 0; seed < 8; seed++) {
        GmqMethod method = samples.method(GetParam(), seed);

        ASSERT_TRUE(decode(encoded(method))) << fault.text;
        EXPECT_TRUE(same_method(method, decoded));
    }
}

TEST_P(EveryMethod, RoundTripsWithEmptyFields)
{
    GmqMethod method = {};
    method.id        = GetParam();

    ASSERT_TRUE(decode(encoded(method))) << fault.text;
    EXPECT_TRUE(same_method(method, decoded));
}

TEST_P(EveryMethod, RefusesEveryTruncation)
{
    const GmqMethodInfo *info = gmq_method_info(GetParam());
    std::string whole         = encoded(samples.method(GetParam(), 1));

    for (size_t size = 0; size < whole.size(); size++) {
        ASSERT_FALSE(decode(whole.substr(0, size))) << size;
        EXPECT_EQ(GMQ_REPLY_FRAME_ERROR, fault.code);
        EXPECT_EQ(size < 4 ? 0 : info->class_id, fault.class_id);
        EXPECT_EQ(size < 4 ? 0 : info->method_id, fault.method_id);
    }
}

TEST_P(EveryMethod, RefusesOctetsBehindTheLastField)
{
    std::string whole = encoded(samples.method(GetParam(), 1));

    for (size_t more : {1, 2, 1000}) {
        ASSERT_FALSE(decode(whole + std::string(more, '\0')));
        EXPECT_EQ(GMQ_REPLY_FRAME_ERROR, fault.code);
        EXPECT_EQ(gmq_method_info(GetParam())->class_id, fault.class_id);
    }
}

TEST_P(EveryMethod, HasANameLikeItsEntry)
{
    std::string name = gmq_method_info(GetParam())->name;
    std::string seen;

    for (char c : name)
        seen.push_back(c == '.' || c == '-' ? '_' : g_ascii_toupper(c));
    EXPECT_EQ(test_name(GetParam()), seen);
    EXPECT_EQ(1, std::count(name.begin(), name.end(), '.'));
}

TEST_P(EveryMethod, IsFramedWhole)
{
    GmqMethod method         = samples.method(GetParam(), 3);
    g_auto(GmqBuffer) buffer = {};
    GmqFrame frame;

    gmq_method_add_frame(&method, 7, &buffer);
    GmqSlice input = gmq_buffer_slice(&buffer);
    ASSERT_EQ(GMQ_FRAME_READY, gmq_frame_read(&input, 1 << 20, &frame, &fault));
    EXPECT_EQ(GMQ_FRAME_METHOD, frame.type);
    EXPECT_EQ(7, frame.channel);
    EXPECT_EQ(encoded(method), string_of(frame.payload));
}

TEST(Method, HasNoTwoWithTheSameIds)
{
    std::set<std::pair<int, int>> ids;

    for (GmqMethodId id : all_methods())
        ids.insert({gmq_method_info(id)->class_id, gmq_method_info(id)->method_id});
    EXPECT_EQ(size_t{GMQ_N_METHODS}, ids.size());
}

TEST(Method, KnowsWhoSendsItAndWhetherContentFollows)
{
    EXPECT_EQ(GMQ_FROM_CLIENT, gmq_method_info(GMQ_BASIC_PUBLISH)->from);
    EXPECT_EQ(GMQ_FROM_SERVER, gmq_method_info(GMQ_BASIC_DELIVER)->from);
    EXPECT_EQ(GMQ_FROM_BOTH, gmq_method_info(GMQ_BASIC_ACK)->from);

    std::set<std::string> with_content;
    for (GmqMethodId id : all_methods()) {
        if (gmq_method_info(id)->has_content)
            with_content.insert(gmq_method_info(id)->name);
    }
    EXPECT_EQ(
        (std::set<std::string>{"basic.publish", "basic.return", "basic.deliver", "basic.get-ok"}),
        with_content);
}

/* The bytes are written by hand from the standard, so that an encoder and a decoder with the same
 * mistake are found out. */
struct Golden {
    const char *text;
    std::string payload;
};

class GoldenMethod : public testing::TestWithParam<Golden> {};

TEST_P(GoldenMethod, ReadsAndWritesTheStandardsBytes)
{
    GmqMethod method;
    GmqFault fault = {};

    ASSERT_TRUE(gmq_method_decode(slice_of(GetParam().payload), &method, &fault)) << fault.text;
    g_autofree char *text = gmq_method_format(&method);
    EXPECT_STREQ(GetParam().text, text);
    EXPECT_EQ(GetParam().payload, encoded(method));
}

static const Golden golden[] = {
    {"basic.ack delivery-tag=5 multiple=1", bytes({0, 60, 0, 80, 0, 0, 0, 0, 0, 0, 0, 5, 1})},
    {"basic.nack delivery-tag=72623859790382856 multiple=0 requeue=1",
     bytes({0, 60, 0, 120, 1, 2, 3, 4, 5, 6, 7, 8, 2})},
    {"queue.declare ticket=0 queue=q passive=0 durable=1 exclusive=0 auto-delete=0 nowait=1 "
     "arguments={}",
     bytes({0, 50, 0, 10, 0, 0, 1, 'q', 0x12, 0, 0, 0, 0})},
    {"exchange.declare ticket=1 exchange=logs type=fanout passive=1 durable=0 auto-delete=1 "
     "internal=1 nowait=0 arguments={b: true}",
     bytes({0,   40,  0,   10,  0,    1, 4, 'l', 'o', 'g', 's', 6,   'f', 'a',
            'n', 'o', 'u', 't', 0x0D, 0, 0, 0,   4,   1,   'b', 't', 1})},
    {"exchange.unbind-ok", bytes({0, 40, 0, 51})},
    {"basic.publish ticket=0 exchange=\"\" routing-key=hello mandatory=1 immediate=0",
     bytes({0, 60, 0, 40, 0, 0, 0, 5, 'h', 'e', 'l', 'l', 'o', 1})},
    {"basic.deliver consumer-tag=c delivery-tag=256 redelivered=1 exchange=x routing-key=k.1",
     bytes({0, 60, 0, 60, 1, 'c', 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 'x', 3, 'k', '.', '1'})},
    {"basic.get-ok delivery-tag=1 redelivered=0 exchange=\"\" routing-key=q message-count=66051",
     bytes({0, 60, 0, 71, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 'q', 0, 1, 2, 3})},
    {"connection.tune channel-max=2047 frame-max=131072 heartbeat=60",
     bytes({0, 10, 0, 30, 0x07, 0xFF, 0, 2, 0, 0, 0, 60})},
    {"connection.open virtual-host=/ reserved-1=\"\" reserved-2=0",
     bytes({0, 10, 0, 40, 1, '/', 0, 0})},
    {"connection.close reply-code=320 reply-text=\"a b\" class-id=60 method-id=40",
     bytes({0, 10, 0, 50, 1, 64, 3, 'a', ' ', 'b', 0, 60, 0, 40})},
    {"channel.open-ok reserved-1=\"\"", bytes({0, 20, 0, 11, 0, 0, 0, 0})},
    {"confirm.select nowait=1", bytes({0, 85, 0, 10, 1})},
    {"tx.rollback-ok", bytes({0, 90, 0, 31})},
    {"access.request realm=/data exclusive=0 passive=1 active=0 write=1 read=1",
     bytes({0, 30, 0, 10, 5, '/', 'd', 'a', 't', 'a', 0x1A})},
    {"basic.qos prefetch-size=0 prefetch-count=10 global=0",
     bytes({0, 60, 0, 10, 0, 0, 0, 0, 0, 10, 0})},
};

INSTANTIATE_TEST_SUITE_P(Method, GoldenMethod, testing::ValuesIn(golden));

static GmqFault
refusal(const std::string &payload)
{
    GmqMethod method;
    GmqFault fault = {};

    EXPECT_FALSE(gmq_method_decode(slice_of(payload), &method, &fault));
    return fault;
}

TEST(Method, AnswersUnknownIdsWithNotImplementedAndTheIds)
{
    GmqFault fault = refusal(bytes({0, 60, 0, 41, 1, 2, 3}));

    EXPECT_EQ(GMQ_REPLY_NOT_IMPLEMENTED, fault.code);
    EXPECT_EQ(60, fault.class_id);
    EXPECT_EQ(41, fault.method_id);
    EXPECT_STREQ("NOT_IMPLEMENTED - there is no method with ids 60, 41", fault.text);
}

TEST(Method, NamesTheFieldThatIsNotUtf8)
{
    GmqFault fault = refusal(bytes({0, 60, 0, 70, 0, 0, 2, 0xC3, 0x28, 0}));

    EXPECT_EQ(GMQ_REPLY_FRAME_ERROR, fault.code);
    EXPECT_STREQ("FRAME_ERROR - basic.get: field queue is not UTF-8", fault.text);
}

TEST(Method, NamesTheTableThatIsWrong)
{
    GmqFault fault = refusal(bytes({0, 50, 0, 10, 0, 0, 1, 'q', 0, 0, 0, 0, 3, 1, 'a', '?'}));

    EXPECT_STREQ("FRAME_ERROR - queue.declare: field arguments is not a well-formed table",
                 fault.text);
    EXPECT_EQ(50, fault.class_id);
    EXPECT_EQ(10, fault.method_id);
}

TEST(Method, TakesNulAndLongCharactersInNames)
{
    std::string payload =
        bytes({0, 60, 0, 70, 0, 0, 8, 'a', 0, 0xF0, 0x9F, 0x90, 0xB0, 0xC3, 0xA9, 0});
    GmqMethod method;
    GmqFault fault;

    ASSERT_TRUE(gmq_method_decode(slice_of(payload), &method, &fault));
    g_autofree char *text = gmq_method_format(&method);
    EXPECT_STREQ("basic.get ticket=0 queue=\"a\\x00🐰é\" no-ack=0", text);
}

TEST(Method, KeepsPasswordsOutOfItsText)
{
    GmqMethod method = {};

    method.id                           = GMQ_CONNECTION_START_OK;
    method.connection_start_ok.response = GMQ_SLICE("\0guest\0secret");
    g_autofree char *text               = gmq_method_format(&method);
    EXPECT_STREQ("connection.start-ok client-properties={} mechanism=\"\" response=(13 octets) "
                 "locale=\"\"",
                 text);
}
