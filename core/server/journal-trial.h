/* journal-trial.h - whether a broker starts with a journal: one does, with a disk that takes
 * nothing. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* False with the error that the broker would give. Nothing in the directory is changed. */
bool gmq_journal_trial(const char *path, GError **error);

G_END_DECLS
