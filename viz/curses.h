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

/* Defines NAME, the face of a TYPE whose functions are called prefix_resize(), prefix_key() and so
 * on. */
#define GMQ_DEFINE_CURSES_FACE(NAME, TYPE, prefix)                                                 \
    static void NAME##_resize(void *shown, int width, int height)                                  \
    {                                                                                              \
        prefix##_resize((TYPE *)shown, width, height);                                             \
    }                                                                                              \
    static bool NAME##_key(void *shown, int key, int64_t now_us)                                   \
    {                                                                                              \
        return prefix##_key((TYPE *)shown, key, now_us);                                           \
    }                                                                                              \
    static void NAME##_click(void *shown, int x, int y)                                            \
    {                                                                                              \
        prefix##_click((TYPE *)shown, x, y);                                                       \
    }                                                                                              \
    static void NAME##_wheel(void *shown, int x, int y, int by)                                    \
    {                                                                                              \
        prefix##_wheel((TYPE *)shown, x, y, by);                                                   \
    }                                                                                              \
    static int64_t NAME##_play(void *shown, int64_t now_us)                                        \
    {                                                                                              \
        return prefix##_play((TYPE *)shown, now_us);                                               \
    }                                                                                              \
    static unsigned NAME##_revision(const void *shown)                                             \
    {                                                                                              \
        return prefix##_revision((const TYPE *)shown);                                             \
    }                                                                                              \
    static GmqScreen *NAME##_draw(const void *shown)                                               \
    {                                                                                              \
        return prefix##_draw((const TYPE *)shown);                                                 \
    }                                                                                              \
    static GmqTheme NAME##_theme(const void *shown)                                                \
    {                                                                                              \
        return prefix##_theme((const TYPE *)shown);                                                \
    }                                                                                              \
    static const GmqCursesFace NAME = {                                                            \
        .resize   = NAME##_resize,                                                                 \
        .key      = NAME##_key,                                                                    \
        .click    = NAME##_click,                                                                  \
        .wheel    = NAME##_wheel,                                                                  \
        .play     = NAME##_play,                                                                   \
        .revision = NAME##_revision,                                                               \
        .draw     = NAME##_draw,                                                                   \
        .theme    = NAME##_theme,                                                                  \
    }

/* Shows it until its key() returns false; the terminal is restored, whatever ends it. It may be
 * shown again afterwards. */
void gmq_curses_show(const GmqCursesFace *face, void *shown, const GmqCursesOptions *options);

/* Shows the viewer until the reader leaves; the terminal is restored, whatever ends it. */
void gmq_curses_run(GmqViewer *viewer, const GmqCursesOptions *options);

G_END_DECLS
