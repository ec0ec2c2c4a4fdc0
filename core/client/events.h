/* events.h - what a client tells its user.
 *
 * Events come from within gmq_client_received, _tick and _lost. They may call whatever sends, which
 * only adds to the output, but not those three, and not gmq_client_free. Methods, slices and ends
 * are lent for the call. Entries may be NULL. */
#pragma once

#include "core/base/slice.h"
#include "core/wire/method.h"

G_BEGIN_DECLS

/* How a connection or a channel came to its end. */
typedef enum {
    GMQ_CLIENT_END_OURS,    /* we closed, and the server agreed */
    GMQ_CLIENT_END_SERVERS, /* the server closed: code, text and ids are its own */
    GMQ_CLIENT_END_FAULT,   /* the server broke the protocol: text says how, code is our verdict */
    GMQ_CLIENT_END_SILENT,  /* nothing was heard for two heartbeats */
    GMQ_CLIENT_END_LOST,    /* the transport went away under us */
} GmqClientEndCause;

typedef struct {
    GmqClientEndCause cause;
    uint16_t code;      /* a GmqReply; 0 for _SILENT and _LOST */
    uint16_t class_id;  /* of the method that is blamed; 0 when none is */
    uint16_t method_id; /* likewise */
    GmqSlice text;
} GmqClientEnd;

/* A message: the payload of its content header as it came (see properties.h), and its body. */
typedef struct {
    GmqSlice header;
    GmqSlice body;
} GmqClientContent;

typedef struct {
    /* The server's first words, before anything was sent but the protocol header. */
    void (*greeted)(void *user, const GmqConnectionStart *start);

    /* The connection can be used; and it cannot any more. Its channels end with it, without a word
     * of their own. */
    void (*opened)(void *user);
    void (*closed)(void *user, const GmqClientEnd *end);

    /* The server let a channel open; and a channel has ended, and its number is free. */
    void (*channel_opened)(void *user, uint16_t channel);
    void (*channel_closed)(void *user, uint16_t channel, const GmqClientEnd *end);

    /* An answer to a method that was sent: every -ok method but those of channel.open and .close,
     * basic.get-ok and basic.get-empty. Answers come in the order of the requests of a channel.
     * channel.flow, which is a request of the server's and answered already, comes here too. */
    void (*replied)(void *user, uint16_t channel, const GmqMethod *method);

    /* A message came: basic.deliver, or basic.get-ok as the answer to basic.get. */
    void (*delivered)(void *user, uint16_t channel, const GmqMethod *method,
                      const GmqClientContent *content);
    void (*get_empty)(void *user, uint16_t channel);

    /* A mandatory message reached no queue. */
    void (*returned)(void *user, uint16_t channel, const GmqBasicReturn *method,
                     const GmqClientContent *content);

    /* The server took (ack) or refused (nack) the publishing with this number, or all up to it. */
    void (*confirmed)(void *user, uint16_t channel, uint64_t number, bool multiple, bool ack);

    /* The server ended a consumer, because its queue is gone for instance. */
    void (*cancelled)(void *user, uint16_t channel, GmqSlice consumer_tag);

    /* The server reads no more publishings; and it does again. */
    void (*blocked)(void *user, GmqSlice reason);
    void (*unblocked)(void *user);
} GmqClientEvents;

G_END_DECLS
