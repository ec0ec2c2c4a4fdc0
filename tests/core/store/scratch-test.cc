/* Bytes that leave memory for a while: against a map of what was put. */
#include "core/store/scratch.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "core/base/limits.h"
#include "tests/core/chance.h"
#include "tests/core/fake-disk.h"
#include "tests/core/fake-host.h"

class Scratch : public testing::Test {
  protected:
    Scratch()
    {
        fake.host()->disk = disk.disk();
        scratch           = gmq_scratch_new(fake.host());
    }

    ~Scratch() override
    {
        gmq_scratch_free(scratch);
    }

    Scratch(const Scratch &)            = delete;
    Scratch &operator=(const Scratch &) = delete;

    uint64_t
    put(const std::string &text)
    {
        GmqSlice parts[] = {{reinterpret_cast<const uint8_t *>(text.data()), text.size() / 2},
                            {reinterpret_cast<const uint8_t *>(text.data()) + text.size() / 2,
                             text.size() - text.size() / 2}};

        return gmq_scratch_put(scratch, parts, 2);
    }

    /* What is read; with "! " before it when that is an error. */
    std::string
    read(uint64_t number)
    {
        g_autoptr(GError) error = nullptr;
        GmqSlice bytes          = {};

        if (!gmq_scratch_read(scratch, number, &bytes, &error))
            return std::string("! ") + error->message;
        return FakeHost::to_string(bytes);
    }

    bool
    complete_one(GmqDiskResult result = GMQ_DISK_DONE, size_t some_bytes = 0)
    {
        return disk.complete_one(
            [&](uint64_t ticket, GmqDiskResult is) {
                EXPECT_NE(0u, ticket & GMQ_SCRATCH_TICKET);
                gmq_scratch_stored(scratch, ticket, is);
            },
            result, some_bytes);
    }

    /* Writes all that was put. */
    void
    write_all()
    {
        do
            gmq_scratch_commit(scratch);
        while (complete_one());
    }

    /* Segments are full at once: a record goes into the next one. */
    uint64_t
    put_alone(const std::string &text)
    {
        write_all();
        uint64_t number = put(text);
        write_all();
        return number;
    }

    FakeHost fake;
    FakeDisk disk;
    GmqScratch *scratch;
};

TEST_F(Scratch, GivesBackWhatWasPut)
{
    uint64_t first  = put("first");
    uint64_t second = put("");
    uint64_t third  = put(std::string(200000, 'x') + "third");

    for (int when = 0; when < 3; when++) {
        EXPECT_EQ("first", read(first)) << when;
        EXPECT_EQ("", read(second)) << when;
        EXPECT_EQ(std::string(200000, 'x') + "third", read(third)) << when;
        if (when == 0) /* it is under way then, and at last it is written */
            gmq_scratch_commit(scratch);
        else
            complete_one();
    }
    EXPECT_EQ(std::vector<std::string>{"scratch-00000001"}, disk.names());
    EXPECT_EQ(3u, gmq_scratch_length(scratch));
}

TEST_F(Scratch, ReadsManyRecordsAtOnce)
{
    std::vector<uint64_t> numbers;

    for (int i = 0; i < 1000; i++)
        numbers.push_back(put(std::string(1000, 'x')));
    write_all();
    for (uint64_t number : numbers)
        ASSERT_EQ(std::string(1000, 'x'), read(number));
    EXPECT_LT(disk.n_reads, 12u); /* 256 KiB, and those that lie across two pieces */
}

TEST_F(Scratch, RemovesAFileWhenNothingInItIsWanted)
{
    gmq_scratch_set_segment_size(scratch, 1);
    uint64_t one   = put_alone("one");
    uint64_t two   = put_alone("two");
    uint64_t three = put_alone("three");

    EXPECT_EQ(3u, disk.names().size());
    gmq_scratch_drop(scratch, two);
    write_all();
    EXPECT_EQ((std::vector<std::string>{"scratch-00000001", "scratch-00000003"}), disk.names());
    gmq_scratch_drop(scratch, one);
    EXPECT_EQ("three", read(three));
    uint64_t four = put_alone("four");
    EXPECT_EQ("four", read(four));
    gmq_scratch_drop(scratch, three);
    gmq_scratch_drop(scratch, four);
    write_all();
    EXPECT_EQ(0u, disk.names().size());
    EXPECT_EQ("five", read(put_alone("five")));
}

TEST_F(Scratch, DropsWhatIsNotWrittenYet)
{
    uint64_t one = put("one");
    uint64_t two = put("two");

    gmq_scratch_drop(scratch, one);
    gmq_scratch_commit(scratch);
    gmq_scratch_drop(scratch, two);
    write_all();
    EXPECT_EQ(0u, disk.names().size());
    EXPECT_EQ(0u, disk.n_open());
}

TEST_F(Scratch, HasRoomForSoMuchAtATime)
{
    std::string large(GMQ_SCRATCH_BYTES_MAX, 'x');

    EXPECT_FALSE(gmq_scratch_is_writing(scratch));
    put(large);
    EXPECT_FALSE(gmq_scratch_has_room(scratch));
    gmq_scratch_commit(scratch);
    EXPECT_TRUE(gmq_scratch_is_writing(scratch));
    EXPECT_TRUE(gmq_scratch_has_room(scratch));
    put(large);
    gmq_scratch_commit(scratch);
    EXPECT_FALSE(gmq_scratch_has_room(scratch));
    complete_one();
    EXPECT_FALSE(gmq_scratch_has_room(scratch));
    gmq_scratch_commit(scratch);
    EXPECT_TRUE(gmq_scratch_has_room(scratch));
    write_all();
}

TEST_F(Scratch, KeepsInMemoryWhatAFullDiskDoesNotTake)
{
    uint64_t one = put("one");
    write_all();
    uint64_t two = put("two");
    gmq_scratch_commit(scratch);
    complete_one(GMQ_DISK_FULL, 5);
    EXPECT_FALSE(gmq_scratch_has_room(scratch));
    EXPECT_FALSE(gmq_scratch_is_writing(scratch));
    EXPECT_EQ("one", read(one));
    EXPECT_EQ("two", read(two));
    EXPECT_EQ(fake.now_ns + GMQ_DISK_RETRY_MS * INT64_C(1000000), gmq_scratch_deadline(scratch));

    gmq_scratch_commit(scratch); /* too early */
    EXPECT_EQ(0u, disk.n_pending());
    fake.advance_ms(GMQ_DISK_RETRY_MS);
    write_all();
    EXPECT_TRUE(gmq_scratch_has_room(scratch));
    EXPECT_EQ(INT64_MAX, gmq_scratch_deadline(scratch));
    EXPECT_EQ("one", read(one));
    EXPECT_EQ("two", read(two));
    EXPECT_EQ("three", read(put_alone("three")));
}

TEST_F(Scratch, TakesNothingMoreWhenTheDiskHasFailed)
{
    uint64_t one = put("one");
    write_all();
    uint64_t two = put("two");
    gmq_scratch_commit(scratch);
    uint64_t three = put("three");
    complete_one(GMQ_DISK_FAILED, 5);
    write_all();
    EXPECT_FALSE(gmq_scratch_has_room(scratch));
    EXPECT_EQ("one", read(one));
    EXPECT_EQ("two", read(two));
    EXPECT_EQ("three", read(three));
    for (uint64_t number : {one, two, three})
        gmq_scratch_drop(scratch, number);
    EXPECT_EQ(0u, gmq_scratch_length(scratch));
}

TEST_F(Scratch, TakesNothingMoreWhenNoFileCanBeMade)
{
    disk.is_shut = true;
    uint64_t one = put("one");
    write_all();
    EXPECT_FALSE(gmq_scratch_has_room(scratch));
    EXPECT_EQ("one", read(one));
}

TEST_F(Scratch, SaysWhenTheDiskGivesBackOtherBytes)
{
    gmq_scratch_set_segment_size(scratch, 1);
    for (size_t i = 0; i < 8 + 9; i++) {
        uint64_t number  = put_alone("something");
        std::string name = disk.names().back();

        disk.bytes(name)[i] ^= 4;
        EXPECT_EQ("! " + name + ": what is read at 0 is not what was written", read(number));
    }
}

TEST_F(Scratch, RemovesWhatAnotherProcessLeft)
{
    put_alone("one");
    disk.put("scratch-00000077", "left");
    disk.put("journal-00000001", "kept");
    gmq_scratch_free(scratch);
    scratch = gmq_scratch_new(fake.host());
    write_all();
    EXPECT_EQ(std::vector<std::string>{"journal-00000001"}, disk.names());
}

TEST_F(Scratch, RemovesItsFilesBeforeWhatIsAskedForNext)
{
    gmq_scratch_set_segment_size(scratch, 1);
    put_alone("one");
    put_alone("two");
    put("three");
    gmq_scratch_commit(scratch);
    gmq_scratch_end(scratch);
    EXPECT_EQ(0u, gmq_scratch_length(scratch));
    EXPECT_FALSE(gmq_scratch_has_room(scratch));
    complete_one(); /* what was under way */
    gmq_scratch_commit(scratch);
    EXPECT_EQ(0u, disk.n_pending());
    EXPECT_EQ(0u, disk.names().size());
    EXPECT_EQ(0u, disk.n_open());
}

TEST_F(Scratch, OpensFewFilesAtATime)
{
    std::vector<uint64_t> numbers;

    gmq_scratch_set_segment_size(scratch, 1);
    for (int i = 0; i < 100; i++)
        numbers.push_back(put_alone(std::to_string(i)));
    EXPECT_LT(disk.n_open(), 20u);
    for (size_t i = 0; i < 100; i++)
        EXPECT_EQ(std::to_string(i), read(numbers[i]));
    EXPECT_LT(disk.n_open(), 20u);
}

TEST_F(Scratch, DoesWhatAMapDoes)
{
    Chance chance(7);
    std::map<uint64_t, std::string> model;
    uint64_t highest = 0;

    gmq_scratch_set_segment_size(scratch, 100000);
    for (int step = 0; step < 30000; step++) {
        size_t what = chance.below(100);

        if (what < (step < 20000 ? 45u : 20u)) {
            if (!gmq_scratch_has_room(scratch))
                continue;
            std::string text =
                chance.bytes(chance.one_in(50) ? chance.below(150000) : chance.below(500));
            uint64_t number = put(text);
            ASSERT_LT(highest, number + 1);
            highest       = number;
            model[number] = text;
        } else if (what < 80) {
            auto some = model.lower_bound(chance.below(highest + 1));
            if (some == model.end())
                continue;
            ASSERT_EQ(some->second, read(some->first));
            if (chance.one_in(2))
                continue;
            gmq_scratch_drop(scratch, some->first);
            model.erase(some);
        } else if (what < 90) {
            gmq_scratch_commit(scratch);
        } else if (what < 98) {
            complete_one();
        } else if (disk.n_pending() > 0) {
            complete_one(GMQ_DISK_FULL, 1);
            fake.advance_ms(GMQ_DISK_RETRY_MS / 2);
        }
        ASSERT_EQ(model.size(), gmq_scratch_length(scratch));
    }
    for (const auto &[number, text] : model) {
        ASSERT_EQ(text, read(number));
        gmq_scratch_drop(scratch, number);
    }
    fake.advance_ms(GMQ_DISK_RETRY_MS);
    write_all();
    write_all();
    EXPECT_EQ(0u, disk.names().size());
}
