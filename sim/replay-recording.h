/* replay-recording.h - the part of "glassmq replay" for recordings. For cmd-replay.c alone. */
#pragma once

#include <stdbool.h>

#include <glib.h>

G_BEGIN_DECLS

/* Plays the recording and prints its story, unless it is to be quiet, and what came out. Writes a
 * trace when trace_path is not NULL. Returns the exit status. */
int gmq_replay_recording(const char *path, const char *trace_path, bool is_quiet);

G_END_DECLS
