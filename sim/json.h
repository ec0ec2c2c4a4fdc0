/* json.h - writing JSON: integers and texts only, the same bytes everywhere. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Appends the text in quotes; control characters are escaped. The text is UTF-8. */
void gmq_json_add_text(GString *out, const char *text);

/* Appends the number. What a signed 64-bit reader cannot hold is written as a text in hex. */
void gmq_json_add_number(GString *out, uint64_t number);

/* Appends "0123456789abcdef" in quotes: always 16 digits. */
void gmq_json_add_hash(GString *out, uint64_t hash);

G_END_DECLS
