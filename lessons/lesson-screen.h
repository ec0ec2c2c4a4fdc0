/* lesson-screen.h - a lesson on the whole screen: pages, the run with its question, the file.
 *
 * As a viewer it knows no terminal and no clock: it is told keys and times and answers with
 * screens. What it needs of the world its host does. */
#pragma once

#include "lessons/walk.h"
#include "viz/viewer.h"

G_BEGIN_DECLS

/* Smaller screens only say that they are too small. */
#define GMQ_LESSON_WIDTH_LEAST 60
#define GMQ_LESSON_HEIGHT_LEAST 18

/* What the person wants that cannot be done on this screen. */
typedef enum {
    GMQ_WISH_NONE,
    GMQ_WISH_LEAVE,
    GMQ_WISH_EDIT, /* open the file of this step in an editor */
    GMQ_WISH_VIEW, /* show a run of it */
    GMQ_WISH_MAKE, /* check a program: gmq_lesson_screen_program() */
    GMQ_WISH_NEXT, /* this lesson is done: go on with the next one */
} GmqWish;

typedef struct {
    /* The progress has changed and is to be kept. Returns NULL, or a sentence that says why it is
     * not, which the caller frees. */
    char *(*keep)(void *data);

    /* The path of the file that the learner changes, which was made when it was not there; the
     * caller frees it. NULL for a lesson without one, or with an error. */
    char *(*find_file)(void *data, GError **error);

    /* Checks that file, and tells in lines what came of it. True when it passed. */
    bool (*check)(void *data, GString *told);

    void *data;
} GmqLessonHost;

typedef struct GmqLessonScreen GmqLessonScreen;

/* Returns a screen for where the walk is. The walk and what the host points to are lent. */
GmqLessonScreen *gmq_lesson_screen_new(GmqWalk *walk, const GmqLessonHost *host, GmqGlyphs glyphs,
                                       GmqTheme theme);
void gmq_lesson_screen_free(GmqLessonScreen *screen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLessonScreen, gmq_lesson_screen_free)

/* ---- as a viewer: see gmq_viewer_resize() and the others ---- */

void gmq_lesson_screen_resize(GmqLessonScreen *screen, int width, int height);

/* Returns false when there is a wish. */
bool gmq_lesson_screen_key(GmqLessonScreen *screen, int key, int64_t now_us);
void gmq_lesson_screen_click(GmqLessonScreen *screen, int x, int y);
void gmq_lesson_screen_wheel(GmqLessonScreen *screen, int x, int y, int by);
int64_t gmq_lesson_screen_play(GmqLessonScreen *screen, int64_t now_us);
unsigned gmq_lesson_screen_revision(const GmqLessonScreen *screen);
GmqScreen *gmq_lesson_screen_draw(const GmqLessonScreen *screen);
GmqTheme gmq_lesson_screen_theme(const GmqLessonScreen *screen);

/* ---- wishes ---- */

/* Why the last key returned false; it is forgotten with the next one. */
GmqWish gmq_lesson_screen_wish(const GmqLessonScreen *screen);

/* The command line that the learner gave for his program; "" before that. Lent. */
const char *gmq_lesson_screen_program(const GmqLessonScreen *screen);

/* The wish is over, and nothing came of it that is to be told. */
void gmq_lesson_screen_resume(GmqLessonScreen *screen);

/* What came of the wish, which is over then, in lines: it is shown below the task. A program that
 * passed ends its step, and that is kept. */
void gmq_lesson_screen_tell(GmqLessonScreen *screen, const char *told, bool is_passed);

G_END_DECLS
