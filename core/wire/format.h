/* format.h - what was on the wire as text for people: the same on every machine, one line, and
 * harmless to a terminal. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* Appends text as it is when it reads as one plain word, else in double quotes. Control characters
 * and what is not UTF-8 become \xNN. */
void gmq_format_text(GString *out, GmqSlice text);

/* Appends " routing-key=" for routing_key, without the space at the start of out. */
void gmq_format_name(GString *out, const char *field);

/* Appends the inside of a table: "{x-match: all, n: 5}". Floats are in hexadecimal, exactly. */
void gmq_format_table(GString *out, GmqSlice table);

G_END_DECLS
