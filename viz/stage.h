/* stage.h - a whole run, looked through once: who takes part, and where something befell.
 *
 * Places on a screen come from here and not from the moment, so that nothing moves during a run. */
#pragma once

#include "sim/scenario.h"
#include "viz/picture.h"
#include "viz/place.h"

G_BEGIN_DECLS

/* A time in which nothing happens and nobody wants to wait. */
#define GMQ_GAP_NS 1000000000

typedef struct {
    int64_t from_ns, to_ns;
} GmqGap;

typedef struct {
    const GmqTrace *trace; /* lent */
    GmqScenario *scenario; /* NULL when the trace holds none that can be read */
    GmqPicture *whole;     /* after the last event */
    const char *sender;    /* the only client that publishes; NULL when there are several */
    GArray *marks;         /* of uint64_t: numbers of faults, captions, pauses and questions */
    GArray *gaps;          /* of GmqGap, longer than GMQ_GAP_NS */
    int64_t end_ns;        /* of the time bar */
    GmqPlaces *places;     /* NULL until somebody asks: gmq_stage_places() */
    bool is_grown;         /* since the places were found */
} GmqStage;

/* The trace is lent and must outlive the stage. */
GmqStage *gmq_stage_new(const GmqTrace *trace);
void gmq_stage_free(GmqStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqStage, gmq_stage_free)

/* Where everything stands; found when it is first asked for, and lent. */
const GmqPlaces *gmq_stage_places(const GmqStage *stage);

/* Looks through what the trace has got since, as that of a running broker does. Graphviz runs again
 * only when the topology is another one now. */
void gmq_stage_grow(GmqStage *stage);

/* Whether the kind is a fault, something broken, a caption, a pause or a question. */
bool gmq_stage_is_fault(GmqEventKind kind);
bool gmq_stage_is_caption(GmqEventKind kind);

/* Whether the kind is a step of the story: a message goes on, or something befalls somebody. */
bool gmq_stage_is_story(GmqEventKind kind);

/* Whether a reader wants time for it. What happens around the messages is shown, but not waited
 * for. */
bool gmq_stage_is_hop(GmqEventKind kind);

/* Where a reader begins: at the first caption, when it comes before any message, so that the stage
 * is set; otherwise at 0. */
uint64_t gmq_stage_opening(const GmqStage *stage);

/* The first mark after event, or the last one before it; 0 when there is none. Caption, pause and
 * question that belong together are one, of which the last is meant. */
uint64_t gmq_stage_next_mark(const GmqStage *stage, uint64_t event);
uint64_t gmq_stage_previous_mark(const GmqStage *stage, uint64_t event);

/* The question that the scenario asks in this event; NULL when it is not known. Lent. */
const GmqQuestion *gmq_stage_question(const GmqStage *stage, const GmqTraceEvent *event);

/* The name of a message, short: without "@queue", and without its sender's name when
 * only one client sends. The caller frees it. */
char *gmq_stage_name(const GmqStage *stage, const char *message);

G_END_DECLS
