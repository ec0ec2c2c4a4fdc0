/* What is given to the journal is there again behind a restart. */
#include <gtest/gtest.h>

#include "tests/core/store/keeper.h"

TEST(Journal, IsNewWhereThereIsNone)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    EXPECT_TRUE(keeper.report.is_new);
    EXPECT_FALSE(keeper.report.was_clean);
    keeper.turn();
    EXPECT_EQ(0u, keeper.disk.names().size());
}

TEST(Journal, KeepsWhatIsWritten)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.define("orders");
    keeper.add("one", {1});
    keeper.add("two", {1, 2});
    keeper.turn();
    ASSERT_TRUE(keeper.restart());
    EXPECT_FALSE(keeper.report.is_new);
    EXPECT_EQ("orders", keeper.defined());
    EXPECT_EQ("1:one 1:two 2:two", keeper.text());
    EXPECT_EQ(1002, (keeper.copies[{2, 3}].expires_ms));
    EXPECT_EQ(2u, keeper.stats().messages);
}

TEST(Journal, ForgetsWhatIsNot)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("one", {1});
    keeper.turn();
    keeper.add("two", {1});
    gmq_journal_commit(keeper.journal);
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:one", keeper.text());
}

TEST(Journal, NumbersGoOnBehindARestart)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t first = keeper.add("one", {1});
    keeper.turn();
    ASSERT_TRUE(keeper.restart());
    EXPECT_LT(first, keeper.add("two", {1}));
}

TEST(Journal, TellsTheWaiterWhenTheDiskHasIt)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t id = keeper.add("one", {1});
    EXPECT_TRUE(keeper.await(id, 7));
    gmq_journal_commit(keeper.journal);
    keeper.complete(); /* the header */
    gmq_journal_commit(keeper.journal);
    EXPECT_TRUE(keeper.told.empty());
    EXPECT_FALSE(gmq_journal_is_written(keeper.journal, id));
    keeper.complete();
    ASSERT_EQ(1u, keeper.told.size());
    EXPECT_EQ(7u, keeper.told[0].tag);
    EXPECT_TRUE(keeper.told[0].is_kept);
    EXPECT_TRUE(gmq_journal_is_written(keeper.journal, id));
    EXPECT_FALSE(keeper.await(id, 8));
}

TEST(Journal, OneSyncCoversAllThatCameWhileTheLastRan)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("first", {1});
    keeper.turn();
    size_t before = keeper.disk.n_appends;
    keeper.add("second", {1});
    gmq_journal_commit(keeper.journal);
    for (int i = 0; i < 1000; i++) {
        keeper.await(keeper.add("more", {1}), 1);
        gmq_journal_commit(keeper.journal);
    }
    EXPECT_EQ(1u, keeper.disk.n_pending());
    keeper.turn();
    EXPECT_EQ(before + 2, keeper.disk.n_appends);
    EXPECT_EQ(1000u, keeper.told.size());
}

TEST(Journal, NeverWritesWhatIsSettledAtOnce)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    for (int i = 0; i < 1000; i++) {
        uint64_t id = keeper.add("flow", {1}, false);

        EXPECT_TRUE(keeper.await(id, id));
        gmq_journal_commit(keeper.journal);
        gmq_journal_drop_copy(keeper.journal, id, 1);
    }
    EXPECT_EQ(1000u, keeper.told.size());
    EXPECT_TRUE(keeper.told[0].is_kept);
    keeper.flush();
    EXPECT_EQ(0u, keeper.n_messages);
    EXPECT_EQ(0u, keeper.stats().batches);
}

TEST(Journal, AMessageInHandsWaitsALittle)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t id = keeper.add("one", {1}, false);
    keeper.turn();
    EXPECT_FALSE(gmq_journal_is_written(keeper.journal, id));
    EXPECT_EQ(GMQ_COMMIT_WAIT_MS * 1000000, gmq_journal_deadline(keeper.journal));
    keeper.fake.advance_ms(GMQ_COMMIT_WAIT_MS);
    keeper.turn();
    EXPECT_TRUE(gmq_journal_is_written(keeper.journal, id));
}

TEST(Journal, AnUrgentOneThatGoesOutWaitsToo)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t id = keeper.add("one", {1, 2}, true);
    gmq_journal_relax(keeper.journal, id);
    gmq_journal_relax(keeper.journal, id);
    keeper.turn();
    EXPECT_EQ(0u, keeper.stats().batches);
    EXPECT_EQ(1u, keeper.stats().staged);
}

TEST(Journal, DropsAreWrittenSoon)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t one = keeper.add("one", {1});
    uint64_t two = keeper.add("two", {1, 2});
    keeper.turn();
    gmq_journal_drop_copy(keeper.journal, one, 1);
    gmq_journal_drop_copy(keeper.journal, two, 2);
    keeper.turn();
    EXPECT_EQ(1u, keeper.stats().batches);
    keeper.fake.advance_ms(GMQ_SETTLE_WAIT_MS);
    keeper.turn();
    EXPECT_EQ(2u, keeper.stats().batches);
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:two", keeper.text());
}

TEST(Journal, MarksStayWithTheirCopy)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t staged = keeper.add("staged", {1, 2});
    gmq_journal_mark_copy(keeper.journal, staged, 2, 5);
    keeper.turn();
    gmq_journal_mark_copy(keeper.journal, staged, 1, 1);
    keeper.flush();
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:staged*1 2:staged*5", keeper.text());
}

TEST(Journal, DroppedWhileItIsWritten)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("first", {1});
    keeper.turn();
    uint64_t id = keeper.add("second", {1});
    keeper.await(id, 2);
    gmq_journal_commit(keeper.journal);
    gmq_journal_drop_copy(keeper.journal, id, 1);
    EXPECT_EQ(1u, keeper.told.size());
    uint64_t mark = gmq_journal_mark(keeper.journal);
    keeper.complete();
    EXPECT_GT(mark, gmq_journal_committed(keeper.journal));
    keeper.turn();
    EXPECT_EQ(mark, gmq_journal_committed(keeper.journal));
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:first", keeper.text());
}

TEST(Journal, AMarkIsReachedWhenAllBeforeIsOnTheDisk)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    EXPECT_EQ(gmq_journal_committed(keeper.journal), gmq_journal_mark(keeper.journal));
    keeper.define("a");
    uint64_t id   = keeper.add("in hands", {1}, false);
    uint64_t mark = gmq_journal_mark(keeper.journal);
    EXPECT_GT(mark, gmq_journal_committed(keeper.journal));
    keeper.turn();
    EXPECT_EQ(mark, gmq_journal_committed(keeper.journal));
    EXPECT_TRUE(gmq_journal_is_written(keeper.journal, id));
    EXPECT_EQ(mark, gmq_journal_mark(keeper.journal));
}

TEST(Journal, ReplacedDefinitionsAreGone)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t old = keeper.define("old");
    keeper.define("other");
    keeper.turn();
    keeper.define("new");
    gmq_journal_drop_definition(keeper.journal, old);
    keeper.turn();
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("other new", keeper.defined());
}

TEST(Journal, AnOrderlyEndIsClean)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("one", {1}, false);
    EXPECT_FALSE(gmq_journal_is_idle(keeper.journal));
    gmq_journal_stop(keeper.journal);
    keeper.turn();
    EXPECT_TRUE(gmq_journal_is_idle(keeper.journal));
    ASSERT_TRUE(keeper.restart());
    EXPECT_TRUE(keeper.report.was_clean);
    EXPECT_EQ("1:one", keeper.text());
    keeper.turn(); /* from the first turn on it is not */
    ASSERT_TRUE(keeper.restart());
    EXPECT_FALSE(keeper.report.was_clean);
    EXPECT_EQ(0u, keeper.report.cut);
}

static void
stop_and_start(Keeper &keeper)
{
    ASSERT_TRUE(keeper.open());
    keeper.add("one", {1}, false);
    gmq_journal_stop(keeper.journal);
    keeper.turn();
    ASSERT_TRUE(keeper.restart());
    EXPECT_TRUE(keeper.report.was_clean);
}

/* An END with something torn behind it counts no more, not even when that is cut off. */
TEST(Journal, AnEndBehindWhichSomethingWasTornNeverCountsAgain)
{
    for (bool is_full : {false, true}) {
        SCOPED_TRACE(is_full);
        Keeper keeper;

        stop_and_start(keeper);
        gmq_journal_commit(keeper.journal);
        ASSERT_TRUE(keeper.restart(5)); /* of the batch that tells that it goes on */
        EXPECT_FALSE(keeper.report.was_clean);
        EXPECT_EQ(5u, keeper.report.cut);
        gmq_journal_commit(keeper.journal);
        ASSERT_EQ(1u, keeper.disk.n_pending());
        keeper.complete(is_full ? GMQ_DISK_FULL : GMQ_DISK_DONE);
        ASSERT_TRUE(keeper.restart());
        EXPECT_FALSE(keeper.report.was_clean);
        EXPECT_EQ("1:one", keeper.text());
    }
}

TEST(Journal, AnEndDoesNotCountWhenTheNextWriteFails)
{
    Keeper keeper;

    stop_and_start(keeper);
    gmq_journal_commit(keeper.journal);
    keeper.complete(GMQ_DISK_FAILED);
    EXPECT_EQ(GMQ_JOURNAL_FAILED, gmq_journal_state(keeper.journal));
    keeper.close(); /* the process alone ends: what was written is there */
    ASSERT_TRUE(keeper.open());
    EXPECT_FALSE(keeper.report.was_clean);
    EXPECT_EQ("1:one", keeper.text());
}

TEST(Journal, AMessageWithoutAQueueIsLetGo)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    uint64_t id = keeper.add("nowhere", {});
    EXPECT_TRUE(gmq_journal_is_open(keeper.journal, id));
    keeper.turn();
    EXPECT_FALSE(gmq_journal_is_open(keeper.journal, id));
    EXPECT_FALSE(gmq_journal_has(keeper.journal, id));
    EXPECT_EQ(0u, keeper.n_messages);
}

TEST(Journal, LargeBodiesAreLent)
{
    Keeper keeper;
    std::string large(300000, 'x');

    ASSERT_TRUE(keeper.open());
    keeper.add("before", {1});
    uint64_t id = keeper.add(large, {1});
    keeper.add("behind", {1});
    keeper.turn();
    EXPECT_EQ(large, keeper.read(id));
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ("1:before 1:" + large + " 1:behind", keeper.text());
}
