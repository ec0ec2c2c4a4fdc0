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

/* At most ten frames a second: more only flickers. */
#define FRAME_US 100000

/* ---- what the terminal can do ---- */

bool
gmq_curses_can_run(void)
{
    int error = 0;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return false;
    if (setupterm(NULL, STDOUT_FILENO, &error) != OK)
        return false;

    const char *move = tigetstr("cup");
    bool can_move    = move != NULL && move != (const char *)-1;
    del_curterm(cur_term);
    return can_move;
}

GmqGlyphs
gmq_curses_glyphs(void)
{
    static const char *const wide_lines[] = {"ja", "ko", "zh"};

    setlocale(LC_ALL, "");
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
catch_signals(void)
{
    static const int ends[]    = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction end       = {.sa_handler = on_end};
    struct sigaction crash     = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};

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
    g_strlcpy(restoring, all->str, sizeof(restoring));
}

/* ---- colours ---- */

/* Default foreground and background everywhere; bold rather than bright; no dark blue and no
 * yellow, which vanish on black and on white. Without colour the attributes alone must do. */
static const struct {
    short colour; /* -1: the default */
    attr_t with_colour;
    attr_t without;
} looks[GMQ_N_SCREEN_ROLES] = {
    [GMQ_ROLE_NORMAL] = {-1, A_NORMAL, A_NORMAL},
    [GMQ_ROLE_DIM]    = {-1, A_NORMAL, A_NORMAL},
    [GMQ_ROLE_STRONG] = {-1, A_BOLD, A_BOLD},
    [GMQ_ROLE_MOVING] = {COLOR_CYAN, A_BOLD, A_BOLD},
    [GMQ_ROLE_STORED] = {COLOR_GREEN, A_NORMAL, A_NORMAL},
    [GMQ_ROLE_AGAIN]  = {COLOR_MAGENTA, A_BOLD, A_UNDERLINE},
    [GMQ_ROLE_GOOD]   = {COLOR_GREEN, A_NORMAL, A_NORMAL},
    [GMQ_ROLE_FAULT]  = {COLOR_RED, A_BOLD, A_BOLD | A_UNDERLINE},
    [GMQ_ROLE_HOT]    = {-1, A_REVERSE | A_BOLD, A_REVERSE | A_BOLD},
    [GMQ_ROLE_BAR]    = {-1, A_REVERSE, A_REVERSE},
};

static bool
start_colours(bool is_wanted)
{
    if (!is_wanted || !has_colors() || start_color() != OK || use_default_colors() != OK)
        return false;
    for (int role = 0; role < GMQ_N_SCREEN_ROLES; role++)
        init_pair((short)(role + 1), looks[role].colour, -1);
    return true;
}

/* ---- frames ---- */

static void
paint_cell(const GmqCell *cell, int x, int y, bool has_colour)
{
    wchar_t text[2] = {(wchar_t)cell->text, 0};
    attr_t look     = has_colour ? looks[cell->role].with_colour : looks[cell->role].without;
    cchar_t painted;

    if (cell->text == 0)
        return;
    setcchar(&painted, text, look, has_colour ? (short)(cell->role + 1) : 0, NULL);
    mvadd_wch(y, x, &painted);
}

static void
paint(const GmqViewer *viewer, bool has_colour)
{
    g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer);

    erase();
    for (int y = 0; y < screen->height; y++) {
        for (int x = 0; x < screen->width; x++)
            paint_cell(gmq_screen_cell(screen, x, y), x, y, has_colour);
    }
    refresh();
}

/* ---- keys ---- */

static const struct {
    int curses;
    int ours;
} keys[] = {
    {KEY_UP, GMQ_KEY_UP},       {KEY_DOWN, GMQ_KEY_DOWN},     {KEY_LEFT, GMQ_KEY_LEFT},
    {KEY_RIGHT, GMQ_KEY_RIGHT}, {KEY_PPAGE, GMQ_KEY_PAGE_UP}, {KEY_NPAGE, GMQ_KEY_PAGE_DOWN},
    {KEY_HOME, GMQ_KEY_HOME},   {KEY_END, GMQ_KEY_END},       {KEY_BTAB, GMQ_KEY_BACKTAB},
    {KEY_F(1), GMQ_KEY_F1},
};

static int
translate(int key)
{
    if (key < KEY_MIN)
        return key;
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].curses == key)
            return keys[i].ours;
    }
    return 0;
}

static void
take_size(GmqViewer *viewer)
{
    int width, height;

    getmaxyx(stdscr, height, width);
    gmq_viewer_resize(viewer, width, height);
}

/* Waits for a key until something is due, but at least once. Returns ERR without one. */
static int
wait_for_key(int64_t wait_us)
{
    timeout(wait_us < 0 ? -1 : (int)MIN((wait_us + 999) / 1000, 1000));
    return getch();
}

/* Whether nobody is there any more to press a key. */
static bool
is_hung_up(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

static void
loop(GmqViewer *viewer, bool has_colour)
{
    int64_t painted_us = 0;
    bool is_dirty      = true;

    while (ended_by == 0) {
        uint64_t before = gmq_viewer_event(viewer);
        int64_t due_us  = gmq_viewer_play(viewer, g_get_monotonic_time());

        is_dirty         = is_dirty || gmq_viewer_event(viewer) != before;
        int64_t frame_us = painted_us + FRAME_US - g_get_monotonic_time();
        if (is_dirty && frame_us <= 0) {
            paint(viewer, has_colour);
            painted_us = g_get_monotonic_time();
            is_dirty   = false;
        } else if (is_dirty) {
            due_us = due_us < 0 ? frame_us : MIN(due_us, frame_us);
        }

        int key = wait_for_key(due_us);
        if (key == KEY_RESIZE)
            take_size(viewer);
        else if (key != ERR && !gmq_viewer_key(viewer, translate(key), g_get_monotonic_time()))
            return;
        if (key == ERR && is_hung_up())
            return;
        is_dirty = is_dirty || key != ERR;
    }
}

void
gmq_curses_run(GmqViewer *viewer, bool with_colour)
{
    tcgetattr(STDIN_FILENO, &saved_mode);
    set_escdelay(25);
    initscr();
    prepare_restoring();
    catch_signals();
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    curs_set(0);
    bool has_colour = start_colours(with_colour);

    take_size(viewer);
    loop(viewer, has_colour);
    endwin();
    if (ended_by != 0) {
        signal(ended_by, SIG_DFL);
        raise(ended_by);
    }
}
