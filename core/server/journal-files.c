#include "core/server/journal-files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/net/read-at.h"
#include "core/server/data-dir.h"

/* What is given up where the disk cannot read: its pages are no larger. */
#define BLOCK 4096

struct GmqJournalFiles {
    GmqDataDir *dir;
    GArray *segments; /* of GmqSegmentFile */
    GmqScan *scan;    /* of the one that is open; NULL: none */
    int fd;
    char *trouble; /* NULL: none */
};

G_DEFINE_QUARK(gmq - tool - error - quark, gmq_tool_error)

static bool
fail(GError **error, const char *doing, const char *path, const char *name, const char *why)
{
    g_set_error(error, GMQ_TOOL_ERROR, GMQ_TOOL_ERROR_FAILED, "cannot %s %s/%s: %s", doing, path,
                name, why);
    return false;
}

/* ---- the directory ---- */

static int
compare_numbers(const void *a, const void *b)
{
    uint32_t first  = ((const GmqSegmentFile *)a)->number;
    uint32_t second = ((const GmqSegmentFile *)b)->number;

    return first < second ? -1 : first > second;
}

static bool
list(GmqJournalFiles *files, const char *path, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) dir   = g_dir_open(path, 0, &why);
    const char *name;

    if (dir == NULL)
        return fail(error, "read", path, ".", why->message);
    while ((name = g_dir_read_name(dir)) != NULL) {
        GmqSegmentFile file = {0};

        if (!gmq_segment_number(name, &file.number))
            continue;
        g_strlcpy(file.name, name, sizeof file.name);
        g_array_append_val(files->segments, file);
    }
    g_array_sort(files->segments, compare_numbers);
    if (files->segments->len > 0)
        return true;
    g_set_error(error, GMQ_TOOL_ERROR, GMQ_TOOL_ERROR_FAILED, "there is no journal in %s", path);
    return false;
}

static GmqSegmentFile *
segment(const GmqJournalFiles *files, unsigned i)
{
    g_assert(i < files->segments->len);

    return &g_array_index(files->segments, GmqSegmentFile, i);
}

static void
close_segment(GmqJournalFiles *files)
{
    g_clear_pointer(&files->scan, gmq_scan_free);
    g_clear_pointer(&files->trouble, g_free);
    if (files->fd >= 0)
        close(files->fd);
    files->fd = -1;
}

static bool
open_segment(GmqJournalFiles *files, GmqSegmentFile *file, GError **error)
{
    g_autofree char *path = g_build_filename(gmq_data_dir_path(files->dir), file->name, NULL);
    struct stat found;

    close_segment(files);
    files->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (files->fd < 0 || fstat(files->fd, &found) < 0)
        return fail(error, "open", gmq_data_dir_path(files->dir), file->name, g_strerror(errno));
    if (!S_ISREG(found.st_mode))
        return fail(error, "open", gmq_data_dir_path(files->dir), file->name, "it is no file");
    file->size = (uint64_t)found.st_size;
    return true;
}

static bool
measure(GmqJournalFiles *files, GError **error)
{
    for (unsigned i = 0; i < files->segments->len; i++) {
        if (!open_segment(files, segment(files, i), error))
            return false;
    }
    return true;
}

GmqJournalFiles *
gmq_journal_files_open(const char *path, GError **error)
{
    GmqDataDir *dir = gmq_data_dir_look(path, error);
    if (dir == NULL)
        return NULL;

    GmqJournalFiles *new_files = g_new(GmqJournalFiles, 1);
    *new_files                 = (GmqJournalFiles){
                        .dir      = dir,
                        .segments = g_array_new(FALSE, FALSE, sizeof(GmqSegmentFile)),
                        .fd       = -1,
    };
    g_autoptr(GmqJournalFiles) files = new_files;
    if (!list(files, path, error) || !measure(files, error))
        return NULL;
    return g_steal_pointer(&files);
}

void
gmq_journal_files_free(GmqJournalFiles *files)
{
    if (files == NULL)
        return;
    close_segment(files);
    g_array_unref(files->segments);
    gmq_data_dir_free(files->dir);
    g_free(files);
}

const char *
gmq_journal_files_path(const GmqJournalFiles *files)
{
    return gmq_data_dir_path(files->dir);
}

unsigned
gmq_journal_files_count(const GmqJournalFiles *files)
{
    return files->segments->len;
}

const GmqSegmentFile *
gmq_journal_files_get(const GmqJournalFiles *files, unsigned i)
{
    return segment(files, i);
}

/* ---- reading ---- */

/* Of what cannot be read, the first is told. */
static bool
read_all(void *user, uint64_t offset, uint8_t *to, size_t size, GError **error)
{
    GmqJournalFiles *files = user;

    (void)error;
    while (size > 0) {
        size_t done = gmq_read_at(files->fd, offset, to, size);

        if (done < size && files->trouble == NULL)
            files->trouble =
                g_strdup_printf("byte %" G_GUINT64_FORMAT " and others cannot be read: %s",
                                offset + done, errno == 0 ? "the file ends" : g_strerror(errno));
        size_t given_up = MIN(size - done, BLOCK - (size_t)((offset + done) % BLOCK));
        memset(to + done, 0, given_up);
        offset += done + given_up;
        to += done + given_up;
        size -= done + given_up;
    }
    return true;
}

GmqScan *
gmq_journal_files_scan(GmqJournalFiles *files, unsigned i, GError **error)
{
    if (!open_segment(files, segment(files, i), error))
        return NULL;

    const GmqScanSource source = {read_all, files, segment(files, i)->size};
    files->scan                = gmq_scan_new(&source, segment(files, i)->number);
    return files->scan;
}

const GmqScan *
gmq_journal_files_current(const GmqJournalFiles *files)
{
    return files->scan;
}

size_t
gmq_journal_files_peek(GmqJournalFiles *files, uint64_t offset, uint8_t *to, size_t size)
{
    return gmq_read_at(files->fd, offset, to, size);
}

const char *
gmq_journal_files_trouble(const GmqJournalFiles *files)
{
    return files->trouble;
}
