/* Panes: which one has the focus, and where its cursor stands. */
#include <string.h>

#include "sim/language.h"
#include "viz/viewer-private.h"

#define PAGE 10

/* ---- focus ---- */

/* What passed on the wires is a second run of the same scenario: only who looks at it waits. */
static void
load_wires(GmqViewer *viewer)
{
    g_autoptr(GError) error = NULL;

    if (viewer->wires != NULL || viewer->stage->scenario == NULL)
        return;
    viewer->wires = gmq_rerun_of(viewer->stage->trace, &error);
    if (viewer->wires == NULL)
        gmq_viewer_tell(viewer, _("The frames cannot be had: %s."), error->message);
}

void
gmq_viewer_focus(GmqViewer *viewer, GmqPane pane)
{
    viewer->view.focus = pane;
    if (pane == GMQ_PANE_WIRE)
        load_wires(viewer);
}

static void
move_focus(GmqViewer *viewer, int by)
{
    unsigned panes = gmq_view_panes();
    int focus      = viewer->view.focus;

    do {
        focus = (focus + by + GMQ_N_PANES) % GMQ_N_PANES;
    } while ((panes & (1u << focus)) == 0);
    gmq_viewer_focus(viewer, (GmqPane)focus);
}

GMQ_PRESS(next_pane)
{
    (void)key, (void)now_us;
    move_focus(viewer, 1);
}

GMQ_PRESS(previous_pane)
{
    (void)key, (void)now_us;
    move_focus(viewer, -1);
}

GMQ_PRESS(zoom)
{
    (void)key, (void)now_us;
    viewer->view.is_zoomed = !viewer->view.is_zoomed;
}

GMQ_PRESS(layout)
{
    GmqViewLayout layout = viewer->view.layout;

    (void)key, (void)now_us;
    do {
        layout = (GmqViewLayout)((layout + 1) % GMQ_N_LAYOUTS);
    } while (!gmq_view_has_layout(layout));
    if (layout == viewer->view.layout)
        gmq_viewer_tell(viewer, _("There is no other layout."));
    viewer->view.layout                = layout;
    viewer->view.cursor[GMQ_PANE_FLOW] = 0;
}

bool
gmq_viewer_back(GmqViewer *viewer)
{
    GmqPane focus = viewer->view.focus;

    if (viewer->view.cursor[focus] > 0)
        viewer->view.cursor[focus] = 0;
    else if (viewer->view.selected.kind != GMQ_PLACE_NONE)
        viewer->view.selected = (GmqPlace){GMQ_PLACE_NONE, 0};
    else if (viewer->view.is_zoomed)
        viewer->view.is_zoomed = false;
    else if (focus != GMQ_PANE_FLOW)
        gmq_viewer_focus(viewer, GMQ_PANE_FLOW);
    else if (viewer->own_stage != NULL)
        gmq_viewer_close_what(viewer);
    else
        return false;
    return true;
}

/* ---- cursors ---- */

/* Nothing is selected at first, so the cursor begins at the row that is shown without it. */
static void
move_cursor(GmqViewer *viewer, const GmqView *view, int64_t length, int by)
{
    unsigned *cursor = &viewer->view.cursor[view->focus];
    int64_t natural  = gmq_pane_is_log(view, view->focus) ? length : 0;
    int64_t wanted   = (*cursor > 0 ? *cursor : natural) + by;

    *cursor = (unsigned)CLAMP(wanted, MIN(1, length), length);
}

/* The flow, and texts; beyond that many lines a pane would be empty. */
static void
scroll(GmqViewer *viewer, int by)
{
    const GmqPicture *whole = viewer->stage->whole;
    unsigned most           = whole->clients->len + whole->exchanges->len + whole->queues->len;
    unsigned *place         = &viewer->view.scroll[viewer->view.focus];

    *place = (unsigned)CLAMP((int64_t)*place + by, 0, (int64_t)most);
}

static void
move(GmqViewer *viewer, int by)
{
    GmqView view    = gmq_viewer_view(viewer);
    unsigned length = gmq_pane_rows(&view, view.focus);

    if (length > 0)
        move_cursor(viewer, &view, length, by);
    else
        scroll(viewer, by);
}

GMQ_PRESS(up)
{
    (void)key, (void)now_us;
    move(viewer, -1);
}

GMQ_PRESS(down)
{
    (void)key, (void)now_us;
    move(viewer, 1);
}

GMQ_PRESS(page_up)
{
    (void)key, (void)now_us;
    move(viewer, -PAGE);
}

GMQ_PRESS(page_down)
{
    (void)key, (void)now_us;
    move(viewer, PAGE);
}

/* Sideways the flow is scrolled while it is zoomed; everywhere else that is a step in time. */
static bool
scrolls_sideways(const GmqViewer *viewer)
{
    return viewer->view.focus == GMQ_PANE_FLOW && viewer->view.is_zoomed;
}

GMQ_PRESS(left)
{
    if (!scrolls_sideways(viewer)) {
        if (!viewer->view.is_presenting)
            gmq_press_back(viewer, key, now_us);
        gmq_viewer_stop(viewer);
        return;
    }
    viewer->view.scroll_x -= MIN(viewer->view.scroll_x, PAGE);
}

GMQ_PRESS(right)
{
    if (!scrolls_sideways(viewer)) {
        if (!viewer->view.is_presenting)
            gmq_press_forward(viewer, key, now_us);
        gmq_viewer_stop(viewer);
        return;
    }
    viewer->view.scroll_x = MIN(viewer->view.scroll_x + PAGE, GMQ_VIEW_WIDTH_MAX);
}

/* ---- what is selected ---- */

/* The event of the row under the cursor; 0 without one. */
static uint64_t
selected_event(const GmqViewer *viewer)
{
    const GmqPaneInfo *info = gmq_pane_info(viewer->view.focus);
    unsigned cursor         = viewer->view.cursor[viewer->view.focus];
    GmqView view            = gmq_viewer_view(viewer);

    return cursor > 0 && info->event_at != NULL ? info->event_at(&view, cursor - 1) : 0;
}

static void
follow(GmqViewer *viewer, const char *message)
{
    gmq_viewer_set_follow(viewer, message, NULL);
    gmq_viewer_tell(viewer, _("Following %s. m lets it go, [ and ] go along its life."),
                    viewer->follow);
}

/* The message of the row under the cursor or of the current event; the same once more is let go. */
GMQ_PRESS(follow)
{
    uint64_t event          = selected_event(viewer);
    g_autofree char *before = g_strdup(viewer->follow);
    GmqView view            = gmq_viewer_view(viewer);

    (void)key, (void)now_us;
    view.follow         = NULL; /* of the moment */
    const char *message = event > 0 ? gmq_trace_event(viewer->stage->trace, event)->message
                                    : gmq_pane_followed(&view);
    if (*message == '\0' && before == NULL) {
        gmq_viewer_tell(viewer, _("There is no message here that could be followed."));
        return;
    }
    if (before != NULL && (*message == '\0' || gmq_trace_name_is_of(message, before))) {
        gmq_viewer_set_follow(viewer, NULL, NULL);
        gmq_viewer_tell(viewer, _("%s is followed no longer."), before);
        return;
    }
    follow(viewer, message);
}

/* Of a box that is selected: its events alone. */
static void
filter_selected(GmqViewer *viewer)
{
    static const char *const keys[GMQ_N_PLACE_KINDS] = {[GMQ_PLACE_CLIENT]   = "client",
                                                        [GMQ_PLACE_EXCHANGE] = "exchange",
                                                        [GMQ_PLACE_QUEUE]    = "queue"};
    GmqPlace place                                   = viewer->view.selected;
    g_autoptr(GString) text                          = g_string_new(keys[place.kind]);

    g_string_append(text, ":\"");
    for (const char *at = gmq_picture_name(viewer->stage->whole, place); *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c(text, '\\');
        g_string_append_c(text, *at);
    }
    g_string_append_c(text, '"');
    if (gmq_viewer_set_filter(viewer, text->str, NULL))
        gmq_viewer_tell(viewer, _("The events are those of %s now; f changes that."),
                        gmq_picture_name(viewer->stage->whole, place));
}

/* Goes to the event under the cursor, and follows its message; without a cursor it follows that of
 * the current event. */
GMQ_PRESS(enter)
{
    uint64_t event = selected_event(viewer);

    if (viewer->view.focus == GMQ_PANE_FLOW && viewer->view.selected.kind != GMQ_PLACE_NONE) {
        filter_selected(viewer);
        return;
    }
    if (event == 0) {
        if (viewer->follow == NULL)
            gmq_press_follow(viewer, key, now_us);
        return;
    }
    if (viewer->view.is_presenting) {
        gmq_viewer_tell(viewer, _("While presenting only Space moves time."));
        return;
    }

    const char *message = gmq_trace_event(viewer->stage->trace, event)->message;
    gmq_viewer_stop(viewer);
    gmq_viewer_go(viewer, event);
    if (*message != '\0')
        follow(viewer, message);
}
