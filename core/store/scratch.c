#include "core/store/scratch.h"

#include "core/base/limits.h"
#include "core/store/crc32c.h"
#include "core/store/journal.h"
#include "core/store/pieces.h"
#include "core/wire/buffer.h"
#include "core/wire/reader.h"

#define NS_PER_MS INT64_C(1000000)

/* A number is that of the segment, above the offset of the record in it. */
#define OFFSET_BITS 26
#define OFFSET_MASK ((UINT64_C(1) << OFFSET_BITS) - 1)

/* Before each record: u32 CRC-32C of the rest, u32 size of it. */
#define HEAD_SIZE 8

/* So many files are open, other than the one that is written. */
#define OPEN_MAX 16

#define NAME_SIZE 32

typedef struct {
    uint64_t number;
    GmqFile *file;    /* NULL: it is not open now */
    uint64_t n_live;  /* records that are wanted */
    uint64_t size;    /* bytes that were put, written or not */
    uint64_t used_at; /* when it was last read, by scratch->clock */
} Segment;

/* Bytes on their way into a file. */
typedef struct {
    Segment *segment;
    uint64_t offset; /* of the first */
    GmqBuffer bytes;
} Flight;

typedef enum {
    FINE,
    FULL,   /* what is under way is tried again */
    FAILED, /* it never will be: it stays in memory */
} State;

struct GmqScratch {
    GmqHost *host;
    GmqDisk *disk;
    GPtrArray *segments; /* of Segment, that of number first + i at i; NULL: it is gone */
    uint64_t first;
    uint64_t next;    /* number of the next segment */
    Segment *current; /* that takes what is put; NULL: the next one */
    uint32_t segment_size;
    Flight filling;
    Flight flying; /* with segment NULL: nothing is */
    bool is_under_way;
    State state;
    int64_t retry_ns;
    uint64_t ticket;
    uint64_t n_live;
    uint64_t clock;
    GmqPieces pieces; /* by number of the segment */
};

/* ---- files ---- */

static void
write_name(uint64_t number, char name[NAME_SIZE])
{
    g_snprintf(name, NAME_SIZE, "scratch-%08" G_GUINT64_FORMAT, number);
}

static void
remove_leftovers(GmqDisk *disk)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    if (!disk->list(disk, names, NULL))
        return; /* whoever opens the journal finds out too, and says so */
    for (unsigned i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);

        if (g_str_has_prefix(name, "scratch-"))
            disk->remove(disk, name);
    }
}

static Segment *
find_segment(const GmqScratch *scratch, uint64_t number)
{
    g_assert(number >= scratch->first);
    g_assert(number - scratch->first < scratch->segments->len);
    return g_ptr_array_index(scratch->segments, number - scratch->first);
}

static void
close_segment(GmqScratch *scratch, Segment *segment)
{
    if (segment->file != NULL)
        scratch->disk->close(scratch->disk, segment->file);
    segment->file = NULL;
}

/* Closes the file that was not read for longest, when too many are open. */
static void
close_oldest(GmqScratch *scratch)
{
    Segment *oldest = NULL;
    unsigned n      = 0;

    for (unsigned i = 0; i < scratch->segments->len; i++) {
        Segment *segment = g_ptr_array_index(scratch->segments, i);

        if (segment == NULL || segment->file == NULL || segment == scratch->current ||
            segment == scratch->flying.segment)
            continue;
        n++;
        if (oldest == NULL || segment->used_at < oldest->used_at)
            oldest = segment;
    }
    if (n > OPEN_MAX)
        close_segment(scratch, oldest);
}

static bool
open_file(GmqScratch *scratch, Segment *segment, bool create, GError **error)
{
    char name[NAME_SIZE];

    segment->used_at = ++scratch->clock;
    if (segment->file != NULL)
        return true;
    write_name(segment->number, name);
    segment->file = scratch->disk->open(scratch->disk, name, create, error);
    if (segment->file == NULL)
        return false;
    close_oldest(scratch);
    return true;
}

static void
remove_segment(GmqScratch *scratch, Segment *segment)
{
    char name[NAME_SIZE];

    write_name(segment->number, name);
    close_segment(scratch, segment);
    scratch->disk->remove(scratch->disk, name);
    gmq_pieces_forget(&scratch->pieces, segment->number);
    g_ptr_array_index(scratch->segments, segment->number - scratch->first) = NULL;
    while (scratch->segments->len > 0 && g_ptr_array_index(scratch->segments, 0) == NULL) {
        g_ptr_array_remove_index(scratch->segments, 0);
        scratch->first++;
    }
    g_free(segment);
}

/* A segment that nothing is wanted of goes, unless bytes are on their way into it. */
static void
tidy_segment(GmqScratch *scratch, Segment *segment)
{
    if (segment->n_live > 0 || segment == scratch->flying.segment ||
        segment == scratch->filling.segment)
        return;
    if (segment == scratch->current)
        scratch->current = NULL;
    remove_segment(scratch, segment);
}

/* ---- life ---- */

GmqScratch *
gmq_scratch_new(GmqHost *host)
{
    GmqScratch *scratch = g_new0(GmqScratch, 1);

    g_assert(host->disk != NULL);
    scratch->host         = host;
    scratch->disk         = host->disk;
    scratch->segments     = g_ptr_array_new();
    scratch->first        = 1;
    scratch->next         = 1;
    scratch->segment_size = GMQ_SEGMENT_SIZE;
    scratch->ticket       = GMQ_SCRATCH_TICKET;
    remove_leftovers(scratch->disk);
    return scratch;
}

void
gmq_scratch_end(GmqScratch *scratch)
{
    scratch->state           = FAILED;
    scratch->filling.segment = NULL;
    scratch->flying.segment  = NULL;
    for (unsigned i = scratch->segments->len; i > 0; i--) {
        Segment *segment = g_ptr_array_index(scratch->segments, i - 1);

        if (segment != NULL)
            remove_segment(scratch, segment);
    }
    scratch->current = NULL;
    scratch->n_live  = 0;
}

void
gmq_scratch_free(GmqScratch *scratch)
{
    gmq_scratch_end(scratch);
    g_ptr_array_unref(scratch->segments);
    gmq_buffer_clear(&scratch->filling.bytes);
    gmq_buffer_clear(&scratch->flying.bytes);
    gmq_pieces_clear(&scratch->pieces);
    g_free(scratch);
}

void
gmq_scratch_set_segment_size(GmqScratch *scratch, uint32_t bytes)
{
    g_assert(bytes <= GMQ_SEGMENT_SIZE);
    scratch->segment_size = bytes;
}

uint64_t
gmq_scratch_length(const GmqScratch *scratch)
{
    return scratch->n_live;
}

/* ---- in ---- */

static bool
is_full(const GmqScratch *scratch, const Segment *segment)
{
    return segment->size >= scratch->segment_size;
}

/* What fills up goes into one segment. */
bool
gmq_scratch_has_room(const GmqScratch *scratch)
{
    return scratch->state == FINE && scratch->filling.bytes.size < GMQ_SCRATCH_BYTES_MAX &&
           (scratch->filling.segment == NULL || !is_full(scratch, scratch->filling.segment));
}

bool
gmq_scratch_is_writing(const GmqScratch *scratch)
{
    return scratch->is_under_way;
}

/* The segment that the next record goes into; a new one gets its file when bytes come. */
static Segment *
need_current(GmqScratch *scratch)
{
    if (scratch->current != NULL && !is_full(scratch, scratch->current))
        return scratch->current;

    Segment *segment = g_new0(Segment, 1);
    segment->number  = scratch->next++;
    if (scratch->segments->len == 0)
        scratch->first = segment->number;
    g_ptr_array_add(scratch->segments, segment);
    scratch->current = segment;
    return segment;
}

static uint32_t
checksum_of(const uint8_t *record, size_t size)
{
    return gmq_crc32c(0, record + 4, 4 + size);
}

uint64_t
gmq_scratch_put(GmqScratch *scratch, const GmqSlice *parts, size_t n_parts)
{
    g_assert(gmq_scratch_has_room(scratch));

    Segment *segment  = need_current(scratch);
    GmqBuffer *bytes  = &scratch->filling.bytes;
    uint64_t number   = segment->number << OFFSET_BITS | segment->size;
    size_t begin      = bytes->size;
    size_t parts_size = 0;

    if (scratch->filling.segment == NULL) {
        scratch->filling.segment = segment;
        scratch->filling.offset  = segment->size;
    }
    for (size_t i = 0; i < n_parts; i++)
        parts_size += parts[i].size;
    g_assert(parts_size <= UINT32_MAX);
    gmq_buffer_add_u32(bytes, 0);
    gmq_buffer_add_u32(bytes, (uint32_t)parts_size);
    for (size_t i = 0; i < n_parts; i++)
        gmq_buffer_add(bytes, parts[i].data, parts[i].size);
    gmq_store_u32(bytes->data + begin, checksum_of(bytes->data + begin, parts_size));
    segment->size += HEAD_SIZE + parts_size;
    segment->n_live++;
    scratch->n_live++;
    return number;
}

/* ---- out ---- */

/* The bytes in a flight, NULL when they are not there. */
static const uint8_t *
find_in_flight(const Flight *flight, const Segment *segment, uint64_t offset)
{
    if (flight->segment != segment || offset < flight->offset ||
        offset - flight->offset >= flight->bytes.size)
        return NULL;
    return flight->bytes.data + (offset - flight->offset);
}

/* Bytes of a file, lent until the next read; NULL with an error. */
static const uint8_t *
read_file(GmqScratch *scratch, Segment *segment, uint64_t offset, size_t size, GError **error)
{
    if (!open_file(scratch, segment, false, error))
        return NULL;
    return gmq_pieces_read(&scratch->pieces, scratch->disk, segment->file, segment->number, offset,
                           size, error);
}

static bool
fail_damaged(const Segment *segment, uint64_t offset, GError **error)
{
    char name[NAME_SIZE];

    write_name(segment->number, name);
    g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED,
                "%s: what is read at %" G_GUINT64_FORMAT " is not what was written", name, offset);
    return false;
}

/* A record that is in the file. */
static const uint8_t *
read_record(GmqScratch *scratch, Segment *segment, uint64_t offset, GError **error)
{
    const uint8_t *head = read_file(scratch, segment, offset, HEAD_SIZE, error);
    if (head == NULL)
        return NULL;

    uint64_t size = HEAD_SIZE + (uint64_t)gmq_load_u32(head + 4);
    if (size > segment->size - offset) {
        fail_damaged(segment, offset, error);
        return NULL;
    }
    return read_file(scratch, segment, offset, size, error);
}

bool
gmq_scratch_read(GmqScratch *scratch, uint64_t number, GmqSlice *bytes, GError **error)
{
    Segment *segment  = find_segment(scratch, number >> OFFSET_BITS);
    uint64_t offset   = number & OFFSET_MASK;
    const uint8_t *at = find_in_flight(&scratch->filling, segment, offset);

    if (at == NULL)
        at = find_in_flight(&scratch->flying, segment, offset);
    if (at == NULL)
        at = read_record(scratch, segment, offset, error);
    if (at == NULL)
        return false;
    *bytes = (GmqSlice){at + HEAD_SIZE, gmq_load_u32(at + 4)};
    return gmq_load_u32(at) == checksum_of(at, bytes->size) || fail_damaged(segment, offset, error);
}

void
gmq_scratch_drop(GmqScratch *scratch, uint64_t number)
{
    Segment *segment = find_segment(scratch, number >> OFFSET_BITS);

    g_assert(segment->n_live > 0);
    segment->n_live--;
    scratch->n_live--;
    tidy_segment(scratch, segment);
}

/* ---- writing ---- */

static int64_t
retry_time(const GmqScratch *scratch)
{
    return scratch->host->now(scratch->host) + GMQ_DISK_RETRY_MS * NS_PER_MS;
}

/* What is under way stays readable in memory, and nothing more is put. */
static void
stop_for(GmqScratch *scratch, State state)
{
    scratch->state    = state;
    scratch->retry_ns = retry_time(scratch);
}

/* The file of a new segment is made. */
static bool
make_file(GmqScratch *scratch)
{
    g_autoptr(GError) error = NULL;

    if (open_file(scratch, scratch->flying.segment, scratch->flying.offset == 0, &error))
        return true;
    stop_for(scratch, g_error_matches(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FULL) ? FULL : FAILED);
    return false;
}

static void
append_flight(GmqScratch *scratch)
{
    GmqSlice bytes = gmq_buffer_slice(&scratch->flying.bytes);

    scratch->state = FINE;
    if (!make_file(scratch))
        return;
    scratch->is_under_way = true;
    scratch->disk->append(scratch->disk, scratch->flying.segment->file, &bytes, 1, false,
                          ++scratch->ticket);
}

void
gmq_scratch_commit(GmqScratch *scratch)
{
    if (scratch->is_under_way || scratch->state == FAILED)
        return;
    if (scratch->state == FULL && scratch->host->now(scratch->host) < scratch->retry_ns)
        return;
    if (scratch->flying.segment == NULL) {
        if (scratch->filling.segment == NULL)
            return;
        Flight empty     = scratch->flying;
        scratch->flying  = scratch->filling;
        scratch->filling = empty;
    }
    append_flight(scratch);
}

int64_t
gmq_scratch_deadline(const GmqScratch *scratch)
{
    return scratch->state == FULL ? scratch->retry_ns : INT64_MAX;
}

static void
land_flight(GmqScratch *scratch)
{
    Flight *flight   = &scratch->flying;
    Segment *segment = flight->segment;

    flight->segment    = NULL;
    flight->bytes.size = 0;
    if (flight->bytes.capacity > 2 * GMQ_SCRATCH_BYTES_MAX)
        gmq_buffer_clear(&flight->bytes);
    tidy_segment(scratch, segment);
}

/* What a full disk took of it is cut off again. */
static void
cut_flight(GmqScratch *scratch)
{
    const Flight *flight = &scratch->flying;

    stop_for(scratch,
             scratch->disk->truncate(scratch->disk, flight->segment->file, flight->offset, NULL)
                 ? FULL
                 : FAILED);
}

void
gmq_scratch_stored(GmqScratch *scratch, uint64_t ticket, GmqDiskResult result)
{
    g_assert(scratch->is_under_way);
    g_assert(ticket == scratch->ticket);

    scratch->is_under_way = false;
    if (scratch->state == FAILED)
        return; /* it has ended meanwhile */
    if (result == GMQ_DISK_DONE)
        land_flight(scratch);
    else if (result == GMQ_DISK_FULL)
        cut_flight(scratch);
    else
        stop_for(scratch, FAILED);
}
