/* viewer.h - a reader in front of a run: keys, speed, and what is shown next.
 *
 * It knows no terminal and no clock: it is told keys and times and answers with screens, so that
 * everything a reader can do is tested without a terminal. */
#pragma once

#include "viz/theme.h"
#include "viz/view.h"

G_BEGIN_DECLS

/* Keys are characters; those without one are numbered behind Unicode. */
enum {
    GMQ_KEY_TAB       = '\t',
    GMQ_KEY_ENTER     = '\r',
    GMQ_KEY_ESC       = 27,
    GMQ_KEY_BACKSPACE = 127,
    GMQ_KEY_UP        = 0x110000,
    GMQ_KEY_DOWN,
    GMQ_KEY_LEFT,
    GMQ_KEY_RIGHT,
    GMQ_KEY_PAGE_UP,
    GMQ_KEY_PAGE_DOWN,
    GMQ_KEY_HOME,
    GMQ_KEY_END,
    GMQ_KEY_BACKTAB,
    GMQ_KEY_DELETE,
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

/* Whether something is open that takes every key: help, a line to type in, a question, what if. */
bool gmq_viewer_takes_keys(const GmqViewer *viewer);

/* A click on a cell, and the wheel over it: by is -1 for up, 1 for down. */
void gmq_viewer_click(GmqViewer *viewer, int x, int y);
void gmq_viewer_wheel(GmqViewer *viewer, int x, int y, int by);

/* Plays up to that time. Returns how many microseconds later something is due, -1 for never. */
int64_t gmq_viewer_play(GmqViewer *viewer, int64_t now_us);
bool gmq_viewer_is_running(const GmqViewer *viewer);

/* Changes with everything that changes the screen. */
unsigned gmq_viewer_revision(const GmqViewer *viewer);

/* The screen to show now; the caller frees it. */
GmqScreen *gmq_viewer_draw(const GmqViewer *viewer);

/* ---- what is set before the first screen, or by a line behind ":" ---- */

/* False with an error for what cannot be read. An empty text takes the filter away. */
bool gmq_viewer_set_filter(GmqViewer *viewer, const char *text, GError **error);

/* Follows the message of that name, or of its short one, "5" for "p1-5"; NULL follows none. */
bool gmq_viewer_set_follow(GmqViewer *viewer, const char *message, GError **error);
bool gmq_viewer_set_layout(GmqViewer *viewer, const char *name, GError **error);
bool gmq_viewer_set_pane(GmqViewer *viewer, const char *name, GError **error);

/* For a teacher: answers are not told, captions stand twice as long, and only Space moves time. */
void gmq_viewer_set_presenting(GmqViewer *viewer, bool is_presenting);

/* For a part of a larger screen: keeps to arrangements for few rows. */
void gmq_viewer_set_part(GmqViewer *viewer, bool is_part);

/* The reader cannot go behind that event, as if the run ended there; what comes later is hidden
 * from searches as well. G_MAXUINT64 takes the bound away. */
void gmq_viewer_set_bound(GmqViewer *viewer, uint64_t event);

/* Begins to run from where it stands, at that time. */
void gmq_viewer_run(GmqViewer *viewer, int64_t now_us);

void gmq_viewer_set_theme(GmqViewer *viewer, GmqTheme theme);
GmqTheme gmq_viewer_theme(const GmqViewer *viewer);

/* One line that stays until the next key: what could not be done, and why. */
void gmq_viewer_tell(GmqViewer *viewer, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The run still goes on: at its end the reader follows it, and Space holds him there. */
void gmq_viewer_set_live(GmqViewer *viewer, bool is_live);

/* Whether he is to be taken along with what comes. */
bool gmq_viewer_follows(const GmqViewer *viewer);

/* For a run that still goes on: another stage, which is lent. When it is of the same trace the
 * reader stays at his event, unless he stood at the end and at_end is set; otherwise he comes to
 * the end. */
void gmq_viewer_set_stage(GmqViewer *viewer, const GmqStage *stage, bool at_end);

G_END_DECLS
