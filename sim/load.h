/* load.h - a run from a file: a scenario that is run now, or a trace of one that was. */
#pragma once

#include <stdbool.h>

#include "sim/trace.h"

G_BEGIN_DECLS

/* The exit status for a file that is not what it should be. */
#define GMQ_EXIT_FILE 3

/* Returns the whole run; the caller frees it. Which kind of file it is shows in its first bytes,
 * not in its name. seed may be NULL: a scenario then takes its own. A trace is the run of one seed
 * already, so another one is an error. */
GmqTrace *gmq_load_run(const char *path, const uint64_t *seed, GError **error);

/* Whether the file begins as a trace does; false too for what cannot be read. */
bool gmq_load_is_trace(const char *path);

/* "glassmq view: cannot read x.yaml: why" on stderr, for an error of gmq_load_run(). Returns the
 * exit status. */
int gmq_load_refuse(const char *command, const char *path, const GError *error);

G_END_DECLS
