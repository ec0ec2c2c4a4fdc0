#include "sim/client-story.h"

#include "core/base/hash.h"

/* What clients do and see, in the order in which it is told of each. What they are told of a
 * message by the broker at its leisure, as confirms are, is told in the order of the messages. */
static const struct {
    GmqEventKind kind;
    const char *word;
    bool is_by_message;
} kinds[] = {
    {GMQ_EVENT_CLIENT_SENT, "sent", false},
    {GMQ_EVENT_CLIENT_COMMITS, "committed", false},
    {GMQ_EVENT_CLIENT_ROLLS_BACK, "rolled back", false},
    {GMQ_EVENT_CLIENT_TAKEN_BACK, "took back", false},
    {GMQ_EVENT_CLIENT_CONFIRMED, "confirmed", true},
    {GMQ_EVENT_CLIENT_NACKED, "refused", true},
    {GMQ_EVENT_CLIENT_RETURNED, "returned", true},
    {GMQ_EVENT_CLIENT_RECEIVED, "received", false},
    {GMQ_EVENT_CLIENT_FINISHED, "finished", false},
    {GMQ_EVENT_CLIENT_FORWARDED, "passed on", false},
    {GMQ_EVENT_CLIENT_REPLIED, "got the answer to", false},
    {GMQ_EVENT_CLIENT_GAVE_UP, "gave up waiting for", false},
    {GMQ_EVENT_CLIENT_CANCELLED, "was cancelled", false},
    {GMQ_EVENT_CLIENT_CANNOT, "could not do something", false},
    {GMQ_EVENT_CLIENT_CLOSED, "closed", false},
};

/* "p1-5" of "p1-5@audit": which copy it is says the queue. */
static void
add_message(const GmqTraceEvent *event, GString *out)
{
    if (*event->message != '\0')
        g_string_append_c(out, ' ');
    g_string_append_len(out, event->message, (gssize)strcspn(event->message, "@"));
}

/* Names that a broker makes up begin the same everywhere, and end as it likes. */
static int
shared_size(const char *name)
{
    static const char *const starts[] = {"amq.gen-", "amq.rabbitmq.reply-to."};

    for (unsigned i = 0; i < G_N_ELEMENTS(starts); i++) {
        if (g_str_has_prefix(name, starts[i]))
            return (int)strlen(starts[i]);
    }
    return (int)strlen(name);
}

/* The words of a close are the broker's own; its code is not. */
static void
add_line(const GmqTraceEvent *event, const char *word, GString *out)
{
    g_string_append_printf(out, "%s %s", event->who, word);
    add_message(event, out);
    switch (event->kind) {
    case GMQ_EVENT_CLIENT_SENT:
        g_string_append_printf(out, " to \"%s\" with key \"%.*s\"", event->to,
                               shared_size(event->key), event->key);
        break;
    case GMQ_EVENT_CLIENT_RETURNED:
        g_string_append_printf(out, " with %" G_GUINT64_FORMAT, (guint64)event->count);
        break;
    case GMQ_EVENT_CLIENT_RECEIVED:
        g_string_append_printf(out, " from %.*s%s", shared_size(event->to), event->to,
                               event->redelivered ? ", again" : "");
        break;
    case GMQ_EVENT_CLIENT_FINISHED:
        g_string_append_printf(out, " from %.*s: %s", shared_size(event->to), event->to,
                               event->text);
        break;
    case GMQ_EVENT_CLIENT_CLOSED:
        g_string_append_printf(out, " with %" G_GUINT64_FORMAT, (guint64)event->count);
        break;
    case GMQ_EVENT_CLIENT_FORWARDED:
        g_string_append_printf(out, " to \"%s\" with key \"%s\"", event->to, event->key);
        break;
    case GMQ_EVENT_CLIENT_REPLIED:
        g_string_append_printf(out, ": %s", event->text);
        break;
    default:
        break;
    }
    g_string_append_c(out, '\n');
}

/* By the number behind the last "-", then by the place in the trace. */
static int
compare_messages(const void *a, const void *b)
{
    const GmqTraceEvent *one   = *(const GmqTraceEvent *const *)a;
    const GmqTraceEvent *other = *(const GmqTraceEvent *const *)b;
    const char *dash           = strrchr(one->message, '-');
    const char *other_dash     = strrchr(other->message, '-');
    uint64_t n                 = dash == NULL ? 0 : g_ascii_strtoull(dash + 1, NULL, 10);
    uint64_t other_n = other_dash == NULL ? 0 : g_ascii_strtoull(other_dash + 1, NULL, 10);

    if (n != other_n)
        return n < other_n ? -1 : 1;
    return one->number < other->number ? -1 : one->number > other->number;
}

static void
add_kind(GPtrArray *of_client, unsigned kind, GString *out)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();

    for (unsigned i = 0; i < of_client->len; i++) {
        const GmqTraceEvent *event = of_client->pdata[i];

        if (event->kind == kinds[kind].kind)
            g_ptr_array_add(found, (void *)event);
    }
    if (kinds[kind].is_by_message)
        g_ptr_array_sort(found, compare_messages);
    for (unsigned i = 0; i < found->len; i++)
        add_line(found->pdata[i], kinds[kind].word, out);
}

static void
free_events(void *events)
{
    g_ptr_array_unref(events);
}

void
gmq_client_story_add(const GmqTrace *trace, GString *out)
{
    g_autoptr(GPtrArray) clients = g_ptr_array_new_with_free_func(free_events);
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);

    for (uint64_t number = 1; number <= gmq_trace_length(trace); number++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, number);

        if (event->kind == GMQ_EVENT_CLIENT_ADDED) {
            GPtrArray *events = g_ptr_array_new();

            g_ptr_array_add(clients, events);
            g_hash_table_insert(places, (char *)event->who, events);
        } else if (event->kind > GMQ_EVENT_CLIENT_ADDED) {
            GPtrArray *events = g_hash_table_lookup(places, event->who);

            if (events != NULL)
                g_ptr_array_add(events, (void *)event);
        }
    }
    for (unsigned i = 0; i < clients->len; i++) {
        for (unsigned kind = 0; kind < G_N_ELEMENTS(kinds); kind++)
            add_kind(clients->pdata[i], kind, out);
    }
}

uint64_t
gmq_client_story_hash(const GmqTrace *trace)
{
    g_autoptr(GString) lines = g_string_new(NULL);

    gmq_client_story_add(trace, lines);
    return gmq_hash_bytes((GmqSlice){(const uint8_t *)lines->str, lines->len});
}

gboolean
gmq_client_story_save(const GmqTrace *trace, const char *path, GError **error)
{
    g_autoptr(GString) lines = g_string_new(NULL);

    gmq_client_story_add(trace, lines);
    return g_file_set_contents(path, lines->str, (gssize)lines->len, error);
}
