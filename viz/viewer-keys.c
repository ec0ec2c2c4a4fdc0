/* The keys, one table: what each does, and what help and bottom line say about it. */
#include "sim/language.h"
#include "viz/view-key.h"
#include "viz/viewer-private.h"

#define KEYS_MOST 3

/* What a key has to do with time. */
typedef enum {
    MOVES_NOTHING,
    MOVES_TIME, /* a step by hand: it stops the play, and is refused while presenting */
    RUNS_TIME,  /* the play itself */
} Moves;

typedef struct {
    GmqViewKey shown;
    int keys[KEYS_MOST];
    void (*press)(GmqViewer *viewer, int key, int64_t now_us);
    Moves moves;
} Key;

GMQ_PRESS(help)
{
    (void)key, (void)now_us;
    gmq_viewer_stop(viewer);
    viewer->view.is_help     = true;
    viewer->view.help_scroll = 0;
}

/* Ranks: what leaves a narrow bottom line first has the highest. 0 never leaves, -1 is never there.
 */
static const Key table[] = {
    {{"Spc", N_("Run"), 1, N_("run and stop")}, {' '}, gmq_press_run, RUNS_TIME},
    {{".", N_("Step"), 2, N_("one event on (also Right)")}, {'.'}, gmq_press_forward, MOVES_TIME},
    {{",", N_("Back"), 3, N_("one event back (also Left)")}, {','}, gmq_press_back, MOVES_TIME},
    {{"< >", N_("Story"), 17, N_("one story step back or on")},
     {'<'},
     gmq_press_story_back,
     MOVES_TIME},
    {{NULL, NULL, -1, NULL}, {'>'}, gmq_press_story_forward, MOVES_TIME},
    {{"+/-", N_("Speed"), 5, N_("x0.1 .. x10, fast, express")},
     {'+', '='},
     gmq_press_faster,
     MOVES_NOTHING},
    {{NULL, NULL, -1, NULL}, {'-', '_'}, gmq_press_slower, MOVES_NOTHING},
    {{"g G", N_("Ends"), 13, N_("to the start, to the end")},
     {'g', GMQ_KEY_HOME},
     gmq_press_start,
     MOVES_TIME},
    {{NULL, NULL, -1, NULL}, {'G', GMQ_KEY_END}, gmq_press_end, MOVES_TIME},
    {{"t", N_("Time"), 15, N_("to a time or event: 1.47s, #214")},
     {'t'},
     gmq_press_goto,
     MOVES_TIME},
    {{"n", N_("Fault"), 4, N_("next fault or caption; N back")},
     {'n'},
     gmq_press_next_mark,
     MOVES_TIME},
    {{NULL, NULL, -1, NULL}, {'N'}, gmq_press_previous_mark, MOVES_TIME},
    {{"b", NULL, -1, N_("next broken check")}, {'b'}, gmq_press_broken, MOVES_TIME},
    {{"c C", N_("Cause"), 16, N_("to the cause of this, and back")},
     {'c'},
     gmq_press_cause,
     MOVES_TIME},
    {{NULL, NULL, -1, NULL}, {'C'}, gmq_press_uncause, MOVES_TIME},
    {{"m", N_("Follow"), 6, N_("follow this message; let it go")},
     {'m'},
     gmq_press_follow,
     MOVES_NOTHING},
    {{"[ ]", NULL, -1, N_("earlier and later in its life")}, {'['}, gmq_press_older, MOVES_TIME},
    {{NULL, NULL, -1, NULL}, {']'}, gmq_press_newer, MOVES_TIME},
    {{"f", N_("Filter"), 7, N_("which events are shown")}, {'f'}, gmq_press_filter, MOVES_NOTHING},
    {{"/", N_("Search"), 11, N_("search; then ; next, \\ previous")},
     {'/'},
     gmq_press_search,
     MOVES_TIME},
    {{NULL, NULL, -1, NULL}, {';'}, gmq_press_next_match, MOVES_TIME},
    {{NULL, NULL, -1, NULL}, {'\\'}, gmq_press_previous_match, MOVES_TIME},
    {{"Tab", N_("Pane"), 8, N_("next pane; Shift-Tab back")},
     {GMQ_KEY_TAB},
     gmq_press_next_pane,
     MOVES_NOTHING},
    {{NULL, NULL, -1, NULL}, {GMQ_KEY_BACKTAB}, gmq_press_previous_pane, MOVES_NOTHING},
    {{"j k", NULL, -1, N_("down, up in a pane; also arrows")},
     {'j', GMQ_KEY_DOWN},
     gmq_press_down,
     MOVES_NOTHING},
    {{NULL, NULL, -1, NULL}, {'k', GMQ_KEY_UP}, gmq_press_up, MOVES_NOTHING},
    {{NULL, NULL, -1, NULL}, {GMQ_KEY_PAGE_DOWN}, gmq_press_page_down, MOVES_NOTHING},
    {{NULL, NULL, -1, NULL}, {GMQ_KEY_PAGE_UP}, gmq_press_page_up, MOVES_NOTHING},
    {{"h", NULL, -1, N_("back; sideways in a zoomed flow")},
     {'h', GMQ_KEY_LEFT},
     gmq_press_left,
     MOVES_NOTHING},
    {{NULL, NULL, -1, NULL}, {GMQ_KEY_RIGHT}, gmq_press_right, MOVES_NOTHING},
    {{"Enter", NULL, -1, N_("to this row, follow its message")},
     {GMQ_KEY_ENTER, '\n'},
     gmq_press_enter,
     MOVES_NOTHING},
    {{"l", N_("Layout"), 9, N_("next: flow, ladder, table")},
     {'l'},
     gmq_press_layout,
     MOVES_NOTHING},
    {{"z", N_("Zoom"), 14, N_("the pane fills the screen")}, {'z'}, gmq_press_zoom, MOVES_NOTHING},
    {{"p", N_("Predict"), 10, N_("answer the question")}, {'p'}, gmq_press_predict, MOVES_NOTHING},
    {{"w", N_("What-if"), 18, N_("what if this had gone otherwise")},
     {'w'},
     gmq_press_what_if,
     MOVES_NOTHING},
    {{"e", N_("Export"), 12, N_("this moment as a file")}, {'e'}, gmq_press_export, MOVES_NOTHING},
    {{":", NULL, -1, N_("command line; Tab completes")}, {':'}, gmq_press_command, MOVES_NOTHING},
    {{"?", N_("Help"), 0, N_("help; any key closes it")},
     {'?', GMQ_KEY_F1},
     gmq_press_help,
     MOVES_NOTHING},
    {{"q", N_("Quit"), 0, N_("back, then leave; also Esc")}, {0}, NULL, MOVES_NOTHING},
};

const GmqViewKey *
gmq_view_key(size_t index)
{
    return index < G_N_ELEMENTS(table) ? &table[index].shown : NULL;
}

static const Key *
find_key(int key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        for (int k = 0; k < KEYS_MOST && table[i].keys[k] != 0; k++) {
            if (table[i].keys[k] == key)
                return &table[i];
        }
    }
    return NULL;
}

/* In the help the arrows move, and everything else closes it. */
static void
key_in_help(GmqViewer *viewer, int key)
{
    int by = key == GMQ_KEY_DOWN || key == 'j' ? 1
             : key == GMQ_KEY_UP || key == 'k' ? -1
             : key == GMQ_KEY_PAGE_DOWN        ? 10
             : key == GMQ_KEY_PAGE_UP          ? -10
                                               : 0;

    if (by == 0)
        viewer->view.is_help = false;
    viewer->view.help_scroll = (unsigned)CLAMP((int)viewer->view.help_scroll + by, 0, 200);
}

static void
press(GmqViewer *viewer, int key, int64_t now_us)
{
    const Key *found = find_key(key);

    if (found == NULL)
        return;
    if (found->moves == MOVES_TIME && viewer->view.is_presenting) {
        gmq_viewer_tell(viewer, _("While presenting only Space moves time."));
        return;
    }
    if (found->moves == MOVES_TIME)
        gmq_viewer_stop(viewer);
    found->press(viewer, key, now_us);
}

bool
gmq_viewer_takes_keys(const GmqViewer *viewer)
{
    return viewer->view.is_help || viewer->is_what_open || viewer->prompt != NULL ||
           viewer->view.choice > 0;
}

bool
gmq_viewer_key(GmqViewer *viewer, int key, int64_t now_us)
{
    viewer->revision++;
    g_clear_pointer(&viewer->notice, g_free);
    if (viewer->view.is_help) {
        key_in_help(viewer, key);
        return true;
    }
    if (viewer->is_what_open) {
        gmq_viewer_key_what(viewer, key);
        return true;
    }
    if (viewer->prompt != NULL)
        return gmq_viewer_key_prompt(viewer, key, now_us);
    if (viewer->view.choice > 0) {
        gmq_viewer_key_choice(viewer, key);
        return true;
    }
    if (key == 'q' || key == GMQ_KEY_ESC)
        return gmq_viewer_back(viewer);
    press(viewer, key, now_us);
    return true;
}
