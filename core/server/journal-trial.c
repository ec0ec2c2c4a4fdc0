#include "core/server/journal-trial.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/broker/storage.h"
#include "core/net/read-at.h"

#define US_PER_MS 1000

struct GmqFile {
    int fd; /* -1: one that the broker made */
    uint64_t size;
};

typedef struct {
    GmqDisk disk; /* first */
    const char *path;
} TrialDisk;

/* ---- the disk ---- */

static bool
disk_list(GmqDisk *disk, GPtrArray *names, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(((TrialDisk *)disk)->path, 0, error);
    const char *name    = NULL;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    return dir != NULL;
}

static GmqFile *
disk_open(GmqDisk *disk, const char *name, bool create, GError **error)
{
    g_autofree char *path = g_build_filename(((TrialDisk *)disk)->path, name, NULL);
    int fd                = create ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat found     = {0};

    if (!create && (fd < 0 || fstat(fd, &found) < 0)) {
        g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED, "cannot open %s: %s", path,
                    g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    GmqFile *file = g_new(GmqFile, 1);
    *file         = (GmqFile){fd, (uint64_t)found.st_size};
    return file;
}

static void
disk_close(GmqDisk *disk, GmqFile *file)
{
    (void)disk;
    if (file->fd >= 0)
        close(file->fd);
    g_free(file);
}

static uint64_t
disk_size(GmqDisk *disk, GmqFile *file)
{
    (void)disk;
    return file->size;
}

static bool
disk_read(GmqDisk *disk, GmqFile *file, uint64_t offset, uint8_t *to, size_t size, GError **error)
{
    (void)disk;
    if (gmq_read_at(file->fd, offset, to, size) == size)
        return true;
    g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED, "cannot read the journal: %s",
                errno != 0 ? g_strerror(errno) : "a file ends");
    return false;
}

/* What is written never comes to be. */
static void
disk_append(GmqDisk *disk, GmqFile *file, const GmqSlice *slices, size_t n_slices, bool sync,
            uint64_t ticket)
{
    (void)disk;
    (void)file;
    (void)slices;
    (void)n_slices;
    (void)sync;
    (void)ticket;
}

static bool
disk_truncate(GmqDisk *disk, GmqFile *file, uint64_t size, GError **error)
{
    (void)disk;
    (void)error;
    file->size = MIN(file->size, size);
    return true;
}

static bool
disk_renew(GmqDisk *disk, GmqFile *file, uint64_t offset, GmqSlice bytes, GError **error)
{
    return disk_truncate(disk, file, offset + bytes.size, error);
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
    (void)disk;
    return UINT64_MAX;
}

/* ---- the host ---- */

static int64_t
host_now(GmqHost *host)
{
    (void)host;
    return 0;
}

static int64_t
host_wall_ms(GmqHost *host)
{
    (void)host;
    return g_get_real_time() / US_PER_MS;
}

static void
host_wake_at(GmqHost *host, int64_t time_ns)
{
    (void)host;
    (void)time_ns;
}

static uint64_t
host_random(GmqHost *host, GmqStream stream)
{
    (void)host;
    (void)stream;
    return 1;
}

bool
gmq_journal_trial(const char *path, GError **error)
{
    TrialDisk disk = {
        .disk = {.list       = disk_list,
                 .open       = disk_open,
                 .close      = disk_close,
                 .size       = disk_size,
                 .read       = disk_read,
                 .append     = disk_append,
                 .truncate   = disk_truncate,
                 .renew      = disk_renew,
                 .remove     = disk_remove,
                 .free_space = disk_free_space},
        .path = path,
    };
    /* There are no connections. */
    GmqHost host = {
        .now     = host_now,
        .wall_ms = host_wall_ms,
        .wake_at = host_wake_at,
        .disk    = &disk.disk,
        .random  = host_random,
    };
    GmqJournalReport report = {0};
    GmqBroker *broker       = gmq_broker_new(&host);
    bool is_open            = gmq_broker_open_storage(broker, &report, error);

    gmq_broker_free(broker);
    return is_open;
}
