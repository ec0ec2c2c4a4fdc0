#include "sim/disk.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/store/record.h"

namespace {

constexpr int64_t ms = 1000000;

/* A record as the journal writes them: its size stands behind four bytes. */
std::string
record(size_t size, char fill)
{
    std::string bytes(size, fill);

    bytes[4] = bytes[5] = bytes[6] = 0;
    bytes[7]                       = (char)size;
    return bytes;
}

/* A disk that writes in 1 ms and syncs in 10 ms, and what it answered when. */
class SimDisk : public testing::Test {
  protected:
    void
    SetUp() override
    {
        schedule = gmq_schedule_new();
        begin(1);
    }

    void
    TearDown() override
    {
        gmq_sim_disk_free(disk);
        gmq_schedule_free(schedule);
    }

    void
    begin(uint64_t seed)
    {
        gmq_sim_disk_free(disk);
        disk = gmq_sim_disk_new(schedule, seed, on_stored, this);
        host = gmq_sim_disk_host(disk);
        gmq_sim_disk_set_times(disk, 1 * ms, 10 * ms);
    }

    static void
    on_stored(void *user, uint64_t ticket, GmqDiskResult result)
    {
        auto *test = static_cast<SimDisk *>(user);

        test->times[ticket]   = gmq_schedule_now(test->schedule) / ms;
        test->results[ticket] = result;
    }

    GmqFile *
    open(const char *name, bool create = true)
    {
        g_autoptr(GError) error = NULL;
        GmqFile *file           = host->open(host, name, create, &error);

        problem = error == NULL ? "" : error->message;
        return file;
    }

    void
    append(GmqFile *file, const std::string &bytes, bool sync = true)
    {
        kept.push_back(std::make_unique<std::string>(bytes));
        GmqSlice slices[2] = {{(const uint8_t *)kept.back()->data(), 1},
                              {(const uint8_t *)kept.back()->data() + 1, bytes.size() - 1}};

        host->append(host, file, slices, 2, sync, ++ticket);
    }

    /* Lets everything be done. */
    void
    finish()
    {
        while (gmq_schedule_step(schedule)) {
        }
    }

    void
    wait_until(int64_t time_ms)
    {
        while (gmq_schedule_next_time(schedule) <= time_ms * ms)
            gmq_schedule_step(schedule);
    }

    std::string
    text(GmqFile *file)
    {
        std::string bytes(host->size(host, file), '\0');

        EXPECT_TRUE(host->read(host, file, 0, (uint8_t *)bytes.data(), bytes.size(), NULL));
        return bytes;
    }

    std::vector<std::string>
    names()
    {
        g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
        std::vector<std::string> all;

        EXPECT_TRUE(host->list(host, list, NULL));
        for (unsigned i = 0; i < list->len; i++)
            all.push_back((const char *)list->pdata[i]);
        return all;
    }

    bool
    has(const char *bytes) const
    {
        return gmq_sim_disk_has(disk, gmq_slice_of(bytes));
    }

    GmqSchedule *schedule = nullptr;
    GmqSimDisk *disk      = nullptr;
    GmqDisk *host         = nullptr;
    uint64_t ticket       = 0;
    std::map<uint64_t, int64_t> times;
    std::map<uint64_t, GmqDiskResult> results;
    std::vector<std::unique_ptr<std::string>> kept;
    std::string problem;
};

} // namespace

TEST_F(SimDisk, ListsItsFilesByName)
{
    open("b");
    open("a");
    open("c");
    EXPECT_EQ((std::vector<std::string>{"a", "b", "c"}), names());
}

TEST_F(SimDisk, SaysWhatCannotBeOpened)
{
    EXPECT_EQ(nullptr, open("a", false));
    EXPECT_EQ("a does not exist", problem);
    GmqFile *file = open("a");
    EXPECT_NE(nullptr, file);
    EXPECT_EQ(nullptr, open("a"));
    EXPECT_EQ("a exists", problem);
    EXPECT_EQ(file, open("a", false));
}

TEST_F(SimDisk, DoesOneThingAfterTheOtherAndTakesItsTime)
{
    GmqFile *file = open("a");

    append(file, "one");
    append(file, "two", false);
    append(file, "three");
    EXPECT_TRUE(times.empty());
    EXPECT_EQ(0u, host->size(host, file));
    finish();
    EXPECT_EQ((std::map<uint64_t, int64_t>{{1, 11}, {2, 12}, {3, 23}}), times);
    EXPECT_EQ("onetwothree", text(file));
    EXPECT_EQ(2u, gmq_sim_disk_syncs(disk));
}

TEST_F(SimDisk, ReadsWhatIsThereAndNothingElse)
{
    g_autoptr(GError) error = NULL;
    GmqFile *file           = open("a");
    uint8_t room[4];

    append(file, "abcdef");
    finish();
    ASSERT_TRUE(host->read(host, file, 2, room, 4, NULL));
    EXPECT_EQ(0, memcmp(room, "cdef", 4));
    EXPECT_FALSE(host->read(host, file, 3, room, 4, &error));
    EXPECT_STREQ("a ends before byte 7", error->message);
}

TEST_F(SimDisk, RemovesInOrder)
{
    open("a");
    GmqFile *file = open("b");

    append(file, "x");
    host->remove(host, "a");
    append(file, "y");
    wait_until(11);
    EXPECT_EQ((std::vector<std::string>{"a", "b"}), names());
    wait_until(12);
    EXPECT_EQ((std::vector<std::string>{"b"}), names());
    EXPECT_EQ(nullptr, open("a", false));
    EXPECT_NE(nullptr, open("a"));
}

TEST_F(SimDisk, OnlyASyncMakesBytesDurable)
{
    GmqFile *file = open("a");

    append(file, "first");
    append(file, "second", false);
    wait_until(10);
    EXPECT_FALSE(has("first"));
    wait_until(11);
    EXPECT_TRUE(has("first"));
    finish();
    EXPECT_FALSE(has("second"));
    append(file, "third");
    finish();
    EXPECT_TRUE(has("firstsecondthird"));
}

/* ---- crashes ---- */

TEST_F(SimDisk, ACrashOfAProcessLosesWhatIsNotWritten)
{
    GmqFile *file = open("a");

    append(file, "first");
    append(file, "second");
    append(file, "third");
    wait_until(12);
    gmq_sim_disk_crash(disk, GMQ_LOSE_NOTHING, false);
    EXPECT_EQ("firstsecond", text(file));
    EXPECT_FALSE(has("second"));
    finish();
    EXPECT_EQ((std::map<uint64_t, int64_t>{{1, 11}}), times);
}

TEST_F(SimDisk, APowerCutLosesWhatIsNotSynced)
{
    GmqFile *file = open("a");

    append(file, "first");
    append(file, "second");
    wait_until(12);
    gmq_sim_disk_crash(disk, GMQ_LOSE_UNSYNCED, false);
    EXPECT_EQ("first", text(file));
}

TEST_F(SimDisk, ANameIsDurableWithItsFirstSync)
{
    append(open("a"), "x");
    finish();
    append(open("b"), "y", false);
    finish();
    gmq_sim_disk_crash(disk, GMQ_LOSE_UNSYNCED, false);
    EXPECT_EQ((std::vector<std::string>{"a"}), names());
}

TEST_F(SimDisk, ACutOfAFileIsDurableAtOnce)
{
    GmqFile *file = open("a");

    append(file, "abcdef");
    append(file, "ghi", false);
    finish();
    ASSERT_TRUE(host->truncate(host, file, 7, NULL));
    EXPECT_EQ("abcdefg", text(file));
    ASSERT_TRUE(host->truncate(host, file, 2, NULL));
    gmq_sim_disk_crash(disk, GMQ_LOSE_UNSYNCED, false);
    EXPECT_EQ("ab", text(file));
}

/* Which of the texts are left, over many seeds. */
TEST_F(SimDisk, SomeUnsyncedRecordsGoFromAnyOfThemOn)
{
    const std::string records[] = {record(20, 'a'), record(30, 'b'), record(40, 'c')};
    std::set<std::string> found;

    for (uint64_t seed = 1; seed <= 100; seed++) {
        begin(seed);
        GmqFile *file = open("j");
        append(file, "old");
        finish();
        append(file, records[0] + records[1] + records[2]);
        gmq_sim_disk_crash(disk, GMQ_LOSE_SOME, false);
        found.insert(text(file));
    }
    EXPECT_EQ((std::set<std::string>{"old", "old" + records[0], "old" + records[0] + records[1],
                                     "old" + records[0] + records[1] + records[2]}),
              found);
}

TEST_F(SimDisk, ATornRecordIsAPartOfTheFirstThatIsLost)
{
    const std::string records = record(20, 'a') + record(30, 'b');
    std::set<size_t> sizes;

    for (uint64_t seed = 1; seed <= 300; seed++) {
        begin(seed);
        GmqFile *file = open("j");
        append(file, records);
        wait_until(1);
        gmq_sim_disk_crash(disk, GMQ_LOSE_UNSYNCED, false);
        EXPECT_TRUE(names().empty());

        file = open("j");
        append(file, "old");
        finish();
        append(file, records);
        gmq_sim_disk_crash(disk, GMQ_LOSE_UNSYNCED, true);
        EXPECT_EQ(records.substr(0, text(file).size() - 3), text(file).substr(3));
        sizes.insert(text(file).size() - 3);
    }
    EXPECT_EQ(19u, sizes.size());
    EXPECT_EQ(1u, *sizes.begin());
    EXPECT_EQ(19u, *sizes.rbegin());
}

TEST_F(SimDisk, ACutLeavesExactlySoManySteps)
{
    for (uint64_t n = 0; n <= 9; n++) {
        begin(1);
        GmqFile *file = open("a");
        append(file, "one");
        finish();
        append(file, "two", false);
        finish();
        append(open("b"), "four");
        host->remove(host, "a");
        EXPECT_EQ(9u, gmq_sim_disk_steps(disk));
        gmq_sim_disk_cut(disk, n);
        EXPECT_EQ(n < 9, open("a", false) != NULL);
        EXPECT_EQ(n >= 4, open("b", false) != NULL);
        if (n < 9) {
            EXPECT_EQ(std::string("onetwo").substr(0, 3 + MIN(n, 3)), text(file));
        }
        if (n >= 4) {
            EXPECT_EQ(std::string("four").substr(0, n - 4), text(open("b", false)));
        }
        EXPECT_EQ(0u, gmq_sim_disk_steps(disk));
    }
}

/* ---- trouble ---- */

TEST_F(SimDisk, AFullDiskSaysSoAndLeavesAPartBehind)
{
    std::set<std::string> found;

    for (uint64_t seed = 1; seed <= 50; seed++) {
        begin(seed);
        GmqFile *file = open("a");
        EXPECT_LT(0u, host->free_space(host));
        gmq_sim_disk_set_full(disk, true);
        EXPECT_EQ(0u, host->free_space(host));
        append(file, "abc");
        finish();
        EXPECT_EQ(GMQ_DISK_FULL, results[ticket]);
        found.insert(text(file));
        EXPECT_EQ(nullptr, open("b"));
        EXPECT_EQ("b cannot be made: no space", problem);

        gmq_sim_disk_set_full(disk, false);
        ASSERT_TRUE(host->truncate(host, file, 0, NULL));
        append(file, "abc");
        finish();
        EXPECT_EQ(GMQ_DISK_DONE, results[ticket]);
        EXPECT_EQ("abc", text(file));
    }
    EXPECT_EQ((std::set<std::string>{"", "a", "ab", "abc"}), found);
}

TEST_F(SimDisk, AWriteMayFailOnce)
{
    GmqFile *file = open("a");

    gmq_sim_disk_set_failing(disk, GMQ_FAIL_WRITE, true);
    append(file, "abc");
    append(file, "def");
    finish();
    EXPECT_EQ(GMQ_DISK_FAILED, results[1]);
    EXPECT_EQ(GMQ_DISK_DONE, results[2]);
}

TEST_F(SimDisk, WhatAFailedSyncCoveredIsNeverDurable)
{
    GmqFile *file = open("a");

    gmq_sim_disk_set_failing(disk, GMQ_FAIL_SYNC, true);
    append(file, "abc");
    append(file, "def");
    finish();
    EXPECT_EQ(GMQ_DISK_FAILED, results[1]);
    EXPECT_EQ(GMQ_DISK_DONE, results[2]);
    EXPECT_EQ("abcdef", text(file));
    EXPECT_FALSE(has("abc"));
    EXPECT_FALSE(has("def"));
}

TEST_F(SimDisk, FailuresGoOnUntilTheyEnd)
{
    GmqFile *file = open("a");

    gmq_sim_disk_set_failing(disk, GMQ_FAIL_SYNC, false);
    append(file, "a");
    append(file, "b");
    append(file, "c", false);
    finish();
    gmq_sim_disk_set_failing(disk, GMQ_FAIL_NOTHING, false);
    append(file, "d");
    finish();
    EXPECT_EQ(GMQ_DISK_FAILED, results[1]);
    EXPECT_EQ(GMQ_DISK_FAILED, results[2]);
    EXPECT_EQ(GMQ_DISK_DONE, results[3]);
    EXPECT_EQ(GMQ_DISK_DONE, results[4]);
}

TEST_F(SimDisk, ADiskThatLiesSyncsNothing)
{
    GmqFile *file = open("a");

    append(file, "true");
    finish();
    gmq_sim_disk_set_lying(disk, true);
    append(file, "lie");
    finish();
    EXPECT_EQ(GMQ_DISK_DONE, results[2]);
    EXPECT_FALSE(has("lie"));
    gmq_sim_disk_crash(disk, GMQ_LOSE_UNSYNCED, false);
    EXPECT_EQ("true", text(file));
}

TEST_F(SimDisk, AFlippedBitIsReadAndNotWritten)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        begin(seed);
        EXPECT_FALSE(gmq_sim_disk_flip(disk, GMQ_PART_OLD));
        GmqFile *file = open("a");
        append(file, "old");
        finish();
        EXPECT_FALSE(gmq_sim_disk_flip(disk, GMQ_PART_UNSYNCED));
        append(file, "new", false);
        finish();
        ASSERT_TRUE(gmq_sim_disk_flip(disk, GMQ_PART_OLD));
        EXPECT_NE("old", text(file).substr(0, 3));
        EXPECT_EQ("new", text(file).substr(3));
        ASSERT_TRUE(gmq_sim_disk_flip(disk, GMQ_PART_UNSYNCED));
        EXPECT_NE("new", text(file).substr(3));
        EXPECT_TRUE(has("old"));
        ASSERT_TRUE(host->truncate(host, file, 0, NULL));
        append(file, "oldnew");
        finish();
        EXPECT_EQ("oldnew", text(file));
    }
}

TEST_F(SimDisk, WhatSurvivedACrashBySheerLuckIsNotOld)
{
    GmqFile *file = open("a");

    append(file, "old");
    finish();
    append(file, "new");
    wait_until(20);
    gmq_sim_disk_cut(disk, 3);
    EXPECT_EQ("oldnew", text(file));
    EXPECT_TRUE(has("oldnew"));
    ASSERT_TRUE(gmq_sim_disk_flip(disk, GMQ_PART_UNSYNCED));
    EXPECT_EQ("old", text(file).substr(0, 3));
}

TEST_F(SimDisk, WhatIsLentMustNotChange)
{
    GmqFile *file = open("a");

    append(file, "abc");
    (*kept[0])[0] = 'x';
    EXPECT_DEATH(finish(), "hash_step");
}
