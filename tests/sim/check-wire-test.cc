#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/check.h"

/* The second look at the broker's bytes (S18). */
namespace {

class Wire : public testing::Test {
  protected:
    void
    SetUp() override
    {
        const char *text = "glassmq: 1\ntitle: T\nstop: 5s\n";

        scenario = gmq_scenario_parse("t.yaml", text, strlen(text), NULL);
        check    = gmq_check_new(scenario, on_broken, this);
    }

    void
    TearDown() override
    {
        gmq_check_free(check);
        gmq_scenario_free(scenario);
    }

    bool
    look(const char *connection, const std::string &bytes)
    {
        return gmq_check_wire(check, connection,
                              {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
    }

    static void
    on_broken(void *user, const char *, const char *sentence)
    {
        static_cast<Wire *>(user)->sentences.push_back(sentence);
    }

    GmqScenario *scenario = nullptr;
    GmqCheck *check       = nullptr;
    std::vector<std::string> sentences;
};

} // namespace

struct Bytes {
    const char *name;
    std::string bytes;
    const char *wrong; /* "" when nothing is */
};

class SentBytes : public Wire, public testing::WithParamInterface<Bytes> {};

static std::string
frame(char type, char channel, const std::string &payload, char end = '\xce')
{
    std::string text = {type, 0, channel, 0, 0, 0, static_cast<char>(payload.size())};
    return text + payload + end;
}

static std::string
method(char channel, char class_id, char method_id, const std::string &rest = "")
{
    return frame(1, channel, std::string{0, class_id, 0, method_id} + rest);
}

static std::string
header(char size)
{
    return frame(2, 1, std::string{0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, size, 0, 0});
}

TEST_P(SentBytes, IsLookedAtASecondTime)
{
    look("c", GetParam().bytes);
    for (char byte : GetParam().bytes)
        look("byte by byte", std::string(1, byte));
    if (*GetParam().wrong == '\0') {
        EXPECT_TRUE(sentences.empty()) << sentences[0];
        return;
    }
    ASSERT_EQ(2u, sentences.size());
    EXPECT_EQ("S18 broken: the broker sent " + std::string(GetParam().wrong) + " to c.",
              sentences[0]);
}

static const std::string deliver_method = method(1, 60, 60, "xxxx");

INSTANTIATE_TEST_SUITE_P(
    Wire, SentBytes,
    testing::Values(
        Bytes{"Method", method(0, 10, 10), ""}, Bytes{"Heartbeat", frame(8, 0, ""), ""},
        Bytes{"Message", deliver_method + header(3) + frame(3, 1, "ab") + frame(3, 1, "c"), ""},
        Bytes{"EmptyMessage", deliver_method + header(0) + method(1, 60, 80), ""},
        Bytes{"CloseOkAfterClose", method(0, 10, 50) + method(0, 10, 51), ""},
        Bytes{"OpenOkAfterClose", method(1, 20, 40) + method(1, 20, 11) + method(1, 60, 80), ""},
        Bytes{"NoEnd", frame(8, 0, "", 'x'), "a frame without its end"},
        Bytes{"Type", frame(9, 0, ""), "a frame of no known type"},
        Bytes{"Channel", method(2, 20, 11), "a frame on a channel that is not open"},
        Bytes{"FromClient", method(1, 60, 40), "a method that no server sends"},
        Bytes{"ShortMethod", frame(1, 1, "ab"), "a method that no server sends"},
        Bytes{"WrongChannel", method(1, 10, 10), "a method on a channel where it does not belong"},
        Bytes{"HeartbeatOnAChannel", frame(8, 1, ""), "a heartbeat with something in it"},
        Bytes{"MethodInContent", deliver_method + method(1, 60, 80),
              "a method in the middle of a message"},
        Bytes{"HeaderAlone", header(0), "a content header where none belongs"},
        Bytes{"ShortHeader", deliver_method + frame(2, 1, "short"),
              "a content header that is none"},
        Bytes{"BodyAlone", frame(3, 1, "a"), "a body where none belongs"},
        Bytes{"LongBody", deliver_method + header(1) + frame(3, 1, "ab"),
              "more body than was announced"},
        Bytes{"AfterClose", method(0, 10, 50) + method(1, 60, 80),
              "something after connection.close"},
        Bytes{"AfterChannelClose", method(1, 20, 40) + method(1, 60, 80),
              "something after channel.close"}),
    [](const testing::TestParamInfo<Bytes> &test) { return std::string(test.param.name); });

TEST_F(Wire, AFrameThatIsTooLarge)
{
    std::string body(200000, 'x');
    std::string text =
        deliver_method + frame(2, 1, std::string{0, 60, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0});

    text += std::string{3, 0, 1, 0, 3, 13, 64} + body + '\xce';
    look("c", text);
    ASSERT_EQ(1u, sentences.size());
    EXPECT_EQ("S18 broken: the broker sent a frame that is larger than was agreed on to c.",
              sentences[0]);
}

TEST_F(Wire, NoticesAHeaderThatIsSplit)
{
    std::string text = frame(8, 0, "");

    EXPECT_TRUE(look("c", text.substr(0, 3)));
    EXPECT_FALSE(look("c", text.substr(3)));
}

TEST_F(Wire, WhatAStrictClientSays)
{
    gmq_check_protocol(check, "c", "no such method");
    EXPECT_EQ(std::vector<std::string>{"S18 broken: c: no such method"}, sentences);
}
