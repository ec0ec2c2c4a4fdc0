/* tap-private.h - the inside of a tap, for the files tap*.c. */
#pragma once

#include "core/wire/frame.h"
#include "core/wire/properties.h"
#include "sim/tap.h"
#include "sim/world-private.h"

G_BEGIN_DECLS

/* A delivery that nobody has settled. */
typedef struct {
    uint64_t tag;
    uint64_t number; /* of its event */
    char *queue;
    char *name; /* of the message */
} GmqTapDelivery;

/* A consumer, or a get that has no answer yet. */
typedef struct {
    char *tag;
    char *queue;
    uint64_t prefetch;
    bool is_no_ack;
} GmqTapConsumer;

/* A request without an answer, and what its answer will mean. */
typedef struct {
    GmqMethodId id;
    char *name; /* of a queue or an exchange */
    char *to;
    char *key;
    char *kind;
    uint64_t flags;
    GmqTapConsumer *consumer; /* owned until the answer */
} GmqTapRequest;

/* A message whose header and body are still to come; the method is kept as it came. */
typedef struct {
    bool is_on;
    GmqMethodId id;
    GByteArray *method;
    GByteArray *header;
    uint64_t body_size;
    uint64_t body_left;
} GmqTapContent;

typedef struct {
    uint16_t number;
    bool is_confirming;
    uint64_t published; /* since confirms were asked for */
    uint64_t prefetch;
    GPtrArray *consumers;  /* of GmqTapConsumer */
    GPtrArray *deliveries; /* of GmqTapDelivery, oldest first */
    GQueue requests;       /* of GmqTapRequest, oldest first */
    GmqTapContent sent;
    GmqTapContent received;
} GmqTapChannel;

struct GmqTap {
    GmqTapBook *book;
    GmqPeer *peer;
    GPtrArray *channels; /* of GmqTapChannel */
    GByteArray *to;      /* bytes of a frame that is not whole */
    GByteArray *from;
    bool has_header; /* the protocol header went by */
    bool is_broken;  /* what came is no AMQP: nothing more is understood */
    bool is_opened;
    bool is_silent; /* the invisible client is not heard until the topology stands */
    bool is_over;
    unsigned n_due; /* on channel 0 */
    unsigned end_code;
    char *end_text;
};

/* Announces an event of the connection, unless the tap is silent. */
uint64_t gmq_tap_note(GmqTap *tap, const GmqEvent *event);

GmqTapChannel *gmq_tap_channel(GmqTap *tap, uint16_t number);

/* ---- tap-channel.c ---- */

GmqTapChannel *gmq_tap_channel_new(uint16_t number);
void gmq_tap_channel_free(GmqTapChannel *channel);

/* Methods and whole messages that go by on a channel. */
void gmq_tap_channel_sent(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method);
void gmq_tap_channel_received(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method);
void gmq_tap_content_sent(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method,
                          GmqSlice header, uint64_t body_size);
void gmq_tap_content_received(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method,
                              GmqSlice header);

/* The channel is no more: what it had goes back. */
void gmq_tap_channel_over(GmqTap *tap, GmqTapChannel *channel);

/* ---- tap-request.c ---- */

/* A request that the broker will answer; and its answer. False when the method is none. */
bool gmq_tap_ask(GmqTapChannel *channel, const GmqMethod *method);
bool gmq_tap_answer(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method);
void gmq_tap_forget_requests(GmqTapChannel *channel);

void gmq_tap_consumer_free(GmqTapConsumer *consumer);

/* The consumer of that tag leaves. */
void gmq_tap_remove_consumer(GmqTap *tap, GmqTapChannel *channel, GmqSlice tag);

G_END_DECLS
