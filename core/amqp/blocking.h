/* blocking.h - publishers wait while the broker runs short of something (AMQP.md 24).
 *
 * A connection that sends content while an alarm is on is not read any further: what came from that
 * content on is held, and parsed when all alarms are off. Everything else goes on. */
#pragma once

#include "core/amqp/connection.h"

G_BEGIN_DECLS

/* Holds the connection from this frame on, the one that was read last; from the rest of the input
 * on. */
void gmq_connection_hold_frame(GmqConnection *connection, const GmqFrame *frame);
void gmq_connection_hold(GmqConnection *connection);

/* Lets a held connection go on, whatever the alarms say, and parses what was held. */
void gmq_connection_let_go(GmqConnection *connection);

/* Forgets what is held of a connection that is gone. */
void gmq_connection_drop_held(GmqConnection *connection);

/* How large a payload may be that is looked at in the input: none at all under an alarm, so that
 * content comes frame by frame. To be called when what it depends on was changed. */
void gmq_connection_set_whole_max(GmqConnection *connection);

/* Looks at the broker's alarms, and lets connections go on, the longest held one first, as long as
 * none is on. Once per turn. */
void gmq_amqp_follow_alarms(GmqAmqp *amqp);

G_END_DECLS
