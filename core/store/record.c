#include "core/store/record.h"

#include "core/store/crc32c.h"
#include "core/wire/buffer.h"
#include "core/wire/reader.h"
#include "core/wire/table.h"

#define CRC_SIZE 4 /* which the checksum is not of */

#define NAME_START "journal-"

/* ---- writing ---- */

uint32_t
gmq_record_seed(uint64_t salt)
{
    uint8_t bytes[8];

    gmq_store_u64(bytes, salt);
    return gmq_crc32c(0, bytes, sizeof bytes);
}

uint8_t *
gmq_record_begin(uint8_t *record, GmqRecordType type, unsigned flags, unsigned count)
{
    g_assert(count <= UINT16_MAX);

    memset(record, 0, 8);
    record[8] = (uint8_t)type;
    record[9] = (uint8_t)flags;
    return gmq_store_u16(record + 10, (uint16_t)count);
}

void
gmq_record_finish(uint8_t *record, size_t n, GmqSlice rest, uint32_t seed)
{
    g_assert(n >= GMQ_RECORD_HEAD);
    g_assert(n + rest.size <= UINT32_MAX);

    gmq_store_u32(record + CRC_SIZE, (uint32_t)(n + rest.size));
    uint32_t crc = gmq_crc32c(seed, record + CRC_SIZE, n - CRC_SIZE);
    gmq_store_u32(record, gmq_crc32c(crc, rest.data, rest.size));
}

/* ---- reading ---- */

static bool
decode_header(GmqReader *reader, GmqRecord *record)
{
    uint64_t magic = gmq_reader_u64(reader);

    record->format = gmq_reader_u32(reader);
    record->number = gmq_reader_u32(reader);
    record->salt   = gmq_reader_u64(reader);
    return magic == GMQ_JOURNAL_MAGIC;
}

static bool
decode_batch(GmqReader *reader, GmqRecord *record)
{
    record->salt   = gmq_reader_u64(reader);
    record->number = gmq_reader_u64(reader);
    return true;
}

/* What is in a definition may nest as deep as a table may, so that the whole is one deeper. */
static bool
is_definition(GmqSlice table)
{
    GmqSlice name;
    GmqValue value;

    while (table.size > 0) {
        if (!gmq_table_next(&table, &name, &value) ||
            (value.type == GMQ_VALUE_TABLE && !gmq_table_check(value.bytes)) ||
            (value.type == GMQ_VALUE_ARRAY && !gmq_array_check(value.bytes)))
            return false;
    }
    return true;
}

static bool
decode_definition(GmqReader *reader, GmqRecord *record)
{
    record->id    = gmq_reader_u64(reader);
    record->bytes = gmq_reader_bytes(reader, gmq_reader_left(reader));
    return record->id > 0 && !reader->failed && is_definition(record->bytes);
}

static bool
decode_message(GmqReader *reader, GmqRecord *record)
{
    record->id        = gmq_reader_u64(reader);
    record->number    = gmq_reader_u64(reader);
    record->body_size = gmq_reader_u32(reader);
    record->priority  = gmq_reader_u8(reader);
    record->marks     = gmq_reader_u8(reader);
    uint16_t zero     = gmq_reader_u16(reader);
    record->items     = gmq_reader_take(reader, (size_t)record->count * GMQ_RECORD_COPY_SIZE);
    record->bytes     = gmq_reader_bytes(reader, gmq_reader_left(reader));
    return record->id > 0 && zero == 0;
}

static bool
decode_dropped(GmqReader *reader, GmqRecord *record)
{
    record->items = gmq_reader_take(reader, (size_t)record->count * GMQ_RECORD_RANGE_SIZE);
    if (reader->failed)
        return false;
    for (unsigned i = 0; i < record->count; i++) {
        GmqRecordRange range = gmq_record_range(record, i);
        if (range.first == 0 || range.n == 0 || range.first > UINT64_MAX - range.n)
            return false;
    }
    return true;
}

static bool
decode_copy_dropped(GmqReader *reader, GmqRecord *record)
{
    record->items = gmq_reader_take(reader, (size_t)record->count * GMQ_RECORD_COPY_DROPPED_SIZE);
    return true;
}

static bool
decode_copy_marked(GmqReader *reader, GmqRecord *record)
{
    record->items = gmq_reader_take(reader, (size_t)record->count * GMQ_RECORD_COPY_MARKED_SIZE);
    return true;
}

static bool
decode_end(GmqReader *reader, GmqRecord *record)
{
    record->salt = gmq_reader_u64(reader);
    return true;
}

static const struct {
    const char *name;
    bool has_items;
    bool (*decode)(GmqReader *reader, GmqRecord *record);
} types[GMQ_N_RECORD_TYPES] = {
    [GMQ_RECORD_HEADER]       = {"HEADER", false, decode_header},
    [GMQ_RECORD_BATCH]        = {"BATCH", false, decode_batch},
    [GMQ_RECORD_DEFINITION]   = {"DEFINITION", false, decode_definition},
    [GMQ_RECORD_MESSAGE]      = {"MESSAGE", true, decode_message},
    [GMQ_RECORD_DROPPED]      = {"DROPPED", true, decode_dropped},
    [GMQ_RECORD_COPY_DROPPED] = {"COPY_DROPPED", true, decode_copy_dropped},
    [GMQ_RECORD_COPY_MARKED]  = {"COPY_MARKED", true, decode_copy_marked},
    [GMQ_RECORD_END]          = {"END", false, decode_end},
};

bool
gmq_record_has_checksum(GmqSlice bytes, uint32_t seed)
{
    return gmq_crc32c(seed, bytes.data + CRC_SIZE, bytes.size - CRC_SIZE) ==
           gmq_load_u32(bytes.data);
}

const char *
gmq_record_decode(GmqSlice bytes, uint32_t seed, GmqRecord *record)
{
    GmqReader reader;

    if (bytes.size < GMQ_RECORD_HEAD || gmq_load_u32(bytes.data + CRC_SIZE) != bytes.size)
        return "has a wrong size";
    if (bytes.data[8] == GMQ_RECORD_HEADER)
        seed = 0;
    if (!gmq_record_has_checksum(bytes, seed))
        return "has a wrong checksum";

    gmq_reader_init(&reader, bytes);
    gmq_reader_take(&reader, CRC_SIZE);
    *record          = (GmqRecord){.size = gmq_reader_u32(&reader), .whole = bytes};
    unsigned type    = gmq_reader_u8(&reader);
    unsigned flags   = gmq_reader_u8(&reader);
    record->type     = (GmqRecordType)type;
    record->is_moved = (flags & GMQ_RECORD_MOVED) != 0;
    record->count    = gmq_reader_u16(&reader);
    if (type >= G_N_ELEMENTS(types) || types[type].decode == NULL)
        return "is of a type that is not known";
    if ((flags & ~GMQ_RECORD_MOVED) != 0)
        return "has flags that are not known";
    if (record->count > 0 && !types[type].has_items)
        return "has a count that its type has not";
    if (!types[type].decode(&reader, record) || reader.failed || gmq_reader_left(&reader) > 0)
        return "has a content that does not fit its type";
    return NULL;
}

GmqRecordCopy
gmq_record_copy(const GmqRecord *record, unsigned i)
{
    g_assert(record->type == GMQ_RECORD_MESSAGE);
    g_assert(i < record->count);

    const uint8_t *at = record->items + (size_t)i * GMQ_RECORD_COPY_SIZE;
    return (GmqRecordCopy){gmq_load_u32(at), gmq_load_u32(at + 4), (int64_t)gmq_load_u64(at + 8)};
}

GmqRecordRange
gmq_record_range(const GmqRecord *record, unsigned i)
{
    g_assert(record->type == GMQ_RECORD_DROPPED);
    g_assert(i < record->count);

    const uint8_t *at = record->items + (size_t)i * GMQ_RECORD_RANGE_SIZE;
    return (GmqRecordRange){gmq_load_u64(at), gmq_load_u32(at + 8)};
}

GmqRecordChange
gmq_record_change(const GmqRecord *record, unsigned i)
{
    bool is_marked = record->type == GMQ_RECORD_COPY_MARKED;
    size_t size    = is_marked ? GMQ_RECORD_COPY_MARKED_SIZE : GMQ_RECORD_COPY_DROPPED_SIZE;

    g_assert(is_marked || record->type == GMQ_RECORD_COPY_DROPPED);
    g_assert(i < record->count);

    const uint8_t *at = record->items + (size_t)i * size;
    return (GmqRecordChange){gmq_load_u64(at), gmq_load_u32(at + 8),
                             is_marked ? gmq_load_u32(at + 12) : 0};
}

const char *
gmq_record_type_name(GmqRecordType type)
{
    g_assert(types[type].name != NULL);

    return types[type].name;
}

/* ---- names of files ---- */

void
gmq_segment_name(uint32_t number, char name[GMQ_SEGMENT_NAME_SIZE])
{
    g_snprintf(name, GMQ_SEGMENT_NAME_SIZE, NAME_START "%08u", number);
}

bool
gmq_segment_number(const char *name, uint32_t *number)
{
    char again[GMQ_SEGMENT_NAME_SIZE];
    uint64_t value = 0;

    if (!g_str_has_prefix(name, NAME_START))
        return false;
    for (const char *at = name + strlen(NAME_START); *at != '\0'; at++) {
        if (!g_ascii_isdigit(*at) || value > UINT32_MAX)
            return false;
        value = 10 * value + (uint64_t)(*at - '0');
    }
    if (value == 0 || value > UINT32_MAX)
        return false;

    /* Each number has one name. */
    gmq_segment_name((uint32_t)value, again);
    *number = (uint32_t)value;
    return strcmp(name, again) == 0;
}
