#include <stdio.h>
#include <string.h>

#include "core/base/nearest.h"
#include "core/base/options.h"

typedef struct {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit status */
} Command;

static const Command commands[] = {
    {NULL, NULL, NULL},
};

static int
print_version(void)
{
    puts("glassmq " GMQ_VERSION);
    return 0;
}

int
main(int argc, char **argv)
{
    (void)commands;
    (void)argc;
    (void)argv;
    return print_version();
}
