#include "core/base/event.h"

#include "core/base/hash.h"

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

bool
gmq_event_is_of_broker(GmqEventKind kind)
{
    return kind < GMQ_EVENT_CLIENT_ADDED && gmq_event_info(kind)->level == GMQ_LEVEL_STORY;
}

static uint64_t
add_text(uint64_t hash, bool has, GmqSlice text)
{
    return gmq_hash_add(hash, gmq_hash_bytes(has ? text : GMQ_SLICE("")));
}

/* By its word, so that a new row in event.def changes no old fingerprint. */
uint64_t
gmq_event_fingerprint(uint64_t hash, const GmqEvent *event)
{
    const GmqEventInfo *info = gmq_event_info(event->kind);
    unsigned fields          = info->fields;

    if (!gmq_event_is_of_broker(event->kind))
        return hash;
    hash = add_text(hash, true, gmq_slice_of(info->kind));
    hash = add_text(hash, true, event->vhost == NULL ? GMQ_SLICE("") : *event->vhost);
    hash = add_text(hash, (fields & GMQ_FIELD_WHO) != 0, event->who);
    hash = add_text(hash, (fields & GMQ_FIELD_TO) != 0, event->to);
    hash = add_text(hash, (fields & GMQ_FIELD_KEY) != 0, event->key);
    hash = add_text(hash, (fields & GMQ_FIELD_TEXT) != 0, event->text);
    hash = add_text(hash, event->kind == GMQ_EVENT_PUBLISHED, event->message_id);
    hash = gmq_hash_add(hash, (fields & GMQ_FIELD_MESSAGE) != 0 ? event->message : 0);
    hash = gmq_hash_add(hash, (fields & GMQ_FIELD_TAG) != 0 ? event->tag : 0);
    hash = gmq_hash_add(hash, (fields & GMQ_FIELD_COUNT) != 0 ? event->count : 0);
    hash = gmq_hash_add(hash, (fields & GMQ_FIELD_CHANNEL) != 0 ? event->channel : 0);
    return gmq_hash_add(hash, (fields & GMQ_FIELD_REDELIVERED) != 0 && event->redelivered ? 1 : 0);
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
