/* gate.h - answers that promise something wait until it is on the disk (AMQP.md 26.1).
 *
 * Nothing of a connection leaves while it stands at the gate, so that the order of what it is told
 * stays; it is read meanwhile. When the disk fails, whoever stands there is cut off: neither yes
 * nor no would be true. */
#pragma once

#include "core/amqp/connection.h"

G_BEGIN_DECLS

/* What was answered rests on definitions, as they are now: those that were changed are to be on the
 * disk first. */
void gmq_connection_await_definitions(GmqConnection *connection);

/* The same for all that was noted for the disk so far. */
void gmq_connection_await_all(GmqConnection *connection);

/* Leaves the gate, for a connection that is gone. */
void gmq_connection_leave_gate(GmqConnection *connection);

/* Lets go whoever has waited long enough, or cuts all off. Once per turn. */
void gmq_amqp_open_gate(GmqAmqp *amqp);

G_END_DECLS
