/* explain-private.h - words and clauses, for explain*.c alone. */
#pragma once

#include "sim/explain.h"
#include "sim/yaml.h"

G_BEGIN_DECLS

/* ---- explain-words.c; all that they return is the caller's ---- */

/* "a, b and c" of texts. */
char *gmq_explain_join(const GPtrArray *texts);

/* The phrase with that in the place of %, and the form of words that goes with it. */
char *gmq_explain_fill(const char *phrase, const char *value);

/* What stands behind a key, in words: "at least 3", "w1 and w2". */
char *gmq_explain_value(const GmqKey *key, const GmqYaml *node);

/* "number 5", "each one of the numbers 2 to 4" or "each one whose number 3 divides". */
char *gmq_explain_numbers(const char *text);

/* "its number is 2 and its key matches "a.*"" of terms. */
char *gmq_explain_condition(const GPtrArray *terms);

/* ---- explain-clause.c ---- */

/* The parts whose keys a map may have, up to GMQ_N_OWNERS, and keys to leave out, up to NULL. */
typedef struct {
    const GmqKeyOwner *owners;
    const char *const *without;
} GmqExplainKeys;

/* Whether nothing stands there, or an empty map or list. */
bool gmq_explain_is_empty(const GmqYaml *node);

/* The clause of one key; what is inside of it belongs to it. */
char *gmq_explain_clause(const GmqKey *key, const GmqYaml *value);

/* Appends the clauses of a map, in the order of the file. */
void gmq_explain_clauses(const GmqYaml *map, const GmqExplainKeys *keys, GPtrArray *clauses);

/* All clauses of a map of one part as one text. */
char *gmq_explain_map(const GmqYaml *map, GmqKeyOwner owner);

/* The clause of a key of a map; NULL when it is not there. */
char *gmq_explain_find(const GmqYaml *map, GmqKeyOwner owner, const char *key);

/* Appends a sentence with its full stop, and takes it; words of ours begin with a capital. */
void gmq_explain_take(GString *out, char *sentence, bool is_ours);

/* ---- explain-timeline.c ---- */

void gmq_explain_entry(GString *out, const GmqYaml *entry);

/* ---- explain-client.c ---- */

void gmq_explain_client(GString *out, const GmqScenario *scenario, const char *name,
                        const GmqYaml *client);

G_END_DECLS
