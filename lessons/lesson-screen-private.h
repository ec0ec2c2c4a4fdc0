/* lesson-screen-private.h - the inside of a lesson's screen, for lesson-screen*.c alone. */
#pragma once

#include "lessons/lesson-screen.h"
#include "lessons/runs.h"

G_BEGIN_DECLS

/* What the screen is filled with. */
typedef enum {
    GMQ_SCENE_PAGE,    /* text to read */
    GMQ_SCENE_PREDICT, /* the view and a question below */
    GMQ_SCENE_RUN,     /* the view, and what became of the prediction */
    GMQ_SCENE_FIND,    /* the view and a task below */
    GMQ_SCENE_WORK,    /* text with a file or a program to work on */
    GMQ_SCENE_END,     /* the last page */
    GMQ_N_SCENES,
} GmqScene;

/* What came of a hint or a check, below the task. */
typedef struct {
    GmqScreenRole role;
    bool is_result; /* of a check: the next one takes its place */
    char *text;
} GmqLessonNote;

struct GmqLessonScreen {
    GmqWalk *walk;
    GmqLessonHost host;
    GmqGlyphs glyphs;
    GmqTheme theme;
    int width, height;
    unsigned revision;
    GmqWish wish;

    GmqRuns *runs;
    GmqViewer *viewer; /* NULL: this scene has none, or its scenario cannot be run */
    char *shown;       /* the viewer's scenario */
    uint64_t end;      /* of the run of this prediction */
    bool starts_run;   /* with the next look at the clock */

    bool is_reading; /* the text in front of a question or task */
    GPtrArray *page; /* of GmqSpans: what a scene without a view shows */
    unsigned scroll; /* of the page */
    unsigned latest; /* the line of the page where the last note begins */
    GArray *notes;   /* of GmqLessonNote, the newest one last */
    bool to_latest;  /* the page is to be scrolled there */

    GPtrArray *panel;      /* of GmqSpans: what stands below the view */
    unsigned panel_scroll; /* when there is no room for all of it */
    int panel_height;      /* lines of it that are shown */
    unsigned marked;       /* the line of the panel where the marked choice begins */
    unsigned n_marked;     /* and how many it has; 0: none is marked */

    unsigned choice; /* the marked one, 1 for the first; 0: none */
    char *verdict;   /* what became of the prediction; NULL: it is not told yet */
    bool is_right;
    char *said; /* what the last answer brought; NULL: nothing */
    GmqScreenRole said_role;

    bool is_typing;
    GString *typed;
    char *program;    /* what was typed for a step of the kind "make" */
    int64_t check_us; /* when the check begins, so that this is seen before; 0: it does not */
    bool wants_check; /* with the next look at the clock it is settled when */
};

/* ---- lesson-screen.c ---- */

GmqScene gmq_lesson_screen_scene(const GmqLessonScreen *screen);

/* Whether a question, its answer or a task stands below; and whether the run is shown above it. */
bool gmq_lesson_screen_has_panel(const GmqLessonScreen *screen);
bool gmq_lesson_screen_has_view(const GmqLessonScreen *screen);

/* After a change of what the page, the panel or the places of both depend on. */
void gmq_lesson_screen_renew(GmqLessonScreen *screen);

/* Says something in the panel, or above the keys of a page. Takes the text; NULL takes away what
 * was said. */
void gmq_lesson_screen_say(GmqLessonScreen *screen, GmqScreenRole role, char *text);

/* Adds a note below the task. */
void gmq_lesson_screen_note(GmqLessonScreen *screen, GmqScreenRole role, bool is_result,
                            const char *text);

/* Lets the host keep the progress, and says so when it cannot. */
void gmq_lesson_screen_keep(GmqLessonScreen *screen);

/* ---- lesson-screen-go.c ---- */

/* Comes to where the walk is now. */
void gmq_lesson_screen_enter(GmqLessonScreen *screen);

/* Goes on, or says what must be done before; and back. */
void gmq_lesson_screen_next(GmqLessonScreen *screen);
void gmq_lesson_screen_back(GmqLessonScreen *screen);

/* From the stop of a prediction to its end. */
void gmq_lesson_screen_run(GmqLessonScreen *screen);

/* Tells what became of the prediction when the run has come to its end. */
void gmq_lesson_screen_follow_run(GmqLessonScreen *screen);

/* ---- lesson-screen-keys.c ---- */

/* Of the bottom line: what it is called there, NULL behind the last. */
typedef struct {
    const char *keys;
    const char *word;
} GmqLessonKey;

const GmqLessonKey *gmq_lesson_screen_keys(const GmqLessonScreen *screen);

/* ---- lesson-screen-page.c ---- */

/* The lines of the page; the caller owns them. *latest is where the last note begins. */
GPtrArray *gmq_lesson_screen_make_page(GmqLessonScreen *screen, unsigned *latest);

/* ---- lesson-screen-panel.c ---- */

/* Sets the lines of the panel, and which of them are the marked choice. */
void gmq_lesson_screen_make_panel(GmqLessonScreen *screen);

/* What stands in its rule. */
const char *gmq_lesson_screen_panel_title(const GmqLessonScreen *screen);

/* ---- lesson-screen-draw.c ---- */

/* Whether it only says that it is too small. */
bool gmq_lesson_screen_is_small(const GmqLessonScreen *screen);

/* The rows that the page has; those of the panel's text; and those of the view, 0 when it has none.
 */
int gmq_lesson_screen_page_rows(const GmqLessonScreen *screen);
int gmq_lesson_screen_panel_rows(const GmqLessonScreen *screen);
int gmq_lesson_screen_view_rows(const GmqLessonScreen *screen);

G_END_DECLS
