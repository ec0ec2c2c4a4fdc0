/* The mouse does what keys do: a click selects, the wheel moves. */
#include <string.h>

#include "sim/language.h"
#include "viz/flow.h"
#include "viz/moment.h"
#include "viz/viewer-private.h"

#define BETWEEN " ()[]<>|=#,:"

static bool
is_inside(const GmqRect *rect, int x, int y)
{
    return x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

/* The pane at that cell; false between the panes. */
static bool
find_slot(const GmqView *view, int x, int y, GmqViewSlot *found)
{
    g_autoptr(GArray) slots = gmq_view_slots(view);

    for (unsigned i = 0; i < slots->len; i++) {
        *found = g_array_index(slots, GmqViewSlot, i);
        if (is_inside(&found->rect, x, y))
            return true;
    }
    return false;
}

/* The moment of a place on the time bar: its last event. */
static bool
click_time(GmqViewer *viewer, const GmqView *view, int x, int y)
{
    GmqRect bar = gmq_view_time_bar(view);

    if (!is_inside(&bar, x, y) || bar.width < 2)
        return false;
    if (viewer->view.is_presenting) {
        gmq_viewer_tell(viewer, _("While presenting only Space moves time."));
        return true;
    }
    int64_t time_ns = viewer->stage->end_ns * (x - bar.x + 1) / (bar.width - 1) - 1;
    gmq_viewer_stop(viewer);
    gmq_viewer_go(viewer, gmq_moment_at_time(viewer->stage->trace, time_ns));
    return true;
}

static void
click_row(GmqViewer *viewer, const GmqView *view, const GmqViewSlot *slot, int y)
{
    const GmqPaneInfo *info = gmq_pane_info(slot->pane);
    int row                 = y - slot->rect.y - (int)info->header;
    unsigned length         = gmq_pane_rows(view, slot->pane);
    unsigned n_shown        = (unsigned)MAX(slot->rect.height - (int)info->header, 0);

    if (row < 0)
        return;
    unsigned index = gmq_pane_first(view, slot->pane, length, n_shown) + (unsigned)row;
    if (index >= length)
        return;
    if (view->cursor[slot->pane] == index + 1 && view->focus == slot->pane)
        gmq_press_enter(viewer, 0, 0); /* the second click */
    else
        viewer->view.cursor[slot->pane] = index + 1;
}

/* The box of the flow that is drawn at that cell. */
static bool
click_box(GmqViewer *viewer, const GmqView *view, const GmqViewSlot *slot, int x, int y)
{
    g_autoptr(GmqLayout) layout = gmq_flow_layout(view, slot->rect);
    const GmqBox *box           = gmq_layout_hit(layout, x, y);

    if (box == NULL)
        return false;
    viewer->view.selected = box->place;
    gmq_viewer_tell(viewer, _("%s: Enter shows its events alone, Esc lets it go."),
                    gmq_picture_name(view->stage->whole, box->place));
    return true;
}

/* What stands around a name: spaces, brackets, lines and arrows. */
static bool
is_between(gunichar one)
{
    return (one >= 0x2500 && one < 0x2600) || (one < 128 && one > 0 && strchr(BETWEEN, (int)one));
}

/* The word at that cell; of a token its name alone: "[5R]" is "5". The caller frees it. */
static char *
word_at(const GmqScreen *screen, int x, int y)
{
    g_autoptr(GString) word = g_string_new(NULL);

    while (x > 0 && !is_between(gmq_screen_cell(screen, x - 1, y)->text))
        x--;
    for (; x < screen->width && !is_between(gmq_screen_cell(screen, x, y)->text); x++) {
        if (gmq_screen_cell(screen, x, y)->text != 0)
            g_string_append_unichar(word, gmq_screen_cell(screen, x, y)->text);
    }
    if (word->len > 1 && word->str[word->len - 1] == 'R')
        g_string_truncate(word, word->len - 1);
    return g_strdup(word->str);
}

void
gmq_viewer_click(GmqViewer *viewer, int x, int y)
{
    GmqView view = gmq_viewer_view(viewer);
    GmqViewSlot slot;

    viewer->revision++;
    g_clear_pointer(&viewer->notice, g_free);
    if (view.is_help) {
        viewer->view.is_help = false;
        return;
    }
    if (viewer->is_what_open || viewer->prompt != NULL || view.choice > 0 ||
        click_time(viewer, &view, x, y))
        return;
    if (!find_slot(&view, x, y, &slot))
        return;

    if (slot.pane == GMQ_PANE_FLOW && view.layout == GMQ_LAYOUT_FLOW) {
        g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer);
        g_autofree char *word       = word_at(screen, x, y);
        if (gmq_viewer_set_follow(viewer, word, NULL))
            gmq_viewer_tell(viewer, _("Following %s. m lets it go."), viewer->follow);
        else if (view.width >= 80 && view.height >= 24)
            click_box(viewer, &view, &slot, x, y);
    } else if (gmq_pane_rows(&view, slot.pane) > 0) {
        click_row(viewer, &view, &slot, y);
    }
    gmq_viewer_focus(viewer, slot.pane);
}

void
gmq_viewer_wheel(GmqViewer *viewer, int x, int y, int by)
{
    GmqView view = gmq_viewer_view(viewer);
    GmqViewSlot slot;

    viewer->revision++;
    if (view.is_help) {
        viewer->view.help_scroll = (unsigned)MAX((int)view.help_scroll + 3 * by, 0);
        return;
    }
    if (viewer->is_what_open) {
        gmq_viewer_key_what(viewer, by < 0 ? GMQ_KEY_UP : GMQ_KEY_DOWN);
        return;
    }
    if (viewer->prompt != NULL || view.choice > 0 || !find_slot(&view, x, y, &slot))
        return;
    gmq_viewer_focus(viewer, slot.pane);
    for (int i = 0; i < 3; i++)
        (by < 0 ? gmq_press_up : gmq_press_down)(viewer, 0, 0);
}
