/* send.h - what a client can say to the server.
 *
 * All of these only add to the output. They return false, and add nothing, when the connection or
 * the channel is not open (any more). Requests need not wait for each other: a channel may be used
 * as soon as its opening was sent, and answers come in the order of the requests. */
#pragma once

#include "core/client/client.h"
#include "core/wire/properties.h"

G_BEGIN_DECLS

/* The lowest channel number that is free; 0 when all are in use. */
uint16_t gmq_client_free_channel(const GmqClient *client);

/* Opens a channel; also false when the number is 0, in use, or above what was agreed on. */
bool gmq_client_open_channel(GmqClient *client, uint16_t channel);

/* Closes a channel. Nothing is told of it any more until `channel_closed`. */
bool gmq_client_close_channel(GmqClient *client, uint16_t channel, uint16_t code, const char *text);

/* Whether the channel can be used: its opening was sent, no close was sent or received. */
bool gmq_client_has_channel(const GmqClient *client, uint16_t channel);

/* Sends any method that a client may send on a channel, but for those that have a function here:
 *
 *     gmq_client_send(client, 1, &(GmqMethod){
 *         GMQ_QUEUE_DECLARE, .queue_declare = {.queue = GMQ_SLICE("tasks"), .durable = true}});
 *
 * Unless its nowait is set, the answer comes as `replied`, or as `delivered` or `get_empty` for
 * basic.get. Consuming with nowait needs a consumer tag. */
bool gmq_client_send(GmqClient *client, uint16_t channel, const GmqMethod *method);

/* Publishes a message, its body cut to the frame size that was agreed on. */
bool gmq_client_publish(GmqClient *client, uint16_t channel, const GmqBasicPublish *publish,
                        const GmqProperties *properties, GmqSlice body);

/* Likewise, with a content header as it was received for a body of this size. */
bool gmq_client_forward(GmqClient *client, uint16_t channel, const GmqBasicPublish *publish,
                        const GmqClientContent *content);

/* The number of the last publishing since confirm.select was sent, as `confirmed` tells it; 0 when
 * there is none. */
uint64_t gmq_client_published(const GmqClient *client, uint16_t channel);

/* The three answers to a delivery. */
bool gmq_client_ack(GmqClient *client, uint16_t channel, uint64_t tag, bool multiple);
bool gmq_client_nack(GmqClient *client, uint16_t channel, uint64_t tag, bool multiple,
                     bool requeue);
bool gmq_client_reject(GmqClient *client, uint16_t channel, uint64_t tag, bool requeue);

/* connection.update-secret; its answer comes as `replied` on channel 0. */
bool gmq_client_update_secret(GmqClient *client, GmqSlice secret, const char *reason);

G_END_DECLS
