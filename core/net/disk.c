#include "core/net/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/net/clock.h"
#include "core/net/fd.h"
#include "core/net/read-at.h"
#include "core/net/worker.h"

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

#define FREE_AGE_NS NS_PER_S  /* how old the answer to free_space may be */
#define SLICES_PER_WRITE 1024 /* IOV_MAX of Linux */

struct GmqRealDisk {
    GmqDisk disk; /* first */
    GmqWorker *worker;
    GmqDiskStored *stored;
    void *user;
    char *path;
    int dir_fd;
    char *trouble;      /* NULL: none */
    int64_t free_at_ns; /* when the free space was asked for; 0: not yet */
    uint64_t free_space;
};

struct GmqFile {
    GmqRealDisk *disk;
    char *name;
    int fd;
    unsigned n_appends; /* under way */
    uint64_t size;      /* without those */

    /* The thread's, while appends are under way. */
    uint64_t end;          /* with those that are done */
    bool is_name_new;      /* the directory is to be synced */
    GmqDiskResult trouble; /* of an append; what comes behind it shares its fate */
};

typedef struct {
    GmqJob job; /* first */
    GmqFile *file;
    uint64_t ticket;
    uint64_t written; /* bytes */
    GmqDiskResult result;
    int number;        /* errno */
    const char *doing; /* what failed */
    bool sync;
    size_t n_parts;
    struct iovec parts[]; /* as they are written they are moved on */
} Append;

typedef struct {
    GmqJob job; /* first */
    GmqFile *file;
} Closing;

typedef struct {
    GmqJob job; /* first */
    GmqRealDisk *disk;
    int number; /* errno; 0: it went well */
    char name[];
} Removal;

static GmqRealDisk *
real(GmqDisk *disk)
{
    return (GmqRealDisk *)disk;
}

static bool
is_full(int number)
{
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

static bool
fail(GError **error, const GmqRealDisk *disk, const char *doing, const char *name, int number)
{
    g_set_error(error, GMQ_DISK_ERROR,
                is_full(number) ? GMQ_DISK_ERROR_FULL : GMQ_DISK_ERROR_FAILED,
                "cannot %s %s/%s: %s", doing, disk->path, name, g_strerror(number));
    return false;
}

/* ---- at once ---- */

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
close_dir(DIR *dir)
{
    closedir(dir);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DIR, close_dir)

static bool
disk_list(GmqDisk *disk, GPtrArray *names, GError **error)
{
    g_autoptr(DIR) dir         = opendir(real(disk)->path);
    const struct dirent *entry = NULL;

    if (dir == NULL)
        return fail(error, real(disk), "read", ".", errno);
    for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            g_ptr_array_add(names, g_strdup(entry->d_name));
    }
    if (errno != 0)
        return fail(error, real(disk), "read", ".", errno);
    g_ptr_array_sort(names, compare_names);
    return true;
}

static GmqFile *
disk_open(GmqDisk *disk, const char *name, bool create, GError **error)
{
    int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT | O_EXCL : 0);
    int fd    = openat(real(disk)->dir_fd, name, flags, 0600);
    off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

    if (end < 0) {
        fail(error, real(disk), create ? "make" : "open", name, errno);
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    GmqFile *file = g_new(GmqFile, 1);
    *file         = (GmqFile){
                .disk        = real(disk),
                .name        = g_strdup(name),
                .fd          = fd,
                .size        = (uint64_t)end,
                .end         = (uint64_t)end,
                .is_name_new = create,
    };
    return file;
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
    size_t done = gmq_read_at(file->fd, offset, to, size);

    if (done == size)
        return true;
    if (errno != 0)
        return fail(error, real(disk), "read", file->name, errno);
    g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED,
                "cannot read %s/%s: it ends at byte %" G_GUINT64_FORMAT, real(disk)->path,
                file->name, offset + done);
    return false;
}

/* What could not be written for want of space may be tried again after it; what could not be synced
 * may not. */
static bool
disk_truncate(GmqDisk *disk, GmqFile *file, uint64_t size, GError **error)
{
    g_assert(file->n_appends == 0);
    if (!gmq_fd_cut(file->fd, size) || !gmq_fd_sync_data(file->fd))
        return fail(error, real(disk), "cut", file->name, errno);
    file->size = size;
    file->end  = size;
    if (file->trouble == GMQ_DISK_FULL)
        file->trouble = GMQ_DISK_DONE;
    return true;
}

/* There are file systems that need no sync of a directory, and say so. */
static bool
sync_dir(const GmqRealDisk *disk)
{
    return gmq_fd_sync(disk->dir_fd) || errno == EINVAL;
}

/* Writing makes the kernel take bytes to the disk again that it has given up. */
static bool
disk_renew(GmqDisk *disk, GmqFile *file, uint64_t offset, GmqSlice bytes, GError **error)
{
    g_assert(file->n_appends == 0);
    if (!gmq_fd_write_at(file->fd, offset, bytes) || !gmq_fd_cut(file->fd, offset + bytes.size) ||
        !gmq_fd_sync_data(file->fd) || !sync_dir(real(disk)))
        return fail(error, real(disk), "write to", file->name, errno);
    file->size        = offset + bytes.size;
    file->end         = file->size;
    file->is_name_new = false;
    return true;
}

/* One that cannot say is taken to have all. */
static uint64_t
disk_free_space(GmqDisk *disk)
{
    GmqRealDisk *self = real(disk);
    int64_t now_ns    = gmq_clock_now_ns();
    struct statvfs found;

    if (self->free_at_ns != 0 && now_ns - self->free_at_ns < FREE_AGE_NS)
        return self->free_space;
    self->free_at_ns = now_ns;
    self->free_space = fstatvfs(self->dir_fd, &found) == 0
                           ? (uint64_t)found.f_bavail * (uint64_t)found.f_frsize
                           : UINT64_MAX;
    return self->free_space;
}

/* ---- appending: on the thread ---- */

static bool
fail_append(Append *append, const char *doing, GmqDiskResult result)
{
    append->number = errno;
    append->doing  = doing;
    append->result = result;
    return false;
}

/* Moves on by size bytes; returns the first part that is not written whole. */
static size_t
move_on(Append *append, size_t first, size_t size)
{
    append->written += size;
    append->file->end += size;
    for (; first < append->n_parts && size >= append->parts[first].iov_len; first++)
        size -= append->parts[first].iov_len;
    if (size > 0) {
        append->parts[first].iov_base = (uint8_t *)append->parts[first].iov_base + size;
        append->parts[first].iov_len -= size;
    }
    return first;
}

static bool
write_all(Append *append)
{
    size_t first = move_on(append, 0, 0);

    while (first < append->n_parts) {
        ssize_t size =
            pwritev(append->file->fd, append->parts + first,
                    (int)MIN(append->n_parts - first, SLICES_PER_WRITE), (off_t)append->file->end);

        if (size < 0 && errno == EINTR)
            continue;
        if (size == 0)
            errno = EIO;
        if (size <= 0)
            return fail_append(append, "write to",
                               is_full(errno) ? GMQ_DISK_FULL : GMQ_DISK_FAILED);
        first = move_on(append, first, (size_t)size);
    }
    return true;
}

/* A failed sync is final whatever the reason is: the kernel may have given up the bytes. */
static bool
sync_file(Append *append)
{
    GmqFile *file = append->file;

    if (!gmq_fd_sync_data(file->fd) || (file->is_name_new && !sync_dir(file->disk)))
        return fail_append(append, "sync", GMQ_DISK_FAILED);
    file->is_name_new = false;
    return true;
}

static void
work_append(GmqJob *job)
{
    Append *append = (Append *)job;
    GmqFile *file  = append->file;

    append->result = file->trouble;
    if (append->result == GMQ_DISK_DONE && write_all(append) && append->sync)
        sync_file(append);
    file->trouble = append->result;
}

/* ---- appending: on the loop ---- */

static void
note_trouble(GmqRealDisk *disk, const Append *append)
{
    g_clear_pointer(&disk->trouble, g_free);
    if (append->result != GMQ_DISK_DONE)
        disk->trouble = g_strdup_printf("cannot %s %s/%s: %s", append->doing, disk->path,
                                        append->file->name, g_strerror(append->number));
}

static void
finish_append(GmqJob *job)
{
    Append *append       = (Append *)job;
    GmqRealDisk *disk    = append->file->disk;
    uint64_t ticket      = append->ticket;
    GmqDiskResult result = append->result;
    bool is_dropped      = job->is_dropped;

    append->file->n_appends--;
    append->file->size += append->written;
    if (append->doing != NULL || result == GMQ_DISK_DONE)
        note_trouble(disk, append);
    g_free(append);
    if (!is_dropped)
        disk->stored(disk->user, ticket, result);
}

static void
disk_append(GmqDisk *disk, GmqFile *file, const GmqSlice *slices, size_t n_slices, bool sync,
            uint64_t ticket)
{
    Append *append = g_malloc(sizeof *append + n_slices * sizeof append->parts[0]);

    *append = (Append){
        .job     = {.work = work_append, .finish = finish_append},
        .file    = file,
        .ticket  = ticket,
        .sync    = sync,
        .n_parts = n_slices,
    };
    for (size_t i = 0; i < n_slices; i++)
        append->parts[i] = (struct iovec){(void *)slices[i].data, slices[i].size};
    file->n_appends++;
    gmq_worker_give(real(disk)->worker, &append->job);
}

/* ---- closing and removing ---- */

static void
close_file(GmqFile *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

static void
work_closing(GmqJob *job)
{
    close_file(((Closing *)job)->file);
}

static void
finish_closing(GmqJob *job)
{
    GmqFile *file = ((Closing *)job)->file;

    close_file(file);
    g_free(file->name);
    g_free(file);
    g_free(job);
}

static void
disk_close(GmqDisk *disk, GmqFile *file)
{
    Closing *closing = g_new(Closing, 1);

    *closing = (Closing){
        .job  = {.work = work_closing, .finish = finish_closing},
        .file = file,
    };
    gmq_worker_give(real(disk)->worker, &closing->job);
}

static void
work_removal(GmqJob *job)
{
    Removal *removal        = (Removal *)job;
    const GmqRealDisk *disk = removal->disk;

    if (unlinkat(disk->dir_fd, removal->name, 0) < 0 || !sync_dir(disk))
        removal->number = errno;
}

static void
finish_removal(GmqJob *job)
{
    Removal *removal = (Removal *)job;

    if (removal->number != 0)
        g_message("cannot remove %s/%s: %s", removal->disk->path, removal->name,
                  g_strerror(removal->number));
    g_free(removal);
}

static void
disk_remove(GmqDisk *disk, const char *name)
{
    size_t size      = strlen(name) + 1;
    Removal *removal = g_malloc(sizeof *removal + size);

    *removal = (Removal){
        .job  = {.work = work_removal, .finish = finish_removal},
        .disk = real(disk),
    };
    memcpy(removal->name, name, size);
    gmq_worker_give(real(disk)->worker, &removal->job);
}

/* ---- life ---- */

static const GmqDisk disk_functions = {
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

GmqRealDisk *
gmq_real_disk_new(GmqLoop *loop, const char *path, GmqDiskStored *stored, void *user,
                  GError **error)
{
    int dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (dir_fd < 0) {
        g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED, "cannot open %s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    GmqWorker *worker = gmq_worker_new(loop, error);
    if (worker == NULL) {
        close(dir_fd);
        return NULL;
    }
    GmqRealDisk *disk = g_new(GmqRealDisk, 1);
    *disk             = (GmqRealDisk){
                    .disk   = disk_functions,
                    .worker = worker,
                    .stored = stored,
                    .user   = user,
                    .path   = g_strdup(path),
                    .dir_fd = dir_fd,
    };
    return disk;
}

GmqDisk *
gmq_real_disk(GmqRealDisk *disk)
{
    return &disk->disk;
}

const char *
gmq_real_disk_trouble(const GmqRealDisk *disk)
{
    return disk->trouble;
}

bool
gmq_real_disk_stop(GmqRealDisk *disk, unsigned patience_ms)
{
    return gmq_worker_stop(disk->worker, patience_ms);
}

void
gmq_real_disk_free(GmqRealDisk *disk)
{
    if (disk == NULL)
        return;
    gmq_worker_free(disk->worker);
    close(disk->dir_fd);
    g_free(disk->trouble);
    g_free(disk->path);
    g_free(disk);
}
