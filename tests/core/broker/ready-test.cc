/* The ready messages of a queue, against a sorted set. */
#include <gtest/gtest.h>

#include <set>

#include "core/broker/ready.h"
#include "core/wire/properties.h"
#include "tests/core/chance.h"

static GmqMessage *
make_message()
{
    GmqProperties properties = {};
    g_auto(GmqBuffer) header = {};

    gmq_properties_encode(&properties, 0, &header);
    return gmq_message_new(GMQ_SLICE(""), GMQ_SLICE("q"), gmq_buffer_slice(&header), 0);
}

class Ready : public testing::Test {
  protected:
    Ready()
    {
        gmq_ready_init(&ready);
    }

    ~Ready() override
    {
        gmq_ready_clear(&ready);
    }

    Ready(const Ready &)            = delete;
    Ready &operator=(const Ready &) = delete;

    void
    push(uint64_t place)
    {
        GmqEntry entry = {};

        entry.message = make_message();
        entry.place   = place;
        gmq_ready_push(&ready, &entry);
    }

    void
    give_back(uint64_t place)
    {
        GmqEntry entry = {};

        entry.message = make_message();
        entry.place   = place;
        gmq_ready_return(&ready, &entry);
    }

    /* The place of what was taken; 0 when there was nothing. */
    uint64_t
    take()
    {
        GmqEntry entry = {};

        if (!gmq_ready_take(&ready, &entry))
            return 0;
        gmq_message_unref(entry.message);
        return entry.place;
    }

    GmqReady ready;
};

TEST_F(Ready, GivesTheOldestFirst)
{
    for (uint64_t place = 1; place <= 1000; place++)
        push(place);
    EXPECT_EQ(1000u, gmq_ready_length(&ready));
    for (uint64_t place = 1; place <= 1000; place++)
        ASSERT_EQ(place, take());
    EXPECT_EQ(0u, take());
    EXPECT_EQ(0u, gmq_ready_length(&ready));
}

TEST_F(Ready, PutsAReturnedOneWhereItStood)
{
    for (uint64_t place = 1; place <= 5; place++)
        push(place);
    take();
    take();
    take();
    give_back(2);
    push(6);
    give_back(3);
    EXPECT_EQ(5u, gmq_ready_length(&ready));
    for (uint64_t place : {2, 3, 4, 5, 6})
        EXPECT_EQ(place, take());
}

TEST_F(Ready, TellsWhetherAReturnedOneWouldBeFirst)
{
    EXPECT_TRUE(gmq_ready_is_first(&ready, 9));
    push(5);
    EXPECT_TRUE(gmq_ready_is_first(&ready, 4));
    EXPECT_FALSE(gmq_ready_is_first(&ready, 6));
    give_back(3);
    EXPECT_FALSE(gmq_ready_is_first(&ready, 4));
    EXPECT_TRUE(gmq_ready_is_first(&ready, 2));
}

TEST_F(Ready, IsEmptyAndOfUseAfterClearing)
{
    for (uint64_t place = 1; place <= 300; place++)
        push(place);
    give_back(1000);
    gmq_ready_clear(&ready);
    EXPECT_EQ(0u, gmq_ready_length(&ready));
    push(7);
    EXPECT_EQ(7u, take());
}

TEST_F(Ready, AgreesWithASortedSetOnRandomOperations)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        Chance chance(seed);
        std::set<uint64_t> waiting; /* places */
        std::set<uint64_t> out;
        uint64_t next = seed * 1000000;
        size_t hurry  = 1 + chance.below(4);

        gmq_ready_clear(&ready);
        for (int i = 0; i < 30000; i++) {
            size_t what = chance.below(3 + hurry);

            if (what == 0 && !out.empty()) {
                auto some = out.lower_bound(next - 1 - chance.below(500));
                if (some == out.end())
                    some = out.begin();
                ASSERT_EQ(waiting.empty() || *some < *waiting.begin(),
                          gmq_ready_is_first(&ready, *some));
                give_back(*some);
                waiting.insert(*some);
                out.erase(some);
            } else if (what <= 2) {
                push(next);
                waiting.insert(next++);
            } else {
                uint64_t expected = waiting.empty() ? 0 : *waiting.begin();

                ASSERT_EQ(expected, take());
                if (expected != 0 && chance.one_in(2))
                    out.insert(*waiting.begin());
                waiting.erase(expected);
            }
            ASSERT_EQ(waiting.size(), gmq_ready_length(&ready));
        }
    }
}
