/* What is found where a crash, or something else, has left its traces. */
#include <gtest/gtest.h>

#include "core/store/record.h"
#include "tests/core/store/keeper.h"

/* What a crash may leave when the last bytes were not synced. */
struct Point {
    size_t size; /* of the file when this was on the disk */
    std::string content;
};

static std::string
content_of(Keeper &keeper)
{
    return keeper.defined() + "; " + keeper.text();
}

/* Opens a copy of the disk whose file is cut there. */
static std::string
open_cut(FakeDisk &disk, const std::string &name, size_t size, GmqJournalReport *report)
{
    Keeper keeper;

    keeper.disk.put_all(disk);
    keeper.disk.put(name, disk.bytes(name).substr(0, size));
    EXPECT_TRUE(keeper.open()) << size << ": " << keeper.trouble;
    if (keeper.journal == nullptr)
        return "refused";
    std::string content = content_of(keeper);
    *report             = keeper.report;
    EXPECT_EQ(size - report->cut, keeper.disk.bytes(name).size());

    /* It goes on from there. */
    keeper.add("later", {9});
    keeper.flush();
    EXPECT_TRUE(keeper.restart()) << size << ": " << keeper.trouble;
    EXPECT_EQ(content + (keeper.text() == "9:later" ? "" : " ") + "9:later", content_of(keeper));
    return content;
}

/* Batches of one record each, so that a cut anywhere leaves what was before it. */
TEST(Recovery, EachBeginningOfAJournalOpens)
{
    Keeper keeper;
    const std::string name = "journal-00000001";
    std::vector<Point> points;
    GmqJournalReport report;

    ASSERT_TRUE(keeper.open());
    auto note = [&] {
        std::string content;
        Keeper other;

        keeper.flush();
        other.disk.put_all(keeper.disk);
        ASSERT_TRUE(other.open());
        points.push_back({keeper.disk.bytes(name).size(), content_of(other)});
    };
    uint64_t old = keeper.define("old");
    note();
    uint64_t one = keeper.add("one", {1, 2});
    note();
    uint64_t two = keeper.add("two", {1});
    note();
    gmq_journal_mark_copy(keeper.journal, one, 2, 3);
    note();
    gmq_journal_drop_copy(keeper.journal, one, 1);
    note();
    gmq_journal_drop_copy(keeper.journal, two, 1);
    note();
    keeper.define("new");
    note();
    gmq_journal_drop_definition(keeper.journal, old);
    note();
    EXPECT_EQ("new; 2:one*3", points.back().content);

    size_t at = 0;
    for (size_t size = 0; size <= keeper.disk.bytes(name).size(); size++) {
        while (at < points.size() && points[at].size <= size)
            at++;
        std::string wanted = at == 0 ? "; " : points[at - 1].content;

        ASSERT_EQ(wanted, open_cut(keeper.disk, name, size, &report)) << size;
        EXPECT_EQ(size < 36, report.n_segments == 1 && report.bytes < 36) << size;
        ASSERT_FALSE(testing::Test::HasFailure()) << size;
    }
}

TEST(Recovery, ATornTailIsToldOnce)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add("whole", {1});
    keeper.turn();
    size_t size = keeper.disk.bytes("journal-00000001").size();
    keeper.add("torn", {1});
    gmq_journal_commit(keeper.journal);
    ASSERT_TRUE(keeper.restart(50));
    EXPECT_EQ(50u - 28u, keeper.report.cut); /* its BATCH was whole */
    EXPECT_EQ(size + 28, keeper.report.cut_at);
    EXPECT_STREQ("journal-00000001", keeper.report.cut_file);
    EXPECT_EQ("1:whole", keeper.text());
    ASSERT_TRUE(keeper.restart());
    EXPECT_EQ(0u, keeper.report.cut);
}

/* Two segments and a bit. */
static void
fill(Keeper &keeper)
{
    ASSERT_TRUE(keeper.open());
    gmq_journal_set_segment_size(keeper.journal, 300);
    for (int i = 0; i < 10; i++) {
        keeper.add("message " + std::to_string(i), {1});
        keeper.turn();
    }
    EXPECT_LE(3u, keeper.disk.names().size());
}

TEST(Recovery, DamageInTheMiddleIsRefusedByPlace)
{
    Keeper keeper;
    Keeper other;

    fill(keeper);
    other.disk.put_all(keeper.disk);
    other.disk.bytes("journal-00000002")[100] ^= 4;
    std::string before = other.disk.bytes("journal-00000002");
    EXPECT_FALSE(other.open());
    EXPECT_EQ(GMQ_JOURNAL_ERROR_DAMAGED, other.code);
    EXPECT_EQ(0u, other.trouble.find("journal-00000002 is damaged at byte ")) << other.trouble;
    EXPECT_NE(std::string::npos, other.trouble.find("\"glassmq journal salvage DIR\""));
    EXPECT_EQ(before, other.disk.bytes("journal-00000002"));
}

TEST(Recovery, OnlyTheLastSegmentMayBeTorn)
{
    Keeper keeper;
    Keeper other;

    fill(keeper);
    other.disk.put_all(keeper.disk);
    other.disk.bytes("journal-00000001").pop_back();
    EXPECT_FALSE(other.open());
    EXPECT_EQ(GMQ_JOURNAL_ERROR_DAMAGED, other.code);
}

TEST(Recovery, ASegmentThatWasJustBegunIsBegunAgain)
{
    for (size_t size = 0; size <= 36; size++) {
        Keeper keeper;
        Keeper other;

        fill(keeper);
        std::string all  = keeper.text();
        std::string name = "journal-00000099";
        other.disk.put_all(keeper.disk);
        other.disk.put(name, std::string(size, 'x'));
        ASSERT_TRUE(other.open()) << size << ": " << other.trouble;
        EXPECT_EQ(size, other.report.cut);
        other.add("next", {2});
        other.turn();
        EXPECT_LT(36u, other.disk.bytes(name).size());
        ASSERT_TRUE(other.restart());
        EXPECT_EQ(10u, other.copies.size() - 1);
    }
}

static std::string
header_of(uint32_t format)
{
    uint8_t bytes[GMQ_RECORD_HEAD + GMQ_RECORD_HEADER_BODY];
    uint8_t *at = gmq_record_begin(bytes, GMQ_RECORD_HEADER, 0, 0);

    at = gmq_store_u64(at, GMQ_JOURNAL_MAGIC);
    at = gmq_store_u32(at, format);
    at = gmq_store_u32(at, 1);
    gmq_store_u64(at, 12345);
    gmq_record_finish(bytes, sizeof bytes, {}, 0);
    return {reinterpret_cast<char *>(bytes), sizeof bytes};
}

TEST(Recovery, ANewerFormatIsRefusedByName)
{
    Keeper keeper;

    keeper.disk.put("journal-00000001", header_of(2));
    EXPECT_FALSE(keeper.open());
    EXPECT_EQ(GMQ_JOURNAL_ERROR_NEWER, keeper.code);
    EXPECT_NE(std::string::npos, keeper.trouble.find("format 2")) << keeper.trouble;
}

TEST(Recovery, WhatIsNotUnderstoodIsRefused)
{
    Keeper keeper;
    g_auto(GmqBuffer) table = {};

    ASSERT_TRUE(keeper.open());
    gmq_table_add_int(&table, "unknown", 1);
    gmq_journal_add_definition(keeper.journal, gmq_buffer_slice(&table));
    keeper.turn();
    EXPECT_FALSE(keeper.restart());
    EXPECT_EQ(GMQ_JOURNAL_ERROR_CONTENT, keeper.code);
}

TEST(Recovery, OtherFilesAreLeftAlone)
{
    Keeper keeper;

    keeper.disk.put("lock", "");
    keeper.disk.put("journal-1", "x");
    keeper.disk.put("journal-00000001.bak", "x");
    ASSERT_TRUE(keeper.open());
    EXPECT_TRUE(keeper.report.is_new);
    keeper.add("one", {1});
    keeper.flush();
    EXPECT_EQ("x", keeper.disk.bytes("journal-1"));
}

TEST(Recovery, AFileThatCannotBeOpenedIsTold)
{
    Keeper keeper;

    fill(keeper);
    keeper.disk.crash();
    keeper.close();
    keeper.disk.is_shut = true;
    EXPECT_FALSE(keeper.open());
    EXPECT_EQ(GMQ_JOURNAL_ERROR_DISK, keeper.code);
}

/* A journal with only a header has nobody's things in it yet. */
TEST(Recovery, IsNewUntilTheFirstBatch)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.define("first");
    gmq_journal_commit(keeper.journal);
    keeper.complete();
    gmq_journal_commit(keeper.journal);
    ASSERT_TRUE(keeper.restart());
    EXPECT_TRUE(keeper.report.is_new);
    EXPECT_EQ(1u, keeper.report.n_segments);
}
