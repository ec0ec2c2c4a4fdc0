#include "core/net/fd.h"

#include <errno.h>
#include <unistd.h>

bool
gmq_fd_write_at(int fd, uint64_t offset, GmqSlice bytes)
{
    size_t done = 0;

    while (done < bytes.size) {
        ssize_t n = pwrite(fd, bytes.data + done, bytes.size - done, (off_t)(offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

bool
gmq_fd_cut(int fd, uint64_t size)
{
    int done;

    do
        done = ftruncate(fd, (off_t)size);
    while (done < 0 && errno == EINTR);
    return done == 0;
}

static bool
sync_by(int fd, int (*sync)(int fd))
{
    int done;

    do
        done = sync(fd);
    while (done < 0 && errno == EINTR);
    return done == 0;
}

bool
gmq_fd_sync_data(int fd)
{
    return sync_by(fd, fdatasync);
}

bool
gmq_fd_sync(int fd)
{
    return sync_by(fd, fsync);
}
