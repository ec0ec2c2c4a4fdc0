#define NCURSES_WIDECHAR 1

#include "viz/curses.h"

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "sim/language.h"

/* At most ten frames a second: more only flickers. */
#define FRAME_US 100000

/* ---- what the terminal can do ---- */

bool
gmq_curses_can_run(void)
{
    TERMINAL *before = cur_term; /* of a screen that was shown already */
    int error        = 0;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return false;
    if (setupterm(NULL, STDOUT_FILENO, &error) != OK)
        return false;

    const char *move = tigetstr("cup");
    bool can_move    = move != NULL && move != (const char *)-1;
    TERMINAL *ours   = set_curterm(before);
    del_curterm(ours);
    return can_move;
}

GmqGlyphs
gmq_curses_glyphs(void)
{
    static const char *const wide_lines[] = {"ja", "ko", "zh"};

    setlocale(LC_ALL, "");
    /* A machine may have no locale of the language that was asked for; its terminal can show it. */
    if (strcmp(gmq_language(), "en") != 0 && strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    const char *name = setlocale(LC_CTYPE, NULL);
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return GMQ_GLYPHS_ASCII;
    for (size_t i = 0; i < G_N_ELEMENTS(wide_lines); i++) {
        if (name != NULL && g_str_has_prefix(name, wide_lines[i]))
            return GMQ_GLYPHS_PLAIN;
    }
    return GMQ_GLYPHS_UTF8;
}

/* ---- signals ---- */

static volatile sig_atomic_t ended_by;
static struct termios saved_mode;
static char restoring[256]; /* what brings the terminal back, made before it may be needed */

static void
on_end(int number)
{
    ended_by = number;
}

/* After a crash nothing of curses may be called; these two calls may. */
static void
on_crash(int number)
{
    ssize_t written = write(STDOUT_FILENO, restoring, strlen(restoring));

    (void)written;
    tcsetattr(STDIN_FILENO, TCSANOW, &saved_mode);
    signal(number, SIG_DFL);
    raise(number);
}

static void
set_handlers(void (*at_end)(int), void (*at_crash)(int))
{
    static const int ends[]    = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction end       = {.sa_handler = at_end};
    struct sigaction crash     = {.sa_handler = at_crash, .sa_flags = (int)SA_RESETHAND};

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        sigaction(ends[i], &end, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(crashes); i++)
        sigaction(crashes[i], &crash, NULL);
}

static void
add_sequence(GString *all, const char *name)
{
    const char *sequence = tigetstr(name);

    if (sequence != NULL && sequence != (const char *)-1)
        g_string_append(all, sequence);
}

/* Attributes off, cursor on, back from the other screen. */
static void
prepare_restoring(void)
{
    g_autoptr(GString) all = g_string_new(NULL);

    add_sequence(all, "sgr0");
    add_sequence(all, "cnorm");
    add_sequence(all, "rmkx");
    add_sequence(all, "rmcup");
    g_string_append(all, "\033[?1006l\033[?1000l"); /* no mouse, as curses asked for it */
    g_strlcpy(restoring, all->str, sizeof(restoring));
}

/* ---- colours ---- */

typedef struct {
    short colour; /* -1: the default */
    attr_t look;
} Look;

/* Default foreground and background everywhere; bold rather than bright; no dark blue and no
 * yellow, which vanish on black and on white. Without colour the attributes alone must do. */
static const Look looks[GMQ_N_THEMES][GMQ_N_SCREEN_ROLES] =
    {
        [GMQ_THEME_DARK] =
            {
                [GMQ_ROLE_NORMAL]   = {-1, A_NORMAL},
                [GMQ_ROLE_DIM]      = {-1, A_NORMAL},
                [GMQ_ROLE_STRONG]   = {-1, A_BOLD},
                [GMQ_ROLE_MOVING]   = {COLOR_CYAN, A_BOLD},
                [GMQ_ROLE_STORED]   = {COLOR_GREEN, A_NORMAL},
                [GMQ_ROLE_AGAIN]    = {COLOR_MAGENTA, A_BOLD},
                [GMQ_ROLE_GOOD]     = {COLOR_GREEN, A_NORMAL},
                [GMQ_ROLE_FAULT]    = {COLOR_RED, A_BOLD},
                [GMQ_ROLE_HOT]      = {-1, A_REVERSE | A_BOLD},
                [GMQ_ROLE_BAR]      = {-1, A_REVERSE},
                [GMQ_ROLE_EMPHASIS] = {-1, A_UNDERLINE},
                [GMQ_ROLE_CODE]     = {COLOR_CYAN, A_NORMAL},
            },
        [GMQ_THEME_LIGHT] =
            {
                [GMQ_ROLE_NORMAL]   = {-1, A_NORMAL},
                [GMQ_ROLE_DIM]      = {-1, A_NORMAL},
                [GMQ_ROLE_STRONG]   = {-1, A_BOLD},
                [GMQ_ROLE_MOVING]   = {COLOR_BLUE, A_BOLD},
                [GMQ_ROLE_STORED]   = {COLOR_BLUE, A_NORMAL},
                [GMQ_ROLE_AGAIN]    = {COLOR_MAGENTA, A_NORMAL},
                [GMQ_ROLE_GOOD]     = {-1, A_NORMAL},
                [GMQ_ROLE_FAULT]    = {COLOR_RED, A_NORMAL},
                [GMQ_ROLE_HOT]      = {-1, A_REVERSE | A_BOLD},
                [GMQ_ROLE_BAR]      = {-1, A_REVERSE},
                [GMQ_ROLE_EMPHASIS] = {-1, A_UNDERLINE},
                [GMQ_ROLE_CODE]     = {COLOR_BLUE, A_NORMAL},
            },
        [GMQ_THEME_MONO] =
            {
                [GMQ_ROLE_NORMAL]   = {-1, A_NORMAL},
                [GMQ_ROLE_DIM]      = {-1, A_NORMAL},
                [GMQ_ROLE_STRONG]   = {-1, A_BOLD},
                [GMQ_ROLE_MOVING]   = {-1, A_BOLD},
                [GMQ_ROLE_STORED]   = {-1, A_NORMAL},
                [GMQ_ROLE_AGAIN]    = {-1, A_UNDERLINE},
                [GMQ_ROLE_GOOD]     = {-1, A_NORMAL},
                [GMQ_ROLE_FAULT]    = {-1, A_BOLD | A_UNDERLINE},
                [GMQ_ROLE_HOT]      = {-1, A_REVERSE | A_BOLD},
                [GMQ_ROLE_BAR]      = {-1, A_REVERSE},
                [GMQ_ROLE_EMPHASIS] = {-1, A_UNDERLINE},
                [GMQ_ROLE_CODE]     = {-1, A_BOLD},
            },
        [GMQ_THEME_CONTRAST] =
            {
                [GMQ_ROLE_NORMAL]   = {-1, A_BOLD},
                [GMQ_ROLE_DIM]      = {-1, A_NORMAL},
                [GMQ_ROLE_STRONG]   = {-1, A_BOLD | A_UNDERLINE},
                [GMQ_ROLE_MOVING]   = {COLOR_CYAN, A_BOLD | A_REVERSE},
                [GMQ_ROLE_STORED]   = {-1, A_BOLD},
                [GMQ_ROLE_AGAIN]    = {COLOR_MAGENTA, A_BOLD | A_REVERSE},
                [GMQ_ROLE_GOOD]     = {-1, A_BOLD},
                [GMQ_ROLE_FAULT]    = {COLOR_RED, A_BOLD | A_REVERSE},
                [GMQ_ROLE_HOT]      = {-1, A_REVERSE | A_BOLD},
                [GMQ_ROLE_BAR]      = {-1, A_REVERSE | A_BOLD},
                [GMQ_ROLE_EMPHASIS] = {-1, A_BOLD | A_UNDERLINE},
                [GMQ_ROLE_CODE]     = {COLOR_CYAN, A_BOLD},
            },
};

static short
pair_of(GmqTheme theme, GmqScreenRole role)
{
    return (short)(1 + (int)theme * GMQ_N_SCREEN_ROLES + (int)role);
}

static bool
start_colours(bool is_wanted)
{
    if (!is_wanted || !has_colors() || start_color() != OK || use_default_colors() != OK ||
        COLOR_PAIRS <= GMQ_N_THEMES * GMQ_N_SCREEN_ROLES)
        return false;
    for (GmqTheme theme = GMQ_THEME_DARK; theme < GMQ_N_THEMES; theme++) {
        for (int role = 0; role < GMQ_N_SCREEN_ROLES; role++)
            init_pair(pair_of(theme, (GmqScreenRole)role), looks[theme][role].colour, -1);
    }
    return true;
}

/* ---- frames ---- */

typedef struct {
    const GmqCursesFace *face;
    void *shown;
    const GmqCursesOptions *options;
} Show;

/* Where there is no colour every theme but the one for contrast is the one without. */
static void
paint_cell(const GmqCell *cell, int x, int y, GmqTheme theme, bool has_colour)
{
    wchar_t text[2] = {(wchar_t)cell->text, 0};
    GmqTheme shown  = has_colour || theme == GMQ_THEME_CONTRAST ? theme : GMQ_THEME_MONO;
    cchar_t painted;

    if (cell->text == 0)
        return;
    setcchar(&painted, text, looks[shown][cell->role].look,
             has_colour ? pair_of(shown, cell->role) : 0, NULL);
    mvadd_wch(y, x, &painted);
}

static void
paint(const Show *show, bool has_colour)
{
    g_autoptr(GmqScreen) screen = show->face->draw(show->shown);
    GmqTheme theme              = show->face->theme(show->shown);

    erase();
    for (int y = 0; y < screen->height; y++) {
        for (int x = 0; x < screen->width; x++)
            paint_cell(gmq_screen_cell(screen, x, y), x, y, theme, has_colour);
    }
    refresh();
}

/* ---- keys ---- */

static const struct {
    int curses;
    int ours;
} keys[] = {
    {KEY_UP, GMQ_KEY_UP},
    {KEY_DOWN, GMQ_KEY_DOWN},
    {KEY_LEFT, GMQ_KEY_LEFT},
    {KEY_RIGHT, GMQ_KEY_RIGHT},
    {KEY_PPAGE, GMQ_KEY_PAGE_UP},
    {KEY_NPAGE, GMQ_KEY_PAGE_DOWN},
    {KEY_HOME, GMQ_KEY_HOME},
    {KEY_END, GMQ_KEY_END},
    {KEY_BTAB, GMQ_KEY_BACKTAB},
    {KEY_F(1), GMQ_KEY_F1},
    {KEY_DC, GMQ_KEY_DELETE},
    {KEY_ENTER, GMQ_KEY_ENTER},
    {KEY_BACKSPACE, GMQ_KEY_BACKSPACE},
};

static int
translate(int key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].curses == key)
            return keys[i].ours;
    }
    return 0;
}

static void
take_size(const Show *show)
{
    int width, height;

    getmaxyx(stdscr, height, width);
    show->face->resize(show->shown, width, height);
}

static void
take_mouse(const Show *show)
{
    MEVENT event;

    if (getmouse(&event) != OK)
        return;
    if ((event.bstate & BUTTON4_PRESSED) != 0)
        show->face->wheel(show->shown, event.x, event.y, -1);
    else if ((event.bstate & BUTTON5_PRESSED) != 0)
        show->face->wheel(show->shown, event.x, event.y, 1);
    else if ((event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) != 0)
        show->face->click(show->shown, event.x, event.y);
}

/* Takes every key that was pressed. Returns false when the reader leaves. */
static bool
take_keys(const Show *show)
{
    wint_t key = 0;
    int kind   = OK;

    while ((kind = get_wch(&key)) != ERR) {
        bool is_special = kind == KEY_CODE_YES;
        if (is_special && key == KEY_RESIZE)
            take_size(show);
        else if (is_special && key == KEY_MOUSE)
            take_mouse(show);
        else if (!show->face->key(show->shown, is_special ? translate((int)key) : (int)key,
                                  g_get_monotonic_time()))
            return false;
    }
    return true;
}

/* ---- waiting ---- */

/* Signals come while nothing is done but waiting: none is missed between a look and the wait. */
static sigset_t waiting_mask;

static void
hold_signals(void)
{
    static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH};
    sigset_t mask;

    sigemptyset(&mask);
    for (size_t i = 0; i < G_N_ELEMENTS(held); i++)
        sigaddset(&mask, held[i]);
    sigprocmask(SIG_BLOCK, &mask, &waiting_mask);
}

/* Waits for a key, for the run or for the time, whichever is first. Returns false when nobody is
 * there any more to press a key. */
static bool
wait_for(const GmqCursesOptions *options, bool *is_listening, int64_t wait_us)
{
    struct timespec time   = {.tv_sec = wait_us / 1000000, .tv_nsec = wait_us % 1000000 * 1000};
    struct pollfd inputs[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                              {.fd = options->fd, .events = POLLIN}};
    nfds_t n               = *is_listening ? 2 : 1;

    if (ppoll(inputs, n, wait_us < 0 ? NULL : &time, &waiting_mask) <= 0)
        return true;
    if ((inputs[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
        return false;
    if (n > 1 && inputs[1].revents != 0)
        *is_listening = options->on_ready(options->data);
    return true;
}

static void
loop(const Show *show, bool has_colour)
{
    const GmqCursesFace *face = show->face;
    int64_t painted_us        = 0;
    unsigned painted          = face->revision(show->shown) - 1;
    bool is_listening         = show->options->on_ready != NULL;

    while (ended_by == 0) {
        int64_t due_us   = face->play(show->shown, g_get_monotonic_time());
        int64_t frame_us = painted_us + FRAME_US - g_get_monotonic_time();
        bool is_dirty    = painted != face->revision(show->shown);

        if (is_dirty && frame_us <= 0) {
            painted = face->revision(show->shown);
            paint(show, has_colour);
            painted_us = g_get_monotonic_time();
        } else if (is_dirty) {
            due_us = due_us < 0 ? frame_us : MIN(due_us, frame_us);
        }
        if (!wait_for(show->options, &is_listening, due_us) || !take_keys(show))
            return;
    }
}

void
gmq_curses_show(const GmqCursesFace *face, void *shown, const GmqCursesOptions *options)
{
    Show show = {face, shown, options};

    tcgetattr(STDIN_FILENO, &saved_mode);
    set_escdelay(25);
    initscr();
    prepare_restoring();
    set_handlers(on_end, on_crash);
    hold_signals();
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    curs_set(0);
    if (options->with_mouse) {
        mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
        mouseinterval(0);
    }
    bool has_colour = start_colours(options->with_colour);

    take_size(&show);
    loop(&show, has_colour);
    endwin();
    set_handlers(SIG_DFL, SIG_DFL);
    sigprocmask(SIG_SETMASK, &waiting_mask, NULL);
    if (ended_by != 0)
        raise(ended_by);
}

/* ---- a viewer ---- */

GMQ_DEFINE_CURSES_FACE(viewer_face, GmqViewer, gmq_viewer);

void
gmq_curses_run(GmqViewer *viewer, const GmqCursesOptions *options)
{
    gmq_curses_show(&viewer_face, viewer, options);
}
