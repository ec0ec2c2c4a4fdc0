/* what-if.h - what could have gone otherwise at one event of a run, and the run in which it did.
 *
 * The other run is that of a copy of the scenario with one entry more at the end of its timeline,
 * `when: {event: N}`: up to that event both are the same, byte for byte. */
#pragma once

#include "sim/trace.h"

G_BEGIN_DECLS

/* One thing that could have happened. */
typedef struct {
    char *word;  /* for a command line: "drop", "crash:w1" */
    char *words; /* for people: "w1 crashes, and starts again after 1s" */
    char *entry; /* of the timeline: "{when: {event: 99}, crash: w1, for: 1s}" */
} GmqWhatIf;

/* Returns what could happen at an event, 1 to the length of the trace, as a list of GmqWhatIf,
 * which the caller frees: a step on the wire that is lost, late or done twice, then crashes,
 * freezes and cuts of whom the event is about, and of the broker. Empty when the trace holds no
 * scenario that this program can read. */
GPtrArray *gmq_what_if_offers(const GmqTrace *trace, uint64_t event);

/* The offer of that word; NULL without one. */
const GmqWhatIf *gmq_what_if_find(const GPtrArray *offers, const char *word);

/* Returns the text of the trace's scenario with the entry, lines and comments as they were; the
 * caller frees it. NULL with an error when no entry can be added to it. */
char *gmq_what_if_text(const GmqTrace *trace, const GmqWhatIf *what, GError **error);

/* Returns the run in which it happened, with the same seed; the caller frees it. NULL with an error
 * as above. */
GmqTrace *gmq_what_if_run(const GmqTrace *trace, const GmqWhatIf *what, GError **error);

/* Appends the numbers that are not the same at the end of the runs, both verdicts, and what a
 * broken one means. */
void gmq_what_if_tell_end(const GmqTrace *trace, const GmqTrace *other, GString *out);

/* Appends both outcomes: the first events in which the runs differ, the numbers that are not the
 * same at the end, and the verdicts. */
void gmq_what_if_tell(const GmqTrace *trace, const GmqTrace *other, GString *out);

G_END_DECLS
