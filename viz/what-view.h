/* what-view.h - the screen on which a reader asks what if one thing had gone otherwise: what could
 * happen at an event, and then both runs side by side.
 *
 * It knows no terminal: it is told keys and answers with screens. */
#pragma once

#include "viz/screen.h"
#include "viz/stage.h"

G_BEGIN_DECLS

typedef struct GmqWhatView GmqWhatView;

/* What a key led to. */
typedef enum {
    GMQ_WHAT_STAYS,
    GMQ_WHAT_LEAVES,   /* back to the run as it was */
    GMQ_WHAT_SWITCHES, /* the reader wants to look at the other run */
} GmqWhatAnswer;

/* Begins with the list of what could happen at that event, 1 to the length of the trace. The stage
 * is lent. */
GmqWhatView *gmq_what_view_new(const GmqStage *stage, uint64_t event);
void gmq_what_view_free(GmqWhatView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqWhatView, gmq_what_view_free)

/* Handles a key, numbered as in viewer.h. One that does nothing here is left alone. */
GmqWhatAnswer gmq_what_view_key(GmqWhatView *view, int key);

/* The stage of the other run, owned by the view; NULL as long as none was run. */
const GmqStage *gmq_what_view_other(const GmqWhatView *view);

/* The first event that is not the same in both; 0: none, or no other run. */
uint64_t gmq_what_view_parted(const GmqWhatView *view);

/* The whole screen; the caller frees it. */
GmqScreen *gmq_what_view_draw(const GmqWhatView *view, int width, int height, GmqGlyphs glyphs);

G_END_DECLS
