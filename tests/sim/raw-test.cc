#include "tests/sim/played.h"

/* A client that knows no AMQP says its lines and tells what it hears. */
namespace {

using Texts = std::vector<std::string>;

const char *const handshake =
    "      - AMQP 0 0 9 1\n"
    "      - connection.start-ok mechanism=PLAIN response=\\x00guest\\x00guest locale=en_US\n"
    "      - connection.tune-ok channel-max=9 frame-max=4096\n"
    "      - connection.open virtual-host=/\n"
    "      - 3 channel.open\n";

std::string
raw(const std::string &lines, const std::string &more = "")
{
    return "topology: {queues: {q: {}}}\n"
           "clients:\n"
           "  r:\n"
           "    role: raw\n"
           "    send:\n" +
           lines + more + "links:\n  default: {latency: 10ms}\n";
}

/* What it was told, of which each begins so. */
void
expect_heard(const Played &run, const Texts &beginnings)
{
    auto heard = run.events(GMQ_EVENT_CLIENT_READ, "r");

    ASSERT_EQ(beginnings.size(), heard.size());
    for (size_t i = 0; i < heard.size(); i++)
        EXPECT_EQ(0u, std::string(heard[i]->text).find(beginnings[i])) << heard[i]->text;
}

} // namespace

TEST(Raw, ShakesHandsByHand)
{
    Played run(raw(handshake));

    expect_heard(
        run, {"connection.start ", "connection.tune ", "connection.open-ok", "channel.open-ok"});
    EXPECT_EQ(5u, run.count(GMQ_EVENT_CLIENT_WROTE, "r"));
    EXPECT_EQ(1u, run.count(GMQ_EVENT_CONNECTION_OPENED, "r"));
    EXPECT_EQ("held", run.verdict());
}

/* The pieces in which bytes arrive are no matter. */
TEST(Raw, HearsWholeFramesFromSingleBytes)
{
    Played run(raw(handshake) + "  r: {chunks: bytes}\n");

    expect_heard(
        run, {"connection.start ", "connection.tune ", "connection.open-ok", "channel.open-ok"});
    EXPECT_EQ("held", run.verdict());
}

TEST(Raw, IsToldTheProtocolThatTheBrokerSpeaks)
{
    for (const char *line : {"      - AMQP 1 0 0 0\n", "      - text GET / HTTP/1.0\n"}) {
        Played run(raw(line));

        expect_heard(run, {"the protocol header AMQP 0 0 9 1"});
        EXPECT_EQ(1u, run.count(GMQ_EVENT_CLIENT_CLOSED, "r"));
        EXPECT_EQ("held", run.verdict());
    }
}

TEST(Raw, WaitsForTimeAndForMethods)
{
    Played run(raw("      - AMQP 0 0 9 1\n"
                   "      - hear connection.start\n"
                   "      - wait 100ms\n"
                   "      - hex 08 00 00 00 00 00 00 ce\n"));

    EXPECT_EQ((std::vector<int64_t>{15, 135}), run.times(GMQ_EVENT_CLIENT_WROTE, "r"));
}

TEST(Raw, WaitsInVainForWhatDoesNotCome)
{
    Played run(raw("      - AMQP 0 0 9 1\n      - hear connection.tune\n") +
               "expect: {clients: {r: {closed_with: 501}}}\n");

    EXPECT_NE("held", run.verdict());
}

TEST(Raw, IsToldWhatWasWrong)
{
    Played run(raw(std::string(handshake) + "      - hear channel.open-ok\n"
                                            "      - hex 01 00 03 00 00 00 00 cd\n"
                                            "      - hear connection.close\n"
                                            "      - connection.close-ok\n") +
               "expect: {clients: {r: {closed_with: 501}}}\n");

    EXPECT_EQ("held", run.verdict());
}

/* A message said frame by frame is one like any other, for the checks too. */
TEST(Raw, PublishesAndConsumesFrameByFrame)
{
    Played run(raw(std::string(handshake) +
                       "      - 3 confirm.select\n"
                       "      - 3 basic.publish routing-key=q\n"
                       "      - hex 020003 0000000e 003c 0000 0000000000000005 0000 ce\n"
                       "      - hex 030003 00000005 68656c6c6f ce\n"
                       "      - hear basic.ack\n"
                       "      - 3 basic.publish routing-key=nowhere mandatory=yes\n"
                       "      - hex 020003 0000000e 003c 0000 0000000000000000 0000 ce\n"
                       "      - hear basic.return\n",
                   "  c: {role: consumer, from: q, start: 1s}\n"));

    EXPECT_EQ(1u, run.count(GMQ_EVENT_CLIENT_RECEIVED, "c"));
    EXPECT_EQ(Texts{}, run.broken());
    EXPECT_EQ("held", run.verdict());
}

/* Each connection begins anew. */
TEST(Raw, SaysAllAgainWhenItComesBack)
{
    Played run("clients:\n"
               "  r: {role: raw, send: [AMQP 0 0 9 1], reconnect: {after: 100ms}}\n"
               "timeline: [{at: 1s, reset: r}]\n");

    EXPECT_EQ(2u, run.count(GMQ_EVENT_CLIENT_WROTE, "r"));
    EXPECT_EQ(Texts{}, run.broken());
}

TEST(Raw, MayBeFrozenAndCrashAndLeave)
{
    for (const char *deed : {"freeze: r, for: 100ms", "crash: r, for: 100ms", "stop: r", "close: r",
                             "cut: r, for: 1s"}) {
        Played run(raw(handshake) + "timeline: [{at: 55ms, " + deed + "}]\n");

        EXPECT_EQ(Texts{}, run.broken()) << deed;
    }
}
