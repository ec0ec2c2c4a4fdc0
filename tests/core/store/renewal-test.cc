/* A start upon a journal whose last sync failed, or may have failed. */
#include <gtest/gtest.h>

#include "tests/core/store/keeper.h"

/* The process starts again, and the kernel shows what it did not get to the disk. */
static void
fail_sync_and_die(Keeper &keeper)
{
    ASSERT_TRUE(keeper.open());
    keeper.add("kept", {1});
    keeper.turn();
    keeper.add("unsure", {1});
    gmq_journal_commit(keeper.journal);
    keeper.complete(GMQ_DISK_FAILED, 1000);
    EXPECT_EQ(GMQ_JOURNAL_FAILED, gmq_journal_state(keeper.journal));
    keeper.close();
}

TEST(Renewal, AStartPutsWhatItFindsOnTheDisk)
{
    Keeper keeper;

    fail_sync_and_die(keeper);
    ASSERT_TRUE(keeper.open());
    EXPECT_EQ("1:kept 1:unsure", keeper.text());
    EXPECT_FALSE(keeper.report.was_clean);
    EXPECT_TRUE(keeper.await(keeper.add("later", {1}), 1));
    keeper.turn();
    ASSERT_EQ(1u, keeper.told.size());
    EXPECT_TRUE(keeper.told[0].is_kept);
    ASSERT_TRUE(keeper.restart()) << keeper.trouble;
    EXPECT_EQ("1:kept 1:unsure 1:later", keeper.text());
}

/* It is right whether its sync has failed or not, but what comes behind it hangs on it. */
TEST(Renewal, AnEndIsPutOnTheDiskToo)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("kept", {1});
    keeper.turn();
    gmq_journal_stop(keeper.journal);
    gmq_journal_commit(keeper.journal);
    keeper.complete(GMQ_DISK_FAILED, 1000);
    keeper.close();
    ASSERT_TRUE(keeper.open());
    EXPECT_TRUE(keeper.report.was_clean);
    keeper.add("later", {1});
    keeper.turn();
    ASSERT_TRUE(keeper.restart()) << keeper.trouble;
    EXPECT_EQ("1:kept 1:later", keeper.text());
}

/* A stop behind a failed sync leaves no END. */
TEST(Renewal, AStopSaysNothing)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("unsure", {1});
    gmq_journal_commit(keeper.journal);
    keeper.complete();
    gmq_journal_commit(keeper.journal);
    keeper.complete(GMQ_DISK_FAILED, 1000);
    size_t size = keeper.disk.bytes("journal-00000001").size();
    gmq_journal_stop(keeper.journal);
    keeper.turn();
    EXPECT_EQ(size, keeper.disk.bytes("journal-00000001").size());
    keeper.close();
    ASSERT_TRUE(keeper.open());
    EXPECT_FALSE(keeper.report.was_clean);
}

/* The header of a segment, of which nothing but its name may have come to the disk. */
TEST(Renewal, AHeaderIsPutOnTheDiskToo)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("unsure", {1});
    gmq_journal_commit(keeper.journal);
    keeper.complete(GMQ_DISK_FAILED, 1000);
    EXPECT_EQ(36u, keeper.disk.bytes("journal-00000001").size());
    keeper.close();
    ASSERT_TRUE(keeper.open());
    keeper.add("later", {1});
    keeper.turn();
    ASSERT_TRUE(keeper.restart()) << keeper.trouble;
    EXPECT_EQ("1:later", keeper.text());
}

/* Wherever the power goes while the end is written anew, the next start finds all that was kept. */
TEST(Renewal, APowerCutInAStartLosesNothing)
{
    bool is_through = false;

    for (size_t n = 0; !is_through; n++) {
        Keeper keeper;

        fail_sync_and_die(keeper);
        keeper.disk.renewed_most = n;
        is_through               = keeper.open();
        keeper.disk.renewed_most = SIZE_MAX;
        keeper.disk.crash();
        keeper.close();
        ASSERT_TRUE(keeper.open()) << n << ": " << keeper.trouble;
        EXPECT_TRUE(keeper.text() == "1:kept 1:unsure" ||
                    (keeper.text() == "1:kept" && !is_through))
            << n << ": " << keeper.text();
        keeper.add("later", {1});
        keeper.turn();
        ASSERT_TRUE(keeper.restart()) << n << ": " << keeper.trouble;
        EXPECT_NE(std::string::npos, keeper.text().find("1:kept")) << n;
        EXPECT_NE(std::string::npos, keeper.text().find("1:later")) << n;
        ASSERT_LT(n, 1000u);
    }
}

/* The kernel may forget at any time what it did not get to the disk. */
TEST(Renewal, AStartPutsNothingOnTheDiskThatItDidNotRead)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.define("definition");
    keeper.turn();
    std::string kept = keeper.disk.bytes("journal-00000001");
    keeper.close();
    keeper.look = [&] { keeper.disk.bytes("journal-00000001")[kept.size() - 1] ^= 1; };
    EXPECT_FALSE(keeper.open());
    EXPECT_EQ(GMQ_JOURNAL_ERROR_DISK, keeper.code);
    EXPECT_EQ("journal-00000001 is not any more what it was when it was read", keeper.trouble);
    EXPECT_EQ(0u, keeper.disk.n_renewed);
}

/* However large the journal is, a start writes no more than its last batch. */
TEST(Renewal, AStartWritesTheLastBatchAlone)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    for (int i = 0; i < 100; i++) {
        keeper.add(std::string(1000, 'x'), {1});
        keeper.turn();
    }
    ASSERT_TRUE(keeper.restart());
    EXPECT_LT(1000u, keeper.disk.n_renewed);
    EXPECT_GT(1200u, keeper.disk.n_renewed);
    gmq_journal_stop(keeper.journal);
    keeper.turn();
    keeper.disk.n_renewed = 0;
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ(20u, keeper.disk.n_renewed) << "the END";
}
