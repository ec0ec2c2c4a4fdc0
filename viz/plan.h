/* plan.h - where the boxes and lines of a page stand, in pixels, and how large they are.
 *
 * Graphviz finds it for the whole run, so nothing moves; the order from above is that of every
 * other picture of the run. When Graphviz fails or is late, boxes stand in columns in order of
 * creation and lines are plain curves. */
#pragma once

#include "viz/slots.h"

G_BEGIN_DECLS

/* How long a page waits for Graphviz. */
#define GMQ_PLAN_SECONDS 10

/* A line with more bindings names so many of them. */
#define GMQ_PLAN_KEYS_MAX 3

/* Of more queues than this those that are never used are left out. */
#define GMQ_PLAN_QUEUES_MAX 40

typedef struct {
    int x, y, width, height;
} GmqPlanBox;

/* Cubic curves, one after the other: a start, then three points for each. */
typedef struct {
    GArray *points; /* of int: x, y, x, y ... */
    int label_x, label_y, label_width, label_height;
} GmqPlanLine;

typedef struct {
    bool is_upright; /* from top to bottom, for narrow screens */
    int width, height;
    GmqPlanBox *boxes[GMQ_N_PLACE_KINDS]; /* by the index of the place; width 0: not shown */
    GmqPlanLine *lines;                   /* by the index of the edge; no points: not shown */
    unsigned n_lines;
} GmqPlan;

/* Never fails. The caller frees it. */
GmqPlan *gmq_plan_new(const GmqStage *stage, const GmqSlots *slots, bool is_upright);
void gmq_plan_free(GmqPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqPlan, gmq_plan_free)

/* Whether a page has a box for it: not for predeclared exchanges that nobody uses, and in a large
 * topology not for queues that never have a message or a consumer. */
bool gmq_plan_shows(const GmqStage *stage, GmqPlace place);

/* How many bindings of the edge a page writes at its line. */
unsigned gmq_plan_keys(const GmqPictureEdge *edge);

G_END_DECLS
