#include "core/server/backup-copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_SIZE 300
#define PART ".part" /* behind the names of files that are not whole yet */

/* Written bytes are given to the disk in such amounts, so that a journal on the same disk does not
 * wait for all of them at once. */
#define SYNC_SIZE (16 * 1024 * 1024)

static bool
fail(GmqBackupCopy *copy, const char *doing, const char *directory, const char *name)
{
    g_snprintf(copy->error, sizeof copy->error, "cannot %s %s%s%s: %s", doing, directory,
               name == NULL ? "" : "/", name == NULL ? "" : name, g_strerror(errno));
    return false;
}

static bool
refuse(GmqBackupCopy *copy, const char *reason)
{
    g_snprintf(copy->error, sizeof copy->error, "%s %s", copy->to, reason);
    return false;
}

/* ---- the directory ---- */

static bool
is_empty(const char *path)
{
    DIR *dir                  = opendir(path);
    const struct dirent *each = NULL;
    unsigned n                = 0;

    if (dir == NULL)
        return false;
    while ((each = readdir(dir)) != NULL)
        n += strcmp(each->d_name, ".") != 0 && strcmp(each->d_name, "..") != 0;
    closedir(dir);
    return n == 0;
}

static bool
open_directory(GmqBackupCopy *copy)
{
    copy->has_made = mkdir(copy->to, 0700) == 0;
    if (!copy->has_made && errno != EEXIST)
        return fail(copy, "make", copy->to, NULL);
    copy->to_fd = open(copy->to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy->to_fd < 0)
        return fail(copy, "open", copy->to, NULL);
    return is_empty(copy->to) || refuse(copy, "is not empty: name a directory that is not there "
                                              "yet, or an empty one");
}

static bool
sync_parent(GmqBackupCopy *copy)
{
    g_autofree char *parent = g_path_get_dirname(copy->to);
    int fd                  = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced          = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

    if (!is_synced)
        fail(copy, "sync", parent, NULL);
    if (fd >= 0)
        close(fd);
    return is_synced;
}

/* ---- one file ---- */

static const char *
name_of(const GmqBackupCopy *copy, unsigned i)
{
    return copy->names->pdata[i];
}

static void
part_name(const GmqBackupCopy *copy, unsigned i, char name[NAME_SIZE])
{
    g_snprintf(name, NAME_SIZE, "%s" PART, name_of(copy, i));
}

static bool
write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);

        if (n < 0 && errno != EINTR)
            return false;
        bytes += MAX(n, 0);
        size -= (size_t)MAX(n, 0);
    }
    return true;
}

static ssize_t
read_some(int fd, uint8_t *to, size_t size)
{
    ssize_t n;

    do
        n = read(fd, to, size);
    while (n < 0 && errno == EINTR);
    if (n == 0)
        errno = ENODATA;
    return n;
}

static bool
copy_bytes(GmqBackupCopy *copy, int from_fd, int to_fd, unsigned i)
{
    uint64_t left   = g_array_index(copy->sizes, uint64_t, i);
    size_t unsynced = 0;

    while (left > 0) {
        ssize_t n = read_some(from_fd, copy->piece, MIN(left, sizeof copy->piece));

        if (g_atomic_int_get(&copy->is_cancelled))
            return refuse(copy, "is given up");
        if (n <= 0)
            return fail(copy, "read", copy->from, name_of(copy, i));
        if (!write_all(to_fd, copy->piece, (size_t)n))
            return fail(copy, "write to", copy->to, name_of(copy, i));
        left -= (uint64_t)n;
        copy->bytes += (uint64_t)n;
        unsynced += (size_t)n;
        if (unsynced < SYNC_SIZE && left > 0)
            continue;
        if (fdatasync(to_fd) < 0)
            return fail(copy, "sync", copy->to, name_of(copy, i));
        unsynced = 0;
    }
    return true;
}

static bool
copy_file(GmqBackupCopy *copy, unsigned i)
{
    char part[NAME_SIZE];
    g_autofree char *path = g_build_filename(copy->from, name_of(copy, i), NULL);

    part_name(copy, i, part);
    int from_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (from_fd < 0)
        return fail(copy, "open", path, NULL);

    int to_fd = openat(copy->to_fd, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_copied =
        to_fd < 0 ? fail(copy, "make", copy->to, part) : copy_bytes(copy, from_fd, to_fd, i);
    close(from_fd);
    if (to_fd >= 0)
        close(to_fd);
    return is_copied;
}

/* ---- all ---- */

static bool
copy_files(GmqBackupCopy *copy)
{
    for (unsigned i = 0; i < copy->names->len; i++) {
        if (!copy_file(copy, i))
            return false;
    }
    return true;
}

static bool
name_files(GmqBackupCopy *copy)
{
    for (unsigned i = 0; i < copy->names->len; i++) {
        char part[NAME_SIZE];

        part_name(copy, i, part);
        if (renameat(copy->to_fd, part, copy->to_fd, name_of(copy, i)) < 0)
            return fail(copy, "name", copy->to, name_of(copy, i));
    }
    if (fsync(copy->to_fd) < 0 && errno != EINVAL)
        return fail(copy, "sync", copy->to, NULL);
    return !copy->has_made || sync_parent(copy);
}

/* What is there was made here, since the directory was empty. */
static void
clean_up(GmqBackupCopy *copy)
{
    for (unsigned i = 0; i < copy->names->len; i++) {
        char part[NAME_SIZE];

        part_name(copy, i, part);
        unlinkat(copy->to_fd, part, 0);
        unlinkat(copy->to_fd, name_of(copy, i), 0);
    }
}

bool
gmq_backup_copy(GmqBackupCopy *copy)
{
    copy->to_fd    = -1;
    bool is_ready  = open_directory(copy);
    bool is_copied = is_ready && copy_files(copy) && name_files(copy);

    if (is_ready && !is_copied)
        clean_up(copy);
    if (!is_copied && copy->has_made)
        rmdir(copy->to);
    if (copy->to_fd >= 0)
        close(copy->to_fd);
    return is_copied;
}
