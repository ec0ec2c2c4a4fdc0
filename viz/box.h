/* box.h - what stands in the box of one entity: its title and its lines. */
#pragma once

#include "viz/view.h"

G_BEGIN_DECLS

/* How much space a box wants. It depends on the whole run, so that a box never changes its size. */
typedef struct {
    int lines;       /* to show everything */
    int lines_least; /* to show what matters; fewer still work */
    int width;       /* columns, frame included */
    int width_least;
} GmqBoxWish;

GmqBoxWish gmq_box_wish(const GmqStage *stage, const GmqBox *box, GmqGlyphs glyphs);

/* Whether the entity was there at that moment or before. */
bool gmq_box_exists(const GmqPicture *now, GmqPlace place);

/* The same for a box: of a group one member is enough. */
bool gmq_box_is_there(const GmqView *view, const GmqBox *box);

/* Draws frame, title and lines. What is not there yet, or no more, has a dotted frame; and nothing
 * in it before it is there. */
void gmq_box_draw(GmqScreen *screen, const GmqView *view, const GmqBox *box);

/* Draws the name alone into the upper edge, for what is not there yet. */
void gmq_box_draw_name(GmqScreen *screen, const GmqView *view, const GmqBox *box);

/* Draws "w1 CRASHED" or "tasks D" in width columns and returns the column behind it. Where there is
 * no room for both, the name is shortened and the state stays. */
int gmq_box_draw_title(GmqScreen *screen, const GmqPicture *now, GmqPlace place, int x, int y,
                       int width);

/* What is wrong or going on with a client, in one word; "" when nothing is. */
const char *gmq_box_state(const GmqPicture *now, unsigned client);

G_END_DECLS
