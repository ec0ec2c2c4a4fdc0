/* session.h - a connection of librabbitmq with channel 1 open, in a program that works until the
 * broker goes away, however it goes. The standard output is the program's log, which is judged; a
 * line in it that begins with ! says what should not have happened. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
/* librabbitmq's header needs the above. */
#include <amqp.h>

enum {
    CHANNEL = 1
};

/* Logs in as guest; without a broker, or with an answer that is none, the program ends. */
amqp_connection_state_t session_open(int port);
void session_close(amqp_connection_state_t session);

/* What follows answers the broker's connection.close, and ends the program when that is a stop, or
 * when the connection is gone. */

/* A status of the library that is not AMQP_STATUS_OK. */
_Noreturn void session_end(amqp_connection_state_t session, int status);

/* The library's last call with an answer. */
void session_check(amqp_connection_state_t session);

/* The next frame; false when none came in that time. */
bool session_read(amqp_connection_state_t session, amqp_frame_t *frame, int timeout_ms);
