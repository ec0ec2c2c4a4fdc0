/* viewer.h - a reader in front of a run: keys, speed, and what is shown next.
 *
 * It knows no terminal and no clock: it is told keys and times and answers with screens, so that
 * everything a reader can do is tested without a terminal. */
#pragma once

#include "viz/view.h"

G_BEGIN_DECLS

/* Keys are characters; those without one are numbered behind Unicode. */
enum {
    GMQ_KEY_TAB = '\t',
    GMQ_KEY_ESC = 27,
    GMQ_KEY_UP  = 0x110000,
    GMQ_KEY_DOWN,
    GMQ_KEY_LEFT,
    GMQ_KEY_RIGHT,
    GMQ_KEY_PAGE_UP,
    GMQ_KEY_PAGE_DOWN,
    GMQ_KEY_HOME,
    GMQ_KEY_END,
    GMQ_KEY_BACKTAB,
    GMQ_KEY_F1,
};

typedef struct GmqViewer GmqViewer;

/* Returns a viewer that stands before the first event. The stage is lent. */
GmqViewer *gmq_viewer_new(const GmqStage *stage, GmqGlyphs glyphs);
void gmq_viewer_free(GmqViewer *viewer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqViewer, gmq_viewer_free)

void gmq_viewer_resize(GmqViewer *viewer, int width, int height);

/* Shows the moment after that event; one behind the end counts as the last. */
void gmq_viewer_go(GmqViewer *viewer, uint64_t event);
uint64_t gmq_viewer_event(const GmqViewer *viewer);

/* Handles a key at that time. Returns false when the reader leaves. */
bool gmq_viewer_key(GmqViewer *viewer, int key, int64_t now_us);

/* Plays up to that time. Returns how many microseconds later something is due, -1 for never. */
int64_t gmq_viewer_play(GmqViewer *viewer, int64_t now_us);
bool gmq_viewer_is_running(const GmqViewer *viewer);

/* The screen to show now; the caller frees it. */
GmqScreen *gmq_viewer_draw(const GmqViewer *viewer);

G_END_DECLS
