/* trail.h - the way of one message through a run: each line it took and each place it came to. */
#pragma once

#include <stdbool.h>

#include "viz/picture.h"

G_BEGIN_DECLS

typedef struct GmqTrail GmqTrail;

/* The way of the message and all of its copies in the events 1 to event. name is as in the trace,
 * without "@queue". Places and lines are those of any picture of the trace. */
GmqTrail *gmq_trail_new(const GmqTrace *trace, const char *name, uint64_t event);
void gmq_trail_free(GmqTrail *trail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqTrail, gmq_trail_free)

/* The name as it was given. Lent. */
const char *gmq_trail_name(const GmqTrail *trail);

/* How many lines it has taken so far; 0 for a message that was not sent yet. */
unsigned gmq_trail_length(const GmqTrail *trail);

/* Whether it, or a copy of it, has been there. */
bool gmq_trail_was_at(const GmqTrail *trail, GmqPlace place);

/* The numbers of its steps over that line of a picture, "2, 7"; NULL when it never took it. With a
 * key only those by that binding. The caller frees it. */
char *gmq_trail_steps(const GmqTrail *trail, unsigned edge, const char *key);

/* Whether any message of the trace is called so; "p1-3", and "3" when one client alone publishes.
 * Returns its whole name, which the caller frees, or NULL with an error that says what names there
 * are. */
char *gmq_trail_find(const GmqTrace *trace, const char *text, GError **error);

G_END_DECLS
