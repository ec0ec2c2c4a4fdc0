/* check-field.h - field tables and numbers of the wire, read anew: the oracle shares no codec with
 * the broker. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* A value of a table or an array, which has no name there. */
typedef struct {
    GmqSlice name;
    char type;
    bool is_integer;
    int64_t integer; /* of integers, truth and times */
    GmqSlice bytes;  /* as they stand there; of texts, tables and arrays without the length */
} GmqCheckField;

/* Takes the first bytes of *rest, as far as there are so many. */
uint64_t gmq_check_take_number(GmqSlice *rest, size_t size);
GmqSlice gmq_check_take_bytes(GmqSlice *rest, uint64_t size);

/* Steps over the first value; false when there is none. */
bool gmq_check_next_value(GmqSlice *rest, GmqCheckField *field);
bool gmq_check_next_field(GmqSlice *rest, GmqCheckField *field);
bool gmq_check_find_field(GmqSlice table, const char *name, GmqCheckField *field);
int64_t gmq_check_find_integer(GmqSlice table, const char *name, int64_t otherwise);

bool gmq_check_find_truth(GmqSlice table, const char *name);

/* The caller frees the text; NULL without one. */
char *gmq_check_find_text(GmqSlice table, const char *name);

/* Integers of any width compare by value. */
bool gmq_check_same_value(const GmqCheckField *a, const GmqCheckField *b);

G_END_DECLS
