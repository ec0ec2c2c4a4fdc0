#include "viz/cmd-tail.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/data-path.h"
#include "core/base/options.h"
#include "sim/filter.h"
#include "sim/language.h"
#include "viz/event-line.h"
#include "viz/live.h"

/* Lines are written in pieces of that size while they come quickly. */
#define OUTPUT_SIZE 65536

static char *vhost;
static char *filter_text;
static char *count_text;
static gboolean json;
static gboolean no_snapshot;

static const GOptionEntry entries[] = {
    {"vhost", 0, 0, G_OPTION_ARG_STRING, &vhost,
     N_("Look at that virtual host (default: the broker's default one)"), "NAME"},
    {"filter", 0, 0, G_OPTION_ARG_STRING, &filter_text,
     N_("Show these events alone: \"kind:deliver,ack queue:tasks\""), "FILTER"},
    {"count", 0, 0, G_OPTION_ARG_STRING, &count_text, N_("End after so many events"), "N"},
    {"no-snapshot", 0, 0, G_OPTION_ARG_NONE, &no_snapshot,
     N_("Leave out what there is already, and begin with what happens"), NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &json,
     N_("Print each event as a line of JSON, as in a trace"), NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command      = "tail",
    .arguments    = "[DIR]",
    .summary      = N_("Prints what happens in a running broker, as it happens: first "
                            "what there is, then each event.\n"
                            "DIR is the broker's data directory (default: that of glassmq "
                            "serve). Looking changes nothing,\n"
                            "and does not hold the broker up: what does not fit is left "
                            "out, and counted."),
    .more         = N_("Examples:\n"
                               "  glassmq tail\n"
                               "  glassmq tail --no-snapshot --filter \"queue:tasks "
                               "kind:deliver,ack\"\n"
                               "  glassmq tail /var/lib/glassmq --json --count 1000\n\n"
                               "Ctrl-C ends it. Exit status: 0 in the end, 1 when no broker "
                               "answers there, 2 for wrong use."),
    .entries      = entries,
    .n_files_most = 1,
};

typedef struct {
    GmqLive *live;
    GmqFilter *filter; /* NULL: all */
    GmqStage *stage;   /* an empty one: names of messages are shown whole */
    uint64_t n_left;
    bool is_there; /* what comes now was there before */
    bool is_away;
    bool has_begun;
} Tail;

static volatile sig_atomic_t is_ended;

static void
on_end(int number)
{
    (void)number;
    is_ended = 1;
}

static void
catch_signals(void)
{
    const struct sigaction end = {.sa_handler = on_end};

    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
}

static void
forget_options(void)
{
    g_clear_pointer(&vhost, g_free);
    g_clear_pointer(&filter_text, g_free);
    g_clear_pointer(&count_text, g_free);
    json        = FALSE;
    no_snapshot = FALSE;
}

/* ---- lines ---- */

/* Names may hold anything; a terminal gets no commands from them. */
static void
print_plain(const char *text)
{
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_iscntrl(g_utf8_get_char(at)))
            fputs("\xef\xbf\xbd", stdout);
        else
            fwrite(at, 1, (size_t)(g_utf8_next_char(at) - at), stdout);
    }
}

static void
print_json(const GmqTraceEvent *event)
{
    g_autoptr(GString) line = g_string_new(NULL);

    gmq_trace_event_to_json(event, line);
    fwrite(line->str, 1, line->len, stdout);
}

/* The clock of the place where it is read. */
static void
print_time(int64_t wall_ms)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(wall_ms / 1000);
    g_autofree char *clock    = time == NULL ? NULL : g_date_time_format(time, "%H:%M:%S");

    printf("%s.%03d", clock == NULL ? "?" : clock, (int)(wall_ms % 1000));
}

static void
print_words(const Tail *tail, const GmqTraceEvent *event)
{
    g_autofree char *words = gmq_event_words(tail->stage, event);
    const char *actor      = gmq_event_actor(event);
    long width             = g_utf8_strlen(actor, -1);

    if (event->number == 0)
        printf("%-12s", "there");
    else
        print_time(gmq_live_wall_ms(tail->live));
    printf("  ");
    print_plain(actor);
    printf("%*s  ", (int)MAX(14 - width, 0), "");
    print_plain(words);
    if (event->number > 0)
        printf("  #%" G_GUINT64_FORMAT, event->number);
    if (event->cause > 0)
        printf(", cause #%" G_GUINT64_FORMAT, event->cause);
    putchar('\n');
}

/* Its numbers are those of the broker, which mean something beyond this look. */
static void
print_event(Tail *tail)
{
    const GmqTrace *trace      = gmq_live_trace(tail->live);
    const GmqTraceEvent *event = gmq_trace_event(trace, gmq_trace_length(trace));
    GmqTraceEvent shown        = *event;

    if ((tail->is_there && no_snapshot) || !gmq_filter_matches(tail->filter, event))
        return;
    shown.number = gmq_live_number(tail->live);
    shown.cause  = gmq_live_cause(tail->live);
    if (json)
        print_json(&shown);
    else
        print_words(tail, &shown);
    tail->n_left--;
}

static void
print_missed(uint64_t missed)
{
    if (json)
        printf("{\"missed\":%" G_GUINT64_FORMAT "}\n", missed);
    else
        printf(P_("-- %ju event missed; what there is now:\n",
                  "-- %ju events missed; what there is now:\n", missed),
               missed);
}

/* ---- following ---- */

static void
begin(Tail *tail)
{
    uint64_t missed = gmq_live_missed(tail->live);

    if (tail->is_away)
        fputs(_("glassmq tail: a broker is there again.\n"), stderr);
    tail->is_there = missed > 0 || tail->is_away || !tail->has_begun;
    if (missed > 0)
        print_missed(missed);
    tail->is_away   = false;
    tail->has_begun = true;
}

/* False when it was never there. */
static bool
lose(Tail *tail)
{
    fflush(stdout);
    fprintf(stderr, _("glassmq tail: %s%s.\n"), gmq_live_why(tail->live),
            tail->has_begun ? _("; it is looked for until it is back") : "");
    tail->is_away = true;
    return tail->has_begun;
}

/* Until something comes, the reader of the lines goes away, or a signal comes: which is held back
 * between the look at it and the wait. */
static void
wait_for_news(const Tail *tail)
{
    int fd                = gmq_live_fd(tail->live);
    struct pollfd polls[] = {{.fd = fd, .events = POLLIN}, {.fd = STDOUT_FILENO}};
    struct timespec retry = {.tv_nsec = GMQ_LIVE_RETRY_MS * 1000000L};
    sigset_t ends, before;

    fflush(stdout);
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, &before);
    if (!is_ended)
        ppoll(polls, G_N_ELEMENTS(polls), fd < 0 ? &retry : NULL, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if ((polls[1].revents & (POLLERR | POLLHUP)) != 0)
        is_ended = 1;
}

static bool
take_news(Tail *tail, GmqLiveNews news)
{
    switch (news) {
    case GMQ_LIVE_BEGIN:
        begin(tail);
        return true;
    case GMQ_LIVE_EVENT:
        print_event(tail);
        return true;
    case GMQ_LIVE_WHOLE:
        tail->is_there = false;
        return true;
    case GMQ_LIVE_GONE:
        return lose(tail);
    default:
        wait_for_news(tail);
        return true;
    }
}

/* A reader of a pipe who has seen enough is no error. */
static int
follow(Tail *tail)
{
    while (!is_ended && tail->n_left > 0 && !ferror(stdout)) {
        if (!take_news(tail, gmq_live_next(tail->live)))
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

static int
run(const char *directory, GmqFilter *filter, uint64_t count)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqLive) live     = gmq_live_new(directory, vhost, &error);
    g_autoptr(GmqTrace) nothing = gmq_trace_new(&(GmqTraceInfo){0});
    g_autoptr(GmqStage) stage   = gmq_stage_new(nothing);
    Tail tail = {.live = live, .filter = filter, .stage = stage, .n_left = count, .is_there = true};

    if (live == NULL) {
        fprintf(stderr, "glassmq tail: %s.\n", error->message);
        return EXIT_FAILURE;
    }
    gmq_live_set_whole(live, false);
    setvbuf(stdout, NULL, _IOFBF, OUTPUT_SIZE);
    catch_signals();
    return follow(&tail);
}

static int
tail(const char *directory)
{
    g_autofree char *standard = gmq_data_path_default();
    g_autoptr(GError) error   = NULL;
    unsigned column           = 0;
    uint64_t count            = UINT64_MAX;
    g_autoptr(GmqFilter) filter =
        filter_text == NULL ? NULL : gmq_filter_new(filter_text, &column, &error);

    if (error != NULL)
        return gmq_usage_wrong(&usage, "--filter: %s (at character %u)", error->message, column);
    if (!gmq_usage_number(&usage, "--count", count_text, 1, UINT64_MAX, &count))
        return GMQ_EXIT_USAGE;
    return run(directory == NULL ? standard : directory, filter, count);
}

int
gmq_cmd_tail(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = tail(files[0]);
    forget_options();
    return status;
}
