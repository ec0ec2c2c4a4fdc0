#include "core/server/event-ring.h"

#include <gtest/gtest.h>
#include <string>

namespace {

GmqSlice
slice(const std::string &text)
{
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

std::string
text(GmqSlice slice)
{
    return slice.size == 0 ? ""
                           : std::string(reinterpret_cast<const char *>(slice.data), slice.size);
}

bool
push(GmqEventRing *ring, uint64_t number, const std::string &who)
{
    GmqEvent event = {};

    event.kind   = GMQ_EVENT_ENQUEUED;
    event.number = number;
    event.who    = slice(who);
    return gmq_event_ring_push(ring, &event);
}

TEST(EventRing, GivesBackWhatItWasGiven)
{
    g_autoptr(GmqEventRing) ring = gmq_event_ring_new(4096);
    std::string who = "tasks", to = "w1", key = "a.b", id = "order-1", said = "tail";
    GmqEvent event    = {};
    event.kind        = GMQ_EVENT_DELIVERED;
    event.number      = 7;
    event.cause       = 5;
    event.time_ns     = 123456789;
    event.who         = slice(who);
    event.to          = slice(to);
    event.key         = slice(key);
    event.message     = 3;
    event.message_id  = slice(id);
    event.tag         = 2;
    event.count       = 9;
    event.text        = slice(said);
    event.channel     = 4;
    event.redelivered = true;
    ASSERT_TRUE(gmq_event_ring_push(ring, &event));

    GmqEvent found;
    ASSERT_TRUE(gmq_event_ring_peek(ring, &found));
    EXPECT_EQ(GMQ_EVENT_DELIVERED, found.kind);
    EXPECT_EQ(7u, found.number);
    EXPECT_EQ(5u, found.cause);
    EXPECT_EQ(123456789, found.time_ns);
    EXPECT_EQ("tasks", text(found.who));
    EXPECT_EQ("w1", text(found.to));
    EXPECT_EQ("a.b", text(found.key));
    EXPECT_EQ("order-1", text(found.message_id));
    EXPECT_EQ("tail", text(found.text));
    EXPECT_EQ(3u, found.message);
    EXPECT_EQ(2u, found.tag);
    EXPECT_EQ(9u, found.count);
    EXPECT_EQ(4u, found.channel);
    EXPECT_TRUE(found.redelivered);
    gmq_event_ring_drop(ring);
    EXPECT_FALSE(gmq_event_ring_peek(ring, &found));
}

TEST(EventRing, RefusesWhatDoesNotFitAndKeepsTheRest)
{
    g_autoptr(GmqEventRing) ring = gmq_event_ring_new(1024);
    uint64_t n                   = 0;
    GmqEvent found;

    while (push(ring, n + 1, "q"))
        n++;
    EXPECT_GT(n, 5u);
    EXPECT_FALSE(push(ring, n + 1, "q"));
    for (uint64_t i = 1; i <= n; i++) {
        ASSERT_TRUE(gmq_event_ring_peek(ring, &found));
        EXPECT_EQ(i, found.number);
        gmq_event_ring_drop(ring);
    }
    EXPECT_TRUE(gmq_event_ring_is_empty(ring));
    EXPECT_TRUE(push(ring, 1, "q"));
}

TEST(EventRing, GoesRoundWithEventsOfAllSizes)
{
    g_autoptr(GmqEventRing) ring = gmq_event_ring_new(2048);
    uint64_t pushed = 0, taken = 0;
    GmqEvent found;

    for (unsigned round = 0; round < 5000; round++) {
        while (push(ring, pushed + 1, std::string((pushed * 37) % 300, 'x')))
            pushed++;
        for (unsigned i = 0; i < 1 + round % 3 && gmq_event_ring_peek(ring, &found); i++) {
            ASSERT_EQ(++taken, found.number);
            ASSERT_EQ(std::string(((taken - 1) * 37) % 300, 'x'), text(found.who));
            gmq_event_ring_drop(ring);
        }
    }
    EXPECT_GT(taken, 5000u);
}

TEST(EventRing, ClipsTextsThatNobodyReads)
{
    g_autoptr(GmqEventRing) ring = gmq_event_ring_new(1 << 20);
    GmqEvent found;

    for (size_t size : {GMQ_EVENT_TEXT_MAX - 1, GMQ_EVENT_TEXT_MAX, GMQ_EVENT_TEXT_MAX + 1}) {
        ASSERT_TRUE(push(ring, 1, std::string(size, 'y')));
        ASSERT_TRUE(gmq_event_ring_peek(ring, &found));
        EXPECT_EQ(MIN(size, (size_t)GMQ_EVENT_TEXT_MAX), found.who.size);
        gmq_event_ring_drop(ring);
    }
}

} // namespace
