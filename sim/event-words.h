/* event-words.h - the words in the text of events, as they are told to people. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Traces hold what happened in English words, "connection lost": this is how a sentence tells it in
 * the chosen language. A text that is no such word, a name or what somebody wrote, stays as it is;
 * lent from the text or valid for ever. */
const char *gmq_event_word(const char *text);

G_END_DECLS
