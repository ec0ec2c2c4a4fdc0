/* table.h - field tables: names with typed values (0-9-1 spec, 4.2.5.5; AMQP.md 5).
 *
 * A table is kept as the bytes it came in, so that it can be passed on unchanged; reading walks
 * over them. Here "table" always means the inside: the bytes behind the 32-bit length.
 * An array's inside is walked likewise, with values that have no names. */
#pragma once

#include "core/base/slice.h"
#include "core/wire/buffer.h"

G_BEGIN_DECLS

/* The type octets that are accepted (AMQP.md 5.1). 's' is a signed 16-bit integer, as in RabbitMQ.
 * 'L' decodes as signed too. */
typedef enum {
    GMQ_VALUE_BOOL      = 't',
    GMQ_VALUE_I8        = 'b',
    GMQ_VALUE_U8        = 'B',
    GMQ_VALUE_I16       = 's',
    GMQ_VALUE_U16       = 'u',
    GMQ_VALUE_I32       = 'I',
    GMQ_VALUE_U32       = 'i',
    GMQ_VALUE_I64       = 'l',
    GMQ_VALUE_I64_L     = 'L',
    GMQ_VALUE_FLOAT     = 'f',
    GMQ_VALUE_DOUBLE    = 'd',
    GMQ_VALUE_DECIMAL   = 'D',
    GMQ_VALUE_STRING    = 'S',
    GMQ_VALUE_ARRAY     = 'A',
    GMQ_VALUE_TIMESTAMP = 'T',
    GMQ_VALUE_TABLE     = 'F',
    GMQ_VALUE_VOID      = 'V',
    GMQ_VALUE_BYTES     = 'x',
} GmqValueType;

typedef struct {
    GmqValueType type;
    int64_t integer; /* bool, all integers; a decimal's digits; the timestamp in seconds, as i64 */
    uint8_t scale;   /* of a decimal */
    uint64_t bits;   /* of a float (low 32) or double, as they stand on the wire: no rounding */
    GmqSlice bytes;  /* string, byte array, inside of a table or array; lent */
} GmqValue;

/* Whether every name and value fits exactly into the bytes, all types are known and nothing nests
 * deeper than GMQ_TABLE_DEPTH_MAX. All other functions want tables that passed. */
bool gmq_table_check(GmqSlice table);
bool gmq_array_check(GmqSlice array);

/* Steps over the first name and value of *rest; false when there is none. */
bool gmq_table_next(GmqSlice *rest, GmqSlice *name, GmqValue *value);
bool gmq_array_next(GmqSlice *rest, GmqValue *value);

/* The first value of that name (AMQP.md 5.2). */
bool gmq_table_find(GmqSlice table, GmqSlice name, GmqValue *value);

bool gmq_value_is_integer(const GmqValue *value);

/* Integers of any width compare by value, a string never equals one (AMQP.md 5.3); tables compare
 * without regard to order, arrays with it. */
bool gmq_value_equal(const GmqValue *a, const GmqValue *b);

/* Whether both hold the same names with equal values, in any order; the first of a name counts. */
bool gmq_table_equal(GmqSlice a, GmqSlice b);

/* Appends one name and value. Integers are written with the type that value->type says. */
void gmq_table_add(GmqBuffer *table, GmqSlice name, const GmqValue *value);
void gmq_table_add_bool(GmqBuffer *table, const char *name, bool value);
void gmq_table_add_int(GmqBuffer *table, const char *name, int64_t value); /* as 'l' */
void gmq_table_add_text(GmqBuffer *table, const char *name, GmqSlice text);
void gmq_table_add_table(GmqBuffer *table, const char *name, GmqSlice inner);
void gmq_array_add(GmqBuffer *array, const GmqValue *value);

/* Appends all of a table, names in the order of their bytes; equal ones keep theirs. */
void gmq_table_add_sorted(GmqBuffer *table, GmqSlice unsorted);

/* Returns "{x-match: all, n: 5}" for people, control characters escaped; the caller frees it. */
char *gmq_table_format(GmqSlice table);

G_END_DECLS
