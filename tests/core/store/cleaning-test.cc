/* Space comes back: of segments of which nothing counts, and of those that are mostly dead. */
#include <gtest/gtest.h>

#include "tests/core/chance.h"
#include "tests/core/store/keeper.h"

constexpr uint64_t SEGMENT = 20000;

static void
open(Keeper &keeper)
{
    ASSERT_TRUE(keeper.open());
    gmq_journal_set_segment_size(keeper.journal, SEGMENT);
}

/* Dead space is at most about half of all, beside the segment that is written and one more. */
static void
expect_bounds(Keeper &keeper)
{
    GmqJournalStats stats = keeper.stats();

    EXPECT_LE(stats.bytes, 2 * stats.live_bytes + 3 * SEGMENT);
}

TEST(Cleaning, AFlowBehindDefinitionsStaysSmall)
{
    Keeper keeper;
    uint64_t most = 0;

    open(keeper);
    for (int i = 0; i < 20; i++)
        keeper.define("queue " + std::to_string(i));
    for (int i = 0; i < 3000; i++) {
        uint64_t id = keeper.add(std::string(100, 'x'), {1});

        keeper.turn();
        gmq_journal_drop_copy(keeper.journal, id, 1);
        keeper.fake.advance_ms(10);
        keeper.turn();
        most = std::max(most, keeper.stats().bytes);
    }
    EXPECT_LT(most, 4 * SEGMENT);
    keeper.flush();
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ(20u, keeper.definitions.size());
    EXPECT_EQ("", keeper.text());
}

TEST(Cleaning, OneOfManyThatStaysIsMovedOn)
{
    Keeper keeper;
    std::vector<uint64_t> stay;

    open(keeper);
    keeper.define("orders");
    for (int i = 0; i < 3000; i++) {
        uint64_t id = keeper.add("message " + std::to_string(i), {1, 2});

        keeper.turn();
        gmq_journal_drop_copy(keeper.journal, id, 1);
        if (i % 50 == 0) {
            gmq_journal_mark_copy(keeper.journal, id, 2, static_cast<uint32_t>(i) + 1);
            stay.push_back(id);
        } else {
            gmq_journal_drop_copy(keeper.journal, id, 2);
        }
        keeper.fake.advance_ms(10);
        keeper.turn();
        expect_bounds(keeper);
    }
    keeper.flush();
    std::string before = keeper.text();
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("orders", keeper.defined());
    EXPECT_EQ(stay.size(), keeper.stats().messages);
    for (size_t i = 0; i < stay.size(); i++) {
        EXPECT_EQ(50 * i + 1, (keeper.copies[{2, stay[i]}].flags));
        EXPECT_EQ("message " + std::to_string(50 * i), keeper.read(stay[i]));
        EXPECT_EQ(0u, (keeper.copies.count({1, stay[i]})));
    }
}

/* Bodies that are larger than what is looked at in a turn. */
TEST(Cleaning, LargeMessagesAreMovedToo)
{
    Keeper keeper;
    std::string large(2 * 4 * GMQ_CLEAN_BYTES, 'y');

    open(keeper);
    uint64_t before = keeper.add("before", {1});
    uint64_t id     = keeper.add(large, {1});
    keeper.turn();
    for (int i = 0; i < 4; i++) {
        uint64_t dead = keeper.add(large, {1});

        keeper.turn();
        gmq_journal_drop_copy(keeper.journal, dead, 1);
        keeper.flush();
    }
    keeper.define("next");
    keeper.flush();
    EXPECT_EQ("before", keeper.read(before));
    EXPECT_EQ(large, keeper.read(id));
    EXPECT_LT(keeper.stats().bytes, 2 * large.size());
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ(large, keeper.read(id));
    EXPECT_EQ(2u, keeper.stats().messages);
}

TEST(Cleaning, LooksAtALittleInATurn)
{
    Keeper keeper;
    std::vector<uint64_t> ids;

    ASSERT_TRUE(keeper.open());
    gmq_journal_set_segment_size(keeper.journal, 12 * GMQ_CLEAN_BYTES);
    for (int i = 0; i < 4000; i++)
        ids.push_back(keeper.add(std::string(1000, 'z'), {1}));
    keeper.turn();
    for (size_t i = 0; i < ids.size(); i++) {
        if (i % 100 != 0)
            gmq_journal_drop_copy(keeper.journal, ids[i], 1);
    }
    keeper.add("next", {1});
    keeper.flush();
    EXPECT_EQ(41u, keeper.stats().messages);
    EXPECT_EQ(1u, keeper.stats().n_segments);
    EXPECT_LT(keeper.stats().bytes, 100000u);
    EXPECT_GE(4u * GMQ_CLEAN_BYTES, keeper.disk.largest_read);
}

/* What cannot be read stays, and is told by the next start. */
TEST(Cleaning, DamageIsNotMovedOn)
{
    Keeper keeper;
    std::vector<uint64_t> ids;

    open(keeper);
    for (int i = 0; i < 100; i++) {
        ids.push_back(keeper.add(std::string(1000, 'z'), {1}));
        keeper.turn();
    }
    std::string &bytes = keeper.disk.bytes("journal-00000001");
    bytes[600]         = static_cast<char>(bytes[600] ^ 1);
    for (size_t i = 1; i < ids.size(); i++)
        gmq_journal_drop_copy(keeper.journal, ids[i], 1);
    keeper.flush();
    EXPECT_TRUE(keeper.disk.has("journal-00000001"));
    EXPECT_EQ(0u, keeper.read(ids[0]).find("journal-00000001: the record at "));
    EXPECT_FALSE(keeper.restart());
    EXPECT_EQ(GMQ_JOURNAL_ERROR_DAMAGED, keeper.code);
}

/* Many files, of which few are open at once. */
TEST(Cleaning, ManySegmentsNeedFewHandles)
{
    Keeper keeper;
    std::vector<uint64_t> ids;

    ASSERT_TRUE(keeper.open());
    gmq_journal_set_segment_size(keeper.journal, 100);
    for (int i = 0; i < 300; i++) {
        ids.push_back(keeper.add("message " + std::to_string(i), {1}));
        keeper.turn();
    }
    EXPECT_LE(200u, keeper.stats().n_segments);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < ids.size(); i++)
            EXPECT_EQ("message " + std::to_string(i), keeper.read(ids[i]));
    }
    EXPECT_GE(64u, keeper.disk.n_open());
}

/* Reading the heads of several queues in order costs a read now and then. */
TEST(Cleaning, NeighboursAreReadTogether)
{
    Keeper keeper;
    std::vector<uint64_t> ids;

    ASSERT_TRUE(keeper.open());
    for (int i = 0; i < 20000; i++)
        ids.push_back(keeper.add("message " + std::to_string(i), {1}));
    keeper.turn();
    size_t before = keeper.disk.n_reads;
    for (size_t i = 0; i < 5000; i++) { /* of four queues */
        for (size_t queue = 0; queue < 4; queue++)
            keeper.read(ids[5000 * queue + i]);
    }
    EXPECT_GE(keeper.stats().bytes / 65536 + 20, keeper.disk.n_reads - before);
}

/* More than one record of notes, and more than one batch. */
TEST(Cleaning, ManyEndsFitIntoTheirRecords)
{
    Keeper keeper;
    std::vector<uint64_t> ids;
    constexpr size_t COUNT = 70000;

    ASSERT_TRUE(keeper.open());
    for (size_t i = 0; i < COUNT; i++)
        ids.push_back(keeper.add("x", {1, 2}));
    keeper.turn();
    for (size_t i = 0; i < COUNT; i++)
        gmq_journal_drop_copy(keeper.journal, ids[i], 1 + i % 2);
    keeper.flush();
    for (size_t i = 0; i < COUNT; i += 2)
        gmq_journal_drop_copy(keeper.journal, ids[i], 2);
    uint64_t mark = gmq_journal_mark(keeper.journal);
    keeper.flush();
    EXPECT_LE(mark, gmq_journal_committed(keeper.journal));
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ(COUNT / 2, keeper.stats().messages);
}
