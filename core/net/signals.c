#include "core/net/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct GmqSignals {
    GmqWatch watch;
    int fd;
    unsigned count;
    int last;
    sigset_t mask_before;
};

static void
signals_ready(GmqWatch *watch, uint32_t events)
{
    GmqSignals *signals = (GmqSignals *)watch;
    struct signalfd_siginfo info;

    (void)events;
    while (read(signals->fd, &info, sizeof info) == sizeof info) {
        signals->count++;
        signals->last = (int)info.ssi_signo;
    }
}

static void
fill_mask(sigset_t *mask)
{
    sigemptyset(mask);
    sigaddset(mask, SIGTERM);
    sigaddset(mask, SIGINT);
}

GmqSignals *
gmq_signals_new(GmqLoop *loop, GError **error)
{
    GmqSignals *signals = g_new0(GmqSignals, 1);
    sigset_t mask;

    fill_mask(&mask);
    sigprocmask(SIG_BLOCK, &mask, &signals->mask_before);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);

    signals->watch.ready = signals_ready;
    signals->fd          = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals->fd >= 0 && gmq_loop_add(loop, signals->fd, EPOLLIN, &signals->watch))
        return signals;
    g_set_error(error, GMQ_LOOP_ERROR, GMQ_LOOP_ERROR_FAILED, "cannot watch for signals: %s",
                g_strerror(errno));
    gmq_signals_free(signals);
    return NULL;
}

void
gmq_signals_free(GmqSignals *signals)
{
    if (signals == NULL)
        return;
    if (signals->fd >= 0)
        close(signals->fd);
    sigprocmask(SIG_SETMASK, &signals->mask_before, NULL);
    g_free(signals);
}

unsigned
gmq_signals_count(const GmqSignals *signals)
{
    return signals->count;
}

int
gmq_signals_last(const GmqSignals *signals)
{
    return signals->last;
}

void
gmq_signals_set_deadly(GmqSignals *signals, bool are_deadly)
{
    sigset_t mask;

    (void)signals;
    fill_mask(&mask);
    sigprocmask(are_deadly ? SIG_UNBLOCK : SIG_BLOCK, &mask, NULL);
}
