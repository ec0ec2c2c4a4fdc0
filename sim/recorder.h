/* recorder.h - from what is announced to what is traced: names for people instead of numbers.
 *
 * The broker counts messages and knows connections; people know "p1-5", its copy "p1-5@audit", and
 * the client "w1" whichever of its connections it speaks on. */
#pragma once

#include "sim/trace.h"

G_BEGIN_DECLS

/* The connection of the invisible client that declares the topology. Its own life is not traced. */
#define GMQ_SETUP_NAME "(setup)"

typedef struct GmqRecorder GmqRecorder;

/* The trace is lent and must outlive the recorder. */
GmqRecorder *gmq_recorder_new(GmqTrace *trace);
void gmq_recorder_free(GmqRecorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqRecorder, gmq_recorder_free)

/* Traces the event, whose time and cause are filled in, and returns its number there; 0 when it is
 * about the invisible client. */
uint64_t gmq_recorder_add(GmqRecorder *recorder, const GmqEvent *event);

/* The broker begins anew. What it recovers keeps its number and its name; all other numbers are
 * given again. */
void gmq_recorder_restart(GmqRecorder *recorder);

/* The name of the connection that the event is about; empty for other kinds. */
GmqSlice gmq_event_connection(const GmqEvent *event);

/* A connection's name as it is traced: the client's, without the number of the connection. */
GmqSlice gmq_client_of_connection(GmqSlice connection);

/* For events about a copy in a queue: the queue; empty for other kinds. */
GmqSlice gmq_event_queue(const GmqEvent *event);

G_END_DECLS
