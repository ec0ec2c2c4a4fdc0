/* The disk of a broker that is played again: it answers as it did, and keeps nothing. */
#include "sim/player-private.h"

struct GmqFile {
    int unused;
};

static GmqPlayer *
player_of(GmqDisk *disk)
{
    return (GmqPlayer *)(void *)((char *)disk - offsetof(GmqPlayer, disk));
}

/* What may fail fails as it did. NULL with an error then. */
static const GmqRecorded *
take_result(GmqDisk *disk, GmqRecordedKind kind, GError **error)
{
    const GmqRecorded *answer = gmq_player_answer(player_of(disk), kind);

    if (answer != NULL && answer->numbers[0] == GMQ_RECORDED_FINE)
        return answer;
    bool is_full = answer != NULL && answer->numbers[0] == GMQ_RECORDED_FULL;
    g_autofree char *why =
        answer == NULL ? g_strdup("the recording has no answer") : gmq_slice_dup(answer->bytes);
    g_set_error_literal(error, GMQ_DISK_ERROR,
                        is_full ? GMQ_DISK_ERROR_FULL : GMQ_DISK_ERROR_FAILED, why);
    return NULL;
}

static bool
disk_list(GmqDisk *disk, GPtrArray *names, GError **error)
{
    const GmqRecorded *answer = take_result(disk, GMQ_RECORDED_LISTED, error);

    if (answer == NULL)
        return false;
    for (size_t at = 0; at < answer->bytes.size;) {
        const char *name = (const char *)answer->bytes.data + at;
        size_t size      = strnlen(name, answer->bytes.size - at);

        g_ptr_array_add(names, g_strndup(name, size));
        at += size + 1;
    }
    return true;
}

static GmqFile *
disk_open(GmqDisk *disk, const char *name, bool create, GError **error)
{
    (void)name;
    (void)create;
    return take_result(disk, GMQ_RECORDED_FILE_OPENED, error) == NULL ? NULL : g_new0(GmqFile, 1);
}

static void
disk_close(GmqDisk *disk, GmqFile *file)
{
    (void)disk;
    g_free(file);
}

static uint64_t
take_number(GmqDisk *disk, GmqRecordedKind kind)
{
    const GmqRecorded *answer = gmq_player_answer(player_of(disk), kind);

    return answer == NULL ? 0 : answer->numbers[0];
}

static uint64_t
disk_size(GmqDisk *disk, GmqFile *file)
{
    (void)file;
    return take_number(disk, GMQ_RECORDED_FILE_SIZE);
}

static bool
disk_read(GmqDisk *disk, GmqFile *file, uint64_t offset, uint8_t *to, size_t size, GError **error)
{
    const GmqRecorded *answer = take_result(disk, GMQ_RECORDED_FILE_READ, error);

    (void)file;
    (void)offset;
    if (answer == NULL)
        return false;
    if (answer->bytes.size == size) {
        if (size > 0)
            memcpy(to, answer->bytes.data, size);
        return true;
    }
    gmq_player_part(player_of(disk), g_strdup_printf("the broker reads %zu bytes of a file, and "
                                                     "read %zu then",
                                                     size, answer->bytes.size));
    g_set_error_literal(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED, "these are other bytes");
    return false;
}

/* The answer comes as an input. */
static void
disk_append(GmqDisk *disk, GmqFile *file, const GmqSlice *slices, size_t n_slices, bool sync,
            uint64_t ticket)
{
    uint64_t *key = g_new(uint64_t, 1);

    (void)file;
    (void)slices;
    (void)n_slices;
    (void)sync;
    *key = ticket;
    g_hash_table_add(player_of(disk)->tickets, key);
}

static bool
disk_truncate(GmqDisk *disk, GmqFile *file, uint64_t size, GError **error)
{
    (void)file;
    (void)size;
    return take_result(disk, GMQ_RECORDED_FILE_CUT, error) != NULL;
}

static bool
disk_renew(GmqDisk *disk, GmqFile *file, uint64_t offset, GmqSlice bytes, GError **error)
{
    (void)file;
    (void)offset;
    (void)bytes;
    return take_result(disk, GMQ_RECORDED_FILE_RENEWED, error) != NULL;
}

static void
disk_remove(GmqDisk *disk, const char *name)
{
    (void)disk;
    (void)name;
}

static uint64_t
disk_free_space(GmqDisk *disk)
{
    return take_number(disk, GMQ_RECORDED_FREE_SPACE);
}

void
gmq_player_init_disk(GmqPlayer *player)
{
    player->disk = (GmqDisk){
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
    player->host.disk = &player->disk;
}
