/* control-listener.h - a client of the control socket that listens: what it does otherwise than one
 * that asks. For control-client.c alone. */
#pragma once

#include "core/server/control-client.h"

G_BEGIN_DECLS

/* The client is a listener from now on. False with an error when it cannot be. */
bool gmq_control_listener_begin(GmqControlClient *client, const GmqRequest *request,
                                GError **error);

/* What its first line says: the time, for whoever wants to compare it with his own. */
void gmq_control_listener_greet(const GmqControlClient *client, const GmqRequest *request,
                                GmqJson *json);

/* Sends what can be sent. Returns false when the client is gone. */
bool gmq_control_listener_send(GmqControlClient *client);

/* Waits for requests, and for room while there is output. */
void gmq_control_listener_arm(GmqControlClient *client);

G_END_DECLS
