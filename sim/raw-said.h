/* raw-said.h - what the bytes of a raw client come to: whole messages, of which the checks are told
 * as other clients tell them. Messages on several channels at once are not followed. */
#pragma once

#include "sim/sim-client.h"

G_BEGIN_DECLS

typedef struct GmqRawSaid GmqRawSaid;

/* The client is lent and must outlive it. */
GmqRawSaid *gmq_raw_said_new(GmqSimClient *client);
void gmq_raw_said_free(GmqRawSaid *said);

/* Bytes that are about to go. */
void gmq_raw_said_add(GmqRawSaid *said, GmqSlice bytes);

/* A new connection begins. */
void gmq_raw_said_clear(GmqRawSaid *said);

G_END_DECLS
