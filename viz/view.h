/* view.h - the whole screen: one moment of a run, in the layout that fits the size.
 *
 * A screen is a function of the view and nothing else: the same view gives the same text. */
#pragma once

#include "viz/layout.h"

G_BEGIN_DECLS

/* Any smaller or larger screen is refused by `--render`; a terminal gets what fits. */
#define GMQ_VIEW_WIDTH_MAX 500
#define GMQ_VIEW_HEIGHT_MAX 200

typedef enum {
    GMQ_PANE_FLOW,
    GMQ_PANE_EVENTS,
    GMQ_PANE_MESSAGE,
    GMQ_PANE_MARKS,
    GMQ_N_PANES,
} GmqPane;

typedef struct {
    const GmqStage *stage;
    const GmqPicture *now;
    int width;
    int height;
    GmqGlyphs glyphs;
    bool is_running;
    const char *speed; /* "x1" */
    bool is_help;
    GmqPane focus;
    unsigned scroll[GMQ_N_PANES];
} GmqView;

/* Which panes the size has; bit 1 << pane. */
unsigned gmq_view_panes(int width, int height);

/* Draws it; the caller frees the screen, which is exactly width x height. */
GmqScreen *gmq_view_draw(const GmqView *view);

G_END_DECLS
