/* A message with its header table changed. */
#include "core/broker/header.h"

#include "tests/core/broker/world.h"

/* A message with all kinds of properties, its headers, and a body. */
static GmqMessage *
message_of(const std::string &headers, bool has_headers = true)
{
    GmqProperties properties = {};
    GmqBuffer header         = {};

    properties.present = GMQ_PROPERTY_BIT(GMQ_PROPERTY_CONTENT_TYPE) |
                         GMQ_PROPERTY_BIT(GMQ_PROPERTY_PRIORITY) |
                         GMQ_PROPERTY_BIT(GMQ_PROPERTY_TIMESTAMP);
    if (has_headers)
        properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
    properties.content_type = GMQ_SLICE("text/plain");
    properties.headers      = slice(headers);
    properties.priority     = 7;
    properties.timestamp    = 1577836800;
    gmq_properties_encode(&properties, 5, &header);

    GmqMessage *message =
        gmq_message_new(GMQ_SLICE("logs"), GMQ_SLICE("key"), gmq_buffer_slice(&header), 5);
    gmq_buffer_clear(&header);
    gmq_message_add_body(&message, GMQ_SLICE("hello"));
    message->number = 42;
    message->event  = 43;
    return message;
}

static std::string
header_of(const GmqMessage *message)
{
    return FakeHost::to_string(gmq_message_header(message));
}

TEST(Header, LosesAllEntriesOfAName)
{
    std::string before = Table().add("a", 1);
    std::string after  = Table().add("BC", "x").add("bcc").add("z", 2);
    std::string gone   = Table().add("BCC", std::vector<std::string>{"x", "y"});
    GmqMessage *plain  = message_of(before + after);
    GmqMessage *copy   = gmq_message_take_without_bcc(message_of(before + gone + after + gone));

    EXPECT_EQ(header_of(plain), header_of(copy));
    EXPECT_EQ("hello", FakeHost::to_string(gmq_message_body(copy)));
    EXPECT_EQ("logs", FakeHost::to_string(gmq_message_exchange(copy)));
    EXPECT_EQ(42u, copy->number);
    EXPECT_EQ(43u, copy->event);
    EXPECT_EQ(gone.substr(9), /* behind name, type and length */
              FakeHost::to_string(gmq_message_hidden_keys(copy)));
    gmq_message_unref(plain);
    gmq_message_unref(copy);
}

TEST(Header, MayEndAsAnEmptyTable)
{
    GmqMessage *plain = message_of("");
    GmqMessage *copy  = gmq_message_take_without_bcc(message_of(Table().add("BCC", "x")));

    EXPECT_EQ(header_of(plain), header_of(copy));
    gmq_message_unref(plain);
    gmq_message_unref(copy);
}

TEST(Header, WithoutThatNameIsGivenBackAsItCame)
{
    for (GmqMessage *message :
         {message_of(Table().add("CC", "x")), message_of(""), message_of("", false)}) {
        EXPECT_EQ(message, gmq_message_take_without_bcc(message));
        gmq_message_unref(message);
    }
}
