/* box-lines.h - the lines inside a box: fewer of them when the box is low, shorter words when it
 * is narrow. */
#pragma once

#include "viz/screen.h"
#include "viz/stage.h"

G_BEGIN_DECLS

/* Where and about what lines are drawn. */
typedef struct {
    GmqScreen *screen;
    const GmqStage *stage;
    const GmqPicture *now;
    GmqRect inside; /* of the frame */
} GmqPen;

/* How many lines show everything that ever happens to the entity. */
int gmq_box_count_lines(const GmqStage *stage, GmqPlace place);

/* Draws as many as the inside is high, those that matter most. */
void gmq_box_draw_lines(const GmqPen *pen, GmqPlace place);

/* Draws what counts most into one row of that width, behind a title: messages or a number. */
void gmq_box_draw_brief(const GmqPen *pen, GmqPlace place, int x, int y, int width);

/* The lines of a group: how many there are, and what they have together. (box-group.c) */
#define GMQ_GROUP_LINES 3
void gmq_box_draw_group(const GmqPen *pen, const GmqPlaceGroup *group);

/* Draws messages in order as "[5R][6]" until the space is used up, then how many more there are.
 * Returns the column behind. */
int gmq_box_draw_tokens(GmqScreen *screen, const GmqStage *stage, const GmqTokens *tokens, int x,
                        int y, int width);

G_END_DECLS
