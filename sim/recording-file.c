#include "sim/recording-file.h"

#include <errno.h>
#include <stdio.h>

#include "core/store/crc32c.h"
#include "sim/language.h"

#define MAGIC_SIZE (sizeof(GMQ_RECORDING_MAGIC) - 1)

struct GmqRecordingFile {
    FILE *file;
    char *path;
    uint8_t *block; /* the records of one; owned */
    size_t room;
    GmqSlice records; /* of it, that are still to be read */
    uint64_t block_at;
    uint64_t next_at; /* where the next block begins */
    GmqRecorded recorded;
    bool has_recorded;
    bool is_over;
    uint64_t count;
    uint64_t cut;
    GError *error;
};

G_DEFINE_QUARK(gmq - recording - file - error - quark, gmq_recording_file_error)

bool
gmq_recording_file_is_one(const char *path)
{
    char start[sizeof(GMQ_RECORDING_START) - 1];
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return false;
    size_t size = fread(start, 1, sizeof start, file);
    fclose(file);
    return size == sizeof start && memcmp(start, GMQ_RECORDING_START, size) == 0;
}

/* ---- opening ---- */

static void
refuse_unreadable(const char *path, GError **error)
{
    g_set_error(error, GMQ_RECORDING_FILE_ERROR, GMQ_RECORDING_FILE_ERROR_FAILED,
                _("cannot read %s: %s"), path, g_strerror(errno));
}

static bool
check_magic(const GmqRecordingFile *file, GError **error)
{
    char magic[MAGIC_SIZE];
    size_t size = fread(magic, 1, sizeof magic, file->file);

    if (size == MAGIC_SIZE && memcmp(magic, GMQ_RECORDING_MAGIC, size) == 0)
        return true;
    if (size == MAGIC_SIZE && memcmp(magic, GMQ_RECORDING_START, strlen(GMQ_RECORDING_START)) == 0)
        g_set_error(error, GMQ_RECORDING_FILE_ERROR, GMQ_RECORDING_FILE_ERROR_WRONG,
                    _("%s is a recording of another form than version %s of glassmq reads; replay "
                      "it with the version that made it"),
                    file->path, GMQ_VERSION);
    else
        g_set_error(error, GMQ_RECORDING_FILE_ERROR, GMQ_RECORDING_FILE_ERROR_WRONG,
                    _("%s is no recording; glassmq serve --record FILE makes one"), file->path);
    return false;
}

GmqRecordingFile *
gmq_recording_file_open(const char *path, GError **error)
{
    FILE *stream = fopen(path, "re");

    if (stream == NULL) {
        refuse_unreadable(path, error);
        return NULL;
    }
    g_autoptr(GmqRecordingFile) file = g_new0(GmqRecordingFile, 1);
    file->file                       = stream;
    file->path                       = g_strdup(path);
    file->next_at                    = MAGIC_SIZE;
    return check_magic(file, error) ? g_steal_pointer(&file) : NULL;
}

void
gmq_recording_file_close(GmqRecordingFile *file)
{
    if (file == NULL)
        return;
    fclose(file->file);
    g_clear_error(&file->error);
    g_free(file->block);
    g_free(file->path);
    g_free(file);
}

/* ---- blocks ---- */

static void
refuse(GmqRecordingFile *file, const char *what)
{
    g_set_error(&file->error, GMQ_RECORDING_FILE_ERROR, GMQ_RECORDING_FILE_ERROR_WRONG,
                _("%s is damaged at byte %ju: %s; only what comes before it can be used, so take "
                  "another copy of the file for the rest"),
                file->path, (uintmax_t)file->block_at, what);
}

static uint32_t
get_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Reads so many bytes. False at the end of the file, where what there is counts as cut, and at an
 * error. */
static bool
read_bytes(GmqRecordingFile *file, uint8_t *to, size_t size)
{
    size_t got = fread(to, 1, size, file->file);

    file->next_at += got;
    if (got == size)
        return true;
    if (ferror(file->file))
        refuse_unreadable(file->path, &file->error);
    file->cut = file->next_at - file->block_at;
    return false;
}

/* What the header says may be nonsense, so room is only made for what is there. */
static bool
read_records(GmqRecordingFile *file, size_t size)
{
    for (size_t got = 0; got < size;) {
        size_t part = MIN(size - got, (size_t)1 << 20);

        if (got + part > file->room) {
            file->room  = MAX(got + part, MIN(size, 2 * file->room));
            file->block = g_realloc(file->block, file->room);
        }
        if (!read_bytes(file, file->block + got, part))
            return false;
        got += part;
    }
    return true;
}

static bool
read_block(GmqRecordingFile *file)
{
    uint8_t header[GMQ_RECORDING_BLOCK_HEADER];

    file->block_at = file->next_at;
    if (!read_bytes(file, header, sizeof header))
        return false;

    uint32_t size = get_be32(header);
    if (size == 0 || size > GMQ_RECORDING_BLOCK_MAX) {
        refuse(file, _("no block has that size"));
        return false;
    }
    if (!read_records(file, size))
        return false;
    if (gmq_crc32c(0, file->block, size) != get_be32(header + 4)) {
        refuse(file, _("the checksum of a block is wrong"));
        return false;
    }
    file->records = (GmqSlice){file->block, size};
    return true;
}

/* ---- records ---- */

const GmqRecorded *
gmq_recording_file_peek(GmqRecordingFile *file)
{
    if (file->has_recorded)
        return &file->recorded;
    if (file->is_over)
        return NULL;
    if (file->records.size == 0 && !read_block(file)) {
        file->is_over = true;
        return NULL;
    }
    if (!gmq_recorded_read(&file->records, &file->recorded)) {
        refuse(file, _("this version does not know one of its records"));
        file->is_over = true;
        return NULL;
    }
    file->has_recorded = true;
    return &file->recorded;
}

void
gmq_recording_file_take(GmqRecordingFile *file)
{
    g_assert(file->has_recorded);
    file->has_recorded = false;
    file->count++;
}

uint64_t
gmq_recording_file_count(const GmqRecordingFile *file)
{
    return file->count;
}

uint64_t
gmq_recording_file_cut(const GmqRecordingFile *file)
{
    return file->cut;
}

const GError *
gmq_recording_file_error(const GmqRecordingFile *file)
{
    return file->error;
}
