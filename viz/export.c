#include "viz/export.h"

#include <errno.h>
#include <graphviz/gvc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a child says of its failure is cut after this. */
#define REPORT_BYTES 4096

static const struct {
    const char *ending;
    const char *format; /* as Graphviz calls it; NULL: the text itself */
} types[] = {
    {".dot", NULL},
    {".svg", "svg"},
    {".png", "png"},
    {".pdf", "pdf"},
};

static int
find_type(const char *path)
{
    g_autofree char *lower = g_ascii_strdown(path, -1);

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (g_str_has_suffix(lower, types[i].ending))
            return (int)i;
    }
    return -1;
}

bool
gmq_export_knows(const char *path, GError **error)
{
    if (find_type(path) >= 0)
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                "\"%s\" must end with .dot, .svg, .png or .pdf, which tells what to draw", path);
    return false;
}

/* GLib writes a file of another name first, and would tell of that one. */
static bool
write_file(const char *path, const char *bytes, gssize size, GError **error)
{
    g_autoptr(GError) failed = NULL;

    if (g_file_set_contents(path, bytes, size, &failed))
        return true;
    const char *reason = strrchr(failed->message, ':');
    g_set_error(error, failed->domain, failed->code, "cannot write %s%s", path,
                reason != NULL ? reason : "");
    return false;
}

/* ---- in the child ---- */

/* Draws with libgvc; nothing is freed because the child ends with it. */
static bool
draw(const char *dot, const char *format, const char *path, GError **error)
{
    GVC_t *context  = gvContext();
    Agraph_t *graph = agmemread(dot);
    char *bytes     = NULL;
    unsigned size   = 0;

    if (graph == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "Graphviz cannot read the graph");
        return false;
    }
    if (strcmp(format, "png") == 0)
        agattr(graph, AGRAPH, (char *)"dpi", "144"); /* sharp on a projector */
    if (gvLayout(context, graph, "dot") != 0 ||
        gvRenderData(context, graph, format, &bytes, &size) != 0 || bytes == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "Graphviz cannot draw %s here", format);
        return false;
    }
    return write_file(path, bytes, size, error);
}

/* Reports on the pipe what went wrong, and leaves without the parent's exit handlers. */
G_GNUC_NORETURN static void
run_child(const char *dot, const char *format, const char *path, int report)
{
    g_autoptr(GError) error = NULL;
    int status              = 0;

    agseterr(AGMAX); /* warnings about fonts are of no use to the reader */
    if (!draw(dot, format, path, &error)) {
        status = 1;
        if (write(report, error->message, strlen(error->message)) < 0)
            status = 2;
    }
    _exit(status);
}

/* ---- in the parent ---- */

/* Reads until the child closes the pipe, which it does at its end at the latest. False when the
 * time is over before. */
static bool
read_report(int report, unsigned seconds, GString *text)
{
    int64_t end = g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC;

    for (;;) {
        char bytes[512];
        int64_t left       = end - g_get_monotonic_time();
        struct pollfd wait = {.fd = report, .events = POLLIN};

        if (left <= 0)
            return false;
        if (poll(&wait, 1, (int)(left / 1000) + 1) <= 0)
            continue;
        ssize_t n = read(report, bytes, sizeof(bytes));
        if (n == 0 || (n < 0 && errno != EINTR))
            return true;
        if (n > 0 && text->len < REPORT_BYTES)
            g_string_append_len(text, bytes, n);
    }
}

static int
wait_for(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static bool
judge(int status, bool was_in_time, const char *report, unsigned seconds, GError **error)
{
    if (was_in_time && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (!was_in_time)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                    "Graphviz was not ready after %u seconds; write a .dot file and draw a part "
                    "of it",
                    seconds);
    else if (*report != '\0')
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, report);
    else
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "Graphviz broke down while it was drawing; write a .dot file instead");
    return false;
}

static bool
draw_in_child(const char *dot, const char *format, const char *path, unsigned seconds,
              GError **error)
{
    g_autoptr(GString) report = g_string_new(NULL);
    int pipes[2];

    if (pipe(pipes) != 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "no pipe: %s",
                    g_strerror(errno));
        return false;
    }

    pid_t child = fork();
    if (child == 0) {
        close(pipes[0]);
        run_child(dot, format, path, pipes[1]);
    }
    close(pipes[1]);
    if (child < 0) {
        close(pipes[0]);
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "no process for Graphviz: %s",
                    g_strerror(errno));
        return false;
    }

    bool was_in_time = read_report(pipes[0], seconds, report);
    if (!was_in_time)
        kill(child, SIGKILL);
    close(pipes[0]);
    return judge(wait_for(child), was_in_time, report->str, seconds, error);
}

bool
gmq_export_write(const char *dot, const char *path, unsigned seconds, GError **error)
{
    if (!gmq_export_knows(path, error))
        return false;

    const char *format = types[find_type(path)].format;
    if (format == NULL)
        return write_file(path, dot, -1, error);
    return draw_in_child(dot, format, path, seconds, error);
}
