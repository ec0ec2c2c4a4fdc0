#include "viz/picture.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/finish.h"
#include "tests/viz/made.h"

namespace {

const GmqPictureQueue *
queue(const GmqPicture *picture, const char *name)
{
    return gmq_picture_queue(picture, gmq_picture_find(picture, GMQ_PLACE_QUEUE, name).index);
}

const GmqPictureClient *
client(const GmqPicture *picture, const char *name)
{
    return gmq_picture_client(picture, gmq_picture_find(picture, GMQ_PLACE_CLIENT, name).index);
}

const GmqPictureEdge *
edge(const GmqPicture *picture, GmqEdgeKind kind, GmqPlaceKind from_kind, const char *from,
     GmqPlaceKind to_kind, const char *to)
{
    int index = gmq_picture_find_edge(picture, kind, gmq_picture_find(picture, from_kind, from),
                                      gmq_picture_find(picture, to_kind, to));

    return index < 0 ? nullptr : gmq_picture_edge(picture, (unsigned)index);
}

const GmqPictureEdge *
consume_edge(const GmqPicture *picture, const char *queue, const char *client)
{
    return edge(picture, GMQ_EDGE_CONSUME, GMQ_PLACE_QUEUE, queue, GMQ_PLACE_CLIENT, client);
}

std::string
names(const GmqTokens &tokens)
{
    std::string all;

    for (size_t i = 0; i < tokens.length; i++)
        all += std::string(gmq_tokens_at(&tokens, i)->message) +
               (gmq_tokens_at(&tokens, i)->redelivered ? "R " : " ");
    return all;
}

TEST(Picture, BeginsEmpty)
{
    Made made;
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), 0);

    EXPECT_EQ(0u, picture->event);
    EXPECT_EQ(0u, picture->queues->len);
    EXPECT_FALSE(gmq_picture_step(picture));
}

TEST(Picture, StopsAtTheLastEvent)
{
    Made made;
    made.queue("tasks");
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), UINT64_MAX);

    EXPECT_EQ(1u, picture->event);
}

TEST(Picture, ShowsAMessageOnEachPartOfItsWay)
{
    Made made;
    made.queue("tasks");
    made.client("p1", "producer");
    made.client("w1", "consumer", 1);
    made.consume("w1", "tasks", 1);

    g_autoptr(GmqPicture) picture = gmq_picture_new(made.trace());
    auto catch_up                 = [&] {
        while (gmq_picture_step(picture))
            continue;
    };

    made.send("p1", "", "tasks", "p1-1");
    catch_up();
    const GmqPictureEdge *publish =
        edge(picture, GMQ_EDGE_PUBLISH, GMQ_PLACE_CLIENT, "p1", GMQ_PLACE_EXCHANGE, "");
    EXPECT_EQ("p1-1 ", names(publish->forth));
    EXPECT_EQ(0u, publish->count);

    made.arrive("p1", "", "tasks", "p1-1", 1);
    made.enqueue("", "tasks", "tasks", "p1-1", 0, "consumer");
    catch_up();
    EXPECT_EQ("", names(publish->forth));
    EXPECT_EQ("p1-1 ", names(queue(picture, "tasks")->ready));
    EXPECT_EQ(0u, gmq_picture_ready(queue(picture, "tasks"))) << "it only passes through";

    made.deliver("tasks", "w1", "p1-1", 1);
    catch_up();
    EXPECT_EQ("p1-1 ", names(queue(picture, "tasks")->unacked));
    EXPECT_EQ("p1-1 ", names(consume_edge(picture, "tasks", "w1")->forth));

    made.receive("w1", "tasks", "p1-1", 1);
    catch_up();
    EXPECT_EQ("", names(consume_edge(picture, "tasks", "w1")->forth));
    EXPECT_EQ("p1-1 ", names(client(picture, "w1")->held));

    made.finish("w1", "tasks", "p1-1", 1);
    catch_up();
    EXPECT_EQ("", names(client(picture, "w1")->held));
    EXPECT_EQ("p1-1 ", names(consume_edge(picture, "tasks", "w1")->back));

    made.ack("tasks", "w1", "p1-1", 1);
    catch_up();
    EXPECT_EQ("", names(consume_edge(picture, "tasks", "w1")->back));
    EXPECT_EQ("", names(queue(picture, "tasks")->unacked));
    EXPECT_EQ(1u, queue(picture, "tasks")->acked);
}

TEST(Picture, ShowsAConfirmOnItsWayBack)
{
    Made made;
    made.client("p1", "producer");
    for (uint64_t i = 1; i <= 3; i++)
        made.arrive("p1", "", "tasks", "p1-" + std::to_string(i), i);
    made.note(GMQ_EVENT_CONFIRMED, "p1", "", "", "", "", 1, 2);
    g_autoptr(GmqPicture) before = gmq_picture_at(made.trace(), made.length());
    made.note(GMQ_EVENT_CLIENT_CONFIRMED, "p1", "", "p1-1", "", "", 0, 1);
    g_autoptr(GmqPicture) after = gmq_picture_at(made.trace(), made.length());

    EXPECT_EQ("p1-1 p1-2 ", names(gmq_picture_edge(before, 0)->back)) << "multiple: up to 2";
    EXPECT_EQ("p1-2 ", names(gmq_picture_edge(after, 0)->back));
    EXPECT_EQ(1u, client(after, "p1")->confirmed);
    EXPECT_EQ(1u, after->totals.confirmed);
}

TEST(Picture, PutsTheMessageOfADeadWorkerBackToTheHead)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

    EXPECT_EQ("p1-5R p1-6 ", names(queue(picture, "tasks")->ready));
    EXPECT_EQ("p1-4 ", names(queue(picture, "tasks")->unacked));
    EXPECT_EQ(GMQ_CLIENT_CRASHED, client(picture, "w1")->state);
    EXPECT_EQ("p1-5 ", names(client(picture, "w1")->held)) << "what it was doing is still known";
    EXPECT_EQ(0u, consume_edge(picture, "tasks", "w1")->consumers);
}

TEST(Picture, CountsAMessageAsRedeliveredWhenItIsDeliveredAgain)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqPicture) before = gmq_picture_at(made.trace(), made.length());
    made.deliver("tasks", "w2", "p1-5", 3, true);
    g_autoptr(GmqPicture) after = gmq_picture_at(made.trace(), made.length());

    EXPECT_EQ(0u, before->totals.redelivered);
    EXPECT_EQ(1u, after->totals.redelivered);
    EXPECT_EQ(1u, queue(after, "tasks")->redelivered);
}

TEST(Picture, CountsCopiesOfOneMessageOnce)
{
    Made made;
    made.queue("phone");
    made.queue("radio");
    for (const char *name : {"phone", "radio"}) {
        std::string message = std::string("s-1@") + name;
        made.client(name, "consumer", 1);
        made.receive(name, name, message, 1);
        made.finish(name, name, message, 1);
    }
    made.receive("radio", "radio", "s-1@radio", 2, true);
    made.finish("radio", "radio", "s-1@radio", 2);
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

    EXPECT_EQ(1u, picture->totals.processed);
    EXPECT_EQ(1u, picture->totals.processed_twice);
}

TEST(Picture, CountsWhatIsAckedLaterOnlyThen)
{
    Made made;
    made.queue("tasks");
    made.client("w1", "consumer", 5);
    auto finish = [&](const char *message, const char *then) {
        made.note(GMQ_EVENT_CLIENT_FINISHED, "w1", "tasks", message, "", then);
        g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());
        return picture->totals.processed;
    };

    EXPECT_EQ(0u, finish("p1-1", "ack later"));
    EXPECT_EQ(2u, finish("p1-2", "ack of all so far"));
    EXPECT_EQ(2u, finish("p1-3", "no ack"));
}

TEST(Picture, LosesEverythingWithTheBroker)
{
    Made made;
    tell_work_queue(made);
    made.note(GMQ_EVENT_FAULT_CRASH, "broker");
    g_autoptr(GmqPicture) down = gmq_picture_at(made.trace(), made.length());
    made.note(GMQ_EVENT_STARTED, "broker");
    g_autoptr(GmqPicture) up = gmq_picture_at(made.trace(), made.length());

    EXPECT_TRUE(down->is_broker_down);
    EXPECT_EQ(0u, queue(down, "tasks")->ready.length);
    EXPECT_FALSE(up->is_broker_down);
}

TEST(Picture, CutsEveryLineWhenAllAreCut)
{
    Made made;
    tell_work_queue(made);
    made.note(GMQ_EVENT_FAULT_CUT, "all");
    g_autoptr(GmqPicture) cut = gmq_picture_at(made.trace(), made.length());
    made.note(GMQ_EVENT_FAULT_HEALED, "all");
    g_autoptr(GmqPicture) whole = gmq_picture_at(made.trace(), made.length());

    EXPECT_TRUE((client(cut, "p1")->troubles & client(cut, "w2")->troubles) == GMQ_TROUBLE_CUT);
    EXPECT_FALSE((client(whole, "p1")->troubles | client(whole, "w2")->troubles) != 0);
}

TEST(Picture, TellsWhatTheLastEventMoved)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());
    const GmqPictureEdge *moved   = consume_edge(picture, "tasks", "w1");

    EXPECT_EQ(moved, gmq_picture_edge(picture, (unsigned)picture->hop.edge));
    EXPECT_TRUE(picture->hop.is_back);
    EXPECT_STREQ("p1-5", picture->hop.message);
    EXPECT_EQ(GMQ_PLACE_QUEUE, picture->hop.place.kind);
}

TEST(Picture, CountsEachBindingThatMatched)
{
    Made made;
    made.exchange("logs", "direct");
    made.queue("file");
    made.bind("logs", "file", "info");
    made.bind("logs", "file", "error");
    made.enqueue("logs", "file", "error", "a-1", 1);
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());
    const GArray *keys            = gmq_picture_edge(picture, 0)->keys;

    ASSERT_EQ(2u, keys->len);
    EXPECT_EQ(0u, g_array_index(keys, GmqPictureKey, 0).count);
    EXPECT_EQ(1u, g_array_index(keys, GmqPictureKey, 1).count);
    EXPECT_STREQ("error", g_array_index(keys, GmqPictureKey, 1).key);
}

TEST(Picture, EndsTheWayToAnAlternateThatIsTakenAway)
{
    Made made;
    made.exchange("logs", "direct");
    made.exchange("rest", "fanout");
    made.note(GMQ_EVENT_ALTERNATE_SET, "logs", "rest");
    made.note(GMQ_EVENT_ALTERNATE_CLEARED, "logs");

    for (size_t back : {1, 0}) {
        g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length() - back);

        EXPECT_EQ(back == 1, edge(picture, GMQ_EDGE_ALTERNATE, GMQ_PLACE_EXCHANGE, "logs",
                                  GMQ_PLACE_EXCHANGE, "rest")
                                 ->is_set);
    }
}

TEST(Picture, ShowsPredeclaredExchangesOnlyWhenTheyAreUsed)
{
    Made made;
    made.exchange("amq.fanout", "fanout");
    made.exchange("mine", "fanout");
    made.client("p1", "producer");
    g_autoptr(GmqPicture) before = gmq_picture_at(made.trace(), made.length());
    made.send("p1", "amq.fanout", "", "p1-1");
    g_autoptr(GmqPicture) after = gmq_picture_at(made.trace(), made.length());

    EXPECT_FALSE(gmq_picture_shows_exchange(before, 0));
    EXPECT_TRUE(gmq_picture_shows_exchange(before, 1));
    EXPECT_TRUE(gmq_picture_shows_exchange(after, 0));
}

TEST(Picture, KeepsThePlaceOfWhatWasDeleted)
{
    Made made;
    made.queue("one");
    made.queue("two");
    made.note(GMQ_EVENT_QUEUE_DELETED, "one");
    g_autoptr(GmqPicture) gone = gmq_picture_at(made.trace(), made.length());
    made.queue("one");
    g_autoptr(GmqPicture) back = gmq_picture_at(made.trace(), made.length());

    EXPECT_TRUE(queue(gone, "one")->is_deleted);
    EXPECT_FALSE(queue(back, "one")->is_deleted);
    EXPECT_EQ(2u, back->queues->len);
}

TEST(Picture, DoesNotDrawTheConnectionThatDeclaresTheTopology)
{
    Made made;
    made.note(GMQ_EVENT_CONNECTION_OPENED, "topology");
    made.note(GMQ_EVENT_CONNECTION_CLOSED, "topology");
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

    EXPECT_EQ(0u, picture->clients->len);
}

TEST(Picture, EmptiesTheWiresOfABrokenConnection)
{
    Made made;
    made.queue("tasks");
    made.client("w1", "consumer", 2);
    made.consume("w1", "tasks", 2);
    made.enqueue("", "tasks", "tasks", "p1-1", 0, "consumer");
    made.deliver("tasks", "w1", "p1-1", 1);
    made.note(GMQ_EVENT_FAULT_CRASH, "w1");
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

    EXPECT_EQ(0u, consume_edge(picture, "tasks", "w1")->forth.length);
    EXPECT_EQ(1u, queue(picture, "tasks")->unacked.length) << "the broker does not know yet";
}

TEST(Picture, CountsAutomaticAcks)
{
    Made made;
    made.queue("tasks");
    made.client("w1", "consumer");
    made.consume("w1", "tasks", 0);
    made.enqueue("", "tasks", "tasks", "p1-1", 0, "consumer");
    made.deliver("tasks", "w1", "p1-1", 1);
    made.note(GMQ_EVENT_SETTLED_UNSEEN, "tasks", "w1", "p1-1", "", "", 0, 1);
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

    EXPECT_EQ(0u, queue(picture, "tasks")->unacked.length);
    EXPECT_EQ(1u, queue(picture, "tasks")->acked);
    EXPECT_EQ(1u, consume_edge(picture, "tasks", "w1")->forth.length) << "still on its way";
}

TEST(Picture, FindsAQueueAndAClientOfTheSameName)
{
    Made made;
    made.queue("same");
    made.client("same", "consumer", 1);
    made.consume("same", "same", 1);
    made.enqueue("", "same", "same", "p1-1", 0, "consumer");
    made.deliver("same", "same", "p1-1", 1);
    made.receive("same", "same", "p1-1", 1);
    made.finish("same", "same", "p1-1", 1);
    made.ack("same", "same", "p1-1", 1);
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

    EXPECT_EQ(1u, queue(picture, "same")->acked);
    EXPECT_EQ(1u, client(picture, "same")->finished);
}

TEST(Picture, CountsOnlyWorkToTheEndAsDone)
{
    const struct {
        const char *then;
        uint64_t done;
    } cases[] = {
        {GMQ_FINISH_ACK, 1},     {GMQ_FINISH_ACK_ALL, 1}, {GMQ_FINISH_LATER, 1},
        {GMQ_FINISH_SETTLED, 1}, {GMQ_FINISH_NOTHING, 1}, {GMQ_FINISH_TOO_LATE, 1},
        {GMQ_FINISH_CLOSE, 1},   {GMQ_FINISH_REJECT, 0},  {GMQ_FINISH_REQUEUE, 0},
        {GMQ_FINISH_CRASH, 0},   {GMQ_FINISH_KNOWN, 0},   {GMQ_FINISH_UNSAID, 0},
    };

    for (const auto &each : cases) {
        Made made;
        made.queue("tasks");
        made.client("w1", "consumer", 1);
        made.consume("w1", "tasks", 1);
        made.enqueue("", "tasks", "tasks", "p1-1", 0, "consumer");
        made.deliver("tasks", "w1", "p1-1", 1);
        made.receive("w1", "tasks", "p1-1", 1);
        made.finish("w1", "tasks", "p1-1", 1, each.then);
        g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

        EXPECT_EQ(each.done, client(picture, "w1")->finished) << each.then;
        EXPECT_EQ(0u, client(picture, "w1")->held.length) << each.then;
    }
}

TEST(Picture, TakesAcksForTheWorkOfClientsThatNobodyAnnounced)
{
    Made made;
    made.queue("tasks");
    made.consume("w1", "tasks", 0);
    for (uint64_t i = 1; i <= 3; i++) {
        std::string name = "m" + std::to_string(i);
        made.enqueue("", "tasks", "tasks", name.c_str(), 0, "consumer");
        made.deliver("tasks", "w1", name.c_str(), i);
    }
    made.ack("tasks", "w1", "m1", 1);
    made.note(GMQ_EVENT_REJECTED, "tasks", "w1", "m2", "", "", 0);
    made.note(GMQ_EVENT_REJECTED, "tasks", "w1", "m3", "", "", 1);
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

    EXPECT_EQ(3u, client(picture, "w1")->received);
    EXPECT_EQ(1u, client(picture, "w1")->finished);
}

/* Twenty thousand events are what a long lesson has; a step back folds them all. */
TEST(Picture, IsFoldedFastEnoughForStepsBack)
{
    Made made;
    made.queue("tasks");
    made.client("p1", "producer");
    for (uint64_t i = 1; i <= 5000; i++) {
        std::string message = "p1-" + std::to_string(i);

        made.send("p1", "", "tasks", message);
        made.arrive("p1", "", "tasks", message, i);
        made.enqueue("", "tasks", "tasks", message, i);
    }

    int64_t best = INT64_MAX;
    for (int round = 0; round < 5; round++) {
        int64_t start                 = g_get_monotonic_time();
        g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());
        best                          = std::min(best, g_get_monotonic_time() - start);
        EXPECT_EQ(5000u, gmq_picture_ready(queue(picture, "tasks")));
    }
    EXPECT_LT(best, 500000) << "microseconds, with room for slow machines";
}

} // namespace
