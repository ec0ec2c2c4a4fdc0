/* The clients of crash-test.py, with librabbitmq: worker COMMAND ARGUMENT...
 *
 * Its log is the standard output. It ends with 0 when the broker goes away. */
#include <stdio.h>
#include <string.h>

#include "tests/live/crash/consume.h"
#include "tests/live/crash/publish.h"

static const struct {
    const char *name;
    int (*main)(int argc, char **argv);
} commands[] = {
    {"publish", publish_main},
    {"commit", commit_main},
    {"consume", consume_main},
    {"drain", drain_main},
};

int
main(int argc, char **argv)
{
    static char buffer[1 << 20];

    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].main(argc - 1, argv + 1);
    }
    fprintf(stderr, "usage: worker publish|commit|consume|drain PORT ARGUMENT...\n");
    return 2;
}
