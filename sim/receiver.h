/* receiver.h - what all roles do that consume from a queue: they take what comes into their hands,
 * from the moment their channel is open until it is not.
 *
 * A role that does more begins its struct with a GmqReceiver, and puts these functions, which are
 * told that struct, into its class. */
#pragma once

#include "sim/consuming.h"
#include "sim/hands.h"

G_BEGIN_DECLS

typedef struct {
    GmqConsuming consuming;
    GmqHands *hands; /* owned */
} GmqReceiver;

/* The receiver is all zeros; the class is told it as its user. */
void gmq_receiver_init(GmqReceiver *receiver, GmqSimClient *client, const GmqHandsClass *class_);
void gmq_receiver_clear(GmqReceiver *receiver);

/* The entries of a GmqRoleClass. */
void gmq_receiver_ready(void *role);
void gmq_receiver_lost(void *role);
void gmq_receiver_died(void *role);
void gmq_receiver_delivered(void *role, const GmqBasicDeliver *deliver,
                            const GmqClientContent *content);
void gmq_receiver_cancelled(void *role, GmqSlice consumer_tag);
bool gmq_receiver_is_busy(const void *role);

G_END_DECLS
