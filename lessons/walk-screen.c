#include "lessons/walk-screen.h"

#include <string.h>

#include "lessons/lesson-screen.h"
#include "lessons/modify.h"
#include "sim/language.h"
#include "viz/curses.h"

typedef struct {
    GmqWalk *walk;
    const GmqDesk *desk;
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
find_file(void *data, const GmqModify *modify, GError **error)
{
    const Sitting *sitting  = data;
    const GmqLesson *lesson = gmq_walk_lesson(sitting->walk);

    (void)modify;
    if (!gmq_desk_lay_out(sitting->desk, lesson, error))
        return NULL;
    return gmq_desk_exercise(sitting->desk, lesson);
}

static bool
check(void *data, const GmqModify *modify, GString *told)
{
    const Sitting *sitting         = data;
    g_autoptr(GError) error        = NULL;
    g_autofree char *path          = find_file(data, modify, &error);
    g_auto(GmqModifyAnswer) answer = {0};

    if (path == NULL) {
        g_string_append(told, error->message);
        return false;
    }
    gmq_modify_check(gmq_walk_lesson(sitting->walk), modify, path, &answer);
    g_string_append(told, answer.sentences);
    return answer.verdict == GMQ_VERDICT_HELD;
}

/* ---- what is done beside the screen ---- */

static void
edit(Sitting *sitting, GmqLessonScreen *screen)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path   = find_file(sitting, NULL, &error);

    if (path == NULL || !gmq_desk_edit(path, &error))
        gmq_lesson_screen_tell(screen, error->message, false);
    else
        gmq_lesson_screen_tell(screen, _("The editor is closed. c checks the file."), false);
}

/* ---- the terminal ---- */

static void
resize_screen(void *screen, int width, int height)
{
    gmq_lesson_screen_resize(screen, width, height);
}

static bool
key_screen(void *screen, int key, int64_t now_us)
{
    return gmq_lesson_screen_key(screen, key, now_us);
}

static void
click_screen(void *screen, int x, int y)
{
    gmq_lesson_screen_click(screen, x, y);
}

static void
wheel_screen(void *screen, int x, int y, int by)
{
    gmq_lesson_screen_wheel(screen, x, y, by);
}

static int64_t
play_screen(void *screen, int64_t now_us)
{
    return gmq_lesson_screen_play(screen, now_us);
}

static unsigned
revision_of_screen(const void *screen)
{
    return gmq_lesson_screen_revision(screen);
}

static GmqScreen *
draw_screen(const void *screen)
{
    return gmq_lesson_screen_draw(screen);
}

static GmqTheme
theme_of_screen(const void *screen)
{
    return gmq_lesson_screen_theme(screen);
}

static const GmqCursesFace face = {
    .resize   = resize_screen,
    .key      = key_screen,
    .click    = click_screen,
    .wheel    = wheel_screen,
    .play     = play_screen,
    .revision = revision_of_screen,
    .draw     = draw_screen,
    .theme    = theme_of_screen,
};

int
gmq_walk_screen(GmqWalk *walk, const GmqDesk *desk, const GmqWalkLook *look, bool *wants_next)
{
    GmqGlyphs glyphs               = gmq_curses_glyphs();
    Sitting sitting                = {.walk = walk, .desk = desk};
    const GmqLessonHost host       = {keep, find_file, check, &sitting};
    const GmqCursesOptions options = {.with_colour = look->with_colour,
                                      .with_mouse  = look->with_mouse};
    g_autoptr(GmqLessonScreen) screen =
        gmq_lesson_screen_new(walk, &host, look->is_ascii ? GMQ_GLYPHS_ASCII : glyphs, look->theme);

    gmq_curses_show(&face, screen, &options);
    while (gmq_lesson_screen_wish(screen) == GMQ_WISH_EDIT) {
        edit(&sitting, screen);
        gmq_curses_show(&face, screen, &options);
    }
    *wants_next = gmq_lesson_screen_wish(screen) == GMQ_WISH_NEXT;
    return sitting.is_unkept ? 1 : 0;
}
