#include <json-glib/json-glib.h>

#include "sim/trace.h"

G_DEFINE_QUARK(gmq - trace - error, gmq_trace_error)

/* One line of the file that is being read. */
typedef struct {
    const char *path;
    unsigned number; /* 1, 2, 3 ... */
    const char *start;
    size_t size; /* without the newline */
    JsonParser *parser;
    JsonObject *object; /* lent by the parser until the next line */
    const char *tool;   /* which version wrote the file, as far as it is known; lent */
} Line;

/* How to have a right one. */
#define AGAIN "make it again with glassmq run FILE.yaml --trace TRACE"

static gboolean
refuse_for(const Line *line, GError **error, const char *what, const char *why)
{
    g_set_error(error, GMQ_TRACE_ERROR, GMQ_TRACE_ERROR_WRONG, "%s, line %u: %s; %s", line->path,
                line->number, what, why);
    return FALSE;
}

static gboolean
refuse(const Line *line, GError **error, const char *what)
{
    g_autofree char *why = NULL;

    if (line->tool == NULL || strcmp(line->tool, GMQ_VERSION) == 0)
        why = g_strdup("the file was changed or damaged since it was written: " AGAIN);
    else
        why = g_strdup_printf("glassmq %s wrote the file, and this is %s: " AGAIN, line->tool,
                              GMQ_VERSION);
    return refuse_for(line, error, what, why);
}

static gboolean
refuse_cut(const Line *line, GError **error, const char *what)
{
    return refuse_for(line, error, what, "the file was cut, or never written to its end: " AGAIN);
}

/* Our lines are flat. What nests is not ours, and must not use up the stack of a JSON parser. */
static bool
is_flat(const Line *line)
{
    bool in_text = false;
    unsigned n   = 0;

    for (size_t i = 0; i < line->size; i++) {
        char c = line->start[i];

        if (in_text && c == '\\')
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && (c == '{' || c == '['))
            n++;
    }
    return n == 1;
}

static gboolean
parse_line(Line *line, GError **error)
{
    if (!is_flat(line) ||
        !json_parser_load_from_data(line->parser, line->start, (gssize)line->size, NULL))
        return refuse(line, error, "this is not a line of a trace");

    JsonNode *root = json_parser_get_root(line->parser);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root))
        return refuse(line, error, "this is not a line of a trace");
    line->object = json_node_get_object(root);
    return TRUE;
}

/* A member as text; "" when there is none. What was wrong shows when the line is written again. */
static const char *
text_of(const Line *line, const char *key)
{
    JsonNode *node = json_object_get_member(line->object, key);

    if (node == NULL || json_node_get_value_type(node) != G_TYPE_STRING)
        return "";
    return json_node_get_string(node);
}

static uint64_t
number_of(const Line *line, const char *key)
{
    JsonNode *node = json_object_get_member(line->object, key);

    if (node != NULL && json_node_get_value_type(node) == G_TYPE_INT64)
        return (uint64_t)json_node_get_int(node);

    const char *text = text_of(line, key);
    if (g_str_has_prefix(text, "0x"))
        return g_ascii_strtoull(text + 2, NULL, 16);
    return 0;
}

/* Everything is checked at once: what was read is written again and must be the same bytes. */
static gboolean
check_again(const Line *line, const GString *again, GError **error)
{
    if (again->len != line->size + 1 || memcmp(again->str, line->start, line->size) != 0)
        return refuse(line, error, "this line was not written by glassmq");
    return TRUE;
}

/* What is none of the words is found when the line is written again. */
static GmqEventLevel
level_of(const char *word)
{
    GmqEventLevel level = GMQ_LEVEL_STORY;

    gmq_level_find(word, &level);
    return level;
}

/* The number of the format stands first, so that any version can tell. */
static gboolean
check_format(const Line *line, GError **error)
{
    static const char start[] = "{\"glassmq\":";
    uint64_t format           = number_of(line, "glassmq");
    g_autofree char *what     = NULL;

    if (line->size < sizeof(start) || memcmp(line->start, start, sizeof(start) - 1) != 0)
        return refuse_for(line, error, "this is not a trace of glassmq",
                          "glassmq run FILE.yaml --trace TRACE writes one");
    if (format == 1)
        return TRUE;
    what = g_strdup_printf("this is a trace of format %" G_GUINT64_FORMAT, format);
    return refuse_for(line, error, what, "glassmq " GMQ_VERSION " reads format 1: " AGAIN);
}

static GmqTrace *
load_header(Line *line, GError **error)
{
    g_autoptr(GString) again = g_string_new(NULL);

    if (!parse_line(line, error) || !check_format(line, error))
        return NULL;

    GmqTraceInfo info = {
        .tool     = (char *)text_of(line, "tool"),
        .scenario = (char *)text_of(line, "scenario"),
        .title    = (char *)text_of(line, "title"),
        .text     = (char *)text_of(line, "text"),
        .seed     = number_of(line, "seed"),
        .ties     = g_str_equal(text_of(line, "ties"), "random") ? GMQ_TIES_RANDOM : GMQ_TIES_FILE,
        .level    = level_of(text_of(line, "level")),
        .stop_ns  = (int64_t)number_of(line, "stop"),
    };
    gmq_trace_header_to_json(&info, again);
    if (!check_again(line, again, error))
        return NULL;
    return gmq_trace_new(&info);
}

static gboolean
load_event(GmqTrace *trace, const Line *line, GError **error)
{
    GmqEventKind kind = gmq_event_kind_find(text_of(line, "k"));

    if (kind == GMQ_N_EVENTS)
        return refuse(line, error, "there is no such kind of event");

    const GmqEventInfo *info = gmq_event_info(kind);
    GmqEvent event           = {
                  .kind        = kind,
                  .cause       = number_of(line, "c"),
                  .time_ns     = (int64_t)number_of(line, "t"),
                  .who         = gmq_slice_of(text_of(line, "who")),
                  .to          = gmq_slice_of(text_of(line, "to")),
                  .key         = gmq_slice_of(text_of(line, "key")),
                  .tag         = number_of(line, "tag"),
                  .count       = number_of(line, info->count_label),
                  .text        = gmq_slice_of(text_of(line, info->text_label)),
                  .channel     = (uint16_t)number_of(line, "ch"),
                  .redelivered = number_of(line, "redelivered") != 0,
    };
    if (event.cause > gmq_trace_length(trace))
        return refuse(line, error, "the cause of this event comes after it");
    if (event.time_ns < 0)
        return refuse(line, error, "this event lies before the start of the run");

    uint64_t number          = gmq_trace_add(trace, &event, text_of(line, "m"));
    g_autoptr(GString) again = g_string_new(NULL);
    gmq_trace_event_to_json(gmq_trace_event(trace, number), again);
    return check_again(line, again, error);
}

static gboolean
load_wire(GmqTrace *trace, const Line *line, GError **error)
{
    g_autoptr(GString) again = g_string_new(NULL);
    const char *word         = text_of(line, "k");
    unsigned kind            = 0;

    while (kind < GMQ_N_WIRE_KINDS && strcmp(word, gmq_trace_wire_word(kind)) != 0)
        kind++;
    if (kind == GMQ_N_WIRE_KINDS)
        return refuse(line, error, "there is no such kind of line");

    GmqTraceWire wire = {
        .kind    = (GmqTraceWireKind)kind,
        .time_ns = (int64_t)number_of(line, "t"),
        .bytes   = number_of(line, "bytes"),
        .channel = (uint16_t)number_of(line, "ch"),
        .text    = text_of(line, "text"),
    };
    gmq_trace_add_wire(trace, &wire, gmq_slice_of(text_of(line, "who")),
                       gmq_slice_of(text_of(line, "to")));
    gmq_trace_wire_to_json(gmq_trace_wire(trace, gmq_trace_wire_length(trace) - 1), again);
    return check_again(line, again, error);
}

static gboolean
load_end(GmqTrace *trace, const Line *line, GError **error)
{
    static const char *const verdicts[] = {"held", "broken", "undecided", NULL};
    g_autoptr(GString) again            = g_string_new(NULL);
    const char *verdict                 = text_of(line, "verdict");

    if (!g_strv_contains(verdicts, verdict))
        return refuse(line, error, "there is no such verdict");
    gmq_trace_finish(trace, verdict);
    gmq_trace_end_to_json(gmq_trace_info(trace), gmq_trace_length(trace), again);
    if (again->len != line->size + 1 || memcmp(again->str, line->start, line->size) != 0)
        return refuse(line, error, "the fingerprints do not fit the events above");
    return TRUE;
}

/* Steps to the next line of the text; false at its end. Each line ends with a newline. */
static bool
next_line(Line *line, const char *end)
{
    const char *start   = line->number == 0 ? line->start : line->start + line->size + 1;
    const char *newline = start < end ? memchr(start, '\n', (size_t)(end - start)) : NULL;

    line->number++;
    if (newline == NULL)
        return false;
    line->start = start;
    line->size  = (size_t)(newline - start);
    return true;
}

static GmqTrace *
load_lines(Line *line, const char *end, GError **error)
{
    if (!next_line(line, end)) {
        refuse_cut(line, error, "this is not a whole line of a trace");
        return NULL;
    }

    g_autoptr(GmqTrace) trace = load_header(line, error);
    if (trace == NULL)
        return NULL;
    line->tool = gmq_trace_info(trace)->tool;
    while (next_line(line, end)) {
        if (!parse_line(line, error))
            return NULL;
        if (json_object_has_member(line->object, "full")) {
            if (!load_end(trace, line, error))
                return NULL;
            if (line->start + line->size + 1 == end)
                return g_steal_pointer(&trace);
            line->number++;
            refuse(line, error, "there is more behind the last line");
            return NULL;
        }
        bool is_wire = json_object_has_member(line->object, "after");
        if (!(is_wire ? load_wire : load_event)(trace, line, error))
            return NULL;
    }
    refuse_cut(line, error, "the trace ends before its last line");
    return NULL;
}

GmqTrace *
gmq_trace_load(const char *path, GError **error)
{
    g_autofree char *text        = NULL;
    g_autoptr(JsonParser) parser = json_parser_new();
    size_t size;

    if (!g_file_get_contents(path, &text, &size, error))
        return NULL;

    Line line = {.path = path, .start = text, .parser = parser};
    return load_lines(&line, text + size, error);
}
