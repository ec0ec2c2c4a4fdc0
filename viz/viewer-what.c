/* What if: the screen that asks, and the other run, at which the reader may look as at his own. */
#include "sim/language.h"
#include "viz/viewer-private.h"

/* Everything that belongs to one run starts anew with another. */
static void
look_at(GmqViewer *viewer, const GmqStage *stage, uint64_t event)
{
    viewer->stage = stage;
    gmq_picture_free(viewer->now);
    viewer->now = gmq_picture_new(stage->trace);
    g_array_set_size(viewer->history, 0);
    g_clear_pointer(&viewer->wires, gmq_rerun_free);
    viewer->asked         = 0;
    viewer->view.choice   = 0;
    viewer->view.selected = (GmqPlace){GMQ_PLACE_NONE, 0};
    gmq_viewer_go(viewer, event);
}

static void
return_from_other(GmqViewer *viewer)
{
    const GmqStage *own = viewer->own_stage;

    viewer->own_stage       = NULL;
    viewer->view.is_what_if = false;
    look_at(viewer, own, viewer->own_event);
    gmq_viewer_focus(viewer, viewer->view.focus);
}

void
gmq_viewer_close_what(GmqViewer *viewer)
{
    viewer->is_what_open = false;
    if (viewer->own_stage != NULL)
        return_from_other(viewer);
    g_clear_pointer(&viewer->what, gmq_what_view_free);
}

/* In the other run the same key leads back to the comparison. */
GMQ_PRESS(what_if)
{
    (void)key, (void)now_us;
    gmq_viewer_stop(viewer);
    if (viewer->own_stage != NULL) {
        return_from_other(viewer);
        viewer->is_what_open = true;
        return;
    }
    if (viewer->now->event == 0) {
        gmq_viewer_tell(viewer, _("Nothing has happened yet that could have gone otherwise."));
        return;
    }
    gmq_viewer_close_what(viewer);
    viewer->what         = gmq_what_view_new(viewer->stage, viewer->now->event);
    viewer->is_what_open = true;
}

static void
switch_to_other(GmqViewer *viewer)
{
    viewer->is_what_open    = false;
    viewer->own_stage       = viewer->stage;
    viewer->own_event       = viewer->now->event;
    viewer->view.is_what_if = true;
    look_at(viewer, gmq_what_view_other(viewer->what), gmq_what_view_parted(viewer->what));
    gmq_viewer_focus(viewer, viewer->view.focus);
    gmq_viewer_tell(viewer, _("This is the run in which it went otherwise: w or q leads back."));
}

void
gmq_viewer_key_what(GmqViewer *viewer, int key)
{
    GmqWhatAnswer answer = gmq_what_view_key(viewer->what, key);

    if (answer == GMQ_WHAT_LEAVES)
        gmq_viewer_close_what(viewer);
    else if (answer == GMQ_WHAT_SWITCHES)
        switch_to_other(viewer);
}
