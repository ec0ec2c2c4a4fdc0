#include "core/server/journal-copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/server/journal-files.h"
#include "core/wire/buffer.h"

struct GmqJournalCopy {
    char *path;
    FILE *file; /* NULL: no segment was begun */
    uint32_t number;
    uint64_t salt;
};

static bool
fail(const GmqJournalCopy *copy, const char *doing, GError **error)
{
    g_set_error(error, GMQ_TOOL_ERROR, GMQ_TOOL_ERROR_FAILED, "cannot %s %s: %s", doing, copy->path,
                g_strerror(errno));
    return false;
}

GmqJournalCopy *
gmq_journal_copy_new(const char *path, GError **error)
{
    g_autoptr(GmqJournalCopy) copy = g_new0(GmqJournalCopy, 1);

    copy->path = g_strdup(path);
    if (g_mkdir_with_parents(path, 0700) < 0) {
        fail(copy, "make the directory", error);
        return NULL;
    }
    g_autoptr(GDir) dir = g_dir_open(path, 0, error);
    if (dir == NULL)
        return NULL;
    if (g_dir_read_name(dir) != NULL) {
        g_set_error(error, GMQ_TOOL_ERROR, GMQ_TOOL_ERROR_FAILED,
                    "%s is not empty: name a new directory", path);
        return NULL;
    }
    return g_steal_pointer(&copy);
}

void
gmq_journal_copy_free(GmqJournalCopy *copy)
{
    if (copy == NULL)
        return;
    if (copy->file != NULL)
        fclose(copy->file);
    g_free(copy->path);
    g_free(copy);
}

static bool
write_bytes(GmqJournalCopy *copy, const uint8_t *bytes, size_t size, GError **error)
{
    return fwrite(bytes, 1, size, copy->file) == size || fail(copy, "write to", error);
}

static bool
close_segment(GmqJournalCopy *copy, GError **error)
{
    bool is_written = fflush(copy->file) == 0 && fdatasync(fileno(copy->file)) == 0;

    if (!is_written)
        fail(copy, "write to", error);
    fclose(copy->file);
    copy->file = NULL;
    return is_written;
}

static bool
begin_segment(GmqJournalCopy *copy, uint32_t number, uint64_t salt, GError **error)
{
    uint8_t header[GMQ_RECORD_HEAD + GMQ_RECORD_HEADER_BODY];
    char name[GMQ_SEGMENT_NAME_SIZE];

    if (copy->file != NULL && !close_segment(copy, error))
        return false;
    gmq_segment_name(number, name);
    g_autofree char *path = g_build_filename(copy->path, name, NULL);
    int fd                = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    copy->file            = fd < 0 ? NULL : fdopen(fd, "w");
    if (copy->file == NULL)
        return fail(copy, "make a file in", error);
    copy->number = number;
    copy->salt   = salt;

    uint8_t *at = gmq_record_begin(header, GMQ_RECORD_HEADER, 0, 0);
    at          = gmq_store_u64(at, GMQ_JOURNAL_MAGIC);
    at          = gmq_store_u32(at, GMQ_JOURNAL_FORMAT);
    at          = gmq_store_u32(at, number);
    gmq_store_u64(at, salt);
    gmq_record_finish(header, sizeof header, (GmqSlice){0}, 0);
    return write_bytes(copy, header, sizeof header, error);
}

bool
gmq_journal_copy_add(GmqJournalCopy *copy, uint32_t number, uint64_t salt, const GmqRecord *record,
                     GError **error)
{
    if ((copy->file == NULL || copy->number != number) && !begin_segment(copy, number, salt, error))
        return false;
    return record->type == GMQ_RECORD_HEADER ||
           write_bytes(copy, record->whole.data, record->whole.size, error);
}

static bool
sync_directory(const GmqJournalCopy *copy, GError **error)
{
    int fd       = open(copy->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

    if (!is_done)
        fail(copy, "sync", error);
    if (fd >= 0)
        close(fd);
    return is_done;
}

static bool
has_segment(const GmqJournalCopy *copy, GError **error)
{
    if (copy->file == NULL)
        g_set_error(error, GMQ_TOOL_ERROR, GMQ_TOOL_ERROR_FAILED,
                    "nothing can be saved: no segment can be read");
    return copy->file != NULL;
}

bool
gmq_journal_copy_define(GmqJournalCopy *copy, uint64_t id, GmqSlice table, GError **error)
{
    uint8_t record[GMQ_RECORD_HEAD + 8];

    if (!has_segment(copy, error))
        return false;
    gmq_store_u64(gmq_record_begin(record, GMQ_RECORD_DEFINITION, 0, 0), id);
    gmq_record_finish(record, sizeof record, table, gmq_record_seed(copy->salt));
    return write_bytes(copy, record, sizeof record, error) &&
           write_bytes(copy, table.data, table.size, error);
}

bool
gmq_journal_copy_finish(GmqJournalCopy *copy, uint64_t batch, GError **error)
{
    uint8_t record[GMQ_RECORD_HEAD + GMQ_RECORD_BATCH_BODY];

    if (!has_segment(copy, error))
        return false;
    uint8_t *at = gmq_record_begin(record, GMQ_RECORD_BATCH, 0, 0);
    at          = gmq_store_u64(at, copy->salt);
    gmq_store_u64(at, batch);
    gmq_record_finish(record, sizeof record, (GmqSlice){0}, gmq_record_seed(copy->salt));
    return write_bytes(copy, record, sizeof record, error) && close_segment(copy, error) &&
           sync_directory(copy, error);
}
