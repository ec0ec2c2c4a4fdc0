/* The play: how fast, and where it stops. */
#include <string.h>

#include "sim/language.h"
#include "viz/viewer-private.h"

#define MS 1000 /* microseconds */

/* At normal speed: at most four hops a second, less for what happens around the messages, and time
 * to read a caption. */
#define HOP_US (250 * MS)
#define OTHER_US (60 * MS)
#define READ_US (1500 * MS)
#define READ_CHAR_US (50 * MS)

/* "fast" shows ten frames a second and any run in about five seconds. */
#define FRAME_US (100 * MS)
#define FAST_FRAMES 50

/* After a longer break, as when the process was stopped, the play goes on from now. */
#define BREAK_US (2000 * MS)

/* The play is faster by times and slower by over; times 0 is "fast", and with over 0 as well it is
 * "express": nothing is drawn until something stops it. */
static const struct {
    const char *name;
    int64_t times;
    int64_t over;
} speeds[] = {
    {"x0.1", 1, 10}, {"x0.25", 1, 4}, {"x0.5", 1, 2}, {"x1", 1, 1},      {"x2", 2, 1},
    {"x5", 5, 1},    {"x10", 10, 1},  {"fast", 0, 1}, {"express", 0, 0},
};

const char *
gmq_viewer_speed_name(const GmqViewer *viewer)
{
    return speeds[viewer->speed].name;
}

static bool
is_express(const GmqViewer *viewer)
{
    return speeds[viewer->speed].over == 0;
}

/* What happens around the messages is shown, but not waited for. */
static bool
is_hop(GmqEventKind kind)
{
    return kind >= GMQ_EVENT_PUBLISHED && kind != GMQ_EVENT_CLIENT_ADDED &&
           kind != GMQ_EVENT_CLIENT_STARTED && gmq_event_info(kind)->level == GMQ_LEVEL_STORY;
}

static int64_t
reading_us(const GmqViewer *viewer, const GmqTraceEvent *event)
{
    int64_t us = READ_US + (int64_t)strlen(event->text) * READ_CHAR_US;

    return viewer->view.is_presenting ? 2 * us : us;
}

/* How long the current event stays before the next one comes. */
static int64_t
stay_us(const GmqViewer *viewer)
{
    const GmqTraceEvent *now  = gmq_viewer_now(viewer);
    const GmqTraceEvent *next = gmq_trace_event(viewer->stage->trace, viewer->now->event + 1);

    if (is_express(viewer))
        return 0;
    if (speeds[viewer->speed].times == 0)
        return FRAME_US / (int64_t)MAX(gmq_viewer_length(viewer) / FAST_FRAMES, 1);

    int64_t gap_ns = now == NULL ? 0 : next->time_ns - now->time_ns;
    int64_t stay   = MAX(MIN(gap_ns, GMQ_GAP_NS) / 1000, is_hop(next->kind) ? HOP_US : OTHER_US);
    if (now != NULL && gmq_stage_is_caption(now->kind) && *now->text != '\0')
        stay = MAX(stay, reading_us(viewer, now));
    return stay * speeds[viewer->speed].over / speeds[viewer->speed].times;
}

static void
set_running(GmqViewer *viewer, bool is_running, int64_t now_us)
{
    viewer->view.is_running   = is_running && viewer->now->event < gmq_viewer_length(viewer);
    viewer->view.hop_permille = -1;
    viewer->since_us          = now_us;
    if (viewer->view.is_running)
        viewer->due_us = now_us + stay_us(viewer);
    viewer->revision++;
}

void
gmq_viewer_stop(GmqViewer *viewer)
{
    viewer->view.is_running   = false;
    viewer->view.hop_permille = -1;
}

/* A pause stops the play, behind the question that belongs to it. */
static bool
stop_at_pause(GmqViewer *viewer)
{
    const GmqTraceEvent *event = gmq_viewer_now(viewer);

    if (event->kind != GMQ_EVENT_PAUSED)
        return false;
    if (event->number < gmq_viewer_length(viewer)) {
        const GmqTraceEvent *next = gmq_trace_event(viewer->stage->trace, event->number + 1);
        if (next->kind == GMQ_EVENT_ASKED && next->count == event->count)
            gmq_viewer_go(viewer, next->number);
    }
    return true;
}

/* Express stops at everything that somebody may want to see: marks and broken checks are marks of
 * the stage, and the last event is the end. */
static void
run_express(GmqViewer *viewer, int64_t now_us)
{
    uint64_t mark = gmq_stage_next_mark(viewer->stage, viewer->now->event);

    gmq_viewer_go(viewer, mark > 0 ? mark : gmq_viewer_length(viewer));
    set_running(viewer, false, now_us);
}

/* How far the message of the current event has come: it arrives when the next hop may begin. */
static void
move_hop(GmqViewer *viewer, int64_t now_us)
{
    int64_t over = speeds[viewer->speed].over;
    int permille = -1;

    if (viewer->view.is_running && viewer->now->hop.edge >= 0 && speeds[viewer->speed].times > 0) {
        int64_t way_us = MAX(HOP_US * over / speeds[viewer->speed].times, 1);
        permille       = (int)CLAMP((now_us - viewer->since_us) * 1000 / way_us, 0, 1000);
    }
    if (permille != viewer->view.hop_permille)
        viewer->revision++;
    viewer->view.hop_permille = permille;
}

int64_t
gmq_viewer_play(GmqViewer *viewer, int64_t now_us)
{
    if (!viewer->view.is_running)
        return -1;
    if (is_express(viewer)) {
        run_express(viewer, now_us);
        return -1;
    }
    if (now_us - viewer->due_us > BREAK_US)
        viewer->due_us = now_us;
    while (viewer->view.is_running && viewer->due_us <= now_us) {
        gmq_viewer_go(viewer, viewer->now->event + 1);
        set_running(viewer, !stop_at_pause(viewer), viewer->due_us);
    }
    move_hop(viewer, now_us);
    if (!viewer->view.is_running)
        return -1;
    bool is_moving = viewer->view.hop_permille >= 0 && viewer->view.hop_permille < 1000;
    return MAX(is_moving ? MIN(viewer->due_us - now_us, FRAME_US) : viewer->due_us - now_us, 0);
}

/* ---- keys ---- */

static void
change_speed(GmqViewer *viewer, int by, int64_t now_us)
{
    int wanted = (int)viewer->speed + by;

    viewer->speed = (size_t)CLAMP(wanted, 0, (int)G_N_ELEMENTS(speeds) - 1);
    set_running(viewer, viewer->view.is_running, now_us);
}

bool
gmq_viewer_set_speed(GmqViewer *viewer, const char *name, int64_t now_us)
{
    for (size_t i = 0; i < G_N_ELEMENTS(speeds); i++) {
        if (strcmp(speeds[i].name, name) != 0 && strcmp(speeds[i].name + 1, name) != 0)
            continue;
        viewer->speed = i;
        change_speed(viewer, 0, now_us);
        return true;
    }
    return false;
}

GMQ_PRESS(faster)
{
    (void)key;
    change_speed(viewer, 1, now_us);
}

GMQ_PRESS(slower)
{
    (void)key;
    change_speed(viewer, -1, now_us);
}

void
gmq_viewer_run(GmqViewer *viewer, int64_t now_us)
{
    set_running(viewer, true, now_us);
}

/* At the end of a run that still goes on: stays there while it goes on, or goes with it. */
static void
hold_or_follow(GmqViewer *viewer)
{
    viewer->view.is_held = !viewer->view.is_held;
    if (viewer->view.is_held)
        gmq_viewer_tell(viewer, _("Paused; what comes is recorded meanwhile. Space or G goes on."));
}

/* At the end it begins again. */
GMQ_PRESS(run)
{
    (void)key;
    if (viewer->now->event == gmq_viewer_length(viewer) && viewer->view.is_live) {
        hold_or_follow(viewer);
        return;
    }
    viewer->view.is_held = false;
    if (viewer->now->event == gmq_viewer_length(viewer))
        gmq_viewer_go(viewer, 0);
    set_running(viewer, !viewer->view.is_running, now_us);
}
