#include "viz/live-view.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "sim/language.h"

#define NS_PER_MS 1000000
#define WAIT_MS 10000 /* for what there is */

/* So many lines are read at a time, so that keys are heard in between. */
#define LINES_MAX 4000

struct GmqLiveView {
    GmqLive *live;
    GmqStage *stage;
    GmqTrace *kept; /* the stage's trace, when it is not the one that grows any more */
    GmqViewer *viewer;
    int fd;         /* wakes up for the socket and for the timer */
    int timer_fd;   /* while nothing can be heard of the broker */
    int watched_fd; /* the socket's; -1: none */
    bool is_whole;  /* what there was has been told */
    bool is_away;
};

/* ---- waking up ---- */

static void
set_timer(const GmqLiveView *view, bool is_on)
{
    long ns                = is_on ? (long)GMQ_LIVE_RETRY_MS * NS_PER_MS : 0;
    struct itimerspec when = {.it_interval.tv_nsec = ns, .it_value.tv_nsec = ns};

    timerfd_settime(view->timer_fd, 0, &when, NULL);
}

/* A socket that was closed is not watched any more by itself. */
static void
watch(GmqLiveView *view)
{
    int fd                   = gmq_live_fd(view->live);
    struct epoll_event event = {.events = EPOLLIN};

    if (fd >= 0 && fd != view->watched_fd)
        epoll_ctl(view->fd, EPOLL_CTL_ADD, fd, &event);
    view->watched_fd = fd;
}

static void
hear_timer(const GmqLiveView *view)
{
    uint64_t times;
    ssize_t size = read(view->timer_fd, &times, sizeof times);

    (void)size; /* nothing when it was the socket */
}

/* ---- traces ---- */

/* A new trace grows from now on; the reader goes on with the old one for a while. */
static void
begin(GmqLiveView *view)
{
    GmqTrace *last = gmq_live_take_last(view->live);

    view->is_whole = false;
    view->is_away  = false;
    if (view->stage == NULL || view->stage->trace != last) {
        gmq_trace_free(last);
        return;
    }
    gmq_stage_grow(view->stage);
    view->kept = last;
}

/* Reads what has come; true when it was anything. */
static bool
read_lines(GmqLiveView *view)
{
    bool has_news = false;

    for (unsigned i = 0; i < LINES_MAX; i++) {
        switch (gmq_live_next(view->live)) {
        case GMQ_LIVE_NOTHING:
            return has_news;
        case GMQ_LIVE_BEGIN:
            begin(view);
            break;
        case GMQ_LIVE_WHOLE:
            view->is_whole = true;
            break;
        case GMQ_LIVE_GONE:
            view->is_away = true;
            return true;
        default:
            break;
        }
        has_news = true;
    }
    return true;
}

/* The reader gets the trace that grows, at its end. */
static void
change_trace(GmqLiveView *view)
{
    GmqStage *before = view->stage;

    view->stage = gmq_stage_new(gmq_live_trace(view->live));
    gmq_viewer_set_stage(view->viewer, view->stage, true);
    gmq_stage_free(before);
    g_clear_pointer(&view->kept, gmq_trace_free);
    if (gmq_live_missed(view->live) == 0)
        gmq_viewer_tell(view->viewer, _("The broker has told anew what there is."));
    else
        gmq_viewer_tell(view->viewer,
                        P_("%ju event was missed; this is what there is now.",
                           "%ju events were missed; this is what there is now.",
                           gmq_live_missed(view->live)),
                        gmq_live_missed(view->live));
}

static bool
on_ready(void *data)
{
    GmqLiveView *view = data;
    bool follows      = gmq_viewer_follows(view->viewer);
    bool was_away     = view->is_away;

    hear_timer(view);
    bool has_news = read_lines(view);
    bool is_other = view->stage->trace != gmq_live_trace(view->live);
    if (is_other && view->is_whole && follows) {
        change_trace(view);
    } else if (!is_other && has_news) {
        gmq_stage_grow(view->stage);
        gmq_viewer_set_stage(view->viewer, view->stage, follows);
    }
    if (view->is_away && !was_away)
        gmq_viewer_tell(view->viewer, _("%s; this was the last of it."), gmq_live_why(view->live));
    watch(view);
    set_timer(view, view->is_away || view->watched_fd < 0 || (is_other && !follows));
    return true;
}

/* ---- life ---- */

GmqLiveView *
gmq_live_view_new(const char *directory, const char *vhost, GError **error)
{
    g_autoptr(GmqLiveView) view = g_new0(GmqLiveView, 1);

    view->fd         = epoll_create1(EPOLL_CLOEXEC);
    view->timer_fd   = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    view->watched_fd = -1;
    view->live       = gmq_live_new(directory, vhost, error);
    if (view->live == NULL)
        return NULL;

    int64_t end_us = g_get_monotonic_time() + (int64_t)WAIT_MS * 1000;
    while (!view->is_whole && !view->is_away && g_get_monotonic_time() < end_us) {
        GPollFD input = {.fd = gmq_live_fd(view->live), .events = G_IO_IN};

        g_poll(&input, 1, GMQ_LIVE_RETRY_MS);
        read_lines(view);
    }
    if (!view->is_whole) {
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED, "%s",
                    view->is_away ? gmq_live_why(view->live)
                                  : _("the broker does not answer in time"));
        return NULL;
    }
    view->stage = gmq_stage_new(gmq_live_trace(view->live));
    return g_steal_pointer(&view);
}

void
gmq_live_view_free(GmqLiveView *view)
{
    if (view == NULL)
        return;
    if (view->stage != NULL)
        gmq_stage_free(view->stage);
    gmq_trace_free(view->kept);
    gmq_live_free(view->live);
    close(view->fd);
    close(view->timer_fd);
    g_free(view);
}

const GmqStage *
gmq_live_view_stage(const GmqLiveView *view)
{
    return view->stage;
}

void
gmq_live_view_run(GmqLiveView *view, GmqViewer *viewer, const GmqCursesOptions *options)
{
    GmqCursesOptions mine    = *options;
    struct epoll_event event = {.events = EPOLLIN};

    view->viewer  = viewer;
    mine.fd       = view->fd;
    mine.on_ready = on_ready;
    mine.data     = view;
    epoll_ctl(view->fd, EPOLL_CTL_ADD, view->timer_fd, &event);
    watch(view);
    gmq_viewer_set_live(viewer, true);
    gmq_curses_run(viewer, &mine);
}
