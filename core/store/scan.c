#include "core/store/scan.h"

#include "core/wire/reader.h"

/* What is read at once. */
#define PIECE ((size_t)1 << 20)

/* Bytes of checksums that looking for good records in one damaged place may cost, so that a message
 * full of what looks like records does not make it endless. */
#define SKIP_COST_MAX (UINT64_C(4) << 30)

#define HEADER_SIZE (GMQ_RECORD_HEAD + GMQ_RECORD_HEADER_BODY)
#define BATCH_SIZE (GMQ_RECORD_HEAD + GMQ_RECORD_BATCH_BODY)
#define END_SIZE (GMQ_RECORD_HEAD + GMQ_RECORD_END_BODY)

struct GmqScan {
    GmqScanSource source;
    uint32_t number;
    const uint8_t *memory; /* all of it; NULL: it is read through the window */
    uint8_t *window;
    uint64_t window_at;
    size_t window_size;
    size_t window_capacity;

    uint64_t at;   /* of the last record */
    uint64_t next; /* of the next one */
    bool has_salt;
    uint64_t salt;
    uint32_t seed;
    GmqScanResult result; /* not RECORD: this is the answer */
    char trouble[120];
};

GmqScan *
gmq_scan_new(const GmqScanSource *source, uint32_t number)
{
    GmqScan *scan = g_new(GmqScan, 1);

    *scan = (GmqScan){.source = *source, .number = number};
    return scan;
}

GmqScan *
gmq_scan_new_bytes(GmqSlice bytes, uint32_t number)
{
    GmqScan *scan = g_new(GmqScan, 1);

    *scan        = (GmqScan){.source.size = bytes.size, .number = number};
    scan->memory = bytes.size == 0 ? (const uint8_t *)"" : bytes.data;
    return scan;
}

void
gmq_scan_free(GmqScan *scan)
{
    if (scan == NULL)
        return;
    g_free(scan->window);
    g_free(scan);
}

/* ---- bytes ---- */

static uint64_t
left(const GmqScan *scan, uint64_t offset)
{
    return scan->source.size - offset;
}

/* Makes the window begin at offset and hold size bytes, more when there are. */
static bool
move_window(GmqScan *scan, uint64_t offset, size_t size, GError **error)
{
    size_t wanted = (size_t)MIN(MAX(size, PIECE), left(scan, offset));
    size_t kept   = 0;

    if (wanted > scan->window_capacity) {
        scan->window          = g_realloc(scan->window, wanted);
        scan->window_capacity = wanted;
    }
    if (offset >= scan->window_at && offset - scan->window_at < scan->window_size) {
        kept = scan->window_size - (size_t)(offset - scan->window_at);
        memmove(scan->window, scan->window + (offset - scan->window_at), kept);
    }
    scan->window_at   = offset;
    scan->window_size = kept;
    if (!scan->source.read(scan->source.user, offset + kept, scan->window + kept, wanted - kept,
                           error))
        return false;
    scan->window_size = wanted;
    return true;
}

/* Lends bytes that are in the segment; NULL with an error. */
static const uint8_t *
look(GmqScan *scan, uint64_t offset, size_t size, GError **error)
{
    g_assert(offset <= scan->source.size);
    g_assert(size <= left(scan, offset));

    if (scan->memory != NULL)
        return scan->memory + offset;
    bool is_inside = offset >= scan->window_at && offset - scan->window_at <= scan->window_size &&
                     size <= scan->window_size - (size_t)(offset - scan->window_at);
    if (!is_inside && !move_window(scan, offset, size, error))
        return NULL;
    return scan->window + (offset - scan->window_at);
}

/* ---- proofs ---- */

static void
set_salt(GmqScan *scan, uint64_t salt)
{
    scan->has_salt = true;
    scan->salt     = salt;
    scan->seed     = gmq_record_seed(salt);
}

/* The size of a record by its head; 0 when it is a BATCH or END that has another one. */
static size_t
proof_size(const uint8_t *head)
{
    size_t size = gmq_load_u32(head + 4);

    if (head[8] == GMQ_RECORD_BATCH)
        return size == BATCH_SIZE ? size : 0;
    return head[8] == GMQ_RECORD_END && size == END_SIZE ? size : 0;
}

/* Whether a BATCH or END of this segment stands at the offset, where its salt does. */
static bool
is_proof(GmqScan *scan, uint64_t offset, bool *is, GError **error)
{
    GmqRecord record;
    const uint8_t *head = look(scan, offset, END_SIZE, error);

    *is = false;
    if (head == NULL)
        return false;
    size_t size = proof_size(head);
    if (size == 0 || size > left(scan, offset))
        return true;
    const uint8_t *bytes = look(scan, offset, size, error);
    if (bytes == NULL)
        return false;
    *is = gmq_record_decode((GmqSlice){bytes, size}, scan->seed, &record) == NULL &&
          record.salt == scan->salt;
    return true;
}

/* The first place in the bytes where the salt stands; their size when there is none. */
static size_t
find_salt(const GmqScan *scan, const uint8_t *bytes, size_t size)
{
    const uint8_t first = (uint8_t)(scan->salt >> 56);
    const uint8_t *at   = bytes;
    const uint8_t *end  = bytes + size;

    while (end - at >= 8) {
        at = memchr(at, first, (size_t)(end - at) - 7);
        if (at == NULL)
            return size;
        if (gmq_load_u64(at) == scan->salt)
            return (size_t)(at - bytes);
        at++;
    }
    return size;
}

/* Looks from the offset on for a BATCH or END of this segment; *found is where one begins, or the
 * end. */
static bool
find_proof(GmqScan *scan, uint64_t offset, uint64_t *found, GError **error)
{
    *found = scan->source.size;
    while (offset < scan->source.size && left(scan, offset) >= END_SIZE) {
        size_t size          = (size_t)MIN(left(scan, offset), PIECE);
        const uint8_t *bytes = look(scan, offset, size, error);
        bool is;

        if (bytes == NULL)
            return false;
        size_t place = find_salt(scan, bytes + GMQ_RECORD_HEAD, size - GMQ_RECORD_HEAD);
        if (place == size - GMQ_RECORD_HEAD) {
            offset += size - END_SIZE + 1; /* a salt that begins later is in the next piece */
            continue;
        }
        if (!is_proof(scan, offset + place, &is, error))
            return false;
        if (is) {
            *found = offset + place;
            return true;
        }
        offset += place + 1;
    }
    return true;
}

/* ---- records ---- */

static GmqScanResult
finish(GmqScan *scan, GmqScanResult result)
{
    scan->result = result;
    return result;
}

static GmqScanResult
fail_header(GmqScan *scan, const char *what)
{
    g_snprintf(scan->trouble, sizeof scan->trouble, "the header of the segment %s", what);
    return finish(scan, scan->source.size <= HEADER_SIZE ? GMQ_SCAN_TORN : GMQ_SCAN_DAMAGED);
}

/* Whether a good header of a later format stands there, which may have another size. */
static bool
is_newer(GmqScan *scan, uint32_t *format, bool *is, GError **error)
{
    const uint8_t *bytes = look(scan, 0, HEADER_SIZE, error);

    *is = false;
    if (bytes == NULL)
        return false;
    size_t size = gmq_load_u32(bytes + 4);
    *format     = gmq_load_u32(bytes + 20);
    if (bytes[8] != GMQ_RECORD_HEADER || gmq_load_u64(bytes + 12) != GMQ_JOURNAL_MAGIC ||
        *format <= GMQ_JOURNAL_FORMAT || size < HEADER_SIZE || size > scan->source.size)
        return true;
    bytes = look(scan, 0, size, error);
    if (bytes == NULL)
        return false;
    *is = gmq_record_has_checksum((GmqSlice){bytes, size}, 0);
    return true;
}

static GmqScanResult
read_header(GmqScan *scan, GmqRecord *record, GError **error)
{
    uint32_t format;
    bool is;

    if (scan->source.size == 0)
        return fail_header(scan, "is missing");
    if (scan->source.size < HEADER_SIZE)
        return fail_header(scan, "is not complete");
    if (!is_newer(scan, &format, &is, error))
        return finish(scan, GMQ_SCAN_UNREADABLE);
    if (is) {
        g_snprintf(scan->trouble, sizeof scan->trouble,
                   "the segment has format %u, and this version knows formats up to %d", format,
                   GMQ_JOURNAL_FORMAT);
        return finish(scan, GMQ_SCAN_NEWER);
    }
    const uint8_t *bytes = look(scan, 0, HEADER_SIZE, error);
    if (bytes == NULL)
        return finish(scan, GMQ_SCAN_UNREADABLE);

    const char *wrong = gmq_record_decode((GmqSlice){bytes, HEADER_SIZE}, 0, record);
    if (wrong != NULL)
        return fail_header(scan, wrong);
    if (record->type != GMQ_RECORD_HEADER)
        return fail_header(scan, "is something else");
    if (record->format == 0)
        return fail_header(scan, "has a format that never was");
    if (record->number != scan->number)
        return fail_header(scan, "has another number than its file");
    set_salt(scan, record->salt);
    scan->next = HEADER_SIZE;
    return GMQ_SCAN_RECORD;
}

static GmqScanResult
fail_record(GmqScan *scan, const char *what, GError **error)
{
    uint64_t proof;

    g_snprintf(scan->trouble, sizeof scan->trouble, "the record %s", what);
    if (!find_proof(scan, scan->at + 1, &proof, error))
        return finish(scan, GMQ_SCAN_UNREADABLE);
    return finish(scan, proof < scan->source.size ? GMQ_SCAN_DAMAGED : GMQ_SCAN_TORN);
}

/* What is wrong with a record that is good in itself; NULL: nothing. */
static const char *
misplaced(const GmqScan *scan, const GmqRecord *record)
{
    if (record->type == GMQ_RECORD_HEADER)
        return "is a second header";
    bool has_salt = record->type == GMQ_RECORD_BATCH || record->type == GMQ_RECORD_END;
    return has_salt && record->salt != scan->salt ? "is of another segment" : NULL;
}

/* *wrong is NULL when a record stands at the offset, otherwise why not. False with an error. */
static bool
try_record(GmqScan *scan, uint64_t offset, GmqRecord *record, const char **wrong, GError **error)
{
    if (left(scan, offset) < GMQ_RECORD_HEAD) {
        *wrong = "is cut off by the end of the file";
        return true;
    }
    const uint8_t *bytes = look(scan, offset, GMQ_RECORD_HEAD, error);
    if (bytes == NULL)
        return false;
    size_t size = gmq_load_u32(bytes + 4);
    if (size > left(scan, offset)) {
        *wrong = "goes on behind the end of the file";
        return true;
    }
    bytes = look(scan, offset, size, error);
    if (bytes == NULL)
        return false;
    *wrong = gmq_record_decode((GmqSlice){bytes, size}, scan->seed, record);
    if (*wrong == NULL)
        *wrong = misplaced(scan, record);
    return true;
}

GmqScanResult
gmq_scan_next(GmqScan *scan, GmqRecord *record, GError **error)
{
    const char *wrong;

    if (scan->result != GMQ_SCAN_RECORD && scan->result != GMQ_SCAN_UNREADABLE)
        return scan->result;
    if (scan->next == 0)
        return read_header(scan, record, error);

    scan->at = scan->next;
    if (scan->at == scan->source.size)
        return finish(scan, GMQ_SCAN_DONE);
    if (!try_record(scan, scan->at, record, &wrong, error))
        return finish(scan, GMQ_SCAN_UNREADABLE);
    if (wrong != NULL)
        return fail_record(scan, wrong, error);
    scan->next   = scan->at + record->size;
    scan->result = GMQ_SCAN_RECORD;
    return GMQ_SCAN_RECORD;
}

uint64_t
gmq_scan_offset(const GmqScan *scan)
{
    return scan->at;
}

const char *
gmq_scan_trouble(const GmqScan *scan)
{
    return scan->trouble[0] == '\0' ? NULL : scan->trouble;
}

uint64_t
gmq_scan_salt(const GmqScan *scan)
{
    g_assert(scan->has_salt);

    return scan->salt;
}

uint32_t
gmq_scan_seed(const GmqScan *scan)
{
    g_assert(scan->has_salt);

    return scan->seed;
}

/* ---- behind damage ---- */

/* Finds the salt of a segment whose HEADER is bad: one that is in it may still be right, and the
 * first BATCH has it too. What else looks like a BATCH may be the content of a message. */
static bool
learn_salt(GmqScan *scan, GError **error)
{
    uint64_t proof;

    if (scan->source.size < HEADER_SIZE + BATCH_SIZE)
        return true;
    const uint8_t *bytes = look(scan, 0, HEADER_SIZE + BATCH_SIZE, error);
    if (bytes == NULL)
        return false;
    uint64_t in_header = gmq_load_u64(bytes + GMQ_RECORD_HEAD + 16);
    uint64_t in_batch  = gmq_load_u64(bytes + HEADER_SIZE + GMQ_RECORD_HEAD);

    set_salt(scan, in_header);
    if (!find_proof(scan, HEADER_SIZE, &proof, error))
        return false;
    if (proof < scan->source.size)
        return true;
    set_salt(scan, in_batch);
    return is_proof(scan, HEADER_SIZE, &scan->has_salt, error);
}

/* Whether the head at the offset could be that of a record which ends before the limit. */
static bool
is_plausible(const uint8_t *head, uint64_t room)
{
    uint32_t size = gmq_load_u32(head + 4);

    return size > GMQ_RECORD_HEAD && size <= room && head[8] > GMQ_RECORD_HEADER &&
           head[8] < GMQ_N_RECORD_TYPES && (head[9] & ~GMQ_RECORD_MOVED) == 0;
}

static bool
find_record(GmqScan *scan, uint64_t offset, uint64_t *found, GError **error)
{
    GmqRecord record;
    uint64_t cost = 0;
    uint64_t proof;
    const char *wrong;

    if (!find_proof(scan, offset, &proof, error))
        return false;
    *found = proof;
    for (; offset < proof && proof - offset > GMQ_RECORD_HEAD; offset++) {
        const uint8_t *head = look(scan, offset, GMQ_RECORD_HEAD, error);
        if (head == NULL)
            return false;
        if (!is_plausible(head, proof - offset))
            continue;
        cost += gmq_load_u32(head + 4);
        if (cost > SKIP_COST_MAX)
            return true;
        if (!try_record(scan, offset, &record, &wrong, error))
            return false;
        if (wrong == NULL) {
            *found = offset;
            return true;
        }
    }
    return true;
}

bool
gmq_scan_skip(GmqScan *scan, uint64_t *found, GError **error)
{
    g_assert(scan->result == GMQ_SCAN_TORN || scan->result == GMQ_SCAN_DAMAGED);

    if (!scan->has_salt && !learn_salt(scan, error))
        return false;
    if (!scan->has_salt ||
        !find_record(scan, MAX(scan->at + 1, (uint64_t)HEADER_SIZE), found, error) ||
        *found >= scan->source.size)
        return false;
    scan->next       = *found;
    scan->result     = GMQ_SCAN_RECORD;
    scan->trouble[0] = '\0';
    return true;
}
