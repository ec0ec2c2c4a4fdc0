#include "core/base/event-json.h"
#include "core/base/json.h"
#include "sim/names.h"
#include "sim/trace.h"

/* Lines are collected up to this size before they are written. */
#define WRITE_SIZE (256 * 1024)

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

/* All texts are names of a trace, so that nothing of them has to be read. */
void
gmq_trace_event_to_json(const GmqTraceEvent *event, GString *out)
{
    GmqEvent plain = {.kind        = event->kind,
                      .number      = event->number,
                      .cause       = event->cause,
                      .time_ns     = event->time_ns,
                      .who         = gmq_name_slice(event->who),
                      .to          = gmq_name_slice(event->to),
                      .key         = gmq_name_slice(event->key),
                      .tag         = event->tag,
                      .count       = event->count,
                      .text        = gmq_name_slice(event->text),
                      .channel     = event->channel,
                      .redelivered = event->redelivered};
    unsigned ready = (gmq_name_head(event->who)->is_plain ? GMQ_FIELD_WHO : 0) |
                     (gmq_name_head(event->to)->is_plain ? GMQ_FIELD_TO : 0) |
                     (gmq_name_head(event->key)->is_plain ? GMQ_FIELD_KEY : 0) |
                     (gmq_name_head(event->message)->is_plain ? GMQ_FIELD_MESSAGE : 0) |
                     (gmq_name_head(event->text)->is_plain ? GMQ_FIELD_TEXT : 0);

    gmq_event_to_json_plain(&plain, gmq_name_slice(event->message), ready, out);
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
