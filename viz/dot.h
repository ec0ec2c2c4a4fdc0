/* dot.h - pictures as a Graphviz graph: producers, exchanges, queues, consumers, left to right. */
#pragma once

#include "viz/place.h"
#include "viz/trail.h"
#include "viz/trait.h"

G_BEGIN_DECLS

/* One virtual host, or one moment, of a drawing. All is lent; what may be NULL is left out. */
typedef struct {
    const GmqPicture *picture;
    const char *vhost;        /* its name */
    const char *heading;      /* over the part; NULL when it is the only moment */
    const GmqTraits *traits;  /* NULL: only what events tell */
    const GmqPlaces *places;  /* the order from above, in all parts or in none; NULL: Graphviz finds
                                 it, and a frame shows the virtual host */
    const GmqTrail *trail;    /* not NULL: what does not lie on it is dimmed */
    const GmqPicture *before; /* not NULL: numbers that were others then are marked */
    bool is_plan;             /* nothing has run: boxes and lines have no numbers */
    bool is_snapshot;         /* with is_plan: only what is in queues now is known */
} GmqDotPart;

/* Every queue is bound to the default exchange by its name. These lines are drawn when messages
 * took them, always, or never. */
typedef enum {
    GMQ_DOT_DEFAULT_USED,
    GMQ_DOT_DEFAULT_ALL,
    GMQ_DOT_DEFAULT_NONE,
} GmqDotDefault;

/* The DOT text of the parts, from above to below, each in a frame of its own. It depends on them
 * alone: statements stand in order of creation, and nothing in it tells when or where it was made.
 * Lines that run backwards are written from left to right with dir=back, so that they are led like
 * all others. title and subtitle may be "". The caller frees it. */
char *gmq_dot_draw_parts(const GmqDotPart *parts, size_t n_parts, const char *title,
                         const char *subtitle, GmqDotDefault defaults);

/* The same of one moment of a run, by its events alone. */
char *gmq_dot_draw(const GmqPicture *picture);

/* The title of the run's scenario, or its name. Lent. */
const char *gmq_dot_title(const GmqTrace *trace);

/* "event 12 of 53,  t = 1.930 s". The caller frees it. */
char *gmq_dot_moment(const GmqPicture *picture);

G_END_DECLS
