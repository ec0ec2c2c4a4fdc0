/* Steps and jumps through time. */
#include <string.h>

#include "sim/language.h"
#include "viz/event-line.h"
#include "viz/viewer-private.h"

/* ---- steps ---- */

GMQ_PRESS(forward)
{
    (void)key, (void)now_us;
    gmq_viewer_go(viewer, viewer->now->event + 1);
}

GMQ_PRESS(back)
{
    (void)key, (void)now_us;
    gmq_viewer_go(viewer, MAX(viewer->now->event, 1) - 1);
}

GMQ_PRESS(story_forward)
{
    uint64_t length = gmq_viewer_length(viewer);
    uint64_t event  = viewer->now->event + 1;

    (void)key, (void)now_us;
    while (event < length &&
           !gmq_stage_is_story(gmq_trace_event(viewer->stage->trace, event)->kind))
        event++;
    gmq_viewer_go(viewer, event);
}

GMQ_PRESS(story_back)
{
    uint64_t event = MAX(viewer->now->event, 1) - 1;

    (void)key, (void)now_us;
    while (event > 0 && !gmq_stage_is_story(gmq_trace_event(viewer->stage->trace, event)->kind))
        event--;
    gmq_viewer_go(viewer, event);
}

/* ---- jumps ---- */

GMQ_PRESS(start)
{
    (void)key, (void)now_us;
    gmq_viewer_go(viewer, 0);
}

GMQ_PRESS(end)
{
    (void)key, (void)now_us;
    viewer->view.is_held = false;
    gmq_viewer_go(viewer, gmq_viewer_length(viewer));
}

/* Goes to an event, or says why there is none. */
static void
go_or_tell(GmqViewer *viewer, uint64_t event, const char *otherwise)
{
    if (event > 0)
        gmq_viewer_go(viewer, event);
    else
        gmq_viewer_tell(viewer, "%s", otherwise);
}

GMQ_PRESS(next_mark)
{
    (void)key, (void)now_us;
    go_or_tell(viewer, gmq_stage_next_mark(viewer->stage, viewer->now->event),
               _("There is no further fault or caption."));
}

GMQ_PRESS(previous_mark)
{
    (void)key, (void)now_us;
    go_or_tell(viewer, gmq_stage_previous_mark(viewer->stage, viewer->now->event),
               _("There is no earlier fault or caption."));
}

/* Behind the last one it begins with the first again. */
GMQ_PRESS(broken)
{
    uint64_t found = 0;

    (void)key, (void)now_us;
    for (unsigned i = 0; i < viewer->stage->marks->len; i++) {
        uint64_t mark = g_array_index(viewer->stage->marks, uint64_t, i);
        if (gmq_trace_event(viewer->stage->trace, mark)->kind != GMQ_EVENT_CHECK_BROKEN)
            continue;
        if (found == 0 || (found <= viewer->now->event && mark > viewer->now->event))
            found = mark;
    }
    go_or_tell(viewer, found, _("No check is broken in this run."));
}

/* ---- causes ---- */

GMQ_PRESS(cause)
{
    const GmqTraceEvent *now = gmq_viewer_now(viewer);

    (void)key, (void)now_us;
    if (now == NULL || now->cause == 0) {
        gmq_viewer_tell(viewer, _("Nothing that is recorded caused this event."));
        return;
    }
    g_array_append_val(viewer->history, now->number);
    gmq_viewer_go(viewer, now->cause);
}

GMQ_PRESS(uncause)
{
    (void)key, (void)now_us;
    if (viewer->history->len == 0) {
        gmq_viewer_tell(viewer, _("There is no way back: c goes to a cause first."));
        return;
    }
    gmq_viewer_go(viewer, g_array_index(viewer->history, uint64_t, viewer->history->len - 1));
    g_array_set_size(viewer->history, viewer->history->len - 1);
}

/* ---- the life of a message ---- */

static bool
is_of_message(const GmqViewer *viewer, uint64_t event, const char *message, size_t stem)
{
    const char *name = gmq_trace_event(viewer->stage->trace, event)->message;

    return *name != '\0' && gmq_picture_stem(viewer->stage->whole, name) == stem &&
           strncmp(name, message, stem) == 0;
}

static void
go_along_message(GmqViewer *viewer, int by)
{
    GmqView view        = gmq_viewer_view(viewer);
    const char *message = gmq_pane_followed(&view);
    size_t stem         = gmq_picture_stem(viewer->stage->whole, message);
    uint64_t length     = gmq_viewer_length(viewer);

    for (uint64_t n = viewer->now->event + (uint64_t)by; n >= 1 && n <= length; n += (uint64_t)by) {
        if (is_of_message(viewer, n, message, stem)) {
            gmq_viewer_go(viewer, n);
            return;
        }
    }
    if (*message == '\0')
        gmq_viewer_tell(viewer, "%s", _("There is no message here that could be followed."));
    else
        gmq_viewer_tell(viewer,
                        by > 0 ? _("%.*s does nothing later.") : _("%.*s did nothing earlier."),
                        (int)stem, message);
}

GMQ_PRESS(older)
{
    (void)key, (void)now_us;
    go_along_message(viewer, -1);
}

GMQ_PRESS(newer)
{
    (void)key, (void)now_us;
    go_along_message(viewer, 1);
}

/* ---- search ---- */

static char *
fold_words(const GmqViewer *viewer, uint64_t event)
{
    const GmqTraceEvent *one = gmq_trace_event(viewer->stage->trace, event);
    g_autofree char *words   = gmq_event_words(viewer->stage, one);
    g_autofree char *all     = g_strjoin(" ", gmq_event_actor(one), words, one->message, one->text,
                                         gmq_event_info(one->kind)->kind, NULL);

    return g_utf8_casefold(all, -1);
}

static bool
is_match(const GmqViewer *viewer, uint64_t event, const char *folded)
{
    g_autofree char *words = fold_words(viewer, event);

    return strstr(words, folded) != NULL;
}

uint64_t
gmq_viewer_count_matches(const GmqViewer *viewer, const char *text, uint64_t *next)
{
    g_autofree char *folded = g_utf8_casefold(text, -1);
    uint64_t count          = 0;
    uint64_t first          = 0;

    *next = 0;
    for (uint64_t n = 1; n <= gmq_viewer_length(viewer); n++) {
        if (!is_match(viewer, n, folded))
            continue;
        count++;
        if (first == 0)
            first = n;
        if (*next == 0 && n > viewer->now->event)
            *next = n;
    }
    if (*next == 0)
        *next = first;
    return count;
}

/* Looks at every event once, round the end, and at the current one last. */
static void
search(GmqViewer *viewer, bool is_forward)
{
    uint64_t length = gmq_viewer_length(viewer);

    if (viewer->search == NULL) {
        gmq_viewer_tell(viewer, _("Nothing is looked for yet: / does that."));
        return;
    }
    g_autofree char *folded = g_utf8_casefold(viewer->search, -1);
    for (uint64_t i = 1; i <= length; i++) {
        uint64_t n = viewer->now->event + (is_forward ? i : 2 * length - i);
        n          = (n + length - 1) % length + 1;
        if (is_match(viewer, n, folded)) {
            gmq_viewer_go(viewer, n);
            return;
        }
    }
    gmq_viewer_tell(viewer, _("\"%s\" is not found in any event."), viewer->search);
}

GMQ_PRESS(next_match)
{
    (void)key, (void)now_us;
    search(viewer, true);
}

GMQ_PRESS(previous_match)
{
    (void)key, (void)now_us;
    search(viewer, false);
}
