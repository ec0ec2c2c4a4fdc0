#include "core/net/loop.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "core/net/clock.h"

#define BATCH 256 /* events per wait; the rest is reported by the next one */

#define NS_PER_S G_GINT64_CONSTANT(1000000000)
#define NS_PER_MS G_GINT64_CONSTANT(1000000)

struct GmqLoop {
    int fd;
    int64_t origin_ns; /* the clock when the loop was made */
    int64_t now_ns;
    int n_ready; /* events of the running batch, those that were called included */
    struct epoll_event events[BATCH];
};

G_DEFINE_QUARK(gmq - loop - error - quark, gmq_loop_error)

int64_t
gmq_loop_clock(const GmqLoop *loop)
{
    return gmq_clock_now_ns() - loop->origin_ns;
}

static void
read_clock(GmqLoop *loop)
{
    loop->now_ns = gmq_loop_clock(loop);
}

GmqLoop *
gmq_loop_new(GError **error)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);

    if (fd < 0) {
        g_set_error(error, GMQ_LOOP_ERROR, GMQ_LOOP_ERROR_FAILED, "cannot make an epoll: %s",
                    g_strerror(errno));
        return NULL;
    }
    GmqLoop *loop   = g_new0(GmqLoop, 1);
    loop->fd        = fd;
    loop->origin_ns = gmq_clock_now_ns();
    return loop;
}

void
gmq_loop_free(GmqLoop *loop)
{
    if (loop == NULL)
        return;
    close(loop->fd);
    g_free(loop);
}

bool
gmq_loop_add(GmqLoop *loop, int fd, uint32_t events, GmqWatch *watch)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};

    return epoll_ctl(loop->fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

void
gmq_loop_change(GmqLoop *loop, int fd, uint32_t events, GmqWatch *watch)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    int changed              = epoll_ctl(loop->fd, EPOLL_CTL_MOD, fd, &event);

    g_assert(changed == 0);
}

void
gmq_loop_forget(GmqLoop *loop, const GmqWatch *watch)
{
    for (int i = 0; i < loop->n_ready; i++) {
        if (loop->events[i].data.ptr == watch)
            loop->events[i].data.ptr = NULL;
    }
}

/* The kernel may be one that cannot wait to the nanosecond; then whole milliseconds, never less
 * than asked. */
static int
wait_ms(GmqLoop *loop, int64_t left_ns)
{
    int64_t left_ms = MIN((left_ns + NS_PER_MS - 1) / NS_PER_MS, INT32_MAX);

    return epoll_wait(loop->fd, loop->events, BATCH, (int)left_ms);
}

static int
wait_ready(GmqLoop *loop, int64_t deadline_ns)
{
    if (deadline_ns == INT64_MAX)
        return epoll_wait(loop->fd, loop->events, BATCH, -1);

    read_clock(loop);
    int64_t left_ns      = deadline_ns <= loop->now_ns ? 0 : deadline_ns - loop->now_ns;
    struct timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
    int n_ready          = epoll_pwait2(loop->fd, loop->events, BATCH, &left, NULL);

    return n_ready < 0 && errno == ENOSYS ? wait_ms(loop, left_ns) : n_ready;
}

void
gmq_loop_wait(GmqLoop *loop, int64_t deadline_ns)
{
    int n_ready = wait_ready(loop, deadline_ns);

    g_assert(n_ready >= 0 || errno == EINTR);
    read_clock(loop);
    loop->n_ready = MAX(n_ready, 0);
    for (int i = 0; i < loop->n_ready; i++) {
        GmqWatch *watch = loop->events[i].data.ptr;

        if (watch != NULL)
            watch->ready(watch, loop->events[i].events);
    }
    loop->n_ready = 0;
}

int64_t
gmq_loop_now(const GmqLoop *loop)
{
    return loop->now_ns;
}
