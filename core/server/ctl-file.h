/* ctl-file.h - what `glassmq ctl` reads and writes beside the socket: documents and passwords. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* Returns the JSON in the file of that path, "-" for the standard input, as one line; the caller
 * frees it. NULL with an error, a sentence without its full stop. */
char *gmq_ctl_read_document(const char *path, GError **error);

/* Writes the member "document" of an answer there, for people: with line ends and indented. */
bool gmq_ctl_write_document(const char *path, JsonNode *answer, GError **error);

/* Returns the first line of the standard input, which is not shown when it is a terminal; the
 * caller frees it. NULL with an error when there is none. */
char *gmq_ctl_read_password(GError **error);

G_END_DECLS
