#include "core/store/record.h"

#include <gtest/gtest.h>

#include "core/base/limits.h"
#include "core/wire/reader.h"
#include "core/wire/table.h"
#include "tests/core/store/segment.h"

static std::string
text_of(GmqSlice slice)
{
    return slice.size == 0 ? std::string()
                           : std::string(reinterpret_cast<const char *>(slice.data), slice.size);
}

/* The last record of a segment. */
static const char *
decode_last(const Segment &segment, GmqRecord *record)
{
    size_t start = segment.starts.back();

    return gmq_record_decode({&segment.bytes[start], segment.bytes.size() - start}, segment.seed,
                             record);
}

TEST(Record, GivesBackEachType)
{
    g_auto(GmqBuffer) table = {};
    Segment segment(7);
    GmqRecord record;

    ASSERT_EQ(nullptr, decode_last(segment, &record));
    EXPECT_EQ(GMQ_RECORD_HEADER, record.type);
    EXPECT_EQ(7u, record.number);
    EXPECT_EQ(1u, record.format);
    EXPECT_EQ(segment.salt, record.salt);

    segment.batch(9);
    ASSERT_EQ(nullptr, decode_last(segment, &record));
    EXPECT_EQ(GMQ_RECORD_BATCH, record.type);
    EXPECT_EQ(9u, record.number);
    EXPECT_EQ(segment.salt, record.salt);

    gmq_table_add_int(&table, "n", 4);
    segment.definition(3, gmq_buffer_slice(&table));
    ASSERT_EQ(nullptr, decode_last(segment, &record));
    EXPECT_EQ(GMQ_RECORD_DEFINITION, record.type);
    EXPECT_EQ(3u, record.id);
    EXPECT_TRUE(gmq_slice_equal(gmq_buffer_slice(&table), record.bytes));

    segment.message(4, {11, 12}, "hello", 5);
    ASSERT_EQ(nullptr, decode_last(segment, &record));
    EXPECT_EQ(GMQ_RECORD_MESSAGE, record.type);
    EXPECT_EQ(4u, record.id);
    EXPECT_EQ(1004u, record.number);
    EXPECT_EQ(5u, record.body_size);
    EXPECT_EQ(3, record.priority);
    EXPECT_EQ(5, record.marks);
    EXPECT_EQ("hello", text_of(record.bytes));
    ASSERT_EQ(2u, record.count);
    EXPECT_EQ(12u, gmq_record_copy(&record, 1).queue);
    EXPECT_EQ(7u, gmq_record_copy(&record, 1).flags);
    EXPECT_EQ(INT64_MAX, gmq_record_copy(&record, 1).expires_ms);

    segment.dropped(5, 6);
    ASSERT_EQ(nullptr, decode_last(segment, &record));
    EXPECT_EQ(5u, gmq_record_range(&record, 0).first);
    EXPECT_EQ(6u, gmq_record_range(&record, 0).n);

    segment.copy_dropped(8, 9);
    ASSERT_EQ(nullptr, decode_last(segment, &record));
    EXPECT_EQ(8u, gmq_record_change(&record, 0).id);
    EXPECT_EQ(9u, gmq_record_change(&record, 0).queue);

    segment.copy_marked(8, 9, 10);
    ASSERT_EQ(nullptr, decode_last(segment, &record));
    EXPECT_EQ(8u, gmq_record_change(&record, 0).id);
    EXPECT_EQ(9u, gmq_record_change(&record, 0).queue);
    EXPECT_EQ(10u, gmq_record_change(&record, 0).flags);

    segment.end();
    ASSERT_EQ(nullptr, decode_last(segment, &record));
    EXPECT_EQ(GMQ_RECORD_END, record.type);
    EXPECT_EQ(segment.salt, record.salt);
}

TEST(Record, HasTheChecksumOfItsSegmentAlone)
{
    Segment segment;
    GmqRecord record;

    segment.message(1, {1}, "hello");
    size_t start = segment.starts.back();
    GmqSlice bytes{&segment.bytes[start], segment.bytes.size() - start};
    EXPECT_EQ(nullptr, gmq_record_decode(bytes, segment.seed, &record));
    EXPECT_STREQ("has a wrong checksum", gmq_record_decode(bytes, segment.seed + 1, &record));
    EXPECT_STREQ("has a wrong checksum", gmq_record_decode(bytes, 0, &record));
}

/* Records whose checksum is right and whose content is not. */
struct Wrong {
    unsigned type;
    unsigned flags;
    unsigned count;
    size_t body;  /* bytes of it */
    uint8_t fill; /* each of them */
    const char *words;
};

class WrongRecord : public testing::TestWithParam<Wrong> {};

TEST_P(WrongRecord, IsNotTaken)
{
    const Wrong &wrong     = GetParam();
    g_auto(GmqBuffer) body = {};
    Segment segment;
    GmqRecord record;

    for (size_t i = 0; i < wrong.body; i++)
        gmq_buffer_add_u8(&body, wrong.fill);
    segment.add(wrong.type, wrong.count, body, "", wrong.flags);
    EXPECT_STREQ(wrong.words, decode_last(segment, &record));
}

static const char content[] = "has a content that does not fit its type";

INSTANTIATE_TEST_SUITE_P(
    Each, WrongRecord,
    testing::Values(Wrong{0, 0, 0, 8, 1, "is of a type that is not known"},
                    Wrong{9, 0, 0, 8, 1, "is of a type that is not known"},
                    Wrong{255, 0, 0, 8, 1, "is of a type that is not known"},
                    Wrong{GMQ_RECORD_END, 2, 0, 8, 1, "has flags that are not known"},
                    Wrong{GMQ_RECORD_END, 0, 1, 8, 1, "has a count that its type has not"},
                    Wrong{GMQ_RECORD_HEADER, 0, 0, 24, 1, content}, /* magic */
                    Wrong{GMQ_RECORD_HEADER, 0, 0, 23, 1, content},
                    Wrong{GMQ_RECORD_BATCH, 0, 0, 15, 1, content},
                    Wrong{GMQ_RECORD_BATCH, 0, 0, 17, 1, content},
                    Wrong{GMQ_RECORD_END, 0, 0, 0, 1, content},
                    Wrong{GMQ_RECORD_DEFINITION, 0, 0, 7, 1, content},
                    Wrong{GMQ_RECORD_DEFINITION, 0, 0, 8, 0, content},  /* id 0 */
                    Wrong{GMQ_RECORD_DEFINITION, 0, 0, 10, 1, content}, /* no table */
                    Wrong{GMQ_RECORD_MESSAGE, 0, 0, 23, 0, content},
                    Wrong{GMQ_RECORD_MESSAGE, 0, 0, 24, 1, content}, /* not 0 */
                    Wrong{GMQ_RECORD_MESSAGE, 0, 0, 24, 0, content}, /* id 0 */
                    Wrong{GMQ_RECORD_MESSAGE, 0, 2, 55, 0, content}, /* copies */
                    Wrong{GMQ_RECORD_MESSAGE, 0, 65535, 99, 0, content},
                    Wrong{GMQ_RECORD_DROPPED, 0, 2, 12, 1, content},
                    Wrong{GMQ_RECORD_DROPPED, 0, 1, 13, 1, content},
                    Wrong{GMQ_RECORD_DROPPED, 0, 1, 12, 0, content},    /* none, from 0 */
                    Wrong{GMQ_RECORD_DROPPED, 0, 1, 12, 0xff, content}, /* beyond all ids */
                    Wrong{GMQ_RECORD_COPY_DROPPED, 0, 65535, 12, 1, content},
                    Wrong{GMQ_RECORD_COPY_MARKED, 0, 2, 31, 1, content}));

TEST(Record, TakesDefinitionsWithTablesAsDeepAsTheyMayBe)
{
    for (unsigned depth = GMQ_TABLE_DEPTH_MAX - 2; depth < GMQ_TABLE_DEPTH_MAX + 2; depth++) {
        g_auto(GmqBuffer) arguments = {};
        Segment segment;
        GmqRecord record;

        for (unsigned i = 0; i < depth; i++) {
            GmqBuffer outer = {};
            gmq_table_add_table(&outer, "t", gmq_buffer_slice(&arguments));
            gmq_buffer_clear(&arguments);
            arguments = outer;
        }
        bool is_right = gmq_table_check(gmq_buffer_slice(&arguments));
        EXPECT_EQ(depth < GMQ_TABLE_DEPTH_MAX, is_right);
        GmqBuffer outer = {};
        gmq_table_add_table(&outer, "arguments", gmq_buffer_slice(&arguments));
        segment.definition(1, gmq_buffer_slice(&outer));
        gmq_buffer_clear(&outer);
        EXPECT_EQ(is_right, decode_last(segment, &record) == nullptr);
    }
}

TEST(Record, IsExactlyAsLongAsItSays)
{
    Segment segment;
    GmqRecord record;

    segment.end();
    size_t start = segment.starts.back();
    segment.bytes.push_back(0);
    for (size_t size = 0; size <= 21; size++) {
        const char *wrong = gmq_record_decode({&segment.bytes[start], size}, segment.seed, &record);
        EXPECT_STREQ(size == 20 ? nullptr : "has a wrong size", wrong) << size;
    }
}

TEST(Record, ClosesOverBytesThatStandElsewhere)
{
    Segment together;
    uint8_t head[GMQ_RECORD_HEAD + GMQ_RECORD_END_BODY];

    together.end();
    uint8_t *at = gmq_record_begin(head, GMQ_RECORD_END, 0, 0);
    uint8_t salt[8];
    gmq_store_u64(salt, together.salt);
    gmq_record_finish(head, (size_t)(at - head), {salt, 8}, together.seed);
    EXPECT_EQ(0, memcmp(head, &together.bytes[together.starts.back()], GMQ_RECORD_HEAD));
}

TEST(Record, SaysNamesOfTypes)
{
    EXPECT_STREQ("HEADER", gmq_record_type_name(GMQ_RECORD_HEADER));
    EXPECT_STREQ("COPY_MARKED", gmq_record_type_name(GMQ_RECORD_COPY_MARKED));
}

TEST(SegmentName, IsANumberAndBack)
{
    char name[GMQ_SEGMENT_NAME_SIZE];
    uint32_t number = 0;

    for (uint32_t wanted : {1u, 99999999u, 100000000u, UINT32_MAX}) {
        gmq_segment_name(wanted, name);
        EXPECT_TRUE(gmq_segment_number(name, &number));
        EXPECT_EQ(wanted, number);
    }
    gmq_segment_name(42, name);
    EXPECT_STREQ("journal-00000042", name);
}

TEST(SegmentName, IsNothingElse)
{
    uint32_t number;

    for (const char *name :
         {"", "journal", "journal-", "journal-1", "journal-0000001", "journal-00000000",
          "journal-000000001", "journal-00000001x", "journal-0000000x", "journal-4294967296",
          "journal-99999999999999999999999", "Journal-00000001", "journal-+0000001", "lock"})
        EXPECT_FALSE(gmq_segment_number(name, &number)) << name;
}
