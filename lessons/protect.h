/* protect.h - what of a scenario file was changed that belongs to the task. */
#pragma once

#include "lessons/lesson.h"

G_BEGIN_DECLS

/* Compares the trees of the two texts, which are YAML; quotes, comments, layout, and words for
 * people (see twin.h) do not count.
 * Returns a sentence about the first change that the block does not allow, with its line in the
 * learner's file, or NULL. The caller frees it. */
char *gmq_protect_compare(const GmqModify *modify, const GmqYaml *before, const GmqYaml *after);

/* Whether a path such as "clients.*.ack" leads to something in the tree. */
bool gmq_protect_has(const GmqYaml *root, const char *path);

G_END_DECLS
