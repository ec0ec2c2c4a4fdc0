/* json-table.h - JSON values as the field tables that the broker works with. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/wire/table.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_JSON_ERROR_WRONG,
} GmqJsonError;

#define GMQ_JSON_ERROR (gmq_json_error_quark())
GQuark gmq_json_error_quark(void);

/* Parses a text that should be a JSON object. The caller unrefs the node; NULL with an error, a
 * sentence without its full stop in which what names the text. */
JsonNode *gmq_json_parse_object(const char *text, const char *what, GError **error);

/* Appends the members of an object to a table: whole numbers as 'l', others as doubles, texts as
 * longstr, null as void. False with an error when a name is too long or it nests too deep. */
bool gmq_json_to_table(JsonObject *object, GmqBuffer *table, GError **error);

G_END_DECLS
