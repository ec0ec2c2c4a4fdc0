#include "lessons/make-broker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A broker that does not listen in this time never will. */
#define START_MS 20000

struct GmqMakeBroker {
    pid_t pid;
    int output;
    GmqBrokerUrl *url;
};

/* ---- in the child ---- */

/* This program again: by its name, or if that was replaced meanwhile, as it is. */
static void
become_broker(pid_t parent, int output, unsigned heartbeat_s)
{
    g_autofree char *own   = g_file_read_link("/proc/self/exe", NULL);
    const char *programs[] = {own, "/proc/self/exe"};
    int nothing            = open("/dev/null", O_RDWR);
    char heartbeat[32];

    g_snprintf(heartbeat, sizeof heartbeat, "--heartbeat=%u", heartbeat_s);
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    for (unsigned i = 0; i < G_N_ELEMENTS(programs); i++) {
        if (programs[i] != NULL)
            execl(programs[i], "glassmq", "serve", "--listen=127.0.0.1:0", "--data=none", heartbeat,
                  NULL);
    }
    _exit(127);
}

/* ---- here ---- */

/* Its first line; NULL when none comes. The caller frees it. */
static char *
read_line(int output)
{
    g_autoptr(GString) line = g_string_new(NULL);
    struct pollfd polled    = {.fd = output, .events = POLLIN};
    char c;

    while (poll(&polled, 1, START_MS) > 0 && read(output, &c, 1) == 1) {
        if (c == '\n')
            return g_string_free(g_steal_pointer(&line), FALSE);
        g_string_append_c(line, c);
    }
    return NULL;
}

/* "... on 127.0.0.1:40000 ..." */
static GmqBrokerUrl *
read_url(const char *line, GError **error)
{
    const char *place = line == NULL ? NULL : strstr(line, "127.0.0.1:");
    size_t size       = place == NULL ? 0 : strspn(place, "0123456789.:");

    if (size == 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the broker for the check did not start");
        return NULL;
    }
    g_autofree char *text = g_strdup_printf("amqp://%.*s", (int)size, place);
    return gmq_broker_url_read(text, error);
}

GmqMakeBroker *
gmq_make_broker_new(unsigned heartbeat_s, GError **error)
{
    g_autoptr(GmqMakeBroker) broker = g_new0(GmqMakeBroker, 1);
    pid_t parent                    = getpid();
    int output[2];

    if (pipe2(output, O_CLOEXEC) != 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no pipe: %s", g_strerror(errno));
        return NULL;
    }
    fflush(NULL);
    broker->output = output[0];
    broker->pid    = fork();
    if (broker->pid == 0)
        become_broker(parent, output[1], heartbeat_s);
    close(output[1]);
    g_autofree char *line = broker->pid < 0 ? NULL : read_line(output[0]);
    broker->url           = read_url(line, error);
    return broker->url == NULL ? NULL : g_steal_pointer(&broker);
}

void
gmq_make_broker_free(GmqMakeBroker *broker)
{
    if (broker == NULL)
        return;
    if (broker->pid > 0) {
        kill(broker->pid, SIGKILL);
        while (waitpid(broker->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    close(broker->output);
    if (broker->url != NULL)
        gmq_broker_url_free(broker->url);
    g_free(broker);
}

const GmqBrokerUrl *
gmq_make_broker_url(const GmqMakeBroker *broker)
{
    return broker->url;
}
