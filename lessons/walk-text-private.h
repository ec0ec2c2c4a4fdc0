/* walk-text-private.h - a walk in plain text from the inside. */
#pragma once

#include "lessons/runs.h"
#include "lessons/walk-text.h"

G_BEGIN_DECLS

/* Columns of a line. */
#define GMQ_WALK_TEXT_WIDTH 72

typedef struct {
    GmqWalk *walk;
    const GmqDesk *desk;
    GmqRuns *runs; /* of the lesson */
    GmqGlyphs glyphs;
    bool is_unkept; /* something could not be written down, and he knows */
    bool is_sure;   /* he asked for the solution a moment ago */
} GmqTextWalk;

/* ---- walk-text-show.c ---- */

/* Prints text in lines of the usual width, those after the first one indented by indent. */
void gmq_text_say(const GmqTextWalk *text, unsigned indent, const char *words);

/* Prints what went wrong, as a sentence. */
void gmq_text_say_error(const GmqTextWalk *text, const GError *error);

/* Prints Markdown. */
void gmq_text_say_markdown(const GmqTextWalk *text, const char *markdown);

/* Prints the step that is looked at, up to the question. */
void gmq_text_show(const GmqTextWalk *text);

/* What is asked for at this place. The caller frees it. */
char *gmq_text_prompt(const GmqTextWalk *text);

/* ---- walk-text-run.c ---- */

/* The scenario that this step is about; NULL for none. */
const char *gmq_text_scenario(const GmqTextWalk *text);

/* Prints the events behind one moment up to another, as far as they belong to the story; false when
 * the run cannot be told, after saying why. */
bool gmq_text_tell_run(const GmqTextWalk *text, const char *scenario, const char *from,
                       const char *to, const GPtrArray *see);

/* Prints what there is at a moment. */
void gmq_text_tell_moment(const GmqTextWalk *text, const char *scenario, const char *moment);

/* Prints the events that match a filter, or from a number on; all of them for "". */
void gmq_text_tell_events(const GmqTextWalk *text, const char *filter);

/* Prints the events in whose sentences the words stand. */
void gmq_text_search(const GmqTextWalk *text, const char *words);

/* ---- walk-text-work.c: what is changed and made ---- */

/* Checks the learner's file, or the program with these words, and notes a pass. */
void gmq_text_check(GmqTextWalk *text, const char *words);
void gmq_text_edit(GmqTextWalk *text, const char *words);
void gmq_text_solution(GmqTextWalk *text, const char *words);

G_END_DECLS
