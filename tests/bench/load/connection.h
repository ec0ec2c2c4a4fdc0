/* connection.h - a blocking connection with channel 1 open. Any failure ends the program. */
#pragma once

#include "tests/bench/load/wire.h"

typedef struct {
    int fd;
    uint32_t frame_max;
    uint8_t *input;
    size_t input_size, input_room, input_at;
} Connection;

Connection *connection_open(void);
void connection_close(Connection *connection);

void connection_send(Connection *connection, const void *data, size_t size);

/* Sends what is in the buffer and empties it. */
void connection_send_all(Connection *connection, Buffer *buffer);

/* Reads once; false when the broker hung up. */
bool connection_fill(Connection *connection);

/* The next whole frame that was read, and the size of its payload; NULL without one. */
const uint8_t *connection_next_frame(Connection *connection, uint32_t *size);

/* Waits for a method, and steps over everything before it. */
const uint8_t *connection_expect(Connection *connection, unsigned class_id, unsigned method_id);

/* Ends the program when the frame says that the broker closed the connection or the channel. */
void check_not_closed(const uint8_t *frame);

/* Ends the program with what and the meaning of errno. */
_Noreturn void die(const char *what);
