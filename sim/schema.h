/* schema.h - the keys of a scenario file as a JSON Schema, for editors that check while one types.
 *
 * It is made from the table that the reader uses, so both know the same keys. What needs the whole
 * file, such as names that must be declared, only the reader finds. */
#pragma once

#include "sim/keys.h"

G_BEGIN_DECLS

/* Appends the schema (JSON Schema 2020-12), in lines. */
void gmq_schema_add(GString *out);

/* Whether the schema knows what stands inside of a key that takes a map or a list; for tests. */
bool gmq_schema_knows(const GmqKey *key);

/* The part whose keys stand inside of a key, or of each of its names or items; GMQ_N_OWNERS for
 * none. */
GmqKeyOwner gmq_schema_part(const GmqKey *key);

G_END_DECLS
