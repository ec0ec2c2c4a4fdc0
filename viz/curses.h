/* curses.h - a viewer, or anything like it, on the terminal. The only part that knows one. */
#pragma once

#include "viz/viewer.h"

G_BEGIN_DECLS

typedef struct {
    bool with_colour;
    bool with_mouse;

    /* For a run that still goes on: whenever there is something to read from fd, on_ready is
     * called; it returns false when the end has come, after which fd is not looked at any more.
     * NULL: there is nothing to listen to. */
    int fd;
    bool (*on_ready)(void *data);
    void *data;
} GmqCursesOptions;

/* Whether there is a terminal at both ends on which a screen can be drawn. */
bool gmq_curses_can_run(void);

/* How lines may be drawn, by the locale: East-Asian terminals may give line glyphs two columns. */
GmqGlyphs gmq_curses_glyphs(void);

/* What can be on a terminal: it is told keys and times and answers with screens, as a viewer does,
 * whose functions of these names say what each is for. */
typedef struct {
    void (*resize)(void *shown, int width, int height);
    bool (*key)(void *shown, int key, int64_t now_us);
    void (*click)(void *shown, int x, int y);
    void (*wheel)(void *shown, int x, int y, int by);
    int64_t (*play)(void *shown, int64_t now_us);
    unsigned (*revision)(const void *shown);
    GmqScreen *(*draw)(const void *shown);
    GmqTheme (*theme)(const void *shown);
} GmqCursesFace;

/* Shows it until its key() returns false; the terminal is restored, whatever ends it. It may be
 * shown again afterwards. */
void gmq_curses_show(const GmqCursesFace *face, void *shown, const GmqCursesOptions *options);

/* Shows the viewer until the reader leaves; the terminal is restored, whatever ends it. */
void gmq_curses_run(GmqViewer *viewer, const GmqCursesOptions *options);

G_END_DECLS
