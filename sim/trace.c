#include "sim/trace.h"

#include "core/base/hash.h"
#include "sim/names.h"

/* Events are lent until the end, so they stand in blocks that never move. */
#define BLOCK_EVENTS 1024

struct GmqTrace {
    GmqTraceInfo info;
    GmqNames *names;
    GPtrArray *blocks; /* of GmqTraceEvent[BLOCK_EVENTS] */
    size_t length;
    GArray *wire; /* of GmqTraceWire */
    uint64_t full;
    uint64_t story;
    uint64_t kind_hashes[GMQ_N_EVENTS];
};

static void
copy_info(GmqTraceInfo *to, const GmqTraceInfo *from)
{
    *to          = *from;
    to->tool     = g_strdup(from->tool == NULL ? GMQ_VERSION : from->tool);
    to->scenario = g_strdup(from->scenario == NULL ? "" : from->scenario);
    to->title    = g_strdup(from->title == NULL ? "" : from->title);
    to->text     = g_strdup(from->text == NULL ? "" : from->text);
    to->verdict  = g_strdup(from->verdict);
}

GmqTrace *
gmq_trace_new(const GmqTraceInfo *info)
{
    GmqTrace *trace = g_new0(GmqTrace, 1);

    copy_info(&trace->info, info);
    trace->names  = gmq_names_new();
    trace->blocks = g_ptr_array_new_with_free_func(g_free);
    trace->wire   = g_array_new(FALSE, FALSE, sizeof(GmqTraceWire));
    trace->full   = GMQ_HASH_START;
    trace->story  = GMQ_HASH_START;

    /* By its word, so that a new row in event.def changes no old fingerprint. */
    for (unsigned i = 0; i < GMQ_N_EVENTS; i++) {
        const char *kind      = gmq_event_info((GmqEventKind)i)->kind;
        trace->kind_hashes[i] = gmq_hash_bytes(gmq_slice_of(kind));
    }
    return trace;
}

void
gmq_trace_free(GmqTrace *trace)
{
    if (trace == NULL)
        return;
    g_free(trace->info.tool);
    g_free(trace->info.scenario);
    g_free(trace->info.title);
    g_free(trace->info.text);
    g_free(trace->info.verdict);
    gmq_names_free(trace->names);
    g_ptr_array_unref(trace->blocks);
    g_array_unref(trace->wire);
    g_free(trace);
}

const GmqTraceInfo *
gmq_trace_info(const GmqTrace *trace)
{
    return &trace->info;
}

uint64_t
gmq_trace_story(const GmqTrace *trace)
{
    return trace->story;
}

size_t
gmq_trace_length(const GmqTrace *trace)
{
    return trace->length;
}

static GmqTraceEvent *
event_at(const GmqTrace *trace, size_t index)
{
    GmqTraceEvent *block = trace->blocks->pdata[index / BLOCK_EVENTS];
    return &block[index % BLOCK_EVENTS];
}

const GmqTraceEvent *
gmq_trace_event(const GmqTrace *trace, uint64_t number)
{
    g_assert(number >= 1);
    g_assert(number <= trace->length);
    return event_at(trace, number - 1);
}

/* The fingerprint after what happened in this event, whenever and why ever it did. */
static uint64_t
hash_what(uint64_t hash, const GmqTraceEvent *event, uint64_t kind_hash)
{
    hash = gmq_hash_add(hash, kind_hash);
    hash = gmq_hash_add(hash, gmq_name_hash(event->who));
    hash = gmq_hash_add(hash, gmq_name_hash(event->to));
    hash = gmq_hash_add(hash, gmq_name_hash(event->key));
    hash = gmq_hash_add(hash, gmq_name_hash(event->message));
    hash = gmq_hash_add(hash, gmq_name_hash(event->text));
    hash = gmq_hash_add(hash, event->tag);
    hash = gmq_hash_add(hash, event->count);
    return gmq_hash_add(hash, (uint64_t)event->channel << 1 | (event->redelivered ? 1 : 0));
}

static void
add_to_fingerprints(GmqTrace *trace, const GmqTraceEvent *event)
{
    uint64_t kind_hash = trace->kind_hashes[event->kind];

    trace->full = gmq_hash_add(trace->full, event->cause);
    trace->full = gmq_hash_add(trace->full, (uint64_t)event->time_ns);
    trace->full = hash_what(trace->full, event, kind_hash);
    if (gmq_event_is_of_broker(event->kind))
        trace->story = hash_what(trace->story, event, kind_hash);
}

static const char *
intern(GmqTrace *trace, unsigned fields, GmqEventField field, GmqSlice text)
{
    return gmq_names_intern(trace->names, (fields & field) != 0 ? text : GMQ_SLICE(""));
}

uint64_t
gmq_trace_add_named(GmqTrace *trace, const GmqEvent *event, const char *name)
{
    unsigned fields = gmq_event_info(event->kind)->fields;

    if ((fields & GMQ_FIELD_MESSAGE) == 0)
        name = gmq_names_intern(trace->names, GMQ_SLICE(""));

    g_assert(trace->info.verdict == NULL);
    g_assert(event->cause <= trace->length);
    g_assert(event->time_ns >= 0);
    if (trace->length % BLOCK_EVENTS == 0)
        g_ptr_array_add(trace->blocks, g_new(GmqTraceEvent, BLOCK_EVENTS));

    GmqTraceEvent *copy = event_at(trace, trace->length++);
    *copy               = (GmqTraceEvent){
                      .kind        = event->kind,
                      .number      = trace->length,
                      .cause       = event->cause,
                      .time_ns     = event->time_ns,
                      .who         = intern(trace, fields, GMQ_FIELD_WHO, event->who),
                      .to          = intern(trace, fields, GMQ_FIELD_TO, event->to),
                      .key         = intern(trace, fields, GMQ_FIELD_KEY, event->key),
                      .message     = name,
                      .text        = intern(trace, fields, GMQ_FIELD_TEXT, event->text),
                      .tag         = (fields & GMQ_FIELD_TAG) != 0 ? event->tag : 0,
                      .count       = (fields & GMQ_FIELD_COUNT) != 0 ? event->count : 0,
                      .channel     = (fields & GMQ_FIELD_CHANNEL) != 0 ? event->channel : 0,
                      .redelivered = (fields & GMQ_FIELD_REDELIVERED) != 0 && event->redelivered,
    };
    add_to_fingerprints(trace, copy);
    return trace->length;
}

uint64_t
gmq_trace_add(GmqTrace *trace, const GmqEvent *event, const char *name)
{
    return gmq_trace_add_named(trace, event, gmq_names_intern(trace->names, gmq_slice_of(name)));
}

GmqNames *
gmq_trace_names(const GmqTrace *trace)
{
    return trace->names;
}

/* ---- the wire ---- */

const char *
gmq_trace_wire_word(GmqTraceWireKind kind)
{
    static const char *const words[GMQ_N_WIRE_KINDS] = {"frame", "net.sent", "net.arrived"};

    return words[kind];
}

void
gmq_trace_add_wire(GmqTrace *trace, const GmqTraceWire *line, GmqSlice who, GmqSlice to)
{
    GmqTraceWire copy = *line;

    copy.after = trace->length;
    copy.who   = gmq_names_intern(trace->names, who);
    copy.to    = gmq_names_intern(trace->names, to);
    copy.text  = gmq_names_intern(trace->names, gmq_slice_of(line->text == NULL ? "" : line->text));
    g_array_append_val(trace->wire, copy);
}

size_t
gmq_trace_wire_length(const GmqTrace *trace)
{
    return trace->wire->len;
}

const GmqTraceWire *
gmq_trace_wire(const GmqTrace *trace, size_t index)
{
    g_assert(index < trace->wire->len);
    return &g_array_index(trace->wire, GmqTraceWire, index);
}

void
gmq_trace_finish(GmqTrace *trace, const char *verdict)
{
    g_assert(trace->info.verdict == NULL);
    trace->info.fingerprint = trace->full;
    trace->info.story       = trace->story;
    trace->info.verdict     = g_strdup(verdict);
}

bool
gmq_trace_name_is_of(const char *name, const char *message)
{
    size_t size = strlen(message);

    return strncmp(name, message, size) == 0 && (name[size] == '\0' || name[size] == '@');
}

bool
gmq_trace_event_equal(const GmqTraceEvent *a, const GmqTraceEvent *b)
{
    return a->kind == b->kind && a->number == b->number && a->cause == b->cause &&
           a->time_ns == b->time_ns && strcmp(a->who, b->who) == 0 && strcmp(a->to, b->to) == 0 &&
           strcmp(a->key, b->key) == 0 && strcmp(a->message, b->message) == 0 &&
           strcmp(a->text, b->text) == 0 && a->tag == b->tag && a->count == b->count &&
           a->channel == b->channel && a->redelivered == b->redelivered;
}
