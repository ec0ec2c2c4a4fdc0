#include "core/server/event-ring.h"

#define N_TEXTS 5
#define ALIGNMENT 8

/* What stands in front of the texts of an event. */
typedef struct {
    uint32_t size; /* with the texts, rounded up; 0: the ring goes on at its start */
    uint16_t kind;
    uint16_t channel;
    uint64_t number;
    uint64_t cause;
    int64_t time_ns;
    uint64_t message;
    uint64_t tag;
    uint64_t count;
    uint16_t texts[N_TEXTS]; /* their sizes */
    bool redelivered;
} Head;

/* Places are counted for ever; the bytes of a place are at its rest by size. */
struct GmqEventRing {
    uint64_t first;
    uint64_t end;
    size_t size; /* a power of two */
    uint8_t *bytes;
};

GmqEventRing *
gmq_event_ring_new(size_t size)
{
    GmqEventRing *ring = g_new0(GmqEventRing, 1);

    ring->size = ALIGNMENT;
    while (ring->size < size)
        ring->size *= 2;
    ring->bytes = g_malloc(ring->size);
    return ring;
}

void
gmq_event_ring_free(GmqEventRing *ring)
{
    if (ring == NULL)
        return;
    g_free(ring->bytes);
    g_free(ring);
}

static Head *
head_at(const GmqEventRing *ring, uint64_t place)
{
    return (Head *)(void *)(ring->bytes + (place & (ring->size - 1)));
}

/* Bytes from the place to the end of the memory. */
static size_t
straight(const GmqEventRing *ring, uint64_t place)
{
    return ring->size - (place & (ring->size - 1));
}

/* A place for so many bytes in one piece; NULL when there is none. An event that does not fit in
 * front of the end of the memory begins behind it. */
static Head *
make_room(GmqEventRing *ring, size_t size)
{
    size_t left = straight(ring, ring->end);
    size_t skip = size <= left ? 0 : left;

    if (ring->end - ring->first + skip + size > ring->size)
        return NULL;
    if (skip > 0)
        head_at(ring, ring->end)->size = 0;
    ring->end += skip;
    return head_at(ring, ring->end);
}

static size_t
clip(GmqSlice text)
{
    return MIN(text.size, GMQ_EVENT_TEXT_MAX);
}

bool
gmq_event_ring_push(GmqEventRing *ring, const GmqEvent *event)
{
    const GmqSlice texts[N_TEXTS] = {event->who, event->to, event->key, event->message_id,
                                     event->text};
    size_t size                   = sizeof(Head);

    for (unsigned i = 0; i < N_TEXTS; i++)
        size += clip(texts[i]);
    size       = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    Head *head = make_room(ring, size);
    if (head == NULL)
        return false;

    *head       = (Head){.size        = (uint32_t)size,
                         .kind        = (uint16_t)event->kind,
                         .channel     = event->channel,
                         .number      = event->number,
                         .cause       = event->cause,
                         .time_ns     = event->time_ns,
                         .message     = event->message,
                         .tag         = event->tag,
                         .count       = event->count,
                         .redelivered = event->redelivered};
    uint8_t *at = (uint8_t *)(head + 1);
    for (unsigned i = 0; i < N_TEXTS; i++) {
        head->texts[i] = (uint16_t)clip(texts[i]);
        if (head->texts[i] > 0)
            memcpy(at, texts[i].data, head->texts[i]);
        at += head->texts[i];
    }
    ring->end += size;
    return true;
}

bool
gmq_event_ring_is_empty(const GmqEventRing *ring)
{
    return ring->first == ring->end;
}

/* Where the oldest event stands. */
static uint64_t
oldest(const GmqEventRing *ring)
{
    size_t left = straight(ring, ring->first);

    return left < sizeof(Head) || head_at(ring, ring->first)->size == 0 ? ring->first + left
                                                                        : ring->first;
}

bool
gmq_event_ring_peek(const GmqEventRing *ring, GmqEvent *event)
{
    if (gmq_event_ring_is_empty(ring))
        return false;

    const Head *head  = head_at(ring, oldest(ring));
    const uint8_t *at = (const uint8_t *)(head + 1);
    GmqSlice *texts[N_TEXTS];

    *event   = (GmqEvent){.kind        = (GmqEventKind)head->kind,
                          .channel     = head->channel,
                          .number      = head->number,
                          .cause       = head->cause,
                          .time_ns     = head->time_ns,
                          .message     = head->message,
                          .tag         = head->tag,
                          .count       = head->count,
                          .redelivered = head->redelivered};
    texts[0] = &event->who;
    texts[1] = &event->to;
    texts[2] = &event->key;
    texts[3] = &event->message_id;
    texts[4] = &event->text;
    for (unsigned i = 0; i < N_TEXTS; i++) {
        *texts[i] = (GmqSlice){at, head->texts[i]};
        at += head->texts[i];
    }
    return true;
}

void
gmq_event_ring_drop(GmqEventRing *ring)
{
    g_assert(!gmq_event_ring_is_empty(ring));

    uint64_t place = oldest(ring);
    ring->first    = place + head_at(ring, place)->size;
}
