/* ctl-print.h - answers of the broker for people: aligned columns, and nothing that could move a
 * terminal's cursor. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Appends rows, a GPtrArray of JsonNode objects, with their columns under the names of these. */
void gmq_ctl_print_table(GString *out, char **columns, const GPtrArray *rows);

/* Appends rows as a JSON array, one row a line. */
void gmq_ctl_print_json(GString *out, const GPtrArray *rows);

/* Appends the members of an object but "ok", one a line. */
void gmq_ctl_print_members(GString *out, JsonNode *object);

G_END_DECLS
