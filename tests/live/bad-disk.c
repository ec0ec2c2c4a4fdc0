/* A disk that goes wrong when a test says so, for LD_PRELOAD: fdatasync() fails while there is a
 * file "fail" in the folder that GLASSMQ_BAD_DISK names, and does not come back while there is a
 * file "hang". */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int
is_there(const char *name)
{
    const char *folder = getenv("GLASSMQ_BAD_DISK");
    char path[512];

    if (folder == NULL)
        return 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

int
fdatasync(int fd)
{
    while (is_there("hang"))
        usleep(10000);
    if (!is_there("fail"))
        return (int)syscall(SYS_fdatasync, fd);
    errno = EIO;
    return -1;
}
