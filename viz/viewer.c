#include "viz/viewer.h"

#include <string.h>

#include "sim/language.h"
#include "viz/viewer-private.h"

G_DEFINE_QUARK(gmq - viewer - error, gmq_viewer_error)

bool
gmq_viewer_refuse(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, GMQ_VIEWER_ERROR, GMQ_VIEWER_ERROR_WRONG, message);
    return false;
}

GmqViewer *
gmq_viewer_new(const GmqStage *stage, GmqGlyphs glyphs)
{
    GmqViewer *viewer = g_new0(GmqViewer, 1);

    viewer->stage             = stage;
    viewer->now               = gmq_picture_new(stage->trace);
    viewer->reel              = gmq_reel_new(stage->trace);
    viewer->history           = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    viewer->answers           = g_array_new(FALSE, FALSE, sizeof(GmqViewAnswer));
    viewer->typed             = g_string_new(NULL);
    viewer->view.glyphs       = glyphs;
    viewer->view.width        = 80;
    viewer->view.height       = 24;
    viewer->view.hop_permille = -1;
    viewer->bound             = G_MAXUINT64;
    gmq_viewer_set_speed(viewer, "x1", 0);
    return viewer;
}

void
gmq_viewer_free(GmqViewer *viewer)
{
    gmq_viewer_close_prompt(viewer);
    gmq_viewer_close_what(viewer);
    if (viewer->filter != NULL)
        gmq_filter_free(viewer->filter);
    gmq_rerun_free(viewer->wires);
    gmq_picture_free(viewer->now);
    gmq_reel_free(viewer->reel);
    g_array_free(viewer->history, TRUE);
    g_array_free(viewer->answers, TRUE);
    g_string_free(viewer->typed, TRUE);
    g_free(viewer->follow);
    g_free(viewer->search);
    g_free(viewer->flow_filter);
    g_free(viewer->notice);
    g_free(viewer);
}

void
gmq_viewer_resize(GmqViewer *viewer, int width, int height)
{
    viewer->view.width  = CLAMP(width, 1, GMQ_VIEW_WIDTH_MAX);
    viewer->view.height = CLAMP(height, 1, GMQ_VIEW_HEIGHT_MAX);
    viewer->revision++;
}

uint64_t
gmq_viewer_event(const GmqViewer *viewer)
{
    return viewer->now->event;
}

uint64_t
gmq_viewer_length(const GmqViewer *viewer)
{
    return MIN(gmq_trace_length(viewer->stage->trace), viewer->bound);
}

const GmqTraceEvent *
gmq_viewer_now(const GmqViewer *viewer)
{
    if (viewer->now->event == 0)
        return NULL;
    return gmq_trace_event(viewer->stage->trace, viewer->now->event);
}

bool
gmq_viewer_is_running(const GmqViewer *viewer)
{
    return viewer->view.is_running;
}

unsigned
gmq_viewer_revision(const GmqViewer *viewer)
{
    return viewer->revision;
}

/* Lists stand at the current event again; the flow stays where it was scrolled to. */
static void
forget_cursors(GmqViewer *viewer)
{
    for (int pane = GMQ_PANE_FLOW + 1; pane < GMQ_N_PANES; pane++) {
        viewer->view.cursor[pane] = 0;
        viewer->view.scroll[pane] = 0;
    }
}

void
gmq_viewer_go(GmqViewer *viewer, uint64_t event)
{
    event                     = MIN(event, gmq_viewer_length(viewer));
    viewer->now               = gmq_reel_wind(viewer->reel, viewer->now, event);
    viewer->view.hop_permille = -1;
    viewer->revision++;
    forget_cursors(viewer);
}

void
gmq_viewer_set_stage(GmqViewer *viewer, const GmqStage *stage, bool at_end)
{
    gmq_viewer_close_what(viewer);
    bool is_same   = stage->trace == viewer->stage->trace;
    uint64_t event = viewer->now->event;

    viewer->stage = stage;
    if (!is_same) {
        gmq_picture_free(viewer->now);
        gmq_reel_free(viewer->reel);
        viewer->now  = gmq_picture_new(stage->trace);
        viewer->reel = gmq_reel_new(stage->trace);
        g_array_set_size(viewer->history, 0);
        g_array_set_size(viewer->answers, 0);
        viewer->asked       = 0;
        viewer->view.choice = 0;
    }
    gmq_viewer_go(viewer, is_same && !at_end ? event : gmq_viewer_length(viewer));
}

void
gmq_viewer_set_live(GmqViewer *viewer, bool is_live)
{
    viewer->view.is_live = is_live;
    viewer->revision++;
}

bool
gmq_viewer_follows(const GmqViewer *viewer)
{
    return viewer->view.is_live && !viewer->view.is_held && viewer->own_stage == NULL &&
           viewer->now->event == gmq_viewer_length(viewer);
}

/* ---- what is set ---- */

void
gmq_viewer_tell(GmqViewer *viewer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_free(viewer->notice);
    viewer->notice = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    viewer->revision++;
}

bool
gmq_viewer_set_filter(GmqViewer *viewer, const char *text, GError **error)
{
    g_autoptr(GmqFilter) filter = gmq_filter_new(text, NULL, error);

    if (filter == NULL)
        return false;
    if (viewer->filter != NULL)
        gmq_filter_free(viewer->filter);
    viewer->filter = *gmq_filter_text(filter) == '\0' ? NULL : g_steal_pointer(&filter);
    forget_cursors(viewer);
    return true;
}

/* The message of that name, or of that short name, lent; the first one counts. */
static const char *
find_message(const GmqViewer *viewer, const char *name)
{
    const char *found = NULL;

    for (uint64_t n = 1; n <= gmq_viewer_length(viewer) && *name != '\0'; n++) {
        const char *message = gmq_trace_event(viewer->stage->trace, n)->message;
        if (strcmp(message, name) == 0)
            return message;
        if (found != NULL || *message == '\0')
            continue;
        g_autofree char *brief = gmq_stage_name(viewer->stage, message);
        if (strcmp(brief, name) == 0)
            found = message;
    }
    return found;
}

bool
gmq_viewer_set_follow(GmqViewer *viewer, const char *message, GError **error)
{
    const char *found = message != NULL ? find_message(viewer, message) : NULL;

    if (message != NULL && found == NULL)
        return gmq_viewer_refuse(error, _("there is no message \"%s\""), message);
    g_free(viewer->follow);
    viewer->follow = NULL;
    if (found != NULL)
        viewer->follow = g_strndup(found, gmq_picture_stem(viewer->stage->whole, found));
    viewer->view.cursor[GMQ_PANE_FOLLOW] = 0;
    return true;
}

bool
gmq_viewer_set_layout(GmqViewer *viewer, const char *name, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    GmqViewLayout layout     = gmq_view_layout_find(name);

    if (gmq_view_has_layout(layout)) {
        viewer->view.layout                = layout;
        viewer->view.cursor[GMQ_PANE_FLOW] = 0;
        return true;
    }
    for (layout = GMQ_LAYOUT_FLOW; layout < GMQ_N_LAYOUTS; layout++) {
        if (gmq_view_has_layout(layout))
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   gmq_view_layout_name(layout));
    }
    return gmq_viewer_refuse(error, _("there is no layout \"%s\"; there is %s"), name, names->str);
}

bool
gmq_viewer_set_pane(GmqViewer *viewer, const char *name, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    GmqPane pane             = gmq_pane_find(name);

    if (pane != GMQ_N_PANES) {
        gmq_viewer_focus(viewer, pane);
        return true;
    }
    for (pane = GMQ_PANE_FLOW; pane < GMQ_N_PANES; pane++) {
        if (gmq_pane_info(pane) != NULL)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   gmq_pane_info(pane)->name);
    }
    return gmq_viewer_refuse(error, _("there is no pane \"%s\"; there is %s"), name, names->str);
}

void
gmq_viewer_set_presenting(GmqViewer *viewer, bool is_presenting)
{
    viewer->view.is_presenting = is_presenting;
}

void
gmq_viewer_set_part(GmqViewer *viewer, bool is_part)
{
    viewer->view.is_part = is_part;
    viewer->revision++;
}

void
gmq_viewer_set_bound(GmqViewer *viewer, uint64_t event)
{
    viewer->bound = event;
    gmq_viewer_go(viewer, viewer->now->event);
}

void
gmq_viewer_set_theme(GmqViewer *viewer, GmqTheme theme)
{
    viewer->theme = theme;
}

GmqTheme
gmq_viewer_theme(const GmqViewer *viewer)
{
    return viewer->theme;
}

/* ---- what is shown ---- */

GmqView
gmq_viewer_view(const GmqViewer *viewer)
{
    GmqView view = viewer->view;

    view.stage       = viewer->stage;
    view.now         = viewer->now;
    view.speed       = gmq_viewer_speed_name(viewer);
    view.filter      = viewer->filter;
    view.follow      = viewer->follow;
    view.search      = viewer->search;
    view.flow_filter = viewer->flow_filter;
    view.notice      = viewer->notice;
    view.answers     = viewer->own_stage == NULL ? viewer->answers : NULL;
    view.wires       = viewer->wires;
    return view;
}

GmqScreen *
gmq_viewer_draw(const GmqViewer *viewer)
{
    GmqView view = gmq_viewer_view(viewer);

    if (viewer->is_what_open)
        return gmq_what_view_draw(viewer->what, view.width, view.height, view.glyphs);
    if (viewer->prompt != NULL)
        view.prompt = (GmqViewPrompt){
            .label  = gmq_viewer_prompt_label(viewer),
            .text   = viewer->typed->str,
            .cursor = viewer->cursor,
            .error  = viewer->error,
            .hint   = viewer->hint,
        };
    return gmq_view_draw(&view);
}
