/* ladder.h - a run as a sequence chart: a column for each client and one for the broker, time
 * downwards, and what went from one to the other.
 *
 * This is the model alone. A terminal, an SVG and a text for another program are drawn from it. It
 * depends on the events up to one of them and never on those behind it. */
#pragma once

#include "viz/stage.h"

G_BEGIN_DECLS

/* A time without anything that is longer than this has a rung of its own. */
#define GMQ_LADDER_WAIT_NS 50000000

typedef enum {
    GMQ_RUNG_ARROW, /* between a client and the broker */
    GMQ_RUNG_NOTE,  /* something that happens in one column */
    GMQ_RUNG_WAIT,  /* nothing happens for a while to what is shown */
    GMQ_RUNG_SPAN,  /* a caption, or what befalls all: over all columns */
} GmqRungKind;

/* What becomes of an arrow. */
typedef enum {
    GMQ_ARROW_MOVING, /* it is still on its way, or waits before a cut */
    GMQ_ARROW_ARRIVED,
    GMQ_ARROW_LOST, /* it never arrives */
} GmqArrowEnd;

typedef struct {
    GmqRungKind kind;
    GmqArrowEnd end;     /* of an arrow */
    uint64_t event;      /* with which it begins; of a wait: the event that ends it, 0 for none */
    uint64_t last_event; /* with which it arrives or is lost; equal to event for all but arrows */
    int64_t time_ns;     /* when it begins */
    int64_t last_ns;     /* when it arrives, is lost, or is over; the last moment if it is moving */
    unsigned from, to;   /* columns; the same for all but arrows */
    const char *message; /* its name; "" without one; lent from the trace */
    uint64_t n_messages; /* that it is about: several for a confirm of all so far */
    uint64_t n_more;     /* arrows like it that are on their way as well */
    bool is_answer;      /* a confirm, an ack, a return: what comes back */
    bool is_dotted;      /* the way of dead letters */
    bool is_fault;
    bool is_again; /* a redelivery */
} GmqRung;

typedef struct {
    const char *name; /* lent; "broker" */
    GmqPlace place;   /* of the client; GMQ_PLACE_NONE for the broker */
    bool is_used;     /* a rung begins or ends there */
} GmqLadderColumn;

/* Columns stand in order: those who publish or ask, the broker, those who receive. Rungs stand in
 * the order of their last events; arrows that are still moving come last. */
typedef struct {
    const GmqStage *stage; /* lent */
    GArray *columns;       /* of GmqLadderColumn */
    unsigned broker;       /* index of its column */
    GArray *rungs;         /* of GmqRung */
} GmqLadder;

/* Whether an event is wanted. */
typedef bool (*GmqLadderMatch)(const void *user, const GmqTraceEvent *event);

/* What belongs into a ladder. All zeros: nothing. */
typedef struct {
    uint64_t from;        /* events before this one are not looked at; 0: from the first one on */
    uint64_t to;          /* the last event that is looked at */
    const char *message;  /* only this one and its copies, "p1-5"; NULL: all */
    GmqLadderMatch match; /* a rung is there when one of its events matches; NULL: all do */
    const void *user;     /* of match */
    bool is_bundled;      /* of arrows alike that are moving only the first is there */
} GmqLadderWish;

GmqLadder *gmq_ladder_new(const GmqStage *stage, const GmqLadderWish *wish);
void gmq_ladder_free(GmqLadder *ladder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLadder, gmq_ladder_free)

const GmqRung *gmq_ladder_rung(const GmqLadder *ladder, unsigned index);
const GmqLadderColumn *gmq_ladder_column(const GmqLadder *ladder, unsigned index);

/* "publish p1-5", and "publish" without the name of the message. The caller frees it.
 * (ladder-words.c) */
char *gmq_ladder_words(const GmqLadder *ladder, const GmqRung *rung, bool has_name);

/* "2 s", "1.250 s", "80 ms": a length of time for people. The caller frees it. */
char *gmq_ladder_duration(int64_t time_ns);

G_END_DECLS
