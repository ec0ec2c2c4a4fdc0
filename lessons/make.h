/* make.h - the part of a lesson that is written in a language of one's own: a check of a program.
 *
 * A real broker is started, the scenario around the program is played on the real clock, and the
 * program reaches the broker over the link that the scenario gives it. What went by is judged: by
 * what the scenario expects, and by the mistakes that people make (verdict.h). */
#pragma once

#include <gio/gio.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    const char *scenario; /* the file; one client of it has the key "run" */
    char **command;       /* the program and its arguments, up to NULL */
    int64_t limit_ns;     /* the check ends by then, whatever the program does */
    const char *trace; /* where the run is written; NULL: to the learner's files, as check.jsonl */

    /* Told a line, without its end, when there is something to tell meanwhile; may be NULL. */
    void (*progress)(void *user, const char *line);
    void *user;
} GmqMakeTask;

/* Checks the program. Returns 0 when it passed, 1 when it failed, 2 when that cannot be decided,
 * and 3 when the scenario cannot be used. In each case told gets lines for the learner: why, the
 * last words of the program if it failed, and where the run can be seen.
 *
 * Nothing of the program is left afterwards, nor when this process is killed in the middle. SIGINT
 * and SIGTERM end the check early, with 2. */
int gmq_make_check(const GmqMakeTask *task, GString *told);

G_END_DECLS
