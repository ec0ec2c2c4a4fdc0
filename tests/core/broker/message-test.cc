/* A message in one block. */
#include <gtest/gtest.h>

#include "core/base/limits.h"
#include "core/broker/message.h"
#include "core/wire/properties.h"
#include "tests/core/chance.h"
#include "tests/core/fake-host.h"

static GmqSlice
slice(const std::string &text)
{
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

/* The content header of a message with a delivery mode (0: without), and a content type. */
static std::string
header_of(uint64_t body_size, uint8_t delivery_mode = 0, const std::string &content_type = "")
{
    GmqProperties properties = {};
    g_auto(GmqBuffer) header = {};

    properties.delivery_mode = delivery_mode;
    properties.content_type  = slice(content_type);
    if (delivery_mode != 0)
        properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_DELIVERY_MODE);
    if (!content_type.empty())
        properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_CONTENT_TYPE);
    gmq_properties_encode(&properties, body_size, &header);
    return FakeHost::to_string(gmq_buffer_slice(&header));
}

static GmqMessage *
message_of(const std::string &exchange, const std::string &key, const std::string &body)
{
    std::string header  = header_of(body.size());
    GmqMessage *message = gmq_message_new(slice(exchange), slice(key), slice(header), body.size());

    gmq_message_add_body(&message, slice(body));
    return message;
}

TEST(Message, TellsWhatItIs)
{
    GmqMessage *message = message_of("logs", "disk.full", "hello");

    EXPECT_EQ("logs", FakeHost::to_string(gmq_message_exchange(message)));
    EXPECT_EQ("disk.full", FakeHost::to_string(gmq_message_key(message)));
    EXPECT_EQ(header_of(5), FakeHost::to_string(gmq_message_header(message)));
    EXPECT_EQ("hello", FakeHost::to_string(gmq_message_body(message)));
    EXPECT_EQ(5u, message->body_size);
    gmq_message_unref(message);
}

TEST(Message, StandsAsADeliverySendsIt)
{
    GmqMessage *message = message_of("x", "key", "hi");
    std::string header  = header_of(2);
    std::string wire = std::string("\1x\3key\xCE") + std::string("\2\0\0\0\0\0\x0e", 7) + header +
                       "\xCE" + std::string("\3\0\0\0\0\0\2", 7) + "hi\xCE";

    EXPECT_EQ(wire,
              std::string(reinterpret_cast<char *>(message->data), gmq_message_wire_size(message)));
    gmq_message_unref(message);
}

TEST(Message, WithoutABodyHasNoBodyFrame)
{
    GmqMessage *message = message_of("", "", "");

    EXPECT_EQ(gmq_message_head_size(message), gmq_message_wire_size(message));
    EXPECT_EQ("", FakeHost::to_string(gmq_message_body(message)));
    gmq_message_unref(message);
}

TEST(Message, NamesMayBeAsLongAsAShortstr)
{
    std::string name(GMQ_SHORTSTR_MAX, 'n');
    GmqMessage *message = message_of(name, name, "x");

    EXPECT_EQ(name, FakeHost::to_string(gmq_message_exchange(message)));
    EXPECT_EQ(name, FakeHost::to_string(gmq_message_key(message)));
    gmq_message_unref(message);
}

TEST(Message, KnowsWhetherItIsPersistent)
{
    for (const auto &[header, is_persistent] :
         {std::pair(header_of(0), false), std::pair(header_of(0, 1), false),
          std::pair(header_of(0, 2), true), std::pair(header_of(0, 2, "text/plain"), true),
          std::pair(header_of(0, 1, "\2"), false),
          std::pair(header_of(0, 2).substr(0, GMQ_CONTENT_HEADER_FIXED), false)}) {
        GmqMessage *message = gmq_message_new(GMQ_SLICE(""), GMQ_SLICE("q"), slice(header), 0);

        EXPECT_EQ(is_persistent, message->is_persistent);
        gmq_message_unref(message);
    }
}

TEST(Message, AnAnnouncedSizeAloneCostsNoMemory)
{
    std::string header = header_of(GMQ_BODY_SIZE_MAX);
    GmqMessage *message =
        gmq_message_new(GMQ_SLICE(""), GMQ_SLICE("q"), slice(header), GMQ_BODY_SIZE_MAX);

    EXPECT_LT(message->capacity, 2u * GMQ_BODY_TRUST);
    gmq_message_add_body(&message, slice(std::string(100, 'x')));
    EXPECT_LT(message->capacity, 2u * GMQ_BODY_TRUST);
    gmq_message_unref(message);
}

TEST(Message, IsTheSameMadeInOneGo)
{
    for (size_t size : {0, 1, 16, 5000}) {
        std::string body   = std::string(size, 'b');
        std::string header = header_of(size, 2, "text/plain");
        GmqMessage *whole =
            gmq_message_new_whole(GMQ_SLICE("x"), GMQ_SLICE("key"), slice(header), slice(body));
        GmqMessage *parts = gmq_message_new(GMQ_SLICE("x"), GMQ_SLICE("key"), slice(header), size);

        gmq_message_add_body(&parts, slice(body));
        ASSERT_EQ(gmq_message_wire_size(parts), gmq_message_wire_size(whole));
        EXPECT_EQ(0, memcmp(parts->data, whole->data, gmq_message_wire_size(whole)));
        EXPECT_EQ(0u, whole->number);
        EXPECT_EQ(0u, parts->number);
        EXPECT_EQ(body, FakeHost::to_string(gmq_message_body(whole)));
        EXPECT_TRUE(whole->is_persistent);
        gmq_message_unref(whole);
        gmq_message_unref(parts);
    }
}

/* A backlog of ten million is ten million of these. */
TEST(Message, OfSixteenBytesFitsIntoSevenGrainsOfTheAllocator)
{
    GmqMessage *message = message_of("", "a.queue's.name", "sixteen bytes...");

    EXPECT_LE(offsetof(GmqMessage, data) + gmq_message_wire_size(message), 7 * 16u - 8u);
    gmq_message_unref(message);
}

TEST(Message, KnowsItsTimeToLive)
{
    static const struct {
        const char *expiration;
        int64_t ttl_ms;
    } points[] = {{"0", 0}, {"1500", 1500}, {"", -1}, {"12a", -1}, {"-1", -1}};

    for (const auto &point : points) {
        GmqProperties properties = {};
        g_auto(GmqBuffer) header = {};

        properties.expiration = gmq_slice_of(point.expiration);
        properties.present    = GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION);
        gmq_properties_encode(&properties, 0, &header);
        GmqMessage *message =
            gmq_message_new(GMQ_SLICE(""), GMQ_SLICE("q"), gmq_buffer_slice(&header), 0);
        EXPECT_EQ(point.ttl_ms, gmq_message_ttl_ms(message));
        gmq_message_unref(message);
    }
    GmqMessage *without = message_of("", "q", "x");
    EXPECT_EQ(-1, gmq_message_ttl_ms(without));
    gmq_message_unref(without);
}

TEST(Message, GrowsWithItsBody)
{
    Chance chance(5);

    for (size_t size : {1, 1000, GMQ_BODY_TRUST - 1, GMQ_BODY_TRUST, GMQ_BODY_TRUST + 1,
                        3 * GMQ_BODY_TRUST, 5000000}) {
        std::string body    = chance.bytes(size);
        std::string header  = header_of(size);
        GmqMessage *message = gmq_message_new(GMQ_SLICE("x"), GMQ_SLICE("q"), slice(header), size);

        for (size_t at = 0; at < size;) {
            size_t part = std::min(size - at, 1 + chance.below(200000));
            gmq_message_add_body(&message, slice(body.substr(at, part)));
            at += part;
            EXPECT_EQ(at == size ? 0 : at, message->body_filled);
        }
        EXPECT_TRUE(body == FakeHost::to_string(gmq_message_body(message)));
        EXPECT_EQ(0xCE, message->data[gmq_message_wire_size(message) - 1]);
        EXPECT_EQ(0u, message->number);
        gmq_message_unref(message);
    }
}

TEST(Message, IsReadIntoItsWindow)
{
    Chance chance(6);
    std::string body   = chance.bytes(2000000);
    std::string header = header_of(body.size());
    GmqMessage *message =
        gmq_message_new(GMQ_SLICE("x"), GMQ_SLICE("q"), slice(header), body.size());

    for (size_t at = 0; at < body.size();) {
        size_t room;
        uint8_t *window = gmq_message_window(&message, &room);
        ASSERT_GE(room, 1u);
        ASSERT_LE(room, body.size() - at);
        size_t part = std::min(room, 1 + chance.below(100000));
        std::copy_n(body.begin() + static_cast<long>(at), part, window);
        gmq_message_window_filled(message, part);
        at += part;
    }
    EXPECT_TRUE(body == FakeHost::to_string(gmq_message_body(message)));
    EXPECT_EQ(0xCE, message->data[gmq_message_wire_size(message) - 1]);
    gmq_message_unref(message);
}

TEST(Message, IsCopiedToAnotherAddress)
{
    GmqMessage *message = message_of("logs", "disk.full", "hello");
    std::string header  = header_of(5, 2);
    GmqMessage *copy =
        gmq_message_copy(message, GMQ_SLICE("dead"), GMQ_SLICE("letter"), slice(header));

    gmq_message_unref(message);
    EXPECT_EQ("dead", FakeHost::to_string(gmq_message_exchange(copy)));
    EXPECT_EQ("letter", FakeHost::to_string(gmq_message_key(copy)));
    EXPECT_EQ(header, FakeHost::to_string(gmq_message_header(copy)));
    EXPECT_EQ("hello", FakeHost::to_string(gmq_message_body(copy)));
    EXPECT_TRUE(copy->is_persistent);
    gmq_message_unref(copy);
}

TEST(Message, LivesUntilTheLastReferenceGoes)
{
    GmqMessage *message = message_of("", "q", "hello");

    gmq_message_ref(message);
    gmq_message_unref(message);
    EXPECT_EQ("hello", FakeHost::to_string(gmq_message_body(message)));
    gmq_message_unref(message);
}

/* With its delivery mode, and whether it has something to hide. */
class MessageStored : public testing::TestWithParam<std::pair<int, bool>> {};

TEST_P(MessageStored, IsRestoredWithAllThatItHas)
{
    auto [mode, has_hidden] = GetParam();
    for (const std::string &body : {std::string(), std::string("hello"), std::string(5000, 'x')}) {
        std::string header  = header_of(body.size(), static_cast<uint8_t>(mode), "text/plain");
        GmqMessage *message = gmq_message_new_whole(GMQ_SLICE("logs"), GMQ_SLICE("disk.full"),
                                                    slice(header), slice(body));

        message->has_own_deaths = body.size() == 5;
        gmq_message_set_id(message, 77);
        if (has_hidden)
            gmq_message_hide_keys(&message, GMQ_SLICE("hidden keys"));

        std::string stored = FakeHost::to_string(gmq_message_stored(message));
        GmqMessage *again  = gmq_message_restore(slice(stored), gmq_message_marks(message));
        ASSERT_NE(nullptr, again);
        EXPECT_EQ("logs", FakeHost::to_string(gmq_message_exchange(again)));
        EXPECT_EQ("disk.full", FakeHost::to_string(gmq_message_key(again)));
        EXPECT_EQ(header, FakeHost::to_string(gmq_message_header(again)));
        EXPECT_EQ(body, FakeHost::to_string(gmq_message_body(again)));
        EXPECT_EQ(has_hidden ? "hidden keys" : "",
                  FakeHost::to_string(gmq_message_hidden_keys(again)));
        EXPECT_EQ(mode == 2, again->is_persistent);
        EXPECT_EQ(body.size() == 5, again->has_own_deaths);
        EXPECT_EQ(0u, gmq_message_id(again));
        gmq_message_unref(again);
        for (size_t size = 0; size < MIN(stored.size(), 100); size++)
            EXPECT_EQ(nullptr,
                      gmq_message_restore({slice(stored).data, size}, gmq_message_marks(message)));
        gmq_message_unref(message);
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, MessageStored,
                         testing::Values(std::pair(0, false), std::pair(1, true),
                                         std::pair(2, false), std::pair(2, true)));
