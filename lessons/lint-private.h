/* lint-private.h - what the files lint-*.c share: one lesson that is looked at. */
#pragma once

#include "lessons/lint.h"
#include "lessons/proof.h"

G_BEGIN_DECLS

typedef struct {
    GmqLesson *lesson; /* its problems are added to */
    GmqProof *proof;
    bool is_whole; /* nothing is missing in its blocks, so that they can be looked at */
} GmqLint;

/* A problem at that key of the block, or at its beginning. */
void gmq_lint_complain(GmqLint *lint, const GmqYaml *block, const char *key, const char *format,
                       ...) G_GNUC_PRINTF(4, 5);

/* ---- lint-text.c: lines, pictures, numbers of events ---- */

void gmq_lint_texts(GmqLint *lint);

/* ---- lint-steps.c: order, and what the blocks say of runs ---- */

void gmq_lint_steps(GmqLint *lint);

/* ---- lint-modify.c: exercise and solution ---- */

void gmq_lint_modify(GmqLint *lint, const GmqModify *modify);

/* ---- lint-twin.c: the same lesson in another language ---- */

/* Problems of the twin where it says something else than the lesson. */
void gmq_lint_twin(GmqLint *twin, const GmqLesson *lesson);

/* ---- lint-twin-run.c: its runs in another language ---- */

/* Checks all files of the folder that are twins in that language; appends the problems of each, or
 * that it is fine. False when there are problems. */
bool gmq_lint_twin_runs(const char *folder, const char *language, GString *out);

/* ---- lint-words.c: no term before its lesson ---- */

void gmq_lint_words(GmqLint *lint);

G_END_DECLS
