#include "lessons/talk.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Kept of what the program wrote to stderr: the last lines say what went wrong. */
#define ERRORS_MAX 2000

/* How long a program may take to go after its output ended, between two looks. */
#define LOOK_US 5000

typedef struct {
    pid_t pid;
    int in, out, err; /* -1 when closed */
    const char *rest; /* of the input */
    size_t out_max;
    int64_t deadline_us;
    GString *said;
    GString *errors;
} Child;

void
gmq_talk_clear(GmqTalk *talk)
{
    g_clear_pointer(&talk->out, g_free);
    g_clear_pointer(&talk->errors, g_free);
}

/* Between fork and exec: a group of its own, so that all of it can be ended, and an end with us. */
static void
set_up(void *data)
{
    (void)data;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static bool
start(Child *child, char **command, GError **error)
{
    int *fds[] = {&child->in, &child->out, &child->err};

    if (!g_spawn_async_with_pipes(NULL, command, NULL,
                                  G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, set_up, NULL,
                                  &child->pid, &child->in, &child->out, &child->err, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(fds); i++) {
        g_unix_set_fd_nonblocking(*fds[i], TRUE, NULL);
        (void)fcntl(*fds[i], F_SETFD, FD_CLOEXEC);
    }
    return true;
}

static void
shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- bytes ---- */

static void
feed(Child *child)
{
    ssize_t n = write(child->in, child->rest, strlen(child->rest));

    if (n > 0)
        child->rest += n;
    /* Who does not want to hear more is free to close its ear. */
    if (*child->rest == '\0' || (n < 0 && errno != EAGAIN && errno != EINTR))
        shut(&child->in);
}

static void
listen_to(int *fd, GString *to)
{
    char bytes[4096];
    ssize_t n = read(*fd, bytes, sizeof bytes);

    if (n > 0)
        g_string_append_len(to, bytes, n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        shut(fd);
}

static int
milliseconds_left(const Child *child)
{
    int64_t left = child->deadline_us - g_get_monotonic_time();

    return left <= 0 ? 0 : (int)MIN(left / 1000 + 1, 1000);
}

/* Both ways, until its output ends, it is late, or it says too much. */
static void
talk_with(Child *child)
{
    while (child->out >= 0 && child->said->len <= child->out_max) {
        /* A descriptor of -1 is not looked at. */
        struct pollfd polls[] = {
            {.fd = child->in, .events = POLLOUT},
            {.fd = child->out, .events = POLLIN},
            {.fd = child->err, .events = POLLIN},
        };
        int wait = milliseconds_left(child);
        if (wait == 0)
            return;
        if (poll(polls, G_N_ELEMENTS(polls), wait) <= 0)
            continue;
        if (polls[0].revents != 0)
            feed(child);
        if (polls[1].revents != 0)
            listen_to(&child->out, child->said);
        if (polls[2].revents != 0)
            listen_to(&child->err, child->errors);
        if (child->errors->len > ERRORS_MAX)
            g_string_erase(child->errors, 0, (gssize)(child->errors->len - ERRORS_MAX));
    }
}

/* ---- the end ---- */

/* Whether it ended by itself in time; its status is then known. */
static bool
wait_for(const Child *child, int *status)
{
    while (true) {
        pid_t pid = waitpid(child->pid, status, WNOHANG);
        if (pid == child->pid || (pid < 0 && errno != EINTR))
            return true;
        if (milliseconds_left(child) == 0)
            return false;
        g_usleep(LOOK_US);
    }
}

static void
judge(GmqTalk *talk, int status)
{
    bool is_killed = WIFSIGNALED(status);

    talk->end    = is_killed ? GMQ_TALK_KILLED : GMQ_TALK_ENDED;
    talk->number = is_killed ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void
finish(GmqTalk *talk, Child *child)
{
    int status    = 0;
    bool is_flood = child->said->len > child->out_max;
    bool is_over  = false;

    /* An open output after the loop means that it is late or says too much. */
    shut(&child->in);
    if (child->out < 0)
        is_over = wait_for(child, &status);
    if (is_over)
        judge(talk, status);
    else
        talk->end = is_flood ? GMQ_TALK_FLOOD : GMQ_TALK_LATE;
    kill(-child->pid, SIGKILL);
    while (!is_over && waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (child->err >= 0)
        listen_to(&child->err, child->errors);
    shut(&child->out);
    shut(&child->err);
    g_spawn_close_pid(child->pid);
}

void
gmq_talk_run(GmqTalk *talk, char **command, const char *input, size_t out_max, int64_t limit_ns)
{
    g_autoptr(GError) error   = NULL;
    g_autoptr(GString) said   = g_string_new(NULL);
    g_autoptr(GString) errors = g_string_new(NULL);
    Child child               = {
                      .rest        = input,
                      .out_max     = out_max,
                      .deadline_us = g_get_monotonic_time() + limit_ns / 1000,
                      .said        = said,
                      .errors      = errors,
    };

    *talk = (GmqTalk){0};
    if (!start(&child, command, &error)) {
        talk->end = GMQ_TALK_MISSING;
        g_string_assign(errors, error->message);
    } else {
        /* Writing to a program that is gone is an answer and no death. */
        void (*before)(int) = signal(SIGPIPE, SIG_IGN);
        talk_with(&child);
        finish(talk, &child);
        signal(SIGPIPE, before);
    }
    talk->out    = g_utf8_make_valid(said->str, (gssize)said->len);
    talk->errors = g_utf8_make_valid(errors->str, (gssize)errors->len);
}
