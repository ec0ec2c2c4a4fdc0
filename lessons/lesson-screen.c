#include "lessons/lesson-screen.h"

#include "lessons/lesson-screen-private.h"
#include "lessons/spans.h"
#include "sim/language.h"

/* A check is said to begin so long before it does: it leaves no time to draw. */
#define CHECK_AFTER_US 150000

/* ---- the whole ---- */

static void
clear_note(void *note)
{
    g_free(((GmqLessonNote *)note)->text);
}

GmqLessonScreen *
gmq_lesson_screen_new(GmqWalk *walk, const GmqLessonHost *host, GmqGlyphs glyphs, GmqTheme theme)
{
    GmqLessonScreen *screen = g_new0(GmqLessonScreen, 1);

    screen->walk    = walk;
    screen->host    = *host;
    screen->glyphs  = glyphs;
    screen->theme   = theme;
    screen->width   = 80;
    screen->height  = 24;
    screen->runs    = gmq_runs_new(gmq_walk_lesson(walk)->folder, gmq_walk_lesson(walk)->language);
    screen->notes   = g_array_new(FALSE, FALSE, sizeof(GmqLessonNote));
    screen->typed   = g_string_new(NULL);
    screen->page    = gmq_spans_list_new();
    screen->panel   = gmq_spans_list_new();
    screen->program = g_strdup("");
    g_array_set_clear_func(screen->notes, clear_note);
    gmq_lesson_screen_enter(screen);
    return screen;
}

void
gmq_lesson_screen_free(GmqLessonScreen *screen)
{
    g_clear_pointer(&screen->viewer, gmq_viewer_free);
    gmq_runs_free(screen->runs);
    g_array_free(screen->notes, TRUE);
    g_string_free(screen->typed, TRUE);
    g_ptr_array_free(screen->page, TRUE);
    g_ptr_array_free(screen->panel, TRUE);
    g_free(screen->shown);
    g_free(screen->verdict);
    g_free(screen->said);
    g_free(screen->program);
    g_free(screen);
}

GmqScene
gmq_lesson_screen_scene(const GmqLessonScreen *screen)
{
    static const GmqScene scenes[] = {
        [GMQ_WALK_READ] = GMQ_SCENE_PAGE,   [GMQ_WALK_PREDICT] = GMQ_SCENE_PREDICT,
        [GMQ_WALK_RUN] = GMQ_SCENE_RUN,     [GMQ_WALK_INVESTIGATE] = GMQ_SCENE_FIND,
        [GMQ_WALK_MODIFY] = GMQ_SCENE_WORK, [GMQ_WALK_MAKE] = GMQ_SCENE_WORK,
        [GMQ_WALK_PASSED] = GMQ_SCENE_END,
    };

    return screen->is_reading ? GMQ_SCENE_PAGE : scenes[gmq_walk_place(screen->walk)];
}

bool
gmq_lesson_screen_has_panel(const GmqLessonScreen *screen)
{
    GmqScene scene = gmq_lesson_screen_scene(screen);

    return scene == GMQ_SCENE_PREDICT || scene == GMQ_SCENE_RUN || scene == GMQ_SCENE_FIND;
}

bool
gmq_lesson_screen_has_view(const GmqLessonScreen *screen)
{
    return screen->viewer != NULL && gmq_lesson_screen_has_panel(screen);
}

/* ---- what is shown ---- */

static void
renew_page(GmqLessonScreen *screen)
{
    int rows = gmq_lesson_screen_page_rows(screen);

    g_ptr_array_free(screen->page, TRUE);
    screen->page = gmq_lesson_screen_make_page(screen, &screen->latest);
    if (screen->to_latest)
        screen->scroll = screen->latest;
    screen->to_latest = false;
    screen->scroll = (unsigned)CLAMP((int)screen->scroll, 0, MAX((int)screen->page->len - rows, 0));
}

/* The marked choice is always among the lines that are shown. */
static void
scroll_panel(GmqLessonScreen *screen)
{
    int rows  = screen->panel_height;
    int first = (int)screen->panel_scroll;

    if (screen->n_marked > 0) {
        first = MAX(first, (int)(screen->marked + screen->n_marked) - rows);
        first = MIN(first, (int)screen->marked);
    }
    screen->panel_scroll = (unsigned)CLAMP(first, 0, MAX((int)screen->panel->len - rows, 0));
}

void
gmq_lesson_screen_renew(GmqLessonScreen *screen)
{
    screen->revision++;
    if (!gmq_lesson_screen_has_panel(screen)) {
        renew_page(screen);
        return;
    }
    gmq_lesson_screen_make_panel(screen);
    int rows             = gmq_lesson_screen_view_rows(screen);
    screen->panel_height = gmq_lesson_screen_panel_rows(screen);
    scroll_panel(screen);
    if (screen->viewer != NULL && rows > 0)
        gmq_viewer_resize(screen->viewer, screen->width, rows);
}

void
gmq_lesson_screen_say(GmqLessonScreen *screen, GmqScreenRole role, char *text)
{
    g_free(screen->said);
    screen->said      = text;
    screen->said_role = role;
}

void
gmq_lesson_screen_note(GmqLessonScreen *screen, GmqScreenRole role, bool is_result,
                       const char *text)
{
    GmqLessonNote note = {role, is_result, g_strdup(text)};

    for (guint i = screen->notes->len; i > 0 && is_result; i--) {
        if (g_array_index(screen->notes, GmqLessonNote, i - 1).is_result)
            g_array_remove_index(screen->notes, i - 1);
    }
    g_array_append_val(screen->notes, note);
    screen->to_latest = true;
}

void
gmq_lesson_screen_keep(GmqLessonScreen *screen)
{
    char *failure = screen->host.keep != NULL ? screen->host.keep(screen->host.data) : NULL;

    if (failure != NULL)
        gmq_lesson_screen_say(screen, GMQ_ROLE_FAULT, failure);
}

/* ---- time ---- */

static void
check_file(GmqLessonScreen *screen)
{
    g_autoptr(GString) told = g_string_new(NULL);
    bool is_passed          = screen->host.check(screen->host.data, told);

    gmq_lesson_screen_say(screen, GMQ_ROLE_NORMAL, NULL);
    gmq_lesson_screen_tell(screen, told->str, is_passed);
}

/* Returns how long it is until the check begins, -1 when none does. */
static int64_t
play_check(GmqLessonScreen *screen, int64_t now_us)
{
    if (!screen->wants_check)
        return -1;
    if (screen->check_us == 0)
        screen->check_us = now_us + CHECK_AFTER_US;
    if (now_us < screen->check_us)
        return screen->check_us - now_us;
    screen->wants_check = false;
    screen->check_us    = 0;
    check_file(screen);
    return -1;
}

int64_t
gmq_lesson_screen_play(GmqLessonScreen *screen, int64_t now_us)
{
    int64_t due_us = play_check(screen, now_us);

    if (!gmq_lesson_screen_has_view(screen))
        return due_us;
    if (screen->starts_run)
        gmq_viewer_run(screen->viewer, now_us);
    screen->starts_run = false;
    due_us             = gmq_viewer_play(screen->viewer, now_us);
    gmq_lesson_screen_follow_run(screen);
    return due_us;
}

/* ---- as a viewer ---- */

void
gmq_lesson_screen_resize(GmqLessonScreen *screen, int width, int height)
{
    screen->width  = CLAMP(width, 1, GMQ_VIEW_WIDTH_MAX);
    screen->height = CLAMP(height, 1, GMQ_VIEW_HEIGHT_MAX);
    gmq_lesson_screen_renew(screen);
}

/* The row of the view that this row of the screen is; -1 for none. */
static int
view_row(const GmqLessonScreen *screen, int y)
{
    if (!gmq_lesson_screen_has_view(screen))
        return -1;
    return y >= 1 && y <= gmq_lesson_screen_view_rows(screen) ? y - 1 : -1;
}

void
gmq_lesson_screen_click(GmqLessonScreen *screen, int x, int y)
{
    int row = view_row(screen, y);

    if (row >= 0)
        gmq_viewer_click(screen->viewer, x, row);
}

void
gmq_lesson_screen_wheel(GmqLessonScreen *screen, int x, int y, int by)
{
    int row = view_row(screen, y);

    if (row >= 0) {
        gmq_viewer_wheel(screen->viewer, x, row, by);
        return;
    }
    screen->scroll = (unsigned)MAX((int)screen->scroll + 3 * by, 0);
    gmq_lesson_screen_renew(screen);
}

unsigned
gmq_lesson_screen_revision(const GmqLessonScreen *screen)
{
    return screen->revision + (screen->viewer != NULL ? gmq_viewer_revision(screen->viewer) : 0);
}

GmqTheme
gmq_lesson_screen_theme(const GmqLessonScreen *screen)
{
    return screen->viewer != NULL ? gmq_viewer_theme(screen->viewer) : screen->theme;
}

/* ---- wishes ---- */

GmqWish
gmq_lesson_screen_wish(const GmqLessonScreen *screen)
{
    return screen->wish;
}

const char *
gmq_lesson_screen_program(const GmqLessonScreen *screen)
{
    return screen->program;
}

void
gmq_lesson_screen_resume(GmqLessonScreen *screen)
{
    screen->wish = GMQ_WISH_NONE;
    gmq_lesson_screen_renew(screen);
}

void
gmq_lesson_screen_tell(GmqLessonScreen *screen, const char *told, bool is_passed)
{
    screen->wish = GMQ_WISH_NONE;
    gmq_lesson_screen_note(screen, is_passed ? GMQ_ROLE_GOOD : GMQ_ROLE_NORMAL, true, told);
    if (is_passed && gmq_lesson_screen_scene(screen) == GMQ_SCENE_WORK) {
        gmq_walk_pass(screen->walk);
        gmq_lesson_screen_keep(screen);
    }
    gmq_lesson_screen_renew(screen);
}
