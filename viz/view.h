/* view.h - the whole screen: one moment of a run, in the layout that fits the size.
 *
 * A screen is a function of the view and nothing else: the same view gives the same text. */
#pragma once

#include "sim/filter.h"
#include "sim/rerun.h"
#include "viz/layout.h"

G_BEGIN_DECLS

/* Any smaller or larger screen is refused by `--render`; a terminal gets what fits. */
#define GMQ_VIEW_WIDTH_MAX 500
#define GMQ_VIEW_HEIGHT_MAX 200

/* What the main pane shows. */
typedef enum {
    GMQ_LAYOUT_FLOW,   /* boxes and wires */
    GMQ_LAYOUT_LADDER, /* a column per client, time downwards */
    GMQ_LAYOUT_TABLE,  /* a row per queue */
    GMQ_N_LAYOUTS,
} GmqViewLayout;

/* In the order of the Tab key. A pane that nobody has made is not in the table of pane.h. */
typedef enum {
    GMQ_PANE_FLOW, /* the main one, whatever its layout is */
    GMQ_PANE_STORY,
    GMQ_PANE_EVENTS,
    GMQ_PANE_FOLLOW,
    GMQ_PANE_LINKS,
    GMQ_PANE_CHECKS,
    GMQ_PANE_WIRE,
    GMQ_PANE_MARKS,
    GMQ_N_PANES,
} GmqPane;

/* A line in which the reader types. */
typedef struct {
    const char *label; /* "Filter: "; NULL: nothing is typed now */
    const char *text;
    unsigned cursor;   /* characters before it */
    const char *error; /* what is wrong with the text so far; NULL: nothing */
    const char *hint;  /* what may be typed; NULL without one */
} GmqViewPrompt;

/* What the reader said to a question. */
typedef struct {
    uint64_t event; /* that asked it */
    int choice;     /* index of the answer */
} GmqViewAnswer;

typedef struct {
    const GmqStage *stage;
    const GmqPicture *now;
    int width;
    int height;
    GmqGlyphs glyphs;
    bool is_running;
    bool is_live;      /* the run still goes on */
    bool is_held;      /* but the reader does not, though he stands at its end */
    const char *speed; /* "x1" */
    bool is_help;      /* the help for the pane that has the focus */
    unsigned help_scroll;
    bool is_presenting;
    bool is_part;    /* of a larger screen: it goes without what tells how it ended */
    bool is_what_if; /* this is the run in which one thing went otherwise */
    GmqViewLayout layout;
    GmqPane focus;
    bool is_zoomed; /* the pane that has the focus fills the screen */

    /* Where a reader has gone in each pane. A cursor is a row of a list plus 1; 0 stands for none,
     * and the list then shows its end or its beginning, as gmq_pane_first() says. Panes without
     * rows are scrolled. */
    unsigned cursor[GMQ_N_PANES];
    unsigned scroll[GMQ_N_PANES];
    unsigned scroll_x; /* of the flow, columns */
    GmqPlace selected; /* in the flow; kind GMQ_PLACE_NONE: nothing is */

    /* In play the message of the current event moves along its edge: parts of a thousand of the way
     * that it has gone. -1, or when nothing runs: it stands still, as after every step. */
    int hop_permille;

    const char *follow;      /* the message of the FOLLOW pane; NULL: that of the moment */
    const GmqFilter *filter; /* of the lists of events; NULL: all are shown */
    const char *search;      /* text that is looked for; NULL: none */
    const char *flow_filter; /* the flow shows entities whose names hold this; NULL: all */
    const GmqRerun *wires;   /* the same run with its frames; NULL until the WIRE pane is open */

    const GArray *answers; /* of GmqViewAnswer, locked in; NULL: none */
    int choice; /* the answer that is marked while a question is open, from 1; 0: none is open */

    GmqViewPrompt prompt;
    const char *notice; /* one line about what a key did or could not do; NULL: none */
} GmqView;

/* A pane and where it stands, frame and rule left out. */
typedef struct {
    GmqPane pane;
    GmqRect rect;
} GmqViewSlot;

/* The panes that can be reached with Tab; bit 1 << pane. It does not depend on the size: a pane
 * that has no place of its own takes that of the events while it has the focus. */
unsigned gmq_view_panes(void);

/* Whether the layout can be shown; those that nobody has made are skipped. */
bool gmq_view_has_layout(GmqViewLayout layout);

/* "flow", "ladder", "table"; and back, GMQ_N_LAYOUTS when there is none. */
const char *gmq_view_layout_name(GmqViewLayout layout);
GmqViewLayout gmq_view_layout_find(const char *name);

/* Draws it; the caller frees the screen, which is exactly width x height. */
GmqScreen *gmq_view_draw(const GmqView *view);

/* The panes that this view shows; of GmqViewSlot, the caller frees the list. */
GArray *gmq_view_slots(const GmqView *view);

/* The time bar's place: rows and columns that stand for moments, 0 wide when it is not shown. */
GmqRect gmq_view_time_bar(const GmqView *view);

G_END_DECLS
