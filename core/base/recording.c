#include "core/base/recording.h"

/* Bytes of the longest number. */
#define NUMBER_MAX 10

static const GmqRecordedInfo infos[GMQ_N_RECORDED] = {
#define RECORDED(NAME, what, numbers, has_bytes, is_answer) {what, numbers, has_bytes, is_answer},
#include "core/base/recording.def"
#undef RECORDED
};

const GmqRecordedInfo *
gmq_recorded_info(GmqRecordedKind kind)
{
    g_assert(kind < GMQ_N_RECORDED);
    return &infos[kind];
}

uint64_t
gmq_zigzag(int64_t number)
{
    return ((uint64_t)number << 1) ^ (number < 0 ? UINT64_MAX : 0);
}

int64_t
gmq_unzigzag(uint64_t number)
{
    return (int64_t)((number >> 1) ^ ((number & 1) != 0 ? UINT64_MAX : 0));
}

/* ---- writing ---- */

static void
write_number(GString *out, uint64_t number)
{
    char bytes[NUMBER_MAX];
    unsigned n = 0;

    for (; number > 0x7f; number >>= 7)
        bytes[n++] = (char)(uint8_t)(number | 0x80);
    bytes[n++] = (char)number;
    g_string_append_len(out, bytes, n);
}

void
gmq_recorded_write(const GmqRecorded *recorded, GString *out)
{
    const GmqRecordedInfo *info = gmq_recorded_info(recorded->kind);
    char kind                   = (char)recorded->kind;

    g_string_append_len(out, &kind, 1);
    for (unsigned i = 0; i < info->numbers; i++)
        write_number(out, recorded->numbers[i]);
    if (!info->has_bytes)
        return;
    write_number(out, recorded->bytes.size);
    if (recorded->bytes.size > 0)
        g_string_append_len(out, (const char *)recorded->bytes.data, (gssize)recorded->bytes.size);
}

/* ---- reading ---- */

static void
step(GmqSlice *from, size_t size)
{
    from->data += size;
    from->size -= size;
}

/* A number that does not fit in 64 bits is none. */
static bool
read_number(GmqSlice *from, uint64_t *number)
{
    *number = 0;
    for (unsigned i = 0; i < NUMBER_MAX && i < from->size; i++) {
        uint8_t byte = from->data[i];

        if (i == NUMBER_MAX - 1 && byte > 1)
            return false;
        *number |= (uint64_t)(byte & 0x7f) << (7 * i);
        if ((byte & 0x80) == 0) {
            step(from, i + 1);
            return true;
        }
    }
    return false;
}

static bool
read_bytes(GmqSlice *from, GmqSlice *bytes)
{
    uint64_t size;

    if (!read_number(from, &size) || size > from->size)
        return false;
    *bytes = (GmqSlice){from->data, (size_t)size};
    step(from, (size_t)size);
    return true;
}

bool
gmq_recorded_read(GmqSlice *records, GmqRecorded *recorded)
{
    *recorded = (GmqRecorded){0};
    if (records->size == 0 || records->data[0] >= GMQ_N_RECORDED)
        return false;
    recorded->kind = (GmqRecordedKind)records->data[0];
    step(records, 1);

    const GmqRecordedInfo *info = gmq_recorded_info(recorded->kind);
    for (unsigned i = 0; i < info->numbers; i++) {
        if (!read_number(records, &recorded->numbers[i]))
            return false;
    }
    return !info->has_bytes || read_bytes(records, &recorded->bytes);
}
