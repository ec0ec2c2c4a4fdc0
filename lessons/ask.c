#include "lessons/ask.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t is_stopped;

static void
note_stop(int number)
{
    (void)number;
    is_stopped = 1;
}

/* Reads byte by byte: what stands behind the line is for whom is started next, an editor perhaps.
 * False at the end, when nothing was read, and when the person stops. */
static bool
read_line(GString *line)
{
    bool is_any = false;
    char byte;

    while (!is_stopped) {
        ssize_t n = read(STDIN_FILENO, &byte, 1);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return is_any;
        if (byte == '\n')
            return true;
        is_any = true;
        if (line->len < GMQ_ASK_LINE_MAX)
            g_string_append_c(line, byte);
    }
    return false;
}

/* Ctrl-C ends the waiting and not the program, from the moment on at which the prompt is seen. */
static bool
prompt_and_read(const char *prompt, GString *line)
{
    struct sigaction stop = {.sa_handler = note_stop};
    struct sigaction before;

    is_stopped = 0;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGINT, &stop, &before);
    fputs(prompt, stdout);
    fflush(stdout);
    bool is_read = read_line(line);
    sigaction(SIGINT, &before, NULL);
    return is_read;
}

GmqAsked
gmq_ask(const char *prompt, char **line)
{
    g_autoptr(GString) text = g_string_new(NULL);

    *line = NULL;
    if (!prompt_and_read(prompt, text)) {
        putchar('\n');
        return is_stopped ? GMQ_ASK_STOPPED : GMQ_ASK_END;
    }
    if (!isatty(STDIN_FILENO))
        putchar('\n'); /* nobody's Enter has ended the line of the prompt */
    g_autofree char *valid = g_utf8_make_valid(text->str, (gssize)text->len);
    *line                  = g_strdup(g_strstrip(valid));
    return GMQ_ASK_LINE;
}

void
gmq_say_line(void *user, const char *line)
{
    (void)user;
    puts(line);
    fflush(stdout);
}
