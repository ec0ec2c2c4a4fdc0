/* The disk of a recorded broker: the real one, with its answers written down. */
#include "core/net/recording-private.h"

static GmqRecording *
recording_of(GmqDisk *disk)
{
    return (GmqRecording *)(void *)((char *)disk - offsetof(GmqRecording, disk));
}

static GmqDisk *
real_disk(GmqDisk *disk)
{
    return recording_of(disk)->real->disk;
}

/* How it went and, when it did not go well, why. Hands the error on. */
static bool
answer(GmqDisk *disk, GmqRecordedKind kind, GmqSlice bytes, GError *why, GError **error)
{
    bool is_full             = g_error_matches(why, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FULL);
    GmqRecordedResult result = why == NULL ? GMQ_RECORDED_FINE
                               : is_full   ? GMQ_RECORDED_FULL
                                           : GMQ_RECORDED_FAILED;

    gmq_recording_answer(recording_of(disk), kind, result, 0,
                         why == NULL ? bytes : gmq_slice_of(why->message));
    if (why != NULL)
        g_propagate_error(error, why);
    return why == NULL;
}

static bool
disk_list(GmqDisk *disk, GPtrArray *names, GError **error)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    GError *why              = NULL;

    if (real_disk(disk)->list(real_disk(disk), names, &why)) {
        for (unsigned i = 0; i < names->len; i++)
            g_string_append_len(bytes, names->pdata[i], (gssize)strlen(names->pdata[i]) + 1);
    }
    return answer(disk, GMQ_RECORDED_LISTED, (GmqSlice){(const uint8_t *)bytes->str, bytes->len},
                  why, error);
}

static GmqFile *
disk_open(GmqDisk *disk, const char *name, bool create, GError **error)
{
    GError *why   = NULL;
    GmqFile *file = real_disk(disk)->open(real_disk(disk), name, create, &why);

    answer(disk, GMQ_RECORDED_FILE_OPENED, (GmqSlice){0}, why, error);
    return file;
}

static void
disk_close(GmqDisk *disk, GmqFile *file)
{
    real_disk(disk)->close(real_disk(disk), file);
}

static uint64_t
disk_size(GmqDisk *disk, GmqFile *file)
{
    uint64_t size = real_disk(disk)->size(real_disk(disk), file);

    gmq_recording_answer(recording_of(disk), GMQ_RECORDED_FILE_SIZE, size, 0, (GmqSlice){0});
    return size;
}

static bool
disk_read(GmqDisk *disk, GmqFile *file, uint64_t offset, uint8_t *to, size_t size, GError **error)
{
    GError *why = NULL;

    real_disk(disk)->read(real_disk(disk), file, offset, to, size, &why);
    return answer(disk, GMQ_RECORDED_FILE_READ, (GmqSlice){to, size}, why, error);
}

static void
disk_append(GmqDisk *disk, GmqFile *file, const GmqSlice *slices, size_t n_slices, bool sync,
            uint64_t ticket)
{
    real_disk(disk)->append(real_disk(disk), file, slices, n_slices, sync, ticket);
}

static bool
disk_truncate(GmqDisk *disk, GmqFile *file, uint64_t size, GError **error)
{
    GError *why = NULL;

    real_disk(disk)->truncate(real_disk(disk), file, size, &why);
    return answer(disk, GMQ_RECORDED_FILE_CUT, (GmqSlice){0}, why, error);
}

static bool
disk_renew(GmqDisk *disk, GmqFile *file, uint64_t offset, GmqSlice bytes, GError **error)
{
    GError *why = NULL;

    real_disk(disk)->renew(real_disk(disk), file, offset, bytes, &why);
    return answer(disk, GMQ_RECORDED_FILE_RENEWED, (GmqSlice){0}, why, error);
}

static void
disk_remove(GmqDisk *disk, const char *name)
{
    real_disk(disk)->remove(real_disk(disk), name);
}

static uint64_t
disk_free_space(GmqDisk *disk)
{
    uint64_t space = real_disk(disk)->free_space(real_disk(disk));

    gmq_recording_answer(recording_of(disk), GMQ_RECORDED_FREE_SPACE, space, 0, (GmqSlice){0});
    return space;
}

void
gmq_recording_init_disk(GmqRecording *recording)
{
    recording->disk = (GmqDisk){
        .list       = disk_list,
        .open       = disk_open,
        .close      = disk_close,
        .size       = disk_size,
        .read       = disk_read,
        .append     = disk_append,
        .truncate   = disk_truncate,
        .renew      = disk_renew,
        .remove     = disk_remove,
        .free_space = disk_free_space,
    };
    recording->host.disk = &recording->disk;
}
