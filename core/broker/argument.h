/* argument.h - the arguments of declarations and bindings, in the words of a reply-text. */
#pragma once

#include "core/base/fault.h"
#include "core/wire/table.h"

G_BEGIN_DECLS

/* "longstr": what RabbitMQ calls a value of that type. */
const char *gmq_argument_type_name(GmqValueType type);

/* Fills why, of that size, with what is wrong about a value that should be an integer. */
void gmq_argument_refuse_number(const GmqValue *value, char *why, size_t size);

/* The place of the word among words, behind whose last stands NULL; -1 when it is none of them. */
int gmq_argument_find_word(const char *const *words, GmqSlice word);

/* Returns text as it is, numbers and truth values as people write them, and "..." for a value with
 * an inside; the caller frees it. */
char *gmq_argument_format(const GmqValue *value);

/* Whether the argument of that name means the same in both tables, absence included (AMQP.md 5.3,
 * 9.3); if not, 406 "inequivalent arg". what is "exchange 'x' in vhost '/'". */
bool gmq_argument_check_same(const char *name, const char *what, GmqSlice current,
                             GmqSlice received, GmqFault *fault);

G_END_DECLS
