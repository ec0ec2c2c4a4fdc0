#include "viz/viewer.h"

#include <string.h>

#include "viz/pane.h"

#define MS 1000 /* microseconds */

/* At normal speed: at most four hops a second, less for what happens around the messages, and time
 * to read a caption. */
#define HOP_US (250 * MS)
#define OTHER_US (60 * MS)
#define READ_US (1500 * MS)
#define READ_CHAR_US (50 * MS)

/* "fast" shows ten frames a second and any run in about five seconds. */
#define FAST_FRAME_US (100 * MS)
#define FAST_FRAMES 50

/* After a longer break, as when the process was stopped, the play goes on from now. */
#define BREAK_US (2000 * MS)

#define PAGE 10

struct GmqViewer {
    const GmqStage *stage;
    GmqPicture *now;
    GmqView view; /* without now, which moves */
    size_t speed;
    int64_t due_us; /* of the next event while it runs */
};

/* The play is faster by times and slower by over; times 0 is "fast". */
static const struct {
    const char *name;
    int64_t times;
    int64_t over;
} speeds[] = {
    {"x0.1", 1, 10}, {"x0.25", 1, 4}, {"x0.5", 1, 2}, {"x1", 1, 1},
    {"x2", 2, 1},    {"x5", 5, 1},    {"x10", 10, 1}, {"fast", 0, 1},
};
#define SPEED_NORMAL 3

GmqViewer *
gmq_viewer_new(const GmqStage *stage, GmqGlyphs glyphs)
{
    GmqViewer *viewer = g_new0(GmqViewer, 1);

    viewer->stage             = stage;
    viewer->now               = gmq_picture_new(stage->trace);
    viewer->view.stage        = stage;
    viewer->view.glyphs       = glyphs;
    viewer->view.width        = 80;
    viewer->view.height       = 24;
    viewer->view.choice       = -1;
    viewer->view.hop_permille = -1;
    viewer->speed             = SPEED_NORMAL;
    return viewer;
}

void
gmq_viewer_free(GmqViewer *viewer)
{
    gmq_picture_free(viewer->now);
    g_free(viewer);
}

void
gmq_viewer_resize(GmqViewer *viewer, int width, int height)
{
    viewer->view.width  = CLAMP(width, 1, GMQ_VIEW_WIDTH_MAX);
    viewer->view.height = CLAMP(height, 1, GMQ_VIEW_HEIGHT_MAX);
}

uint64_t
gmq_viewer_event(const GmqViewer *viewer)
{
    return viewer->now->event;
}

bool
gmq_viewer_is_running(const GmqViewer *viewer)
{
    return viewer->view.is_running;
}

static uint64_t
length(const GmqViewer *viewer)
{
    return gmq_trace_length(viewer->stage->trace);
}

/* Lists stand at the current event again; the flow stays where it was scrolled to. */
static void
forget_scroll(GmqViewer *viewer)
{
    for (int pane = GMQ_PANE_FLOW + 1; pane < GMQ_N_PANES; pane++) {
        viewer->view.cursor[pane] = 0;
        viewer->view.scroll[pane] = 0;
    }
}

void
gmq_viewer_go(GmqViewer *viewer, uint64_t event)
{
    event = MIN(event, length(viewer));
    if (event < viewer->now->event) {
        gmq_picture_free(viewer->now);
        viewer->now = gmq_picture_new(viewer->stage->trace);
    }
    while (viewer->now->event < event)
        gmq_picture_step(viewer->now);
    forget_scroll(viewer);
}

/* ---- play ---- */

/* How long the current event stays before the next one comes. */
static int64_t
stay_us(const GmqViewer *viewer)
{
    const GmqTrace *trace     = viewer->stage->trace;
    uint64_t event            = viewer->now->event;
    const GmqTraceEvent *next = gmq_trace_event(trace, event + 1);

    if (speeds[viewer->speed].times == 0)
        return FAST_FRAME_US / (int64_t)MAX(length(viewer) / FAST_FRAMES, 1);

    int64_t gap_ns = event == 0 ? 0 : next->time_ns - gmq_trace_event(trace, event)->time_ns;
    int64_t stay =
        MAX(MIN(gap_ns, GMQ_GAP_NS) / 1000, gmq_stage_is_hop(next->kind) ? HOP_US : OTHER_US);
    if (event > 0) {
        const GmqTraceEvent *now = gmq_trace_event(trace, event);
        if (gmq_stage_is_caption(now->kind) && *now->text != '\0')
            stay = MAX(stay, READ_US + (int64_t)strlen(now->text) * READ_CHAR_US);
    }
    return stay * speeds[viewer->speed].over / speeds[viewer->speed].times;
}

static void
set_running(GmqViewer *viewer, bool is_running, int64_t now_us)
{
    viewer->view.is_running = is_running && viewer->now->event < length(viewer);
    if (viewer->view.is_running)
        viewer->due_us = now_us + stay_us(viewer);
}

/* A pause stops the play, behind the question that belongs to it. */
static bool
stop_at_pause(GmqViewer *viewer)
{
    const GmqTrace *trace      = viewer->stage->trace;
    const GmqTraceEvent *event = gmq_trace_event(trace, viewer->now->event);

    if (event->kind != GMQ_EVENT_PAUSED)
        return false;
    if (event->number < length(viewer)) {
        const GmqTraceEvent *next = gmq_trace_event(trace, event->number + 1);
        if (next->kind == GMQ_EVENT_ASKED && next->count == event->count)
            gmq_viewer_go(viewer, next->number);
    }
    return true;
}

int64_t
gmq_viewer_play(GmqViewer *viewer, int64_t now_us)
{
    if (viewer->view.is_running && now_us - viewer->due_us > BREAK_US)
        viewer->due_us = now_us;
    while (viewer->view.is_running && viewer->due_us <= now_us) {
        gmq_viewer_go(viewer, viewer->now->event + 1);
        set_running(viewer, !stop_at_pause(viewer), viewer->due_us);
    }
    return viewer->view.is_running ? viewer->due_us - now_us : -1;
}

/* ---- steps ---- */

static uint64_t
next_story(const GmqViewer *viewer)
{
    uint64_t event = viewer->now->event + 1;

    while (event < length(viewer) &&
           !gmq_stage_is_story(gmq_trace_event(viewer->stage->trace, event)->kind))
        event++;
    return event;
}

static uint64_t
previous_story(const GmqViewer *viewer)
{
    uint64_t event = MAX(viewer->now->event, 1) - 1;

    while (event > 0 && !gmq_stage_is_story(gmq_trace_event(viewer->stage->trace, event)->kind))
        event--;
    return event;
}

static void
go_to_mark(GmqViewer *viewer, uint64_t mark)
{
    if (mark > 0)
        gmq_viewer_go(viewer, mark);
}

/* ---- panes ---- */

static void
move_focus(GmqViewer *viewer, int by)
{
    unsigned panes = gmq_view_panes();
    int focus      = viewer->view.focus;

    do {
        focus = (focus + by + GMQ_N_PANES) % GMQ_N_PANES;
    } while ((panes & (1u << focus)) == 0);
    viewer->view.focus = (GmqPane)focus;
}

/* Moves the cursor of a list; nothing is selected at first, so it begins at the current event. */
static void
move_cursor(GmqViewer *viewer, const GmqView *view, int64_t length, int by)
{
    unsigned *cursor = &viewer->view.cursor[view->focus];
    int64_t natural  = gmq_pane_is_log(view, view->focus) ? length : 1;
    int64_t wanted   = (*cursor > 0 ? *cursor : natural) + by;

    *cursor = (unsigned)CLAMP(wanted, MIN(1, length), length);
}

static void
scroll(GmqViewer *viewer, int by)
{
    const GmqPicture *whole = viewer->stage->whole;
    unsigned *place         = &viewer->view.scroll[viewer->view.focus];
    int64_t wanted          = (int64_t)*place + by;
    GmqView view            = viewer->view;

    view.now        = viewer->now;
    unsigned length = gmq_pane_rows(&view, view.focus);
    if (length > 0) {
        move_cursor(viewer, &view, length, by);
        return;
    }
    *place = (unsigned)CLAMP(
        wanted, 0, (int64_t)(whole->clients->len + whole->exchanges->len + whole->queues->len));
}

/* ---- keys ---- */

static void
change_speed(GmqViewer *viewer, int by, int64_t now_us)
{
    int wanted = (int)viewer->speed + by;

    viewer->speed = (size_t)CLAMP(wanted, 0, (int)G_N_ELEMENTS(speeds) - 1);
    set_running(viewer, viewer->view.is_running, now_us);
}

/* At the end it begins again. */
static void
start_or_stop(GmqViewer *viewer, int64_t now_us)
{
    if (viewer->now->event == length(viewer))
        gmq_viewer_go(viewer, 0);
    set_running(viewer, !viewer->view.is_running, now_us);
}

/* A step by hand stops the play. */
static bool
step_key(GmqViewer *viewer, int key)
{
    uint64_t event = viewer->now->event;

    switch (key) {
    case '.':
    case GMQ_KEY_RIGHT:
    case 'l':
        gmq_viewer_go(viewer, event + 1);
        break;
    case ',':
    case GMQ_KEY_LEFT:
    case 'h':
        gmq_viewer_go(viewer, event > 0 ? event - 1 : 0);
        break;
    case '>':
        gmq_viewer_go(viewer, next_story(viewer));
        break;
    case '<':
        gmq_viewer_go(viewer, previous_story(viewer));
        break;
    case 'g':
    case GMQ_KEY_HOME:
        gmq_viewer_go(viewer, 0);
        break;
    case 'G':
    case GMQ_KEY_END:
        gmq_viewer_go(viewer, length(viewer));
        break;
    case 'n':
        go_to_mark(viewer, gmq_stage_next_mark(viewer->stage, event));
        break;
    case 'N':
        go_to_mark(viewer, gmq_stage_previous_mark(viewer->stage, event));
        break;
    default:
        return false;
    }
    viewer->view.is_running = false;
    return true;
}

static void
other_key(GmqViewer *viewer, int key, int64_t now_us)
{
    switch (key) {
    case ' ':
        start_or_stop(viewer, now_us);
        break;
    case '+':
    case '=':
        change_speed(viewer, 1, now_us);
        break;
    case '-':
        change_speed(viewer, -1, now_us);
        break;
    case GMQ_KEY_TAB:
        move_focus(viewer, 1);
        break;
    case GMQ_KEY_BACKTAB:
        move_focus(viewer, -1);
        break;
    case GMQ_KEY_UP:
    case 'k':
        scroll(viewer, -1);
        break;
    case GMQ_KEY_DOWN:
    case 'j':
        scroll(viewer, 1);
        break;
    case GMQ_KEY_PAGE_UP:
        scroll(viewer, -PAGE);
        break;
    case GMQ_KEY_PAGE_DOWN:
        scroll(viewer, PAGE);
        break;
    case '?':
    case GMQ_KEY_F1:
        viewer->view.is_help    = true;
        viewer->view.is_running = false;
        break;
    default:
        break;
    }
}

bool
gmq_viewer_key(GmqViewer *viewer, int key, int64_t now_us)
{
    if (viewer->view.is_help) {
        viewer->view.is_help = false;
        return true;
    }
    if (key == 'q' || key == GMQ_KEY_ESC)
        return false;
    if (!step_key(viewer, key))
        other_key(viewer, key, now_us);
    return true;
}

GmqScreen *
gmq_viewer_draw(const GmqViewer *viewer)
{
    GmqView view = viewer->view;

    view.now   = viewer->now;
    view.speed = speeds[viewer->speed].name;
    return gmq_view_draw(&view);
}
