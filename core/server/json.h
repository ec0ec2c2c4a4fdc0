/* json.h - writing JSON, and looking at what somebody else wrote before a parser does.
 *
 *     g_autoptr(GString) out = g_string_new(NULL);
 *     GmqJson json           = {out};
 *
 *     gmq_json_open(&json, '{');
 *     gmq_json_key(&json, "name");
 *     gmq_json_put_text(&json, name);
 *     gmq_json_close(&json, '}');
 */
#pragma once

#include "core/base/slice.h"
#include "core/wire/table.h"

G_BEGIN_DECLS

typedef struct {
    GString *out;     /* lent */
    bool needs_comma; /* something stands before the next value */
} GmqJson;

/* Begin and end an object or an array. */
void gmq_json_open(GmqJson *json, char bracket);
void gmq_json_close(GmqJson *json, char bracket);

void gmq_json_key(GmqJson *json, const char *key);

/* Values. What is not UTF-8 in a text becomes U+FFFD, since JSON cannot say it. */
void gmq_json_put_text(GmqJson *json, GmqSlice text);
void gmq_json_put_count(GmqJson *json, uint64_t count);
void gmq_json_put_integer(GmqJson *json, int64_t integer);
void gmq_json_put_bool(GmqJson *json, bool value);

/* JSON as it stands; null when it is empty. */
void gmq_json_put_raw(GmqJson *json, GmqSlice text);

/* The inside of a field table, as an object; numbers and times become numbers, byte arrays texts,
 * a decimal its nearest fraction, and what no JSON number says null. */
void gmq_json_put_table(GmqJson *json, GmqSlice table);
void gmq_json_put_array(GmqJson *json, GmqSlice array);

/* A key and its value. */
void gmq_json_add_text_member(GmqJson *json, const char *key, GmqSlice text);
void gmq_json_add_count(GmqJson *json, const char *key, uint64_t count);
void gmq_json_add_bool(GmqJson *json, const char *key, bool value);

/* Whether nothing in the text nests deeper than that: a parser that calls itself for each level
 * would use up its stack. */
bool gmq_json_is_shallow(const char *text, size_t size, unsigned depth_max);

/* The deepest that is read anywhere. */
#define GMQ_JSON_DEPTH_MAX 40

G_END_DECLS
