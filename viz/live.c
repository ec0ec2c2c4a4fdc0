#include "viz/live.h"

#include <string.h>

#include "core/base/json.h"
#include "sim/language.h"
#include "sim/recorder.h"
#include "viz/live-line.h"
#include "viz/live-names.h"
#include "viz/live-socket.h"

#define NS_PER_MS G_GINT64_CONSTANT(1000000)
#define US_PER_MS 1000

/* How long a snapshot may be in coming. */
#define SNAPSHOT_MS 30000

struct GmqLive {
    char *directory;
    char *vhost;           /* NULL: the broker's default one */
    char *title;           /* of the traces: which one it is, and how many others there are */
    GmqLiveSocket *socket; /* NULL while the broker is away */
    int64_t retry_us;      /* when to look for it again */
    GError *why;
    bool is_whole_wanted;
    bool is_greeted; /* its first line was read */
    GmqTrace *trace;
    GmqTrace *last;  /* the one before */
    GArray *numbers; /* of uint64_t: the broker's, by those of the trace */
    GmqLiveNames *names;
    uint64_t missed;
    uint64_t number;
    uint64_t cause;
    int64_t started_wall_ms; /* when the first trace began */
    int64_t wall_ms;         /* at greeted_ns of the broker's clock */
    int64_t greeted_ns;
    int64_t time_ns; /* of the last event, by the broker's clock */
};

G_DEFINE_QUARK(gmq - live - error, gmq_live_error)

/* ---- traces ---- */

static void
begin_trace(GmqLive *live, uint64_t missed)
{
    g_autofree char *name = g_path_get_basename(live->directory);
    GmqTraceInfo info     = {.scenario = name, .title = live->title};

    g_clear_pointer(&live->last, gmq_trace_free);
    live->last   = live->trace;
    live->trace  = gmq_trace_new(&info);
    live->missed = missed;
    g_array_set_size(live->numbers, 0);
}

/* The number in the trace of an event that the broker calls so; 0 when it is in none. */
static uint64_t
find_number(const GmqLive *live, uint64_t number)
{
    const uint64_t *numbers = (const uint64_t *)(const void *)live->numbers->data;
    unsigned low            = 0;
    unsigned high           = live->numbers->len;

    while (number > 0 && low < high) {
        unsigned middle = low + (high - low) / 2;

        if (numbers[middle] == number)
            return middle + 1;
        if (numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* Time goes on from trace to trace, and from broker to broker. */
static int64_t
time_in_trace(const GmqLive *live, int64_t time_ns)
{
    int64_t since_ns = (live->wall_ms - live->started_wall_ms) * NS_PER_MS;
    int64_t here_ns  = since_ns + time_ns - live->greeted_ns;
    size_t length    = gmq_trace_length(live->trace);
    int64_t least_ns = length == 0 ? 0 : gmq_trace_event(live->trace, length)->time_ns;

    return MAX(here_ns, least_ns);
}

/* ---- lines ---- */

/* Ends the connection; the next look is due later. */
static GmqLiveNews
lose(GmqLive *live, GError *why)
{
    g_clear_error(&live->why);
    live->why = why;
    g_clear_pointer(&live->socket, gmq_live_socket_free);
    live->retry_us = g_get_monotonic_time() + (int64_t)GMQ_LIVE_RETRY_MS * US_PER_MS;
    return GMQ_LIVE_GONE;
}

static GmqLiveNews
lose_to_nonsense(GmqLive *live)
{
    return lose(live, g_error_new(GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED,
                                  _("what answers there does not talk like a broker")));
}

static bool
ask(GmqLive *live, GError **error)
{
    g_autoptr(GString) request = g_string_new("{\"command\":\"events\"");

    if (live->vhost != NULL) {
        g_string_append(request, ",\"vhost\":");
        gmq_json_add_text(request, live->vhost);
    }
    g_string_append(request, "}\n");
    live->is_greeted = false;
    return gmq_live_socket_ask(live->socket, request->str, error);
}

/* An older broker does not say how many virtual hosts there are. */
static void
set_title(GmqLive *live, const GmqLiveLine *line)
{
    g_autofree char *vhost = gmq_slice_dup(gmq_live_line_text(line, "vhost"));
    uint64_t n             = gmq_live_line_number(line, "vhosts");

    g_free(live->title);
    if (n < 2)
        live->title = g_strdup_printf(_("virtual host %s"), vhost);
    else
        live->title = g_strdup_printf(
            P_("virtual host %s (%ju other)", "virtual host %s (%ju others)", n - 1), vhost, n - 1);
}

/* The answer to the request. Lines of the one before it may still come first. */
static GmqLiveNews
take_greeting(GmqLive *live, const GmqLiveLine *line)
{
    GmqSlice refusal = gmq_live_line_text(line, "error");

    if (gmq_live_line_number(line, "ok") == 0)
        return lose(live, g_error_new(GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED, "%.*s",
                                      (int)refusal.size, (const char *)refusal.data));
    live->is_greeted = true;
    live->greeted_ns = (int64_t)gmq_live_line_number(line, "t");
    live->wall_ms    = (int64_t)gmq_live_line_number(line, "wall_ms");
    live->time_ns    = live->greeted_ns;
    if (live->started_wall_ms == 0)
        live->started_wall_ms = live->wall_ms;
    gmq_live_names_clear(live->names);
    set_title(live, line);
    begin_trace(live, 0);
    return GMQ_LIVE_BEGIN;
}

/* False for a kind that this program does not know. */
static bool
read_event(const GmqLiveLine *line, GmqEvent *event)
{
    g_autofree char *word    = gmq_slice_dup(gmq_live_line_text(line, "k"));
    GmqEventKind kind        = gmq_event_kind_find(word);
    const GmqEventInfo *info = kind == GMQ_N_EVENTS ? NULL : gmq_event_info(kind);
    GmqSlice message         = gmq_live_line_text(line, "m");

    if (info == NULL)
        return false;
    *event = (GmqEvent){.kind        = kind,
                        .number      = gmq_live_line_number(line, "n"),
                        .cause       = gmq_live_line_number(line, "c"),
                        .time_ns     = (int64_t)gmq_live_line_number(line, "t"),
                        .who         = gmq_live_line_text(line, "who"),
                        .to          = gmq_live_line_text(line, "to"),
                        .key         = gmq_live_line_text(line, "key"),
                        .message_id  = gmq_live_line_text(line, "id"),
                        .tag         = gmq_live_line_number(line, "tag"),
                        .count       = gmq_live_line_number(line, info->count_label),
                        .text        = gmq_live_line_text(line, info->text_label),
                        .channel     = (uint16_t)gmq_live_line_number(line, "ch"),
                        .redelivered = gmq_live_line_number(line, "redelivered") != 0};
    for (size_t i = 1; i < message.size && g_ascii_isdigit(message.data[i]); i++)
        event->message = event->message * 10 + (message.data[i] - '0');
    return true;
}

static GmqLiveNews
take_event(GmqLive *live, const GmqLiveLine *line)
{
    GmqEvent event;

    if (!read_event(line, &event))
        return GMQ_LIVE_NOTHING;
    live->number  = event.number;
    live->cause   = event.cause;
    live->time_ns = event.time_ns;
    event.cause   = find_number(live, event.cause);
    event.time_ns = time_in_trace(live, event.time_ns);
    g_array_append_val(live->numbers, event.number);
    gmq_trace_add(live->trace, &event,
                  gmq_live_names_of(live->names, &event, gmq_event_queue(&event)));
    return GMQ_LIVE_EVENT;
}

/* A line that says nothing new is stepped over. */
static GmqLiveNews
take_line(GmqLive *live, char *text, size_t size)
{
    GmqLiveLine line;

    if (!gmq_live_line_read(&line, text, size))
        return lose_to_nonsense(live);
    if (gmq_live_line_find(&line, "ok") != NULL)
        return take_greeting(live, &line);
    if (!live->is_greeted)
        return GMQ_LIVE_NOTHING;
    if (gmq_live_line_find(&line, "k") != NULL)
        return take_event(live, &line);
    if (gmq_live_line_find(&line, "snapshot") != NULL)
        return GMQ_LIVE_WHOLE;
    if (gmq_live_line_find(&line, "missed") == NULL)
        return GMQ_LIVE_NOTHING;
    begin_trace(live, gmq_live_line_number(&line, "missed"));
    return GMQ_LIVE_BEGIN;
}

/* ---- what is next ---- */

static bool
attach(GmqLive *live, GError **error)
{
    live->socket = gmq_live_socket_new(live->directory, error);
    return live->socket != NULL && ask(live, error);
}

static void
look_again(GmqLive *live)
{
    g_autoptr(GError) ignored = NULL;

    if (g_get_monotonic_time() < live->retry_us)
        return;
    live->retry_us = g_get_monotonic_time() + (int64_t)GMQ_LIVE_RETRY_MS * US_PER_MS;
    if (!attach(live, &ignored))
        g_clear_pointer(&live->socket, gmq_live_socket_free);
}

/* A trace that is too long makes room for the next. What there is has to be told again then, for
 * whoever needs it. False with an error when the broker is gone. */
static bool
make_room(GmqLive *live, bool *has_begun, GError **error)
{
    if (!live->is_greeted || live->trace == NULL ||
        gmq_trace_length(live->trace) < GMQ_LIVE_EVENTS_MAX)
        return true;
    if (live->is_whole_wanted)
        return ask(live, error);
    begin_trace(live, 0);
    *has_begun = true;
    return true;
}

GmqLiveNews
gmq_live_next(GmqLive *live)
{
    GError *error  = NULL;
    bool has_begun = false;
    size_t size;

    if (live->socket == NULL)
        look_again(live);
    if (live->socket == NULL)
        return GMQ_LIVE_NOTHING;
    if (!make_room(live, &has_begun, &error))
        return lose(live, error);
    if (has_begun)
        return GMQ_LIVE_BEGIN;

    for (;;) {
        char *line = gmq_live_socket_line(live->socket, &size, &error);
        if (line == NULL)
            return error == NULL ? GMQ_LIVE_NOTHING : lose(live, error);
        GmqLiveNews news = take_line(live, line, size);
        if (news != GMQ_LIVE_NOTHING)
            return news;
    }
}

/* ---- life ---- */

GmqLive *
gmq_live_new(const char *directory, const char *vhost, GError **error)
{
    g_autoptr(GmqLive) live = g_new0(GmqLive, 1);

    live->directory       = g_strdup(directory);
    live->vhost           = g_strdup(vhost);
    live->title           = g_strdup("");
    live->numbers         = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    live->names           = gmq_live_names_new();
    live->is_whole_wanted = true;
    begin_trace(live, 0);
    return attach(live, error) ? g_steal_pointer(&live) : NULL;
}

void
gmq_live_free(GmqLive *live)
{
    if (live == NULL)
        return;
    gmq_live_socket_free(live->socket);
    gmq_trace_free(live->trace);
    gmq_trace_free(live->last);
    g_array_unref(live->numbers);
    gmq_live_names_free(live->names);
    g_clear_error(&live->why);
    g_free(live->directory);
    g_free(live->vhost);
    g_free(live->title);
    g_free(live);
}

int
gmq_live_fd(const GmqLive *live)
{
    return live->socket == NULL ? -1 : gmq_live_socket_fd(live->socket);
}

const char *
gmq_live_why(const GmqLive *live)
{
    return live->why == NULL ? "" : live->why->message;
}

const GmqTrace *
gmq_live_trace(const GmqLive *live)
{
    return live->trace;
}

GmqTrace *
gmq_live_take_last(GmqLive *live)
{
    return g_steal_pointer(&live->last);
}

uint64_t
gmq_live_missed(const GmqLive *live)
{
    return live->missed;
}

uint64_t
gmq_live_number(const GmqLive *live)
{
    return live->number;
}

uint64_t
gmq_live_cause(const GmqLive *live)
{
    return live->cause;
}

int64_t
gmq_live_wall_ms(const GmqLive *live)
{
    return live->wall_ms + (live->time_ns - live->greeted_ns) / NS_PER_MS;
}

void
gmq_live_set_whole(GmqLive *live, bool is_whole)
{
    live->is_whole_wanted = is_whole;
}

/* ---- a look ---- */

GmqTrace *
gmq_live_snapshot(const char *directory, const char *vhost, GError **error)
{
    g_autoptr(GmqLive) live = gmq_live_new(directory, vhost, error);
    int64_t end_us          = g_get_monotonic_time() + (int64_t)SNAPSHOT_MS * US_PER_MS;

    while (live != NULL && g_get_monotonic_time() < end_us) {
        GmqLiveNews news = gmq_live_next(live);

        if (news == GMQ_LIVE_WHOLE)
            return g_steal_pointer(&live->trace);
        if (news == GMQ_LIVE_GONE) {
            g_propagate_error(error, g_steal_pointer(&live->why));
            return NULL;
        }
        if (news == GMQ_LIVE_NOTHING) {
            GPollFD input = {.fd = gmq_live_fd(live), .events = G_IO_IN};
            g_poll(&input, 1, GMQ_LIVE_RETRY_MS);
        }
    }
    if (live != NULL)
        g_set_error(error, GMQ_LIVE_ERROR, GMQ_LIVE_ERROR_FAILED,
                    _("the broker of %s does not answer in time"), directory);
    return NULL;
}
