/* Frames of a capture: the events that they belong to, and which of them answers which. */
#include "core/wire/method.h"
#include "core/wire/properties.h"
#include "sim/capture-private.h"
#include "sim/world-private.h"

/* An event is looked for among so many of its kind. */
#define LOOK_AHEAD 1000

/* All bytes have come: they stay where they are from now on. */
static void
fill_in(GmqCapturedFrame *kept, const GmqFramePlace *place)
{
    kept->bytes = (GmqSlice){place->stream->bytes->data + place->first, place->size};
    if (kept->frame.type != 0)
        kept->frame.payload = (GmqSlice){kept->bytes.data + GMQ_FRAME_HEADER_SIZE,
                                         kept->bytes.size - GMQ_FRAME_HEADER_SIZE - 1};
}

/* ---- events ---- */

/* Events of one kind and one client, in the order of the trace. */
typedef struct {
    GArray *numbers; /* of uint64_t */
    unsigned next;   /* those before it have their frames */
} Row;

typedef struct {
    const GmqTrace *trace;
    Row *rows; /* for each client, one of each kind */
} Events;

/* What is looked at besides the kind, the client, the channel and the time. */
typedef enum {
    MATCH_ANY,
    MATCH_TAG,
} Match;

typedef struct {
    GmqWireSide side;
    GmqMethodId method;
    GmqEventKind kind;
    Match match;
} Relation;

static const Relation relations[] = {
    {GMQ_TO_BROKER, GMQ_CONNECTION_OPEN, GMQ_EVENT_CONNECTION_OPENED, MATCH_ANY},
    {GMQ_TO_BROKER, GMQ_CONNECTION_CLOSE, GMQ_EVENT_CONNECTION_CLOSED, MATCH_ANY},
    {GMQ_TO_BROKER, GMQ_CHANNEL_OPEN, GMQ_EVENT_CHANNEL_OPENED, MATCH_ANY},
    {GMQ_TO_BROKER, GMQ_CHANNEL_CLOSE, GMQ_EVENT_CHANNEL_CLOSED, MATCH_ANY},
    {GMQ_TO_BROKER, GMQ_BASIC_CONSUME, GMQ_EVENT_CONSUMER_ADDED, MATCH_ANY},
    {GMQ_TO_BROKER, GMQ_BASIC_CANCEL, GMQ_EVENT_CONSUMER_REMOVED, MATCH_ANY},
    {GMQ_TO_BROKER, GMQ_BASIC_PUBLISH, GMQ_EVENT_PUBLISHED, MATCH_ANY},
    {GMQ_TO_BROKER, GMQ_BASIC_ACK, GMQ_EVENT_ACKED, MATCH_TAG},
    {GMQ_TO_BROKER, GMQ_BASIC_NACK, GMQ_EVENT_REJECTED, MATCH_TAG},
    {GMQ_TO_BROKER, GMQ_BASIC_REJECT, GMQ_EVENT_REJECTED, MATCH_TAG},
    {GMQ_TO_BROKER, GMQ_TX_COMMIT, GMQ_EVENT_COMMITTED, MATCH_ANY},
    {GMQ_TO_BROKER, GMQ_TX_ROLLBACK, GMQ_EVENT_ROLLED_BACK, MATCH_ANY},
    {GMQ_FROM_BROKER, GMQ_CHANNEL_CLOSE, GMQ_EVENT_CHANNEL_CLOSED, MATCH_ANY},
    {GMQ_FROM_BROKER, GMQ_BASIC_DELIVER, GMQ_EVENT_DELIVERED, MATCH_TAG},
    {GMQ_FROM_BROKER, GMQ_BASIC_GET_OK, GMQ_EVENT_GOT, MATCH_TAG},
    {GMQ_FROM_BROKER, GMQ_BASIC_RETURN, GMQ_EVENT_RETURNED, MATCH_ANY},
    {GMQ_FROM_BROKER, GMQ_BASIC_ACK, GMQ_EVENT_CONFIRMED, MATCH_TAG},
    {GMQ_FROM_BROKER, GMQ_BASIC_NACK, GMQ_EVENT_NACKED, MATCH_TAG},
    {GMQ_FROM_BROKER, GMQ_CONNECTION_BLOCKED, GMQ_EVENT_BLOCKED, MATCH_ANY},
    {GMQ_FROM_BROKER, GMQ_CONNECTION_UNBLOCKED, GMQ_EVENT_UNBLOCKED, MATCH_ANY},
};

static Row *
row_of(const Events *events, unsigned address, GmqEventKind kind)
{
    return &events->rows[address * GMQ_N_EVENTS + kind];
}

/* An event is in the row of the client that it names first. */
static void
add_event(const Events *events, GHashTable *addresses, const GmqTraceEvent *event)
{
    void *found = g_hash_table_lookup(addresses, event->who);

    if (found == NULL)
        found = g_hash_table_lookup(addresses, event->to);
    if (found == NULL)
        return;

    Row *row = row_of(events, GPOINTER_TO_UINT(found), event->kind);
    if (row->numbers == NULL)
        row->numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    g_array_append_val(row->numbers, event->number);
}

static void
collect(Events *events, const GmqCapture *capture)
{
    g_autoptr(GHashTable) addresses = g_hash_table_new(g_str_hash, g_str_equal);
    const GPtrArray *clients        = capture->world->scenario->clients;

    events->trace = gmq_world_trace(capture->world);
    events->rows  = g_new0(Row, (clients->len + 1) * GMQ_N_EVENTS);
    for (unsigned i = 0; i < clients->len; i++)
        g_hash_table_insert(addresses, ((const GmqClientSpec *)clients->pdata[i])->name,
                            GUINT_TO_POINTER(i + 1));
    for (uint64_t n = 1; n <= gmq_trace_length(events->trace); n++)
        add_event(events, addresses, gmq_trace_event(events->trace, n));
}

static void
clear_events(Events *events, const GmqCapture *capture)
{
    for (unsigned i = 0; i < (capture->world->scenario->clients->len + 1) * GMQ_N_EVENTS; i++) {
        if (events->rows[i].numbers != NULL)
            g_array_unref(events->rows[i].numbers);
    }
    g_free(events->rows);
}

/* What goes to the broker makes its event when it is read; what comes from it was made before. */
static bool
fits(const GmqTraceEvent *event, const GmqCapturedFrame *kept, int64_t opened_ns, int64_t done_ns)
{
    bool is_in_time  = kept->side == GMQ_TO_BROKER
                           ? event->time_ns == done_ns
                           : event->time_ns >= opened_ns && event->time_ns <= kept->time_ns;
    bool has_channel = (gmq_event_info(event->kind)->fields & GMQ_FIELD_CHANNEL) != 0;

    return is_in_time && (!has_channel || event->channel == kept->frame.channel);
}

static uint64_t
find_event(const Events *events, const GmqCapturedLine *line, const GmqCapturedFrame *kept,
           const Relation *relation, uint64_t tag, int64_t done_ns)
{
    Row *row = row_of(events, line->address, relation->kind);

    if (row->numbers == NULL)
        return 0;
    unsigned most = MIN(row->numbers->len, row->next + LOOK_AHEAD);
    for (unsigned i = row->next; i < most; i++) {
        uint64_t number            = g_array_index(row->numbers, uint64_t, i);
        const GmqTraceEvent *event = gmq_trace_event(events->trace, number);

        if (!fits(event, kept, line->opened_ns, done_ns) ||
            (relation->match == MATCH_TAG && event->tag != tag))
            continue;
        row->next = i + 1;
        return number;
    }
    return 0;
}

/* ---- answers ---- */

/* A publish or a delivery that waits for its answer. */
typedef struct {
    size_t frame;
    uint16_t channel;
    uint64_t tag;
} Open;

/* What is known of a connection while its frames are walked through. */
typedef struct {
    GArray *publishes;   /* of Open: no confirm yet */
    GArray *deliveries;  /* of Open: no ack yet */
    GHashTable *numbers; /* of channels to how many were published there since confirms began */
    size_t publish;      /* the frame whose content is coming, plus one; 0: none */
    uint64_t left;       /* bytes of it */
    bool has_header;
} Talk;

static void
init_talk(Talk *talk)
{
    talk->publishes  = g_array_new(FALSE, FALSE, sizeof(Open));
    talk->deliveries = g_array_new(FALSE, FALSE, sizeof(Open));
    talk->numbers    = g_hash_table_new(NULL, NULL);
}

static void
clear_talk(Talk *talk)
{
    g_array_unref(talk->publishes);
    g_array_unref(talk->deliveries);
    g_hash_table_unref(talk->numbers);
}

static GmqCapturedFrame *
frame_at(const GmqCapture *capture, size_t index)
{
    return &g_array_index(capture->frames, GmqCapturedFrame, index);
}

/* All that it answers are tied to it, and it to the last of them. */
static void
answer(const GmqCapture *capture, GArray *opens, size_t index, uint64_t tag, bool is_multiple)
{
    g_assert(opens != NULL);

    uint16_t channel = frame_at(capture, index)->frame.channel;

    for (unsigned i = 0; i < opens->len;) {
        const Open *open = &g_array_index(opens, Open, i);
        bool is_meant    = is_multiple ? open->tag <= tag || tag == 0 : open->tag == tag;

        if (open->channel != channel || !is_meant) {
            i++;
            continue;
        }
        frame_at(capture, open->frame)->partner = index + 1;
        frame_at(capture, index)->partner       = open->frame + 1;
        g_array_remove_index(opens, i);
        if (!is_multiple)
            return;
    }
}

static void
open_delivery(Talk *talk, size_t index, uint16_t channel, uint64_t tag)
{
    Open open = {index, channel, tag};

    g_array_append_val(talk->deliveries, open);
}

static void
open_publish(Talk *talk, size_t index, uint16_t channel)
{
    void *key = GUINT_TO_POINTER(channel);
    void *value;

    if (!g_hash_table_lookup_extended(talk->numbers, key, NULL, &value))
        return;
    Open open = {index, channel, GPOINTER_TO_SIZE(value) + 1};
    g_hash_table_insert(talk->numbers, key, GSIZE_TO_POINTER(open.tag));
    g_array_append_val(talk->publishes, open);
}

static uint64_t
tag_of(const GmqMethod *method, bool *is_multiple)
{
    switch (method->id) {
    case GMQ_BASIC_ACK:
        *is_multiple = method->basic_ack.multiple;
        return method->basic_ack.delivery_tag;
    case GMQ_BASIC_NACK:
        *is_multiple = method->basic_nack.multiple;
        return method->basic_nack.delivery_tag;
    case GMQ_BASIC_REJECT:
        return method->basic_reject.delivery_tag;
    case GMQ_BASIC_DELIVER:
        return method->basic_deliver.delivery_tag;
    case GMQ_BASIC_GET_OK:
        return method->basic_get_ok.delivery_tag;
    default:
        return 0;
    }
}

static void
tie_answer(const GmqCapture *capture, Talk *talk, size_t index, const GmqMethod *method)
{
    const GmqCapturedFrame *kept = frame_at(capture, index);
    uint16_t channel             = kept->frame.channel;
    bool is_multiple             = false;
    uint64_t tag                 = tag_of(method, &is_multiple);

    switch (method->id) {
    case GMQ_CONFIRM_SELECT:
        g_hash_table_insert(talk->numbers, GUINT_TO_POINTER(channel), NULL);
        break;
    case GMQ_CHANNEL_CLOSE:
        g_hash_table_remove(talk->numbers, GUINT_TO_POINTER(channel));
        break;
    case GMQ_BASIC_PUBLISH:
        open_publish(talk, index, channel);
        break;
    case GMQ_BASIC_DELIVER:
    case GMQ_BASIC_GET_OK:
        open_delivery(talk, index, channel, tag);
        break;
    case GMQ_BASIC_ACK:
    case GMQ_BASIC_NACK:
    case GMQ_BASIC_REJECT:
        answer(capture, kept->side == GMQ_TO_BROKER ? talk->deliveries : talk->publishes, index,
               tag, is_multiple);
        break;
    default:
        break;
    }
}

/* ---- walking through ---- */

static void
tie_event(const Events *events, const GmqCapturedLine *line, GmqCapturedFrame *kept,
          const GmqMethod *method, int64_t done_ns)
{
    bool is_multiple = false;
    uint64_t tag     = tag_of(method, &is_multiple);

    for (unsigned i = 0; i < G_N_ELEMENTS(relations) && kept->event == 0; i++) {
        if (relations[i].side == kept->side && relations[i].method == method->id)
            kept->event = find_event(events, line, kept, &relations[i], tag, done_ns);
    }
}

/* The broker hears of a publish when its content is whole. */
static void
end_content(const GmqCapture *capture, const Events *events, Talk *talk,
            const GmqCapturedLine *line, int64_t done_ns)
{
    GmqCapturedFrame *kept = frame_at(capture, talk->publish - 1);
    GmqMethod method;
    GmqFault fault;

    talk->publish = 0;
    if (gmq_method_decode(kept->frame.payload, &method, &fault))
        tie_event(events, line, kept, &method, done_ns);
}

static void
take_method(const GmqCapture *capture, const Events *events, Talk *talk,
            const GmqCapturedLine *line, size_t index)
{
    GmqCapturedFrame *kept = frame_at(capture, index);
    GmqMethod method;
    GmqFault fault;

    if (!gmq_method_decode(kept->frame.payload, &method, &fault))
        return;
    tie_answer(capture, talk, index, &method);
    if (method.id == GMQ_BASIC_PUBLISH && kept->side == GMQ_TO_BROKER) {
        talk->publish    = index + 1;
        talk->has_header = false;
    } else {
        tie_event(events, line, kept, &method, kept->time_ns);
    }
}

static void
take_content(const GmqCapture *capture, const Events *events, Talk *talk,
             const GmqCapturedLine *line, const GmqCapturedFrame *kept)
{
    GmqFault fault;

    if (kept->side != GMQ_TO_BROKER || talk->publish == 0)
        return;
    if (kept->frame.type == GMQ_FRAME_HEADER)
        talk->has_header = gmq_content_header_check(kept->frame.payload, &talk->left, &fault);
    else
        talk->left -= MIN(talk->left, kept->frame.payload.size);
    if (talk->has_header && talk->left == 0)
        end_content(capture, events, talk, line, kept->time_ns);
}

/* In the order in which they came, those of both directions among one another. */
static void
tie_frame(const GmqCapture *capture, const Events *events, Talk *talk, size_t index)
{
    const GmqFramePlace *place   = &g_array_index(capture->places, GmqFramePlace, index);
    const GmqCapturedFrame *kept = frame_at(capture, index);
    const GmqCapturedLine *line  = place->stream->line;

    talk += line->number;
    if (kept->frame.type == GMQ_FRAME_METHOD)
        take_method(capture, events, talk, line, index);
    else if (kept->frame.type == GMQ_FRAME_HEADER || kept->frame.type == GMQ_FRAME_BODY)
        take_content(capture, events, talk, line, kept);
}

void
gmq_capture_tie(GmqCapture *capture)
{
    size_t n_talks         = capture->lines->len + 1;
    g_autofree Talk *talks = g_new0(Talk, n_talks);
    Events events          = {0};

    for (size_t i = 0; i < n_talks; i++)
        init_talk(&talks[i]);
    collect(&events, capture);
    for (size_t i = 0; i < capture->frames->len; i++) {
        fill_in(frame_at(capture, i), &g_array_index(capture->places, GmqFramePlace, i));
        tie_frame(capture, &events, talks, i);
    }
    clear_events(&events, capture);
    for (size_t i = 0; i < n_talks; i++)
        clear_talk(&talks[i]);
}
