#include "core/server/journal-index.h"

#include <gtest/gtest.h>

#include "core/store/scan.h"
#include "tests/core/store/segment.h"

/* Segments of one journal, and what of it counts: "id" of a definition, "id:queue/flags,..." of a
 * message, in the order of the records. */
class Journal {
  public:
    ~Journal()
    {
        gmq_journal_index_free(index);
    }

    std::string
    live(const std::vector<Segment> &segments)
    {
        std::string words;

        each(segments, [&](uint32_t number, uint64_t offset, const GmqRecord &record) {
            gmq_journal_index_add(index, number, offset, &record);
        });
        each(segments, [&](uint32_t number, uint64_t offset, const GmqRecord &record) {
            if (record.type == GMQ_RECORD_MESSAGE || record.type == GMQ_RECORD_DEFINITION)
                words += word(number, offset, record);
        });
        return words;
    }

    GmqJournalIndex *index = gmq_journal_index_new();

  private:
    template <typename Each>
    static void
    each(const std::vector<Segment> &segments, Each told)
    {
        for (size_t i = 0; i < segments.size(); i++) {
            const std::vector<uint8_t> &bytes = segments[i].bytes;
            g_autoptr(GmqScan) scan = gmq_scan_new_bytes({bytes.data(), bytes.size()}, i + 1);
            GmqRecord record;

            while (gmq_scan_next(scan, &record, nullptr) == GMQ_SCAN_RECORD)
                told(i + 1, gmq_scan_offset(scan), record);
            EXPECT_EQ(nullptr, gmq_scan_trouble(scan));
        }
    }

    std::string
    word(uint32_t number, uint64_t offset, const GmqRecord &record)
    {
        g_autoptr(GArray) copies = g_array_new(FALSE, FALSE, sizeof(GmqRecordCopy));

        if (!gmq_journal_index_is_live(index, number, offset, &record, copies))
            return "";
        std::string text = std::to_string(record.id);
        for (unsigned i = 0; i < copies->len; i++) {
            GmqRecordCopy copy = g_array_index(copies, GmqRecordCopy, i);
            text += (i == 0 ? ":" : ",") + std::to_string(copy.queue) + "/" +
                    std::to_string(copy.flags);
        }
        return text + " ";
    }
};

TEST(JournalIndex, KnowsWhatWasNotDropped)
{
    Journal journal;
    Segment segment;

    segment.definition(1, {});
    segment.definition(2, {});
    segment.message(3, {1}, "a");
    segment.message(4, {1, 2}, "b");
    segment.message(5, {1}, "c");
    segment.dropped(2, 2);
    segment.dropped(5, 1);
    EXPECT_EQ("1 4:1/7,2/7 ", journal.live({segment}));
}

TEST(JournalIndex, DropsLongRangesAcrossChunks)
{
    Journal journal;
    Segment segment;

    for (uint64_t id = 4090; id < 4100; id++)
        segment.message(id, {1}, "a");
    segment.message(9000, {1}, "b");
    segment.dropped(1, 4095);
    segment.dropped(4097, 1u << 31);
    EXPECT_EQ("4096:1/7 ", journal.live({segment}));
}

TEST(JournalIndex, FollowsCopies)
{
    Journal journal;
    Segment segment;

    segment.message(1, {1, 2, 3}, "a");
    segment.copy_marked(1, 2, 9);
    segment.copy_dropped(1, 1);
    segment.copy_marked(1, 2, 10);
    segment.message(2, {4}, "b");
    segment.copy_dropped(2, 4);
    segment.copy_dropped(77, 4);
    EXPECT_EQ("1:2/10,3/7 ", journal.live({segment}));
}

TEST(JournalIndex, CountsAMovedMessageWhereItWasMovedTo)
{
    Journal journal;
    Segment first(1, 11);
    Segment second(2, 22);

    first.message(1, {1, 2}, "a");
    first.copy_dropped(1, 1);
    second.message(1, {2}, "a");
    second.copy_marked(1, 2, 8);
    EXPECT_EQ("1:2/8 ", journal.live({first, second}));
}

TEST(JournalIndex, ForgetsWhatCameBeforeAnIdWasDropped)
{
    Journal journal;
    Segment segment;

    segment.message(1, {1}, "a");
    segment.copy_marked(1, 1, 9);
    segment.dropped(1, 1);
    EXPECT_EQ("", journal.live({segment}));
    EXPECT_EQ(1u, gmq_journal_index_id(journal.index));
}

TEST(JournalIndex, KnowsTheEndAndTheHighestNumbers)
{
    Journal journal;
    Segment segment;

    segment.batch(41);
    segment.end();
    segment.batch(42);
    segment.dropped(100, 3);
    EXPECT_EQ("", journal.live({segment}));
    EXPECT_FALSE(gmq_journal_index_was_stopped(journal.index));
    EXPECT_EQ(42u, gmq_journal_index_batch(journal.index));
    EXPECT_EQ(102u, gmq_journal_index_id(journal.index));
}

TEST(JournalIndex, KnowsAnOrderlyEnd)
{
    Journal journal;
    Segment segment;

    segment.batch(1);
    segment.end();
    EXPECT_EQ("", journal.live({segment}));
    EXPECT_TRUE(gmq_journal_index_was_stopped(journal.index));
}
