#include "viz/trail.h"

#include <gtest/gtest.h>

#include "tests/viz/made.h"

namespace {

std::string
steps(const GmqTrail *trail, int edge, const char *key = NULL)
{
    g_autofree char *steps = gmq_trail_steps(trail, (unsigned)edge, key);

    return steps == NULL ? "none" : steps;
}

std::string
find(const Made &made, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name   = gmq_trail_find(made.trace(), text, &error);

    return name != NULL ? name : error->message;
}

int
edge(const GmqPicture *picture, GmqEdgeKind kind, GmqPlaceKind from_kind, const char *from,
     GmqPlaceKind to_kind, const char *to)
{
    return gmq_picture_find_edge(picture, kind, gmq_picture_find(picture, from_kind, from),
                                 gmq_picture_find(picture, to_kind, to));
}

/* A message that is delivered, comes back, and is delivered to another one. */
TEST(Trail, CountsTheStepsOfAMessage)
{
    Made made;
    tell_work_queue(made);
    made.deliver("tasks", "w2", "p1-5", 3, true);
    g_autoptr(GmqTrail) trail     = gmq_trail_new(made.trace(), "p1-5", made.length());
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

    EXPECT_STREQ("p1-5", gmq_trail_name(trail));
    EXPECT_EQ(4u, gmq_trail_length(trail));
    EXPECT_EQ("1", steps(trail, edge(picture, GMQ_EDGE_PUBLISH, GMQ_PLACE_CLIENT, "p1",
                                     GMQ_PLACE_EXCHANGE, "")));
    int binding = edge(picture, GMQ_EDGE_BINDING, GMQ_PLACE_EXCHANGE, "", GMQ_PLACE_QUEUE, "tasks");
    EXPECT_EQ("2", steps(trail, binding));
    EXPECT_EQ("2", steps(trail, binding, "tasks"));
    EXPECT_EQ("none", steps(trail, binding, "other"));
    EXPECT_EQ("3", steps(trail, edge(picture, GMQ_EDGE_CONSUME, GMQ_PLACE_QUEUE, "tasks",
                                     GMQ_PLACE_CLIENT, "w1")));
    EXPECT_EQ("4", steps(trail, edge(picture, GMQ_EDGE_CONSUME, GMQ_PLACE_QUEUE, "tasks",
                                     GMQ_PLACE_CLIENT, "w2")));
}

TEST(Trail, KnowsOnlyWhereItsMessageWas)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqTrail) trail     = gmq_trail_new(made.trace(), "p1-1", made.length());
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());

    EXPECT_TRUE(gmq_trail_was_at(trail, gmq_picture_find(picture, GMQ_PLACE_CLIENT, "w1")));
    EXPECT_FALSE(gmq_trail_was_at(trail, gmq_picture_find(picture, GMQ_PLACE_CLIENT, "w2")));
}

TEST(Trail, EndsAtItsEvent)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqTrail) trail = gmq_trail_new(made.trace(), "p1-5", 0);

    EXPECT_EQ(0u, gmq_trail_length(trail));
}

/* Every copy of a fan-out belongs to the message, and arrivals in any order are no steps. */
TEST(Trail, FollowsAllCopies)
{
    Made made;
    made.exchange("logs", "fanout");
    made.client("p1", "producer");
    made.client("c1", "consumer");
    for (const char *queue : {"a", "b"}) {
        made.queue(queue);
        made.bind("logs", queue, "");
    }
    made.send("p1", "logs", "", "p1-1");
    made.arrive("p1", "logs", "", "p1-1");
    made.enqueue("logs", "a", "", "p1-1@a", 1);
    made.enqueue("logs", "b", "", "p1-1@b", 1);
    made.deliver("a", "c1", "p1-1@a", 1);
    made.deliver("b", "c1", "p1-1@b", 2);
    made.receive("c1", "a", "p1-1@a", 1);
    made.receive("c1", "b", "p1-1@b", 2);
    g_autoptr(GmqTrail) trail = gmq_trail_new(made.trace(), "p1-1", made.length());

    EXPECT_EQ(5u, gmq_trail_length(trail));
}

TEST(Trail, FindsNamesAndTheirEnds)
{
    Made made;
    tell_work_queue(made);

    EXPECT_EQ("p1-3", find(made, "p1-3"));
    EXPECT_EQ("p1-3", find(made, "3"));
    EXPECT_EQ("no message of this run is called \"x\"; the first ones are p1-1, p1-2, p1-3, p1-4",
              find(made, "x"));
    EXPECT_EQ("no message of this run is called \"\"; the first ones are p1-1, p1-2, p1-3, p1-4",
              find(made, ""));
}

TEST(Trail, DoesNotGuessBetweenTwoSenders)
{
    Made made;
    made.client("a", "producer");
    made.client("b", "producer");
    made.send("a", "", "q", "a-1");
    made.send("b", "", "q", "b-1");

    EXPECT_EQ("no message of this run is called \"1\"; the first ones are a-1, b-1",
              find(made, "1"));
}

TEST(Trail, SaysWhenNothingWasSent)
{
    Made made;

    EXPECT_EQ("no message of this run is called \"x\"; none was sent", find(made, "x"));
}

} // namespace
