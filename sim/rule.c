#include "sim/rule.h"

#include "core/wire/table.h"
#include "sim/check-route.h"

const char *
gmq_test_sign(GmqTest test)
{
    static const char *const signs[GMQ_N_TESTS] = {
        [GMQ_TEST_EQUAL] = "==",    [GMQ_TEST_UNEQUAL] = "!=", [GMQ_TEST_AT_MOST] = "<=",
        [GMQ_TEST_AT_LEAST] = ">=", [GMQ_TEST_LESS] = "<",     [GMQ_TEST_MORE] = ">",
        [GMQ_TEST_PATTERN] = "~",
    };

    g_assert(test < GMQ_N_TESTS);
    return signs[test];
}

/* ---- kinds of values ---- */

/* Whether two things that are so far apart pass; equal ones are 0 apart. */
static bool
passes(GmqTest test, int order)
{
    switch (test) {
    case GMQ_TEST_EQUAL:
        return order == 0;
    case GMQ_TEST_UNEQUAL:
        return order != 0;
    case GMQ_TEST_AT_MOST:
        return order <= 0;
    case GMQ_TEST_AT_LEAST:
        return order >= 0;
    case GMQ_TEST_LESS:
        return order < 0;
    case GMQ_TEST_MORE:
        return order > 0;
    default:
        return false;
    }
}

/* What cannot be compared is only different. */
static bool
is_different(const GmqTerm *term)
{
    return term->test == GMQ_TEST_UNEQUAL;
}

static bool
number_fits(const GmqTerm *term, int64_t number)
{
    if (!term->is_number)
        return is_different(term);
    return passes(term->test, (number > term->number) - (number < term->number));
}

static bool
truth_fits(const GmqTerm *term, bool truth)
{
    if (!term->is_truth)
        return is_different(term);
    bool is_equal = truth == term->truth;
    return (term->test == GMQ_TEST_EQUAL && is_equal) || (is_different(term) && !is_equal);
}

/* Texts have no order that anybody would guess: they are equal, different, or fit a pattern. */
static bool
text_fits(const GmqTerm *term, GmqSlice text)
{
    bool is_equal = gmq_slice_equal(text, gmq_slice_of(term->text));

    switch (term->test) {
    case GMQ_TEST_EQUAL:
        return is_equal;
    case GMQ_TEST_UNEQUAL:
        return !is_equal;
    case GMQ_TEST_PATTERN:
        return gmq_check_topic_matches(gmq_slice_of(term->text), text);
    default:
        return false;
    }
}

/* ---- facts ---- */

static bool
header_fits(const GmqTerm *term, GmqSlice headers)
{
    GmqValue value;

    if (!gmq_table_find(headers, gmq_slice_of(term->name), &value))
        return is_different(term);
    if (gmq_value_is_integer(&value))
        return number_fits(term, value.integer);
    if (value.type == GMQ_VALUE_BOOL)
        return truth_fits(term, value.integer != 0);
    if (value.type == GMQ_VALUE_STRING)
        return text_fits(term, value.bytes);
    return is_different(term);
}

static bool
has_text(GmqSlice table, const char *name, const char *text)
{
    GmqValue value;

    return gmq_table_find(table, gmq_slice_of(name), &value) && value.type == GMQ_VALUE_STRING &&
           gmq_slice_equal(value.bytes, gmq_slice_of(text));
}

static int64_t
count_deaths(GmqSlice headers, const char *queue, const char *reason)
{
    GmqValue deaths, death, count;

    if (!gmq_table_find(headers, GMQ_SLICE("x-death"), &deaths) || deaths.type != GMQ_VALUE_ARRAY)
        return 0;
    GmqSlice rest = deaths.bytes;
    while (gmq_array_next(&rest, &death)) {
        if (death.type == GMQ_VALUE_TABLE && has_text(death.bytes, "queue", queue) &&
            has_text(death.bytes, "reason", reason) &&
            gmq_table_find(death.bytes, GMQ_SLICE("count"), &count) && gmq_value_is_integer(&count))
            return count.integer;
    }
    return 0;
}

static bool
term_fits(const GmqTerm *term, const GmqRuleFacts *facts)
{
    switch (term->fact) {
    case GMQ_FACT_HEADER:
        return header_fits(term, facts->headers);
    case GMQ_FACT_KEY:
        return text_fits(term, facts->key);
    case GMQ_FACT_N:
        return number_fits(term, (int64_t)MIN(facts->n, INT64_MAX));
    case GMQ_FACT_REDELIVERED:
        return truth_fits(term, facts->redelivered);
    case GMQ_FACT_DELIVERIES:
        return number_fits(term, (int64_t)facts->deliveries);
    case GMQ_FACT_DEATHS:
        return number_fits(term, count_deaths(facts->headers, term->name, term->reason));
    }
    g_assert_not_reached();
}

static bool
rule_fits(const GmqRule *rule, const GmqRuleFacts *facts)
{
    for (unsigned i = 0; rule->terms != NULL && i < rule->terms->len; i++) {
        if (!term_fits(rule->terms->pdata[i], facts))
            return false;
    }
    return true;
}

const GmqRule *
gmq_rules_find(const GPtrArray *rules, const GmqRuleFacts *facts)
{
    for (unsigned i = 0; rules != NULL && i < rules->len; i++) {
        if (rule_fits(rules->pdata[i], facts))
            return rules->pdata[i];
    }
    return NULL;
}

bool
gmq_rules_ask(const GPtrArray *rules, GmqFact fact)
{
    for (unsigned i = 0; rules != NULL && i < rules->len; i++) {
        const GmqRule *rule = rules->pdata[i];

        for (unsigned j = 0; rule->terms != NULL && j < rule->terms->len; j++) {
            if (((const GmqTerm *)rule->terms->pdata[j])->fact == fact)
                return true;
        }
    }
    return false;
}
