/* lint.h - what is allowed in a scenario, and yet hardly meant. */
#pragma once

#include "sim/scenario.h"

G_BEGIN_DECLS

/* Appends a sentence for each odd thing, each in a line with the file and its line in front, and
 * returns how many there were. */
unsigned gmq_lint_add(const GmqScenario *scenario, GString *out);

G_END_DECLS
