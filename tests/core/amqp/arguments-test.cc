/* The arguments of a queue: core/AMQP.md 10b. */
#include "tests/core/amqp/peer.h"

static std::string
number(const char *name, int64_t value, GmqValueType type = GMQ_VALUE_I64)
{
    return Table().add(name, type, value);
}

static std::string
word(const char *name, const char *value)
{
    return Table().add(name, value);
}

static std::string
dead_letter_key(const char *key)
{
    return Table().add("x-dead-letter-routing-key", key);
}

struct Argument {
    const char *what;
    std::string table;
    const char *why; /* "" when it is fine */
};

static void
PrintTo(const Argument &argument, std::ostream *out)
{
    *out << argument.what;
}

class Amqp_10b : public testing::TestWithParam<Argument> {};

TEST_P(Amqp_10b, ANewQueueTakesOrRefusesIt)
{
    Server server;
    Peer peer(server);
    std::string why = GetParam().why;

    std::string reply = peer.ask("queue.declare queue=q", GetParam().table);
    if (why.empty())
        EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", reply);
    else
        EXPECT_EQ("channel.close 406 50,10 PRECONDITION_FAILED - invalid " + why, reply);
}

#define WHERE " for queue 'q' in vhost '/'"

static const Argument numbers[] = {
    {"TtlBelow", number("x-message-ttl", -1), "arg 'x-message-ttl'" WHERE ": {value_negative,-1}"},
    {"TtlLeast", number("x-message-ttl", 0), ""},
    {"TtlMost", number("x-message-ttl", 315360000000), ""},
    {"TtlAbove", number("x-message-ttl", 315360000001),
     "arg 'x-message-ttl'" WHERE ": {value_too_large,315360000001}"},
    {"TtlText", word("x-message-ttl", "5"),
     "arg 'x-message-ttl'" WHERE ": \"expected integer, got longstr\""},
    {"TtlTruth", number("x-message-ttl", 1, GMQ_VALUE_BOOL),
     "arg 'x-message-ttl'" WHERE ": \"expected integer, got bool\""},
    {"TtlFloat", number("x-message-ttl", 1, GMQ_VALUE_DOUBLE),
     "arg 'x-message-ttl'" WHERE ": \"expected integer, got double\""},
    {"TtlTime", number("x-message-ttl", 1, GMQ_VALUE_TIMESTAMP),
     "arg 'x-message-ttl'" WHERE ": \"expected integer, got timestamp\""},
    {"TtlVoid", Table().add("x-message-ttl"),
     "arg 'x-message-ttl'" WHERE ": \"expected integer, got void\""},
    {"ExpiresBelowZero", number("x-expires", -1), "arg 'x-expires'" WHERE ": {value_negative,-1}"},
    {"ExpiresBelow", number("x-expires", 0), "arg 'x-expires'" WHERE ": {value_zero,0}"},
    {"ExpiresLeast", number("x-expires", 1), ""},
    {"ExpiresMost", number("x-expires", 315360000000), ""},
    {"ExpiresAbove", number("x-expires", 315360000001),
     "arg 'x-expires'" WHERE ": {value_too_large,315360000001}"},
    {"LengthBelow", number("x-max-length", -1), "arg 'x-max-length'" WHERE ": {value_negative,-1}"},
    {"LengthLeast", number("x-max-length", 0), ""},
    {"LengthMost", number("x-max-length", INT64_MAX), ""},
    {"BytesBelow", number("x-max-length-bytes", -5),
     "arg 'x-max-length-bytes'" WHERE ": {value_negative,-5}"},
    {"BytesLeast", number("x-max-length-bytes", 0), ""},
    {"BytesMost", number("x-max-length-bytes", INT64_MAX), ""},
    {"PriorityBelow", number("x-max-priority", -1),
     "arg 'x-max-priority'" WHERE ": {value_negative,-1}"},
    {"PriorityLeast", number("x-max-priority", 0), ""},
    {"PriorityMost", number("x-max-priority", 255), ""},
    {"PriorityAbove", number("x-max-priority", 256),
     "arg 'x-max-priority'" WHERE ": {max_value_exceeded,256}"},
};

static const Argument words[] = {
    {"DropHead", word("x-overflow", "drop-head"), ""},
    {"RejectPublish", word("x-overflow", "reject-publish"), ""},
    {"RejectPublishDlx", word("x-overflow", "reject-publish-dlx"), ""},
    {"OverflowElse", word("x-overflow", "drop"), "arg 'x-overflow'" WHERE ": invalid_overflow"},
    {"OverflowNumber", number("x-overflow", 1, GMQ_VALUE_I32),
     "arg 'x-overflow'" WHERE ": {unacceptable_type,signedint}"},
    {"Exchange", word("x-dead-letter-exchange", "logs"), ""},
    {"DefaultExchange", word("x-dead-letter-exchange", ""), ""},
    {"ExchangeNumber", number("x-dead-letter-exchange", 1, GMQ_VALUE_I32),
     "type 'signedint' for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/'"},
    {"Key", Table().add("x-dead-letter-exchange", "").add("x-dead-letter-routing-key", ""), ""},
    {"KeyAlone", dead_letter_key("k"),
     "arg 'x-dead-letter-routing-key'" WHERE ": routing_key_but_no_dlx_defined"},
    {"KeyNumber",
     Table().add("x-dead-letter-exchange", "").add("x-dead-letter-routing-key", GMQ_VALUE_I32, 3),
     "arg 'x-dead-letter-routing-key'" WHERE ": {unacceptable_type,signedint}"},
    {"Single", number("x-single-active-consumer", 1, GMQ_VALUE_BOOL), ""},
    {"SingleText", word("x-single-active-consumer", "true"),
     "arg 'x-single-active-consumer'" WHERE ": {unacceptable_type,longstr}"},
    {"Classic", word("x-queue-type", "classic"), ""},
    {"Quorum", word("x-queue-type", "quorum"),
     "arg 'x-queue-type'" WHERE ": \"unsupported queue type 'quorum'\""},
    {"TypeNumber", number("x-queue-type", 1, GMQ_VALUE_I32),
     "arg 'x-queue-type'" WHERE ": {unacceptable_type,signedint}"},
    {"Lazy", word("x-queue-mode", "lazy"), ""},
    {"ModeElse", word("x-queue-mode", "foo"),
     "arg 'x-queue-mode'" WHERE ": \"unsupported queue mode 'foo'\""},
    {"Version", number("x-queue-version", 2), ""},
    {"VersionElse", number("x-queue-version", 7),
     "arg 'x-queue-version'" WHERE ": \"unsupported queue version '7'\""},
    {"Unknown", word("x-unknown", "1h"), ""},
};

static std::string
name_of(const testing::TestParamInfo<Argument> &info)
{
    return info.param.what;
}

INSTANTIATE_TEST_SUITE_P(Number, Amqp_10b, testing::ValuesIn(numbers), name_of);
INSTANTIATE_TEST_SUITE_P(Word, Amqp_10b, testing::ValuesIn(words), name_of);

/* ---- which of several is told ---- */

TEST(Amqp_10b, OfSeveralWrongOnesTheFirstInRabbitMqsOrderIsTold)
{
    Server server;
    Peer peer(server);

    std::string reply =
        peer.ask("queue.declare queue=q",
                 Table().add("x-overflow", "zz").add("x-max-length", -1).add("x-expires", -1));
    EXPECT_NE(std::string::npos, reply.find("'x-expires'")) << reply;
}

TEST(Amqp_10b, TheTypeIsToldBeforeOthers)
{
    Server server;
    Peer peer(server);

    std::string reply =
        peer.ask("queue.declare queue=q", Table().add("x-expires", -1).add("x-queue-type", "no"));
    EXPECT_NE(std::string::npos, reply.find("'x-queue-type'")) << reply;
}

/* ---- any width, and no other type's ---- */

TEST(Amqp_10_12, AnyWidthOfANumberWillDo)
{
    for (GmqValueType type : {GMQ_VALUE_I8, GMQ_VALUE_U8, GMQ_VALUE_I16, GMQ_VALUE_U16,
                              GMQ_VALUE_I32, GMQ_VALUE_U32, GMQ_VALUE_I64, GMQ_VALUE_I64_L}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
                  peer.ask("queue.declare queue=q", number("x-max-priority", 100, type)));
    }
}

TEST(Amqp_10_12, ArgumentsOfOtherTypesAreRefused)
{
    for (const char *name :
         {"x-dead-letter-strategy", "x-quorum-initial-group-size", "x-max-in-memory-length",
          "x-max-in-memory-bytes", "x-max-age", "x-initial-cluster-size",
          "x-stream-max-segment-size-bytes", "x-queue-leader-locator"}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ(std::string("channel.close 406 50,10 PRECONDITION_FAILED - invalid arg '") +
                      name + "'" WHERE " of queue type rabbit_classic_queue",
                  peer.ask("queue.declare queue=q", number(name, 1)));
    }
}

/* ---- declared again ---- */

static std::string
differ(const char *argument, const char *how)
{
    return std::string("channel.close 406 50,10 PRECONDITION_FAILED - inequivalent arg '") +
           argument + "'" WHERE ": " + how;
}

TEST(Amqp_10_4, AnyWidthOfANumberIsTheSame)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", number("x-message-ttl", 1000, GMQ_VALUE_I32));
    for (GmqValueType type : {GMQ_VALUE_I16, GMQ_VALUE_U16, GMQ_VALUE_U32, GMQ_VALUE_I64})
        EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
                  peer.ask("queue.declare queue=q", number("x-message-ttl", 1000, type)));
    EXPECT_EQ(differ("x-message-ttl", "received '1001' but current is '1000'"),
              peer.ask("queue.declare queue=q", number("x-message-ttl", 1001)));
}

TEST(Amqp_10_4, AbsenceAndPresenceDiffer)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", number("x-message-ttl", 1000));
    EXPECT_EQ(
        differ("x-message-ttl", "received none but current is the value '1000' of type 'long'"),
        peer.ask("queue.declare queue=q"));
}

TEST(Amqp_10_4, EvenADefaultThatIsSpelledOutDiffers)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ(differ("x-overflow",
                     "received the value 'drop-head' of type 'longstr' but current is none"),
              peer.ask("queue.declare queue=q", word("x-overflow", "drop-head")));
}

TEST(Amqp_10_4, ValuesOfAQueueThatIsThereAreComparedOnly)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ(
        differ("x-max-length", "received the value 'bad' of type 'longstr' but current is none"),
        peer.ask("queue.declare queue=q", word("x-max-length", "bad")));
}

TEST(Amqp_10_4, UnknownAndForeignOnesAreNotCompared)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", word("x-unknown", "a"));
    EXPECT_EQ(
        "queue.declare-ok q messages=0 consumers=0",
        peer.ask("queue.declare queue=q", Table().add("x-unknown", "b").add("x-max-age", "5D")));
}

TEST(Amqp_10_4, TheClassicTypeIsTheAbsentOne)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
              peer.ask("queue.declare queue=q", word("x-queue-type", "classic")));
    EXPECT_EQ(
        differ("x-queue-type", "received the value 'quorum' of type 'longstr' but current is none"),
        peer.ask("queue.declare queue=q", word("x-queue-type", "quorum")));
}

TEST(Amqp_10_4, TheFirstDifferenceInRabbitMqsOrderIsTold)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ(
        differ("x-expires", "received the value '5' of type 'long' but current is none"),
        peer.ask(
            "queue.declare queue=q",
            Table().add("x-queue-type", "quorum").add("x-message-ttl", 5).add("x-expires", 5)));
}
