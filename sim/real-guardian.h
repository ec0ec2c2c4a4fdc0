/* real-guardian.h - a program that leaves nothing behind.
 *
 * It runs in a session of its own, and a small process, the guardian, watches over it: when the
 * program ends, when it is to end, or when this process is no more, however that came about, the
 * guardian kills it with all its children and their children. It has no input; what it writes can
 * be read here. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct GmqGuardian GmqGuardian;

/* Starts the program, which is looked for in PATH, with our environment and these "NAME=VALUE" on
 * top, up to NULL. NULL with a sentence when there is no such program. */
GmqGuardian *gmq_guardian_start(char **command, char **environment, GError **error);

/* Ends the program, if it has not ended, and waits until nothing of it is left. */
void gmq_guardian_free(GmqGuardian *guardian);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqGuardian, gmq_guardian_free)

/* What the program writes, to its output and to its errors; never blocks. Readable at its end too.
 */
int gmq_guardian_output(const GmqGuardian *guardian);

/* Readable when the program has ended. */
int gmq_guardian_news(const GmqGuardian *guardian);

/* Whether it has ended; *status is what wait() says of it then. */
bool gmq_guardian_has_ended(GmqGuardian *guardian, int *status);

/* "ended by itself", "ended with status 1", "was ended by signal 11 (Segmentation fault)"; the
 * caller frees it. */
char *gmq_guardian_describe(int status);

G_END_DECLS
