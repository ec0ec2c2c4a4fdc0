/* journal-tool.h - what "glassmq journal" does, a function a command.
 *
 * Each answers with the exit status, or with -1 and an error, a sentence without its full stop. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What is in the journal, and whether it is sound: 0 when it is, 1 when it is damaged. */
int gmq_journal_check(const char *path, GError **error);

/* All records as JSON, one a line, or those that still count alone: 0, or 1 when it is damaged. */
int gmq_journal_dump(const char *path, bool is_live_only, uint64_t body_max, GError **error);

/* Writes what can be read into a directory that is not there yet, or is empty, and says what is
 * lost: 0. */
int gmq_journal_salvage(const char *path, const char *new_path, GError **error);

G_END_DECLS
