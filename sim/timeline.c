#include "sim/timeline.h"

#include <string.h>

#include "sim/deed.h"
#include "sim/world-private.h"

/* An entry and how far it has come. */
typedef struct {
    GmqTimeline *timeline;
    const GmqTimelineEntry *entry;
    unsigned index;
    uint64_t planned; /* how often it was planned; times says how often it may be */
    uint64_t fired;
    bool was_unlucky; /* chance has kept it from happening, or the one that it comes after */
    GmqRandom luck;
} State;

/* A plan: this entry, because of that event. Also the undoing of one. */
typedef struct {
    State *state;
    uint64_t cause;
    bool is_pending_undo;
    bool is_calmed; /* an undoing of which calm has taken its part */
} Plan;

struct GmqTimeline {
    GmqWorld *world;
    State *states;
    unsigned n_states;
    GPtrArray *plans; /* of Plan; owned */
    GArray *idle;     /* of unsigned: lines, once asked for */
};

/* The event that makes a message be something. */
static const struct {
    bool is_told;
    GmqCondition condition;
} conditions[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CLIENT_SENT]      = {true, GMQ_IS_PUBLISHED},
    [GMQ_EVENT_PUBLISHED]        = {true, GMQ_IS_ARRIVED},
    [GMQ_EVENT_ROUTED]           = {true, GMQ_IS_ROUTED},
    [GMQ_EVENT_RETURNED]         = {true, GMQ_IS_RETURNED},
    [GMQ_EVENT_ENQUEUED]         = {true, GMQ_IS_ENQUEUED},
    [GMQ_EVENT_DELIVERED]        = {true, GMQ_IS_DELIVERED},
    [GMQ_EVENT_GOT]              = {true, GMQ_IS_DELIVERED},
    [GMQ_EVENT_ACKED]            = {true, GMQ_IS_ACKED},
    [GMQ_EVENT_SETTLED_UNSEEN]   = {true, GMQ_IS_ACKED},
    [GMQ_EVENT_REQUEUED]         = {true, GMQ_IS_REQUEUED},
    [GMQ_EVENT_CLIENT_CONFIRMED] = {true, GMQ_IS_CONFIRMED},
    [GMQ_EVENT_STORED]           = {true, GMQ_IS_DURABLE},
    [GMQ_EVENT_RECOVERED]        = {true, GMQ_IS_RECOVERED},
    [GMQ_EVENT_REJECTED]         = {true, GMQ_IS_REJECTED},
    [GMQ_EVENT_DEAD_LETTERED]    = {true, GMQ_IS_DEAD_LETTERED},
    [GMQ_EVENT_EXPIRED]          = {true, GMQ_IS_EXPIRED},
    [GMQ_EVENT_DROPPED]          = {true, GMQ_IS_DROPPED},
};

/* Each entry has a stream of its own, called by its line. */
static void
init_state(GmqTimeline *timeline, unsigned index, const GmqTimelineEntry *entry)
{
    State *state           = &timeline->states[index];
    g_autofree char *named = g_strdup_printf("fault/%u", entry->line);

    *state = (State){.timeline = timeline, .entry = entry, .index = index};
    if (entry->chance != UINT64_MAX)
        gmq_streams_open(timeline->world->streams, &state->luck, named);
}

GmqTimeline *
gmq_timeline_new(GmqWorld *world)
{
    GmqTimeline *timeline    = g_new0(GmqTimeline, 1);
    const GPtrArray *entries = world->scenario->timeline;

    timeline->world    = world;
    timeline->n_states = entries->len;
    timeline->states   = g_new0(State, entries->len);
    timeline->plans    = g_ptr_array_new_with_free_func(g_free);
    timeline->idle     = g_array_new(FALSE, FALSE, sizeof(unsigned));
    for (unsigned i = 0; i < entries->len; i++)
        init_state(timeline, i, entries->pdata[i]);
    return timeline;
}

void
gmq_timeline_free(GmqTimeline *timeline)
{
    if (timeline == NULL)
        return;
    g_free(timeline->states);
    g_ptr_array_unref(timeline->plans);
    g_array_unref(timeline->idle);
    g_free(timeline);
}

/* ---- doing ---- */

static void on_fire(void *data);
static void on_undo(void *data);

static Plan *
plan(State *state, int64_t delay_ns, uint64_t cause, GmqAction action)
{
    GmqWorld *world = state->timeline->world;
    Plan *made      = g_new0(Plan, 1);

    *made = (Plan){.state = state, .cause = cause};
    g_ptr_array_add(state->timeline->plans, made);
    gmq_schedule_add_after(world->schedule, delay_ns, GMQ_PHASE_TIMELINE,
                           "an entry of the timeline", action, made);
    return made;
}

static void
note(GmqWorld *world, GmqEventKind kind, const char *who, uint64_t count, const char *text)
{
    gmq_world_note(world, &(GmqEvent){.kind  = kind,
                                      .who   = gmq_slice_of(who),
                                      .count = count,
                                      .text  = gmq_slice_of(text)});
}

static void
do_deeds(GmqWorld *world, const GmqTimelineEntry *entry, uint64_t cause)
{
    for (unsigned i = 0; i < entry->deeds->len; i++) {
        const GmqDeed *deed = entry->deeds->pdata[i];

        world->cause = cause;
        gmq_deed_class(deed->kind)->act(world, entry, deed);
    }
}

/* All of them, or those alone that calm undoes, or those alone that it has left. */
typedef enum {
    UNDO_ALL,
    UNDO_FAULTS,
    UNDO_OTHERS,
} Undone;

static void
undo_deeds(GmqWorld *world, const GmqTimelineEntry *entry, Undone which)
{
    for (unsigned i = 0; i < entry->deeds->len; i++) {
        const GmqDeed *deed       = entry->deeds->pdata[i];
        const GmqDeedClass *class = gmq_deed_class(deed->kind);

        world->cause = 0;
        if (class->undo != NULL && (which == UNDO_ALL || class->is_fault == (which == UNDO_FAULTS)))
            class->undo(world, deed);
    }
}

/* Whom an entry is about: what it does to, or what it waited for. */
static const char *
subject_of(const GmqTimelineEntry *entry)
{
    if (entry->deeds->len > 0)
        return ((const GmqDeed *)entry->deeds->pdata[0])->name;
    return entry->name == NULL ? "" : entry->name;
}

static void
say(GmqWorld *world, const GmqTimelineEntry *entry, uint64_t cause)
{
    const char *who = subject_of(entry);

    world->cause = cause;
    if (entry->say != NULL)
        note(world, GMQ_EVENT_CAPTION, who, entry->line, entry->say);
    world->cause = cause;
    if (entry->pause)
        note(world, GMQ_EVENT_PAUSED, who, entry->line, "");
    world->cause = cause;
    if (entry->ask != NULL)
        note(world, GMQ_EVENT_ASKED, who, entry->line, entry->ask->question);
}

/* The entry below may wait for this one. */
static void
plan_next(State *state)
{
    GmqTimeline *timeline = state->timeline;
    State *next           = state + 1;

    if (state->index + 1 == timeline->n_states || next->entry->trigger != GMQ_TRIGGER_AFTER ||
        next->planned > 0)
        return;
    next->planned = 1;
    plan(next, next->entry->time_ns, 0, on_fire);
}

/* What comes after something that does not happen does not either. */
static bool
is_lucky(State *state)
{
    const GmqTimeline *timeline = state->timeline;

    if (state->entry->chance == UINT64_MAX ||
        gmq_random_chance(&state->luck, state->entry->chance, 1000000))
        return true;
    do {
        state->was_unlucky = true;
        state++;
    } while (state < timeline->states + timeline->n_states &&
             state->entry->trigger == GMQ_TRIGGER_AFTER);
    return false;
}

static void
on_fire(void *data)
{
    const Plan *made              = data;
    State *state                  = made->state;
    const GmqTimelineEntry *entry = state->entry;
    GmqWorld *world               = state->timeline->world;

    if (!is_lucky(state))
        return;
    state->fired++;
    do_deeds(world, entry, made->cause);
    say(world, entry, made->cause);
    if (entry->for_ns > 0)
        plan(state, entry->for_ns, 0, on_undo)->is_pending_undo = true;
    plan_next(state);
}

static void
on_undo(void *data)
{
    Plan *made         = data;
    const State *state = made->state;

    made->is_pending_undo = false;
    undo_deeds(state->timeline->world, state->entry, made->is_calmed ? UNDO_OTHERS : UNDO_ALL);
}

void
gmq_timeline_calm(GmqTimeline *timeline)
{
    unsigned n = timeline->plans->len;

    for (unsigned i = 0; i < n; i++) {
        Plan *made = timeline->plans->pdata[i];

        if (!made->is_pending_undo || made->is_calmed)
            continue;
        made->is_calmed = true;
        undo_deeds(timeline->world, made->state->entry, UNDO_FAULTS);
    }
}

/* ---- waiting ---- */

void
gmq_timeline_begin(GmqTimeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_states; i++) {
        State *state = &timeline->states[i];

        if (state->entry->trigger != GMQ_TRIGGER_AT)
            continue;
        state->planned = 1;
        plan(state, state->entry->time_ns, 0, on_fire);
    }
}

static void
trigger(State *state, uint64_t cause)
{
    if (state->planned >= state->entry->times)
        return;
    state->planned++;
    plan(state, state->entry->wait_ns, cause, on_fire);
}

/* In which queue an event finds a message; "" for none. */
static const char *
queue_of(const GmqTraceEvent *event)
{
    GmqEvent raw = {
        .kind = event->kind, .who = gmq_slice_of(event->who), .to = gmq_slice_of(event->to)};

    if (event->kind == GMQ_EVENT_ROUTED)
        return event->to;
    return (const char *)gmq_event_queue(&raw).data;
}

/* Whether the name in the file, "p1-5" or "p1-5@audit", means the message of the event. */
static bool
is_meant(const char *name, const GmqTraceEvent *event)
{
    size_t size      = strcspn(name, "@");
    const char *rest = event->message + size;

    if (strncmp(name, event->message, size) != 0 || (*rest != '\0' && *rest != '@'))
        return false;
    if (name[size] == '\0')
        return true;
    const char *queue = queue_of(event);
    return queue != NULL && strcmp(name + size + 1, queue) == 0;
}

static bool
has_become(const GmqTimelineEntry *entry, const GmqTallyNews *news, const GmqTraceEvent *event)
{
    switch (entry->is) {
    case GMQ_HAS_READY:
        return news->ready_changed && news->queue->ready == entry->number;
    case GMQ_HAS_UNACKED:
        return news->unacked_changed && news->queue->unacked == entry->number;
    case GMQ_HAS_REQUEUE:
        return event->kind == GMQ_EVENT_REQUEUED;
    case GMQ_HAS_DUPLICATE:
        return news->is_duplicate;
    case GMQ_HAS_NO_CONSUMER:
        return news->has_lost_consumers;
    default:
        return false;
    }
}

static bool
client_has_become(const GmqTimelineEntry *entry, const GmqTraceEvent *event)
{
    if (entry->is == GMQ_IS_CONNECTED)
        return event->kind == GMQ_EVENT_CONNECTION_OPENED && strcmp(event->who, entry->name) == 0;
    if (entry->is == GMQ_IS_BLOCKED)
        return event->kind == GMQ_EVENT_BLOCKED && strcmp(event->who, entry->name) == 0;
    return entry->is == GMQ_IS_CLOSED && event->kind == GMQ_EVENT_CLIENT_CLOSED &&
           strcmp(event->who, entry->name) == 0;
}

static bool
is_due(const GmqTimelineEntry *entry, const GmqTraceEvent *event, const GmqTallyNews *news)
{
    switch (entry->trigger) {
    case GMQ_TRIGGER_MESSAGE:
        return conditions[event->kind].is_told && conditions[event->kind].condition == entry->is &&
               is_meant(entry->name, event);
    case GMQ_TRIGGER_QUEUE:
        return news->queue != NULL && strcmp(news->queue->name, entry->name) == 0 &&
               has_become(entry, news, event);
    case GMQ_TRIGGER_CLIENT:
        return client_has_become(entry, event);
    case GMQ_TRIGGER_EVENT:
        return event->number == entry->number;
    default:
        return false;
    }
}

void
gmq_timeline_add(GmqTimeline *timeline, const GmqTraceEvent *event, const GmqTallyNews *news)
{
    for (unsigned i = 0; i < timeline->n_states; i++) {
        State *state = &timeline->states[i];

        if (is_due(state->entry, event, news))
            trigger(state, event->number);
    }
}

void
gmq_timeline_client_is(GmqTimeline *timeline, const char *client, GmqCondition condition)
{
    for (unsigned i = 0; i < timeline->n_states; i++) {
        State *state = &timeline->states[i];

        if (state->entry->trigger == GMQ_TRIGGER_CLIENT && state->entry->is == condition &&
            strcmp(state->entry->name, client) == 0)
            trigger(state, timeline->world->cause);
    }
}

/* A message's id stands among its properties, with its length in front. */
static bool
is_among(GmqSlice bytes, const char *name)
{
    size_t size           = strcspn(name, "@");
    g_autoptr(GString) id = g_string_new(NULL);

    g_string_append_c(id, (char)size);
    g_string_append_len(id, name, (gssize)size);
    return bytes.size > 0 && memmem(bytes.data, bytes.size, id->str, id->len) != NULL;
}

void
gmq_timeline_wrote(void *user, GmqSlice bytes)
{
    GmqTimeline *timeline = user;

    for (unsigned i = 0; i < timeline->n_states; i++) {
        State *state                  = &timeline->states[i];
        const GmqTimelineEntry *entry = state->entry;

        if (entry->trigger == GMQ_TRIGGER_MESSAGE && entry->is == GMQ_IS_APPENDED &&
            is_among(bytes, entry->name))
            trigger(state, 0);
    }
}

/* ---- at the end ---- */

const unsigned *
gmq_timeline_idle_lines(GmqTimeline *timeline, size_t *n)
{
    g_array_set_size(timeline->idle, 0);
    for (unsigned i = 0; i < timeline->n_states; i++) {
        if (timeline->states[i].fired == 0 && !timeline->states[i].was_unlucky)
            g_array_append_val(timeline->idle, timeline->states[i].entry->line);
    }
    *n = timeline->idle->len;
    return (const unsigned *)(const void *)timeline->idle->data;
}

bool
gmq_timeline_has_idle_deed(const GmqTimeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_states; i++) {
        const State *state = &timeline->states[i];

        if (state->fired == 0 && !state->was_unlucky && state->entry->deeds->len > 0)
            return true;
    }
    return false;
}
