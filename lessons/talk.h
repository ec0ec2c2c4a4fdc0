/* talk.h - a program of the learner that reads a text and writes one: started, fed, listened to,
 * and gone, whatever it does. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef enum {
    GMQ_TALK_ENDED,   /* by itself; number is its exit status */
    GMQ_TALK_KILLED,  /* by a signal; number is that */
    GMQ_TALK_LATE,    /* it did not end in time */
    GMQ_TALK_FLOOD,   /* it wrote more than out_max bytes */
    GMQ_TALK_MISSING, /* it could not be started; errors says why */
} GmqTalkEnd;

typedef struct {
    GmqTalkEnd end;
    int number;
    char *out;    /* what it wrote; valid UTF-8, as is the next; owned */
    char *errors; /* the last of what it wrote to stderr */
} GmqTalk;

/* Starts the command, which ends with NULL, gives it input and then the end of the input, and
 * listens until it ends, is late, or writes too much. Neither it nor what it started in its process
 * group is left. */
void gmq_talk_run(GmqTalk *talk, char **command, const char *input, size_t out_max,
                  int64_t limit_ns);

void gmq_talk_clear(GmqTalk *talk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqTalk, gmq_talk_clear)

G_END_DECLS
