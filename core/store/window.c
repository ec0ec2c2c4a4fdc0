#include "core/store/window.h"

/* A window begins small, as what is behind it may be of no use; where one goes on behind another it
 * is large. */
#define WINDOW_SIZE 65536u
#define FIRST_SIZE 8192u

void
gmq_windows_clear(GmqWindows *windows)
{
    for (unsigned i = 0; i < GMQ_N_WINDOWS; i++)
        g_free(windows->windows[i].bytes);
    g_free(windows->large);
    *windows = (GmqWindows){0};
}

static bool
holds(const GmqWindow *window, uint32_t segment, uint64_t offset, uint32_t size)
{
    return window->segment == segment && offset >= window->at &&
           offset - window->at <= window->size && size <= window->size - (offset - window->at);
}

/* Whether what is wanted begins where the window ends, or just before. */
static bool
goes_on(const GmqWindow *window, uint32_t segment, uint64_t offset, uint32_t size)
{
    return window->segment == segment && offset >= window->at &&
           offset - window->at <= (uint64_t)window->size + size;
}

/* The window to read into: one that this goes on behind, otherwise the one not used for longest. */
static GmqWindow *
choose(GmqWindows *windows, uint32_t segment, uint64_t offset, uint32_t size, bool *is_next)
{
    GmqWindow *oldest = &windows->windows[0];

    for (unsigned i = 0; i < GMQ_N_WINDOWS; i++) {
        GmqWindow *window = &windows->windows[i];

        *is_next = goes_on(window, segment, offset, size);
        if (*is_next)
            return window;
        if (window->used < oldest->used)
            oldest = window;
    }
    return oldest;
}

static bool
read_into(GmqSegments *segments, GmqSegment *segment, uint64_t offset, uint8_t *to, size_t size,
          GError **error)
{
    GmqFile *file = gmq_segments_file(segments, segment, error);

    return file != NULL && segments->disk->read(segments->disk, file, offset, to, size, error);
}

static const uint8_t *
read_large(GmqWindows *windows, GmqSegments *segments, GmqSegment *segment, uint64_t offset,
           uint32_t size, GError **error)
{
    windows->large = g_malloc(size);
    return read_into(segments, segment, offset, windows->large, size, error) ? windows->large
                                                                             : NULL;
}

static const uint8_t *
fill(GmqWindows *windows, GmqWindow *window, GmqSegments *segments, GmqSegment *segment,
     uint64_t offset, uint32_t size, GError **error)
{
    size_t some = (size_t)MIN(size, segment->size - offset);

    if (window->bytes == NULL)
        window->bytes = g_malloc(WINDOW_SIZE);
    window->segment = 0;
    if (!read_into(segments, segment, offset, window->bytes, some, error))
        return NULL;
    window->segment = segment->number;
    window->at      = offset;
    window->size    = (uint32_t)some;
    window->used    = ++windows->clock;
    windows->last   = (unsigned)(window - windows->windows);
    return window->bytes;
}

const uint8_t *
gmq_windows_read(GmqWindows *windows, GmqSegments *segments, GmqSegment *segment, uint64_t offset,
                 uint32_t size, GError **error)
{
    bool is_next;

    g_assert(offset + size <= segment->size);
    g_clear_pointer(&windows->large, g_free);
    if (size > WINDOW_SIZE)
        return read_large(windows, segments, segment, offset, size, error);
    for (unsigned i = 0; i < GMQ_N_WINDOWS; i++) {
        unsigned place    = (windows->last + i) % GMQ_N_WINDOWS;
        GmqWindow *window = &windows->windows[place];

        if (holds(window, segment->number, offset, size)) {
            window->used  = ++windows->clock;
            windows->last = place;
            return window->bytes + (offset - window->at);
        }
    }
    GmqWindow *window = choose(windows, segment->number, offset, size, &is_next);
    uint32_t wanted   = is_next ? WINDOW_SIZE : MAX(FIRST_SIZE, size);
    return fill(windows, window, segments, segment, offset, wanted, error);
}
