/* A publisher that sends to one address again and again must notice whatever changes there. */
#include "tests/core/amqp/peer.h"
#include "tests/core/chance.h"

class Cached {
  public:
    Cached()
    {
        for (const char *queue : {"q", "r"})
            peer.ask("queue.declare queue=" + std::string(queue));
        peer.ask("exchange.declare exchange=x type=topic");
        peer.ask("queue.bind queue=q exchange=x routing-key=k");
        EXPECT_EQ("q ", publish()) << "this one fills the cache";
        EXPECT_EQ("q ", publish());
    }

    /* Publishes to x with key k and returns the queues that got it, or the broker's complaint. */
    std::string
    publish()
    {
        std::string reply = peer.send(say(1, "basic.publish exchange=x routing-key=k mandatory") +
                                      content(1, "hello"));
        std::string reached;

        if (!reply.empty())
            return brief(reply);
        for (const char *queue : {"q", "r"}) {
            if (brief(watcher.ask("basic.get no-ack queue=" + std::string(queue)), 1) == "get-ok")
                reached += std::string(queue) + " ";
        }
        return reached;
    }

    Server server;
    Peer peer{server};
    Peer watcher{server};
};

TEST(PublishCache, NoticesANewBinding)
{
    Cached world;

    world.watcher.ask("queue.bind queue=r exchange=x routing-key=*");
    EXPECT_EQ("q r ", world.publish());
}

TEST(PublishCache, NoticesABindingThatGoes)
{
    Cached world;

    world.watcher.ask("queue.unbind queue=q exchange=x routing-key=k");
    EXPECT_EQ("return 312", world.publish());
}

TEST(PublishCache, NoticesAQueueThatGoesAndComesAgain)
{
    Cached world;

    world.watcher.ask("queue.delete queue=q");
    EXPECT_EQ("return 312", world.publish());
    world.watcher.ask("queue.declare queue=q");
    EXPECT_EQ("return 312", world.publish());
    world.watcher.ask("queue.bind queue=q exchange=x routing-key=k");
    EXPECT_EQ("q ", world.publish());
}

TEST(PublishCache, NoticesAnExchangeThatGoes)
{
    Cached world;

    world.watcher.ask("exchange.delete exchange=x");
    EXPECT_EQ("channel.close 404", world.publish());
}

TEST(PublishCache, NoticesAnExchangeOfTheSameNameThatIsInternal)
{
    Cached world;

    world.watcher.ask("exchange.delete exchange=x");
    world.watcher.ask("exchange.declare exchange=x type=topic internal");
    EXPECT_EQ("channel.close 403", world.publish());
}

TEST(PublishCache, NoticesAnExchangeBehindTheExchange)
{
    Cached world;

    world.watcher.ask("queue.bind queue=r exchange=amq.fanout");
    world.watcher.ask("exchange.bind source=x destination=amq.fanout routing-key=#");
    EXPECT_EQ("q r ", world.publish());
    world.watcher.ask("queue.unbind queue=r exchange=amq.fanout");
    EXPECT_EQ("q ", world.publish());
}

TEST(PublishCache, LooksAtPropertiesAllTheSame)
{
    Cached world;

    EXPECT_EQ("channel.close 406", brief(world.peer.publish("x", "k", "hello", "expiration=soon")));
}

/* Publishes that are alike are taken in one go. */
TEST(PublishCache, ARunOfPublishesEndsWithTheOneThatFails)
{
    Cached world;
    std::string method = say(1, "basic.publish exchange=x routing-key=k mandatory");
    std::string fine   = method + content(1, "hello");

    EXPECT_EQ("", world.peer.send(fine + fine + fine + method));
    EXPECT_EQ("channel.close 406",
              brief(world.peer.send(content(1, "last") + fine + method +
                                    content(1, "x", "delivery-mode=3") + fine)));
    EXPECT_EQ("queue.declare-ok q messages=5 consumers=0",
              world.watcher.ask("queue.declare queue=q passive"));
}

TEST(PublishCache, CopiesGoTheirOwnWays)
{
    Cached world;

    EXPECT_EQ("", world.peer.publish("x", "k", "hello", "",
                                     Table().add("CC", std::vector<std::string>{"l"})));
    world.watcher.ask("queue.purge queue=q");
    world.watcher.ask("queue.bind queue=r exchange=x routing-key=l");
    world.peer.publish("x", "k", "hello", "", Table().add("CC", std::vector<std::string>{"l"}));
    EXPECT_EQ("queue.declare-ok r messages=1 consumers=0",
              world.watcher.ask("queue.declare queue=r"));
}

TEST(PublishCache, AnotherChannelKnowsNothingOfIt)
{
    Cached world;

    world.peer.ask("channel.close");
    world.peer.ask("channel.open");
    EXPECT_EQ("q ", world.publish());
}

TEST(PublishCache, IsNotUsedWhileSomebodyLooks)
{
    Cached world;

    world.server.fake.listen(true);
    world.peer.publish("x", "k", "seen");
    EXPECT_EQ(1u, world.server.fake.take_events("publish").size());
    world.peer.publish("x", "k", "seen");
    EXPECT_EQ(1u, world.server.fake.take_events("route").size());
}

/* ---- the same, at random ---- */

/* What one of many small changes is called on the wire. */
static std::string
random_change(Chance *chance)
{
    static const char *const queues[]    = {"q1", "q2", "q3"};
    static const char *const exchanges[] = {"x1", "x2", "amq.fanout"};
    static const char *const keys[]      = {"a", "b", "#", "*"};
    std::string queue                    = queues[chance->below(3)];
    std::string exchange                 = exchanges[chance->below(3)];
    std::string other                    = exchanges[chance->below(3)];
    std::string key                      = keys[chance->below(4)];
    std::string ends                     = " source=" + exchange + " destination=" + other;

    switch (chance->below(12)) {
    case 0:
        return "queue.delete queue=" + queue;
    case 1:
    case 2:
        return "queue.declare queue=" + queue + " auto-delete";
    case 3:
        return "exchange.delete exchange=" + exchange;
    case 4:
    case 5:
        return "exchange.declare type=topic exchange=" + exchange;
    case 6:
        return "exchange.bind routing-key=" + key + ends;
    case 7:
        return "exchange.unbind routing-key=" + key + ends;
    case 8:
        return "queue.unbind queue=" + queue + " exchange=" + exchange + " routing-key=" + key;
    default:
        return "queue.bind queue=" + queue + " exchange=" + exchange + " routing-key=" + key;
    }
}

/* A broker whose publisher may remember, or may not since somebody looks on. */
class Twin {
  public:
    explicit Twin(bool is_watched)
    {
        server.fake.listen(is_watched);
    }

    /* Opens what a mistake has closed. */
    std::string
    ask(Peer *peer, const std::string &bytes)
    {
        std::string reply = peer->send(bytes);

        if (brief(reply, 1) == "channel.close")
            peer->send(say(1, "channel.close-ok") + say(1, "channel.open"));
        server.fake.take_events();
        return reply;
    }

    Server server;
    Peer changer{server};
    Peer publisher{server};
};

TEST(PublishCache, MakesNoDifferenceWhateverHappens)
{
    Chance chance(11);
    Twin remembers(false);
    Twin forgets(true);

    for (int i = 0; i < 5000; i++) {
        std::string change = say(1, random_change(&chance));
        ASSERT_EQ(forgets.ask(&forgets.changer, change), remembers.ask(&remembers.changer, change));

        const char *exchange = chance.one_in(2) ? "x1" : chance.one_in(2) ? "amq.fanout" : "";
        const char *key      = chance.one_in(2) ? "a" : chance.one_in(2) ? "b" : "q1";
        std::string publish  = say(1, "basic.publish mandatory exchange=" + std::string(exchange) +
                                          " routing-key=" + key) +
                              content(1, std::to_string(i));
        for (int again = 0; again < 2; again++)
            ASSERT_EQ(forgets.ask(&forgets.publisher, publish),
                      remembers.ask(&remembers.publisher, publish));
        for (const char *queue : {"q1", "q2", "q3"}) {
            std::string declare = say(1, "queue.declare passive queue=" + std::string(queue));
            ASSERT_EQ(forgets.ask(&forgets.changer, declare),
                      remembers.ask(&remembers.changer, declare));
        }
    }
}
