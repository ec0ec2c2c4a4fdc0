/* event.h - what happened, announced so that it can be seen.
 *
 * The core announces every step of every message, and whatever people look at is made from these
 * events. An event must not change any behaviour: listeners cannot answer. Names are lent for the
 * time of the call. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef enum {
#define EVENT(NAME, kind, level, fields, count, text) GMQ_EVENT_##NAME,
#include "core/base/event.def"
#undef EVENT
    GMQ_N_EVENTS,
} GmqEventKind;

typedef enum {
    GMQ_LEVEL_STORY,
    GMQ_LEVEL_FRAMES,
    GMQ_LEVEL_NET,
} GmqEventLevel;

/* "story", "frames", "net"; and back, false when there is no such level. */
const char *gmq_level_name(GmqEventLevel level);
bool gmq_level_find(const char *name, GmqEventLevel *level);

/* The members that a kind carries. */
typedef enum {
    GMQ_FIELD_WHO         = 1 << 0,
    GMQ_FIELD_TO          = 1 << 1,
    GMQ_FIELD_KEY         = 1 << 2,
    GMQ_FIELD_MESSAGE     = 1 << 3,
    GMQ_FIELD_CHANNEL     = 1 << 4,
    GMQ_FIELD_TAG         = 1 << 5,
    GMQ_FIELD_REDELIVERED = 1 << 6,
    GMQ_FIELD_COUNT       = 1 << 7,
    GMQ_FIELD_TEXT        = 1 << 8,
} GmqEventField;

typedef struct {
    GmqEventKind kind;
    uint64_t number;       /* 1, 2, 3 ... in order; given by the listener */
    uint64_t cause;        /* number of the event that led to this; 0: the input being handled */
    int64_t time_ns;       /* given by the listener */
    const GmqSlice *vhost; /* where it happens; NULL: to the broker as a whole */
    GmqSlice who;
    GmqSlice to;
    GmqSlice key;        /* routing key, or the binding key that matched */
    uint64_t message;    /* the broker's number of the message; 0: none */
    GmqSlice message_id; /* publish only: the message-id property, empty without one */
    uint64_t tag;
    uint64_t count;
    GmqSlice text;
    uint16_t channel;
    bool redelivered;
} GmqEvent;

typedef struct {
    const char *kind; /* "deliver" */
    GmqEventLevel level;
    unsigned fields;         /* GmqEventField bits, COUNT and TEXT included where it has a label */
    const char *count_label; /* "" without one */
    const char *text_label;
} GmqEventInfo;

const GmqEventInfo *gmq_event_info(GmqEventKind kind);

/* Whether everybody sees it who talks to a broker: the rest of event.def is the simulator's. */
bool gmq_event_is_of_broker(GmqEventKind kind);

/* The story fingerprint after one more event: what happened, but not when or why. Events that are
 * not of the broker leave it as it is. It begins with GMQ_HASH_START (hash.h), and calls messages
 * by the broker's numbers. */
uint64_t gmq_event_fingerprint(uint64_t hash, const GmqEvent *event);

/* The kind of that name; GMQ_N_EVENTS when there is none. */
GmqEventKind gmq_event_kind_find(const char *kind);

G_END_DECLS
