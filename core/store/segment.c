#include "core/store/segment.h"

#include "core/base/wide.h"

/* Files that are open at once. */
#define OPEN_MAX 64

static void
free_segment(gpointer data)
{
    GmqSegment *segment = data;

    g_clear_pointer(&segment->definitions, g_array_unref);
    g_free(segment);
}

void
gmq_segments_init(GmqSegments *segments, GmqDisk *disk)
{
    *segments = (GmqSegments){.disk = disk, .all = g_ptr_array_new_with_free_func(free_segment)};
}

static GmqSegment *
segment_at(const GmqSegments *segments, unsigned i)
{
    return g_ptr_array_index(segments->all, i);
}

static void
close_file(GmqSegments *segments, GmqSegment *segment)
{
    if (segment->file == NULL)
        return;
    segments->disk->close(segments->disk, segment->file);
    segment->file = NULL;
    segments->n_open--;
}

void
gmq_segments_clear(GmqSegments *segments)
{
    for (unsigned i = 0; i < segments->all->len; i++)
        close_file(segments, segment_at(segments, i));
    g_ptr_array_unref(segments->all);
}

GmqSegment *
gmq_segments_add(GmqSegments *segments, uint32_t number, uint64_t salt)
{
    GmqSegment *segment = g_new(GmqSegment, 1);
    unsigned n          = segments->all->len;

    g_assert(n == 0 || segment_at(segments, n - 1)->number < number);
    *segment = (GmqSegment){
        .number  = number,
        .min_ref = number,
        .salt    = salt,
        .seed    = gmq_record_seed(salt),
    };
    g_ptr_array_add(segments->all, segment);
    return segment;
}

/* The place of the first segment whose number is not below this one. */
static unsigned
place_of(const GmqSegments *segments, uint32_t number)
{
    unsigned low  = 0;
    unsigned high = segments->all->len;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (segment_at(segments, middle)->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

GmqSegment *
gmq_segments_find(const GmqSegments *segments, uint32_t number)
{
    GmqSegment *current = segments->current;

    if (current != NULL && current->number == number)
        return current;
    unsigned place = place_of(segments, number);
    if (place == segments->all->len)
        return NULL;
    GmqSegment *segment = segment_at(segments, place);
    return segment->number == number ? segment : NULL;
}

/* ---- files ---- */

/* Closes the file that was not used for longest, but the one that is written to. */
static void
close_oldest(GmqSegments *segments)
{
    GmqSegment *oldest = NULL;

    for (unsigned i = 0; i < segments->all->len; i++) {
        GmqSegment *one = segment_at(segments, i);

        if (one->file != NULL && one != segments->current &&
            (oldest == NULL || one->used < oldest->used))
            oldest = one;
    }
    if (oldest != NULL)
        close_file(segments, oldest);
}

void
gmq_segments_adopt(GmqSegments *segments, GmqSegment *segment, GmqFile *file)
{
    if (segments->n_open >= OPEN_MAX)
        close_oldest(segments);
    segment->used = ++segments->clock;
    segment->file = file;
    segments->n_open++;
}

GmqFile *
gmq_segments_file(GmqSegments *segments, GmqSegment *segment, GError **error)
{
    char name[GMQ_SEGMENT_NAME_SIZE];

    if (segment->file == NULL) {
        gmq_segment_name(segment->number, name);
        GmqFile *file = segments->disk->open(segments->disk, name, false, error);
        if (file == NULL)
            return NULL;
        gmq_segments_adopt(segments, segment, file);
    }
    segment->used = ++segments->clock;
    return segment->file;
}

/* ---- accounting ---- */

void
gmq_segments_grow(GmqSegments *segments, GmqSegment *segment, uint64_t bytes)
{
    segment->size += bytes;
    segments->size += bytes;
}

void
gmq_segments_shrink(GmqSegments *segments, GmqSegment *segment, uint64_t bytes)
{
    g_assert(bytes <= segment->size);

    segment->size -= bytes;
    segments->size -= bytes;
}

void
gmq_segments_enliven(GmqSegments *segments, GmqSegment *segment, uint64_t bytes)
{
    segment->live += bytes;
    segments->live += bytes;
}

void
gmq_segments_bury(GmqSegments *segments, uint32_t number, uint64_t bytes)
{
    GmqSegment *segment = gmq_segments_find(segments, number);

    if (segment == NULL)
        return;
    g_assert(segment->live >= bytes);
    segment->live -= bytes;
    segments->live -= bytes;
    segments->may_remove |= segment->live == 0;
}

void
gmq_segment_add_definition(GmqSegment *segment, uint64_t id)
{
    if (segment->definitions == NULL)
        segment->definitions = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    g_array_append_val(segment->definitions, id);
}

uint64_t
gmq_segments_dead(const GmqSegments *segments)
{
    const GmqSegment *current = segments->current;
    uint64_t dead             = segments->size - segments->live;

    return current == NULL ? dead : dead - (current->size - current->live);
}

/* Whether nothing is there any more that a segment's records speak of. */
static bool
is_free_to_go(const GmqSegments *segments, unsigned i)
{
    return i == 0 || segment_at(segments, i - 1)->number < segment_at(segments, i)->min_ref;
}

void
gmq_segments_remove(GmqSegments *segments)
{
    unsigned kept = 0;

    if (!segments->may_remove)
        return;
    segments->may_remove = false;
    while (kept < segments->all->len) {
        GmqSegment *segment = segment_at(segments, kept);
        char name[GMQ_SEGMENT_NAME_SIZE];

        if (segment->live > 0 || kept + 1 == segments->all->len || !is_free_to_go(segments, kept)) {
            kept++;
            continue;
        }
        gmq_segment_name(segment->number, name);
        close_file(segments, segment);
        segments->size -= segment->size;
        segments->disk->remove(segments->disk, name);
        g_ptr_array_remove_index(segments->all, kept);
    }
}

/* Whether a has fewer live bytes for its size than b. */
static bool
is_sparser(const GmqSegment *a, const GmqSegment *b)
{
    return gmq_wide_is_less(gmq_wide_multiply(a->live, b->size),
                            gmq_wide_multiply(b->live, a->size));
}

GmqSegment *
gmq_segments_sparsest(const GmqSegments *segments)
{
    const GmqSegment *current = segments->current;
    GmqSegment *sparsest      = NULL;

    if (gmq_segments_dead(segments) <= segments->size / 2)
        return NULL;
    for (unsigned i = 0; i < segments->all->len; i++) {
        GmqSegment *one = segment_at(segments, i);

        if (one != current && !one->is_bad && is_free_to_go(segments, i) &&
            i + 1 < segments->all->len && (sparsest == NULL || is_sparser(one, sparsest)))
            sparsest = one;
    }
    return sparsest;
}
