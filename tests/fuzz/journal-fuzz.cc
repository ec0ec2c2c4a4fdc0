/* journal-fuzz - any bytes at all as a segment of the journal.
 *
 * libFuzzer looks for segments that crash, are read outside, or break a promise of scan.h; build it
 * as it stands in the head of wire-fuzz.cc:
 *     ninja -C build/fuzz tests/fuzz/journal_fuzz && build/fuzz/tests/fuzz/journal_fuzz */
#include <vector>

#include "core/amqp/amqp.h"
#include "core/broker/storage.h"
#include "core/server/journal-index.h"
#include "core/server/journal-json.h"
#include "core/store/scan.h"
#include "core/wire/reader.h"
#include "tests/core/fake-disk.h"
#include "tests/core/fake-host.h"
#include "tests/core/store/segment.h"

static void
look_at(const GmqRecord &record, uint64_t offset, GmqJournalIndex *index, GArray *copies)
{
    g_autoptr(GString) text = g_string_new(nullptr);
    GmqJson json            = {text, false};

    gmq_json_open(&json, '{');
    gmq_journal_json_record(&json, &record, nullptr, 100);
    gmq_json_close(&json, '}');
    g_assert_true(g_utf8_validate(text->str, static_cast<gssize>(text->len), nullptr));

    gmq_journal_index_add(index, 1, offset, &record);
    if (record.type == GMQ_RECORD_MESSAGE || record.type == GMQ_RECORD_DEFINITION)
        gmq_journal_index_is_live(index, 1, offset, &record, copies);
}

/* Reads to the end, over every damaged place: each offset is the end of what was before. */
static void
read_all(GmqSlice bytes)
{
    g_autoptr(GmqScan) scan          = gmq_scan_new_bytes(bytes, 1);
    g_autoptr(GmqJournalIndex) index = gmq_journal_index_new();
    g_autoptr(GArray) copies         = g_array_new(FALSE, FALSE, sizeof(GmqRecordCopy));
    uint64_t expected                = 0;
    GmqRecord record;

    for (;;) {
        GmqScanResult result = gmq_scan_next(scan, &record, nullptr);

        g_assert_cmpuint(gmq_scan_offset(scan), ==, expected);
        if (result == GMQ_SCAN_RECORD) {
            g_assert_cmpuint(record.size, ==, record.whole.size);
            look_at(record, expected, index, copies);
            expected += record.size;
            continue;
        }
        g_assert_true(result != GMQ_SCAN_UNREADABLE);
        if (result == GMQ_SCAN_DONE || result == GMQ_SCAN_NEWER)
            return;
        g_assert_nonnull(gmq_scan_trouble(scan));
        uint64_t found;
        if (!gmq_scan_skip(scan, &found, nullptr))
            return;
        g_assert_cmpuint(found, >, gmq_scan_offset(scan));
        expected = found;
    }
}

/* Records with any content and a checksum that is right: type, flags, count, size, content. Those
 * with a salt get that of the segment. */
static std::vector<uint8_t>
sealed(GmqSlice input)
{
    Segment segment;
    GmqReader reader;

    gmq_reader_init(&reader, input);
    while (gmq_reader_left(&reader) > 0) {
        unsigned type   = gmq_reader_u8(&reader);
        unsigned flags  = gmq_reader_u8(&reader);
        unsigned count  = gmq_reader_u16(&reader);
        GmqSlice inside = gmq_reader_shortstr(&reader);
        GmqBuffer body  = {};

        if (reader.failed)
            break;
        if (type == GMQ_RECORD_BATCH) {
            segment.batch(count);
        } else if (type == GMQ_RECORD_END) {
            segment.end();
        } else {
            gmq_buffer_add(&body, inside.data, inside.size);
            segment.add(type, count, body, "", flags);
        }
        gmq_buffer_clear(&body);
    }
    return segment.bytes;
}

/* A broker opens it, or says why not; what it has then it finds again. */
static void
open_broker(GmqSlice bytes)
{
    FakeDisk disk;
    std::vector<uint64_t> counts;

    disk.put("journal-00000001",
             std::string(reinterpret_cast<const char *>(bytes.data), bytes.size));
    for (int round = 0; round < 2; round++) {
        FakeHost fake;
        GmqJournalReport report;
        GmqAmqpConfig config = GMQ_AMQP_CONFIG_DEFAULT;
        GError *error        = nullptr;
        GmqBroker *broker    = gmq_broker_new(fake.host());
        GmqAmqp *amqp        = gmq_amqp_new(broker, &config);

        fake.host()->disk = disk.disk();
        if (gmq_broker_open_storage(broker, &report, &error)) {
            for (int turn = 0; turn < 20; turn++) {
                gmq_amqp_flush(amqp);
                disk.complete_all([&](uint64_t ticket, GmqDiskResult result) {
                    gmq_broker_stored(broker, ticket, result);
                });
                fake.advance_ms(25);
            }
            GmqJournalStats stats;
            gmq_journal_get_stats(gmq_broker_journal(broker), &stats);
            counts.push_back(stats.messages);
        } else {
            g_assert_nonnull(error);
            g_assert_true(round == 0); /* what it has once taken it takes again */
            g_error_free(error);
        }
        gmq_amqp_free(amqp);
        gmq_broker_free(broker);
        disk.crash();
        if (counts.empty())
            return;
    }
    g_assert_cmpuint(counts[0], ==, counts[1]);
}

/* libFuzzer calls this one and has no header for it. */
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;

    GmqSlice input = {data + 1, size - 1};
    if (data[0] % 3 == 0) {
        read_all(input);
        return 0;
    }
    std::vector<uint8_t> bytes = sealed(input);
    if (data[0] % 3 == 1)
        read_all({bytes.data(), bytes.size()});
    else
        open_broker({bytes.data(), bytes.size()});
    return 0;
}
