/* inside.h - what the files of the client share with each other, and with nobody else.
 *
 * Whatever reads the server's bytes returns false when they break the protocol, with the fault set;
 * gmq_client_received then ends the connection. */
#pragma once

#include "core/client/client.h"
#include "core/client/due.h"
#include "core/client/tags.h"
#include "core/wire/buffer.h"
#include "core/wire/frame.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_CLIENT_CHANNEL_CLOSED, /* the number is free */
    GMQ_CLIENT_CHANNEL_OPENING,
    GMQ_CLIENT_CHANNEL_OPEN,
    GMQ_CLIENT_CHANNEL_CLOSING, /* channel.close was sent; what comes is checked and dropped */
} GmqClientChannelState;

/* A message on its way in. Its parts are lent from the input while one input lasts; what is not
 * complete by its end is saved. */
typedef struct {
    enum {
        GMQ_CLIENT_NO_CONTENT,
        GMQ_CLIENT_WANT_HEADER,
        GMQ_CLIENT_WANT_BODY
    } stage;
    GmqMethod method;
    GmqSlice payload; /* of the method's frame: the method's strings are in there */
    GmqSlice header;
    uint64_t body_left;
    GmqBuffer head; /* saved payload and header */
    GmqBuffer body; /* saved body of several frames */
} GmqClientArrival;

typedef struct GmqClientChannel GmqClientChannel;

/* Made at the first opening of its number and kept until the client goes, so that an event may
 * close a channel that is being read. */
struct GmqClientChannel {
    uint16_t number;
    GmqClientChannelState state;
    bool confirming;    /* confirm.select was sent */
    uint64_t published; /* since then */
    uint64_t mandatory; /* published with a flag that may bring a return, less those returned */
    uint64_t delivered; /* the last delivery tag */
    GmqClientDue due;
    GmqClientTags *tags; /* of the consumers; NULL before the first */
    bool has_lingering;  /* a tag may stand there after its consumer: cancelled with nowait */
    GmqClientArrival arrival;
    bool is_unsaved; /* stands in the client's list of unsaved */
    GmqClientChannel *next_unsaved;
};

struct GmqClient {
    GmqClientConfig config; /* with strings of our own */
    const GmqClientEvents *events;
    void *user;

    GmqClientState state;
    enum {
        GMQ_CLIENT_WANT_START,
        GMQ_CLIENT_WANT_TUNE,
        GMQ_CLIENT_WANT_OPEN_OK,
        GMQ_CLIENT_DONE
    } handshake;
    GmqClientEnd end; /* text is owned */
    bool has_end;     /* the server's close crossed ours: end is filled in, close-ok is awaited */

    uint32_t frame_max;
    uint16_t channel_max;
    uint16_t heartbeat_s;

    GPtrArray *channels; /* of GmqClientChannel at its number, NULL where there was none; owned */
    GmqClientDue due;    /* on channel 0 */
    GmqClientChannel *unsaved;

    bool is_receiving;
    GmqBuffer pending; /* the beginning of a frame */
    uint64_t late_octets;

    GmqBuffer output;
    size_t output_gone; /* of its bytes are sent */

    bool has_heard; /* since the last tick */
    bool has_written;
    bool has_ticked;
    int64_t heard_ns;
    int64_t written_ns;
};

/* Whether events are told to the user: not once we have closed. */
bool gmq_client_is_telling(const GmqClient *client, const GmqClientChannel *channel);

/* Ends the connection. The text is copied. */
void gmq_client_finish(GmqClient *client, const GmqClientEnd *end);

/* The channel of a number, NULL when it is closed. */
GmqClientChannel *gmq_client_channel(const GmqClient *client, uint16_t number);

/* Returns a channel that is closed, made if need be. */
GmqClientChannel *gmq_client_channel_at(GmqClient *client, uint16_t number);
void gmq_client_channel_free(GmqClientChannel *channel);

typedef bool (*GmqClientHandler)(GmqClient *client, GmqClientChannel *channel,
                                 const GmqMethod *method, GmqFault *fault);

/* The handler of a method of class basic, NULL for others and for those that no server sends. */
GmqClientHandler gmq_client_basic_handler(GmqMethodId id);

/* Takes an answer that changes nothing here, and tells it. */
bool gmq_client_on_answer(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method,
                          GmqFault *fault);
void gmq_client_tell_replied(GmqClient *client, const GmqClientChannel *channel,
                             const GmqMethod *method);

/* Each takes one frame or method. */
bool gmq_client_on_connection(GmqClient *client, const GmqMethod *method, GmqFault *fault);
bool gmq_client_on_channel(GmqClient *client, const GmqFrame *frame, GmqFault *fault);
bool gmq_client_on_content(GmqClient *client, const GmqFrame *frame, GmqFault *fault);

/* Says that content follows method, which was decoded from payload. */
void gmq_client_expect_content(GmqClient *client, GmqClientChannel *channel,
                               const GmqMethod *method, GmqSlice payload);

/* Copies what incomplete messages have lent from an input that ends. */
void gmq_client_save_arrivals(GmqClient *client);
void gmq_client_arrival_clear(GmqClientArrival *arrival);

/* Blames a method for a fault, and is false. */
bool gmq_client_blame(const GmqMethod *method, GmqFault *fault);

G_END_DECLS
