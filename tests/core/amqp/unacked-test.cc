/* Deliveries that are out, against a map that is simple enough to be right. */
#include <gtest/gtest.h>

#include <map>

#include "core/amqp/unacked.h"
#include "tests/core/chance.h"

/* The ring never looks into what it keeps, so any address will do. */
static GmqUnacked
unacked_of(uint64_t mark)
{
    GmqUnacked unacked    = {};
    unacked.entry.message = reinterpret_cast<GmqMessage *>(static_cast<uintptr_t>(mark));
    unacked.entry.place   = mark;
    return unacked;
}

class Ring {
  public:
    Ring()
    {
        gmq_unacked_init(&ring);
    }

    ~Ring()
    {
        while (take_oldest(UINT64_MAX) != 0)
            continue;
        gmq_unacked_clear(&ring);
    }

    void
    add(uint64_t tag)
    {
        GmqUnacked unacked = unacked_of(tag + 7);

        gmq_unacked_add(&ring, tag, &unacked);
    }

    /* Whether it was there, as it was put there. */
    bool
    take(uint64_t tag)
    {
        GmqUnacked unacked = {};

        if (!gmq_unacked_take(&ring, tag, &unacked))
            return false;
        EXPECT_EQ(tag + 7, unacked.entry.place);
        return true;
    }

    /* The tag; 0 when there was none. */
    uint64_t
    take_oldest(uint64_t up_to)
    {
        GmqUnacked unacked = {};
        uint64_t tag       = 0;

        if (!gmq_unacked_take_oldest(&ring, up_to, &unacked, &tag))
            return 0;
        EXPECT_EQ(tag + 7, unacked.entry.place);
        return tag;
    }

    GmqUnackedRing ring;
};

TEST(Unacked, GivesEachDeliveryBackOnce)
{
    Ring ring;

    ring.add(1);
    ring.add(2);
    EXPECT_TRUE(gmq_unacked_has(&ring.ring, 2));
    EXPECT_TRUE(ring.take(2));
    EXPECT_FALSE(ring.take(2));
    EXPECT_FALSE(gmq_unacked_has(&ring.ring, 2));
    EXPECT_EQ(1u, ring.ring.count);
}

TEST(Unacked, KnowsOnlyTagsThatAreOut)
{
    Ring ring;

    for (uint64_t tag : {0, 1, 64, 1000})
        EXPECT_FALSE(ring.take(tag));
    ring.add(70);
    for (uint64_t tag : {UINT64_C(0), UINT64_C(1), UINT64_C(69), UINT64_C(71), UINT64_MAX})
        EXPECT_FALSE(ring.take(tag)) << tag;
    EXPECT_EQ(0u, ring.take_oldest(69));
    EXPECT_EQ(70u, ring.take_oldest(70));
}

TEST(Unacked, TakesTheOldestFirst)
{
    Ring ring;

    for (uint64_t tag = 1; tag <= 300; tag++)
        ring.add(tag);
    for (uint64_t tag : {1, 2, 150, 64, 65, 128})
        ring.take(tag);
    EXPECT_EQ(3u, ring.take_oldest(UINT64_MAX));
    EXPECT_EQ(4u, ring.take_oldest(UINT64_MAX));
    for (uint64_t tag = 5; tag < 64; tag++)
        ring.take_oldest(63);
    EXPECT_EQ(0u, ring.take_oldest(65));
    EXPECT_EQ(66u, ring.take_oldest(300));
}

TEST(Unacked, ForgetsWhatIsSettledBehindAnOldOne)
{
    Ring ring;

    ring.add(1);
    for (uint64_t tag = 2; tag < 100000; tag++) {
        ring.add(tag);
        ring.take(tag);
    }
    EXPECT_EQ(1u, ring.ring.count);
    EXPECT_LT(ring.ring.blocks->len, 100000u / 64 + 2) << "pointers alone";
    size_t blocks = 0;
    for (unsigned i = 0; i < ring.ring.blocks->len; i++)
        blocks += g_ptr_array_index(ring.ring.blocks, i) != nullptr;
    EXPECT_LE(blocks, 3u);
    EXPECT_EQ(1u, ring.take_oldest(UINT64_MAX));
}

TEST(Unacked, SkipsDeliveriesThatNeedNoAck)
{
    Ring ring;

    ring.add(1);
    ring.take(1);
    ring.add(UINT64_C(5000000000)); /* all between were settled when they were sent */
    EXPECT_EQ(1u, ring.ring.blocks->len);
    EXPECT_EQ(UINT64_C(5000000000), ring.take_oldest(UINT64_MAX));
}

/* What the two below share: a ring and the map that says what is in it. */
class Model {
  public:
    void
    add(uint64_t gap)
    {
        next += gap;
        ring.add(next);
        out.emplace(next, true);
        next++;
    }

    void
    take(uint64_t tag)
    {
        ASSERT_EQ(out.count(tag) > 0, gmq_unacked_has(&ring.ring, tag)) << tag;
        ASSERT_EQ(out.erase(tag) > 0, ring.take(tag)) << tag;
    }

    void
    take_oldest(uint64_t up_to)
    {
        uint64_t expected = out.empty() || out.begin()->first > up_to ? 0 : out.begin()->first;

        ASSERT_EQ(expected, ring.take_oldest(up_to));
        out.erase(expected);
    }

    Ring ring;
    std::map<uint64_t, bool> out;
    uint64_t next = 1;
};

TEST(Unacked, AgreesWithAMapOnRandomOperations)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        Chance chance(seed);
        Model model;
        size_t eagerness = 1 + chance.below(4); /* of the client that acks */

        for (int i = 0; i < 20000; i++) {
            uint64_t some = chance.below(model.next + 3);

            switch (chance.below(6 + eagerness)) {
            case 0:
                model.add(chance.one_in(50) ? chance.below(3000) : chance.below(3));
                break;
            case 1:
            case 2:
            case 3:
                model.add(0);
                break;
            case 4:
                model.take_oldest(some);
                break;
            case 5:
                model.take_oldest(UINT64_MAX);
                break;
            default:
                model.take(some);
                break;
            }
            ASSERT_EQ(model.out.size(), model.ring.ring.count);
            if (testing::Test::HasFatalFailure())
                return;
        }
    }
}
