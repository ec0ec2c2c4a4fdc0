/* wire-log.h - what passes on the wires as lines of a trace: frames, or every piece of bytes too.
 *
 * Frames are told when their last byte has reached the reader, decoded by the codec and in words
 * for people. The connection that declares the topology is left out. */
#pragma once

#include "sim/trace.h"
#include "sim/watch.h"

G_BEGIN_DECLS

typedef struct GmqWireLog GmqWireLog;

/* Returns a log that adds lines to the trace: frames, and with GMQ_LEVEL_NET bytes too. The world
 * is watched from now on, and the log must outlive it; both it and the trace are lent. */
GmqWireLog *gmq_wire_log_new(GmqWorld *world, GmqTrace *trace, GmqEventLevel level);
void gmq_wire_log_free(GmqWireLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqWireLog, gmq_wire_log_free)

G_END_DECLS
