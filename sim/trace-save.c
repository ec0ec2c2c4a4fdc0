#include "sim/json.h"
#include "sim/trace.h"

/* Lines are collected up to this size before they are written. */
#define WRITE_SIZE 65536

static void
add_key(GString *out, const char *key)
{
    g_string_append(out, ",\"");
    g_string_append(out, key);
    g_string_append(out, "\":");
}

static void
add_text(GString *out, const char *key, const char *text)
{
    add_key(out, key);
    gmq_json_add_text(out, text);
}

static void
add_number(GString *out, const char *key, uint64_t number)
{
    add_key(out, key);
    gmq_json_add_number(out, number);
}

/* All that is in a line of an event besides its texts: keys, numbers, punctuation. */
#define FRAME_SIZE 512

static char *
put_key(char *at, const char *key)
{
    at = gmq_json_write(at, ",\"", 2);
    at = gmq_json_write(at, key, strlen(key));
    return gmq_json_write(at, "\":", 2);
}

static char *
put_text(char *at, const char *key, const char *text)
{
    return gmq_json_write_text(put_key(at, key), text);
}

static char *
put_number(char *at, const char *key, uint64_t number)
{
    return gmq_json_write_number(put_key(at, key), number);
}

static size_t
line_size_max(const GmqTraceEvent *event)
{
    return FRAME_SIZE + gmq_json_text_max(event->who) + gmq_json_text_max(event->to) +
           gmq_json_text_max(event->key) + gmq_json_text_max(event->message) +
           gmq_json_text_max(event->text);
}

/* A kind writes all the members that it carries, in this order, whether they are empty or not. */
void
gmq_trace_event_to_json(const GmqTraceEvent *event, GString *out)
{
    const GmqEventInfo *info = gmq_event_info(event->kind);
    char *at                 = gmq_json_reserve(out, line_size_max(event));

    at = gmq_json_write(at, "{\"n\":", 5);
    at = gmq_json_write_number(at, event->number);
    at = put_number(at, "t", (uint64_t)event->time_ns);
    at = put_text(at, "k", info->kind);
    if ((info->fields & GMQ_FIELD_WHO) != 0)
        at = put_text(at, "who", event->who);
    if ((info->fields & GMQ_FIELD_TO) != 0)
        at = put_text(at, "to", event->to);
    if ((info->fields & GMQ_FIELD_KEY) != 0)
        at = put_text(at, "key", event->key);
    if ((info->fields & GMQ_FIELD_MESSAGE) != 0)
        at = put_text(at, "m", event->message);
    if ((info->fields & GMQ_FIELD_CHANNEL) != 0)
        at = put_number(at, "ch", event->channel);
    if ((info->fields & GMQ_FIELD_TAG) != 0)
        at = put_number(at, "tag", event->tag);
    if ((info->fields & GMQ_FIELD_COUNT) != 0)
        at = put_number(at, info->count_label, event->count);
    if ((info->fields & GMQ_FIELD_TEXT) != 0)
        at = put_text(at, info->text_label, event->text);
    if ((info->fields & GMQ_FIELD_REDELIVERED) != 0)
        at = put_number(at, "redelivered", event->redelivered);
    at = put_number(at, "c", event->cause);
    at = gmq_json_write(at, "}\n", 2);
    gmq_json_commit(out, at);
}

void
gmq_trace_wire_to_json(const GmqTraceWire *line, GString *out)
{
    g_string_append(out, "{\"after\":");
    gmq_json_add_number(out, line->after);
    add_number(out, "t", (uint64_t)line->time_ns);
    add_text(out, "k", gmq_trace_wire_word(line->kind));
    add_text(out, "who", line->who);
    add_text(out, "to", line->to);
    if (line->kind == GMQ_WIRE_FRAME)
        add_number(out, "ch", line->channel);
    add_number(out, "bytes", line->bytes);
    if (line->kind == GMQ_WIRE_FRAME)
        add_text(out, "text", line->text);
    g_string_append(out, "}\n");
}

void
gmq_trace_header_to_json(const GmqTraceInfo *info, GString *out)
{
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, info->text, -1);

    g_string_append(out, "{\"glassmq\":1");
    add_text(out, "tool", info->tool);
    add_text(out, "scenario", info->scenario);
    add_text(out, "title", info->title);
    add_number(out, "seed", info->seed);
    add_text(out, "ties", info->ties == GMQ_TIES_RANDOM ? "random" : "file");
    add_text(out, "level", gmq_level_name(info->level));
    add_number(out, "stop", (uint64_t)info->stop_ns);
    add_text(out, "sha256", sum);
    add_text(out, "text", info->text);
    g_string_append(out, "}\n");
}

void
gmq_trace_end_to_json(const GmqTraceInfo *info, size_t n_events, GString *out)
{
    g_string_append(out, "{\"full\":");
    gmq_json_add_hash(out, info->fingerprint);
    add_key(out, "story");
    gmq_json_add_hash(out, info->story);
    add_number(out, "events", n_events);
    add_text(out, "verdict", info->verdict);
    g_string_append(out, "}\n");
}

static gboolean
flush(GString *lines, GOutputStream *stream, GError **error)
{
    gboolean ok = g_output_stream_write_all(stream, lines->str, lines->len, NULL, NULL, error);

    g_string_truncate(lines, 0);
    return ok;
}

/* What passed on the wire before the event of that number stands before its line. */
static void
add_wire_before(const GmqTrace *trace, uint64_t number, size_t *next, GString *out)
{
    while (*next < gmq_trace_wire_length(trace) && gmq_trace_wire(trace, *next)->after < number)
        gmq_trace_wire_to_json(gmq_trace_wire(trace, (*next)++), out);
}

static gboolean
write_lines(const GmqTrace *trace, GOutputStream *stream, GError **error)
{
    g_autoptr(GString) lines = g_string_sized_new(WRITE_SIZE + 1024);
    size_t wire              = 0;

    gmq_trace_header_to_json(gmq_trace_info(trace), lines);
    for (uint64_t number = 1; number <= gmq_trace_length(trace); number++) {
        if (lines->len >= WRITE_SIZE && !flush(lines, stream, error))
            return FALSE;
        add_wire_before(trace, number, &wire, lines);
        gmq_trace_event_to_json(gmq_trace_event(trace, number), lines);
    }
    add_wire_before(trace, UINT64_MAX, &wire, lines);
    gmq_trace_end_to_json(gmq_trace_info(trace), gmq_trace_length(trace), lines);
    return flush(lines, stream, error);
}

gboolean
gmq_trace_save(const GmqTrace *trace, const char *path, GError **error)
{
    g_assert(gmq_trace_info(trace)->verdict != NULL);

    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileOutputStream) stream =
        g_file_replace(file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error);
    if (stream == NULL)
        return FALSE;

    if (!write_lines(trace, G_OUTPUT_STREAM(stream), error)) {
        g_output_stream_close(G_OUTPUT_STREAM(stream), NULL, NULL);
        return FALSE;
    }
    return g_output_stream_close(G_OUTPUT_STREAM(stream), NULL, error);
}
