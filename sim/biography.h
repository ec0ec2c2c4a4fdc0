/* biography.h - the whole life of one message, step by step, with the reason of each. */
#pragma once

#include "sim/trace.h"

G_BEGIN_DECLS

/* Appends the life of a message, "p1-5", with all its copies, or of one copy, "p1-5@audit". False
 * when nobody sent such a message in that run; nothing is appended then. */
bool gmq_biography_add(const GmqTrace *trace, const char *message, GString *out);

/* Appends the names of the first message that each client sent: "p1-1, shop-1". */
void gmq_biography_add_names(const GmqTrace *trace, GString *out);

G_END_DECLS
