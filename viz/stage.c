#include "viz/stage.h"

#include <string.h>

bool
gmq_stage_is_fault(GmqEventKind kind)
{
    return (kind >= GMQ_EVENT_FAULT_CRASH && kind <= GMQ_EVENT_FAULT_DISK &&
            kind != GMQ_EVENT_SEGMENT_LOST) ||
           kind == GMQ_EVENT_BROKER_REFUSED || kind == GMQ_EVENT_CHECK_BROKEN;
}

bool
gmq_stage_is_caption(GmqEventKind kind)
{
    return kind == GMQ_EVENT_CAPTION || kind == GMQ_EVENT_PAUSED || kind == GMQ_EVENT_ASKED;
}

bool
gmq_stage_is_story(GmqEventKind kind)
{
    static const bool kinds[GMQ_N_EVENTS] = {
        [GMQ_EVENT_CONNECTION_CLOSED] = true,
        [GMQ_EVENT_UNROUTABLE]        = true,
        [GMQ_EVENT_RETURNED]          = true,
        [GMQ_EVENT_ENQUEUED]          = true,
        [GMQ_EVENT_DELIVERED]         = true,
        [GMQ_EVENT_GOT]               = true,
        [GMQ_EVENT_ACKED]             = true,
        [GMQ_EVENT_REJECTED]          = true,
        [GMQ_EVENT_REQUEUED]          = true,
        [GMQ_EVENT_EXPIRED]           = true,
        [GMQ_EVENT_DROPPED]           = true,
        [GMQ_EVENT_HELD]              = true,
        [GMQ_EVENT_DEAD_LETTERED]     = true,
        [GMQ_EVENT_CLIENT_SENT]       = true,
        [GMQ_EVENT_CLIENT_FORWARDED]  = true,
        [GMQ_EVENT_CLIENT_CANCELLED]  = true,
        [GMQ_EVENT_CLIENT_CONFIRMED]  = true,
        [GMQ_EVENT_CLIENT_NACKED]     = true,
        [GMQ_EVENT_CLIENT_RETURNED]   = true,
        [GMQ_EVENT_CLIENT_TAKEN_BACK] = true,
        [GMQ_EVENT_CLIENT_REPLIED]    = true,
    };

    return kinds[kind] || gmq_stage_is_fault(kind) || gmq_stage_is_caption(kind);
}

bool
gmq_stage_is_hop(GmqEventKind kind)
{
    return kind >= GMQ_EVENT_PUBLISHED && kind != GMQ_EVENT_CLIENT_ADDED &&
           kind != GMQ_EVENT_CLIENT_STARTED && gmq_event_info(kind)->level == GMQ_LEVEL_STORY;
}

static const char *
find_sender(const GmqPicture *whole)
{
    const char *sender = NULL;

    for (unsigned i = 0; i < whole->clients->len; i++) {
        const GmqPictureClient *client = gmq_picture_client(whole, i);
        if (client->sent == 0)
            continue;
        if (sender != NULL)
            return NULL;
        sender = client->name;
    }
    return sender;
}

static void
look_at(GmqStage *stage, const GmqTraceEvent *event)
{
    if (gmq_stage_is_fault(event->kind) || gmq_stage_is_caption(event->kind))
        g_array_append_val(stage->marks, event->number);
    if (event->number == 1)
        return;

    GmqGap gap = {gmq_trace_event(stage->trace, event->number - 1)->time_ns, event->time_ns};
    if (gap.to_ns - gap.from_ns > GMQ_GAP_NS)
        g_array_append_val(stage->gaps, gap);
}

/* A trace may come from another version or be made by hand: then there is simply less to say. */
static GmqScenario *
read_scenario(const GmqTraceInfo *info)
{
    if (info->text == NULL || *info->text == '\0')
        return NULL;
    return gmq_scenario_parse(info->scenario, info->text, strlen(info->text), NULL);
}

GmqStage *
gmq_stage_new(const GmqTrace *trace)
{
    GmqStage *stage = g_new0(GmqStage, 1);
    uint64_t length = gmq_trace_length(trace);

    stage->trace    = trace;
    stage->scenario = read_scenario(gmq_trace_info(trace));
    stage->whole    = gmq_picture_at(trace, length);
    stage->sender   = find_sender(stage->whole);
    stage->marks    = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    stage->end_ns   = MAX(gmq_trace_info(trace)->stop_ns, stage->whole->time_ns);
    stage->gaps     = g_array_new(FALSE, FALSE, sizeof(GmqGap));
    for (uint64_t n = 1; n <= length; n++)
        look_at(stage, gmq_trace_event(trace, n));
    return stage;
}

void
gmq_stage_free(GmqStage *stage)
{
    if (stage->scenario != NULL)
        gmq_scenario_free(stage->scenario);
    if (stage->places != NULL)
        gmq_places_free(stage->places);
    gmq_picture_free(stage->whole);
    g_array_free(stage->marks, TRUE);
    g_array_free(stage->gaps, TRUE);
    g_free(stage);
}

/* The answer is the same whenever it is asked, so a stage that remembers it is no other stage. */
const GmqPlaces *
gmq_stage_places(const GmqStage *stage)
{
    GmqStage *own     = (GmqStage *)stage;
    GmqPlaces *before = stage->places;

    if (before != NULL && !stage->is_grown)
        return before;
    own->places   = gmq_places_new(stage->whole, before, GMQ_PLACES_SECONDS);
    own->is_grown = false;
    if (before != NULL)
        gmq_places_free(before);
    return stage->places;
}

/* How many entities and edges there are: none ever goes. */
static unsigned
count_parts(const GmqPicture *whole)
{
    return whole->clients->len + whole->exchanges->len + whole->queues->len + whole->edges->len;
}

void
gmq_stage_grow(GmqStage *stage)
{
    unsigned before = count_parts(stage->whole);

    while (gmq_picture_step(stage->whole))
        look_at(stage, gmq_trace_event(stage->trace, stage->whole->event));
    stage->sender   = find_sender(stage->whole);
    stage->end_ns   = MAX(stage->end_ns, stage->whole->time_ns);
    stage->is_grown = stage->is_grown || count_parts(stage->whole) != before;
}

uint64_t
gmq_stage_opening(const GmqStage *stage)
{
    for (uint64_t n = 1; n <= gmq_trace_length(stage->trace); n++) {
        GmqEventKind kind = gmq_trace_event(stage->trace, n)->kind;
        if (kind == GMQ_EVENT_CAPTION)
            return n;
        if (kind == GMQ_EVENT_CLIENT_SENT || kind == GMQ_EVENT_PUBLISHED)
            return 0;
    }
    return 0;
}

/* Caption, pause and question of one entry of the timeline are one stop. */
static bool
is_one_stop(const GmqStage *stage, uint64_t a, uint64_t b)
{
    const GmqTraceEvent *one   = gmq_trace_event(stage->trace, a);
    const GmqTraceEvent *other = gmq_trace_event(stage->trace, b);

    return gmq_stage_is_caption(one->kind) && gmq_stage_is_caption(other->kind) &&
           one->count == other->count && one->time_ns == other->time_ns;
}

uint64_t
gmq_stage_next_mark(const GmqStage *stage, uint64_t event)
{
    uint64_t found = 0;

    for (unsigned i = 0; i < stage->marks->len; i++) {
        uint64_t mark = g_array_index(stage->marks, uint64_t, i);
        if (mark <= event || (found > 0 && !is_one_stop(stage, found, mark)))
            continue;
        found = mark;
    }
    return found;
}

uint64_t
gmq_stage_previous_mark(const GmqStage *stage, uint64_t event)
{
    for (unsigned i = stage->marks->len; i > 0; i--) {
        uint64_t mark = g_array_index(stage->marks, uint64_t, i - 1);
        if (mark < event && !is_one_stop(stage, mark, event))
            return mark;
    }
    return 0;
}

const GmqQuestion *
gmq_stage_question(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (stage->scenario == NULL || event->kind != GMQ_EVENT_ASKED)
        return NULL;
    for (unsigned i = 0; i < stage->scenario->timeline->len; i++) {
        const GmqTimelineEntry *entry = stage->scenario->timeline->pdata[i];
        if (entry->line == event->count && entry->ask != NULL)
            return entry->ask;
    }
    return NULL;
}

char *
gmq_stage_name(const GmqStage *stage, const char *message)
{
    size_t size  = gmq_picture_stem(stage->whole, message);
    size_t start = 0;

    if (stage->sender != NULL) {
        size_t length = strlen(stage->sender);
        if (size > length + 1 && strncmp(message, stage->sender, length) == 0 &&
            message[length] == '-')
            start = length + 1;
    }
    return g_strndup(message + start, size - start);
}
