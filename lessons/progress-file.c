/* The file of a person's progress: how it is read, and changed by one program at a time. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lessons/progress.h"
#include "sim/language.h"

/* Another program holds the file for milliseconds. */
#define LOCK_TRIES 100
#define LOCK_PAUSE_US 20000

static bool
fail(GError **error, int number)
{
    g_set_error_literal(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_UNREADABLE,
                        g_strerror(number));
    return false;
}

/* Opens without waiting for the writer of a pipe, and reads no device. */
static bool
open_file(const char *path, int *fd, GError **error)
{
    struct stat about;

    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0)
        return fail(error, errno);
    if (fstat(*fd, &about) == 0 && S_ISREG(about.st_mode))
        return true;
    g_set_error_literal(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_UNREADABLE,
                        S_ISDIR(about.st_mode) ? _("it is a folder") : _("it is no file of text"));
    close(*fd);
    return false;
}

/* Appends what is in the file, up to one byte more than it may have; false with errno. */
static bool
read_all(int fd, GByteArray *bytes)
{
    guint8 piece[4096];
    ssize_t n = 1;

    while (n > 0 && bytes->len <= GMQ_PROGRESS_BYTES_MAX) {
        n = read(fd, piece, sizeof piece);
        if (n > 0)
            g_byte_array_append(bytes, piece, (guint)n);
        else if (n < 0 && errno == EINTR)
            n = 1;
    }
    return n >= 0;
}

GmqProgress *
gmq_progress_load_file(const char *path, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    int fd;

    if (!open_file(path, &fd, error))
        return NULL;
    bool is_read = read_all(fd, bytes);
    int reason   = errno;
    close(fd);
    if (!is_read) {
        fail(error, reason);
        return NULL;
    }
    if (bytes->len > GMQ_PROGRESS_BYTES_MAX) {
        g_set_error_literal(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_DAMAGED,
                            _("it is too large for a progress file"));
        return NULL;
    }
    return gmq_progress_parse(bytes->len > 0 ? (const char *)bytes->data : "", bytes->len, error);
}

GmqProgress *
gmq_progress_load(const char *path, GError **error)
{
    struct stat about;

    if (stat(path, &about) != 0 && errno == ENOENT)
        return gmq_progress_new();
    return gmq_progress_load_file(path, error);
}

/* What a link leads to, so that the link stays; the path itself when nothing is there yet. */
static char *
resolve(const char *path)
{
    char *real  = realpath(path, NULL);
    char *found = g_strdup(real != NULL ? real : path);

    free(real);
    return found;
}

bool
gmq_progress_save(const GmqProgress *progress, const char *path, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autofree char *text    = gmq_progress_to_text(progress);
    g_autofree char *real    = resolve(path);

    if (g_file_set_contents_full(real, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &reason))
        return true;
    /* GLib names the file that it wrote first; only its last words say why. */
    const char *colon = strrchr(reason->message, ':');
    g_set_error_literal(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_UNREADABLE,
                        colon != NULL ? colon + 2 : reason->message);
    return false;
}

static bool
lock(int fd, GError **error)
{
    for (unsigned i = 0; i < LOCK_TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fail(error, errno);
        g_usleep(LOCK_PAUSE_US);
    }
    g_set_error_literal(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_BUSY,
                        _("another glassmq holds it"));
    return false;
}

/* The lock is a file beside it: the file itself is another one after each change. Returns what to
 * close, -1 with an error. */
static int
take_lock(const char *path, GError **error)
{
    g_autofree char *real   = resolve(path);
    g_autofree char *folder = g_path_get_dirname(real);
    g_autofree char *beside = g_strconcat(real, ".lock", NULL);

    if (g_mkdir_with_parents(folder, 0700) != 0) {
        fail(error, errno);
        return -1;
    }
    int fd = open(beside, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        fail(error, errno);
        return -1;
    }
    if (lock(fd, error))
        return fd;
    close(fd);
    return -1;
}

bool
gmq_progress_change(const char *path, GmqProgressChange change, void *data, GError **error)
{
    int fd = take_lock(path, error);

    if (fd < 0)
        return false;
    g_autoptr(GmqProgress) progress = gmq_progress_load(path, error);
    bool is_done                    = progress != NULL;

    if (is_done && change(progress, data))
        is_done = gmq_progress_save(progress, path, error);
    close(fd);
    return is_done;
}
