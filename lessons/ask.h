/* ask.h - lines from a person who types them, or from a script that stands in for him, and lines
 * for him while he waits.
 *
 * For commands and the plain text of lessons: it reads stdin and writes to stdout. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* Longer lines are nobody's answer; what is too much of one is not kept. */
#define GMQ_ASK_LINE_MAX 4096

typedef enum {
    GMQ_ASK_LINE,    /* a line was given */
    GMQ_ASK_END,     /* there are no more: Ctrl-D, or the end of a file */
    GMQ_ASK_STOPPED, /* Ctrl-C */
} GmqAsked;

/* Shows the prompt and waits for a line. *line is valid UTF-8 without its end and without blanks
 * around it; the caller frees it. It is NULL without a line. */
GmqAsked gmq_ask(const char *prompt, char **line);

/* Tells him a line at once, as gmq_examine_program() wants it told; user is not looked at. */
void gmq_say_line(void *user, const char *line);

G_END_DECLS
