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

/* Draws with libgvc; nothing is freed because the child ends with it. NULL with a sentence in
 * why. */
static char *
draw(const char *dot, const char *format, unsigned *size, GString *why)
{
    GVC_t *context  = gvContext();
    Agraph_t *graph = agmemread(dot);
    char *bytes     = NULL;

    if (graph == NULL) {
        g_string_assign(why, "Graphviz cannot read the graph");
        return NULL;
    }
    if (strcmp(format, "png") == 0)
        agattr(graph, AGRAPH, (char *)"dpi", "144"); /* sharp on a projector */
    if (gvLayout(context, graph, "dot") == 0 &&
        gvRenderData(context, graph, format, &bytes, size) == 0 && bytes != NULL)
        return bytes;
    g_string_printf(why, "Graphviz cannot draw %s here", format);
    return NULL;
}

/* False when nobody reads. */
static bool
write_all(int to, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(to, bytes, size);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
    return true;
}

/* Sends the drawing, or with status 1 why there is none, and leaves without the parent's exit
 * handlers. */
G_GNUC_NORETURN static void
run_child(const char *dot, const char *format, int to)
{
    g_autoptr(GString) why = g_string_new(NULL);
    unsigned size          = 0;

    agseterr(AGMAX); /* warnings about fonts are of no use to the reader */
    const char *bytes = draw(dot, format, &size, why);
    bool is_sent      = bytes != NULL ? write_all(to, bytes, size)
                                      : write_all(to, why->str, MIN(why->len, REPORT_BYTES));
    _exit(!is_sent ? 2 : bytes != NULL ? 0 : 1);
}

/* ---- in the parent ---- */

/* Reads until the child closes the pipe, which it does at its end at the latest. False when the
 * time is over before. */
static bool
read_answer(int from, unsigned seconds, GString *answer)
{
    int64_t end = g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC;

    for (;;) {
        char bytes[16384];
        int64_t left       = end - g_get_monotonic_time();
        struct pollfd wait = {.fd = from, .events = POLLIN};

        if (left <= 0)
            return false;
        if (poll(&wait, 1, (int)(left / 1000) + 1) <= 0)
            continue;
        ssize_t n = read(from, bytes, sizeof(bytes));
        if (n == 0 || (n < 0 && errno != EINTR))
            return true;
        if (n > 0)
            g_string_append_len(answer, bytes, n);
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
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && *report != '\0')
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, report);
    else
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "Graphviz broke down while it was drawing; write a .dot file instead");
    return false;
}

/* Returns the read end of a pipe into which a new child draws; -1 with an error. */
static int
start_child(const char *dot, const char *format, pid_t *child, GError **error)
{
    int pipes[2];

    if (pipe(pipes) != 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "no pipe: %s",
                    g_strerror(errno));
        return -1;
    }
    *child = fork();
    if (*child == 0) {
        close(pipes[0]);
        run_child(dot, format, pipes[1]);
    }
    close(pipes[1]);
    if (*child > 0)
        return pipes[0];
    close(pipes[0]);
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "no process for Graphviz: %s",
                g_strerror(errno));
    return -1;
}

char *
gmq_export_render(const char *dot, const char *format, unsigned seconds, size_t *size,
                  GError **error)
{
    g_autoptr(GString) answer = g_string_new(NULL);
    pid_t child               = 0;
    int from                  = start_child(dot, format, &child, error);

    if (from < 0)
        return NULL;
    bool was_in_time = read_answer(from, seconds, answer);
    if (!was_in_time)
        kill(child, SIGKILL);
    close(from);
    if (!judge(wait_for(child), was_in_time, answer->str, seconds, error))
        return NULL;
    if (size != NULL)
        *size = answer->len;
    return g_string_free(g_steal_pointer(&answer), FALSE);
}

bool
gmq_export_write(const char *dot, const char *path, unsigned seconds, GError **error)
{
    size_t size = 0;

    if (!gmq_export_knows(path, error))
        return false;
    const char *format = types[find_type(path)].format;
    if (format == NULL)
        return write_file(path, dot, -1, error);
    g_autofree char *bytes = gmq_export_render(dot, format, seconds, &size, error);
    return bytes != NULL && write_file(path, bytes, (gssize)size, error);
}
