#include "lessons/walk-screen.h"

#include <stdio.h>

#include "lessons/ask.h"
#include "lessons/examine.h"
#include "lessons/lesson-screen.h"
#include "sim/language.h"
#include "sim/load.h"
#include "viz/curses.h"
#include "viz/glyphs.h"

typedef struct {
    GmqWalk *walk;
    const GmqDesk *desk;
    GmqGlyphs glyphs;
    const GmqCursesOptions *options;
    bool is_unkept;
} Sitting;

/* ---- what the screen needs of the world ---- */

static char *
keep(void *data)
{
    Sitting *sitting        = data;
    g_autoptr(GError) error = NULL;

    if (gmq_desk_keep(sitting->desk, sitting->walk, &error))
        return NULL;
    sitting->is_unkept = true;
    return g_strdup(error->message);
}

static char *
find_file(void *data, GError **error)
{
    const Sitting *sitting  = data;
    const GmqLesson *lesson = gmq_walk_lesson(sitting->walk);

    if (!gmq_desk_lay_out(sitting->desk, lesson, error))
        return NULL;
    return gmq_desk_exercise(sitting->desk, lesson);
}

static bool
check(void *data, GString *told)
{
    const Sitting *sitting  = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path   = find_file(data, &error);

    if (path != NULL)
        return gmq_examine_file(gmq_walk_lesson(sitting->walk), path, told) == 0;
    g_string_append(told, error->message);
    return false;
}

/* ---- what is done beside the screen ---- */

static void
edit(Sitting *sitting, GmqLessonScreen *screen)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path   = find_file(sitting, &error);

    if (path == NULL || !gmq_desk_edit(path, &error))
        gmq_lesson_screen_tell(screen, error->message, false);
    else
        gmq_lesson_screen_tell(screen, _("The editor is closed. c checks the file."), false);
}

/* What goes on is told on the terminal, and what came of it on the screen. */
static void
make(const Sitting *sitting, GmqLessonScreen *screen)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) told = g_string_new(NULL);
    g_auto(GStrv) command   = NULL;
    const char *line        = gmq_lesson_screen_program(screen);

    if (!g_shell_parse_argv(line, NULL, &command, &error)) {
        gmq_lesson_screen_tell(screen, error->message, false);
        return;
    }
    printf(_("Checking: %s\n"), line);
    int status =
        gmq_examine_program(gmq_walk_lesson(sitting->walk), command, gmq_say_line, NULL, told);
    gmq_lesson_screen_tell(screen, told->str, status == 0);
}

/* The run of the learner's file with the first of the seeds that it is checked with. */
static void
view(Sitting *sitting, GmqLessonScreen *screen)
{
    g_autoptr(GError) error   = NULL;
    uint64_t seed             = 1;
    g_autofree char *path     = find_file(sitting, &error);
    g_autoptr(GmqTrace) trace = path != NULL ? gmq_load_run(path, &seed, &error) : NULL;

    if (trace == NULL) {
        gmq_lesson_screen_tell(screen, error->message, false);
        return;
    }
    g_autoptr(GmqStage) stage   = gmq_stage_new(trace);
    g_autoptr(GmqViewer) viewer = gmq_viewer_new(stage, sitting->glyphs);
    gmq_viewer_set_theme(viewer, gmq_lesson_screen_theme(screen));
    gmq_viewer_go(viewer, gmq_stage_opening(stage));
    gmq_viewer_tell(viewer, _("This is your file with seed 1. q goes back to the lesson."));
    gmq_curses_run(viewer, sitting->options);
    gmq_lesson_screen_resume(screen);
}

/* Does what was wished beside the screen; false when the screen is to be left. */
static bool
grant(Sitting *sitting, GmqLessonScreen *screen)
{
    switch (gmq_lesson_screen_wish(screen)) {
    case GMQ_WISH_EDIT:
        edit(sitting, screen);
        return true;
    case GMQ_WISH_VIEW:
        view(sitting, screen);
        return true;
    case GMQ_WISH_MAKE:
        make(sitting, screen);
        return true;
    default:
        return false;
    }
}

/* ---- the terminal ---- */

GMQ_DEFINE_CURSES_FACE(face, GmqLessonScreen, gmq_lesson_screen);

int
gmq_walk_screen(GmqWalk *walk, const GmqDesk *desk, const GmqLook *look, bool *wants_next)
{
    const GmqCursesOptions options = {.with_colour = look->with_colour,
                                      .with_mouse  = look->with_mouse};
    Sitting sitting                = {
                       .walk    = walk,
                       .desk    = desk,
                       .glyphs  = gmq_glyphs_choose(gmq_curses_glyphs(), look->is_ascii),
                       .options = &options,
    };
    const GmqLessonHost host = {keep, find_file, check, &sitting};
    g_autoptr(GmqLessonScreen) screen =
        gmq_lesson_screen_new(walk, &host, sitting.glyphs, look->theme);

    do {
        gmq_curses_show(&face, screen, &options);
    } while (grant(&sitting, screen));
    *wants_next = gmq_lesson_screen_wish(screen) == GMQ_WISH_NEXT;
    return sitting.is_unkept ? 1 : 0;
}
