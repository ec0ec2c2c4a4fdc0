/* rule.h - what a receiving client does with a message, chosen by what it knows of it.
 *
 * Rules stand in a list, and the first that fits counts. A rule fits when all terms of its
 * condition do; a rule without terms always fits. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* What a term asks about. */
typedef enum {
    GMQ_FACT_HEADER, /* the value of a header */
    GMQ_FACT_KEY,    /* the routing key that the message came with */
    GMQ_FACT_N,      /* 5 of p1-5 */
    GMQ_FACT_REDELIVERED,
    GMQ_FACT_DELIVERIES, /* how often it came, this time included */
    GMQ_FACT_DEATHS,     /* how often it left that queue for that reason, by its x-death header */
} GmqFact;

typedef enum {
    GMQ_TEST_EQUAL,
    GMQ_TEST_UNEQUAL,
    GMQ_TEST_AT_MOST,
    GMQ_TEST_AT_LEAST,
    GMQ_TEST_LESS,
    GMQ_TEST_MORE,
    GMQ_TEST_PATTERN, /* of a topic */
    GMQ_N_TESTS,
} GmqTest;

/* "==" */
const char *gmq_test_sign(GmqTest test);

typedef struct {
    GmqFact fact;
    char *name;   /* of a header, or of the queue of deaths; else NULL */
    char *reason; /* of deaths; else NULL */
    GmqTest test;
    char *text;     /* what the fact is compared with */
    int64_t number; /* that text as a whole number */
    bool is_number;
    bool is_truth; /* the text is yes or no, */
    bool truth;    /* and this is which */
} GmqTerm;

/* What becomes of the message. */
typedef enum {
    GMQ_RULE_ACK,
    GMQ_RULE_REJECT,
    GMQ_RULE_REQUEUE,
    GMQ_RULE_FORWARD,
    GMQ_RULE_CRASH,
    GMQ_RULE_IGNORE,
    GMQ_RULE_CLOSE,
    GMQ_N_RULE_DEEDS,
} GmqRuleDeed;

typedef struct {
    unsigned line;
    GPtrArray *terms; /* of GmqTerm; lent by the scenario, NULL without any */
    GmqRuleDeed deed; /* GMQ_N_RULE_DEEDS until it was read */
    char *to;         /* of forward: an exchange, "default", or a queue; NULL without one */
    char *key;        /* likewise; NULL: the one that the message came with */
    int64_t delay_ns; /* likewise: whole milliseconds; 0: its header stays as it came */
    int64_t wait_ns;
} GmqRule;

/* What a client knows of a message. All is lent. */
typedef struct {
    GmqSlice headers; /* the inside of a table that passed gmq_table_check() */
    GmqSlice key;
    uint64_t n; /* 0 for a message that has no such name */
    uint64_t deliveries;
    bool redelivered;
} GmqRuleFacts;

/* The first rule that fits, lent; NULL when none does, and for no list at all. */
const GmqRule *gmq_rules_find(const GPtrArray *rules, const GmqRuleFacts *facts);

/* Whether any of them asks about that. */
bool gmq_rules_ask(const GPtrArray *rules, GmqFact fact);

G_END_DECLS
