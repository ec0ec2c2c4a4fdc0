#include "core/store/windows.h"

void
gmq_windows_clear(GmqWindows *windows)
{
    for (size_t i = 0; i < GMQ_N_WINDOWS; i++)
        g_free(windows->windows[i].bytes);
    gmq_buffer_clear(&windows->large);
    *windows = (GmqWindows){0};
}

void
gmq_windows_forget(GmqWindows *windows, uint64_t key)
{
    for (size_t i = 0; i < GMQ_N_WINDOWS; i++) {
        if (windows->windows[i].key == key)
            windows->windows[i].key = 0;
    }
}

/* The window in which the offset is; or else the one to read it into. */
static GmqWindow *
find_window(GmqWindows *windows, uint64_t key, uint64_t offset)
{
    GmqWindow *oldest = &windows->windows[0];

    for (size_t i = 0; i < GMQ_N_WINDOWS; i++) {
        GmqWindow *window = &windows->windows[i];

        if (window->key == key && offset - window->offset < GMQ_WINDOW_SIZE)
            return window;
        if (window->used_at < oldest->used_at)
            oldest = window;
    }
    oldest->key = 0;
    return oldest;
}

/* Whether it holds all of the bytes; the file may have grown since it was read. */
static bool
has_all(const GmqWindow *window, uint64_t offset, size_t size)
{
    return window->key != 0 && offset - window->offset + size <= window->size;
}

static bool
fill(GmqWindow *window, GmqDisk *disk, GmqFile *file, uint64_t key, uint64_t offset, GError **error)
{
    uint64_t begin = offset - offset % GMQ_WINDOW_SIZE;
    uint64_t end   = disk->size(disk, file);

    window->key = 0;
    if (window->bytes == NULL)
        window->bytes = g_malloc(GMQ_WINDOW_SIZE);
    if (begin >= end)
        return true;
    window->size = (size_t)MIN(end - begin, GMQ_WINDOW_SIZE);
    if (!disk->read(disk, file, begin, window->bytes, window->size, error))
        return false;
    window->key    = key;
    window->offset = begin;
    return true;
}

const uint8_t *
gmq_windows_read(GmqWindows *windows, GmqDisk *disk, GmqFile *file, uint64_t key, uint64_t offset,
                 size_t size, GError **error)
{
    g_assert(key != 0);
    if (offset % GMQ_WINDOW_SIZE + size <= GMQ_WINDOW_SIZE) {
        GmqWindow *window = find_window(windows, key, offset);

        window->used_at = ++windows->clock;
        if (!has_all(window, offset, size) && !fill(window, disk, file, key, offset, error))
            return NULL;
        if (has_all(window, offset, size))
            return window->bytes + (offset - window->offset);
    }
    windows->large.size = 0;
    uint8_t *at         = gmq_buffer_reserve(&windows->large, size);
    return disk->read(disk, file, offset, at, size, error) ? at : NULL;
}
