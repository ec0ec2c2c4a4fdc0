#include "core/net/worker.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef struct {
    GmqJob *first;
    GmqJob **end; /* where the next one is put */
} Jobs;

struct GmqWorker {
    GmqWatch watch; /* first */
    GmqLoop *loop;
    GThread *thread; /* NULL: it was stopped */
    int done_fd;     /* an eventfd: something is done */

    GMutex lock; /* for all below */
    GCond given;
    GCond ended;
    Jobs todo;
    Jobs done;
    bool is_asleep;
    bool is_stopping;
    bool has_ended;
};

/* ---- lists ---- */

static void
empty(Jobs *jobs)
{
    jobs->first = NULL;
    jobs->end   = &jobs->first;
}

static void
push(Jobs *jobs, GmqJob *job)
{
    job->next  = NULL;
    *jobs->end = job;
    jobs->end  = &job->next;
}

/* NULL when there is none. */
static GmqJob *
pop(Jobs *jobs)
{
    GmqJob *job = jobs->first;

    if (job == NULL)
        return NULL;
    jobs->first = job->next;
    if (jobs->first == NULL)
        jobs->end = &jobs->first;
    return job;
}

/* ---- the thread ---- */

static void
tell_loop(const GmqWorker *worker)
{
    uint64_t one = 1;
    ssize_t size;

    do
        size = write(worker->done_fd, &one, sizeof one);
    while (size < 0 && errno == EINTR);
}

/* With the lock, which is open while the job runs. The loop is told of the first that is done since
 * it looked, outside of the lock, which it will want at once. */
static void
do_job(GmqWorker *worker, GmqJob *job)
{
    g_mutex_unlock(&worker->lock);
    job->work(job);
    g_mutex_lock(&worker->lock);

    bool is_first = worker->done.first == NULL;
    push(&worker->done, job);
    if (!is_first)
        return;
    g_mutex_unlock(&worker->lock);
    tell_loop(worker);
    g_mutex_lock(&worker->lock);
}

static void *
run(void *user)
{
    GmqWorker *worker = user;

    g_mutex_lock(&worker->lock);
    while (!worker->is_stopping) {
        GmqJob *job = pop(&worker->todo);

        if (job != NULL) {
            do_job(worker, job);
            continue;
        }
        worker->is_asleep = true;
        g_cond_wait(&worker->given, &worker->lock);
        worker->is_asleep = false;
    }
    worker->has_ended = true;
    g_cond_signal(&worker->ended);
    g_mutex_unlock(&worker->lock);
    return NULL;
}

/* ---- the loop ---- */

/* What is done later is told of again, since the list is empty now. */
static void
worker_ready(GmqWatch *watch, uint32_t events)
{
    GmqWorker *worker = (GmqWorker *)watch;
    uint64_t count;

    (void)events;
    if (read(worker->done_fd, &count, sizeof count) != sizeof count)
        return;
    g_mutex_lock(&worker->lock);
    GmqJob *job = worker->done.first;
    empty(&worker->done);
    g_mutex_unlock(&worker->lock);

    while (job != NULL) {
        GmqJob *next = job->next;

        job->is_dropped = worker->thread == NULL;
        job->finish(job);
        job = next;
    }
}

void
gmq_worker_give(GmqWorker *worker, GmqJob *job)
{
    job->is_dropped = worker->thread == NULL;
    if (job->is_dropped) {
        job->finish(job);
        return;
    }
    g_mutex_lock(&worker->lock);
    push(&worker->todo, job);
    bool is_asleep = worker->is_asleep;
    g_mutex_unlock(&worker->lock);
    if (is_asleep)
        g_cond_signal(&worker->given);
}

/* ---- life ---- */

/* The thread takes over what is blocked when it begins. */
static GThread *
start_thread(GmqWorker *worker, GError **error)
{
    sigset_t all;
    sigset_t before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    GThread *thread = g_thread_try_new("disk", run, worker, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread;
}

GmqWorker *
gmq_worker_new(GmqLoop *loop, GError **error)
{
    GmqWorker *worker = g_new0(GmqWorker, 1);

    worker->watch.ready = worker_ready;
    worker->loop        = loop;
    worker->done_fd     = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    g_mutex_init(&worker->lock);
    g_cond_init(&worker->given);
    g_cond_init(&worker->ended);
    empty(&worker->todo);
    empty(&worker->done);
    if (worker->done_fd < 0 || !gmq_loop_add(loop, worker->done_fd, EPOLLIN, &worker->watch))
        g_set_error(error, GMQ_LOOP_ERROR, GMQ_LOOP_ERROR_FAILED, "cannot make an eventfd: %s",
                    g_strerror(errno));
    else
        worker->thread = start_thread(worker, error);
    if (worker->thread == NULL)
        g_clear_pointer(&worker, gmq_worker_free);
    return worker;
}

/* Waits until the thread has nothing in hands any more. */
static bool
end_thread(GmqWorker *worker, unsigned patience_ms)
{
    int64_t until = g_get_monotonic_time() + patience_ms * G_TIME_SPAN_MILLISECOND;
    bool is_late  = false;

    g_mutex_lock(&worker->lock);
    worker->is_stopping = true;
    g_cond_signal(&worker->given);
    while (!worker->has_ended && !is_late)
        is_late = !g_cond_wait_until(&worker->ended, &worker->lock, until);
    bool has_ended = worker->has_ended;
    g_mutex_unlock(&worker->lock);
    return has_ended;
}

static void
drop(Jobs *jobs)
{
    for (GmqJob *job = pop(jobs); job != NULL; job = pop(jobs)) {
        job->is_dropped = true;
        job->finish(job);
    }
}

bool
gmq_worker_stop(GmqWorker *worker, unsigned patience_ms)
{
    if (worker->thread == NULL)
        return true;
    if (!end_thread(worker, patience_ms))
        return false;
    g_thread_join(worker->thread);
    worker->thread = NULL;
    drop(&worker->done);
    drop(&worker->todo);
    return true;
}

void
gmq_worker_free(GmqWorker *worker)
{
    g_assert(worker->thread == NULL);

    if (worker->done_fd >= 0)
        close(worker->done_fd);
    gmq_loop_forget(worker->loop, &worker->watch);
    g_mutex_clear(&worker->lock);
    g_cond_clear(&worker->given);
    g_cond_clear(&worker->ended);
    g_free(worker);
}
