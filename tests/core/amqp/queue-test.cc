/* Queues come and go: core/AMQP.md 10a, 10b. */
#include "tests/core/amqp/peer.h"

static const char locked[] =
    " RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It "
    "could be originally declared on another connection or the exclusive property value does not "
    "match that of the original declaration.";

/* What a client of its own finds. */
static std::string
look_at(Server *server, const std::string &queue)
{
    Peer watcher(*server);

    return brief(watcher.ask("queue.declare passive queue=" + queue), 4);
}

/* ---- names ---- */

TEST(Amqp_10_1, TheServerMakesAName)
{
    Server server;
    Peer peer(server);
    std::string first  = brief(peer.ask("queue.declare"), 2).substr(17);
    std::string second = brief(peer.ask("queue.declare"), 2).substr(17);

    EXPECT_EQ("amq.gen-", first.substr(0, 8));
    EXPECT_EQ(30u, first.size());
    EXPECT_EQ(std::string::npos,
              first.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-_",
                                      8));
    EXPECT_NE(first, second);
}

TEST(Amqp_10_1, AnEmptyNameIsTheLastDeclaredOne)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=p");
    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "one");
    peer.publish("", "q", "two");
    EXPECT_EQ("get-ok 1 [q] one left=1", peer.ask("basic.get no-ack"));
    EXPECT_EQ("queue.purge-ok message-count=1", peer.ask("queue.purge"));
    EXPECT_EQ("queue.bind-ok", peer.ask("queue.bind exchange=amq.direct routing-key=k"));
    peer.publish("amq.direct", "k", "three");
    EXPECT_EQ("queue.unbind-ok", peer.ask("queue.unbind exchange=amq.direct routing-key=k"));
    peer.publish("amq.direct", "k", "lost");
    EXPECT_EQ("basic.consume-ok consumer-tag=c\ndeliver c 2 amq.direct [k] three",
              peer.ask("basic.consume consumer-tag=c no-ack"));
    EXPECT_EQ("basic.cancel consumer-tag=c nowait=1\nqueue.delete-ok message-count=0",
              peer.ask("queue.delete"));
}

TEST(Amqp_10_1, APassiveDeclarationIsRememberedToo)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=p");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.declare queue=p passive");
    peer.publish("", "p", "one");
    EXPECT_EQ("get-ok 1 [p] one left=0", peer.ask("basic.get"));
}

TEST(Amqp_10_1, AnEmptyNameAndAnEmptyKeyBindByTheName)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("queue.bind-ok", peer.ask("queue.bind exchange=amq.direct"));
    peer.publish("amq.direct", "q", "one");
    EXPECT_EQ("get-ok 1 amq.direct [q] one left=0", peer.ask("basic.get"));
    EXPECT_EQ("queue.unbind-ok", peer.ask("queue.unbind exchange=amq.direct"));
    peer.publish("amq.direct", "q", "lost");
    EXPECT_EQ("basic.get-empty", peer.ask("basic.get"));
    EXPECT_EQ("queue.bind-ok", peer.ask("queue.bind queue=q exchange=amq.direct"));
    peer.publish("amq.direct", "q", "lost");
    peer.publish("amq.direct", "", "by an empty key");
    EXPECT_EQ("get-ok 2 amq.direct [] by an empty key left=0", peer.ask("basic.get"));
}

TEST(Amqp_10_1, EachChannelRemembersItsOwn)
{
    for (const char *method : {"queue.bind exchange=amq.direct", "queue.unbind exchange=amq.direct",
                               "queue.purge", "queue.delete", "basic.get", "basic.consume"}) {
        Server server;
        Peer peer(server);

        peer.ask(2, "channel.open");
        peer.ask(2, "queue.declare queue=q");
        std::string reply = peer.ask(method);
        EXPECT_EQ("channel.close 404", brief(reply)) << method;
        EXPECT_NE(std::string::npos, reply.find("NOT_FOUND - no previously declared queue"));
    }
}

TEST(Amqp_10_2, NamesThatBeginWithAmqAreReserved)
{
    Server server;
    Peer peer(server);
    std::string generated = brief(peer.ask("queue.declare"), 2).substr(17);

    EXPECT_EQ("queue.declare-ok " + generated + " messages=0 consumers=0",
              peer.ask("queue.declare passive queue=" + generated));
    EXPECT_EQ("channel.close 403 50,10 ACCESS_REFUSED - queue name '" + generated +
                  "' contains reserved prefix 'amq.*'",
              peer.ask("queue.declare queue=" + generated));
}

TEST(Amqp_10_2, LineEndsAreTakenOutOfNames)
{
    Server server;
    Peer peer(server);
    const char reply[] = "queue.declare-ok qq messages=0 consumers=0";

    EXPECT_EQ(reply, peer.ask("queue.declare queue=q\r\nq"));
    EXPECT_EQ(reply, peer.ask("queue.declare queue=\nqq passive"));
    EXPECT_EQ("queue.bind-ok", peer.ask("queue.bind queue=q\nq exchange=amq.fanout"));
    EXPECT_EQ("queue.delete-ok message-count=0", peer.ask("queue.delete queue=q\nq"));
    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND", look_at(&server, "qq"));
}

/* ---- exclusive and again ---- */

TEST(Amqp_10_3, AnExclusiveQueueTakesEitherDurability)
{
    Server server;
    Peer peer(server);

    for (const char *words : {"durable", "", "durable"})
        EXPECT_EQ("queue.declare-ok mine messages=0 consumers=0",
                  peer.ask("queue.declare queue=mine exclusive " + std::string(words)));
}

struct Again {
    const char *words;
    const char *reply;
};

class Amqp_10_4 : public testing::TestWithParam<Again> {};

TEST_P(Amqp_10_4, ARedeclarationMustBeTheSame)
{
    Server server;
    Peer peer(server);
    std::string words = GetParam().words;
    bool is_exclusive = words.find("mine") != std::string::npos;

    peer.ask(is_exclusive ? "queue.declare queue=mine exclusive auto-delete"
                          : "queue.declare queue=q durable");
    EXPECT_EQ(GetParam().reply, brief(peer.ask("queue.declare queue=" + words), 9));
}

INSTANTIATE_TEST_SUITE_P(
    With, Amqp_10_4,
    testing::Values(
        Again{"q durable", "queue.declare-ok q messages=0 consumers=0"},
        Again{"q", "channel.close 406 50,10 PRECONDITION_FAILED - inequivalent arg 'durable' for"},
        Again{"q durable auto-delete", "channel.close 406 50,10 PRECONDITION_FAILED - inequivalent "
                                       "arg 'auto_delete' for"},
        Again{"q auto-delete",
              "channel.close 406 50,10 PRECONDITION_FAILED - inequivalent arg 'durable' for"},
        Again{"q exclusive", "channel.close 405 50,10 RESOURCE_LOCKED - cannot obtain exclusive "
                             "access"},
        Again{"mine auto-delete", "channel.close 405 50,10 RESOURCE_LOCKED - cannot obtain "
                                  "exclusive access"},
        Again{"mine exclusive", "channel.close 406 50,10 PRECONDITION_FAILED - inequivalent arg "
                                "'auto_delete' for"},
        Again{"mine exclusive durable auto-delete",
              "queue.declare-ok mine messages=0 consumers=0"}));

TEST(Amqp_10_4, UnknownArgumentsMeanNothing)
{
    Server server;
    Peer peer(server);
    const char reply[] = "queue.declare-ok q messages=0 consumers=0";

    EXPECT_EQ(reply, peer.ask("queue.declare queue=q", Table().add("x-note", "a")));
    EXPECT_EQ(reply, peer.ask("queue.declare queue=q", Table().add("x-note", 2)));
    EXPECT_EQ(reply, peer.ask("queue.declare queue=q"));
    EXPECT_EQ(reply, peer.ask("queue.declare queue=q", Table().add("x-queue-type", "classic")));
}

TEST(Amqp_10_4, ClassicIsWhatAbsenceMeans)
{
    Server server;
    Peer peer(server);
    const char reply[] = "queue.declare-ok q messages=0 consumers=0";

    EXPECT_EQ(reply, peer.ask("queue.declare queue=q", Table().add("x-queue-type", "classic")));
    EXPECT_EQ(reply, peer.ask("queue.declare queue=q"));
    EXPECT_EQ("channel.close 406",
              brief(peer.ask("queue.declare queue=q", Table().add("x-queue-type", "quorum"))));
}

TEST(Amqp_10_5, AnExclusiveQueueIsItsConnectionsOwn)
{
    Server server;
    Peer owner(server);

    owner.ask("queue.declare queue=mine exclusive");
    owner.ask("queue.bind queue=mine exchange=amq.direct routing-key=k");
    owner.ask(2, "channel.open");
    EXPECT_EQ("#2 queue.declare-ok mine messages=0 consumers=0",
              owner.ask(2, "queue.declare queue=mine exclusive"));
    for (const auto &[method, ids] :
         {std::pair("queue.declare queue=mine exclusive", "50,10"),
          std::pair("queue.declare queue=mine exclusive auto-delete durable", "50,10"),
          std::pair("queue.declare queue=mine", "50,10"),
          std::pair("queue.declare queue=mine passive", "50,10"),
          std::pair("queue.bind queue=mine exchange=amq.direct", "50,20"),
          std::pair("queue.unbind queue=mine exchange=amq.direct routing-key=k", "50,50"),
          std::pair("queue.purge queue=mine", "50,30"),
          std::pair("queue.delete queue=mine", "50,40"),
          std::pair("queue.delete queue=mine if-unused if-empty", "50,40"),
          std::pair("basic.consume queue=mine", "60,20"),
          std::pair("basic.get queue=mine", "60,70")}) {
        Peer other(server);

        EXPECT_EQ("channel.close 405 " + std::string(ids) + locked, other.ask(method)) << method;
    }
}

TEST(Amqp_10_5, AnyoneMayPublishToIt)
{
    Server server;
    Peer owner(server);
    Peer other(server);

    owner.ask("queue.declare queue=mine exclusive");
    other.publish("", "mine", "hello");
    EXPECT_EQ("get-ok 1 [mine] hello left=0", owner.ask("basic.get queue=mine"));
}

/* ---- counts ---- */

TEST(Amqp_10_6, ReadyMessagesAreCountedAndAllConsumers)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (int i = 0; i < 5; i++)
        peer.publish("", "q", "task");
    EXPECT_EQ("queue.declare-ok q messages=5 consumers=0", peer.ask("queue.declare queue=q"));
    peer.ask("basic.get queue=q");
    EXPECT_EQ("queue.declare-ok q messages=4 consumers=0",
              peer.ask("queue.declare queue=q passive"));
    peer.ask("basic.qos prefetch-count=1");
    peer.ask("basic.consume queue=q consumer-tag=a");
    peer.ask("basic.consume queue=q consumer-tag=b");
    EXPECT_EQ("queue.declare-ok q messages=2 consumers=2", peer.ask("queue.declare queue=q"));
}

TEST(Amqp_10_6, PassiveFindsNothingThatIsMissing)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND - no queue 'nix' in vhost '/'",
              peer.ask("queue.declare queue=nix passive"));
    Peer other(server);
    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND - no queue '' in vhost '/'",
              other.ask("queue.declare passive"));
}

TEST(Amqp_10_6, PassiveComparesNothing)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
              peer.ask("queue.declare queue=q passive durable auto-delete exclusive",
                       Table().add("x-queue-type", "quorum")));
}

/* ---- delete and purge ---- */

TEST(Amqp_10_7, DeleteCountsWhatWasReady)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (int i = 0; i < 3; i++)
        peer.publish("", "q", "task");
    peer.ask("basic.get queue=q");
    EXPECT_EQ("queue.delete-ok message-count=2", peer.ask("queue.delete queue=q"));
    EXPECT_EQ("queue.delete-ok message-count=0", peer.ask("queue.delete queue=q"));
    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND", look_at(&server, "q"));
}

TEST(Amqp_10_7, IfUnusedAndIfEmpty)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "task");
    EXPECT_EQ("channel.close 406 50,40 PRECONDITION_FAILED - queue 'q' in vhost '/' not empty",
              peer.ask("queue.delete queue=q if-empty"));

    Peer busy(server);
    busy.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("channel.close 406 50,40 PRECONDITION_FAILED - queue 'q' in vhost '/' in use",
              busy.ask("queue.delete queue=q if-unused"));

    Peer getter(server);
    getter.ask("basic.get queue=q");
    EXPECT_EQ("queue.delete-ok message-count=0", getter.ask("queue.delete queue=q if-empty"))
        << "what is out does not count";
}

TEST(Amqp_10_7, BindingsVanishAndConsumersAreTold)
{
    Server server;
    Peer peer(server);
    Peer consumer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=amq.fanout");
    consumer.ask("basic.consume queue=q consumer-tag=a");
    consumer.ask("basic.consume queue=q consumer-tag=b");
    EXPECT_EQ("queue.delete-ok message-count=0", peer.ask("queue.delete queue=q"));
    EXPECT_EQ("basic.cancel consumer-tag=a nowait=1\nbasic.cancel consumer-tag=b nowait=1",
              consumer.read());
    peer.ask("queue.declare queue=q");
    peer.publish("amq.fanout", "k", "lost");
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", peer.ask("queue.declare queue=q"));
}

TEST(Amqp_10_7, WhatIsOutMayStillBeSettled)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (int i = 0; i < 4; i++)
        peer.publish("", "q", "task");
    peer.ask("basic.consume queue=q consumer-tag=c");
    peer.ask("queue.delete queue=q");
    peer.ask("queue.declare queue=q");
    EXPECT_EQ("", peer.ask("basic.ack delivery-tag=1"));
    EXPECT_EQ("", peer.ask("basic.reject delivery-tag=2 requeue"));
    EXPECT_EQ("basic.recover-ok", peer.ask("basic.recover requeue"));
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", peer.ask("queue.declare queue=q"))
        << "nothing goes into the new queue of that name";
    EXPECT_EQ("channel.close 406", brief(peer.ask("basic.ack delivery-tag=1")));
}

TEST(Amqp_10_8, PurgeTakesWhatIsReady)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (const char *body : {"one", "two", "three"})
        peer.publish("", "q", body);
    peer.ask("basic.get queue=q");
    EXPECT_EQ("queue.purge-ok message-count=2", peer.ask("queue.purge queue=q"));
    EXPECT_EQ("queue.purge-ok message-count=0", peer.ask("queue.purge queue=q"));
    peer.ask("basic.reject delivery-tag=1 requeue");
    EXPECT_EQ("get-ok 2 redelivered [q] one left=0", peer.ask("basic.get queue=q"));
}
