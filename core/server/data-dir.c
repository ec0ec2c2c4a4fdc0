#include "core/server/data-dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/data-path.h"

#define LOCK_NAME "lock"

struct GmqDataDir {
    char *path;
    int lock_fd;
};

G_DEFINE_QUARK(gmq - data - dir - error - quark, gmq_data_dir_error)

char *
gmq_data_dir_default(void)
{
    return gmq_data_path_default();
}

char *
gmq_data_dir_socket_path(const char *path)
{
    return gmq_data_path_socket(path);
}

static void
set_failed(GError **error, const char *doing, const char *path, int number)
{
    g_set_error(error, GMQ_DATA_DIR_ERROR, GMQ_DATA_DIR_ERROR_FAILED, "cannot %s %s: %s", doing,
                path, g_strerror(number));
}

/* The process that the lock file names, as text; NULL when it names none. */
static char *
read_owner(int fd)
{
    char text[32];
    ssize_t size = pread(fd, text, sizeof text - 1, 0);

    text[MAX(size, 0)] = '\0';
    g_strchomp(text);
    return g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, NULL, NULL) ? g_strdup(text) : NULL;
}

/* advice says what whoever reads it can do. */
static void
set_in_use(GError **error, const char *path, int fd, const char *advice)
{
    g_autofree char *owner = read_owner(fd);

    g_set_error(error, GMQ_DATA_DIR_ERROR, GMQ_DATA_DIR_ERROR_IN_USE,
                "another broker%s%s%s uses the data directory %s: %s",
                owner == NULL ? "" : " (process ", owner == NULL ? "" : owner,
                owner == NULL ? "" : ")", path, advice);
}

static bool
write_owner(int fd)
{
    char text[32];
    int size = g_snprintf(text, sizeof text, "%d\n", (int)getpid());

    return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)size, 0) == size;
}

/* Returns the locked file, or -1 with an error. */
static int
lock(const char *path, GError **error)
{
    g_autofree char *file = g_build_filename(path, LOCK_NAME, NULL);
    int fd                = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0) {
        set_failed(error, "open", file, errno);
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno == EWOULDBLOCK)
            set_in_use(error, path, fd, "give this one another with --data DIR");
        else
            set_failed(error, "lock", file, errno);
    } else if (!write_owner(fd)) {
        set_failed(error, "write to", file, errno);
    } else {
        return fd;
    }
    close(fd);
    return -1;
}

GmqDataDir *
gmq_data_dir_open(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0700) < 0) {
        g_set_error(error, GMQ_DATA_DIR_ERROR, GMQ_DATA_DIR_ERROR_FAILED,
                    "cannot make the data directory %s: %s; choose another with --data DIR, or go "
                    "without with --data none",
                    path, g_strerror(errno));
        return NULL;
    }

    int fd = lock(path, error);
    if (fd < 0)
        return NULL;
    GmqDataDir *dir = g_new(GmqDataDir, 1);
    *dir            = (GmqDataDir){.path = g_strdup(path), .lock_fd = fd};
    return dir;
}

/* The lock of a directory that is only looked at; -1 without an error when it has none: then no
 * broker has ever used it there, as in a copy. */
static int
lock_to_look(const char *path, GError **error)
{
    g_autofree char *file = g_build_filename(path, LOCK_NAME, NULL);
    int fd                = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0) {
        if (errno != ENOENT)
            set_failed(error, "open", file, errno);
        return -1;
    }
    if (flock(fd, LOCK_SH | LOCK_NB) == 0)
        return fd;
    if (errno == EWOULDBLOCK)
        set_in_use(error, path, fd,
                   "stop it first, or look at a copy that glassmq ctl backup makes");
    else
        set_failed(error, "lock", file, errno);
    close(fd);
    return -1;
}

GmqDataDir *
gmq_data_dir_look(const char *path, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, GMQ_DATA_DIR_ERROR, GMQ_DATA_DIR_ERROR_FAILED,
                    "there is no directory %s", path);
        return NULL;
    }
    int fd = lock_to_look(path, &why);
    if (why != NULL) {
        g_propagate_error(error, g_steal_pointer(&why));
        return NULL;
    }
    GmqDataDir *dir = g_new(GmqDataDir, 1);
    *dir            = (GmqDataDir){.path = g_strdup(path), .lock_fd = fd};
    return dir;
}

void
gmq_data_dir_free(GmqDataDir *dir)
{
    if (dir == NULL)
        return;
    if (dir->lock_fd >= 0)
        close(dir->lock_fd);
    g_free(dir->path);
    g_free(dir);
}

const char *
gmq_data_dir_path(const GmqDataDir *dir)
{
    return dir->path;
}
