/* Every reply code that a client can bring about, by the bytes that do it: core/AMQP.md 1. After
 * each, only what the code closes is closed, and other connections do not notice.
 *
 * Not here, since nothing a client does leads to them: 311, 313 and 402, which are never used, and
 * 506 and 541, which are about a broker that fails. 502 is an answer that is kept back (2.9). */
#include <functional>

#include "tests/core/amqp/dead.h"

struct Mistake {
    const char *name;
    std::string bytes; /* on a connection whose channel 1 is open */
    std::string reply;
};

static void
PrintTo(const Mistake &mistake, std::ostream *out)
{
    *out << mistake.name;
}

/* A broker with something to be wrong about, and a client who must not notice anything. */
class Codes : public testing::Test {
  protected:
    Codes() : owner_(server)
    {
        owner_.ask("queue.declare queue=mine exclusive");
        owner_.ask("queue.declare queue=taken");
        owner_.ask("basic.consume queue=taken consumer-tag=c exclusive");
        owner_.ask("queue.declare queue=full");
        owner_.publish("", "full", "1");
        owner_.ask("exchange.declare exchange=inside type=fanout internal");
        owner_.ask("queue.bind exchange=amq.direct queue=full routing-key=k");
    }

    ~Codes() override
    {
        EXPECT_EQ("deliver c 1 [taken] hello", owner_.publish("", "taken", "hello"));
        EXPECT_EQ("", owner_.ask("basic.ack delivery-tag=1"));
        EXPECT_EQ("get-ok 2 [full] 1 left=0", owner_.ask("basic.get queue=full"));
    }

    Codes(const Codes &)            = delete;
    Codes &operator=(const Codes &) = delete;

    Server server;

  private:
    Peer owner_;
};

/* ---- codes that close the channel ---- */

class Amqp_1_1 : public Codes, public testing::WithParamInterface<Mistake> {};

TEST_P(Amqp_1_1, CloseTheChannelAlone)
{
    Peer peer(server);

    peer.ask(2, "channel.open");
    EXPECT_EQ("channel.close " + GetParam().reply, peer.send(GetParam().bytes));
    EXPECT_EQ("#2 queue.declare-ok full messages=1 consumers=0",
              peer.ask(2, "queue.declare queue=full passive"));
    EXPECT_EQ("", peer.ask("channel.close-ok"));
    EXPECT_EQ("channel.open-ok", peer.ask("channel.open"));
    EXPECT_EQ("connection.close-ok", peer.ask("connection.close reply-code=200"));
}

static std::string
declare_with(const std::string &what, const Table &table)
{
    return say(1, what, table);
}

static const Mistake soft_mistakes[] = {
    {"ReservedQueueName", say(1, "queue.declare queue=amq.mine"),
     "403 50,10 ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'"},
    {"ReservedExchangeName", say(1, "exchange.declare exchange=amq.mine type=direct"),
     "403 40,10 ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'"},
    {"DefaultExchange", say(1, "queue.bind queue=full"),
     "403 50,20 ACCESS_REFUSED - operation not permitted on the default exchange"},
    {"SystemExchange", say(1, "exchange.delete exchange=amq.direct"),
     "403 40,20 ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not "
     "allowed"},
    {"InternalExchange", publish(1, "inside", "", "x"),
     "403 60,40 ACCESS_REFUSED - cannot publish to internal exchange 'inside' in vhost '/'"},
    {"ExclusiveConsumer", say(1, "basic.consume queue=taken"),
     "403 60,20 ACCESS_REFUSED - queue 'taken' in vhost '/' in exclusive use"},
    {"MissingQueue", say(1, "basic.get queue=nix"),
     "404 60,70 NOT_FOUND - no queue 'nix' in vhost '/'"},
    {"MissingExchange", publish(1, "nix", "", "x"),
     "404 60,40 NOT_FOUND - no exchange 'nix' in vhost '/'"},
    {"NoLastQueue", say(1, "queue.purge"), "404 50,30 NOT_FOUND - no previously declared queue"},
    {"LockedQueue", say(1, "basic.consume queue=mine"),
     "405 60,20 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost "
     "'/'. It could be originally declared on another connection or the exclusive property value "
     "does not match that of the original declaration."},
    {"UnknownTag", say(1, "basic.ack delivery-tag=7"),
     "406 60,80 PRECONDITION_FAILED - unknown delivery tag 7"},
    {"OtherQueue", say(1, "queue.declare queue=full durable"),
     "406 50,10 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'full' in vhost '/': "
     "received 'true' but current is 'false'"},
    {"OtherExchange", say(1, "exchange.declare exchange=amq.direct type=fanout durable"),
     "406 40,10 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'amq.direct' in vhost "
     "'/': received 'fanout' but current is 'direct'"},
    {"UnknownType", say(1, "exchange.declare exchange=x type=odd"),
     "406 40,10 PRECONDITION_FAILED - unknown exchange type 'odd'"},
    {"BadArgument", declare_with("queue.declare queue=new", Table().add("x-max-length", "many")),

     "406 50,10 PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'new' in vhost '/': "
     "\"expected integer, got longstr\""},
    {"BadMatch",
     declare_with("queue.bind queue=full exchange=amq.headers", Table().add("x-match", "some")),

     "406 50,20 PRECONDITION_FAILED - Invalid x-match field value 'some'; expected all, any, "
     "all-with-x, or any-with-x"},
    {"QueueInUse", say(1, "queue.delete queue=full if-empty"),
     "406 50,40 PRECONDITION_FAILED - queue 'full' in vhost '/' not empty"},
    {"ConfirmThenTx", say(1, "confirm.select nowait") + say(1, "tx.select"),
     "406 90,10 PRECONDITION_FAILED - cannot switch from confirm to tx mode"},
    {"CommitWithoutTx", say(1, "tx.commit"),
     "406 90,20 PRECONDITION_FAILED - channel is not transactional"},
    {"Expiration", publish(1, "", "full", "x", "expiration=soon"),
     "406 60,40 PRECONDITION_FAILED - invalid expiration 'soon': not a number of milliseconds from "
     "0 to 315360000000"},
    {"DeliveryMode", publish(1, "", "full", "x", "delivery-mode=3"),
     "406 60,40 PRECONDITION_FAILED - invalid delivery mode 3"},
    {"UserId", publish(1, "", "full", "x", "user-id=nobody"),
     "406 60,40 PRECONDITION_FAILED - user_id property set to 'nobody' but authenticated user was "
     "'guest'"},
    {"Copies", publish(1, "", "full", "x", "", Table().add("CC", "full")),
     "406 60,40 PRECONDITION_FAILED - invalid message: header 'CC' is not an array of routing "
     "keys"},
    {"AnswersWithAcks", say(1, "basic.consume queue=amq.rabbitmq.reply-to"),
     "406 60,20 PRECONDITION_FAILED - reply consumer cannot acknowledge"},
};

static std::string
name_of(const testing::TestParamInfo<Mistake> &info)
{
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(All, Amqp_1_1, testing::ValuesIn(soft_mistakes), name_of);

/* ---- codes that close the connection ---- */

class Amqp_1_3 : public Codes, public testing::WithParamInterface<Mistake> {};

TEST_P(Amqp_1_3, CloseTheConnection)
{
    Peer peer(server);

    EXPECT_EQ("connection.close " + GetParam().reply, peer.send(GetParam().bytes));
    EXPECT_EQ("", peer.ask(2, "channel.open"));
    EXPECT_EQ("", peer.ask("connection.close-ok"));
    server.advance_ms(GMQ_REFUSE_DELAY_MS);
    EXPECT_TRUE(peer.is_closed());
}

static std::string
octets(std::initializer_list<int> list)
{
    return {list.begin(), list.end()};
}

static const std::string half_publish = say(1, "basic.publish routing-key=full");

static const Mistake hard_mistakes[] = {
    {"OversizeFrame", octets({1, 0, 1, 0, 2, 0, 1}),

     "501 0,0 FRAME_ERROR - frame of 131073 octets on channel 1 is larger than the limit of "
     "131072"},
    {"FrameEnd", octets({1, 0, 1, 0, 0, 0, 4, 0, 60, 0, 80, 0}),
     "501 0,0 FRAME_ERROR - frame on channel 1 ends with octet 0x00 instead of 0xce"},
    {"FrameType", octets({7, 0, 1, 0, 0, 0, 0, 206}), "501 0,0 FRAME_ERROR - unknown frame type 7"},
    {"HeartbeatPayload", octets({8, 0, 0, 0, 0, 0, 1, 0, 206}),
     "501 0,0 FRAME_ERROR - heartbeat with a payload"},
    {"CutFields", octets({1, 0, 1, 0, 0, 0, 5, 0, 60, 0, 80, 0, 206}),
     "501 60,80 FRAME_ERROR - basic.ack: the fields are cut short"},
    {"BodySize", half_publish + content_header(1, UINT64_MAX),
     "501 60,40 FRAME_ERROR - content header announces a body of 18446744073709551615 octets, more "
     "than 536870912"},
    {"LongBody", half_publish + content_header(1, 3) + frame(3, 1, "four"),
     "501 60,40 FRAME_ERROR - body of 4 bytes is longer than the 3 that are left"},
    {"CutProperties",
     half_publish +
         frame(2, 1, header_payload(0).substr(0, 12) + "\x80" + std::string(1, '\0') + "\x05"),

     "501 60,40 FRAME_ERROR - property content_type does not decode"},
    {"ConnectionClass", say(1, "connection.close-ok"),
     "503 10,51 COMMAND_INVALID - connection.close-ok belongs on channel 0"},
    {"ServersMethod", say(1, "basic.get-empty"),
     "503 60,72 COMMAND_INVALID - basic.get-empty is not expected here"},
    {"ClosedChannel", say(2, "queue.declare"), "504 50,10 CHANNEL_ERROR - expected 'channel.open'"},
    {"SecondOpen", say(1, "channel.open"), "504 20,10 CHANNEL_ERROR - second 'channel.open' seen"},
    {"MethodOnChannel0", say(0, "queue.declare"),
     "504 50,10 CHANNEL_ERROR - unexpected method queue.declare on channel 0"},
    {"SecondStart", say(0, "connection.start-ok"),
     "504 10,11 CHANNEL_ERROR - unexpected method connection.start-ok on channel 0"},
    {"StrayHeader", content_header(1, 3),
     "505 0,0 UNEXPECTED_FRAME - expected a method, got content"},
    {"StrayBody", frame(3, 1, "x"), "505 0,0 UNEXPECTED_FRAME - expected a method, got content"},
    {"MethodInContent", half_publish + say(1, "basic.qos"),
     "505 60,40 UNEXPECTED_FRAME - expected content, got a method"},
    {"SecondHeader", half_publish + content_header(1, 3) + content_header(1, 3),
     "505 60,40 UNEXPECTED_FRAME - expected a body, got a content header"},
    {"ContentOnChannel0", frame(3, 0, "x"), "505 0,0 UNEXPECTED_FRAME - content on channel 0"},
    {"HeartbeatOnChannel", octets({8, 0, 1, 0, 0, 0, 0, 206}),
     "505 0,0 UNEXPECTED_FRAME - heartbeat on a channel"},
    {"OtherClass", half_publish + frame(2, 1, octets({0, 50}) + header_payload(0).substr(2)),

     "505 60,40 UNEXPECTED_FRAME - content header for class 50 instead of 60"},
    {"ConsumerTag",
     say(1, "basic.consume queue=full consumer-tag=c no-ack nowait") +
         say(1, "basic.consume queue=full consumer-tag=c"),
     "530 60,20 NOT_ALLOWED - attempt to reuse consumer tag 'c'"},
    {"UnknownMethod", octets({1, 0, 1, 0, 0, 0, 4, 0, 60, 0, 99, 206}),
     "540 60,99 NOT_IMPLEMENTED - there is no method with ids 60, 99"},
    {"Immediate", say(1, "basic.publish immediate"), "540 60,40 NOT_IMPLEMENTED - immediate=true"},
    {"PrefetchSize", say(1, "basic.qos prefetch-size=1"),
     "540 60,10 NOT_IMPLEMENTED - prefetch_size!=0 (1)"},
    {"Flow", say(1, "channel.flow"), "540 20,20 NOT_IMPLEMENTED - active=false"},
    {"Recover", say(1, "basic.recover"), "540 60,110 NOT_IMPLEMENTED - requeue=false"},
};

INSTANTIATE_TEST_SUITE_P(All, Amqp_1_3, testing::ValuesIn(hard_mistakes), name_of);

/* ---- the rest ---- */

TEST_F(Codes, ForWhatNobodyTakes)
{
    Peer peer(server);

    EXPECT_EQ("return 312 NO_ROUTE [nix] x",
              peer.send(say(1, "basic.publish routing-key=nix mandatory") + content(1, "x")));
}

TEST_F(Codes, ForALateAck)
{
    Peer peer(server);

    peer.ask("queue.declare queue=late");
    peer.publish("", "late", "x");
    peer.ask("basic.get queue=late");
    server.advance_ms(GMQ_ACK_TIMEOUT_MS + 2 * GMQ_ACK_LOOK_MS);
    EXPECT_EQ("channel.close 406 0,0", brief(peer.read(), 3));
}
