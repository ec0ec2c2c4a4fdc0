/* ladder-draw.h - a ladder on a screen, one line for each rung; for the panes that show one. */
#pragma once

#include "viz/ladder.h"
#include "viz/screen.h"

G_BEGIN_DECLS

/* Where the columns stand, and what is drawn how. */
typedef struct {
    GmqScreen *screen;
    const GmqLadder *ladder;
    const GmqPicture *now;
    GmqRect rect;
    GArray *columns; /* of int: x of each column; -1: there is no room for it */
    int side_x;      /* of numbers and times */
    uint64_t newest; /* the last event that a rung has */
    bool has_names;  /* of messages, at each rung */
} GmqLadderSheet;

/* How the ladder fits the rectangle. Only columns that are used get a place, in a narrow one only
 * those that the rungs first to last need. */
GmqLadderSheet gmq_ladder_sheet(GmqScreen *screen, const GmqLadder *ladder, const GmqPicture *now,
                                GmqRect rect, unsigned first, unsigned last, bool has_names);
void gmq_ladder_sheet_clear(GmqLadderSheet *sheet);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqLadderSheet, gmq_ladder_sheet_clear)

/* The names over the columns, into the line y. */
void gmq_ladder_draw_heads(const GmqLadderSheet *sheet, int y);

/* The columns alone, as they run on where nothing happens. */
void gmq_ladder_draw_lines(const GmqLadderSheet *sheet, int y);

/* One rung with its number and time. */
void gmq_ladder_draw_rung(const GmqLadderSheet *sheet, const GmqRung *rung, int y);

G_END_DECLS
