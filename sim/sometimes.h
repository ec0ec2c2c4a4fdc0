/* sometimes.h - the rare things of sometimes.def, by number and by name. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
#define SOMETIMES(NAME, words, when) GMQ_SOMETIMES_##NAME,
#include "sim/sometimes.def"
#undef SOMETIMES
    GMQ_N_SOMETIMES,
} GmqSometimes;

/* "prefetch full" */
const char *gmq_sometimes_name(GmqSometimes what);

/* When it counts as having happened, for people. */
const char *gmq_sometimes_meaning(GmqSometimes what);

/* The thing of that name; GMQ_N_SOMETIMES when there is none. */
GmqSometimes gmq_sometimes_find(const char *name);

G_END_DECLS
