/* trace.h - a run as the list of its events, in memory and as JSON lines.
 *
 * A trace owns copies of all names. It is what every picture, check and diff is made from: the
 * simulator records one, `--trace FILE` writes it, and gmq_trace_load() reads that file back to
 * an equal one. */
#pragma once

#include <gio/gio.h>

#include "core/base/event.h"
#include "sim/names.h"
#include "sim/scenario.h"

G_BEGIN_DECLS

typedef struct GmqTrace GmqTrace;

/* One event. Names are owned by the trace and end with a NUL; "" where the kind has none. */
typedef struct {
    GmqEventKind kind;
    uint64_t number; /* 1, 2, 3 ...: its place in the trace plus one */
    uint64_t cause;  /* an earlier number; 0: none */
    int64_t time_ns; /* since the start of the run */
    const char *who;
    const char *to;
    const char *key;
    const char *message; /* its name for people: "p1-5", and "p1-5@audit" for a copy of a fan-out */
    uint64_t tag;
    uint64_t count;
    const char *text;
    uint16_t channel;
    bool redelivered;
} GmqTraceEvent;

/* What passed on a wire, between two events. It belongs to the levels frames and net; no
 * fingerprint knows of it. */
typedef enum {
    GMQ_WIRE_FRAME,   /* a whole frame has reached its reader */
    GMQ_WIRE_SENT,    /* a link took bytes */
    GMQ_WIRE_ARRIVED, /* bytes have reached their reader */
    GMQ_N_WIRE_KINDS,
} GmqTraceWireKind;

typedef struct {
    GmqTraceWireKind kind;
    uint64_t after; /* number of the last event before it; 0: none */
    int64_t time_ns;
    const char *who;  /* the sender: a client, or "broker" */
    const char *to;   /* the reader */
    uint64_t bytes;   /* on the wire */
    const char *text; /* of a frame: what it says; "" otherwise */
    uint16_t channel; /* of a frame */
} GmqTraceWire;

/* "frame", "net.sent", "net.arrived" */
const char *gmq_trace_wire_word(GmqTraceWireKind kind);

/* What the header and the last line of a trace say. */
typedef struct {
    char *tool;     /* version of the program that wrote it; NULL: this one */
    char *scenario; /* name: the file's, without folder and .yaml */
    char *title;    /* of the scenario */
    char *text;     /* the whole scenario file */
    uint64_t seed;
    GmqTies ties;         /* as it was run */
    GmqEventLevel level;  /* what it holds besides the story */
    int64_t stop_ns;      /* planned end of the run */
    uint64_t fingerprint; /* 64-bit hash over every event; 0 before the end */
    uint64_t story;       /* hash over broker-visible events without times */
    char *verdict;        /* "held", "broken", "undecided"; NULL before the end */
} GmqTraceInfo;

GmqTrace *gmq_trace_new(const GmqTraceInfo *info);
void gmq_trace_free(GmqTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqTrace, gmq_trace_free)

const GmqTraceInfo *gmq_trace_info(const GmqTrace *trace);

/* Appends a copy of the event, numbered by its place, and returns that number. Members that its
 * kind does not carry are left out. name is the message's name for people, NULL or "" without a
 * message. */
uint64_t gmq_trace_add(GmqTrace *trace, const GmqEvent *event, const char *name);

/* The same for a name that is one of gmq_trace_names() already, and never NULL. */
uint64_t gmq_trace_add_named(GmqTrace *trace, const GmqEvent *event, const char *name);

/* All names of the trace; lent. */
GmqNames *gmq_trace_names(const GmqTrace *trace);

/* Appends what passed on a wire after the last event; the names and the text are copied, after, who
 * and to of the line are not looked at. */
void gmq_trace_add_wire(GmqTrace *trace, const GmqTraceWire *line, GmqSlice who, GmqSlice to);

size_t gmq_trace_wire_length(const GmqTrace *trace);

/* The index-th of these lines, from 0 on; lent until the next one is added. */
const GmqTraceWire *gmq_trace_wire(const GmqTrace *trace, size_t index);

/* Closes the trace: fingerprints are filled in, the verdict is copied. */
void gmq_trace_finish(GmqTrace *trace, const char *verdict);

/* Whether a name in a trace is that of the message, or of one of its copies. */
bool gmq_trace_name_is_of(const char *name, const char *message);

/* Whether two events are the same in every member. */
bool gmq_trace_event_equal(const GmqTraceEvent *a, const GmqTraceEvent *b);

/* The story fingerprint of the events so far. */
uint64_t gmq_trace_story(const GmqTrace *trace);

size_t gmq_trace_length(const GmqTrace *trace);

/* The event of that number, 1 to length; lent until the trace is freed. */
const GmqTraceEvent *gmq_trace_event(const GmqTrace *trace, uint64_t number);

/* Appends the JSON line of one event, of the header, of the last line, each with its '\n'. */
void gmq_trace_event_to_json(const GmqTraceEvent *event, GString *out);
void gmq_trace_wire_to_json(const GmqTraceWire *line, GString *out);
void gmq_trace_header_to_json(const GmqTraceInfo *info, GString *out);
void gmq_trace_end_to_json(const GmqTraceInfo *info, size_t n_events, GString *out);

/* Writes header, events and last line to a file. */
gboolean gmq_trace_save(const GmqTrace *trace, const char *path, GError **error);

/* A trace file that gmq_trace_save() did not write, or that was changed since. */
#define GMQ_TRACE_ERROR gmq_trace_error_quark()
GQuark gmq_trace_error_quark(void);

typedef enum {
    GMQ_TRACE_ERROR_WRONG,
} GmqTraceError;

/* Reads a file that gmq_trace_save wrote, with its fingerprints. Anything else is an error with
 * line number. */
GmqTrace *gmq_trace_load(const char *path, GError **error);

G_END_DECLS
