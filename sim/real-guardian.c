#include "sim/real-guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct GmqGuardian {
    pid_t pid;   /* of the guardian */
    int control; /* closed: the program is to end */
    int news;    /* the guardian writes how it ended */
    int output;
    bool has_ended;
    int status;
};

/* The places of the guardian's own ends. */
enum {
    CONTROL = 3,
    NEWS,
    OUTPUT,
    CHILDREN, /* readable when one of them has ended */
};

/* ---- in the program's process ---- */

static void
become_program(char **command, char **environment)
{
    const struct rlimit no_core = {0, 0};
    sigset_t none;

    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &no_core);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(OUTPUT, STDOUT_FILENO);
    dup2(OUTPUT, STDERR_FILENO);
    for (int fd = CONTROL; fd <= MAX(nothing, (int)CHILDREN); fd++)
        close(fd);
    for (unsigned i = 0; environment[i] != NULL; i++)
        putenv(environment[i]);
    execvp(command[0], command);
    dprintf(STDERR_FILENO, "%s: %s\n", command[0], strerror(errno));
    _exit(127);
}

/* ---- in the guardian's process ---- */

/* The parent of a process, as /proc/PID/stat says behind the name in parentheses; -1: none. */
static pid_t
parent_of(const char *pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/stat", pid);
    g_autofree char *stat = NULL;

    if (!g_file_get_contents(path, &stat, NULL, NULL))
        return -1;
    const char *rest = strrchr(stat, ')');
    return rest == NULL || strlen(rest) < 4 ? -1 : (pid_t)strtol(rest + 4, NULL, 10);
}

static void
kill_children(void)
{
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    const char *name;

    while (processes != NULL && (name = g_dir_read_name(processes)) != NULL) {
        if (g_ascii_isdigit(name[0]) && parent_of(name) == getpid())
            kill((pid_t)strtol(name, NULL, 10), SIGKILL);
    }
}

/* Whoever loses its parent becomes our child; in the end there is none. */
static void
kill_all(pid_t program, int *status)
{
    for (;;) {
        int each;

        kill_children();
        pid_t pid = waitpid(-1, &each, 0);
        if (pid < 0 && errno != EINTR)
            return;
        if (pid == program)
            *status = each;
    }
}

/* Collects children that ended; true when the program was one of them. */
static bool
collect(pid_t program, int *status)
{
    struct signalfd_siginfo information;
    int each;
    pid_t pid;

    while (read(CHILDREN, &information, sizeof information) > 0)
        continue;
    while ((pid = waitpid(-1, &each, WNOHANG)) > 0) {
        if (pid != program)
            continue;
        *status = each;
        return true;
    }
    return false;
}

static void
watch_over(pid_t program)
{
    struct pollfd polled[] = {{.fd = CONTROL, .events = POLLIN},
                              {.fd = CHILDREN, .events = POLLIN}};
    int status             = 0;
    bool has_ended         = false;

    while (!has_ended) {
        if (poll(polled, G_N_ELEMENTS(polled), -1) < 0)
            continue;
        if (polled[0].revents != 0)
            break;
        has_ended = polled[1].revents != 0 && collect(program, &status);
    }
    kill_all(has_ended ? -1 : program, &status);
    if (write(NEWS, &status, sizeof status) < 0)
        _exit(1);
    _exit(0);
}

/* Nothing else of ours is open in the guardian or in the program. */
static void
take_places(int control, int news, int output, int children)
{
    const int ours[] = {control, news, output, children};
    int high[G_N_ELEMENTS(ours)];

    for (unsigned i = 0; i < G_N_ELEMENTS(ours); i++)
        high[i] = fcntl(ours[i], F_DUPFD, CHILDREN + 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(ours); i++)
        dup2(high[i], CONTROL + (int)i);
    close_range(CHILDREN + 1, ~0U, 0);
}

static void
become_guardian(char **command, char **environment, int control, int news, int output)
{
    sigset_t mask;

    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigfillset(&mask);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    take_places(control, news, output, signalfd(-1, &mask, SFD_NONBLOCK));
    pid_t program = fork();
    if (program == 0)
        become_program(command, environment);
    close(OUTPUT);
    watch_over(program);
}

/* ---- here ---- */

static bool
find_program(const char *name, GError **error)
{
    g_autofree char *found = g_find_program_in_path(name);

    if (found != NULL)
        return true;
    if (strchr(name, '/') != NULL)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "\"%s\" is not there, or is no program that can be started", name);
    else
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "there is no program \"%s\" in PATH; one of this folder is \"./%s\"", name,
                    name);
    return false;
}

static bool
fail(GError **error, const char *what)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no %s for it: %s", what, g_strerror(errno));
    return false;
}

/* Both ends of three pipes, or none. */
static bool
open_pipes(int (*pipes)[2], unsigned n, GError **error)
{
    for (unsigned i = 0; i < n; i++) {
        if (pipe2(pipes[i], O_CLOEXEC) == 0)
            continue;
        fail(error, "pipe");
        while (i-- > 0) {
            close(pipes[i][0]);
            close(pipes[i][1]);
        }
        return false;
    }
    return true;
}

GmqGuardian *
gmq_guardian_start(char **command, char **environment, GError **error)
{
    enum {
        ORDERS,
        ENDS,
        WORDS,
        N_PIPES
    };
    int pipes[N_PIPES][2];

    if (!find_program(command[0], error) || !open_pipes(pipes, N_PIPES, error))
        return NULL;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        become_guardian(command, environment, pipes[ORDERS][0], pipes[ENDS][1], pipes[WORDS][1]);
    if (pid < 0)
        fail(error, "process");
    close(pipes[ORDERS][0]);
    close(pipes[ENDS][1]);
    close(pipes[WORDS][1]);
    fcntl(pipes[ENDS][0], F_SETFL, O_NONBLOCK);
    fcntl(pipes[WORDS][0], F_SETFL, O_NONBLOCK);

    g_autoptr(GmqGuardian) guardian = g_new0(GmqGuardian, 1);
    guardian->pid                   = pid;
    guardian->control               = pipes[ORDERS][1];
    guardian->news                  = pipes[ENDS][0];
    guardian->output                = pipes[WORDS][0];
    return pid < 0 ? NULL : g_steal_pointer(&guardian);
}

void
gmq_guardian_free(GmqGuardian *guardian)
{
    if (guardian == NULL)
        return;
    close(guardian->control);
    while (guardian->pid > 0 && waitpid(guardian->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    close(guardian->news);
    close(guardian->output);
    g_free(guardian);
}

int
gmq_guardian_output(const GmqGuardian *guardian)
{
    return guardian->output;
}

int
gmq_guardian_news(const GmqGuardian *guardian)
{
    return guardian->news;
}

/* A guardian that says nothing was killed, and the program with it. */
bool
gmq_guardian_has_ended(GmqGuardian *guardian, int *status)
{
    gssize n = guardian->has_ended ? 0 : read(guardian->news, &guardian->status, sizeof(int));

    if (n == 0 && !guardian->has_ended)
        guardian->status = SIGKILL;
    guardian->has_ended |= n >= 0;
    if (guardian->has_ended)
        *status = guardian->status;
    return guardian->has_ended;
}

char *
gmq_guardian_describe(int status)
{
    if (WIFSIGNALED(status))
        return g_strdup_printf("was ended by signal %d (%s)", WTERMSIG(status),
                               strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) == 0)
        return g_strdup("ended by itself");
    return g_strdup_printf("ended with status %d", WEXITSTATUS(status));
}
