/* What the keys do in each scene, and what the bottom line says of them. */
#include <string.h>

#include "lessons/lesson-screen-private.h"
#include "sim/language.h"

/* Nobody types more. */
#define TYPED_MOST 512
#define CONTROL_U 21

/* ---- the bottom line ---- */

/* What leaves a narrow line first stands last. */
static const GmqLessonKey page_keys[] = {
    {"Enter", N_("Next")},     {"Space", N_("On")},       {"q", N_("Leave")},
    {"Backspace", N_("Back")}, {"Up/Down", N_("Scroll")}, {NULL, NULL},
};

static const GmqLessonKey predict_keys[] = {
    {"1-4", N_("Choose")},      {"Enter", N_("Lock it in")}, {"q", N_("Leave")},
    {", .", N_("Look around")}, {"Backspace", N_("Text")},   {NULL, NULL},
};

static const GmqLessonKey run_keys[] = {
    {"Space", N_("Run")}, {"Enter", N_("To the end")}, {"q", N_("Leave")}, {"r", N_("Again")},
    {", .", N_("Step")},  {"Backspace", N_("Text")},   {NULL, NULL},
};

static const GmqLessonKey told_keys[] = {
    {"Enter", N_("Next")}, {"r", N_("Run again")},    {"q", N_("Leave")}, {", .", N_("Step")},
    {"?", N_("Help")},     {"Backspace", N_("Back")}, {NULL, NULL},
};

static const GmqLessonKey find_keys[] = {
    {"a", N_("Answer")}, {"H", N_("Hint")}, {"S", N_("Show answer")},
    {"q", N_("Leave")},  {"?", N_("Help")}, {"Backspace", N_("Back")},
    {NULL, NULL},
};

static const GmqLessonKey found_keys[] = {
    {"Enter", N_("Next")}, {"a", N_("Answer again")}, {"q", N_("Leave")},
    {"?", N_("Help")},     {"Backspace", N_("Back")}, {NULL, NULL},
};

static const GmqLessonKey typing_keys[] = {
    {"Enter", N_("Give it")},
    {"Esc", N_("Not now")},
    {"Ctrl-U", N_("Clear")},
    {NULL, NULL},
};

static const GmqLessonKey modify_keys[] = {
    {"e", N_("Edit")},     {"c", N_("Check")}, {"v", N_("View")},         {"h", N_("Hint")},
    {"Enter", N_("Next")}, {"q", N_("Leave")}, {"Backspace", N_("Back")}, {NULL, NULL},
};

static const GmqLessonKey make_keys[] = {
    {"c", N_("Check")}, {"h", N_("Hint")},         {"Enter", N_("Next")},
    {"q", N_("Leave")}, {"Backspace", N_("Back")}, {NULL, NULL},
};

static const GmqLessonKey end_keys[] = {
    {"Enter", N_("Next lesson")},
    {"q", N_("Leave")},
    {"Backspace", N_("Back")},
    {NULL, NULL},
};

const GmqLessonKey *
gmq_lesson_screen_keys(const GmqLessonScreen *screen)
{
    if (screen->is_typing)
        return typing_keys;
    switch (gmq_lesson_screen_scene(screen)) {
    case GMQ_SCENE_PREDICT:
        return predict_keys;
    case GMQ_SCENE_RUN:
        return screen->verdict == NULL ? run_keys : told_keys;
    case GMQ_SCENE_FIND:
        return gmq_walk_is_done(screen->walk) ? found_keys : find_keys;
    case GMQ_SCENE_WORK:
        return gmq_walk_place(screen->walk) == GMQ_WALK_MODIFY ? modify_keys : make_keys;
    case GMQ_SCENE_END:
        return end_keys;
    default:
        return page_keys;
    }
}

/* ---- pages ---- */

/* Moves the page; false when it stands there already. */
static bool
scroll(GmqLessonScreen *screen, int by)
{
    int rows  = gmq_lesson_screen_page_rows(screen);
    int most  = MAX((int)screen->page->len - rows, 0);
    int first = CLAMP((int)screen->scroll + by, 0, most);
    bool goes = first != (int)screen->scroll;

    screen->scroll = (unsigned)first;
    return goes;
}

/* The keys of every page; false for others. */
static bool
key_scroll(GmqLessonScreen *screen, int key)
{
    int rows = gmq_lesson_screen_page_rows(screen);

    switch (key) {
    case GMQ_KEY_UP:
    case 'k':
        scroll(screen, -1);
        return true;
    case GMQ_KEY_DOWN:
    case 'j':
        scroll(screen, 1);
        return true;
    case GMQ_KEY_PAGE_UP:
        scroll(screen, 1 - rows);
        return true;
    case GMQ_KEY_PAGE_DOWN:
        scroll(screen, rows - 1);
        return true;
    case GMQ_KEY_HOME:
        screen->scroll = 0;
        return true;
    default:
        return false;
    }
}

static void
turn_page(GmqLessonScreen *screen)
{
    if (!screen->is_reading) {
        gmq_lesson_screen_next(screen);
        return;
    }
    screen->is_reading = false;
    gmq_lesson_screen_renew(screen);
}

static void
key_page(GmqLessonScreen *screen, int key, int64_t now_us)
{
    int rows = gmq_lesson_screen_page_rows(screen);

    (void)now_us;
    switch (key) {
    case GMQ_KEY_ENTER:
    case '\n':
    case GMQ_KEY_RIGHT:
        turn_page(screen);
        break;
    case ' ':
        if (!scroll(screen, rows - 1))
            turn_page(screen);
        break;
    default:
        key_scroll(screen, key);
        break;
    }
}

/* ---- the view ---- */

/* What the panel does not want the viewer gets. */
static void
key_viewer(GmqLessonScreen *screen, int key, int64_t now_us)
{
    bool has_more = (int)screen->panel->len > screen->panel_height;

    if (has_more && (key == GMQ_KEY_PAGE_DOWN || key == GMQ_KEY_PAGE_UP)) {
        int by = MAX(screen->panel_height - 1, 1) * (key == GMQ_KEY_PAGE_DOWN ? 1 : -1);
        screen->panel_scroll = (unsigned)MAX((int)screen->panel_scroll + by, 0);
    } else if (screen->viewer != NULL) {
        gmq_viewer_key(screen->viewer, key, now_us);
        gmq_lesson_screen_follow_run(screen);
    }
}

static void
lock_in(GmqLessonScreen *screen)
{
    g_autofree char *number = g_strdup_printf("%u", screen->choice);
    char *say               = NULL;
    GmqAnswer answer        = gmq_walk_answer(screen->walk, screen->choice > 0 ? number : "", &say);

    gmq_lesson_screen_say(screen, GMQ_ROLE_STRONG, say);
    if (answer != GMQ_ANSWER_LOCKED)
        return;
    screen->panel_scroll = 0;
    gmq_lesson_screen_keep(screen);
    gmq_lesson_screen_run(screen);
}

/* Keys of the view that run the scenario anew, or answer its own questions. */
static const char telling_keys[] = "wp:";

static void
key_predict(GmqLessonScreen *screen, int key, int64_t now_us)
{
    unsigned n      = gmq_walk_step(screen->walk)->predict->choices->len;
    unsigned choice = screen->choice;

    if (key >= '1' && key < '1' + (int)n)
        screen->choice = (unsigned)(key - '0');
    else if (key == GMQ_KEY_DOWN || key == 'j')
        screen->choice = choice % n + 1;
    else if (key == GMQ_KEY_UP || key == 'k')
        screen->choice = choice <= 1 ? n : choice - 1;
    else if (key == GMQ_KEY_ENTER || key == '\n')
        lock_in(screen);
    else if (strchr(telling_keys, key) == NULL || key >= 0x80)
        key_viewer(screen, key, now_us);
    if (screen->choice != choice)
        gmq_lesson_screen_say(screen, GMQ_ROLE_NORMAL,
                              g_strdup(_("Enter locks it in; it cannot be changed then.")));
}

static void
run_to_end(GmqLessonScreen *screen, int64_t now_us)
{
    if (screen->viewer == NULL)
        return;
    screen->starts_run = false;
    gmq_viewer_key(screen->viewer, 'G', now_us);
    gmq_lesson_screen_follow_run(screen);
}

static void
key_run(GmqLessonScreen *screen, int key, int64_t now_us)
{
    if ((key == GMQ_KEY_ENTER || key == '\n') && screen->verdict != NULL)
        gmq_lesson_screen_next(screen);
    else if (key == GMQ_KEY_ENTER || key == '\n')
        run_to_end(screen, now_us);
    else if (key == 'r' && screen->viewer != NULL)
        gmq_lesson_screen_run(screen);
    else
        key_viewer(screen, key, now_us);
}

static void
key_find(GmqLessonScreen *screen, int key, int64_t now_us)
{
    bool is_done = gmq_walk_is_done(screen->walk);

    if ((key == GMQ_KEY_ENTER || key == '\n') && is_done) {
        gmq_lesson_screen_next(screen);
    } else if (key == 'a') {
        screen->is_typing = true;
        g_string_truncate(screen->typed, 0);
    } else if (key == 'H') {
        gmq_lesson_screen_say(screen, GMQ_ROLE_NORMAL, gmq_walk_hint(screen->walk));
        gmq_lesson_screen_keep(screen);
    } else if (key == 'S' && !is_done) {
        gmq_lesson_screen_say(screen, GMQ_ROLE_NORMAL, gmq_walk_give_up(screen->walk));
        gmq_lesson_screen_keep(screen);
    } else {
        key_viewer(screen, key, now_us);
    }
}

/* ---- files and programs ---- */

static void
give_hint(GmqLessonScreen *screen)
{
    g_autofree char *hint = gmq_walk_hint(screen->walk);

    if (hint == NULL)
        return;
    gmq_lesson_screen_note(screen, GMQ_ROLE_NORMAL, false, hint);
    gmq_lesson_screen_keep(screen);
}

static void
begin_check(GmqLessonScreen *screen)
{
    if (gmq_walk_place(screen->walk) == GMQ_WALK_MAKE) {
        screen->is_typing = true;
        g_string_assign(screen->typed, screen->program);
        return;
    }
    screen->wants_check = true;
    screen->check_us    = 0;
    unsigned n_seeds    = gmq_walk_step(screen->walk)->modify->seeds;
    gmq_lesson_screen_say(
        screen, GMQ_ROLE_STRONG,
        g_strdup_printf(P_("Running it with %u seed ...", "Running it with %u seeds ...", n_seeds),
                        n_seeds));
}

static void
key_work(GmqLessonScreen *screen, int key, int64_t now_us)
{
    int rows = gmq_lesson_screen_page_rows(screen);

    (void)now_us;
    gmq_lesson_screen_say(screen, GMQ_ROLE_NORMAL, NULL);
    if (key == 'e' && gmq_walk_place(screen->walk) == GMQ_WALK_MODIFY)
        screen->wish = GMQ_WISH_EDIT;
    else if (key == 'v' && gmq_walk_place(screen->walk) == GMQ_WALK_MODIFY)
        screen->wish = GMQ_WISH_VIEW;
    else if (key == 'c' || key == 'r')
        begin_check(screen);
    else if (key == 'h')
        give_hint(screen);
    else if (key == GMQ_KEY_ENTER || key == '\n')
        gmq_lesson_screen_next(screen);
    else if (key == ' ')
        scroll(screen, rows - 1);
    else
        key_scroll(screen, key);
}

static void
key_end(GmqLessonScreen *screen, int key, int64_t now_us)
{
    (void)now_us;
    if (key == GMQ_KEY_ENTER || key == '\n')
        screen->wish = GMQ_WISH_NEXT;
    else
        key_scroll(screen, key);
}

/* ---- typing ---- */

static void
take_answer(GmqLessonScreen *screen)
{
    char *say        = NULL;
    GmqAnswer answer = gmq_walk_answer(screen->walk, screen->typed->str, &say);

    gmq_lesson_screen_say(screen, answer == GMQ_ANSWER_RIGHT ? GMQ_ROLE_GOOD : GMQ_ROLE_STRONG,
                          say);
    screen->is_typing = answer == GMQ_ANSWER_NONE;
    if (answer == GMQ_ANSWER_RIGHT)
        gmq_lesson_screen_keep(screen);
}

static void
take_typed(GmqLessonScreen *screen)
{
    if (gmq_walk_place(screen->walk) != GMQ_WALK_MAKE) {
        take_answer(screen);
        return;
    }
    screen->is_typing = false;
    g_free(screen->program);
    screen->program = g_strstrip(g_strdup(screen->typed->str));
    if (*screen->program != '\0')
        screen->wish = GMQ_WISH_MAKE;
}

static void
key_typing(GmqLessonScreen *screen, int key)
{
    GString *typed = screen->typed;

    if (key == GMQ_KEY_ENTER || key == '\n') {
        take_typed(screen);
    } else if (key == GMQ_KEY_ESC) {
        screen->is_typing = false;
    } else if (key == CONTROL_U) {
        g_string_truncate(typed, 0);
    } else if (key == GMQ_KEY_BACKSPACE || key == '\b') {
        const char *last = g_utf8_find_prev_char(typed->str, typed->str + typed->len);
        g_string_truncate(typed, last != NULL ? (gsize)(last - typed->str) : 0);
    } else if (key >= ' ' && key < GMQ_KEY_UP && typed->len < TYPED_MOST &&
               g_unichar_isprint((gunichar)key)) {
        g_string_append_unichar(typed, (gunichar)key);
    }
}

/* ---- all of them ---- */

static void
key_scene(GmqLessonScreen *screen, int key, int64_t now_us)
{
    static void (*const scenes[GMQ_N_SCENES])(GmqLessonScreen *, int, int64_t) = {
        [GMQ_SCENE_PAGE] = key_page, [GMQ_SCENE_PREDICT] = key_predict, [GMQ_SCENE_RUN] = key_run,
        [GMQ_SCENE_FIND] = key_find, [GMQ_SCENE_WORK] = key_work,       [GMQ_SCENE_END] = key_end,
    };

    if (key == GMQ_KEY_BACKSPACE || key == '\b')
        gmq_lesson_screen_back(screen);
    else
        scenes[gmq_lesson_screen_scene(screen)](screen, key, now_us);
}

/* On a screen that is too small nothing is done that nobody sees. */
bool
gmq_lesson_screen_key(GmqLessonScreen *screen, int key, int64_t now_us)
{
    screen->wish = GMQ_WISH_NONE;
    if (gmq_lesson_screen_is_small(screen) && key != 'q')
        return true;
    if (screen->is_typing)
        key_typing(screen, key);
    else if (gmq_lesson_screen_has_view(screen) && gmq_viewer_takes_keys(screen->viewer))
        key_viewer(screen, key, now_us);
    else if (key == 'q')
        screen->wish = GMQ_WISH_LEAVE;
    else
        key_scene(screen, key, now_us);
    gmq_lesson_screen_renew(screen);
    return screen->wish == GMQ_WISH_NONE;
}
