/* shrink-private.h - candidates of a shrinker: how they are made, and what has been tried. */
#pragma once

#include "sim/shrink.h"
#include "sim/yaml-edit.h"

G_BEGIN_DECLS

typedef struct {
    const GmqShrinkPlan *plan;
    GmqShrinkResult *result;
    GmqYamlDocument *best;
    GHashTable *tried; /* of texts */
    bool has_changed;  /* since somebody looked */
} GmqShrinker;

/* ---- shrink.c ---- */

/* Tries a document, which it takes: true when it fails as the first one did, and is the best one
 * now. */
bool gmq_shrink_try(GmqShrinker *shrinker, GmqYamlDocument *candidate);

/* Whether it has come to a bound. */
bool gmq_shrink_is_over(const GmqShrinker *shrinker);

/* The node of that number, counted from the root on as the file is read, keys aside; NULL when
 * there are fewer. The same number is the same node in a copy. */
GmqYaml *gmq_shrink_node(GmqYamlDocument *document, unsigned number);

/* The number of the node behind these keys, up to NULL; UINT_MAX without it. */
unsigned gmq_shrink_number(GmqYamlDocument *document, const char *const *path);

/* ---- shrink-parts.c ---- */

/* Takes items of that list or keys of that map away, many at once and then each. With is_name all
 * that uses the names goes with them. */
void gmq_shrink_items(GmqShrinker *shrinker, unsigned number, bool is_name);

/* ---- shrink-numbers.c ---- */

/* Makes the number or duration in that scalar smaller, or round. */
void gmq_shrink_number_at(GmqShrinker *shrinker, unsigned number);

/* Lets the run end soon after it failed. */
void gmq_shrink_stop(GmqShrinker *shrinker);

G_END_DECLS
