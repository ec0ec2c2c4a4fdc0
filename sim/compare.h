/* compare.h - two runs held against each other: where they part, and what came of it. */
#pragma once

#include "sim/trace.h"

G_BEGIN_DECLS

/* What counts as a difference. */
typedef enum {
    GMQ_COMPARE_ALL,  /* anything at all */
    GMQ_COMPARE_WHAT, /* who did what, and not when and because of what */
} GmqCompareBy;

/* The number of the first event that is not the same in both, or that only one of them has; 0 when
 * there is none. Events before `from`, 1 or more, are not looked at. */
uint64_t gmq_compare_traces(const GmqTrace *one, const GmqTrace *other, GmqCompareBy by,
                            uint64_t from);

/* Appends both events of that number, each with the chain of its causes, and the members in which
 * they differ. The names stand above their chains: "One run". */
void gmq_compare_tell_events(const GmqTrace *one, const char *one_name, const GmqTrace *other,
                             const char *other_name, uint64_t number, GString *out);

/* Appends a sentence for each thing that was not the same before the first event: the version of
 * the program, the scenario (with its first line that is another one), the seed, the ties. Returns
 * how many there were. */
unsigned gmq_compare_tell_starts(const GmqTraceInfo *one, const char *one_name,
                                 const GmqTraceInfo *other, const char *other_name, GString *out);

/* Appends a table of the numbers of both runs that are not the same, counted again from their
 * events, and their verdicts. A trace whose scenario this program cannot read is told so. */
void gmq_compare_tell_outcomes(const GmqTrace *one, const char *one_name, const GmqTrace *other,
                               const char *other_name, GString *out);

G_END_DECLS
