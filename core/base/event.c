#include "core/base/event.h"

/* The columns of event.def in short. */
#define WHO GMQ_FIELD_WHO
#define TO GMQ_FIELD_TO
#define KEY GMQ_FIELD_KEY
#define MESSAGE GMQ_FIELD_MESSAGE
#define CHANNEL GMQ_FIELD_CHANNEL
#define TAG GMQ_FIELD_TAG
#define REDELIVERED GMQ_FIELD_REDELIVERED
#define LABELLED(label, field) (sizeof(label) > 1 ? (unsigned)(field) : 0u)

static const GmqEventInfo infos[GMQ_N_EVENTS] = {
#define EVENT(NAME, kind, level, fields, count, text)                                              \
    [GMQ_EVENT_##NAME] = {kind, GMQ_LEVEL_##level,                                                 \
                          (unsigned)(fields) | LABELLED(count, GMQ_FIELD_COUNT) |                  \
                              LABELLED(text, GMQ_FIELD_TEXT),                                      \
                          count, text},
#include "core/base/event.def"
#undef EVENT
};

const GmqEventInfo *
gmq_event_info(GmqEventKind kind)
{
    g_assert(kind < GMQ_N_EVENTS);
    return &infos[kind];
}

GmqEventKind
gmq_event_kind_find(const char *kind)
{
    for (unsigned i = 0; i < GMQ_N_EVENTS; i++) {
        if (strcmp(infos[i].kind, kind) == 0)
            return (GmqEventKind)i;
    }
    return GMQ_N_EVENTS;
}

static const char *const levels[] = {
    [GMQ_LEVEL_STORY]  = "story",
    [GMQ_LEVEL_FRAMES] = "frames",
    [GMQ_LEVEL_NET]    = "net",
};

const char *
gmq_level_name(GmqEventLevel level)
{
    g_assert(level < G_N_ELEMENTS(levels));
    return levels[level];
}

bool
gmq_level_find(const char *name, GmqEventLevel *level)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(levels); i++) {
        if (strcmp(levels[i], name) == 0) {
            *level = (GmqEventLevel)i;
            return true;
        }
    }
    return false;
}
