#include "core/store/scan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/wire/table.h"
#include "tests/core/store/segment.h"

static GmqSlice
slice(const std::vector<uint8_t> &bytes)
{
    return {bytes.data(), bytes.size()};
}

static std::string
text_of(GmqSlice slice)
{
    return slice.size == 0 ? std::string()
                           : std::string(reinterpret_cast<const char *>(slice.data), slice.size);
}

/* A record as a word: its type, id and text. */
static std::string
word_of(const GmqRecord &record)
{
    std::string word = gmq_record_type_name(record.type);

    if (record.id != 0)
        word += " " + std::to_string(record.id) + " " + text_of(record.bytes);
    if (record.type == GMQ_RECORD_DROPPED)
        word += " " + std::to_string(gmq_record_range(&record, 0).first);
    return word;
}

/* What a scan gives until it stops. */
struct Read {
    std::vector<std::string> words;
    GmqScanResult result;
    uint64_t offset;
    std::string trouble;
};

static Read
read_on(GmqScan *scan)
{
    g_autoptr(GError) error = nullptr;
    GmqRecord record;
    Read read;

    while ((read.result = gmq_scan_next(scan, &record, &error)) == GMQ_SCAN_RECORD)
        read.words.push_back(word_of(record));
    read.offset  = gmq_scan_offset(scan);
    read.trouble = gmq_scan_trouble(scan) == nullptr ? "" : gmq_scan_trouble(scan);
    return read;
}

static Read
read_all(const std::vector<uint8_t> &bytes, uint32_t number = 1)
{
    g_autoptr(GmqScan) scan = gmq_scan_new_bytes(slice(bytes), number);

    return read_on(scan);
}

/* Two batches, and one that is the last. */
static Segment
small_segment()
{
    g_auto(GmqBuffer) table = {};
    Segment segment;

    gmq_table_add_text(&table, "type", GMQ_SLICE("queue"));
    segment.batch(1);
    segment.definition(1, gmq_buffer_slice(&table));
    segment.message(2, {1}, "first");
    segment.batch(2);
    segment.message(3, {1, 2}, "second");
    segment.dropped(2, 1);
    segment.batch(3);
    segment.message(4, {1}, "third");
    segment.copy_marked(3, 1, 1);
    segment.copy_dropped(3, 2);
    return segment;
}

TEST(Scan, ReadsAllRecordsInTheirOrder)
{
    Segment segment = small_segment();
    segment.end();
    Read read = read_all(segment.bytes);

    ASSERT_EQ(GMQ_SCAN_DONE, read.result) << read.trouble;
    ASSERT_EQ(segment.starts.size(), read.words.size());
    EXPECT_EQ("HEADER", read.words[0]);
    EXPECT_EQ("MESSAGE 2 first", read.words[3]);
    EXPECT_EQ("DROPPED 2", read.words[6]);
    EXPECT_EQ("END", read.words.back());
    EXPECT_EQ("", read.trouble);
}

TEST(Scan, TakesEachPrefixAsATornTailOrAWholeSegment)
{
    Segment segment = small_segment();
    Read whole      = read_all(segment.bytes);

    for (size_t size = 0; size <= segment.bytes.size(); size++) {
        Read read = read_all({segment.bytes.begin(), segment.bytes.begin() + size});
        size_t n  = 0;
        while (n < segment.starts.size() &&
               size >=
                   (n + 1 == segment.starts.size() ? segment.bytes.size() : segment.starts[n + 1]))
            n++;

        bool is_whole = n > 0 && (n == segment.starts.size() || size == segment.starts[n]);
        EXPECT_EQ(is_whole ? GMQ_SCAN_DONE : GMQ_SCAN_TORN, read.result) << size;
        EXPECT_EQ(is_whole ? "" : read.trouble, read.trouble);
        EXPECT_EQ(is_whole, read.trouble.empty());
        ASSERT_EQ(n, read.words.size()) << size;
        EXPECT_TRUE(std::equal(read.words.begin(), read.words.end(), whole.words.begin()));
        if (!is_whole && n > 0) {
            EXPECT_EQ(segment.starts[n], read.offset);
        }
    }
}

/* The last record that proves what is before it. */
static size_t
last_proof(const Segment &segment)
{
    GmqRecord record;

    for (size_t i = segment.starts.size(); i-- > 0;) {
        size_t start = segment.starts[i];
        size_t end   = i + 1 < segment.starts.size() ? segment.starts[i + 1] : segment.bytes.size();
        EXPECT_EQ(nullptr,
                  gmq_record_decode({&segment.bytes[start], end - start}, segment.seed, &record));
        if (record.type == GMQ_RECORD_BATCH || record.type == GMQ_RECORD_END)
            return start;
    }
    return 0;
}

static void
expect_each_flip_seen(Segment segment)
{
    Read whole   = read_all(segment.bytes);
    size_t proof = last_proof(segment);

    for (size_t bit = 0; bit < 8 * segment.bytes.size(); bit++) {
        size_t at    = bit / 8;
        size_t start = *(std::upper_bound(segment.starts.begin(), segment.starts.end(), at) - 1);
        segment.bytes[at] ^= static_cast<uint8_t>(1 << bit % 8);
        Read read = read_all(segment.bytes);
        segment.bytes[at] ^= static_cast<uint8_t>(1 << bit % 8);

        EXPECT_EQ(start < proof ? GMQ_SCAN_DAMAGED : GMQ_SCAN_TORN, read.result) << bit;
        EXPECT_EQ(start, read.offset) << bit;
        EXPECT_NE("", read.trouble);
        ASSERT_LT(read.words.size(), whole.words.size());
        EXPECT_TRUE(std::equal(read.words.begin(), read.words.end(), whole.words.begin()));
    }
}

TEST(Scan, SeesEachFlippedBitAsDamageOrTornTail)
{
    expect_each_flip_seen(small_segment());
}

TEST(Scan, TakesNoFlipBeforeTheEndForATornTail)
{
    Segment segment = small_segment();

    segment.end();
    expect_each_flip_seen(segment);
}

TEST(Scan, GoesOnBehindEachDamagedRecord)
{
    uint64_t found;
    Segment segment = small_segment();
    Read whole      = read_all(segment.bytes);

    for (size_t at = 0; at + 1 < segment.bytes.size(); at++) {
        size_t n = std::upper_bound(segment.starts.begin(), segment.starts.end(), at) -
                   segment.starts.begin() - 1;
        if (n + 1 == segment.starts.size())
            break;
        segment.bytes[at] ^= 0xff;
        g_autoptr(GmqScan) scan = gmq_scan_new_bytes(slice(segment.bytes), 1);
        Read before             = read_on(scan);
        ASSERT_TRUE(gmq_scan_skip(scan, &found, nullptr)) << at;
        EXPECT_EQ(segment.starts[n + 1], found);
        Read behind = read_on(scan);
        segment.bytes[at] ^= 0xff;

        before.words.push_back(whole.words[n]);
        before.words.insert(before.words.end(), behind.words.begin(), behind.words.end());
        EXPECT_EQ(whole.words, before.words) << at;
        EXPECT_EQ(GMQ_SCAN_DONE, behind.result);
    }
}

TEST(Scan, FindsNothingBehindTheLastRecord)
{
    uint64_t found;
    Segment segment = small_segment();

    segment.bytes.back() ^= 1;
    g_autoptr(GmqScan) scan = gmq_scan_new_bytes(slice(segment.bytes), 1);
    EXPECT_EQ(GMQ_SCAN_TORN, read_on(scan).result);
    EXPECT_FALSE(gmq_scan_skip(scan, &found, nullptr));
}

TEST(Scan, TakesNoRecordsFromWhatAMessageSays)
{
    uint64_t found;
    Segment forger(1, 0);
    forger.batch(77);
    forger.message(99, {1}, "forged");
    forger.end();
    std::string forged(forger.bytes.begin(), forger.bytes.end());

    Segment segment;
    segment.batch(1);
    segment.message(1, {1}, forged);
    segment.message(2, {1}, "true");
    segment.bytes[segment.starts[2] + 5] ^= 1; /* the size of the message */

    g_autoptr(GmqScan) scan = gmq_scan_new_bytes(slice(segment.bytes), 1);
    EXPECT_EQ(GMQ_SCAN_TORN, read_on(scan).result);
    ASSERT_TRUE(gmq_scan_skip(scan, &found, nullptr));
    EXPECT_EQ((std::vector<std::string>{"MESSAGE 2 true"}), read_on(scan).words);
}

TEST(Scan, ReadsASegmentWhoseHeaderIsGoneBehindIt)
{
    uint64_t found;
    Segment segment = small_segment();
    Read whole      = read_all(segment.bytes);

    std::fill(segment.bytes.begin(), segment.bytes.begin() + 36, 0);
    g_autoptr(GmqScan) scan = gmq_scan_new_bytes(slice(segment.bytes), 1);
    EXPECT_EQ(GMQ_SCAN_DAMAGED, read_on(scan).result);
    ASSERT_TRUE(gmq_scan_skip(scan, &found, nullptr));
    Read behind = read_on(scan);
    whole.words.erase(whole.words.begin());
    EXPECT_EQ(whole.words, behind.words);
}

TEST(Scan, TrustsNothingWithoutHeaderAndFirstBatch)
{
    uint64_t found;
    Segment segment = small_segment();

    std::fill(segment.bytes.begin(), segment.bytes.begin() + 64, 0);
    g_autoptr(GmqScan) scan = gmq_scan_new_bytes(slice(segment.bytes), 1);
    EXPECT_EQ(GMQ_SCAN_DAMAGED, read_on(scan).result);
    EXPECT_FALSE(gmq_scan_skip(scan, &found, nullptr));
}

TEST(Scan, SaysWhatIsWrongWithAHeader)
{
    EXPECT_EQ("the header of the segment is missing", read_all({}).trouble);
    EXPECT_EQ("the header of the segment is not complete", read_all({1, 2, 3}).trouble);
    EXPECT_EQ("the header of the segment has another number than its file",
              read_all(Segment(2).bytes, 1).trouble);
    EXPECT_EQ(GMQ_SCAN_TORN, read_all(std::vector<uint8_t>(36, 0)).result);
    EXPECT_EQ(GMQ_SCAN_DAMAGED, read_all(std::vector<uint8_t>(37, 0)).result);
}

/* A header of another format, and of another size. */
static std::vector<uint8_t>
header_of_format(uint32_t format, size_t more)
{
    std::vector<uint8_t> bytes(GMQ_RECORD_HEAD + GMQ_RECORD_HEADER_BODY + more);
    uint8_t *at = gmq_record_begin(bytes.data(), GMQ_RECORD_HEADER, 0, 0);

    at = gmq_store_u64(at, GMQ_JOURNAL_MAGIC);
    at = gmq_store_u32(at, format);
    gmq_store_u32(at, 1);
    gmq_record_finish(bytes.data(), bytes.size(), {nullptr, 0}, 0);
    return bytes;
}

TEST(Scan, KnowsANewerFormatByName)
{
    EXPECT_EQ(GMQ_SCAN_DONE, read_all(header_of_format(1, 0)).result);
    for (size_t more : {0, 100}) {
        Read read = read_all(header_of_format(2, more));
        EXPECT_EQ(GMQ_SCAN_NEWER, read.result);
        EXPECT_EQ("the segment has format 2, and this version knows formats up to 1", read.trouble);
    }
    EXPECT_EQ(GMQ_SCAN_TORN, read_all(header_of_format(0, 0)).result);
}

/* ---- from a file ---- */

struct Source {
    const std::vector<uint8_t> *bytes;
    size_t most;   /* bytes of one read */
    uint64_t fail; /* a read that touches this offset fails */
};

static bool
read_source(void *user, uint64_t offset, uint8_t *to, size_t size, GError **error)
{
    auto *source = static_cast<Source *>(user);

    EXPECT_LE(offset + size, source->bytes->size());
    source->most = MAX(source->most, size);
    if (offset <= source->fail && source->fail < offset + size) {
        g_set_error_literal(error, g_quark_from_static_string("test"), 0, "no");
        return false;
    }
    memcpy(to, source->bytes->data() + offset, size);
    return true;
}

static Segment
large_segment()
{
    Segment segment;

    for (uint64_t id = 1; id < 40; id++) {
        segment.batch(id);
        segment.message(id, {1}, std::string(id * 7919, static_cast<char>('a' + id % 20)));
    }
    segment.message(40, {1}, std::string(3 << 20, 'x'));
    segment.batch(40);
    return segment;
}

TEST(Scan, ReadsAFileInLargePiecesAsItReadsMemory)
{
    uint64_t found;
    Segment segment = large_segment();

    for (size_t flip : {size_t(0), segment.bytes.size() / 3, segment.bytes.size() - 3000000}) {
        segment.bytes[flip] ^= flip == 0 ? 0 : 4;
        Source source            = {&segment.bytes, 0, UINT64_MAX};
        GmqScanSource from       = {read_source, &source, segment.bytes.size()};
        g_autoptr(GmqScan) file  = gmq_scan_new(&from, 1);
        g_autoptr(GmqScan) bytes = gmq_scan_new_bytes(slice(segment.bytes), 1);
        Read a                   = read_on(file);
        Read b                   = read_on(bytes);

        EXPECT_EQ(b.words, a.words);
        EXPECT_EQ(b.result, a.result);
        EXPECT_EQ(flip == 0 ? GMQ_SCAN_DONE : GMQ_SCAN_DAMAGED, a.result);
        EXPECT_EQ(b.offset, a.offset);
        EXPECT_LE(source.most, size_t(4) << 20);
        if (flip > 0) {
            EXPECT_TRUE(gmq_scan_skip(file, &found, nullptr));
            EXPECT_TRUE(gmq_scan_skip(bytes, &found, nullptr));
            EXPECT_EQ(read_on(bytes).words, read_on(file).words);
        }
    }
}

TEST(Scan, PassesOnThatItCannotRead)
{
    Segment segment         = large_segment();
    Source source           = {&segment.bytes, 0, 2000000};
    GmqScanSource from      = {read_source, &source, segment.bytes.size()};
    g_autoptr(GmqScan) scan = gmq_scan_new(&from, 1);
    g_autoptr(GError) error = nullptr;
    GmqRecord record;
    GmqScanResult result;

    while ((result = gmq_scan_next(scan, &record, &error)) == GMQ_SCAN_RECORD)
        ;
    EXPECT_EQ(GMQ_SCAN_UNREADABLE, result);
    ASSERT_NE(nullptr, error);
    EXPECT_STREQ("no", error->message);

    source.fail = UINT64_MAX;
    EXPECT_EQ(GMQ_SCAN_DONE, read_on(scan).result);
}

TEST(Scan, FindsAProofAcrossTheEdgeOfAPiece)
{
    uint64_t found;
    for (size_t shift = 0; shift < 40; shift++) {
        Segment segment;
        segment.batch(1);
        segment.message(1, {1}, std::string((1 << 20) - 120 + shift, 'x'));
        segment.batch(2);
        segment.bytes[70] ^= 1;
        Source source           = {&segment.bytes, 0, UINT64_MAX};
        GmqScanSource from      = {read_source, &source, segment.bytes.size()};
        g_autoptr(GmqScan) scan = gmq_scan_new(&from, 1);
        EXPECT_EQ(GMQ_SCAN_DAMAGED, read_on(scan).result) << shift;
        EXPECT_TRUE(gmq_scan_skip(scan, &found, nullptr));
        EXPECT_EQ((std::vector<std::string>{"BATCH"}), read_on(scan).words);
    }
}
