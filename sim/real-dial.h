/* real-dial.h - TCP connections to a broker, none of which ever blocks. */
#pragma once

#include "core/base/slice.h"
#include "sim/broker-url.h"

G_BEGIN_DECLS

/* Where to connect to: what the host's name stands for. */
typedef struct GmqDial GmqDial;

/* Looks the name up; this alone may take its time. */
GmqDial *gmq_dial_new(const GmqBrokerUrl *url, GError **error);
void gmq_dial_free(GmqDial *dial);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqDial, gmq_dial_free)

/* Begins to connect and returns the socket, which is writable when that is done: see
 * gmq_dial_result(). -1 when it cannot even begin; errno says why. */
int gmq_dial_start(const GmqDial *dial);

/* 0 when the socket is connected, otherwise an errno. */
int gmq_dial_result(int fd);

/* Writes or reads what goes now. -1 for nothing now, -2 when the connection is lost; reading gives
 * 0 when the other side has ended it. */
gssize gmq_dial_write(int fd, GmqSlice bytes);
gssize gmq_dial_read(int fd, uint8_t *room, size_t size);

/* Nothing more will be written; and: closes at once, with everything that is on its way. */
void gmq_dial_end(int fd);
void gmq_dial_reset(int fd);

/* Nanoseconds of a clock that only goes forward. */
int64_t gmq_dial_clock(void);

G_END_DECLS
