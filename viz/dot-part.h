/* dot-part.h - the pieces of a Graphviz graph; only for dot*.c. */
#pragma once

#include "viz/dot.h"
#include "viz/xml.h"

G_BEGIN_DECLS

/* Colours that print and project well: dark lines, pale fills, and never colour alone. */
#define INK "#20262E"
#define LINE "#5B6470"
#define UNUSED "#A0A6AE"
#define BROKEN "#B3261E"
#define MOVING "#0B57A4"

#define FILL_UNUSED "#F1F2F4"
#define FILL_PRODUCER "#E2F2E5"
#define FILL_EXCHANGE "#DCE9F9"
#define FILL_QUEUE "#FFF0D2"
#define FILL_CONSUMER "#F0E4F6"

/* What draws one part. */
typedef struct {
    GString *out;
    const GmqDotPart *part;
    const GmqPicture *picture; /* of the part */
    size_t number;             /* of the part, from 0 on */
    unsigned *n_labels;        /* words of lines so far, in all parts */
    GmqDotDefault defaults;
} GmqDotPen;

/* "x7", and "p1_x7" in the second part. */
void gmq_dot_append_node(const GmqDotPen *pen, GmqPlace place);

/* Labels are HTML-like, so all texts in them go through gmq_xml_append(). Long ones are broken into
 * lines. (dot-text.c) */
void gmq_dot_append_wrapped(GString *out, const char *text);
void gmq_dot_append_bold(GString *out, const char *text);
void gmq_dot_append_coloured(GString *out, const char *colour, const char *text);

/* The messages of a list by name: "p1-5 R, p1-6, 3 more". */
void gmq_dot_append_tokens(GString *out, const GmqPicture *picture, const GmqTokens *tokens);

/* Whether the exchange is drawn: predeclared ones only when they are used or lead somewhere.
 * (dot-edge.c) */
bool gmq_dot_shows(const GmqDotPen *pen, GmqPlace place);

/* All lines of the part, one statement for each. (dot-edge.c) */
void gmq_dot_draw_edges(const GmqDotPen *pen);

/* One statement each: a table with the name in its head and what is known below. Its ports: n, the
 * name; b, what comes from the right; dead, where dead letters leave a queue. (dot-node.c) */
void gmq_dot_draw_exchange(const GmqDotPen *pen, unsigned index);
void gmq_dot_draw_queue(const GmqDotPen *pen, unsigned index);
void gmq_dot_draw_client(const GmqDotPen *pen, unsigned index);

/* Whether a queue's box has the port dead. (dot-node.c) */
bool gmq_dot_has_dead_port(const GmqDotPen *pen, unsigned queue);

/* All places of a kind that are shown: as they stand from above, or in order of creation. The
 * caller frees the list of GmqPlace. (dot-order.c) */
GArray *gmq_dot_places(const GmqDotPen *pen, GmqPlaceKind kind);

/* Whether line a of the picture is drawn before line b, which is drawn after it otherwise.
 * (dot-order.c) */
int gmq_dot_compare_edges(const GmqDotPen *pen, unsigned a, unsigned b);

/* Invisible lines that hold what no visible one holds in its column. (dot-order.c) */
void gmq_dot_hold(const GmqDotPen *pen);

/* Ranks and invisible lines that keep the columns of all pens, which all have places, and their
 * order from above: the first part stands above the second. (dot-order.c) */
void gmq_dot_draw_columns(const GmqDotPen *pens, size_t n_pens);

/* The node that holds the heading of a part. (dot.c) */
void gmq_dot_append_heading(const GmqDotPen *pen);

G_END_DECLS
