/* program-wire.h - what a real program says and hears, as a client of the simulator would tell it.
 *
 * It reads the bytes of one connection at the program's end and announces the events of a client:
 * a message was sent, one was received, it was acked. A message that is sent without a message-id
 * is given one, so that it has a name: "you-3". Nothing else is changed. */
#pragma once

#include "sim/sim-client.h"

G_BEGIN_DECLS

typedef struct GmqProgramWire GmqProgramWire;

/* The client is lent, and has a peer as long as this lives. */
GmqProgramWire *gmq_program_wire_new(GmqSimClient *client);
void gmq_program_wire_free(GmqProgramWire *wire);

/* Bytes that the program has sent; what is to go on in their place is appended to out. */
void gmq_program_wire_said(GmqProgramWire *wire, GmqSlice bytes, GByteArray *out);

/* Bytes that come to the program. */
void gmq_program_wire_heard(GmqProgramWire *wire, GmqSlice bytes);

/* Why the broker closed the connection; 0 and "" while it has not. */
unsigned gmq_program_wire_end(const GmqProgramWire *wire, const char **text);

G_END_DECLS
