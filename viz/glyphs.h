/* glyphs.h - lines, arrows and signs, in UTF-8 and in ASCII. */
#pragma once

#include "viz/screen.h"

G_BEGIN_DECLS

/* The glyphs for where those of a terminal may be drawn, when ASCII alone is wanted or not. Korean
 * has no ASCII: there only lines and arrows are. */
GmqGlyphs gmq_glyphs_choose(GmqGlyphs terminal, bool is_ascii);

typedef enum {
    GMQ_SIGN_ARROW,      /* arrives at the right */
    GMQ_SIGN_ARROW_BACK, /* at the left */
    GMQ_SIGN_ARROW_DOWN, /* from above */
    GMQ_SIGN_ARROW_UP,   /* from below */
    GMQ_SIGN_CUT,
    GMQ_SIGN_WORK,   /* work done */
    GMQ_SIGN_REST,   /* work left */
    GMQ_SIGN_PASSED, /* of the time bar */
    GMQ_SIGN_AHEAD,
    GMQ_SIGN_GAP, /* time in which nothing happens */
    GMQ_SIGN_NOW,
    GMQ_SIGN_BAD,     /* time in which a link is bad */
    GMQ_SIGN_MESSAGE, /* the one that is followed */
    GMQ_SIGN_CAPTION,
    GMQ_SIGN_FAULT,
    GMQ_SIGN_RUNNING,
    GMQ_SIGN_PAUSED,
    GMQ_SIGN_HERE, /* before the current line of a list */
    GMQ_SIGN_DASH, /* between two words */
    GMQ_N_SIGNS,
} GmqSign;

/* Each one column wide. */
const char *gmq_sign(GmqGlyphs glyphs, GmqSign sign);

/* Where a line goes from the middle of a cell. */
enum {
    GMQ_LINE_UP     = 1,
    GMQ_LINE_RIGHT  = 2,
    GMQ_LINE_DOWN   = 4,
    GMQ_LINE_LEFT   = 8,
    GMQ_LINE_DOTTED = 16, /* drawn so where it runs straight */
    GMQ_LINE_DASHED = 32,
    GMQ_LINE_DOUBLE = 64,
};

const char *gmq_line_glyph(GmqGlyphs glyphs, unsigned line);

enum {
    GMQ_FRAME_JOINED = 1, /* the frame above shares the upper edge */
    GMQ_FRAME_DOTTED = 2,
};

/* A frame along the edges of rect. */
void gmq_frame_draw(GmqScreen *screen, GmqRect rect, unsigned style, GmqScreenRole role);

/* A horizontal rule over the whole width of rect's first row, with words in it. */
void gmq_rule_draw(GmqScreen *screen, int x, int y, int width, const char *title);

G_END_DECLS
