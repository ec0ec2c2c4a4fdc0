/* A queue and those who take from it, without a protocol. */
#include <algorithm>
#include <memory>

#include "tests/core/broker/world.h"
#include "tests/core/chance.h"

/* Takes messages and keeps them until the test settles them. */
struct Taker {
    GmqConsumer consumer; /* first: the queue's pointer leads back here */
    std::string name;
    size_t credit; /* how many it takes until it is told to go on */
    std::vector<GmqEntry> out;
    bool was_cancelled;
};

class Queue : public World {
  protected:
    Queue()
    {
        world_queue = add_queue("q", PLAIN);
        fake.take_events();
    }

    ~Queue() override
    {
        for (const std::unique_ptr<Taker> &taker : takers) {
            if (taker->consumer.queue != nullptr)
                gmq_queue_remove_consumer(taker->consumer.queue, &taker->consumer);
            settle_all(taker.get());
        }
        gmq_queue_unref(world_queue);
    }

    Queue(const Queue &)            = delete;
    Queue &operator=(const Queue &) = delete;

    /* With a reference of our own. */
    GmqQueue *
    add_queue(const std::string &name, unsigned flags)
    {
        EXPECT_EQ("", queue(name, flags));
        return gmq_queue_ref(gmq_vhost_find_queue(vhost, slice(name)));
    }

    Taker *
    add_taker(const std::string &name, size_t credit = SIZE_MAX)
    {
        static const GmqConsumerClass taker_class = {deliver, cancelled};

        takers.push_back(std::make_unique<Taker>());
        Taker *taker               = takers.back().get();
        taker->name                = name;
        taker->credit              = credit;
        taker->was_cancelled       = false;
        taker->consumer            = {};
        taker->consumer.class_     = &taker_class;
        taker->consumer.tag        = slice(taker->name);
        taker->consumer.owner_name = GMQ_SLICE("client");
        gmq_queue_add_consumer(world_queue, &taker->consumer);
        return taker;
    }

    static bool
    deliver(GmqConsumer *consumer, const GmqEntry *entry)
    {
        auto *taker = reinterpret_cast<Taker *>(consumer);

        EXPECT_GT(taker->credit, 0u) << taker->name << " was not asked";
        taker->credit--;
        taker->out.push_back(*entry);
        return taker->credit > 0;
    }

    static void
    cancelled(GmqConsumer *consumer)
    {
        reinterpret_cast<Taker *>(consumer)->was_cancelled = true;
    }

    /* Lets a taker that was full go on. */
    void
    go_on(Taker *taker, size_t credit)
    {
        taker->credit += credit;
        gmq_queue_activate(world_queue, &taker->consumer);
        gmq_broker_dispatch(broker);
    }

    void
    settle_all(Taker *taker)
    {
        for (GmqEntry &entry : taker->out)
            gmq_queue_settle(world_queue, &entry);
        taker->out.clear();
    }

    /* Messages with these numbers. */
    void
    put(const std::vector<uint64_t> &numbers)
    {
        for (uint64_t number : numbers) {
            GmqMessage *message = make_message("", "q");
            message->number     = number;
            gmq_queue_publish(world_queue, message);
            gmq_message_unref(message);
        }
    }

    static std::string
    numbers(const std::vector<GmqEntry> &entries)
    {
        std::string text;

        for (const GmqEntry &entry : entries)
            text += std::to_string(entry.message->number) +
                    (gmq_entry_is_redelivered(&entry) ? "r " : " ");
        return text;
    }

    /* What is ready, in its order; it stays there no longer. */
    std::string
    take_ready()
    {
        std::vector<GmqEntry> entries;
        GmqEntry entry;

        while (gmq_queue_get(world_queue, &entry))
            entries.push_back(entry);
        std::string text = numbers(entries);
        for (GmqEntry &each : entries)
            gmq_queue_settle(world_queue, &each);
        return text;
    }

    GmqQueue *world_queue;
    std::vector<std::unique_ptr<Taker>> takers;
};

TEST_F(Queue, KeepsMessagesInTheirOrder)
{
    put({1, 2, 3});
    EXPECT_EQ(3u, gmq_queue_ready_count(world_queue));
    EXPECT_EQ("1 2 3 ", take_ready());
    EXPECT_EQ(0u, gmq_queue_ready_count(world_queue));
}

TEST_F(Queue, HandsAMessageOverToWhoeverWaits)
{
    Taker *taker = add_taker("c");

    put({1, 2});
    EXPECT_EQ("1 2 ", numbers(taker->out));
    EXPECT_EQ(0u, gmq_queue_ready_count(world_queue));
    EXPECT_EQ(2u, world_queue->unacked);
}

TEST_F(Queue, HandsABacklogOutWithTheNextDispatch)
{
    put({1, 2});
    Taker *taker = add_taker("c");

    EXPECT_EQ("", numbers(taker->out)) << "not before the turn ends";
    gmq_broker_dispatch(broker);
    EXPECT_EQ("1 2 ", numbers(taker->out));
}

TEST_F(Queue, DoesNotLetANewMessagePassTheBacklog)
{
    put({1});
    Taker *taker = add_taker("c");

    put({2});
    gmq_broker_dispatch(broker);
    EXPECT_EQ("1 2 ", numbers(taker->out));
}

TEST_F(Queue, ServesItsConsumersInTurn)
{
    Taker *a = add_taker("a");
    Taker *b = add_taker("b");
    Taker *c = add_taker("c");

    put({1, 2, 3, 4, 5});
    EXPECT_EQ("1 4 ", numbers(a->out));
    EXPECT_EQ("2 5 ", numbers(b->out));
    EXPECT_EQ("3 ", numbers(c->out));
}

TEST_F(Queue, SkipsWhoeverIsFullUntilHeIsBack)
{
    Taker *a = add_taker("a", 1);
    Taker *b = add_taker("b");

    put({1, 2, 3});
    EXPECT_EQ("1 ", numbers(a->out));
    EXPECT_EQ("2 3 ", numbers(b->out));
    go_on(a, 1);
    put({4, 5, 6});
    EXPECT_EQ("2 3 4 6 ", numbers(b->out)) << "b stood in front of a, who came back";
    EXPECT_EQ("1 5 ", numbers(a->out));
}

TEST_F(Queue, KeepsWhatNobodyCanTake)
{
    Taker *taker = add_taker("c", 2);

    put({1, 2, 3, 4});
    EXPECT_EQ(2u, gmq_queue_ready_count(world_queue));
    go_on(taker, 1);
    EXPECT_EQ("1 2 3 ", numbers(taker->out));
}

TEST_F(Queue, LeavesAPausedConsumerAlone)
{
    Taker *taker = add_taker("c");

    gmq_queue_deactivate(world_queue, &taker->consumer);
    gmq_queue_deactivate(world_queue, &taker->consumer);
    put({1});
    EXPECT_EQ("", numbers(taker->out));
    gmq_queue_activate(world_queue, &taker->consumer);
    gmq_broker_dispatch(broker);
    EXPECT_EQ("1 ", numbers(taker->out));
}

TEST_F(Queue, PutsMessagesBackToTheirOldPlaces)
{
    Taker *taker = add_taker("c", 3);

    put({1, 2, 3, 4, 5});
    gmq_queue_requeue(world_queue, &taker->out[2]);
    gmq_queue_requeue(world_queue, &taker->out[0]);
    gmq_queue_settle(world_queue, &taker->out[1]);
    taker->out.clear();
    EXPECT_EQ("1r 3r 4 5 ", take_ready());
}

TEST_F(Queue, HandsARequeuedOneToTheNextInLine)
{
    Taker *a = add_taker("a");
    Taker *b = add_taker("b");

    put({1});
    gmq_queue_requeue(world_queue, &a->out[0]);
    a->out.clear();
    gmq_broker_dispatch(broker);
    EXPECT_EQ("1r ", numbers(b->out));
}

TEST_F(Queue, PurgesWhatIsReady)
{
    Taker *taker = add_taker("c", 1);

    put({1, 2, 3});
    EXPECT_EQ(2u, gmq_queue_purge(world_queue));
    EXPECT_EQ(0u, gmq_queue_ready_count(world_queue));
    gmq_queue_requeue(world_queue, &taker->out[0]);
    taker->out.clear();
    EXPECT_EQ("1r ", take_ready());
}

TEST_F(Queue, TellsItsConsumersWhenItGoes)
{
    Taker *a = add_taker("a", 1);
    Taker *b = add_taker("b", 1);

    put({1, 2, 3});
    EXPECT_EQ("", delete_queue("q"));
    EXPECT_TRUE(a->was_cancelled && b->was_cancelled);
    EXPECT_EQ(nullptr, a->consumer.queue);
    EXPECT_TRUE(world_queue->is_gone);
    EXPECT_EQ(0u, gmq_queue_ready_count(world_queue));
}

TEST_F(Queue, TakesNothingBackWhenItIsGone)
{
    Taker *taker = add_taker("a", 2);

    put({1, 2});
    delete_queue("q");
    gmq_queue_requeue(world_queue, &taker->out[0]);
    gmq_queue_settle(world_queue, &taker->out[1]);
    taker->out.clear();
    EXPECT_EQ(0u, gmq_queue_ready_count(world_queue));
    EXPECT_EQ(0u, world_queue->unacked);
}

TEST_F(Queue, IsNotDispatchedAnyMoreWhenItIsGone)
{
    put({1, 2});
    Taker *taker = add_taker("a", 1);
    delete_queue("q");
    EXPECT_EQ("1 ", numbers(taker->out)) << "what it can take leaves before";
    gmq_broker_dispatch(broker);
    EXPECT_EQ("1 ", numbers(taker->out));
}

TEST_F(Queue, GoesWithTheLastConsumerWhenItIsAutoDelete)
{
    GmqQueue *old = std::exchange(world_queue, add_queue("auto", AUTO_DELETE));
    gmq_queue_unref(old);
    Taker *a = add_taker("a");
    Taker *b = add_taker("b");

    gmq_queue_remove_consumer(world_queue, &a->consumer);
    EXPECT_FALSE(world_queue->is_gone);
    gmq_queue_remove_consumer(world_queue, &b->consumer);
    EXPECT_TRUE(world_queue->is_gone);
    EXPECT_FALSE(b->was_cancelled) << "it went by itself";
    EXPECT_EQ(nullptr, gmq_vhost_find_queue(vhost, GMQ_SLICE("auto")));
}

TEST_F(Queue, ForgetsAnExclusiveConsumerWhoLeaves)
{
    Taker *taker = add_taker("a");

    world_queue->exclusive_consumer = &taker->consumer;
    gmq_queue_remove_consumer(world_queue, &taker->consumer);
    EXPECT_EQ(nullptr, world_queue->exclusive_consumer);
}

/* ---- what is announced ---- */

TEST_F(Queue, AnnouncesEachStep)
{
    put({7});
    Taker *taker = add_taker("c", 1);
    gmq_broker_dispatch(broker);
    gmq_queue_requeue(world_queue, &taker->out[0]);
    taker->out.clear();
    gmq_queue_purge(world_queue);
    EXPECT_EQ((std::vector<std::string>{
                  "enqueue q #7 ready=1 at=tail",
                  "consumer.added q -> client ch0 prefetch=0 consumer_tag=c",
                  "requeue q #7 redelivered ready=1 at=head",
                  "queue.purged q ready=1",
              }),
              fake.take_events());
}

TEST_F(Queue, AnnouncesWhereAMessageGoes)
{
    Taker *taker = add_taker("c", 2);

    fake.take_events();
    put({1, 2, 3});
    gmq_queue_requeue(world_queue, &taker->out[1]);
    gmq_queue_requeue(world_queue, &taker->out[0]);
    taker->out.clear();
    EXPECT_EQ((std::vector<std::string>{
                  "enqueue q #1 ready=0 at=consumer",
                  "enqueue q #2 ready=0 at=consumer",
                  "enqueue q #3 ready=1 at=tail",
                  "requeue q #2 redelivered ready=2 at=head",
                  "requeue q #1 redelivered ready=3 at=head",
              }),
              fake.take_events());
}

TEST_F(Queue, AnnouncesAMessageThatComesBackBehindOthers)
{
    Taker *taker = add_taker("c", 2);

    put({1, 2});
    gmq_queue_requeue(world_queue, &taker->out[0]);
    fake.take_events();
    gmq_queue_requeue(world_queue, &taker->out[1]);
    taker->out.clear();
    EXPECT_EQ(std::vector<std::string>{"requeue q #2 redelivered ready=2 at=place"},
              fake.take_events());
}

/* ---- at random ---- */

/* Publishes, settles and requeues; each message is at one place only, and settled once. */
TEST_F(Queue, LosesAndDoublesNothing)
{
    Chance chance(21);
    uint64_t published = 0;
    uint64_t settled   = 0;

    fake.listen(false);
    for (const char *name : {"a", "b", "c"})
        add_taker(name, 1);
    for (int i = 0; i < 20000; i++) {
        Taker *taker = takers[chance.below(3)].get();
        size_t what  = chance.below(5);

        if (what == 0) {
            put({++published});
        } else if (what == 1) {
            go_on(taker, 1 + chance.below(5));
        } else if (!taker->out.empty()) {
            auto chosen = taker->out.begin() + static_cast<long>(chance.below(taker->out.size()));
            GmqEntry entry = *chosen;

            taker->out.erase(chosen);
            if (what == 2)
                gmq_queue_requeue(world_queue, &entry);
            else
                gmq_queue_settle(world_queue, &entry);
            settled += what != 2;
        }
        size_t out = takers[0]->out.size() + takers[1]->out.size() + takers[2]->out.size();
        ASSERT_EQ(out, world_queue->unacked);
        ASSERT_EQ(published, settled + out + gmq_queue_ready_count(world_queue));
    }
}
