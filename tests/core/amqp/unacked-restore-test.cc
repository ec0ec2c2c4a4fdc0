#include "core/amqp/unacked.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

/* The entry's place tells the deliveries apart; the message is only compared with NULL. */
static GmqUnacked
delivery(uint64_t tag)
{
    static GmqMessage message;
    GmqUnacked unacked = {};

    unacked.entry.message = &message;
    unacked.entry.place   = tag;
    return unacked;
}

class Unacked : public testing::Test {
  protected:
    Unacked()
    {
        gmq_unacked_init(&ring);
    }

    ~Unacked() override
    {
        EXPECT_EQ(take_all(UINT64_MAX).size(), 0u);
        gmq_unacked_clear(&ring);
    }

    Unacked(const Unacked &)            = delete;
    Unacked &operator=(const Unacked &) = delete;

    void
    add(uint64_t first, uint64_t last)
    {
        for (uint64_t tag = first; tag <= last; tag++) {
            GmqUnacked unacked = delivery(tag);
            gmq_unacked_add(&ring, tag, &unacked);
        }
    }

    void
    restore(uint64_t tag)
    {
        GmqUnacked unacked = delivery(tag);
        gmq_unacked_restore(&ring, tag, &unacked);
    }

    bool
    take(uint64_t tag)
    {
        GmqUnacked unacked = {};
        bool is_there      = gmq_unacked_has(&ring, tag);

        EXPECT_EQ(is_there, gmq_unacked_take(&ring, tag, &unacked));
        EXPECT_EQ(is_there ? tag : 0, unacked.entry.place);
        return is_there;
    }

    std::vector<uint64_t>
    take_all(uint64_t up_to)
    {
        std::vector<uint64_t> tags;
        GmqUnacked unacked;
        uint64_t tag;

        while (gmq_unacked_take_oldest(&ring, up_to, &unacked, &tag)) {
            EXPECT_EQ(tag, unacked.entry.place);
            tags.push_back(tag);
        }
        return tags;
    }

    GmqUnackedRing ring;
};

TEST_F(Unacked, ATagIsTakenOnce)
{
    add(1, 3);
    EXPECT_TRUE(take(2));
    EXPECT_FALSE(take(2));
    EXPECT_FALSE(take(0));
    EXPECT_FALSE(take(4));
    EXPECT_EQ((std::vector<uint64_t>{1, 3}), take_all(UINT64_MAX));
}

TEST_F(Unacked, UpToATagIsTakenOldestFirst)
{
    add(1, 200);
    take(5);
    EXPECT_EQ(98u, take_all(99).size());
    EXPECT_EQ(100u, take_all(200).front());
    EXPECT_EQ(0u, ring.count);
}

TEST_F(Unacked, TagsMayBeSkipped)
{
    add(1, 1);
    add(1000000, 1000001);
    EXPECT_EQ((std::vector<uint64_t>{1, 1000000, 1000001}), take_all(UINT64_MAX));
}

TEST_F(Unacked, WhatIsRestoredIsOutAgain)
{
    add(1, 10);
    take(3);
    take(7);
    restore(7);
    restore(3);
    EXPECT_EQ((std::vector<uint64_t>{1, 2, 3, 4, 5, 6, 7}), take_all(7));
    EXPECT_EQ(3u, take_all(UINT64_MAX).size());
}

TEST_F(Unacked, AllMayBeRestoredNewestFirst)
{
    add(1, 300);
    EXPECT_EQ(300u, take_all(UINT64_MAX).size());
    for (uint64_t tag = 300; tag > 0; tag--)
        restore(tag);
    EXPECT_EQ(300u, ring.count);
    std::vector<uint64_t> tags = take_all(UINT64_MAX);
    EXPECT_EQ(1u, tags.front());
    EXPECT_EQ(300u, tags.back());
}

TEST_F(Unacked, ALowTagMayComeBackBeforeAllBlocks)
{
    add(1, 1);
    EXPECT_TRUE(take(1));
    add(500000, 500100);
    restore(1);
    EXPECT_EQ((std::vector<uint64_t>{1}), take_all(1));
    EXPECT_TRUE(take(500050));
    EXPECT_EQ(100u, take_all(UINT64_MAX).size());
}

TEST_F(Unacked, AddingGoesOnBehindWhatWasRestored)
{
    add(1, 70);
    take_all(UINT64_MAX);
    restore(70);
    restore(2);
    add(71, 200);
    EXPECT_TRUE(take(2));
    EXPECT_TRUE(take(70));
    EXPECT_EQ(130u, take_all(UINT64_MAX).size());
}

/* Against a map, with everything that a channel may do. */
TEST_F(Unacked, DoesWhatAMapDoes)
{
    std::mt19937 random(1);
    std::map<uint64_t, bool> model; /* by tag; true: held by a transaction */
    uint64_t next = 1;

    auto some = [&](bool is_held) {
        std::vector<uint64_t> tags;
        for (const auto &[tag, held] : model) {
            if (held == is_held)
                tags.push_back(tag);
        }
        return tags.empty() ? 0 : tags[random() % tags.size()];
    };
    for (int step = 0; step < 20000; step++) {
        uint64_t tag;

        switch (random() % 8) {
        case 0:
            next += random() % 100; /* deliveries that need no ack */
            break;
        case 1:
        case 2:
            add(next, next);
            model[next++] = false;
            break;
        case 3: /* acked */
            if ((tag = some(false)) != 0) {
                EXPECT_TRUE(take(tag));
                model.erase(tag);
            }
            break;
        case 4: /* acked in a transaction */
            if ((tag = some(false)) != 0) {
                EXPECT_TRUE(take(tag));
                model[tag] = true;
            }
            break;
        case 5: /* rolled back */
            if ((tag = some(true)) != 0) {
                restore(tag);
                model[tag] = false;
            }
            break;
        case 6: /* all up to one are acked */
            if (random() % 20 == 0 && (tag = some(false)) != 0) {
                std::vector<uint64_t> expected;
                for (auto at = model.begin(); at != model.end() && at->first <= tag;) {
                    if (!at->second)
                        expected.push_back(at->first);
                    at = at->second ? std::next(at) : model.erase(at);
                }
                EXPECT_EQ(expected, take_all(tag));
            }
            break;
        default:
            tag     = 1 + random() % next;
            auto at = model.find(tag);
            EXPECT_EQ(at != model.end() && !at->second, gmq_unacked_has(&ring, tag));
        }
    }

    size_t count = 0;
    for (const auto &[tag, held] : model)
        count += held ? 0 : 1;
    EXPECT_EQ(count, ring.count);
    EXPECT_EQ(count, take_all(UINT64_MAX).size());
}
