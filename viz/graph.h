/* graph.h - a drawing and all that it is made from: one moment of a run, two of them, or the
 * virtual hosts of a broker. */
#pragma once

#include "viz/dot.h"
#include "viz/stage.h"

G_BEGIN_DECLS

typedef struct {
    char *title;
    char *subtitle;
    GArray *parts;    /* of GmqDotPart */
    GPtrArray *owned; /* what the parts lend */
} GmqGraph;

/* What the user asked for. */
typedef struct {
    const char *vhost;   /* NULL: all */
    const char *message; /* whose way is shown; NULL: nobody's */
    GmqDotDefault defaults;
} GmqGraphWish;

GmqGraph *gmq_graph_new(const char *title, const char *subtitle);
void gmq_graph_free(GmqGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqGraph, gmq_graph_free)

/* Takes data over: free is called with it in the end, the last one first. Returns data. */
void *gmq_graph_own(GmqGraph *graph, void *data, GDestroyNotify free);

/* The moment after an event. The stage is lent. NULL with an error for a virtual host or a message
 * that is not there. */
GmqGraph *gmq_graph_of_moment(const GmqStage *stage, uint64_t event, const GmqGraphWish *wish,
                              GError **error);

/* Two moments, one above the other; numbers that are others in the second one are marked. */
GmqGraph *gmq_graph_of_moments(const GmqStage *stage, uint64_t first, uint64_t second,
                               const GmqGraphWish *wish, GError **error);

/* What there is in a broker now: trace is what it told of one virtual host, and is lent. */
GmqGraph *gmq_graph_of_broker(const GmqTrace *trace, const char *title, const GmqGraphWish *wish);

/* The DOT text. The caller frees it. */
char *gmq_graph_draw(const GmqGraph *graph, const GmqGraphWish *wish);

G_END_DECLS
