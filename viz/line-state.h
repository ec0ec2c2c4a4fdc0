/* line-state.h - what there is to say about one line of the flow at a moment: whether it is there,
 * in which style, and what is on its way on it. A line may stand for several edges. */
#pragma once

#include "viz/links.h"
#include "viz/view.h"

G_BEGIN_DECLS

typedef struct {
    const GmqPictureEdge *edge; /* that stands for all: the one that moves, else the first; NULL:
                                 * the line is not there */
    const GmqPictureEdge *back; /* that of what comes back; NULL: nothing does */
    bool is_hot;                /* the current event moved something here */
    bool is_hot_back;           /* against the arrow */
    bool is_broken;             /* the client at one end died or is cut off */
    unsigned style;             /* of GMQ_LINE */
    uint64_t n_forth, n_back;   /* messages on their way */
    uint64_t count;             /* that ever took it */
} GmqLineState;

/* links are those of the moment. */
GmqLineState gmq_line_state(const GmqPicture *now, const GmqLinks *links, const GmqLayout *layout,
                            GmqBundle edges);

/* The message on its way with its number: "(p1-7)", "(p1-7)+2", in a narrow place "p1-7+2" or
 * "…7+2"; NULL when nothing is. And what comes back: "ok p1-7+2". The caller frees the text. */
char *gmq_line_moving(const GmqLineState *state, const GmqView *view, int width);
char *gmq_line_answer(const GmqLineState *state, const GmqView *view, int width);

/* What a line is for, as far as it fits: "*.paid", "rejected 3", "no route 2"; "" when it needs no
 * word. The caller frees it. */
char *gmq_line_words(const GmqLineState *state, int width, GmqGlyphs glyphs);

G_END_DECLS
