/* explain.h - a scenario as English sentences, for reading aloud.
 *
 * Each key has its phrase in explain.def; the sentences follow the order of the file. */
#pragma once

#include "sim/keys.h"

G_BEGIN_DECLS

/* Appends all that the file says, in lines for a terminal. */
void gmq_explain_add(const GmqScenario *scenario, GString *out);

/* What explain.def has for that key with that value, "" for any; NULL without a row. */
const char *gmq_explain_phrase(GmqKeyOwner owner, const char *key, const char *value);

G_END_DECLS
