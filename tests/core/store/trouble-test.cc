/* A disk that is full, or fails; and backups. */
#include <gtest/gtest.h>

#include "tests/core/store/keeper.h"

TEST(FullDisk, IsTriedAgain)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("before", {1});
    keeper.turn();
    keeper.disk.capacity = keeper.disk.used_bytes() + 50;
    uint64_t id          = keeper.add("waits", {1});
    keeper.await(id, 1);
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FULL, gmq_journal_state(keeper.journal));
    EXPECT_STREQ("there is no space left for the journal", gmq_journal_trouble(keeper.journal));
    EXPECT_TRUE(keeper.told.empty());
    EXPECT_EQ(keeper.fake.now_ns + GMQ_DISK_RETRY_MS * INT64_C(1000000),
              gmq_journal_deadline(keeper.journal));

    keeper.disk.capacity = UINT64_MAX;
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FULL, gmq_journal_state(keeper.journal));
    keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FINE, gmq_journal_state(keeper.journal));
    EXPECT_EQ(nullptr, gmq_journal_trouble(keeper.journal));
    EXPECT_EQ(1u, keeper.told.size());
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:before 1:waits", keeper.text());
}

TEST(FullDisk, LeavesNothingOfABatchThatDidNotFit)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("before", {1});
    keeper.turn();
    size_t size          = keeper.disk.bytes("journal-00000001").size();
    keeper.disk.capacity = size + 50;
    keeper.add("waits", {1});
    keeper.turn();
    EXPECT_EQ(size, keeper.disk.bytes("journal-00000001").size());
}

TEST(FullDisk, WhatIsSettledMeanwhileIsNotWritten)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t before = keeper.add("before", {1});
    keeper.turn();
    keeper.disk.capacity = keeper.disk.used_bytes() + 100;
    uint64_t large       = keeper.add(std::string(5000, 'x'), {1});
    keeper.await(large, 1);
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FULL, gmq_journal_state(keeper.journal));
    gmq_journal_drop_copy(keeper.journal, large, 1);
    gmq_journal_drop_copy(keeper.journal, before, 1);
    EXPECT_EQ(1u, keeper.told.size());
    keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
    keeper.turn(); /* 52 bytes say what is gone */
    EXPECT_EQ(GMQ_JOURNAL_FINE, gmq_journal_state(keeper.journal));
    EXPECT_EQ(0u, keeper.n_messages);
}

/* Segments of which nothing counts go although nothing can be written. */
TEST(FullDisk, DrainingGivesSpaceBack)
{
    Keeper keeper;
    std::vector<uint64_t> ids;

    ASSERT_TRUE(keeper.open());
    gmq_journal_set_segment_size(keeper.journal, 2000);
    for (int i = 0; i < 40; i++) {
        ids.push_back(keeper.add(std::string(500, 'x'), {1}));
        keeper.turn();
    }
    uint64_t full        = keeper.disk.used_bytes();
    keeper.disk.capacity = full + 30;
    for (uint64_t id : ids)
        gmq_journal_drop_copy(keeper.journal, id, 1);
    keeper.fake.advance_ms(100);
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FULL, gmq_journal_state(keeper.journal));
    keeper.turn();
    keeper.add("next", {1});
    keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FINE, gmq_journal_state(keeper.journal));
    EXPECT_GT(full / 4, keeper.disk.used_bytes());
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:next", keeper.text());
}

/* One segment has all, and definitions hold it; what was published meanwhile does not fit. */
TEST(FullDisk, DefinitionsDoNotHoldTheSpaceOfAllTheRest)
{
    Keeper keeper;
    std::vector<uint64_t> ids;

    ASSERT_TRUE(keeper.open());
    for (int i = 0; i < 5; i++)
        keeper.define("definition " + std::to_string(i));
    for (int i = 0; i < 40; i++)
        ids.push_back(keeper.add(std::string(5000, 'x'), {1}));
    keeper.flush();
    keeper.disk.capacity = keeper.disk.used_bytes() + 1000;
    keeper.add(std::string(5000, 'y'), {1});
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FULL, gmq_journal_state(keeper.journal));
    for (uint64_t id : ids)
        gmq_journal_drop_copy(keeper.journal, id, 1);
    for (int i = 0; i < 5; i++) {
        keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
        keeper.turn();
    }
    EXPECT_EQ(GMQ_JOURNAL_FINE, gmq_journal_state(keeper.journal));
    EXPECT_GT(10000u, keeper.disk.used_bytes());
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:" + std::string(5000, 'y'), keeper.text());
    EXPECT_EQ("definition 0 definition 1 definition 2 definition 3 definition 4", keeper.defined());
}

/* A batch that only made space leaves the rest to be tried at once: at a time that a host can wait
 * for, which one before all times is not. */
TEST(FullDisk, WhatMadeSpaceIsFollowedAtOnce)
{
    Keeper keeper;
    std::vector<uint64_t> ids;
    bool is_followed = false;

    ASSERT_TRUE(keeper.open());
    for (int i = 0; i < 5; i++)
        keeper.define("definition " + std::to_string(i));
    for (int i = 0; i < 40; i++)
        ids.push_back(keeper.add(std::string(5000, 'x'), {1}));
    keeper.flush();
    keeper.disk.capacity = keeper.disk.used_bytes() + 1000;
    keeper.add(std::string(5000, 'y'), {1});
    keeper.turn();
    for (uint64_t id : ids)
        gmq_journal_drop_copy(keeper.journal, id, 1);
    keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
    for (int i = 0; i < 50; i++) {
        gmq_journal_commit(keeper.journal);
        if (keeper.disk.n_pending() == 0)
            continue;
        keeper.complete();
        int64_t deadline_ns = gmq_journal_deadline(keeper.journal);
        EXPECT_LE(0, deadline_ns);
        is_followed |= gmq_journal_state(keeper.journal) == GMQ_JOURNAL_FULL &&
                       deadline_ns == keeper.fake.now_ns;
    }
    EXPECT_TRUE(is_followed);
}

/* Not one byte can be appended any more, and all is gone but definitions. */
TEST(FullDisk, NoSpaceAtAllIsEnoughWhenAllIsDrained)
{
    Keeper keeper;
    std::vector<uint64_t> ids;

    ASSERT_TRUE(keeper.open());
    keeper.define("definition");
    for (int i = 0; i < 40; i++)
        ids.push_back(keeper.add(std::string(5000, 'x'), {1}));
    keeper.flush();
    keeper.disk.capacity = keeper.disk.used_bytes() + 30000;
    for (int i = 0; i < 10; i++)
        ids.push_back(keeper.add(std::string(5000, 'y'), {1}));
    for (int i = 0; i < 10; i++) {
        keeper.turn();
        keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
    }
    EXPECT_EQ(GMQ_JOURNAL_FULL, gmq_journal_state(keeper.journal));
    keeper.disk.capacity = keeper.disk.used_bytes();
    for (uint64_t id : ids)
        gmq_journal_drop_copy(keeper.journal, id, 1);
    keeper.turn();
    keeper.add(std::string(5000, 'z'), {1});
    for (int i = 0; i < 10; i++) {
        keeper.turn();
        keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
    }
    EXPECT_EQ(GMQ_JOURNAL_FINE, gmq_journal_state(keeper.journal));
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:" + std::string(5000, 'z'), keeper.text());
    EXPECT_EQ("definition", keeper.defined());
}

/* A message that waits for space does not hold up what others gave back. */
TEST(FullDisk, DrainingAPartGivesSpaceBack)
{
    Keeper keeper;
    std::vector<uint64_t> ids;

    ASSERT_TRUE(keeper.open());
    gmq_journal_set_segment_size(keeper.journal, 2000);
    for (int i = 0; i < 40; i++) {
        ids.push_back(keeper.add(std::string(500, 'x'), {1}));
        keeper.turn();
    }
    keeper.disk.capacity = keeper.disk.used_bytes() + 30;
    keeper.add(std::string(3000, 'y'), {1});
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FULL, gmq_journal_state(keeper.journal));
    for (int i = 0; i < 20; i++) {
        gmq_journal_drop_copy(keeper.journal, ids[i], 1);
        keeper.turn();
    }
    for (int i = 0; i < 3; i++) {
        keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
        keeper.turn();
    }
    EXPECT_EQ(GMQ_JOURNAL_FINE, gmq_journal_state(keeper.journal));
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ(21u, keeper.stats().messages);
}

/* What went away for something that waits stays, and all that hangs on that too. */
TEST(FullDisk, WhatIsReplacedByWhatDoesNotFitStays)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    gmq_journal_set_segment_size(keeper.journal, 100);
    uint64_t old = keeper.add("old" + std::string(200, 'x'), {1});
    keeper.turn();
    uint64_t other = keeper.add("other" + std::string(200, 'x'), {1});
    keeper.turn();
    keeper.disk.capacity = keeper.disk.used_bytes() + 30;
    uint64_t next        = keeper.add("next", {1}); /* in the place of old */
    gmq_journal_drop_copy(keeper.journal, old, 1);
    keeper.turn();
    gmq_journal_drop_copy(keeper.journal, other, 1);
    keeper.turn();
    keeper.add("last", {1}); /* in the place of next */
    gmq_journal_drop_copy(keeper.journal, next, 1);
    for (int i = 0; i < 3; i++) {
        keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
        keeper.turn();
    }
    EXPECT_TRUE(keeper.disk.has("journal-00000001"));
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:old" + std::string(200, 'x'), keeper.text().substr(0, 205));
}

/* Nobody waits for space any more, so that publishers need not either. */
TEST(FullDisk, IsForgottenWithWhatDidNotFit)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("before", {1});
    keeper.turn();
    keeper.disk.capacity = keeper.disk.used_bytes() + 10;
    uint64_t id          = keeper.add("settled", {1});
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FULL, gmq_journal_state(keeper.journal));
    gmq_journal_drop_copy(keeper.journal, id, 1);
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FINE, gmq_journal_state(keeper.journal));
    EXPECT_EQ(nullptr, gmq_journal_trouble(keeper.journal));
}

TEST(FullDisk, ANewSegmentWaitsToo)
{
    Keeper keeper;

    keeper.disk.capacity = 20;
    ASSERT_TRUE(keeper.open());
    keeper.add("one", {1});
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FULL, gmq_journal_state(keeper.journal));
    keeper.disk.capacity = UINT64_MAX;
    keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
    keeper.turn();
    EXPECT_EQ(GMQ_JOURNAL_FINE, gmq_journal_state(keeper.journal));
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:one", keeper.text());
}

TEST(FailedDisk, IsNotTrustedAgain)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t kept = keeper.add("kept", {1});
    keeper.turn();
    uint64_t lost = keeper.add("lost", {1, 2});
    keeper.await(lost, 1);
    keeper.await(keeper.add("in hands", {1}, false), 2);
    uint64_t mark = gmq_journal_mark(keeper.journal);
    gmq_journal_commit(keeper.journal);
    keeper.complete(GMQ_DISK_FAILED, 10);
    EXPECT_EQ(GMQ_JOURNAL_FAILED, gmq_journal_state(keeper.journal));
    EXPECT_STREQ("writing the journal has failed", gmq_journal_trouble(keeper.journal));
    ASSERT_EQ(2u, keeper.told.size());
    EXPECT_FALSE(keeper.told[0].is_kept);
    EXPECT_FALSE(keeper.told[1].is_kept);
    EXPECT_EQ(0u, keeper.n_messages);
    EXPECT_GT(mark, gmq_journal_committed(keeper.journal));
    EXPECT_GT(gmq_journal_mark(keeper.journal), gmq_journal_committed(keeper.journal));

    /* Consumers go on. */
    EXPECT_TRUE(gmq_journal_has(keeper.journal, lost));
    EXPECT_FALSE(gmq_journal_is_written(keeper.journal, lost));
    EXPECT_EQ("kept", keeper.read(kept));
    gmq_journal_drop_copy(keeper.journal, lost, 1);
    gmq_journal_mark_copy(keeper.journal, lost, 2, 1);
    gmq_journal_drop_copy(keeper.journal, lost, 2);
    gmq_journal_drop_copy(keeper.journal, kept, 1);
    EXPECT_FALSE(gmq_journal_has(keeper.journal, lost));
    size_t before = keeper.disk.n_appends;
    keeper.fake.advance_ms(5000);
    keeper.turn();
    EXPECT_EQ(before, keeper.disk.n_appends);
    EXPECT_EQ(INT64_MAX, gmq_journal_deadline(keeper.journal));
    EXPECT_TRUE(gmq_journal_is_idle(keeper.journal));
}

TEST(FailedDisk, TellsWhoComesLater)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t old = keeper.add("one", {1});
    gmq_journal_commit(keeper.journal);
    keeper.complete(GMQ_DISK_FAILED);
    EXPECT_TRUE(keeper.await(old, 1));
    uint64_t later = keeper.add("two", {1});
    EXPECT_TRUE(keeper.await(later, 2));
    keeper.define("d");
    EXPECT_TRUE(keeper.told.empty());
    gmq_journal_commit(keeper.journal);
    ASSERT_EQ(2u, keeper.told.size());
    EXPECT_FALSE(keeper.told[0].is_kept);
    EXPECT_FALSE(keeper.told[1].is_kept);
    EXPECT_EQ(0u, keeper.n_messages);
}

/* What is damaged is not given out. */
TEST(FailedDisk, ARecordThatHasChangedIsNotRead)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t id = keeper.add("hello", {1});
    keeper.turn();
    std::string &bytes = keeper.disk.bytes("journal-00000001");
    bytes[bytes.size() - 1] ^= 1;
    EXPECT_EQ(0u, keeper.read(id).find("journal-00000001: the record at "));
    bytes[bytes.size() - 1] ^= 1;
    EXPECT_EQ("hello", keeper.read(id));
}

TEST(Backup, HoldsWhatItCopies)
{
    Keeper keeper;
    Keeper copy;
    std::vector<uint64_t> ids;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) sizes    = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    ASSERT_TRUE(keeper.open());
    gmq_journal_set_segment_size(keeper.journal, 300);
    for (int i = 0; i < 10; i++) {
        ids.push_back(keeper.add("message " + std::to_string(i), {1}));
        keeper.turn();
    }
    gmq_journal_hold_files(keeper.journal, names, sizes);
    EXPECT_LE(3u, names->len);
    for (uint64_t id : ids)
        gmq_journal_drop_copy(keeper.journal, id, 1);
    keeper.add("later", {1});
    keeper.flush();
    for (unsigned i = 0; i < names->len; i++) {
        std::string name = static_cast<char *>(g_ptr_array_index(names, i));

        ASSERT_TRUE(keeper.disk.has(name));
        copy.disk.put(name, keeper.disk.bytes(name).substr(0, g_array_index(sizes, uint64_t, i)));
    }
    ASSERT_TRUE(copy.open()) << copy.trouble;
    EXPECT_EQ(10u, copy.stats().messages);
    EXPECT_EQ(0u, copy.report.cut);

    unsigned held = keeper.stats().n_segments;
    gmq_journal_release_files(keeper.journal);
    keeper.turn();
    EXPECT_GT(held, keeper.stats().n_segments);
}
