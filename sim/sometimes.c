#include "sim/sometimes.h"

#include <string.h>

static const struct {
    const char *name;
    const char *meaning;
} table[GMQ_N_SOMETIMES] = {
#define SOMETIMES(NAME, words, when) [GMQ_SOMETIMES_##NAME] = {words, when},
#include "sim/sometimes.def"
#undef SOMETIMES
};

const char *
gmq_sometimes_name(GmqSometimes what)
{
    g_assert(what < GMQ_N_SOMETIMES);
    return table[what].name;
}

const char *
gmq_sometimes_meaning(GmqSometimes what)
{
    g_assert(what < GMQ_N_SOMETIMES);
    return table[what].meaning;
}

GmqSometimes
gmq_sometimes_find(const char *name)
{
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++) {
        if (strcmp(table[i].name, name) == 0)
            return (GmqSometimes)i;
    }
    return GMQ_N_SOMETIMES;
}
