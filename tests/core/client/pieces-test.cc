/* One long conversation on interleaved channels: in pieces of any size it must be told the same. */
#include "tests/core/client/talk.h"

/* Everything that a server sends, in one string; channels 1 and 2 take turns frame by frame. */
static std::string
conversation()
{
    std::string large(3000, 'L');

    return start() + tune() + plain(0, GMQ_CONNECTION_OPEN_OK) + plain(1, GMQ_CHANNEL_OPEN_OK) +
           plain(2, GMQ_CHANNEL_OPEN_OK) + consume_ok(1, "one") + consume_ok(2, "two") +
           deliver(1, "one", 1, "a") + deliver(2, "two", 1, "b") + header(1, 5) + header(2, 6000) +
           body(2, large) + framed(GMQ_FRAME_HEARTBEAT, 0, "") + body(1, "hello") +
           deliver(1, "one", 2, "c") + body(2, large) + header(1, 4) + body(1, "wo") +
           get_ok(2, 2) + header(2, 0) + body(1, "rd") + plain(2, GMQ_BASIC_GET_EMPTY) +
           deliver(2, "two", 3, "d") + header(2, 2) + closing(1, 406, "nope", 60, 80) +
           body(2, "ok") + closing(0, 320, "stop", 0, 0);
}

static Lines
told_in_pieces_of(size_t chunk)
{
    Talk talk(GMQ_CLIENT_CONFIG_DEFAULT, chunk);

    talk.react = [](Talk *inner, const std::string &line) {
        if (line != "opened")
            return;
        for (uint16_t channel : {1, 2}) {
            gmq_client_open_channel(inner->client, channel);
            inner->consume(channel, channel == 1 ? "one" : "two");
        }
        inner->send(2, GMQ_BASIC_GET);
        inner->send(2, GMQ_BASIC_GET);
    };
    talk.hear(conversation());
    return talk.take_told();
}

static const char *const expected[] = {
    "greeted PLAIN AMQPLAIN",
    "opened",
    "1 opened",
    "2 opened",
    "1 basic.consume-ok consumer-tag=one",
    "2 basic.consume-ok consumer-tag=two",
    "1 basic.deliver consumer-tag=one delivery-tag=1 redelivered=0 exchange=x routing-key=a "
    "[priority=5] hello",
    "2 basic.deliver consumer-tag=two delivery-tag=1 redelivered=0 exchange=x routing-key=b "
    "[priority=5] 6000 octets",
    "2 basic.get-ok delivery-tag=2 redelivered=0 exchange=\"\" routing-key=\"\" message-count=0 "
    "[priority=5] ",
    "1 basic.deliver consumer-tag=one delivery-tag=2 redelivered=0 exchange=x routing-key=c "
    "[priority=5] word",
    "2 get-empty",
    "1 closed: server's 406 (60, 80) nope",
    "2 basic.deliver consumer-tag=two delivery-tag=3 redelivered=0 exchange=x routing-key=d "
    "[priority=5] ok",
    "closed: server's 320 (0, 0) stop",
};

TEST(ClientPieces, TellTheConversation)
{
    EXPECT_EQ(Lines(std::begin(expected), std::end(expected)), told_in_pieces_of(SIZE_MAX));
}

TEST(ClientPieces, OfEverySizeTellTheSame)
{
    Lines whole = told_in_pieces_of(SIZE_MAX);

    for (size_t chunk = 1; chunk < conversation().size(); chunk++)
        ASSERT_EQ(whole, told_in_pieces_of(chunk)) << chunk;
}

/* Mutations of the conversation: whatever comes, the client ends or goes on, and tells the end
 * once. The sanitizers watch the rest. */
TEST(ClientPieces, OfDamagedConversationsNeverHarm)
{
    std::string good = conversation();
    uint64_t state   = 5;
    auto below       = [&state](uint64_t limit) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state % limit;
    };

    for (int round = 0; round < 5000; round++) {
        std::string bad = good;
        for (uint64_t wounds = 1 + below(3); wounds > 0; wounds--) {
            size_t at = below(bad.size() - 1);
            if (below(3) == 0)
                bad.erase(at, 1 + below(8));
            else
                bad[at] = static_cast<char>(below(256));
        }

        Talk talk(GMQ_CLIENT_CONFIG_DEFAULT, 1 + below(4000));
        talk.hear(bad);
        gmq_client_lost(talk.client);
        size_t ends = 0;
        for (const std::string &line : talk.told)
            ends += line.find("closed: ") == 0;
        ASSERT_EQ(1u, ends);
    }
}
