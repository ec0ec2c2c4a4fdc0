#include "sim/story.h"

#include "sim/columns.h"
#include "sim/event-words.h"
#include "sim/language.h"
#include "sim/particle.h"
#include "sim/story-private.h"
#include "sim/tally.h"
#include "sim/units.h"

/* Sentences stand behind this many characters of time. */
#define TIME_WIDTH 9
#define ABOUT_WIDTH 78

GmqStory *
gmq_story_new(bool is_ascii)
{
    GmqStory *story = g_new0(GmqStory, 1);

    story->is_ascii  = is_ascii;
    story->is_apart  = true;
    story->hop_to    = g_ptr_array_new();
    story->questions = g_ptr_array_new();
    return story;
}

void
gmq_story_free(GmqStory *story)
{
    if (story == NULL)
        return;
    g_ptr_array_unref(story->hop_to);
    g_ptr_array_unref(story->questions);
    g_free(story);
}

/* ---- text ---- */

void
gmq_story_wrap(GString *out, const char *text, unsigned width, const char *in_front)
{
    unsigned column = 0;

    for (const char *at = text; *at != '\0';) {
        size_t size           = strcspn(at, " \n");
        g_autofree char *word = g_strndup(at, size);
        unsigned length       = (unsigned)gmq_columns(word);

        if (size > 0 && column > 0 && column + 1 + length > width) {
            g_string_append_c(out, '\n');
            column = 0;
        }
        if (size > 0) {
            g_string_append(out, column == 0 ? in_front : " ");
            g_string_append_len(out, at, (gssize)size);
            column += length + (column == 0 ? 0 : 1);
        }
        at += size;
        at += strspn(at, " \n");
    }
    if (column > 0)
        g_string_append_c(out, '\n');
}

void
gmq_story_tell(GmqStory *story, GString *out, int64_t time_ns, const char *format, ...)
{
    g_autofree char *time = gmq_time_text(time_ns);
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = gmq_particles(g_strdup_vprintf(format, args));
    va_end(args);
    g_string_append_printf(out, "%*s  %s\n", TIME_WIDTH, time, sentence);
    story->is_apart = false;
}

/* The field of an event that "{w}" and its like stand for; NULL for what is none. */
static const char *
field_of(const GmqTraceEvent *event, const char *at)
{
    if (at[0] != '{' || at[1] == '\0' || at[2] != '}')
        return NULL;
    switch (at[1]) {
    case 'w':
        return event->who;
    case 't':
        return event->to;
    case 'm':
        return event->message;
    case 'k':
        return event->key;
    default:
        return at[1] == 'x' ? event->text : NULL;
    }
}

void
gmq_story_tell_of(GmqStory *story, const GmqTraceEvent *event, GString *out, const char *format)
{
    g_autoptr(GString) sentence = g_string_new(NULL);

    for (const char *at = _(format); *at != '\0'; at++) {
        const char *field = field_of(event, at);

        if (field == NULL) {
            g_string_append_c(sentence, *at);
        } else {
            g_autofree char *told = at[1] == 'x' ? gmq_event_told(field) : g_strdup(field);
            g_string_append(sentence, told);
        }
        at += field == NULL ? 0 : strlen("{w}") - 1;
    }
    gmq_story_tell(story, out, event->time_ns, "%s", sentence->str);
}

void
gmq_story_set_apart(GmqStory *story, GString *out, const char *text)
{
    g_autofree char *bar =
        g_strdup_printf("%*s%s ", TIME_WIDTH, "", story->is_ascii ? "|" : "\xe2\x94\x82");

    if (!story->is_apart)
        g_string_append_c(out, '\n');
    gmq_story_wrap(out, text, GMQ_CAPTION_WIDTH, bar);
    g_string_append_c(out, '\n');
    story->is_apart = true;
}

/* "a, b and c"; the caller frees it. */
static char *
join(const GPtrArray *names)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; i < names->len; i++) {
        const char *between = i == 0 ? "" : i + 1 == names->len ? _(" and ") : ", ";

        g_string_append(out, between);
        g_string_append(out, names->pdata[i]);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- hops ---- */

static void
tell_hops(GmqStory *story, GString *out)
{
    if (story->hop_from == NULL)
        return;

    g_autofree char *names = join(story->hop_to);
    gmq_story_tell(story, out, story->hop_ns, _("Exchange %s puts %s into %s."), story->hop_from,
                   story->hop_message, names);
    story->hop_from = NULL;
    g_ptr_array_set_size(story->hop_to, 0);
}

/* The way through the nameless exchange is no news. */
static void
on_routed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (*event->who == '\0')
        return;
    if (strcmp(event->text, "queue") != 0) {
        tell_hops(story, out);
        gmq_story_tell_of(story, event, out, N_("Exchange {w} passes {m} on to exchange {t}."));
        return;
    }
    if (story->hop_from != NULL && (strcmp(story->hop_from, event->who) != 0 ||
                                    strcmp(story->hop_message, event->message) != 0))
        tell_hops(story, out);
    story->hop_ns      = event->time_ns;
    story->hop_from    = event->who;
    story->hop_message = event->message;
    g_ptr_array_add(story->hop_to, (char *)event->to);
}

/* ---- clients ---- */

static void
on_connected(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{w} is connected."));
}

static void
on_consumer(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{t} listens to queue {w}."));
}

/* A body in quotes, on one line; the caller frees it. */
static char *
quote(const char *body)
{
    if (*body == '\0')
        return g_strdup(_("a message"));

    char *quoted = g_strconcat("\"", body, "\"", NULL);
    for (char *at = quoted; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    }
    return quoted;
}

static void
on_sent(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    g_autofree char *what = quote(event->text);
    bool is_queue         = *event->to == '\0';
    bool has_key          = !is_queue && *event->key != '\0';

    if (has_key)
        gmq_story_tell(story, out, event->time_ns,
                       _("%s sends %s to exchange %s with key %s (%s)."), event->who, what,
                       event->to, event->key, event->message);
    else
        gmq_story_tell(story, out, event->time_ns,
                       is_queue ? _("%s sends %s to queue %s (%s).")
                                : _("%s sends %s to exchange %s (%s)."),
                       event->who, what, is_queue ? event->key : event->to, event->message);
}

/* A crash has been told already. */
static void
on_client_closed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->text, "crashed") == 0)
        return;
    gmq_story_tell_of(story, event, out, N_("The connection of {w} ends: {x}."));
}

/* ---- broker ---- */

static void
on_unroutable(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (*event->who == '\0')
        gmq_story_tell_of(story, event, out, N_("There is no queue {k} for {m}."));
    else
        gmq_story_tell_of(story, event, out,
                          *event->key == '\0'
                              ? N_("Exchange {w} knows no queue for {m}, whose key is empty.")
                              : N_("Exchange {w} knows no queue for {m}, whose key is {k}."));
}

/* What a waiting consumer takes at once never waits. */
static void
on_enqueued(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->text, "consumer") == 0)
        return;
    gmq_story_tell(story, out, event->time_ns, _("%s waits in queue %s, which has %ju now."),
                   event->message, event->who, event->count);
}

static void
on_requeued(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      strcmp(event->text, "head") == 0
                          ? N_("{m} goes back to the head of queue {w}, marked redelivered.")
                          : N_("{m} goes back to its old place in queue {w}, marked redelivered."));
}

static void
on_connection_closed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->text, "connection lost") == 0)
        gmq_story_tell_of(story, event, out, N_("The broker sees that {w} is gone."));
    else
        gmq_story_tell_of(story, event, out, N_("The broker ends the connection of {w}: {x}."));
}

/* ---- the timeline ---- */

static void
on_caption(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_set_apart(story, out, event->text);
}

static void
on_broken(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    g_autofree char *told = gmq_event_told(event->text);

    gmq_story_tell(story, out, event->time_ns, "!!! %s", told);
}

/* ---- all ---- */

typedef void (*Teller)(GmqStory *story, const GmqTraceEvent *event, GString *out);

static const Teller tellers[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CONNECTION_OPENED] = on_connected,
    [GMQ_EVENT_CONNECTION_CLOSED] = on_connection_closed,
    [GMQ_EVENT_EXCHANGE_DELETED]  = gmq_story_exchange_deleted,
    [GMQ_EVENT_QUEUE_DELETED]     = gmq_story_queue_deleted,
    [GMQ_EVENT_QUEUE_PURGED]      = gmq_story_queue_purged,
    [GMQ_EVENT_CONSUMER_ADDED]    = on_consumer,
    [GMQ_EVENT_ROUTED]            = on_routed,
    [GMQ_EVENT_UNROUTABLE]        = on_unroutable,
    [GMQ_EVENT_ENQUEUED]          = on_enqueued,
    [GMQ_EVENT_REQUEUED]          = on_requeued,
    [GMQ_EVENT_EXPIRED]           = gmq_story_expired,
    [GMQ_EVENT_DROPPED]           = gmq_story_dropped,
    [GMQ_EVENT_DEAD_LETTERED]     = gmq_story_dead_lettered,
    [GMQ_EVENT_HELD]              = gmq_story_held,
    [GMQ_EVENT_ALARM_SET]         = gmq_story_alarm_set,
    [GMQ_EVENT_ALARM_CLEARED]     = gmq_story_alarm_cleared,
    [GMQ_EVENT_CLIENT_SENT]       = on_sent,
    [GMQ_EVENT_CLIENT_RECEIVED]   = gmq_story_received,
    [GMQ_EVENT_CLIENT_FINISHED]   = gmq_story_finished,
    [GMQ_EVENT_CLIENT_FORWARDED]  = gmq_story_forwarded,
    [GMQ_EVENT_CLIENT_EMPTY]      = gmq_story_empty,
    [GMQ_EVENT_CLIENT_CANCELLED]  = gmq_story_cancelled,
    [GMQ_EVENT_CLIENT_CONFIRMED]  = gmq_story_confirmed,
    [GMQ_EVENT_CLIENT_NACKED]     = gmq_story_nacked,
    [GMQ_EVENT_CLIENT_RETURNED]   = gmq_story_returned,
    [GMQ_EVENT_CLIENT_CLOSED]     = on_client_closed,
    [GMQ_EVENT_CAPTION]           = on_caption,
    [GMQ_EVENT_ASKED]             = gmq_story_ask,
    [GMQ_EVENT_FAULT_CRASH]       = gmq_story_crash,
    [GMQ_EVENT_FAULT_STOP]        = gmq_story_stop,
    [GMQ_EVENT_FAULT_START]       = gmq_story_start,
    [GMQ_EVENT_FAULT_CUT]         = gmq_story_cut,
    [GMQ_EVENT_FAULT_HEALED]      = gmq_story_healed,
    [GMQ_EVENT_FAULT_CLOG]        = gmq_story_clog,
    [GMQ_EVENT_FAULT_UNCLOG]      = gmq_story_unclog,
    [GMQ_EVENT_FAULT_RESET]       = gmq_story_reset,
    [GMQ_EVENT_FAULT_CLOSE]       = gmq_story_close_line,
    [GMQ_EVENT_FAULT_LINK]        = gmq_story_link,
    [GMQ_EVENT_FAULT_FREEZE]      = gmq_story_freeze,
    [GMQ_EVENT_FAULT_THAW]        = gmq_story_thaw,
    [GMQ_EVENT_CALM]              = gmq_story_calm,
    [GMQ_EVENT_LINE_DIED]         = gmq_story_line_died,
    [GMQ_EVENT_FAULT_DISK]        = gmq_story_disk,
    [GMQ_EVENT_BROKER_STOPPED]    = gmq_story_stopped,
    [GMQ_EVENT_BROKER_REFUSED]    = gmq_story_refused,
    [GMQ_EVENT_TAIL_CUT]          = gmq_story_tail_cut,
    [GMQ_EVENT_STORED]            = gmq_story_stored,
    [GMQ_EVENT_RECOVERED]         = gmq_story_recovered,
    [GMQ_EVENT_STARTED]           = gmq_story_started,
    [GMQ_EVENT_UNREADABLE]        = gmq_story_unreadable,
    [GMQ_EVENT_BLOCKED]           = gmq_story_blocked,
    [GMQ_EVENT_UNBLOCKED]         = gmq_story_unblocked,
    [GMQ_EVENT_COMMITTED]         = gmq_story_committed,
    [GMQ_EVENT_ROLLED_BACK]       = gmq_story_rolled_back,
    [GMQ_EVENT_CLIENT_CANNOT]     = gmq_story_cannot,
    [GMQ_EVENT_CLIENT_GAVE_UP]    = gmq_story_gave_up,
    [GMQ_EVENT_CLIENT_COMMITS]    = gmq_story_commits,
    [GMQ_EVENT_CLIENT_ROLLS_BACK] = gmq_story_rolls_back,
    [GMQ_EVENT_CLIENT_TAKEN_BACK] = gmq_story_taken_back,
    [GMQ_EVENT_CLIENT_REPLIED]    = gmq_story_replied,
    [GMQ_EVENT_CLIENT_WROTE]      = gmq_story_wrote,
    [GMQ_EVENT_CLIENT_READ]       = gmq_story_read,
    [GMQ_EVENT_CLIENT_ASKED]      = gmq_story_asked,
    [GMQ_EVENT_CHECK_BROKEN]      = on_broken,
};

void
gmq_story_add(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (event->kind != GMQ_EVENT_ROUTED)
        tell_hops(story, out);
    if (tellers[event->kind] != NULL)
        tellers[event->kind](story, event, out);
}

void
gmq_story_add_wire(GmqStory *story, const GmqTraceWire *line, GString *out)
{
    const char *arrow = story->is_ascii ? "->" : "\xe2\x86\x92";

    if (line->kind == GMQ_WIRE_FRAME)
        gmq_story_tell(story, out, line->time_ns, "  %s %s %s  ch %u  %s", line->who, arrow,
                       line->to, line->channel, line->text);
    else
        gmq_story_tell(story, out, line->time_ns, "  %s %s %s  %" G_GUINT64_FORMAT " B %s",
                       line->who, arrow, line->to, line->bytes,
                       line->kind == GMQ_WIRE_SENT ? "leave" : "arrive");
}

void
gmq_story_close(GmqStory *story, GString *out)
{
    tell_hops(story, out);
    gmq_story_answer(story, out);
}

static void
tell_binding(const GmqStory *story, const GmqBindingLine *binding, GString *out)
{
    const char *arrow = story->is_ascii ? "->" : "\xe2\x86\x92";

    g_string_append_printf(out, "  %s %s %s", binding->from, arrow, binding->to);
    if (*binding->key != '\0')
        g_string_append_printf(out, _("  (key %s)"), binding->key);
    g_string_append_c(out, '\n');
}

void
gmq_story_open(GmqStory *story, const GmqScenario *scenario, GString *out)
{
    story->scenario = scenario;
    g_string_append_printf(out, "%s\n", scenario->title);
    if (scenario->about != NULL)
        gmq_story_wrap(out, scenario->about, ABOUT_WIDTH, "");
    g_string_append_c(out, '\n');
    for (unsigned i = 0; i < scenario->bindings->len; i++)
        tell_binding(story, scenario->bindings->pdata[i], out);
    if (scenario->bindings->len > 0)
        g_string_append_c(out, '\n');
}
