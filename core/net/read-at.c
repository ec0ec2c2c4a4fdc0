#include "core/net/read-at.h"

#include <errno.h>
#include <unistd.h>

size_t
gmq_read_at(int fd, uint64_t offset, uint8_t *to, size_t size)
{
    size_t done = 0;

    errno = 0;
    while (done < size) {
        ssize_t n = pread(fd, to + done, size - done, (off_t)(offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = 0;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    return done;
}
