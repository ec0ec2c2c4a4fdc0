/* matcher.h - the judge of a topic matcher: a program of the learner that is asked what the topic
 * exchange of the broker was asked too.
 *
 * Its cases are a scenario with one topic exchange. That is run, and what the exchange did with
 * each message is the right answer. The program reads lines and answers some of them:
 *
 *     bind QUEUE PATTERN    no answer
 *     route KEY             one line: the names of all queues that get the message, with spaces
 *                           between them; an empty line for none */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    const char *cases; /* the file */
    char **command;    /* the program and its arguments, up to NULL */
    int64_t limit_ns;
} GmqMatcherTask;

/* Checks the program. Returns 0 when it passed, 1 when it failed, 2 when that cannot be decided,
 * and 3 when the cases cannot be used. In each case told gets lines for the learner. */
int gmq_matcher_check(const GmqMatcherTask *task, GString *told);

G_END_DECLS
