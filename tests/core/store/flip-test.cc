/* A journal whose disk gives back other bits than it was given: it is as it was, or is refused with
 * the file and the place; only what a crash may tear, too, may be missing from its end. */
#include <gtest/gtest.h>

#include <algorithm>

#include "core/store/scan.h"
#include "tests/core/store/keeper.h"

static const size_t header_size = GMQ_RECORD_HEAD + GMQ_RECORD_HEADER_BODY;

/* Three segments with records of all types. */
static void
fill(Keeper &keeper)
{
    ASSERT_TRUE(keeper.open());
    gmq_journal_set_segment_size(keeper.journal, 400);
    keeper.define("orders");
    uint64_t old    = keeper.define("old");
    uint64_t first  = keeper.add("first", {1, 2});
    uint64_t second = keeper.add("second", {1});
    keeper.flush();
    gmq_journal_mark_copy(keeper.journal, first, 2, 9);
    gmq_journal_drop_copy(keeper.journal, first, 1);
    gmq_journal_drop_copy(keeper.journal, second, 1);
    gmq_journal_drop_definition(keeper.journal, old);
    keeper.flush();
    for (int i = 0; i < 8; i++) {
        keeper.add("message " + std::to_string(i), {1, 2});
        keeper.flush();
    }
    keeper.define("new");
    keeper.add("last", {2});
    keeper.flush();
    EXPECT_LE(3u, keeper.disk.names().size());
}

static void
stop(Keeper &keeper)
{
    gmq_journal_stop(keeper.journal);
    keeper.turn();
    EXPECT_TRUE(gmq_journal_is_idle(keeper.journal));
}

/* What opening finds. */
struct Outcome {
    bool is_open;
    std::string content;
    std::string trouble;
    GmqJournalReport report;
};

static Outcome
open_copy(const FakeDisk &disk)
{
    Keeper keeper;
    Outcome outcome = {};

    keeper.disk.put_all(disk);
    outcome.is_open = keeper.open();
    outcome.report  = keeper.report;
    outcome.trouble = keeper.trouble;
    if (outcome.is_open) {
        outcome.content = keeper.defined() + "; " + keeper.text();
    } else {
        EXPECT_EQ(GMQ_JOURNAL_ERROR_DAMAGED, keeper.code) << keeper.trouble;
        for (const std::string &name : disk.names()) /* nothing was touched */
            EXPECT_EQ(const_cast<FakeDisk &>(disk).bytes(name), keeper.disk.bytes(name));
    }
    return outcome;
}

/* Where the records of a file begin, and where the last BATCH or END does. */
struct Places {
    std::vector<size_t> starts;
    size_t proof = 0;
};

static Places
places_of(const std::string &bytes, uint32_t number)
{
    GmqSlice slice          = {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()};
    g_autoptr(GmqScan) scan = gmq_scan_new_bytes(slice, number);
    Places places;
    GmqRecord record;

    while (gmq_scan_next(scan, &record, nullptr) == GMQ_SCAN_RECORD) {
        places.starts.push_back(gmq_scan_offset(scan));
        if (record.type == GMQ_RECORD_BATCH || record.type == GMQ_RECORD_END)
            places.proof = gmq_scan_offset(scan);
    }
    EXPECT_EQ(nullptr, gmq_scan_trouble(scan));
    return places;
}

/* Flips each bit of each file; told what came of it, the record's beginning, and whether it stands
 * where a torn tail may be. */
template <typename Check>
static void
flip_each_bit(FakeDisk &disk, Check check)
{
    for (const std::string &name : disk.names()) {
        std::string &bytes = disk.bytes(name);
        uint32_t number    = 0;
        ASSERT_TRUE(gmq_segment_number(name.c_str(), &number));
        Places places = places_of(bytes, number);
        bool is_last  = name == disk.names().back();

        for (size_t bit = 0; bit < 8 * bytes.size(); bit++) {
            size_t at    = bit / 8;
            size_t start = *(std::upper_bound(places.starts.begin(), places.starts.end(), at) - 1);
            bytes[at]    = static_cast<char>(bytes[at] ^ 1 << bit % 8);
            Outcome outcome = open_copy(disk);
            bytes[at]       = static_cast<char>(bytes[at] ^ 1 << bit % 8);
            check(outcome, name, start, is_last && start >= places.proof);
            ASSERT_FALSE(testing::Test::HasFailure()) << name << ", bit " << bit;
        }
    }
}

static void
expect_refusal(const Outcome &outcome, const std::string &name, size_t start)
{
    EXPECT_FALSE(outcome.is_open) << outcome.content;
    EXPECT_EQ(0u,
              outcome.trouble.find(name + " is damaged at byte " + std::to_string(start) + ": "))
        << outcome.trouble;
    EXPECT_NE(std::string::npos, outcome.trouble.find("glassmq journal salvage"));
}

TEST(Flip, IsRefusedAnywhereInAJournalThatWasStopped)
{
    Keeper keeper;
    fill(keeper);
    stop(keeper);
    Outcome whole = open_copy(keeper.disk);
    EXPECT_TRUE(whole.report.was_clean);
    EXPECT_NE(std::string::npos, whole.content.find("orders new; 1:message 0")) << whole.content;

    flip_each_bit(keeper.disk, [&](const Outcome &outcome, const std::string &name, size_t start,
                                   bool may_be_torn) {
        if (!may_be_torn) {
            expect_refusal(outcome, name, start);
            return;
        }
        /* The END alone: all is there, but what was delivered is not known any more. */
        EXPECT_TRUE(outcome.is_open) << outcome.trouble;
        EXPECT_FALSE(outcome.report.was_clean);
        EXPECT_EQ(whole.content, outcome.content);
        EXPECT_EQ(start, outcome.report.cut_at);
        EXPECT_EQ(name, outcome.report.cut_file);
    });
}

TEST(Flip, InTheLastBatchBeforeACrashCutsItsTail)
{
    Keeper keeper;
    fill(keeper);

    flip_each_bit(keeper.disk, [&](const Outcome &outcome, const std::string &name, size_t start,
                                   bool may_be_torn) {
        if (!may_be_torn) {
            expect_refusal(outcome, name, start);
            return;
        }
        FakeDisk shorter;
        shorter.put_all(keeper.disk);
        shorter.bytes(name).resize(start);
        EXPECT_TRUE(outcome.is_open) << outcome.trouble;
        EXPECT_EQ(open_copy(shorter).content, outcome.content);
        EXPECT_EQ(start, outcome.report.cut_at);
    });
}

TEST(Flip, InASegmentThatWasOnlyBegunLosesNothing)
{
    Keeper keeper;
    fill(keeper);
    std::string name   = keeper.disk.names().back();
    std::string header = keeper.disk.bytes(name).substr(0, header_size);

    FakeDisk shorter;
    shorter.put_all(keeper.disk);
    shorter.bytes(name) = header;
    std::string content = open_copy(shorter).content;
    for (size_t bit = 0; bit < 8 * header.size(); bit++) {
        std::string flipped = header;
        flipped[bit / 8]    = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
        shorter.bytes(name) = flipped;
        Outcome outcome     = open_copy(shorter);
        ASSERT_TRUE(outcome.is_open) << bit << ": " << outcome.trouble;
        EXPECT_EQ(content, outcome.content);
        EXPECT_EQ(name, outcome.report.cut_file);
    }
}

TEST(Prefix, OfTheLastFileIsATornTail)
{
    Keeper keeper;
    fill(keeper);
    stop(keeper);
    std::string name  = keeper.disk.names().back();
    std::string whole = keeper.disk.bytes(name);

    for (size_t size = 0; size < whole.size(); size++) {
        FakeDisk shorter;
        shorter.put_all(keeper.disk);
        shorter.bytes(name).resize(size);
        Outcome outcome = open_copy(shorter);
        ASSERT_TRUE(outcome.is_open) << size << ": " << outcome.trouble;
        EXPECT_FALSE(outcome.report.was_clean) << size;
    }
}
