/* event-words.h - the words in the text of events, as they are told to people. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Traces hold what happened in English words, "connection lost": this is how a sentence tells it in
 * the chosen language. A text that is no such word, a name or what somebody wrote, stays as it is;
 * lent from the text or valid for ever. */
const char *gmq_event_word(const char *text);

/* The same for texts with values in them too: "S12 broken: message p-1 was confirmed at event 4,
 * and is not on the disk." The caller frees it. */
char *gmq_event_told(const char *text);

G_END_DECLS
