/* keys.h - the table of all keys of a scenario file (keys.def), for whoever reads or explains it.
 *
 * One table is the reader's grammar, the source of "did you mean", and what the documentation is
 * compared with. */
#pragma once

#include "sim/scenario.h"

G_BEGIN_DECLS

/* The parts of a scenario file. */
typedef enum {
#define OWNER(IN, Struct, what) GMQ_IN_##IN,
#include "sim/keys.def"
    GMQ_N_OWNERS,
} GmqKeyOwner;

/* What stands behind a key. */
typedef enum {
    GMQ_KEY_TEXT,
    GMQ_KEY_TRUTH,
    GMQ_KEY_TRISTATE, /* GMQ_YES or GMQ_NO; it was GMQ_UNSET before */
    GMQ_KEY_DURATION,
    GMQ_KEY_SECONDS,
    GMQ_KEY_SIZE,
    GMQ_KEY_RATE,
    GMQ_KEY_PERCENT, /* in parts of a million */
    GMQ_KEY_SEED,
    GMQ_KEY_MOMENT,
    GMQ_KEY_COUNT,
    GMQ_KEY_CHOICE,
    GMQ_KEY_NODE,
    GMQ_KEY_PART,
    GMQ_KEY_EXPECT_COUNTS,
    GMQ_KEY_EXPECT_TIME,
    GMQ_KEY_EXPECT_TIMES,
    GMQ_KEY_EXPECT_WORD,
    GMQ_KEY_EXPECT_WORDS,
    GMQ_KEY_EXPECT_NAMES,
    GMQ_KEY_EXPECT_HASH,
    GMQ_KEY_LATER,
} GmqKeyType;

typedef struct GmqScenarioReader GmqScenarioReader;
typedef struct GmqKey GmqKey;

/* Reads the value of a PART into target, the struct of the part that holds the key; node is a
 * GmqYaml. */
typedef void (*GmqReadPart)(GmqScenarioReader *reader, const void *node, void *target);

struct GmqKey {
    GmqKeyOwner owner;
    const char *key;
    GmqKeyType type;
    size_t offset; /* in the owner's struct, for the types that are one value */
    uint64_t least, most;
    GmqReadPart read;   /* of a PART */
    GmqExpectKind kind; /* of an expectation */
    const char *values; /* what it takes, for people; of a CHOICE the words with | between */
    const char *doc;
};

/* All keys in the order of keys.def, and their number. */
const GmqKey *gmq_keys(size_t *n);

/* The key of that name in a part of the file; NULL without one. */
const GmqKey *gmq_key_find(GmqKeyOwner owner, const char *key);

/* Whether that key exists and does something. */
bool gmq_key_works(GmqKeyOwner owner, const char *key);

/* The parts with the keys that not all clients have but those of that role: two of them, of which
 * the second may be GMQ_N_OWNERS. */
const GmqKeyOwner *gmq_key_owners_of_role(GmqRole role);

/* "a consumer" */
const char *gmq_key_owner_name(GmqKeyOwner owner);

G_END_DECLS
