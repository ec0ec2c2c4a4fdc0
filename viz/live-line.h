/* live-line.h - a line that a broker says to a listener: a flat object of JSON. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* Lines of a broker have fewer. */
#define GMQ_LIVE_MEMBERS_MAX 24

typedef struct {
    GmqSlice key;
    GmqSlice text;   /* UTF-8 unless the line was not; empty for what is no text */
    uint64_t number; /* of a whole number or a text in hex, "0x1f"; 1 for true; 0 otherwise */
} GmqLiveMember;

typedef struct {
    GmqLiveMember members[GMQ_LIVE_MEMBERS_MAX];
    unsigned n;
} GmqLiveLine;

/* Reads a line, without its newline, which is changed: texts are lent from it. False for what is no
 * flat object of texts, whole numbers, true, false and null, or has too many members. */
bool gmq_live_line_read(GmqLiveLine *line, char *text, size_t size);

/* The member of that key; NULL when there is none. */
const GmqLiveMember *gmq_live_line_find(const GmqLiveLine *line, const char *key);

/* The same, as a value: empty and 0 when there is none. */
GmqSlice gmq_live_line_text(const GmqLiveLine *line, const char *key);
uint64_t gmq_live_line_number(const GmqLiveLine *line, const char *key);

G_END_DECLS
