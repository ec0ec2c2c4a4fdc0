/* story.h - a run as a person would tell it: a sentence for each event that matters, in virtual
 * time, and captions set apart.
 *
 * What it says depends on the events alone. Steps that only repeat what everybody sees anyway, such
 * as a delivery that the consumer is about to receive, are left out. */
#pragma once

#include "sim/scenario.h"
#include "sim/trace.h"

G_BEGIN_DECLS

/* A caption has at most this many characters in a line. */
#define GMQ_CAPTION_WIDTH 60

typedef struct GmqStory GmqStory;

/* Returns a story that has not begun. In ASCII it draws no lines of other characters. */
GmqStory *gmq_story_new(bool is_ascii);
void gmq_story_free(GmqStory *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqStory, gmq_story_free)

/* Appends what comes before the first event: title, what it is about, what is bound to what. */
void gmq_story_open(GmqStory *story, const GmqScenario *scenario, GString *out);

/* Appends the lines for an event, which may be none, or come with a later one. */
void gmq_story_add(GmqStory *story, const GmqTraceEvent *event, GString *out);

/* The same for a run of which only the broker is seen: it also tells what clients do there. */
void gmq_story_add_of_broker(GmqStory *story, const GmqTraceEvent *event, GString *out);

/* Appends a line for what passed on a wire. */
void gmq_story_add_wire(GmqStory *story, const GmqTraceWire *line, GString *out);

/* Appends what is left to be told after the last event. */
void gmq_story_close(GmqStory *story, GString *out);

/* Appends text in lines of at most width characters, each with that in front of it. */
void gmq_story_wrap(GString *out, const char *text, unsigned width, const char *in_front);

G_END_DECLS
