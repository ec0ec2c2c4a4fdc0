/* sync-speed FOLDER [SECONDS]: appends 64 bytes to a file of that folder and syncs it, again and
 * again, and prints how often that went in a second: what the disk allows whoever syncs each
 * message alone. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    RECORD_SIZE = 64
};

static double
now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A file that has no name any more, so that nothing of it stays behind. */
static int
open_nameless(const char *folder)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/sync-speed-XXXXXX", folder) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = mkstemp(path);
    if (file >= 0)
        unlink(path);
    return file;
}

static int
fail(const char *what)
{
    fprintf(stderr, "sync-speed: %s: %s.\n", what, strerror(errno));
    return 1;
}

int
main(int argc, char **argv)
{
    double seconds = argc == 3 ? strtod(argv[2], NULL) : 3;
    if (argc < 2 || argc > 3 || !(seconds > 0 && seconds < 3600)) {
        fprintf(stderr, "usage: sync-speed FOLDER [SECONDS]\n");
        return 2;
    }
    int file = open_nameless(argv[1]);
    if (file < 0)
        return fail(argv[1]);

    char record[RECORD_SIZE];
    memset(record, 'r', sizeof record);
    double begin        = now_s();
    double spent        = 0;
    unsigned long count = 0;
    do {
        if (write(file, record, sizeof record) != sizeof record || fdatasync(file) != 0)
            return fail("the file cannot be written");
        count++;
        spent = now_s() - begin;
    } while (spent < seconds);
    printf("{\"appends\": %lu, \"appends_per_s\": %.0f}\n", count, (double)count / spent);
    return 0;
}
